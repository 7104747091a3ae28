"""Sheets for other programs: lists that an office can print and keep, of cells that no program takes for a formula."""

from __future__ import annotations

import io
import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from portal.days import today
from portal.files.uploads import XLSX, safe_name
from portal.text import clean

DEEPEST = 7  # levels that Excel can fold
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
A4, A3 = 9, 8
READABLE = {A4: 240, A3: 350}  # characters across the paper at three fifths of their size; smaller ones nobody reads
NAMED = 2  # columns that stand again on each page of a list too wide for one: its number and whom the row is about
MEASURED = 200  # rows by which the widths are fitted
NARROWEST = 6
LINE = 110  # characters of a line above the list
POINTS, HIGHEST = 15, 27  # the height of a line; lines of the highest row that a spreadsheet knows
WRAPPED = Alignment(wrap_text=True, vertical="top")
FORMATS = {"day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm"}

_NO_TITLE = re.compile(r"[\\*?:/\[\]]")  # signs that a sheet's name may not have

Columns = Iterable[tuple[str, int]]


@dataclass(frozen=True)
class Head:
    """What stands above a list that leaves: whose it is, what it is, of which day, and how it was narrowed."""

    title: str
    unit: str = ""
    about: str = ""
    asked: tuple[str, ...] | None = None  # filters in words; None where the list knows none
    day: date | None = None

    def lines(self) -> Iterator[tuple[str, Font]]:
        if self.unit:
            yield self.unit, Font(bold=True)
        yield self.title.upper(), Font(bold=True, size=14)
        if self.about:
            yield from ((line, Font(bold=True)) for line in textwrap.wrap(self.about, LINE))
        yield _("Lập ngày %s") % f"{self.day or today():%d/%m/%Y}", Font(italic=True)
        if self.asked is not None:
            words = _("Lọc theo: %s") % "; ".join(self.asked) if self.asked else _("Toàn bộ danh sách, không lọc")
            yield from ((line, Font(italic=True)) for line in textwrap.wrap(words, LINE))


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """The sheet as a file to keep."""
    headers = {"Content-Disposition": content_disposition_header(True, safe_name(name))}
    return HttpResponse(content, content_type=content_type, headers=headers)


def workbook(
    title: str,
    columns: Columns,
    rows: Iterable[Iterable[Any]],
    *,
    head: Head | None = None,
    totals: tuple[int, ...] = (),
    counted: bool = False,
) -> bytes:
    """A workbook of one sheet: columns as (heading, greatest width), then the rows; memory does not grow with them.

    The columns of `totals` (from 0) are added up below the list; `counted` says there how many rows it has.
    """
    lines = iter(rows)
    first = [list(values) for values in islice(lines, MEASURED)]
    sheet = _List(title, columns, head, first)
    sums: dict[int, float] = dict.fromkeys(totals, 0)
    count = 0
    for values in chain(first, lines):
        row = list(values)
        count += 1
        for place in sums:
            if type(row[place]) in (int, float):
                sums[place] += row[place]
        sheet.append([value if _plain(value) else sheet.cell(value) for value in row], _lines(row, sheet.widths))
    if sums or counted:
        sheet.total(count, sums)
    return sheet.saved()


def outline(
    title: str, columns: Columns, rows: Iterable[tuple[int, Iterable[Any]]], *, head: Head | None = None
) -> bytes:
    """A workbook of one sheet whose rows, given as (level, values), fold below the row of the level above."""
    lines = [(level, list(values)) for level, values in rows]
    sheet = _List(title, columns, head, [values for _level, values in lines])
    sheet.sheet.sheet_properties.outlinePr.summaryBelow = False
    for level, values in lines:
        sheet.sheet.row_dimensions[sheet.row + 1].outlineLevel = min(level - 1, DEEPEST)
        cells = [cell(sheet.sheet, value) for value in values]
        cells[0].alignment = Alignment(indent=2 * (level - 1), wrap_text=True, vertical="top")
        sheet.append(cells, _lines(values, sheet.widths))
    return sheet.saved()


def printed(sheet: Any, heading: int = 1) -> None:
    """Let the sheet be printed on A4 across, as wide as the paper, its heading row on every page and in view."""
    sheet.freeze_panes = f"A{heading + 1}"
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.print_options.gridLines = True
    sheet.oddFooter.center.text = "&P/&N"


def _spread(sheet: Any, widths: list[float]) -> None:
    """A list too wide to be read on one A4 page goes on A3, and over several of them side by side if it must."""
    if sum(widths) <= READABLE[A4]:
        return
    again = sum(widths[:NAMED])
    pages = math.ceil((sum(widths) - again) / (READABLE[A3] - again))
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth = A3, pages
    if pages > 1:
        sheet.print_title_cols = f"A:{get_column_letter(NAMED)}"


