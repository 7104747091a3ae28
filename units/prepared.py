"""A query that every request asks: its SQL is built once, since building it costs more than asking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet


class Prepared:
    """`make(number, day)` builds the queryset; calling this asks it for another number and another day.

    It is built once for each engine with marks that no row holds, and the marks are replaced at each call.
    """

    NUMBER, DAY = -7_000_001, date(1, 1, 1)

    def __init__(self, make: Callable[[int, date], QuerySet]):
        self.make = make
        self.known: dict[str, tuple[str, tuple[Any, ...]]] = {}  # by engine
        self.model: type[Model] | None = None

    def __call__(self, number: int, day: date) -> RawQuerySet:
        if connection.vendor not in self.known:
            queryset = self.make(self.NUMBER, self.DAY)
            self.model, self.known[connection.vendor] = queryset.model, queryset.query.sql_with_params()
        sql, params = self.known[connection.vendor]
        adapt = connection.ops.adapt_datefield_value
        values = {self.NUMBER: number, adapt(self.DAY): adapt(day)}
        return RawQuerySet(sql, model=self.model, params=[values.get(param, param) for param in params])
