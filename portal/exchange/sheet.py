"""A list as a spreadsheet: its template, its reading, its report and its export come from one description."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.exchange.columns import Column, Unreadable, heading_key, tidy
from portal.exchange.reading import MAX_COLUMNS, MAX_ROWS, Fault, Formula, Table, opened, too_long
from portal.files.sheets import FORMULA_STARTS, Head, printed, workbook
from portal.text import clean

HEAD_ROWS = 30  # a heading stands within these, below a title and a letterhead
MAX_PROBLEMS = 5_000  # kept with their words; further ones are only counted


# --- rows ---


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number as Excel shows it, and the values of the cells that hold something.

    A cell that could not be read is there with None: of it enough was said.
    """

    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass
class Problems:
    """What is wrong, by row and column, in words; all of it at once, of very many the first."""

    found: list[tuple[int, str, str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: Any, words: Any, cell: str = "") -> None:
        self.count += 1
        if len(self.found) < MAX_PROBLEMS:
            self.found.append((row, str(column), cell, str(words)))

    def sorted(self) -> list[tuple[int, str, str, str]]:
        return sorted(self.found, key=lambda problem: problem[0])


@dataclass
class Reading:
    """What a file says: its rows, what could not be read, and what was left aside."""

    lines: list[Line]
    problems: Problems
    notes: list[str]
    places: dict[str, int] = field(default_factory=dict)  # where each column stands, from 0


@dataclass(frozen=True)
class _Head:
    score: tuple[int, int, int]
    last_row: int
    places: dict[int, Column]
    doubled: list[Column]
    unknown: list[str]


@dataclass(frozen=True)
class Sheet:
    """A list as a spreadsheet: one description for the template, the reading and the export."""

    title: Any
    columns: tuple[Column, ...]
    about: tuple[Any, ...] = ()  # what the template explains besides the columns

    def __getitem__(self, key: str) -> Column:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    # --- in ---

    def read(self, file: Any, say: Callable[[int, int], None] = lambda done, total: None) -> Reading:
        """Read the whole file. ValidationError where it is no table of this kind; problems of cells are collected."""
        problems, notes = Problems(), []
        with opened(file) as tables:
            table, head = self._find(tables)
            for column in head.doubled:
                problems.add(head.last_row, column.heading, _("Cột này có hai lần. Hãy bỏ bớt một cột."))
            missing = [c for c in self.columns if c not in head.places.values()]
            for column in missing:
                if column.required:
                    problems.add(head.last_row, column.heading, _("Thiếu cột này."))
            if kept := [str(c.heading) for c in missing if not c.required]:
                notes.append(_("Tệp không có các cột: %(names)s. Những mục này giữ nguyên.") % {"names": _quoted(kept)})
            if head.unknown:
                notes.append(
                    _("Các cột này của tệp không được nhập: %(names)s.") % {"names": _quoted(head.unknown[:20])}
                )
            lines = list(self._lines(table, head, problems, say))
        return Reading(lines, problems, notes, {column.key: place for place, column in head.places.items()})

    def _find(self, tables: list[Table]) -> tuple[Table, _Head]:
        """The table and the heading row that match best: one row, or two where cells were merged across them."""
        known = {name: column for column in self.columns for name in column.names()}
        best: tuple[Table, _Head] | None = None
        for table in tables:
            top = list(islice(table.rows(MAX_COLUMNS), HEAD_ROWS))
            for place, (number, values) in enumerate(top):
                below = top[place + 1 : place + 2]
                for last, cells in ((number, values), *((n, _merged(values, v)) for n, v in below)):
                    head = _match(cells, last, known)
                    if best is None or head.score > best[1].score:
                        best = table, head
        if best is None or best[1].score[1] < min(2, len(self.columns)):
            names = _quoted(str(column.heading) for column in self.columns if column.required)
            raise ValidationError(
                _("Không tìm thấy dòng tiêu đề. Bảng phải có các cột: %(names)s. Hãy dùng tệp mẫu.") % {"names": names}
            )
        return best

    def _lines(self, table: Table, head: _Head, problems: Problems, say: Callable[[int, int], None]) -> Iterator[Line]:
        width = max(head.places) + 1
        columns = [
            (place, column.key, column.reader(), column.required, column)
            for place, column in sorted(head.places.items())
        ]
        done = 0
        for number, values in table.rows(width):
            if number <= head.last_row or (not done and _numbers_of_columns(values)):
                continue
            read = {}
            for place, key, reader, required, column in columns:
                value = values[place] if place < len(values) else None
                if value is None:
                    if required:
                        problems.add(number, column.heading, _("Chưa ghi."), cell_name(place, number))
                    continue
                try:
                    read[key] = reader(value) if type(value) not in (Formula, Fault) else _refuse(value)
                except Unreadable as words:
                    problems.add(number, column.heading, words, cell_name(place, number))
                    read[key] = None
            done += 1
            if done > MAX_ROWS:
                raise too_long()
            if not done % 500:
                say(done, max(table.size, done))
            yield Line(number, read)

    # --- out ---

    def worded(self, told: dict[str, Any]) -> dict[str, Any]:
        """What a change says, with headings for keys and values as people read them; other keys are words already."""
        return {
            str(self[key].heading) if key in self._by_key else key: self._shown(key, value)
            for key, value in told.items()
        }

    def _shown(self, key: str, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._shown(key, one) for one in value]
        shown = self[key].show(value) if key in self._by_key else value
        return f"{shown:%d/%m/%Y}" if isinstance(shown, date) else shown

    def export(self, rows: Iterable[dict[str, Any]], kind: str, head: Head | None = None) -> bytes:
        """The rows under this sheet's own headings, as XLSX to print or as CSV with the mark that Excel looks for."""
        shown = ([column.show(row.get(column.key)) for column in self.columns] for row in rows)
        if kind == "xlsx":
            return workbook(str(self.title), [(str(c.heading), c.width) for c in self.columns], shown, head=head)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";")  # Excel in Vietnam opens it in columns by a double click
        writer.writerow([str(column.heading) for column in self.columns])
        writer.writerows([_csv_cell(value) for value in row] for row in shown)
        return text.getvalue().encode("utf-8-sig")

    def template(self, user: Any) -> bytes:
        """An empty list with drop-downs, and a second sheet that explains every column."""
        book = Workbook()
        data, guide, lists = book.active, book.create_sheet(_("Hướng dẫn")), book.create_sheet(_("Danh sách chọn"))
        data.title = str(self.title)[:31]
        printed(data)
        for place, column in enumerate(self.columns, start=1):
            letter = get_column_letter(place)
            cell = data.cell(1, place, f"{column.heading} (*)" if column.required else str(column.heading))
            _head_style(cell)
            dimension = data.column_dimensions[letter]
            dimension.width = max(column.width, len(str(cell.value)) + 2)
            dimension.number_format = {"date": "dd/mm/yyyy", "int": "0", "year": "0"}.get(column.kind, "@")
            options = column.allowed() or (column.options(user) if column.options else [])
            if options:
                _drop_down(data, lists, place, column, options)
        self._explain(guide)
        lists.sheet_state = "hidden"
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def _explain(self, guide: Any) -> None:
        names = (_("Cột"), _("Bắt buộc"), _("Ý nghĩa, cách ghi"), _("Ví dụ"), _("Chọn trong"))
        for place, (name, width) in enumerate(zip(names, (26, 12, 70, 26, 60), strict=True), start=1):
            _head_style(guide.cell(1, place, name))
            guide.column_dimensions[get_column_letter(place)].width = width
        for column in self.columns:
            guide.append(
                [
                    str(column.heading),
                    _("có") if column.required else "",
                    str(column.help),
                    str(column.show(column.example) or ""),
                    ", ".join(column.allowed()),
                ]
            )
        guide.append([])
        for words in (*self.about, *_common_words()):
            guide.append([str(words)])
        for row in guide.iter_rows(min_row=2, max_row=len(self.columns) + 1):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.data_type = "s" if cell.value is not None else cell.data_type
        printed(guide)


