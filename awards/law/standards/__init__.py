"""The law as data: one TOML file for each edition in force, read once, checked, never changed.

A file is complete in itself: whoever reads it sees what ruled on that day. Every figure carries the article that
sets it (`basis`), the section of docs/domain that reports it (`source`; from 18 on in law-2026-11.md) and how well
it is known (`tag`).
Files and not rows, because law changes by decree and needs a review, a test and a date.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from awards.law.standards.nouns import (
    Award,
    Basis,
    Bonus,
    Condition,
    Deadline,
    Document,
    DossierPart,
    Edition,
    Quota,
    Vote,
)
from awards.law.standards.reading import Unlawful, read

__all__ = [
    "Award",
    "Basis",
    "Bonus",
    "Condition",
    "Deadline",
    "Document",
    "DossierPart",
    "Edition",
    "HERE",
    "NoEdition",
    "Quota",
    "Unlawful",
    "Vote",
    "edition",
    "editions",
    "in_force",
]
HERE = Path(__file__).parent


class NoEdition(LookupError):
    """No edition is known for that day or under that code."""


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition, oldest first."""
    return in_order(read(path) for path in HERE.glob("rs-*.toml"))


def edition(code: str) -> Edition:
    """The edition of that code."""
    for one in editions():
        if one.code == code:
            return one
    raise NoEdition(code)


def in_force(on: date) -> Edition:
    """The edition by which a dossier received on the day is judged.

    Until the office has completed the edition of a new law, the last complete one is used; `Edition.covers` then
    says no, and `awards.law.rules.judge` tells the reader.
    """
    complete = [one for one in editions() if one.enabled and one.valid_from <= on]
    if not complete:
        raise NoEdition(on)
    return complete[-1]


def in_order(found: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions by day; refuses two for one day, and a day between them without any."""
    ordered = tuple(sorted(found, key=lambda one: one.valid_from))
    for one, following in zip(ordered, ordered[1:], strict=False):
        if one.valid_to is None or one.valid_to >= following.valid_from:
            raise Unlawful(f"{one.code} and {following.code} overlap")
        if one.valid_to + timedelta(days=1) != following.valid_from:
            raise Unlawful(f"no edition between {one.code} and {following.code}")
    return ordered
