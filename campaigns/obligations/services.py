"""Who owes what: worked out at launch, kept true while the hierarchy changes, extended with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import Campaign, Milestone, Obligation, Plan
from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.models.trail import line, record
from portal.notices.services import withdraw_reminders
from portal.web import seen
from units.models import Succession, Unit, User

Takers = dict[int, list[Unit]]  # a unit that ended → who takes its papers


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
        if unit.parent is None or unit.parent_id == launcher.pk or unit.parent.kind != unit.kind
    ]


def assign(campaign: Campaign, day: date, by: User | None = None) -> int:
    """Write the obligations of the day that are not there yet; return how many are new."""
    fresh = 0
    for milestone in campaign.milestones.all():
        known = set(milestone.obligations.values_list("unit_id", flat=True))
        units = [u for u in owing_units(milestone, day) if u.pk not in known]
        Obligation.objects.bulk_create([Obligation(milestone=milestone, unit=u) for u in units], ignore_conflicts=True)
        fresh += len(units)
    return fresh


@transaction.atomic
def reconcile(campaign: Campaign, day: date | None = None, takers: Takers | None = None) -> dict[str, Any]:
    """Make what units owe and write in a running campaign follow the hierarchy of the day; all of it is in the trail.

    `takers` says who takes the papers of a unit that ended, where a reorganisation chose; else its successors do.
    Returns what was done, for `restore`.
    """
    day = day or today()
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not campaign.running:
        return {}
    handing = _Handing(campaign, day, takers or {})
    handing.plans()
    handing.obligations()
    before = set(Obligation.objects.filter(milestone__campaign=campaign).values_list("pk", flat=True))
    assign(campaign, day)
    fresh = Obligation.objects.filter(milestone__campaign=campaign).exclude(pk__in=before).for_list()
    for obligation in fresh:
        handing.say(campaign, "owe", note=f"{obligation.unit.short_name}: {obligation.milestone.get_kind_display()}")
    handing.did["owed"] += [o.pk for o in fresh]
    Entry.objects.bulk_create(handing.entries, batch_size=500)
    return handing.did


class _Handing:
    """One campaign's papers of units that ended, going to the successors."""

    def __init__(self, campaign: Campaign, day: date, takers: Takers):
        self.campaign, self.day, self.takers = campaign, day, takers
        self.entries: list[Entry] = []
        self.did: dict[str, Any] = {name: [] for name in ("plans", "moved", "released", "owed", "met")}
        # plans before obligations, as a submission locks them: whoever comes second waits, nobody waits for ever
        found = Plan.objects.select_for_update(of=("self",)).filter(campaign=campaign, unit__valid_to__lt=day)
        self.ended_plans = list(found.select_related("unit").prefetch_related("commitments").order_by("pk"))
        owed = Obligation.objects.filter(milestone__campaign=campaign, unit__valid_to__lt=day, released_at=None)
        self.ended_obligations = list(owed.select_related("unit", "milestone").order_by("pk"))
        self._successions()
        heirs = {h.pk for found in self.heirs.values() for h in found}
        self.taken = set(Plan.objects.filter(campaign=campaign, unit__in=heirs).values_list("unit_id", flat=True))
        theirs = Obligation.objects.filter(milestone__campaign=campaign, unit__in=heirs)
        self.theirs = {(o.milestone_id, o.unit_id): o for o in theirs}
        self.went: dict[int, tuple[Unit, datetime | None]] = {}  # unit → where its plan went, when it had been sent

    def say(self, subject: Any, verb: str, **said: Any) -> None:
        self.entries.append(line(subject, verb, **said))

    def _successions(self) -> None:
        """Who succeeded the units, and which of them simply go on: one heir who took over from nobody else."""
        ended = {plan.unit_id for plan in self.ended_plans} | {owed.unit_id for owed in self.ended_obligations}
        rows = Succession.objects.filter(predecessor__in=ended).exclude(successor=None).select_related("successor")
        self.heirs: dict[int, list[Unit]] = {}
        self.same: set[int] = set()
        for row in rows:
            if row.successor:
                self.heirs.setdefault(row.predecessor_id, []).append(row.successor)
            if row.kind == Succession.Kind.CONTINUE:
                self.same.add(row.predecessor_id)

    def plans(self) -> None:
        """A plan goes to the one successor that takes papers and has no plan yet; otherwise it stays where it is.

        A unit that goes on under another name takes every plan along; after a merger an approved plan stays a record
        of its unit, and what is sent goes before what is written.
        """
        order: list[str] = [Plan.State.APPROVED, Plan.State.SUBMITTED, Plan.State.RETURNED, Plan.State.DRAFT]
        moved = []
        for plan in sorted(self.ended_plans, key=lambda p: (order.index(p.state), p.pk)):
            heirs = self.takers.get(plan.unit_id, self.heirs.get(plan.unit_id, []))
            if len(heirs) != 1 or heirs[0].pk in self.taken:
                continue
            if plan.state == Plan.State.APPROVED and plan.unit_id not in self.same:
                continue
            heir, old, desk = heirs[0], plan.unit, plan.desk_id
            self.taken.add(heir.pk)
            self.went[old.pk] = (heir, plan.submitted_at)
            plan.unit, plan.version = heir, plan.version + 1
            plan.desk_id = heir.pk if desk == old.pk else desk
            plan.refresh_search()
            moved.append(plan)
            self.did["plans"].append([plan.pk, old.pk, desk, plan.version])
            self.say(plan, "hand_over", changes={"unit": [old.short_name, heir.short_name]})
        Plan.objects.bulk_update(moved, ["unit", "desk", "version", "search"], batch_size=100)

    def obligations(self) -> None:
        """What was met goes with the plan that met it; what is open goes to every successor, or is released."""
        met = [o for o in self.ended_obligations if o.met_at]
        moved = [o for o in met if self._met_along(o)]
        released, fresh = [], []
        for obligation in self.ended_obligations:
            if obligation.met_at:
                continue
            heirs = self.heirs.get(obligation.unit_id, [])
            if obligation.unit_id in self.same and self._move(obligation, heirs[0]):
                moved.append(obligation)
                continue
            self.did["released"].append([obligation.pk, obligation.reason])
            with override("vi"):
                names = ", ".join(u.short_name for u in heirs)
                obligation.reason = (
                    _("Đơn vị đã kết thúc; chuyển cho %s.") % names if heirs else _("Đơn vị đã giải thể.")
                )[:300]
            obligation.released_at = timezone.now()
            released.append(obligation)
            for heir in heirs:
                if (obligation.milestone_id, heir.pk) not in self.theirs:
                    owed = Obligation(milestone=obligation.milestone, unit=heir, extended_to=obligation.extended_to)
                    self.theirs[obligation.milestone_id, heir.pk] = owed
                    fresh.append(owed)
            verb = "hand_over" if heirs else "release"
            self.say(self.campaign, verb, note=f"{obligation.unit.short_name}: {obligation.reason}")
        Obligation.objects.bulk_update(moved, ["unit"], batch_size=200)
        Obligation.objects.bulk_update(released, ["released_at", "reason"], batch_size=200)
        self.did["owed"] += [o.pk for o in Obligation.objects.bulk_create(fresh, batch_size=200)]

    def _met_along(self, obligation: Obligation) -> bool:
        """Whether a met obligation itself goes to the heir; where the heir owes the same already, that is met too."""
        heir, sent = self.went.get(obligation.unit_id, (None, None))
        registration = obligation.milestone.kind == Milestone.Kind.REGISTRATION
        if obligation.unit_id in self.same:
            heir = self.heirs[obligation.unit_id][0]
        elif not registration:
            return False  # what was delivered stays delivered by the unit of its day
        if heir is None:
            return False
        if self._move(obligation, heir):
            return True
        theirs = self.theirs[obligation.milestone_id, heir.pk]
        if registration and sent and theirs.open:
            Obligation.objects.filter(pk=theirs.pk).update(met_at=obligation.met_at)
            self.did["met"].append(theirs.pk)
        return False

    def _move(self, obligation: Obligation, heir: Unit) -> bool:
        if (obligation.milestone_id, heir.pk) in self.theirs:
            return False
        self.did["moved"].append([obligation.pk, obligation.unit_id])
        self.theirs[obligation.milestone_id, heir.pk] = obligation
        self.say(
            self.campaign,
            "hand_over",
            note=f"{obligation.unit.short_name} → {heir.short_name}: {obligation.milestone.get_kind_display()}",
        )
        obligation.unit = heir
        return True