class _List:
    """A sheet while it is written: what stands above the list, its heading, then row by row."""

    def __init__(self, title: str, columns: Columns, head: Head | None, first: list[list[Any]]):
        self.book = Workbook(write_only=True)
        _wrap_all(self.book)
        self.sheet = self.book.create_sheet(_NO_TITLE.sub(" ", title)[:31])
        self.row = 0
        self.styles = {kind: self._style(number) for kind, number in FORMATS.items()}
        headings = list(columns)
        above = [*head.lines(), ("", Font())] if head else []
        printed(self.sheet, len(above) + 1)
        self.widths = [_width(heading, widest, first, place) for place, (heading, widest) in enumerate(headings)]
        _spread(self.sheet, self.widths)
        for place, width in enumerate(self.widths, start=1):
            column = self.sheet.column_dimensions[get_column_letter(place)]
            column.width, column.alignment = width, WRAPPED
        for words, font in above:
            self._put([words], font, Alignment(vertical="top"))
        self.heading = self.row + 1
        self._put(
            [heading for heading, _widest in headings],
            Font(bold=True),
            Alignment(wrap_text=True, vertical="center", horizontal="center"),
            PatternFill("solid", fgColor="F3E9D8"),
            _lines([heading for heading, _widest in headings], self.widths),
        )
        self.last_column = get_column_letter(max(len(headings), 1))

    def _style(self, number: str) -> Any:
        made = WriteOnlyCell(self.sheet)
        made.alignment, made.number_format = WRAPPED, number
        return made._style

    def _put(
        self, values: list[Any], font: Font, alignment: Alignment, fill: PatternFill | None = None, lines: int = 1
    ) -> None:
        cells = [cell(self.sheet, value) for value in values]
        for made in cells:
            made.font, made.alignment = font, alignment
            if fill:
                made.fill = fill
        self.append(cells, lines)

    def append(self, cells: list[Any], lines: int = 1) -> None:
        """The next row; of several lines it says its height, since not every program finds out by itself."""
        self.row += 1
        if lines > 1:
            self.sheet.row_dimensions[self.row].height = POINTS * min(lines, HIGHEST)
        self.sheet.append(cells)
        self.sheet.row_dimensions.pop(self.row, None)  # written: memory shall not grow with the rows

    def cell(self, value: Any) -> WriteOnlyCell:
        """As `cell`, but days and moments take a style that was made once."""
        if not isinstance(value, date):
            return cell(self.sheet, value)
        made = WriteOnlyCell(self.sheet)
        made.data_type = "d"
        if isinstance(value, datetime):
            made._value, made._style = _on_the_clock(value), self.styles["moment"]
        else:
            made._value, made._style = value, self.styles["day"]
        return made

    def total(self, count: int, sums: dict[int, float]) -> None:
        """How many rows there are, and what their figures come to."""
        self.sheet.auto_filter.ref = self._all()  # without the line below
        line: list[Any] = [_("Tổng cộng: %s") % number_format(count, force_grouping=True)]
        line += [sums.get(place) for place in range(1, max(sums, default=0) + 1)]
        self._put(line, Font(bold=True), Alignment(vertical="top"))

    def _all(self) -> str:
        return f"A{self.heading}:{self.last_column}{max(self.row, self.heading)}"

    def saved(self) -> bytes:
        if not self.sheet.auto_filter.ref:
            self.sheet.auto_filter.ref = self._all()
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def _wrap_all(book: Workbook) -> None:
    """Let cells that name no style be wrapped: a style told for each would cost as much as writing the cell."""
    book._named_styles["Normal"].alignment = WRAPPED  # some programs ask the style of the book, not of the cell
    kept = copy(book._cell_styles[0])
    kept.alignmentId = book._alignments.add(WRAPPED)
    book._cell_styles = IndexedList([kept])


def _width(heading: str, widest: int, first: list[list[Any]], place: int) -> float:
    """As wide as the first rows need, at most as wide as was said, never less than the longest word of the heading."""
    needs = max((_length(values[place]) for values in first if place < len(values)), default=0)
    word = max(map(len, heading.split()), default=0)
    return max(min(needs, widest), word, NARROWEST) + 2


def _lines(values: list[Any], widths: list[float]) -> int:
    """How many lines the row takes; words are broken as wholes, which leaves about a tenth of each line empty."""
    return max(
        (
            sum(1 + int(1.1 * len(part) / width) for part in value.splitlines())
            for value, width in zip(values, widths, strict=False)
            if isinstance(value, str) and (len(value) > width - 2 or not value.isprintable())
        ),
        default=1,
    )


def _length(value: Any) -> int:
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    return 0 if value is None else max(map(len, str(value).splitlines()), default=0)


def _on_the_clock(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None, microsecond=0)


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
        made = WriteOnlyCell(sheet, _on_the_clock(value))
        made.number_format = FORMATS["moment"]
    elif isinstance(value, date):
        made = WriteOnlyCell(sheet, value)
        made.number_format = FORMATS["day"]
    elif isinstance(value, str):
        made = WriteOnlyCell(sheet, clean(value))
        made.data_type = "s"
        made.quotePrefix = value.startswith(FORMULA_STARTS)
    else:
        made = WriteOnlyCell(sheet, value)
    made.alignment = WRAPPED
    if bold:
        made.font = Font(bold=True)
    return made
