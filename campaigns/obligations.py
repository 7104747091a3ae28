"""Who owes what: worked out at launch, kept true while the hierarchy changes, extended with a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import Campaign, Milestone, Obligation, Plan
from units.days import today
from units.models import Unit
from units.models.trail import record
from units.notify import withdraw_reminders


def owing_units(milestone: Milestone, day: date) -> list[Unit]:
    """The units that owe the milestone by the hierarchy of the day.

    A unit of an owing kind below the launching unit, except a part of a unit of the same kind: a division of the Office
    answers through the Office, unless the Office itself launches.
    """
    launcher = milestone.campaign.unit
    below = Unit.objects.as_of(day).within(launcher).exclude(pk=launcher.pk).select_related("parent")
    return [
        unit
        for unit in below.filter(kind__in=milestone.owed_by)
        if unit.parent_id == launcher.pk or unit.parent.kind != unit.kind
    ]


def assign(campaign: Campaign, day: date, by=None) -> int:
    """Write the obligations of the day that are not there yet; return how many are new."""
    fresh = 0
    for milestone in campaign.milestones.all():
        known = set(milestone.obligations.values_list("unit_id", flat=True))
        units = [u for u in owing_units(milestone, day) if u.pk not in known]
        Obligation.objects.bulk_create([Obligation(milestone=milestone, unit=u) for u in units], ignore_conflicts=True)
        fresh += len(units)
    return fresh


@transaction.atomic
def reconcile(campaign: Campaign, day: date | None = None) -> None:
    """Make the obligations of a running campaign follow the hierarchy of the day; every change is in the trail."""
    day = day or today()
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not campaign.running:
        return
    gone = Obligation.objects.filter(
        milestone__campaign=campaign, met_at=None, released_at=None, unit__valid_to__lt=day
    ).select_related("unit", "milestone__campaign")
    for obligation in gone:
        _hand_over(obligation)
    plans = Plan.objects.filter(campaign=campaign, unit__valid_to__lt=day, state__in=Plan.EDITABLE)
    for plan in plans.select_related("unit"):
        _hand_over_draft(plan)
    before = set(Obligation.objects.filter(milestone__campaign=campaign).values_list("pk", flat=True))
    assign(campaign, day)
    for obligation in Obligation.objects.filter(milestone__campaign=campaign).exclude(pk__in=before).for_list():
        record(campaign, "owe", note=f"{obligation.unit.short_name}: {obligation.milestone.get_kind_display()}")


def _successors(unit: Unit) -> list[Unit]:
    rows = unit.succeeded_by.exclude(successor=None).select_related("successor")
    return [row.successor for row in rows]


def _hand_over(obligation: Obligation) -> None:
    heirs = _successors(obligation.unit)
    with override("vi"):
        names = ", ".join(u.short_name for u in heirs)
        obligation.reason = _("Đơn vị đã kết thúc; chuyển cho %s.") % names if heirs else _("Đơn vị đã giải thể.")
    obligation.released_at = timezone.now()
    obligation.save(update_fields=["released_at", "reason"])
    for heir in heirs:
        Obligation.objects.get_or_create(
            milestone=obligation.milestone, unit=heir, defaults={"extended_to": obligation.extended_to}
        )
    record(
        obligation.milestone.campaign,
        "hand_over" if heirs else "release",
        note=f"{obligation.unit.short_name}: {obligation.reason}",
    )


def _hand_over_draft(plan: Plan) -> None:
    """The draft goes to the one successor that has none yet; otherwise it stays readable where it is."""
    heirs = _successors(plan.unit)
    if len(heirs) != 1 or Plan.objects.filter(campaign=plan.campaign_id, unit=heirs[0]).exists():
        return
    old = plan.unit
    plan.unit = plan.desk = heirs[0]
    plan.version += 1
    plan.refresh_search()
    plan.save()
    record(plan, "hand_over", changes={"unit": [old.short_name, heirs[0].short_name]})


@transaction.atomic
def extend(obligations, until: datetime, *, by, reason: str) -> int:
    """Give these obligations a later moment of their own, with a reason; return how many changed."""
    count = 0
    for obligation in obligations.select_for_update(of=("self",)).select_related("unit", "milestone__campaign"):
        was, obligation.extended_to, obligation.reason = obligation.due_at, until, reason
        obligation.save(update_fields=["extended_to", "reason"])
        withdraw_reminders(f"obligation:{obligation.pk}")
        shown = lambda m: timezone.localtime(m).strftime("%d/%m/%Y %H:%M") if m else None  # noqa: E731
        record(
            obligation.milestone.campaign,
            "extend",
            by=by,
            note=reason,
            changes={
                f"{obligation.unit.short_name}: {obligation.milestone.get_kind_display()}": [shown(was), shown(until)]
            },
        )
        count += 1
    return count


@transaction.atomic
def receive(obligation: Obligation, *, by, note: str) -> None:
    """Note that the office has it by another way (on paper, by post); only an open obligation can be met."""
    obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    if obligation.open:
        obligation.met_at, obligation.reason = timezone.now(), note
        obligation.save(update_fields=["met_at", "reason"])
        withdraw_reminders(f"obligation:{obligation.pk}")
        record(
            obligation.milestone.campaign,
            "receive",
            by=by,
            note=note,
            changes={obligation.unit.short_name: ["", obligation.milestone.get_kind_display()]},
        )


def set_met(plan: Plan, moment: datetime | None) -> None:
    """The registration obligation of the plan's unit is met at this moment, or open again with None."""
    obligation = (
        Obligation.objects.select_for_update(of=("self",))
        .filter(milestone__campaign=plan.campaign_id, milestone__kind=Milestone.Kind.REGISTRATION, unit=plan.unit_id)
        .first()
    )
    if not obligation:
        return
    obligation.met_at = moment
    if moment is None:
        obligation.opened_at = timezone.now()
    else:
        obligation.released_at = None
        withdraw_reminders(f"obligation:{obligation.pk}")
    obligation.save(update_fields=["met_at", "opened_at", "released_at"])
