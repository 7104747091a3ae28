"""What a list is made of, said once: its template, its reading, its report and its export come from here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation

from portal.codes import CODE
from portal.days import today
from portal.exchange.reading import MAX_COLUMNS, MAX_ROWS, Fault, Formula, Table, opened, too_long
from portal.files.sheets import FORMULA_STARTS, workbook
from portal.text import clean, fold

HEAD_ROWS = 30  # a heading stands within these, below a title and a letterhead
MAX_PROBLEMS = 5_000  # kept with their words; further ones are only counted
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Unreadable(Exception):
    """The cell holds nothing this column can take; the text says why and what to write."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: how it is headed, what it holds, and what a person who fills it in is told."""

    key: str
    heading: Any
    kind: str = "text"  # text, code, int, year, date, choice, bool
    required: bool = False
    help: Any = ""
    example: Any = ""
    limit: int = 200  # characters of a text or code
    low: int = 0
    high: int = 10**9
    choices: tuple[tuple[str, Any], ...] = ()
    options: Callable[[Any], list[str]] | None = None  # codes to choose from in the template, for this user
    aliases: tuple[str, ...] = ()
    width: int = 18

    def names(self) -> set[str]:
        """Every way to head this column, in the form in which headings are compared."""
        return {heading_key(name) for name in (self.key, *_in_every_language(self.heading), *self.aliases)}

    def reader(self) -> Callable[[Any], Any]:
        """What turns a raw cell into a value of this column, or raises Unreadable."""
        return _READERS[self.kind](self)

    def show(self, value: Any) -> Any:
        """The value as the export writes it; reading it again gives the same value."""
        if value is None or value == "":
            return None
        if self.kind == "choice":
            return str(self.labels.get(value, value))
        if self.kind == "bool":
            return _("Có") if value else _("Không")
        return value

    @cached_property
    def labels(self) -> dict[str, Any]:
        return dict(self.choices)

    def allowed(self) -> list[str]:
        """The words to choose from."""
        if self.kind == "bool":
            return [_("Có"), _("Không")]
        return [str(label) for _value, label in self.choices]


def _in_every_language(words: Any) -> list[str]:
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return found


def heading_key(text: Any) -> str:
    """A heading without accents, case, spaces, asterisks and what stands in brackets.

    >>> heading_key(" HỌ và  tên (*) ") == heading_key("Họ và tên")
    True
    """
    return re.sub(r"[^a-z0-9]+", "", fold(re.sub(r"\([^)]*\)", " ", str(text))))


def tidy(text: str) -> str:
    """One line of clean text with single spaces.

    >>> tidy("  Nguyễn\\u00a0Văn \\n An ")
    'Nguyễn Văn An'
    """
    return " ".join(clean(text).split())


# --- cells into values ---


def _text(column: Column) -> Callable[[Any], Any]:
    limit = column.limit

    def read(value: Any) -> Any:
        text = tidy(value) if isinstance(value, str) else _as_text(value)
        if len(text) > limit:
            raise Unreadable(_("Dài quá %(limit)s ký tự.") % {"limit": limit})
        return text or None

    return read


def _as_text(value: Any) -> str:
    """A number as it was typed: Excel keeps 7 as 7.0."""
    if isinstance(value, bool):
        raise Unreadable(_("Ô này đang là giá trị đúng/sai của Excel. Hãy gõ lại bằng chữ."))
    if isinstance(value, float):
        if not value.is_integer():
            return str(value)
        value = int(value)
    if isinstance(value, int):
        if abs(value) >= 10**15:
            raise Unreadable(_("Excel đã làm tròn số này. Hãy định dạng cột là Văn bản (Text) rồi gõ lại."))
        return str(value)
    raise Unreadable(_("Excel đã đổi ô này thành ngày giờ. Hãy định dạng cột là Văn bản (Text) rồi gõ lại."))


def _code(column: Column) -> Callable[[Any], Any]:
    as_text = _text(column)

    def read(value: Any) -> Any:
        text = as_text(value)
        if text is None or CODE.regex.match(text):
            return text
        raise Unreadable(str(CODE.message))

    return read


def _int(column: Column) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            digits = re.fullmatch(r"([0-9]{1,9})(?:[.,]0)?", tidy(value))
            value = int(digits[1]) if digits else None
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise Unreadable(_("Hãy ghi một số nguyên."))
        if not column.low <= value <= column.high:
            raise Unreadable(_("Số phải từ %(low)s đến %(high)s.") % {"low": column.low, "high": column.high})
        return value

    return read


