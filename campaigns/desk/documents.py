"""The campaign's sheets for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from portal.files.sheets import Head, workbook

FIXED = 10  # columns before those of the content areas


def coverage_workbook(campaign: Campaign, rows: Iterable[Any], areas: list[Any], asked: tuple[str, ...]) -> bytes:
    """The desk as a sheet: one line for each row given, described and with its cells, in the order given."""
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
        map(_line, rows),
        head=Head(_("Tiến độ gửi kế hoạch hưởng ứng"), unit=campaign.unit.name, about=campaign.title, asked=asked),
        totals=tuple(range(FIXED, FIXED + len(areas))),
        counted=True,
    )


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
