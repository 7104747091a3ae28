"""The part of the law that the portal ships: one file for each edition, one for the base salary."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from awards.law.standards.nouns import Edition, Figure
from awards.law.standards.reading import Unlawful, read

HERE = Path(__file__).parent


@cache
def shipped() -> tuple[Edition, ...]:
    """The editions of the files, oldest first."""
    return in_order(read(path) for path in HERE.glob("rs-*.toml"))


def text_of(edition: Edition) -> str:
    """What the file of a shipped edition holds, to the letter."""
    return (HERE / f"{edition.code.lower()}.toml").read_text("utf-8")


@cache
def shipped_figures() -> tuple[Figure, ...]:
    """The figures of the files, oldest first."""
    rows = tomllib.loads((HERE / "base_salary.toml").read_text("utf-8"))["base_salary"]
    found = (Figure("base_salary", row["valid_from"], row["amount"]) for row in rows)
    return tuple(sorted(found, key=lambda one: one.valid_from))


def in_order(found: Iterable[Edition]) -> tuple[Edition, ...]:
    """The editions by day, each without an end ending before the next; refuses two for one day, and a day without."""
    ordered = sorted(found, key=lambda one: one.valid_from)
    for place, (one, following) in enumerate(zip(ordered, ordered[1:], strict=False)):
        before = following.valid_from - timedelta(days=1)
        last = one.valid_to or before
        if last > before or one.valid_from > before:
            raise Unlawful(_("%(one)s và %(other)s chồng nhau.") % {"one": one.code, "other": following.code})
        if last != before:
            told = {"one": one.code, "other": following.code}
            raise Unlawful(_("Giữa %(one)s và %(other)s có ngày không có bộ quy định nào.") % told)
        ordered[place] = replace(one, valid_to=last)
    return tuple(ordered)
