"""Many rows at once: first what would change and what would not, then the deed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import flow
from campaigns.desk.coverage import RECEIVED, Line
from campaigns.models import Campaign, Plan
from portal.days import today
from portal.flow import Refused
from portal.models import Notice
from portal.models.trail import record
from portal.notices.services import notify
from portal.text import grouped
from units.access.holders import holding, people_at
from units.models import User


@dataclass
class Preview:
    """What would change and what is left alone; `will` holds (line, words), `left` holds (line, why)."""

    will: list[tuple[Line, str]] = field(default_factory=list)
    left: list[tuple[Line, str]] = field(default_factory=list)


Words = Callable[[Line], str]


def _preview(lines: list[Line], objection: Words, words: Words) -> Preview:
    found = Preview()
    for line in lines:
        why = objection(line)
        if why:
            found.left.append((line, why))
        else:
            found.will.append((line, words(line)))
    return found


# --- approve ---


def approve_preview(campaign: Campaign, lines: list[Line], by: User) -> Preview:
    """The plans among these lines that wait on this desk and that no colleague holds."""
    units = [line.unit.pk for line in lines]
    plans = {p.unit_id: p for p in campaign.plans.filter(unit__in=units).select_related("taken_up_by__person", "unit")}

    def objection(line: Line) -> str:
        plan = plans.get(line.unit.pk)
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

    return _preview(lines, objection, lambda line: _("chờ duyệt → đã duyệt"))


def approve(campaign: Campaign, seen: dict[int, int], by: User) -> tuple[int, list[str]]:
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


def remind_preview(campaign: Campaign, lines: list[Line], by: User) -> Preview:
    """The lines that may be reminded now: still owed, not reminded by hand today, with somebody to tell."""
    keys = {_key(line): line.obligation.pk for line in lines}
    subjects = [f"obligation:{line.obligation.pk}" for line in lines]
    told = Notice.objects.filter(subject_key__in=subjects, key__startswith="nudge:").values_list("key", flat=True)
    told_today = {keys.get(key.rsplit(":", 1)[0]) for key in told}
    held = holding("meet_obligations").filter(unit__in=[line.unit.pk for line in lines])
    people: dict[int, set[int]] = {}
    for unit, user in held.values_list("unit", "user"):
        people.setdefault(unit, set()).add(user)

    def objection(line: Line) -> str:
        if not campaign.running:
            return _("phong trào không còn diễn ra")
        if line.obligation.met_at:
            return _("đã nhận ngoài cổng") if line.standing == RECEIVED else _("đã gửi kế hoạch")
        if line.obligation.pk in told_today:
            return _("hôm nay đã nhắc")
        if line.unit.pk not in people:
            return _("chưa có tài khoản nào nhận nhắc việc")
        return ""

    return _preview(lines, objection, lambda line: _("nhắc %s người") % grouped(len(people[line.unit.pk])))


@transaction.atomic
def remind(campaign: Campaign, lines: list[Line], by: User, note: str) -> int:
    """Tell the heads and officers of each unit at once, whatever way of mail they chose; return how many units."""
    changes = {}
    for line, words in remind_preview(campaign, lines, by).will:
        fresh = notify(
            people_at(line.unit, "meet_obligations"),
            key=_key(line),
            kind="reminder",
            subject_key=f"obligation:{line.obligation.pk}",
            url=campaign.get_absolute_url(),
            urgent=True,
            words=partial(_nudge, campaign, line, note),
        )
        if fresh:
            changes[line.unit.short_name] = ["", words]
    if changes:
        record(campaign, "remind", by=by, note=note, changes=changes)
    return len(changes)


def _key(line: Line) -> str:
    return f"nudge:{line.obligation.pk}:{today()}"


def _nudge(campaign: Campaign, line: Line, note: str) -> tuple[str, str]:
    due_at = line.obligation.due_at
    due = f"{timezone.localtime(due_at):%d/%m/%Y %H:%M}" if due_at else _("chưa rõ")
    lines = [
        _("Kế hoạch hưởng ứng của %s đã được trả lại và chưa gửi lại.") % line.unit.name
        if line.standing == Plan.State.RETURNED
        else _("%s chưa gửi kế hoạch hưởng ứng phong trào này.") % line.unit.name,
        _("Hạn: %s.") % due,
    ]
    if note:
        lines.append(_("Lời nhắn: %s") % note)
    return _("Nhắc gửi kế hoạch: %s") % campaign.title, "\n".join(lines)
