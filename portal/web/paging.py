"""Lists a page at a time: by number, or by the last row seen, where the thousandth page costs what the first does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, Model, Q, QuerySet
from django.http import HttpRequest

from portal.web.parameters import numbers

MANY = 1_000  # above this a count says no more than «many»
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FARTHEST = 253_000_000_000_000_000  # a mark made up by hand ends before the calendar does


def numbered(request: HttpRequest, rows: Any, size: int, *, total: int | None = None) -> Page:
    """The page of these rows that was asked for, else the first; `total` where they are counted already."""
    pages = Paginator(rows, size)
    if total is not None:
        pages.count = total
    return pages.get_page(request.GET.get("page"))


@dataclass(frozen=True)
class KeysetPage:
    """Some rows of a list, and the marks before and after which others lie; an empty one says that none do."""

    rows: list[Any]
    previous: str
    next: str


def paginate(
    request: HttpRequest,
    found: QuerySet,
    lines: QuerySet | None,
    fields: tuple[str, ...],
    size: int,
    *,
    rising: bool = False,
) -> KeysetPage:
    """The rows of `found` beyond the mark that was asked for, else the first, in falling or rising order of the fields.

    `lines` fetches any rows of the model with what a line shows, if that is more than the row. The last field is
    unique. A mark holds the numbers and moments by which its row stands where it does, or the id alone where it
    stands there by a text.
    """
    before, after = (_read(request.GET.get(name, ""), found.model, fields) for name in ("before", "after"))
    mark, backwards = (before, True) if before else (after, False)
    upwards = rising is not backwards
    beyond = found.filter(_beyond(fields, mark, "gt" if upwards else "lt")) if mark else found
    rows = first(beyond, lines, [field if upwards else f"-{field}" for field in fields], size + 1)
    if mark and not rows:  # whatever lay there is gone
        mark, backwards = None, False
        rows = first(found, lines, [field if rising else f"-{field}" for field in fields], size + 1)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    return KeysetPage(
        rows,
        previous=_mark(rows[0], fields) if (more if backwards else mark) else "",
        next=_mark(rows[-1], fields) if backwards or more else "",
    )


def first(found: QuerySet, lines: QuerySet | None, order: Sequence[str], number: int) -> list[Any]:
    """The first rows of `found` in this order, fetched through `lines` if there are any: two queries.

    The ids are sorted alone, since a sort that carries whole joined rows costs ten times as much. They are handed over
    as numbers: with a query inside, PostgreSQL joins every row of the list before it looks at the ids.
    """
    if lines is None:
        return list(found.order_by(*order)[:number])
    chosen = list(found.order_by(*order).values_list("pk", flat=True)[:number])
    return list(lines.filter(pk__in=chosen).order_by(*order))


def count(queryset: QuerySet, most: int = MANY) -> tuple[int, bool]:
    """How many rows there are, and whether there are more than anyone would count."""
    found = queryset.order_by()[: most + 1].count()
    return min(found, most), found > most


def _mark(row: Any, fields: tuple[str, ...]) -> str:
    values = [getattr(row, field) for field in fields]
    if any(isinstance(value, str) for value in values):
        return str(row.pk)
    return "-".join(str((v - EPOCH) // MICROSECOND if isinstance(v, datetime) else v) for v in values)


def _read(text: str, model: type[Model], fields: tuple[str, ...]) -> list[Any] | None:
    """By what the row of this mark stands where it does; nonsense is no mark."""
    parts = text.split("-")
    mark = numbers(parts)
    if len(mark) != len(parts):
        return None
    if len(mark) == len(fields):
        return [_value(model, field, number) for field, number in zip(fields, mark, strict=True)]
    row = model._default_manager.filter(pk=mark[0]).values_list(*fields).first() if len(mark) == 1 else None
    return list(row) if row and None not in row else None


def _value(model: type[Model], field: str, number: int) -> Any:
    if field != "pk" and isinstance(model._meta.get_field(field), DateTimeField):
        return EPOCH + min(number, FARTHEST) * MICROSECOND
    return number


def _beyond(fields: tuple[str, ...], mark: list[Any], side: str) -> Q:
    condition = Q(**{f"{fields[-1]}__{side}": mark[-1]})
    for field, value in zip(reversed(fields[:-1]), reversed(mark[:-1]), strict=True):
        condition = Q(**{f"{field}__{side}": value}) | Q(**{field: value}) & condition
    return condition
