"""Long lists leafed through by the last row seen: the thousandth page costs what the first does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet

from portal.web.parameters import numbers

MANY = 1_000  # above this a count says no more than «many»
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FARTHEST = 253_000_000_000_000_000  # a mark made up by hand ends before the calendar does


@dataclass(frozen=True)
class Leaf:
    """Some rows of a list, and the mark after which the next ones begin."""

    rows: list[Any]
    next: str
    first: bool


def leaf(
    found: QuerySet, lines: QuerySet, fields: tuple[str, ...], after: str, size: int, *, rising: bool = False
) -> Leaf:
    """The rows of `found` after the mark, in falling (or rising) order of these fields, the last of which is unique.

    `lines` fetches any rows of the model with what a line shows. The fields hold whole numbers or moments; a moment
    stands in the mark as microseconds.
    """
    mark = _read(after, len(fields))
    if mark:
        model = found.model
        values = [_value(model, field, number) for field, number in zip(fields, mark, strict=True)]
        found = found.filter(_beyond(fields, values, "gt" if rising else "lt"))
    order = [field if rising else f"-{field}" for field in fields]
    rows = first(found, lines, order, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    return Leaf(rows, "-".join(str(_number(getattr(rows[-1], field))) for field in fields) if more else "", not mark)


def first(found: QuerySet, lines: QuerySet, order: Sequence[str], number: int) -> list[Any]:
    """The first rows of `found` in this order, fetched through `lines`: two queries.

    The ids are sorted alone, since a sort that carries whole joined rows costs ten times as much. They are handed over
    as numbers: with a query inside, PostgreSQL joins every row of the list before it looks at the ids.
    """
    chosen = list(found.order_by(*order).values_list("pk", flat=True)[:number])
    return list(lines.filter(pk__in=chosen).order_by(*order))


def count(queryset: QuerySet) -> tuple[int, bool]:
    """How many rows there are, and whether there are more than anyone would count."""
    found = queryset.order_by()[: MANY + 1].count()
    return min(found, MANY), found > MANY


def _read(text: str, length: int) -> list[int] | None:
    """The mark's numbers; nonsense is no mark."""
    parts = text.split("-")
    mark = numbers(parts)
    return mark if len(parts) == len(mark) == length else None


def _number(value: Any) -> int:
    return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value


def _value(model: Any, field: str, number: int) -> Any:
    if field != "pk" and isinstance(model._meta.get_field(field), DateTimeField):
        return EPOCH + min(number, FARTHEST) * MICROSECOND
    return number


def _beyond(fields: tuple[str, ...], mark: list[Any], side: str) -> Q:
    condition = Q(**{f"{fields[-1]}__{side}": mark[-1]})
    for field, value in zip(reversed(fields[:-1]), reversed(mark[:-1]), strict=True):
        condition = Q(**{f"{field}__{side}": value}) | Q(**{field: value}) & condition
    return condition
