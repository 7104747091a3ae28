"""A list as a spreadsheet: its template, its reading, its report and its export come from one description."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.exchange.columns import Column
from portal.exchange.lines import Choice, Reading
from portal.exchange.reading.reader import Reader, Tells
from portal.exchange.reading.tables import MAX_ROWS, Say
from portal.files.sheets import FORMULA_STARTS, Head, printed, workbook
from portal.text import clean


@dataclass(frozen=True)
class Sheet:
    """A list as a spreadsheet: one description for the template, the reading and the export."""

    title: Any
    columns: tuple[Column, ...]
    about: tuple[Any, ...] = ()  # what the template explains besides the columns
    tells: Tells | None = None  # what words above the table or between its rows say for the rows below, raw by column

    def __getitem__(self, key: str) -> Column:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    # --- in ---

    def read(
        self,
        file: Any,
        say: Say = lambda done, total: None,
        choice: Choice = Choice(),  # noqa: B008 -- frozen
        given: dict[str, Any] | None = None,
    ) -> Reading:
        """Read the whole file. ValidationError where it is no table of this kind; problems of cells are collected.

        `given` is what the person said once for all rows, by column.
        """
        return Reader(self.columns, self.tells, choice, given or {}).read(file, say)

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
        if key in self._by_key:
            return self[key].shown(value)
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

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