def _common_words() -> list[str]:
    return [
        _("Cột có dấu (*) là bắt buộc. Thứ tự các cột thế nào cũng được; cột không có trong mẫu sẽ không được nhập."),
        _("Ô để trống thì giữ nguyên điều cổng đang có; muốn xóa một mục, hãy sửa trên trang của mục đó."),
        _("Ngày ghi theo thứ tự ngày/tháng/năm: 31/12/2025, 31-12-2025 hoặc 31.12.2025. Không dùng công thức."),
    ]


def _merged(upper: list[Any], lower: list[Any]) -> list[Any]:
    """Two rows of a heading read as one: a cell merged downwards stands above, a divided one below."""
    width = max(len(upper), len(lower))
    pad = lambda row: row + [None] * (width - len(row))  # noqa: E731
    return [low if low is not None else up for up, low in zip(pad(upper), pad(lower), strict=True)]


def _match(cells: list[Any], last_row: int, known: dict[str, Column]) -> _Head:
    places: dict[int, Column] = {}
    doubled, unknown = [], []
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        column = known.get(heading_key(cell))
        if column is None:
            if heading_key(cell) not in ("stt", "tt", "sothutu", "no"):
                unknown.append(tidy(str(cell))[:60])
        elif column in places.values():
            doubled.append(column)
        else:
            places[place] = column
    required = sum(column.required for column in places.values())
    return _Head((required, len(places), -len(unknown)), last_row, places, doubled, unknown)


