"""The tables in a file: the sheets of a workbook with what is merged and hidden in them, or a CSV."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet._reader import WorkSheetParser

from portal.exchange.reading import kinds, letters
from portal.files import uploads
from portal.files.sheets import FORMULA_STARTS
from portal.text import grouped

MAX_ROWS = 50_000  # rows with something in them; the largest real list has 15,000 people
MAX_COLUMNS = 100
MAX_SHEETS = 60
MAX_TEXT = 64 * 1024 * 1024  # characters of one sheet
MAX_MERGED = 500_000  # cells below the first of merged ones
HEAD_ROWS = 30  # a heading stands within these, below a title and a letterhead
LAST_ROW = 1_048_576  # no program makes a row beyond it
MAX_LINE, MAX_LINES = 100_000, 1_000  # characters of a CSV line, lines of one row: an open quote swallows the file

_ZEROS = re.compile(r"0{2,20}")
_CLAIMED = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+[0-9]+:[A-Z]+([0-9]+)"')
_QUOTED = re.compile(r'="([^"]*)"')  # how people keep leading zeros in a CSV

Row = tuple[int, list[Any]]
Span = tuple[int, int, int, int]  # of merged cells: first column (from 0), first row, last column, last row
Say = Callable[[int, int], None]


class Formula(str):
    """A cell that holds a formula instead of a value."""


class Fault(str):
    """A cell in which Excel shows an error, such as #REF!."""


class Typed(str):
    """A text in a typeface of the time before Unicode."""

    typeface: str = ""


@dataclass
class Table:
    """One table of a file: rows that hold something, with their numbers as Excel shows them."""

    name: str = ""
    rows: list[Row] = field(default_factory=list)
    merged: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    visible: bool = True
    epoch: datetime = WINDOWS_EPOCH
    endless: bool = False  # whether there are more rows than are ever read


@dataclass(frozen=True)
class Source:
    """A table that can be loaded: its beginning at least, or all of it."""

    begin: Callable[[], Table]
    load: Callable[[Say], Table]


def broken() -> ValidationError:
    return ValidationError(_("Tệp bị hỏng hoặc không đọc được. Hãy mở lại, lưu lại rồi tải lên."))


def too_long() -> ValidationError:
    return ValidationError(
        _("Tệp có quá nhiều dòng: tối đa %(limit)s dòng. Hãy chia thành nhiều tệp.") % {"limit": grouped(MAX_ROWS)}
    )


