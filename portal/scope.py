"""Who sees which rows: said once, here, for every app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Case, CharField, Exists, Lookup, Model, Q, QuerySet, When

from portal.search import trigrams
from portal.text import clean, fold

if TYPE_CHECKING:
    from units.models import Unit, User

Row = TypeVar("Row", bound=Model, covariant=True)
TOP = 2  # slashes in the path of a unit that has none above it


def bounds(path: str) -> tuple[str, str]:
    """All paths of the unit and of those below it: from the first text to before the second, `0` following `/`.

    >>> bounds("/VKSTC/T46/")
    ('/VKSTC/T46/', '/VKSTC/T460')
    """
    if not path.endswith("/"):
        raise ValueError(f"{path!r} without its closing slash would be the beginning of other units too")
    return path, f"{path[:-1]}0"


def under(path: str, *roots: str) -> bool:
    """Whether the unit of the path is one of the roots or lies below one."""
    return any(first <= path < end for first, end in map(bounds, roots))


class PathField(CharField):
    """The path of a unit, compared byte by byte on every engine.

    Part of a path is asked for by `under` alone: LIKE, which the lookups of text become, passes over case in SQLite,
    and a collation of PostgreSQL has an order of its own.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        bytewise = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | bytewise

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull", "under") else None


@PathField.register_lookup
class Under(Lookup):
    """The same range in SQL; the index of the column serves it."""

    lookup_name = "under"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        first, end = bounds(self.rhs)
        lower, upper = f"{column} >= %s", f"{column} < %s"
        if connection.vendor == "sqlite" and first.count("/") == TOP:
            # it takes a range for few rows and would begin with every unit there is, and read all that each has
            lower, upper = f"likely({lower})", f"likely({upper})"
        return f"({lower} AND {upper})", [*params, first, *params, end]


def inside(paths: list[str], lookup: str) -> Q:
    """Rows whose unit path, found under `lookup`, is one of the paths or below one; no path, no row."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{lookup}__under": path})
    return condition


class ScopedQuerySet(QuerySet[Row]):
    """Rows that belong to a unit, named by the path of that unit."""

    path_lookup = "unit__path"

    def visible_to(self, user: User) -> Self:
        """Rows of the units this person reads for, of the units below, and of those which these succeeded."""
        return self.filter(inside(user.reading_paths(), self.path_lookup))

    def within(self, unit: Unit | None) -> Self:
        """Rows of the unit and of the units below it; of no unit, none."""
        return self.filter(**{f"{self.path_lookup}__under": unit.path}) if unit else self.none()


class SearchedQuerySet(ScopedQuerySet[Row]):
    """Rows that are looked for by words: their column `search` holds them folded."""

    def matching(self, words: str) -> Self:
        """Rows that hold every word, whatever the accents."""
        found, folded = self, fold(words).split()
        for word in folded:
            found = found.filter(search__contains=word)
        near = trigrams.near(self.model, folded, self.db)
        return found if near is None else found.filter(pk__in=near)


class NamedQuerySet(SearchedQuerySet[Row]):
    """Rows that a form may name (`portal.web.forms.picking`); each says by `told_apart` what tells it from others."""

    code_lookup = "code"

    def coded(self, code: str) -> Row | None:
        """The row with this code, in whatever case it was typed: no two codes differ by their case alone."""
        return self.filter(**{f"{self.code_lookup}__iexact": clean(code).strip()}).first()

    def meant(self, words: str) -> Self:
        """Rows that hold every word; where there are none, some of the words may be those of what stands beside."""
        found = self.matching(words)
        if found.exists():
            return found._by_beginnings(words)
        first, *others = re.sub(r"[^\w./@+-]+", " ", fold(words)).split() or [""]
        found = self.matching(first)
        for word in others:
            found = found.filter(Q(search__contains=word) | self.beside(word))
        return found if others else self.none()

    def _by_beginnings(self, words: str) -> Self:
        """Those first in which each of the words begins one."""
        begins = Q()
        for word in fold(words).split():
            begins &= Q(search__startswith=word) | Q(search__contains=f" {word}")
        return self.order_by(Case(When(begins, then=0), default=1), *(self.model._meta.ordering or ()))

    def beside(self, word: str) -> Q | Exists:
        """Rows of which a folded word tells something else than their name."""
        raise NotImplementedError

    def for_choice(self) -> Self:
        """The rows with what `told_apart` asks of each."""
        raise NotImplementedError
