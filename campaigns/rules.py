"""What a campaign needs before it is launched and a plan before it is sent. Rules yield words and never write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from campaigns.models import Campaign, Plan

LAUNCH_ARTICLE = gettext_lazy(
    "Luật Thi đua, khen thưởng số 06/2022/QH15, Điều 17"
)  # docs/domain/law-and-practice.md, 3.2


def launch_objections(campaign: Campaign) -> Iterator[Any]:
    """What the law names and the campaign does not have yet, and what launching needs besides."""
    missing = [words for words, present in launch_checklist(campaign) if not present]
    for words in missing:
        yield _("Còn thiếu: %(what)s (%(article)s).") % {"what": words, "article": LAUNCH_ARTICLE}
    if campaign.parent_id and campaign.parent and campaign.parent.state not in ("launched",):
        yield _("Phong trào cấp trên không còn diễn ra.")
    milestones = list(campaign.milestones.all())
    if not any(m.owed_by for m in milestones):
        yield _("Chưa có mốc nào giao cho loại đơn vị nào: hãy chọn ít nhất một loại đơn vị phải đăng ký kế hoạch.")


def launch_checklist(campaign: Campaign) -> list[tuple[str, bool]]:
    """The seven must-haves of a campaign (Law 06/2022/QH15, article 17) and whether each is there."""
    areas = list(campaign.areas.all())
    return [
        (_("mục tiêu"), bool(campaign.objective.strip())),
        (_("phạm vi"), bool(campaign.scope.strip())),
        (_("đối tượng"), bool(campaign.subjects.strip())),
        (
            _("nội dung và tiêu chí (mỗi nội dung có ít nhất một tiêu chí)"),
            bool(areas) and all(list(area.criteria.all()) for area in areas),
        ),
        (_("thời gian (ngày bắt đầu và ngày kết thúc)"), bool(campaign.starts_on and campaign.ends_on)),
        (_("kế hoạch (số và ngày của văn bản phát động)"), any(d.is_plan for d in campaign.documents.all())),
        (_("biện pháp tổ chức thực hiện"), bool(list(campaign.solutions.all()))),
    ]


def lacks(row: Any) -> list[str]:
    """What a commitment does not say yet."""
    said = (
        (_("việc cam kết"), row.what),
        (_("chỉ tiêu"), row.amount is not None),
        (_("đơn vị tính"), row.measure),
        (_("người chịu trách nhiệm"), row.responsible),
        (_("thời hạn"), row.due_on),
    )
    return [words for words, value in said if not value]


def plan_objections(plan: Plan) -> Iterator[Any]:
    """Why a plan cannot be sent yet, each with the place to mend."""
    if not plan.campaign.running:
        yield _("Phong trào không còn nhận kế hoạch.")
    if not plan.theme.strip():
        yield _("Chủ đề: hãy ghi chủ đề hưởng ứng của đơn vị.")
    if not plan.organising.strip():
        yield _("Hình thức tổ chức: hãy ghi cách đơn vị tổ chức phong trào.")
    reasons = {note.area_id: note.reason.strip() for note in plan.area_notes.all()}
    commitments: dict[int, list[Any]] = {}
    for commitment in plan.commitments.all():
        commitments.setdefault(commitment.area_id, []).append(commitment)
    for area in plan.campaign.areas.all():
        rows = commitments.get(area.pk, [])
        if not rows and not reasons.get(area.pk):
            yield _("%(area)s: hãy ghi ít nhất một cam kết, hoặc lý do không có cam kết.") % {"area": area.code}
        for place, row in enumerate(rows, start=1):
            if lacking := lacks(row):
                yield _("%(area)s, cam kết %(place)s: còn thiếu %(what)s.") % {
                    "area": area.code,
                    "place": place,
                    "what": ", ".join(lacking),
                }
            if row.due_on and plan.campaign.ends_on and row.due_on > plan.campaign.ends_on:
                yield _("%(area)s, cam kết %(place)s: thời hạn sau ngày kết thúc phong trào (%(day)s).") % {
                    "area": area.code,
                    "place": place,
                    "day": f"{plan.campaign.ends_on:%d/%m/%Y}",
                }
