"""The law as data: editions that ruled from one day to another, each checked when it is read and never changed.

Those that the portal ships are TOML files here, which a review and a test have seen; those that the office has put in
force are rows with the same text (`known`). Nobody who asks knows the difference. An edition is complete in itself:
whoever reads it sees what ruled on that day. Every figure carries the article that sets it (`basis`), the section of
docs/domain or whatever else tells it (`source`) and how well it is known (`tag`).
"""

from __future__ import annotations

from datetime import date
from functools import cache

from awards.law.standards import known
from awards.law.standards.files import HERE, in_order, shipped
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
from awards.law.standards.reading import Unlawful

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
    "figure",
    "in_force",
    "in_order",
    "shipped",
]


class NoEdition(LookupError):
    """No edition is known for that day or under that code."""


def editions() -> tuple[Edition, ...]:
    """Every edition, oldest first."""
    return known.now().editions


@cache
def _closed() -> dict[str, Edition]:
    """The shipped editions that no row changes: complete, and ended by their own words."""
    return {one.code: one for one in shipped() if one.enabled and one.valid_to}


def edition(code: str) -> Edition:
    """The edition of that code."""
    found = _closed().get(code) or known.now().by_code.get(code) or known.anew().by_code.get(code)
    if found is None:
        raise NoEdition(code)
    return found


def in_force(on: date) -> Edition:
    """The edition by which a dossier received on the day is judged.

    Until the office has completed the edition of a new law, the last complete one is used; `Edition.covers` then
    says no, and `awards.law.rules.judge` tells the reader.
    """
    complete = [one for one in editions() if one.enabled and one.valid_from <= on]
    if not complete:
        raise NoEdition(on)
    return complete[-1]


def figure(kind: str, on: date) -> int | None:
    """The figure of the day; None before the first that is known."""
    values = [one.amount for one in known.now().figures if one.kind == kind and one.valid_from <= on]
    return values[-1] if values else None
