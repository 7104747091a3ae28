"""Who sees which rows: said once, here, for every app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from units.text import fold

if TYPE_CHECKING:
    from units.models import Unit, User


def inside(paths: list[str], lookup: str) -> Q:
    """Rows whose unit path, found under `lookup`, begins with one of the paths; no path, no row."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{lookup}__startswith": path})
    return condition


class ScopedQuerySet(QuerySet):
    """Rows that belong to a unit, named by the path of that unit."""

    path_lookup = "unit__path"

    def visible_to(self, user: User) -> QuerySet:
        """Rows of the units this person reads for, of the units below, and of those which these succeeded."""
        return self.filter(inside(user.reading_paths(), self.path_lookup))

    def within(self, unit: Unit) -> QuerySet:
        """Rows of the unit and of the units below it."""
        return self.filter(**{f"{self.path_lookup}__startswith": unit.path})


class SearchedQuerySet(ScopedQuerySet):
    """Rows that are looked for by words: their column `search` holds them folded."""

    def matching(self, words: str) -> Self:
        """Rows that hold every word, whatever the accents."""
        found = self
        for word in fold(words).split():
            found = found.filter(search__contains=word)
        return found
