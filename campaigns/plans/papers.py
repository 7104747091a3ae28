"""The plan as an official paper (kế hoạch hưởng ứng)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from campaigns.models import Commitment, LegalDocument, Plan
from portal.days import local_day
from portal.papers.base import Field, Paper
from units.letterhead import BLANK, FIELDS, letterhead
from units.models import User


def plans(reader: User) -> QuerySet[Plan]:
    """The plans that the reader sees."""
    return Plan.objects.visible_to(reader).whole()


def plan_data(plan: Plan, reader: User) -> dict[str, Any]:
    """The fields of PLAN; its day is that on which it was sent last."""
    day = local_day(plan.submitted_at) if plan.submitted_at else None
    reasons = {note.area_id: note.reason for note in plan.area_notes.all()}
    promised: dict[int, list[Commitment]] = {}
    for commitment in plan.promises():
        promised.setdefault(commitment.area_id, []).append(commitment)
    above = (plan.unit.parent.name_vi,) if plan.unit.parent else ()
    return letterhead(plan.unit, number="/KH", day=day, sender=plan.submitted_by) | {
        "noi_nhan": [*above],
        "phong_trao": plan.campaign.title,
        "can_cu": _document(plan.campaign.documents.filter(is_plan=True).first()),
        "chu_de": plan.theme or BLANK,
        "to_chuc": [line for line in plan.organising.splitlines() if line.strip()] or [BLANK],
        "noi_dung": [
            {
                "ma": area.code,
                "ten": area.title,
                "ly_do": "" if area.pk in promised else reasons.get(area.pk, "") or BLANK,
                "cam_ket": [_promise(*each) for each in enumerate(promised.get(area.pk, ()), start=1)],
            }
            for area in plan.campaign.areas.all()
        ],
    }


def _document(document: LegalDocument | None) -> str:
    """The plan that opened the campaign, by number, day, issuer and subject."""
    if document is None:
        return ""
    day = f" ngày {document.dated:%d/%m/%Y}" if document.dated else ""
    return f"văn bản số {document.number}{day} của {document.issuer} ({document.title})"


def _promise(place: int, commitment: Commitment) -> dict[str, str]:
    amount = "" if commitment.amount is None else number_format(commitment.amount.normalize(), force_grouping=True)
    return {
        "tt": str(place),
        "ten": commitment.what,
        "chi_tieu": f"{amount} {commitment.measure}".strip(),
        "ai": commitment.responsible,
        "han": f"{commitment.due_on:%d/%m/%Y}" if commitment.due_on else "",
    }


PLAN = Paper(
    "plan",
    _("Kế hoạch hưởng ứng"),
    "ke-hoach-huong-ung",
    (
        *FIELDS,
        Field("phong_trao", _("Tên phong trào"), "Thi đua phòng, chống dịch bệnh"),
        Field(
            "can_cu",
            _("Kế hoạch phát động: số, ngày, cơ quan ban hành, trích yếu"),
            "văn bản số 127/KH-VKSTC ngày 05/02/2026 của VKSND tối cao (phát động phong trào thi đua)",
        ),
        Field("chu_de", _("Chủ đề"), "Đoàn kết, sáng tạo"),
        Field("to_chuc", _("Hình thức tổ chức, từng đoạn"), ["Hội nghị phát động trong tháng 3."]),
        Field(
            "noi_dung",
            _("Từng nội dung thi đua"),
            rows=(
                Field("ma", _("Mã nội dung"), "ND1"),
                Field("ten", _("Tên nội dung"), "Nâng cao chất lượng kiểm sát"),
                Field("ly_do", _("Lý do không có cam kết; trống nếu có cam kết"), ""),
                Field(
                    "cam_ket",
                    _("Từng việc cam kết"),
                    rows=(
                        Field("tt", _("Số thứ tự"), "1"),
                        Field("ten", _("Việc cam kết"), "Kiểm sát 100% tố giác, tin báo"),
                        Field("chi_tieu", _("Chỉ tiêu và đơn vị tính"), "1.200 vụ"),
                        Field("ai", _("Người, bộ phận chịu trách nhiệm"), "Phòng 1"),
                        Field("han", _("Hoàn thành trước ngày"), "30/11/2026"),
                    ),
                ),
            ),
        ),
    ),
    plan_data,
    plans,
)
