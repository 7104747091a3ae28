"""What this process knows of the law: the files, and what the office has put in force as rows.

Rows are read once. Whoever puts one in force changes the mark in the cache, at which each process looks at most once a
second; a new day makes it read anew too, so that what begins on a day is known on it even where no cache was at hand.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.cache import cache
from django.db import transaction

from awards.law.standards.files import in_order, shipped, shipped_figures
from awards.law.standards.nouns import Edition, Figure
from awards.law.standards.reading import understood
from portal.days import today

MARK = "law-in-force"
LOOKED_EVERY = 1  # seconds


@dataclass(frozen=True)
class Known:
    """The whole law as of one mark."""

    mark: tuple[date, Any]
    editions: tuple[Edition, ...]
    figures: tuple[Figure, ...]

    @cached_property
    def by_code(self) -> dict[str, Edition]:
        """The editions by their codes."""
        return {edition.code: edition for edition in self.editions}


_known: Known | None = None
_looked_at = 0.0


def now() -> Known:
    """The law as it is known; read anew where the mark is another."""
    global _looked_at
    moment = time.monotonic()
    if _known is None or moment - _looked_at > LOOKED_EVERY:
        _looked_at = moment
        if _known is None or _known.mark != _mark():
            return anew()
    return _known


def anew() -> Known:
    """The same, read now."""
    mark = _mark()  # before the rows: what is put in force in between is met by the next look
    editions = apps.get_model("awards", "LawEdition")._default_manager.in_force()  # the models ask for the law in turn
    figures = apps.get_model("awards", "LawFigure")._default_manager.in_force()
    return know(
        [understood(row.text, row.code) for row in editions],
        [Figure(row.kind, row.valid_from, row.amount) for row in figures],
        mark,
    )


def know(
    editions: Iterable[Edition] = (), figures: Iterable[Figure] = (), mark: tuple[date, Any] | None = None
) -> Known:
    """Keep this as the rows beside the files; an edition of the office stands for a shipped one that is incomplete."""
    global _known
    rows = {edition.code: edition for edition in editions}
    files = [edition for edition in shipped() if edition.enabled or edition.code not in rows]
    _known = Known(
        mark or _mark(),
        in_order([*files, *rows.values()]),
        tuple(sorted([*shipped_figures(), *figures], key=lambda one: one.valid_from)),
    )
    return _known


def changed() -> None:
    """Let every process read anew once this transaction has gone through, this one at its next question."""
    transaction.on_commit(_mark_anew)


def _mark_anew() -> None:
    global _looked_at
    cache.set(MARK, uuid4().hex, None)
    _looked_at = 0.0


def _mark() -> tuple[date, Any]:
    return today(), cache.get(MARK)
