"""Which rows below the heading are data: sections, totals, signatures and repeated headings are left aside and told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from portal.exchange.columns import Column, Unreadable, tidy
from portal.exchange.reading import letters
from portal.exchange.reading.headings import Head
from portal.exchange.reading.tables import Fault, Formula, Row, Table
from portal.text import fold

_TOTAL = re.compile(
    r"\W*(tổng( số| cộng|\b)|cộng\b|(tong (so|cong)|cong)\s*[:0-9]|danh sách (này |trên |gồm |có )|ấn định )"
)
_SECTION = re.compile(
    r"([ivx]+|[a-h]|[0-9]{1,2})\s*[.)/–-]\s*[^\W\d_]|(phong|van phong|vksnd|vien kiem sat|vien ksnd|khoi|cum|to [0-9]"
    r"|don vi|ca nhan|tap the|danh hieu|hinh thuc|bang khen|giay khen|ghi chu|luu y|noi nhan|nguoi lap|lap bieu)\b"
)
_MARK = re.compile(r"[ivxlc]+|[a-zđ]|[ivxlc]+\.[0-9]+", re.IGNORECASE)
HARD = ("code", "int", "year", "date", "choice", "bool")  # columns that do not take just any text


@dataclass
class Body:
    """The rows of a table as they were told apart."""

    data: list[Row] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)  # number of the row → its words
    aside: dict[int, str] = field(default_factory=dict)  # sections, totals, signatures and whatever else is no data


def told_apart(table: Table, head: Head, columns: dict[str, Column]) -> Body:
    """The rows below the heading; what stands in the last rows is judged by what stands above them."""
    rows = [row for row in table.rows if row[0] > head.last_row]
    if rows and _numbers_of_columns(rows[0][1]):
        rows = rows[1:]  # the row (1) (2) (3) belongs to the heading, and is never data
    judge = _Judge(table, head, columns)
    last = next((at for at in range(len(rows) - 1, -1, -1) if judge.surely_data(rows[at])), len(rows) - 1)
    body = Body()
    for at, (number, values) in enumerate(rows):
        before = rows[at - 1][0] if at else head.last_row
        trails = at > last and (number - before > 1 or before in body.aside)
        if trails or judge.no_data((number, values)):
            body.aside[number] = judge.words(values)
            if at < last and judge.heads(values):
                body.sections[number] = judge.words(values, mark=False)
        else:
            body.data.append((number, values))
    return body


class _Judge:
    def __init__(self, table: Table, head: Head, columns: dict[str, Column]) -> None:
        self.head = head
        self.known = [(columns[key], places) for key, places in head.places.items()]
        self.place_of = {place: column for column, places in self.known for place in places}
        self.readers = {column.key: column.reader(table.epoch) for column, _places in self.known}
        self.heading = {
            str(value) for n, values in table.rows if head.first_row <= n <= head.last_row for value in values
        }
        self.across: dict[int, bool] = {}
        for left, top, right, bottom in table.merged:
            over = {self._heading_at(place) for place in range(left, right + 1)} - {None}
            if top == bottom and len(over) > 1 and right - left > 1:
                self.across[top] = True

    def _heading_at(self, place: int) -> Any:
        column = self.place_of.get(place)
        return column.key if column else place if place in self.head.named else None

    def filled(self, values: list[Any]) -> dict[str, tuple[Column, Any]]:
        """The known columns in which the row has something."""
        return {
            column.key: (column, values[place])
            for column, places in self.known
            for place in places
            if place < len(values) and values[place] is not None
        }

    def surely_data(self, row: Row) -> bool:
        number, values = row
        filled = self.filled(values)
        if number in self.across or not filled or self.total(values):
            return False
        if self._numbered(values):
            return True
        hard = [(column, value) for column, value in filled.values() if column.kind in HARD]
        read = any(self._readable(column, value) for column, value in hard)
        if len(self.known) < 2:
            return True
        return len(filled) > 1 and (read or all(column.kind not in HARD for column, _places in self.known))

    def no_data(self, row: Row) -> bool:
        number, values = row
        filled = self.filled(values)
        if not filled or self.total(values) or self._repeats_heading(values):
            return True
        if isinstance(values[0], str) and values[0].startswith("(") and _numbers_of_columns(values):
            return True
        if len(filled) > 1 or len(self.known) < 2 or self._numbered(values):
            return False
        ((column, value),) = filled.values()
        return number in self.across or self._marked(values, value) or not self._readable(column, value)

    def heads(self, values: list[Any]) -> bool:
        """Whether a row that is no data heads those below it."""
        return not (
            self.total(values) or self._numbered(values) or self._repeats_heading(values) or _numbers_of_columns(values)
        )

    def _readable(self, column: Column, value: Any) -> bool:
        if isinstance(value, Formula | Fault):
            return True  # a mistake in data, which is told as one
        try:
            self.readers[column.key](value)
        except Unreadable:
            return any(self._reads(column, text) for text in letters.readings(str(value)))
        return True

    def _reads(self, column: Column, text: str) -> bool:
        try:
            self.readers[column.key](text)
        except Unreadable:
            return False
        return True

    def _ordinal(self, values: list[Any]) -> Any:
        place = self.head.ordinal
        return values[place] if place is not None and place < len(values) else None

    def _numbered(self, values: list[Any]) -> bool:
        """Whether the row has a running number, as rows of data have."""
        value = self._ordinal(values)
        return isinstance(value, int | float) or (
            isinstance(value, str) and bool(re.fullmatch(r"\s*\(?[0-9]+[.)]?\s*", value))
        )

    def _marked(self, values: list[Any], only: Any) -> bool:
        """A section has I, II or A, B where data has its number, or none and capitals, or says what it is."""
        mark = self._ordinal(values)
        if mark is not None and _MARK.fullmatch(tidy(str(mark)).rstrip(".)")):
            return True
        if not isinstance(only, str):
            return False
        return bool(_SECTION.match(fold(only))) or (self.head.ordinal is not None and mark is None and only.isupper())

    def _repeats_heading(self, values: list[Any]) -> bool:
        """Headings stand again at the top of each printed page."""
        said = [value for value in values if value is not None]
        return len(said) > 1 and all(isinstance(value, str) and value in self.heading for value in said)

    def total(self, values: list[Any]) -> bool:
        first = next((value for value in values if value is not None), "")
        return isinstance(first, str) and bool(_TOTAL.match(first.casefold()))

    def words(self, values: list[Any], *, mark: bool = True) -> str:
        """What the row says; of a section without its number."""
        left = None if mark else self.head.ordinal
        said = [tidy(str(v)) for place, v in enumerate(values) if v is not None and place != left]
        if not mark and not said:
            said = [tidy(str(v)) for v in values if v is not None]
        return " ".join(dict.fromkeys(said))[:200]


def _numbers_of_columns(values: list[Any]) -> bool:
    """The row (1) (2) (3) … that Vietnamese forms have below their heading."""
    marks = [re.sub(r"[()\s]", "", str(value)) for value in values if value is not None]
    return len(marks) >= 3 and all(mark.isdecimal() for mark in marks) and _consecutive([int(mark) for mark in marks])


def _consecutive(numbers: list[int]) -> bool:
    return numbers[0] <= 2 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))
