"""The two queries that every request asks: their SQL is built once, since building it costs more than asking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Model, QuerySet
from django.db.models.query import RawQuerySet


class Prepared:
    """`make(*marks)` builds the queryset, with a mark for each of the `kinds`; calling this asks it with real values.

    It is built once for each engine with marks that no row holds, and the marks are replaced at each call.
    """

    NUMBER, DAY = -7_000_001, date(1, 1, 1)

    def __init__(self, make: Callable[..., QuerySet], *kinds: type[int] | type[date]):
        self.make = make
        self.marks = [self.NUMBER - i if kind is int else self.DAY + timedelta(i) for i, kind in enumerate(kinds)]
        self.known: dict[str, tuple[str, tuple[Any, ...]]] = {}  # by engine
        self.model: type[Model] | None = None

    def __call__(self, *values: int | date) -> RawQuerySet:
        if connection.vendor not in self.known:
            queryset = self.make(*self.marks)
            self.model, self.known[connection.vendor] = queryset.model, queryset.query.sql_with_params()
        sql, params = self.known[connection.vendor]
        given = {_adapted(mark): _adapted(value) for mark, value in zip(self.marks, values, strict=True)}
        return RawQuerySet(sql, model=self.model, params=tuple(given.get(param, param) for param in params))


def _adapted(value: int | date) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def select_columns(name: str, model: type[Model]) -> dict[str, F]:
    """The annotations that fetch the row behind a foreign key too; `attach_related` makes the object of them."""
    return {f"{name}__{field.attname}": F(f"{name}__{field.attname}") for field in model._meta.concrete_fields}


def attach_related(row: Model, name: str, model: type[Model]) -> None:
    """Set the object behind a foreign key from what `select_columns` fetched."""
    if getattr(row, f"{name}_id") is not None:
        fields = [field.attname for field in model._meta.concrete_fields]
        values = [getattr(row, f"{name}__{field}") for field in fields]
        setattr(row, name, model.from_db(row._state.db, fields, values))
