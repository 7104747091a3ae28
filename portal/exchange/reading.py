"""Tables as people make them: opened only when their content is sane, then read row by row."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from portal.files import uploads
from portal.files.sheets import FORMULA_STARTS

CSV = "text/csv"
ACCEPT = ".xlsx,.csv"
MAX_ROWS = 50_000  # rows with something in them; the largest real list has 15,000 people
MAX_COLUMNS = 100
LAST_ROW = 1_048_576  # no program makes a row beyond it
MAX_PART = 48 * 1024 * 1024  # of any part that openpyxl holds whole: shared strings, styles
DELIMITERS = ";,\t"
MAX_LINE, MAX_LINES = 100_000, 1_000  # characters of a CSV line, lines of one row: an open quote swallows the file

_ZEROS = re.compile(r"0{2,20}")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_QUOTED = re.compile(r'="([^"]*)"')  # how people keep leading zeros in a CSV

Row = tuple[int, list[Any]]


class Formula(str):
    """A cell that holds a formula instead of a value."""


class Fault(str):
    """A cell in which Excel shows an error, such as #REF!."""


@dataclass(frozen=True)
class Table:
    """One table that a file may be read as; `size` is how many rows it claims to have, 0 where it does not say."""

    rows: Callable[[int], Iterator[Row]]  # given how many columns are wanted
    size: int = 0


def check_table(file: Any) -> str:
    """XLSX or CSV, told by content; raises ValidationError with what to do about any other file."""
    uploads.check_size(file)
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK"):
        _check_xlsx(file)
        return uploads.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in file.read(1024 * 1024):
            raise ValidationError(uploads.PASSWORD)
        raise ValidationError(_("Đây là tệp Excel đời cũ (.xls). Hãy mở bằng Excel, lưu thành .xlsx rồi tải lên."))
    if PurePosixPath(uploads.safe_name(file.name or "")).suffix.lower() not in (".csv", ".txt"):
        raise _no_table()
    _encoding(file)
    return CSV


def _check_xlsx(file: Any) -> None:
    try:
        found = uploads.check_upload(file)
    except ValidationError as error:
        raise (_no_table() if error.code == "kind" else error) from error
    if found != uploads.XLSX:
        raise _no_table()
    for part, size in uploads.part_sizes(file).items():
        if size > MAX_PART and not part.startswith("xl/worksheets/"):
            raise uploads.too_large_inside()
    file.seek(0)


def _no_table() -> ValidationError:
    return ValidationError(_("Đây không phải bảng tính. Chỉ nhận tệp Excel (.xlsx) hoặc CSV."))


def broken() -> ValidationError:
    return ValidationError(_("Tệp bị hỏng hoặc không đọc được. Hãy mở lại, lưu lại rồi tải lên."))


def too_long() -> ValidationError:
    return ValidationError(
        _("Tệp có quá nhiều dòng: tối đa %(limit)s dòng. Hãy chia thành nhiều tệp.") % {"limit": MAX_ROWS}
    )


@contextmanager
def opened(file: Any) -> Iterator[list[Table]]:
    """The tables a stored file may be read as: the sheets of a workbook, or a CSV under each delimiter.

    Whatever a hostile file makes the libraries raise becomes a ValidationError in words.
    """
    kind = check_table(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
            if kind == CSV:
                yield _csv_tables(file)
                return
            book = load_workbook(file, read_only=True, keep_links=False)
            try:
                sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")][:20]
                yield [Table(partial(_xlsx_rows, sheet), min(sheet.max_row or 0, MAX_ROWS)) for sheet in sheets]
            finally:
                book.close()
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


def _xlsx_rows(sheet: Any, width: int) -> Iterator[Row]:
    """Rows that hold something, with their numbers as Excel shows them. The size a sheet claims is not believed."""
    sheet.reset_dimensions()
    blank = None
    for number, row in enumerate(sheet.iter_rows(max_col=width, max_row=LAST_ROW), start=1):
        if row is blank:  # openpyxl fills a gap of rows with one and the same
            continue
        values = [_value(cell) for cell in row]
        if any(value is not None for value in values):
            yield number, values
        else:
            blank = row


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return None
    kind = cell.data_type
    if kind == "s":
        return value if value and not value.isspace() else None
    if kind == "f":
        return Formula(value)
    if kind == "e":
        return Fault(value)
    if kind == "n" and type(value) is int:
        shown = cell.number_format
        if _ZEROS.fullmatch(shown):  # a number shown as 00123: the zeros are meant
            return str(value).zfill(len(shown))
    return value


def _csv_tables(file: Any) -> list[Table]:
    encoding = _encoding(file)
    return [Table(partial(_csv_rows, file, encoding, delimiter)) for delimiter in DELIMITERS]


def _csv_rows(file: Any, encoding: str, delimiter: str, width: int) -> Iterator[Row]:
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
        values = [_csv_value(value) for value in row[:width]]
        if any(value is not None for value in values):
            yield number, values


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


def _encoding(file: Any) -> str:
    """How a CSV is written: UTF-16 or UTF-8 as its mark says, UTF-8 without one, else the Windows code page."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp1258"]
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise _no_table()


def _decodes(file: Any, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(256 * 1024):
            if _BINARY.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return True