def _numbers_of_columns(values: list[Any]) -> bool:
    """The row (1) (2) (3) … that Vietnamese forms have below their heading."""
    marks = [re.sub(r"[()\s]", "", str(value)) for value in values if value is not None]
    return len(marks) >= 3 and all(mark.isdecimal() for mark in marks) and _consecutive([int(mark) for mark in marks])


def _consecutive(numbers: list[int]) -> bool:
    return numbers[0] <= 2 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def _refuse(value: str) -> Any:
    if isinstance(value, Formula):
        raise Unreadable(_("Ô này là công thức. Hãy chép lại thành giá trị (Dán đặc biệt → Giá trị)."))
    raise Unreadable(_("Ô này báo lỗi %(fault)s. Hãy gõ lại giá trị.") % {"fault": str(value)[:20]})


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def cell_name(place: int | None, row: int) -> str:
    """How Excel names the cell; nothing where the column is not in the file."""
    return "" if place is None else f"{get_column_letter(place + 1)}{row}"


def _csv_cell(value: Any) -> Any:
    """A cell that no program takes for a formula; reading takes the mark away again."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        value = clean(value)
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return value


def _head_style(cell: Any) -> None:
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="8F1A22")
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _drop_down(data: Any, lists: Any, place: int, column: Column, options: list[str]) -> None:
    """A list to choose from; a code that is not in it may still be typed, the reading judges it."""
    letter = get_column_letter(place)
    for row, option in enumerate(options, start=1):
        lists.cell(row, place, option).data_type = "s"
    quoted = lists.title.replace("'", "''")
    rule = DataValidation(
        type="list", formula1=f"'{quoted}'!${letter}$1:${letter}${len(options)}", allow_blank=not column.required
    )
    rule.showErrorMessage = column.kind in ("choice", "bool")
    rule.error, rule.errorTitle = _("Hãy chọn một giá trị trong danh sách."), str(column.heading)[:32]
    rule.prompt, rule.promptTitle = str(column.help)[:255], str(column.heading)[:32]
    data.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{MAX_ROWS}")
