"""The campaign's sheets for other programs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from units.text import clean

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = (14, 44, 28, 18, 18, 18, 10, 18, 10, 28)


def coverage_workbook(rows: Iterable[Any], areas: list[Any]) -> bytes:
    """The desk as a sheet: one line for each row given, described and with its cells, in the order given."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Tiến độ"))
    sheet.freeze_panes = "A2"
    for place, width in enumerate([*WIDTHS, *[16 for _area in areas]], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    heads = [
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Loại đơn vị"),
        _("Trạng thái"),
        _("Ghi chú"),
        _("Hạn"),
        _("Quá hạn"),
        _("Gửi lúc"),
        _("Lần gửi"),
        _("Người xem xét"),
        *[f"{area.code}. {area.title}" for area in areas],
    ]
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in _line(row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _line(row: Any) -> list[Any]:
    return [
        row.unit.code,
        row.unit.name,
        row.unit.get_kind_display(),
        str(row.label),
        row.hint,
        row.due,
        _("có") if row.late else _("không"),
        row.submitted_at,
        row.round or None,
        row.reviewer,
        *[_figure(cell) for cell in row.cells],
    ]


def _figure(cell: dict[str, Any]) -> Any:
    """A number of promises, the reason given, nothing, or empty where the plan is not in hand."""
    if not cell["seen"]:
        return None
    return cell["promises"] or cell["reason"] or 0


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that no program takes for a formula; moments are written as the clock shows them in Vietnam."""
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, timezone.localtime(value).replace(tzinfo=None, microsecond=0))
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, str):
        cell = WriteOnlyCell(sheet, clean(value))
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    else:
        cell = WriteOnlyCell(sheet, value)
    if bold:
        cell.font = Font(bold=True)
    return cell