def restore(did: dict[str, Any]) -> None:
    """Put back what one `reconcile` did; the versions of the plans go on, so that nobody overwrites unseen."""
    units = dict(Unit.objects.in_bulk([unit for _pk, unit, _desk, _version in did.get("plans", [])]))
    plans = Plan.objects.select_for_update(of=("self",)).prefetch_related("commitments")
    found = {p.pk: p for p in plans.filter(pk__in=[row[0] for row in did.get("plans", [])]).order_by("pk")}
    for pk, unit, desk, version in did.get("plans", []):
        plan = found[pk]
        if plan.version != version:  # sent or written while the undoing began
            raise Refused([_("Một kế hoạch vừa được thay đổi; hãy xem lại rồi hoàn tác.")])
        plan.unit, plan.desk_id, plan.version = units[unit], desk, plan.version + 1
        plan.refresh_search()
    Plan.objects.bulk_update(found.values(), ["unit", "desk", "version", "search"], batch_size=100)
    Obligation.objects.filter(pk__in=did.get("owed", [])).delete()
    for pk, unit in did.get("moved", []):
        Obligation.objects.filter(pk=pk).update(unit=unit)
    Obligation.objects.filter(pk__in=did.get("met", [])).update(met_at=None)
    for pk, reason in did.get("released", []):
        Obligation.objects.filter(pk=pk).update(released_at=None, reason=reason)
    for pk in did.get("owed", []):
        withdraw_reminders(f"obligation:{pk}")


