"""What pages show of campaigns, and what the reader's own units have to do with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import flow
from campaigns.models import Campaign, Milestone, Obligation, Plan
from portal.days import distance, due_tone, local_day
from units.models import EmulationOffice, Unit, User

STATE_TONES: dict[str, str] = {
    Campaign.State.DRAFT: "draft",
    Campaign.State.LAUNCHED: "waiting",
    Campaign.State.CLOSED: "approved",
    Campaign.State.CANCELLED: "neutral",
}


PLAN_TONES: dict[str, str] = {
    Plan.State.DRAFT: "draft",
    Plan.State.SUBMITTED: "waiting",
    Plan.State.RETURNED: "returned",
    Plan.State.APPROVED: "approved",
}


@dataclass(frozen=True)
class State:
    """How a campaign stands, in the words and the tone of a page."""

    words: str
    tone: str


def state_of(campaign: Campaign) -> State:
    """By the day; a record of former years has no other state."""
    return State(campaign.standing, "neutral" if campaign.historical else STATE_TONES[campaign.state])


@dataclass(frozen=True)
class Mine:
    """One unit of the reader and a campaign: what it owes, what it has written, what to do next."""

    unit: Unit
    obligation: Obligation | None
    plan: Plan | None
    may_begin: bool
    state: str
    tone: str
    due_at: datetime | None
    due_tone: str
    due_words: str


def mine_in(user: User, campaigns: list[Campaign]) -> dict[int, list[Mine]]:
    """For the units of a head or officer: by campaign, those which owe it a plan, have one or may write one."""
    units = user.units_where("draft_plans")
    if not units or not campaigns:
        return {}
    owed = Obligation.objects.filter(
        milestone__campaign__in=campaigns, milestone__kind=Milestone.Kind.REGISTRATION, unit__in=units, released_at=None
    ).select_related("milestone")
    by_pair = {(o.milestone.campaign_id, o.unit_id): o for o in owed}
    plans = {(p.campaign_id, p.unit_id): p for p in Plan.objects.filter(campaign__in=campaigns, unit__in=units)}
    found: dict[int, list[Mine]] = {}
    for campaign in campaigns:
        for unit in units:
            key = (campaign.pk, unit.pk)
            may_begin = flow.may_answer(user, campaign, unit)
            if key in by_pair or key in plans or may_begin:
                found.setdefault(campaign.pk, []).append(_one(unit, by_pair.get(key), plans.get(key), may_begin))
    return found


def _one(unit: Unit, obligation: Obligation | None, plan: Plan | None, may_begin: bool) -> Mine:
    now = timezone.now()
    late = bool(obligation and obligation.late_at(now))
    if plan:
        state, tone = plan.get_state_display(), PLAN_TONES[plan.state]
    elif obligation and obligation.met_at:
        state, tone = _("đã nộp"), "approved"
    elif obligation:
        state, tone = _("chưa lập kế hoạch"), "late" if late else "draft"
    else:
        state, tone = _("không bắt buộc"), "neutral"
    due_at = obligation.due_at if obligation else None
    words, tone_of_due = "", "neutral"
    if due_at and obligation and obligation.open:
        words, tone_of_due = distance(due_at, now), due_tone(due_at, now)
    return Mine(unit, obligation, plan, may_begin, state, tone, due_at, tone_of_due, words)


def _offsets_in_words(offsets: list[int]) -> str:
    before = [str(-day) for day in offsets if day < 0]
    after = [str(day) for day in offsets if day > 0]
    parts = []
    if before:
        parts.append(_("trước hạn %s ngày") % ", ".join(before))
    if 0 in offsets:
        parts.append(_("đúng ngày hạn"))
    if after:
        parts.append(_("sau hạn %s ngày") % ", ".join(after))
    return "; ".join(parts) or _("không nhắc")


def areas_of(campaign: Campaign) -> list[dict[str, Any]]:
    """The content areas with the texts of their criteria, in one query."""
    rows = campaign.areas.order_by("order", "pk", "criteria__order", "criteria__pk").values(
        "pk", "code", "title", "summary", "criteria__text", "criteria__points"
    )
    areas: dict[int, dict[str, Any]] = {}
    for row in rows:
        area = areas.setdefault(row["pk"], row | {"criteria": []})
        if row["criteria__text"] is not None:
            area["criteria"].append({"text": row["criteria__text"], "points": row["criteria__points"]})
    return list(areas.values())


def content_of(campaign: Campaign) -> dict[str, Any]:
    """What the page of a campaign and its preview show alike."""
    launched_on = local_day(campaign.launched_at) if campaign.launched_at else None
    return {
        "campaign": campaign,
        "state": state_of(campaign),
        "documents": campaign.documents.all(),
        "areas": areas_of(campaign),
        "solutions": campaign.solutions.all(),
        "merit_fields": campaign.merit_fields.all(),
        "phases": campaign.phases.all(),
        "milestones": [(m, _offsets_in_words(m.offsets)) for m in campaign.milestones.all()],
        "office": EmulationOffice.of(campaign.unit, launched_on),
        "launched_on": launched_on,
    }
