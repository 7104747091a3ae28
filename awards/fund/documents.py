"""What leaves a fund for accountants, as sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from awards.fund.dues import Due
from awards.fund.queries import YearSheet
from awards.models import Fund, FundMovement, PastAward
from portal.files.sheets import Head, workbook
from portal.text import grouped


def bonus_workbook(fund: Fund, decision: PastAward, rows: Iterable[Due]) -> bytes:
    """The bonus list of one decision: who gets how much, by which multiple of which base salary."""
    about = _("Theo Quyết định %(number)s ngày %(day)s") % {
        "number": decision.decision_number,
        "day": f"{decision.decided_on:%d/%m/%Y}",
    }
    return workbook(
        _("Tiền thưởng"),
        [
            (_("Họ và tên, tập thể"), 34),
            (_("Đơn vị"), 34),
            (_("Danh hiệu, hình thức"), 34),
            (_("Năm thành tích"), 10),
            (_("Hệ số"), 8),
            (_("Lương cơ sở (đồng)"), 14),
            (_("Tiền thưởng (đồng)"), 14),
            (_("Ghi chú"), 30),
            (_("Ký nhận"), 14),
        ],
        (_bonus(due) for due in rows),
        head=Head(_("Danh sách chi tiền thưởng"), unit=fund.unit.name, about=about),
        totals=(6,),
        counted=True,
    )


def _bonus(due: Due) -> list[Any]:
    line = due.line
    return [
        line.subject_name,
        line.unit.name,
        line.get_award_display(),
        line.year,
        due.times,
        due.salary,
        due.amount,
        due.why,
        "",
    ]


def movements_workbook(fund: Fund, sheet: YearSheet, lines: Iterable[FundMovement]) -> bytes:
    """The fund's book of a year: what came in and went out, with the balance after each line."""
    about = _("Số dư đầu năm %(year)s: %(opening)s đồng; cuối năm: %(closing)s đồng") % {
        "year": sheet.year,
        "opening": grouped(sheet.opening),
        "closing": grouped(sheet.closing),
    }
    return workbook(
        _("Sổ quỹ"),
        [
            (_("Ngày"), 12),
            (_("Loại"), 22),
            (_("Nguồn, phong trào"), 34),
            (_("Chứng từ"), 24),
            (_("Nội dung"), 40),
            (_("Thu (đồng)"), 14),
            (_("Chi (đồng)"), 14),
            (_("Dự toán (đồng)"), 14),
            (_("Còn lại (đồng)"), 14),
        ],
        _book(sheet.opening, lines),
        head=Head(_("Sổ quỹ thi đua, khen thưởng năm %s") % sheet.year, unit=fund.unit.name, about=about),
        totals=(5, 6, 7),
    )


def _book(balance: int, lines: Iterable[FundMovement]) -> Iterable[list[Any]]:
    for line in lines:
        balance += line.signed
        came = line.amount if line.kind in line.INTO else None
        went = line.amount if line.kind in line.OUT else None
        planned = line.amount if line.kind == line.Kind.BUDGET else None
        whence = line.get_source_display() or str(line.campaign or "")
        kind = line.get_kind_display()
        yield [line.on, kind, whence, line.document, line.note, came, went, planned, balance]