def _as_seen(obligation: Obligation, versions: dict[int, int]) -> None:
    if obligation.version != seen.of(versions, obligation):
        raise Refused([_("%s: vừa có thay đổi. Hãy xem lại rồi thực hiện.") % obligation.unit.label])


@transaction.atomic
def extend(obligations: Any, until: datetime, *, by: User, reason: str, versions: dict[int, int]) -> int:
    """Give these obligations a later moment of their own, with a reason; return how many changed.

    `versions` tells which version of each was seen. Raises Refused, and changes none, where one is another by now.
    """
    count = 0
    rows = obligations.select_for_update(of=("self",)).select_related("unit", "milestone__campaign").order_by("pk")
    for obligation in rows:
        _as_seen(obligation, versions)
        was, obligation.extended_to, obligation.reason = obligation.due_at, until, reason
        obligation.extended_at = timezone.now()
        obligation.save(update_fields=["extended_to", "extended_at", "reason"])
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
def receive(obligation: Obligation, *, by: User, note: str, version: int) -> None:
    """Note that the office has it by another way (on paper, by post); only an open obligation can be met.

    Raises Refused where the obligation is not as it was seen.
    """
    obligation = Obligation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=obligation.pk)
    if obligation.open:
        _as_seen(obligation, {obligation.pk: version})
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


def set_met(campaign: int, kind: str, unit: int, moment: datetime | None) -> None:
    """The unit's obligation to the campaign's milestone of this kind is met at this moment, or open again with None."""
    obligation = (
        Obligation.objects.select_for_update(of=("self",))
        .filter(milestone__campaign=campaign, milestone__kind=kind, unit=unit)
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
