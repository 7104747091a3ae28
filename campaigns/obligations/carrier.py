"""The carrier of campaigns: what units lead, owe and write goes to their successors (campaigns.obligations)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Obligation, Plan
from campaigns.obligations import services as obligations
from portal.days import today
from portal.models.trail import record
from portal.notices.services import Telling, notify_many
from portal.text import grouped
from units.access.holders import people_at
from units.models import Unit, User
from units.reorganisation.execute import Heirs

RUNNING = Q(state__in=(Campaign.State.DRAFT, Campaign.State.LAUNCHED), historical=False)


def affected(units: list[Unit]) -> list[tuple[str, int, str]]:
    """Campaigns these units lead, what they owe, and their plans in every state that is not over."""
    plans = Plan.objects.filter(unit__in=units, campaign__state=Campaign.State.LAUNCHED, campaign__historical=False)
    return [
        (_("phong trào do đơn vị chủ trì"), Campaign.objects.filter(RUNNING, unit__in=units).count(), ""),
        (_("nghĩa vụ chưa hoàn thành"), Obligation.objects.open().filter(unit__in=units).count(), ""),
        (_("kế hoạch đang soạn hoặc được trả lại"), plans.filter(state__in=Plan.EDITABLE).count(), ""),
        (_("kế hoạch đã gửi, chờ duyệt"), plans.filter(state=Plan.State.SUBMITTED).count(), ""),
    ]


def transfer(heirs: Heirs, day: date, by: User | None) -> dict[str, Any]:
    """Hand over what is running; whoever holds a plan that changed its unit hears of it."""
    takers = {unit.pk: [h.unit for h in found if h.papers] for unit, found in heirs.items()}
    led = _lead_on(heirs, takers, by)
    running = Campaign.objects.filter(state=Campaign.State.LAUNCHED, historical=False).order_by("pk")
    did = {str(c.pk): obligations.reconcile(c, max(day, today()), takers) for c in running}
    _tell_writers([row for done in did.values() for row in done.get("plans", [])])
    return {"led": led, "campaigns": did}


def blockers(units: list[Unit], effects: dict[str, Any]) -> list[str]:
    """Plans and campaigns that began at the new units or moved on since, and duties met or extended there."""
    words = []
    handed = {
        pk: version for did in effects.get("campaigns", {}).values() for pk, _u, _d, version in did.get("plans", [])
    }
    fresh = Plan.objects.filter(unit__in=units).exclude(pk__in=handed).count()
    changed = sum(
        version != handed[pk] for pk, version in Plan.objects.filter(pk__in=handed).values_list("pk", "version")
    )
    if fresh or changed:
        words.append(_("%s kế hoạch của đơn vị mới đã được lập hoặc thay đổi sau đó.") % (fresh + changed))
    owed = [pk for did in effects.get("campaigns", {}).values() for pk in did.get("owed", [])]
    answered = Obligation.objects.filter(pk__in=owed).filter(Q(met_at__isnull=False) | Q(released_at__isnull=False))
    if count := answered.count():
        words.append(_("%s nghĩa vụ của đơn vị mới đã hoàn thành hoặc được xử lý.") % grouped(count))
    led = [pk for pk, _unit in effects.get("led", [])]
    if count := Campaign.objects.filter(unit__in=units).exclude(pk__in=led).count():
        words.append(_("%s phong trào do đơn vị mới lập.") % grouped(count))
    return words


def revert(effects: dict[str, Any]) -> None:
    """Put everything back at the units that had it."""
    for did in effects.get("campaigns", {}).values():
        obligations.restore(did)
    for pk, unit in effects.get("led", []):
        campaign = Campaign.objects.get(pk=pk)
        Plan.objects.filter(campaign=pk, desk=campaign.unit_id).update(desk=unit, version=F("version") + 1)
        Campaign.objects.filter(pk=pk).update(unit=unit, version=F("version") + 1)


def _lead_on(heirs: Heirs, takers: obligations.Takers, by: User | None) -> list[list[int]]:
    """A campaign that still runs is led on by the one successor that takes papers; else it keeps its unit."""
    led = []
    mine = Campaign.objects.select_for_update(of=("self",)).filter(RUNNING, unit__in=heirs).order_by("pk")
    for campaign in mine.select_related("unit"):
        if len(takers[campaign.unit_id]) == 1:
            old, campaign.unit = campaign.unit, takers[campaign.unit_id][0]
            led.append([campaign.pk, old.pk])
            Campaign.objects.filter(pk=campaign.pk).update(unit=campaign.unit, version=F("version") + 1)
            waiting = Plan.objects.filter(campaign=campaign, desk=old).exclude(unit=old)
            waiting.update(desk=campaign.unit, version=F("version") + 1)
            record(campaign, "hand_over", by=by, changes={"unit": [old.short_name, campaign.unit.short_name]})
    return led


def _tell_writers(rows: list[list[int]]) -> None:
    """Those who write for the successor, and whoever wrote last."""
    plans = {p.pk: p for p in Plan.objects.whole().filter(pk__in=[row[0] for row in rows])}
    notify_many(
        Telling(
            {u.pk: u for u in [*people_at(plan.unit, "draft_plans"), plan.updated_by] if u}.values(),
            key=f"handed:{plan.pk}:{plan.version}",
            kind="hand_over",
            subject_key=f"plan:{plan.pk}",
            url=plan.get_absolute_url(),
            words=_words(plan),
        )
        for plan in plans.values()
    )


def _words(plan: Plan) -> Any:
    def words() -> tuple[str, str]:
        said = {"campaign": plan.campaign.title, "unit": plan.unit.name, "state": plan.get_state_display()}
        return (
            _("Kế hoạch chuyển sang đơn vị kế tục: %(campaign)s") % said,
            _("Kế hoạch (%(state)s) nay thuộc %(unit)s; nội dung được giữ nguyên.") % said,
        )

    return words
