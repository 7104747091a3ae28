"""Long lists leafed through by the last row seen: the thousandth page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

MANY = 10_000  # above this a count says no more than «many»


@dataclass(frozen=True)
class Leaf:
    """Some rows of a list, and the mark after which the next ones begin."""

    rows: list[Any]
    next: str
    first: bool


def leaf(queryset: QuerySet, fields: tuple[str, ...], after: str, size: int) -> Leaf:
    """The rows after the mark, in falling order of these whole numbers, the last of which is unique."""
    mark = _read(after, len(fields))
    if mark:
        queryset = queryset.filter(_beyond(fields, mark))
    rows = list(queryset.order_by(*(f"-{field}" for field in fields))[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Leaf(rows, "-".join(str(getattr(rows[-1], field)) for field in fields) if more else "", not mark)


def count(queryset: QuerySet) -> tuple[int, bool]:
    """How many rows there are, and whether there are more than anyone would count."""
    found = queryset.order_by()[: MANY + 1].count()
    return min(found, MANY), found > MANY


def _read(text: str, length: int) -> list[int] | None:
    """The mark's numbers; nonsense is no mark."""
    parts = text.split("-")
    if len(parts) != length or not all(p.isascii() and p.isdecimal() and len(p) < 19 for p in parts):
        return None
    return [int(p) for p in parts]


def _beyond(fields: tuple[str, ...], mark: list[int]) -> Q:
    condition = Q(**{f"{fields[-1]}__lt": mark[-1]})
    for field, value in zip(reversed(fields[:-1]), reversed(mark[:-1]), strict=True):
        condition = Q(**{f"{field}__lt": value}) | Q(**{field: value}) & condition
    return condition
