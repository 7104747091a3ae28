"""What an importer must answer, and what it finds out about a file before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.exchange.columns import Column
from portal.exchange.forms import UploadForm
from portal.exchange.lines import STEP, Line, Problems, cell_name, row_name
from portal.exchange.sheet import Sheet
from portal.manifests import named

Rows = TypeVar("Rows", bound=models.QuerySet)

CREATE, CHANGE, CLOSE = "create", "change", "close"
CHUNK = 500  # keys of one IN (…): SQLite takes 999 values


@dataclass(slots=True)
class Change:
    """One thing that applying would do. `like` holds those whom a new row resembles: it then waits for a person."""

    action: str
    row: int  # 0 where no row of the file asks for it
    label: str
    told: dict[str, Any] = field(default_factory=dict)  # column → (was, is); of a new thing column → value
    like: list[str] = field(default_factory=list)
    deed: Any = None  # what the importer needs to do it


@dataclass
class Task:
    """One file on its way in: what it says, who asks, what was decided, and what would come of it."""

    by: Any
    lines: list[Line]
    options: dict[str, Any] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()  # rows of which the person said: somebody else, make it new
    locked: bool = False  # whether this is the writing run: rows that are read are then locked
    places: list[dict[str, int]] = field(default_factory=list)  # of each sheet that was read
    sheets: list[str] = field(default_factory=list)  # their names
    unread: list[str] = field(default_factory=list)  # what may hold more rows of the list, in words
    aside: list[str] = field(default_factory=list)  # the words of rows that were taken for no data
    choices: dict[str, Any] = field(default_factory=dict)  # in which other ways the file can be read
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    say: Callable[[int, int], None] = lambda done, total: None

    def held(self, queryset: Rows) -> Rows:
        """The rows, locked when this run will write them."""
        return queryset.select_for_update(of=("self",)) if self.locked else queryset

    def problem(self, line: Line, column: Column, words: Any) -> None:
        """Something is wrong in this row; the report names the row, the column and the cell."""
        places = self.places[line.number // STEP] if self.places else {}
        self.problems.add(line.number, column.heading, words, cell_name(places.get(column.key), line.number))

    def row(self, number: int) -> str:
        """The row as a message names it, with its sheet where several were read."""
        return row_name(number, self.sheets)

    def deeds(self, *actions: str) -> list[Change]:
        """What is to be done: everything but new rows that resemble somebody and were not confirmed."""
        return [c for c in self.changes if c.action in actions and (not c.like or c.row in self.confirmed)]

    def digest(self) -> str:
        """The fingerprint of all that applying would do: what a person agreed to is what is applied."""
        digest = hashlib.blake2b(digest_size=16)
        for change in self.changes:
            told = [change.action, change.row, change.label, change.told, change.like]
            digest.update(json.dumps(told, ensure_ascii=False, default=str).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Like:
    """The words under which rows wait for a tick: mostly since they resemble somebody who is there already."""

    title: Any = _("Nghi trùng với người đã có")
    about: Any = _(
        "Cùng họ tên (không kể dấu, thứ tự) và cùng năm sinh, nhưng khác số hiệu. Nếu là người khác, hãy đánh dấu để "
        "thêm mới; dòng không đánh dấu được bỏ qua. Cổng không bao giờ tự gộp."
    )
    other: Any = _("Giống với")
    tick: Any = _("Là người khác, thêm mới")
    short: Any = _("nghi trùng")
    left: Any = _("nghi trùng, đã bỏ qua")
    rest: Any = _("Dòng nghi trùng chưa đánh dấu được bỏ qua.")


class Exchange:
    """A list that can be imported and exported. Subclasses are named in an app's manifest.

    A list of the whole portal answers `open_to(user, {})` and stands on the common page. A list that belongs to one
    paper (the nominations of a submission) refuses empty options, has a page of its own that calls
    `work.start_check()` with the paper in `options`, and shares everything after that.

    `plan` and `apply` are given the same Task in one run: the first reads and judges, the second writes what
    `task.deeds()` holds. Both run again when a worker died, inside one transaction.
    """

    key = ""
    title: Any = ""  # «Cán bộ»
    about: Any = ""  # one sentence on what the list is for
    sheet: Sheet
    named_by: tuple[str, ...] = ()  # columns that the label of a change says already
    home: Any = _("Nhập, xuất dữ liệu")  # the page that imports of this list belong to, and how one goes back there
    back: Any = _("Về trang nhập, xuất dữ liệu")
    form: type[UploadForm] = UploadForm  # what is asked when a file is brought
    asked: tuple[str, ...] = ()  # columns that may be told there once for all rows
    like = Like()

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        """Whether this person may import and export at all; asked again before anything is written."""
        raise NotImplementedError

    def asked_columns(self) -> list[Column]:
        """What the page asks once, where a file is brought."""
        return [self.sheet[key] for key in self.asked]

    def home_url(self, options: dict[str, Any]) -> str:
        """The page that imports of this list belong to."""
        return reverse("exchange_home")

    def upload_url(self, options: dict[str, Any]) -> str:
        """Where another file is brought."""
        return reverse("exchange_upload", args=[self.key])

    def plan(self, task: Task) -> None:
        """Judge the lines under the law and the rights of `task.by`: problems, changes and notes; writes nothing."""
        raise NotImplementedError

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        """Write the deeds, yielding for the trail what was done: object, verb, `{field: [was, is]}`."""
        raise NotImplementedError

    def after(self, task: Task) -> str:
        """What remains to be done by hand when all is written, in words; mostly nothing."""
        return ""

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
        """What an export for this person is made of; a stored export is theirs as long as they see all of it."""
        raise NotImplementedError

    def count(self, user: Any, options: dict[str, Any]) -> int:
        """How many rows an export would have."""
        return self.source(user, options).count()

    def rows(self, user: Any, options: dict[str, Any]) -> Iterable[dict[str, Any]]:
        """The rows of an export by column key."""
        raise NotImplementedError


@cache
def exchanges() -> dict[str, Exchange]:
    """Every list by its key, the lowest app first."""
    return {made.key: made for made in (kind() for kind in named("exchanges"))}


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Keys in portions that every database takes."""
    values = list(values)
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
