"""The campaign's sheets for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from campaigns.desk.coverage import Cell, Line
from campaigns.models import Campaign, ContentArea
from portal.files.sheets import Head, workbook

FIXED = 10  # columns before those of the content areas


def coverage_workbook(
    campaign: Campaign, rows: Iterable[tuple[Line, list[Cell]]], areas: list[ContentArea], asked: tuple[str, ...]
) -> bytes:
    """The desk as a sheet: one line for each row given, in the order given."""
    return workbook(
        _("Tiến độ"),
        [
            (_("Mã đơn vị"), 14),
            (_("Đơn vị"), 44),
            (_("Loại đơn vị"), 28),
            (_("Trạng thái"), 18),
            (_("Ghi chú"), 18),
            (_("Hạn"), 18),
            (_("Quá hạn"), 10),
            (_("Gửi lúc"), 18),
            (_("Lần gửi"), 10),
            (_("Người xem xét"), 28),
            *[(f"{area.code}. {area.title}", 16) for area in areas],
        ],
        (_line(line, cells) for line, cells in rows),
        head=Head(_("Tiến độ gửi kế hoạch hưởng ứng"), unit=campaign.unit.name, about=campaign.title, asked=asked),
        totals=tuple(range(FIXED, FIXED + len(areas))),
        counted=True,
    )


def _line(line: Line, cells: list[Cell]) -> list[Any]:
    return [
        line.unit.code,
        line.unit.name,
        line.unit.get_kind_display(),
        str(line.label),
        line.hint,
        line.obligation.due_at,
        _("có") if line.late else _("không"),
        line.submitted_at,
        line.round or None,
        line.reviewer,
        *[_figure(cell) for cell in cells],
    ]


def _figure(cell: Cell) -> int | str | None:
    """A number of promises, the reason given, nothing, or empty where the plan is not in hand."""
    return (cell.promises or cell.reason or 0) if cell.seen else None
