"""Many rows at once: first what would change and what would not, then the deed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import flow
from campaigns.desk.coverage import RECEIVED
from campaigns.models import Campaign, Obligation, Plan
from portal.days import today
from portal.flow import Refused
from portal.models import Notice
from portal.models.trail import record
from portal.notices.services import tell
from units.access.holders import holding, people_at


@dataclass
class Preview:
    """What would change and what is left alone; `will` holds (row, words), `left` holds (row, why)."""

    will: list[tuple[Any, str]] = field(default_factory=list)
    left: list[tuple[Any, str]] = field(default_factory=list)


Words = Callable[[Obligation], str]


def _preview(rows: list[Obligation], objection: Words, words: Words) -> Preview:
    found = Preview()
    for row in rows:
        why = objection(row)
        if why:
            found.left.append((row, why))
        else:
            found.will.append((row, words(row)))
    return found


# --- approve ---


def approve_preview(campaign: Campaign, rows: list[Obligation], by: Any) -> Preview:
    """The plans among these rows that wait on this desk and that no colleague holds; each row gets its `plan_seen`."""
    units = [row.unit_id for row in rows]
    plans = {p.unit_id: p for p in campaign.plans.filter(unit__in=units).select_related("taken_up_by__person", "unit")}

    def objection(row: Obligation) -> str:
        row.plan_seen = plan = plans.get(row.unit_id)
        if plan is None or plan.state == Plan.State.DRAFT:
            return _("chưa gửi kế hoạch")
        if plan.state == Plan.State.RETURNED:
            return _("đã trả lại, đơn vị chưa gửi lại")
        if plan.state == Plan.State.APPROVED:
            return _("đã duyệt từ trước")
        if plan.desk_id != campaign.unit_id:
            return _("kế hoạch không nằm ở bàn duyệt này")
        if plan.taken_up_by_id not in (None, by.pk):
            return _("%s đang xem xét") % plan.taken_up_by
        return ""

    return _preview(rows, objection, lambda row: _("chờ duyệt → đã duyệt"))


def approve(campaign: Campaign, seen: dict[int, int], by: Any) -> tuple[int, list[str]]:
    """Approve the plans as they were seen (key → version), one by one; return how many, and the refusals in words."""
    done, refusals = 0, []
    plans = campaign.plans.select_related("unit").in_bulk(list(seen))
    for pk, version in seen.items():
        plan = plans.get(pk)
        if plan is None:
            continue
        try:
            flow.PLAN.take("approve", plan, by=by, version=version)
            done += 1
        except Refused as refusal:
            refusals += [f"{plan.unit.label}: {words}" for words in refusal.objections]
        except PermissionDenied:
            refusals.append(_("%s: kế hoạch không còn ở bàn duyệt này.") % plan.unit.label)
    return done, refusals


# --- remind ---


def remind_preview(campaign: Campaign, rows: list[Obligation], by: Any) -> Preview:
    """The rows that may be reminded now: still owed, not reminded by hand today, with somebody to tell."""
    keys = {_key(row): row.pk for row in rows}
    subjects = [f"obligation:{row.pk}" for row in rows]
    told = Notice.objects.filter(subject_key__in=subjects, key__startswith="nudge:").values_list("key", flat=True)
    told_today = {keys.get(key.rsplit(":", 1)[0]) for key in told}
    held = holding("meet_obligations").filter(unit__in=[row.unit_id for row in rows])
    people: dict[int, set[int]] = {}
    for unit, user in held.values_list("unit", "user"):
        people.setdefault(unit, set()).add(user)

    def objection(row: Obligation) -> str:
        if not campaign.running:
            return _("phong trào không còn diễn ra")
        if row.met_at:
            return _("đã nhận ngoài cổng") if row.standing == RECEIVED else _("đã gửi kế hoạch")
        if row.pk in told_today:
            return _("hôm nay đã nhắc")
        if row.unit_id not in people:
            return _("chưa có tài khoản nào nhận nhắc việc")
        return ""

    return _preview(rows, objection, lambda row: _("nhắc %s người") % len(people[row.unit_id]))


@transaction.atomic
def remind(campaign: Campaign, rows: list[Obligation], by: Any, note: str) -> int:
    """Tell the heads and officers of each unit at once, whatever way of mail they chose; return how many units."""
    changes = {}
    for row, words in remind_preview(campaign, rows, by).will:
        fresh = tell(
            people_at(row.unit, "meet_obligations"),
            key=_key(row),
            kind="reminder",
            subject_key=f"obligation:{row.pk}",
            url=campaign.get_absolute_url(),
            urgent=True,
            words=lambda row=row: _nudge(campaign, row, note),
        )
        if fresh:
            changes[row.unit.short_name] = ["", words]
    if changes:
        record(campaign, "remind", by=by, note=note, changes=changes)
    return len(changes)


def _key(row: Obligation) -> str:
    return f"nudge:{row.pk}:{today()}"


def _nudge(campaign: Campaign, row: Obligation, note: str) -> tuple[str, str]:
    due = f"{timezone.localtime(row.due_at):%d/%m/%Y %H:%M}" if row.due_at else _("chưa rõ")
    lines = [
        _("Kế hoạch hưởng ứng của %s đã được trả lại và chưa gửi lại.") % row.unit.name
        if row.standing == Plan.State.RETURNED
        else _("%s chưa gửi kế hoạch hưởng ứng phong trào này.") % row.unit.name,
        _("Hạn: %s.") % due,
    ]
    if note:
        lines.append(_("Lời nhắn: %s") % note)
    return _("Nhắc gửi kế hoạch: %s") % campaign.title, "\n".join(lines)