def _year(column: Column) -> Callable[[Any], Any]:
    """A year; of a whole date only the year is taken."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            text = tidy(value)
            digits = re.fullmatch(r"([0-9]{4})(?:[.,]0)?", text)
            value = int(digits[1]) if digits else _year_of(text)
        elif isinstance(value, date):
            value = value.year
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise Unreadable(_("Hãy ghi năm bằng bốn chữ số, ví dụ 1985."))
        if not column.low <= value <= column.high:
            raise Unreadable(_("Năm %(year)s không hợp lý.") % {"year": value})
        return value

    return read


def _year_of(text: str) -> int:
    try:
        return read_day(text).year
    except Unreadable as error:
        raise Unreadable(_("Hãy ghi năm bằng bốn chữ số, ví dụ 1985.")) from error


def _date(column: Column) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            return read_day(tidy(value))
        if isinstance(value, datetime):
            return _in_range(value.date())
        if isinstance(value, date):
            return _in_range(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _serial(value)
        raise Unreadable(_not_a_day(value))

    return read


_DMY = re.compile(r"(\d{1,2})\s*([/.\- ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})", re.ASCII)
_YMD = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})", re.ASCII)


def read_day(text: str) -> date:
    """A day as people write it in Vietnam: day, month, year. Raises Unreadable where it could mean two days or none.

    >>> read_day("31-12-25")
    datetime.date(2025, 12, 31)
    """
    if found := _DMY.fullmatch(text):
        day, month, year = found[1], found[3], found[4]
    elif found := _YMD.fullmatch(text):
        year, month, day = found[1], found[3], found[4]
    elif found := _WORDS.fullmatch(fold(text)):
        day, month, year = found[1], found[2], found[3]
    elif re.fullmatch(r"[1-9][0-9]{4}", text):  # a serial number of Excel that a CSV carries as it is
        return _serial(int(text))
    else:
        raise Unreadable(_not_a_day(text))
    full_year = int(year) if len(year) == 4 else _century(int(year), text)
    if int(month) > 12 >= int(day):
        raise Unreadable(_("Trong «%(text)s» tháng lớn hơn 12. Hãy viết ngày trước, tháng sau.") % {"text": text[:30]})
    try:
        return _in_range(date(full_year, int(month), int(day)))
    except ValueError as error:
        raise Unreadable(_("Không có ngày «%(text)s» trong lịch.") % {"text": text[:30]}) from error


def _century(year: int, text: str) -> int:
    """Two digits: a year from 1950 up to five years from now; what lies between could be either."""
    if 2000 + year <= today().year + 5:
        return 2000 + year
    if year >= 50:
        return 1900 + year
    raise Unreadable(_("Không rõ năm trong «%(text)s». Hãy viết đủ bốn chữ số của năm.") % {"text": text[:30]})


def _serial(number: float) -> date:
    """The day that Excel means by a number; only numbers that lie within a working life are taken for days."""
    if not 10_000 <= number < 73_051:  # 18/05/1927 to the end of 2099; smaller numbers are years or typing errors
        raise Unreadable(_not_a_day(number))
    return from_excel(int(number)).date()


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(_("Năm %(year)s không hợp lý.") % {"year": day.year})
    return day


def _not_a_day(value: Any) -> str:
    return _("Không đọc được ngày «%(text)s». Hãy viết ngày/tháng/năm, ví dụ 31/12/2025.") % {"text": str(value)[:30]}


def _remembering(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same few words stand in every row: each is compared once."""
    return lru_cache(maxsize=100)(read)


def _choice(column: Column) -> Callable[[Any], Any]:
    known = {}
    for value, label in column.choices:
        for name in (value, *_in_every_language(label)):
            known[fold(name)] = value

    def read(value: Any) -> Any:
        found = known.get(fold(str(value)))
        if found is None:
            raise Unreadable(_("Hãy chọn một trong: %(options)s.") % {"options": ", ".join(column.allowed())})
        return found

    return _remembering(read)


_YES = {"co", "x", "yes", "y", "true", "1", "dung", "v", "✓", "✔"}
_NO = {"khong", "no", "n", "false", "0", "sai", "-"}


def _bool(column: Column) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        text = fold(str(int(value) if isinstance(value, float) and value.is_integer() else value))
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise Unreadable(_("Hãy ghi «Có» hoặc «Không»."))

    return _remembering(read)


_READERS = {
    "text": _text,
    "code": _code,
    "int": _int,
    "year": _year,
    "date": _date,
    "choice": _choice,
    "bool": _bool,
}


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

    def export(self, rows: Iterable[dict[str, Any]], kind: str) -> bytes:
        """The rows under this sheet's own headings, as XLSX or as CSV with the mark that Excel looks for."""
        shown = ([column.show(row.get(column.key)) for column in self.columns] for row in rows)
        if kind == "xlsx":
            return workbook(str(self.title), [(str(c.heading), c.width) for c in self.columns], shown)
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
        data.freeze_panes = "A2"
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
        guide.freeze_panes = "A2"


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
