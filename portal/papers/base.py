"""What an official paper is: a kind, its fields, and the function that tells them of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from portal.manifests import Words, named

if TYPE_CHECKING:
    from units.models import User

Shape = Any  # None = a value; {name: shape} = a row; [shape] = a list


@dataclass(frozen=True)
class Field:
    """Something that masters may name. `rows` are the fields of each line where it is a list of lines."""

    name: str
    words: Words
    example: Any = ""
    rows: tuple[Field, ...] = ()

    @property
    def shape(self) -> Shape:
        if self.rows:
            return [{row.name: row.shape for row in self.rows}]
        return [None] if isinstance(self.example, list) else None

    @property
    def shown(self) -> Any:
        """Its example."""
        return [{row.name: row.shown for row in self.rows} for _line in range(2)] if self.rows else self.example


@dataclass(frozen=True)
class Paper:
    """One kind of official paper that rows of one model are printed as.

    `data(row, reader)` tells the fields as plain values, in Vietnamese, as the reader may know them; `rows(reader)` are
    the rows that the reader sees; `size(row)` is how many lines its longest table has.
    """

    kind: str  # also the name of its wording in templates/papers
    title: Words
    file: str  # the beginning of the name of a file
    fields: tuple[Field, ...]
    data: Callable[[Any, User], dict[str, Any]] = field(repr=False)
    rows: Callable[[User], QuerySet] = field(repr=False)
    size: Callable[[Any], int] = field(repr=False, default=lambda row: 1)

    @property
    def shape(self) -> Mapping[str, Shape]:
        return {each.name: each.shape for each in self.fields}

    @property
    def example(self) -> dict[str, Any]:
        """A paper of nobody, by which a master is tried."""
        return {each.name: each.shown for each in self.fields}


@cache
def papers() -> dict[str, Paper]:
    """Every kind of paper that the apps bring."""
    return {paper.kind: paper for paper in named("papers")}