@contextmanager
def opened(file: Any) -> Iterator[tuple[list[Source], bool]]:
    """The tables of a stored file, and whether they stand side by side: sheets do, a CSV is one of its readings.

    Whatever a hostile file makes the libraries raise becomes a ValidationError in words.
    """
    kind = kinds.check_table(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
            if kind == kinds.CSV:
                yield _csv_sources(file), False
                return
            book = _Book(file)
            try:
                yield book.sources(), True
            finally:
                book.archive.close()
    except (ValidationError, GeneratorExit):
        raise
    except _READING_FAILS as error:
        raise broken() from error


# what zipfile, the XML parser and openpyxl raise at broken or forged content; a bug of ours is mostly none of these
_READING_FAILS = (
    zipfile.BadZipFile,
    SyntaxError,  # ElementTree's ParseError
    UnicodeError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    csv.Error,
)


def _begun(number: int, values: list[Any], into: Table) -> bool:
    """Keep a row that holds something; False when there are more than are ever read."""
    if any(value is not None for value in values):
        if len(into.rows) >= MAX_ROWS + HEAD_ROWS:
            into.endless = True
            return False
        into.rows.append((number, values))
    return True


# --- workbooks ---


class _Book:
    """A workbook as openpyxl understands it, each sheet of which is parsed once and only when it is wanted."""

    def __init__(self, file: Any) -> None:
        reader = ExcelReader(file, read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self.archive, self.strings, self.book = reader.archive, reader.shared_strings, reader.wb
        self.styles = _Styles(reader.wb)
        self.sheets = [
            (sheet, rel.target)
            for sheet, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        ]
        self.loaded: dict[int, Table] = {}

    def sources(self) -> list[Source]:
        if len(self.sheets) > MAX_SHEETS:
            words = _("Tệp có quá nhiều trang tính: tối đa %(limit)s trang. Hãy chia thành nhiều tệp.")
            raise ValidationError(words % {"limit": grouped(MAX_SHEETS)})
        quiet: Say = lambda done, total: None  # noqa: E731
        places = range(len(self.sheets))
        return [Source(partial(self.load, place, quiet), partial(self.load, place)) for place in places]

    def load(self, place: int, say: Say) -> Table:
        if place not in self.loaded:
            sheet, part = self.sheets[place]
            table = Table(sheet.name, visible=sheet.state == "visible", epoch=self.book.epoch)
            _fill(table, self, part, say)
            self.loaded[place] = table
        return self.loaded[place]


class _Styles:
    """What the looks of a cell say about its value: zeros that are meant, a typeface of the time before Unicode."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.zeros: dict[int, int] = {}
        self.typefaces: dict[int, str] = {}
        names = [str(font.name or "") for font in book._fonts]
        for place, style in enumerate(book._cell_styles):
            custom = style.numFmtId - BUILTIN_FORMATS_MAX_SIZE
            if 0 <= custom < len(book._number_formats) and _ZEROS.fullmatch(book._number_formats[custom]):
                self.zeros[place] = len(book._number_formats[custom])
            name = names[style.fontId] if style.fontId < len(names) else ""
            if letters.by_typeface(name):
                self.typefaces[place] = name


def _fill(table: Table, book: _Book, part: str, say: Say) -> None:
    """Read the whole sheet. The size that it claims serves to say how far one is; a row out of order is passed over."""
    with book.archive.open(part) as source:
        claimed = min(int(found[1]), MAX_ROWS) if (found := _CLAIMED.search(source.read(4096))) else 0
    styles = book.styles
    with book.archive.open(part) as source:
        parser = WorkSheetParser(
            source,
            book.strings,
            epoch=book.book.epoch,
            date_formats=book.book._date_formats,
            timedelta_formats=book.book._timedelta_formats,
        )
        last = fed = 0
        for number, cells in parser.parse():
            looks = parser.row_dimensions.pop(str(number), None)
            if number <= last or number > LAST_ROW:
                continue
            last = number
            values: list[Any] = []
            for cell in cells:
                value = _value(cell, styles)
                if value is None or not 0 < (column := cell["column"]) <= MAX_COLUMNS:
                    continue
                while len(values) < column:
                    values.append(None)
                values[column - 1] = value
                if isinstance(value, str):
                    fed += len(value)
            if fed > MAX_TEXT:
                raise uploads.too_large_inside()
            if not _begun(number, values, table):
                break
            if looks and _is_hidden(looks, "ht") and table.rows and table.rows[-1][0] == number:
                table.hidden_rows.add(number)
            if not len(table.rows) % 500:
                say(len(table.rows), max(claimed, len(table.rows)))
    table.hidden_columns = {place for looks in parser.column_dimensions.values() for place in _hidden_places(looks)}
    if parser.merged_cells:
        for area in parser.merged_cells.mergeCell:
            left, top, right, bottom = area.bounds
            table.merged.append((left - 1, top, min(right, MAX_COLUMNS) - 1, bottom))


def _is_hidden(looks: dict[str, str], size: str) -> bool:
    return looks.get("hidden") in ("1", "true") or looks.get(size) in ("0", "0.0")


def _hidden_places(looks: dict[str, str]) -> Iterable[int]:
    return range(int(looks["min"]) - 1, min(int(looks["max"]), MAX_COLUMNS)) if _is_hidden(looks, "width") else ()


def _value(cell: dict[str, Any], styles: _Styles) -> Any:
    value, kind = cell["value"], cell["data_type"]
    if value is None:
        return None
    if kind == "s":
        if not value or value.isspace():
            return None
        if styles.typefaces and (typeface := styles.typefaces.get(cell["style_id"])):
            value = Typed(value)
            value.typeface = typeface
        return value
    if kind == "f":
        return Formula(value)
    if kind == "e":
        return Fault(value)
    if kind == "n" and type(value) is int and (width := styles.zeros.get(cell["style_id"])):
        return str(value).zfill(width)  # a number shown as 00123: the zeros are meant
    return value


# --- CSV ---


def _csv_sources(file: Any) -> list[Source]:
    encoding = kinds.encoding(file)
    return [
        Source(
            partial(_csv_table, file, encoding, delimiter, beginning=True),
            lambda say, delimiter=delimiter: _csv_table(file, encoding, delimiter),  # type: ignore[misc]  # not inferred
        )
        for delimiter in kinds.DELIMITERS
    ]


def _csv_table(file: Any, encoding: str, delimiter: str, *, beginning: bool = False) -> Table:
    table, rows = Table(), _csv_rows(file, encoding, delimiter)
    for number, values in islice(rows, HEAD_ROWS + 3) if beginning else rows:
        if not _begun(number, values, table):
            break
    return table


def _csv_rows(file: Any, encoding: str, delimiter: str) -> Iterator[Row]:
    file.seek(0)
    text = io.TextIOWrapper(cast(BinaryIO, _Unclosed(file)), encoding=encoding, newline="")
    fed = 0

    def lines() -> Iterator[str]:
        nonlocal fed
        for line in text:
            fed += 1
            if fed > MAX_LINES or len(line) > MAX_LINE:
                raise ValidationError(_("Tệp CSV có dòng quá dài, hoặc có dấu ngoặc kép mở ra mà không đóng lại."))
            yield line

    for number, row in enumerate(csv.reader(lines(), delimiter=delimiter), start=1):
        fed = 0
        yield number, [_csv_value(value) for value in row[:MAX_COLUMNS]]


def _csv_value(text: str) -> Any:
    if not text or text.isspace():
        return None
    if text[0] == "'" and text[1:].startswith(FORMULA_STARTS):  # as our own export keeps it from being run
        return text[1:]
    if text[0] == "=":
        quoted = _QUOTED.fullmatch(text)
        return quoted[1] or None if quoted else Formula(text)
    return text


class _Unclosed(io.RawIOBase):
    """Lets a text reader end without closing the file below it."""

    def __init__(self, file: Any):
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self.file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
