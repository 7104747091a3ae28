"""Sheets for other programs: cells that no program takes for a formula."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal.files.uploads import XLSX, safe_name
from portal.text import clean

DEEPEST = 7  # levels that Excel can fold
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """The sheet as a file to keep."""
    headers = {"Content-Disposition": content_disposition_header(True, safe_name(name))}
    return HttpResponse(content, content_type=content_type, headers=headers)


def workbook(title: str, columns: Iterable[tuple[str, int]], rows: Iterable[Iterable[Any]]) -> bytes:
    """A workbook of one sheet: columns as (heading, width), then the rows; memory does not grow with them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    columns = list(columns)
    for place, (_heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([cell(sheet, heading, bold=True) for heading, _width in columns])
    for row in rows:
        sheet.append([value if _plain(value) else cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def outline(title: str, columns: Iterable[tuple[str, int]], rows: Iterable[tuple[int, Iterable[Any]]]) -> bytes:
    """A workbook of one sheet whose rows, given as (level, values), fold below the row of the level above."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.sheet_properties.outlinePr.summaryBelow = False
    columns = list(columns)
    for place, (_heading, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([cell(sheet, heading, bold=True) for heading, _width in columns])
    for number, (level, values) in enumerate(rows, start=2):
        sheet.row_dimensions[number].outlineLevel = min(level - 1, DEEPEST)
        cells = [cell(sheet, value) for value in values]
        cells[0].alignment = Alignment(indent=2 * (level - 1))
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(value: Any) -> bool:
    """Whether openpyxl writes the value as it is meant without being told; a cell of its own costs three times as much.

    It takes text that begins with = for a formula and text such as #N/A for an error.
    """
    if type(value) is str:
        sound = value.isprintable() and unicodedata.is_normalized("NFC", value)
        return sound and not value.startswith((*FORMULA_STARTS, "#"))
    return value is None or type(value) in (int, float)


def cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that no program takes for a formula; moments are written as the clock shows them in Vietnam."""
    if isinstance(value, datetime):
        made = WriteOnlyCell(sheet, timezone.localtime(value).replace(tzinfo=None, microsecond=0))
        made.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        made = WriteOnlyCell(sheet, value)
        made.number_format = "dd/mm/yyyy"
    elif isinstance(value, str):
        made = WriteOnlyCell(sheet, clean(value))
        made.data_type = "s"
        made.quotePrefix = value.startswith(FORMULA_STARTS)
    else:
        made = WriteOnlyCell(sheet, value)
    if bold:
        made.font = Font(bold=True)
    return made
