"""Who has answered a campaign, who has not: rows and figures of the office's desk, asked of the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import AreaNote, Campaign, Commitment, ContentArea, Milestone, Obligation, Plan
from campaigns.models.obligation import ObligationQuerySet
from portal.days import distance, due_tone
from portal.text import fold
from units.access.holders import holding
from units.models import Unit, User
from units.models.units import Kind

S = Plan.State
SEEN = (S.SUBMITTED, S.APPROVED)  # what a unit still writes is its own business
RECEIVED = "received"  # met outside the portal; shown only where it happened
STANDINGS: dict[str, tuple[Any, str]] = {
    S.DRAFT.value: (S.DRAFT.label, "draft"),
    S.SUBMITTED.value: (S.SUBMITTED.label, "waiting"),
    S.RETURNED.value: (S.RETURNED.label, "returned"),
    S.APPROVED.value: (S.APPROVED.label, "approved"),
    RECEIVED: (gettext_lazy("nhận ngoài cổng"), "neutral"),
}
SORTS = {
    "unit": (F("unit__order").asc(), F("unit__code").asc()),
    "due": (F("due").asc(nulls_last=True), F("unit__order").asc(), F("unit__code").asc()),
    "submitted": (F("plan__submitted_at").asc(nulls_last=True), F("unit__order").asc(), F("unit__code").asc()),
}


# --- rows ---


def owed(campaign: Campaign) -> ObligationQuerySet:
    """What units owe to the campaign's registration, met or not, unless they were released."""
    return Obligation.objects.filter(
        milestone__campaign=campaign, milestone__kind=Milestone.Kind.REGISTRATION, released_at=None
    )


def rows(campaign: Campaign, now: datetime) -> QuerySet[Obligation]:
    """One row for each unit that owes a plan, with how its plan stands (`standing`) and whether it is late."""
    late = Q(met_at=None, due__lt=now) if campaign.running else Q(pk__in=[])
    return (
        owed(campaign)
        .with_due()
        .annotate(
            plan=FilteredRelation("unit__plans", condition=Q(unit__plans__campaign=campaign.pk)),
            standing=Case(
                When(plan__state__in=SEEN, then=F("plan__state")),
                When(met_at__isnull=False, then=Value(RECEIVED)),
                default=Coalesce(F("plan__state"), Value(S.DRAFT.value)),
            ),
            late=Case(When(late, then=Value(True)), default=Value(False), output_field=BooleanField()),
        )
    )


def at_milestone(milestone: Milestone) -> QuerySet[Obligation]:
    """Who owes a milestone that the portal does not carry yet; the office notes what it received."""
    found = Obligation.objects.filter(milestone=milestone, released_at=None).for_list()
    return found.order_by("unit__order", "unit__code")


def for_list(found: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With what a line of the desk shows."""
    return found.select_related("unit", "milestone").annotate(
        plan_pk=F("plan__pk"),
        plan_version=F("plan__version"),
        submitted_at=F("plan__submitted_at"),
        round=F("plan__round"),
        reviewer=Coalesce(F("plan__taken_up_by__person__full_name"), F("plan__taken_up_by__username"), Value("")),
    )


def narrowed(found: QuerySet[Obligation], asked: dict[str, Any]) -> QuerySet[Obligation]:
    """The rows that fit what was asked: state, late, kind, area and promise, words, order."""
    if asked.get("state"):
        found = found.filter(Q(standing=asked["state"]))
    if asked.get("late"):
        found = found.filter(Q(late=True))
    if asked.get("kind"):
        found = found.filter(unit__kind=asked["kind"])
    if asked.get("area"):
        there = Exists(Commitment.objects.filter(plan=OuterRef("plan__pk"), area=asked["area"]))
        found = found.filter(Q(~there if asked.get("promise") == "without" else there, plan__state__in=SEEN))
    for word in fold(asked.get("q") or "").split():
        # the words of a draft are not searched: finding it by them would tell what it says
        found = found.filter(Q(unit__search__contains=word) | Q(plan__search__contains=word, plan__state__in=SEEN))
    return found.order_by(*SORTS.get(asked.get("sort") or "unit", SORTS["unit"]))


@dataclass(frozen=True)
class Line:
    """How one unit answers the campaign, in the words and tones of the desk."""

    obligation: Obligation
    standing: str
    label: Any
    tone: str
    hint: str
    late: bool
    due_tone: str
    due_words: str
    plan_pk: int | None
    plan_version: int | None
    submitted_at: datetime | None
    round: int | None
    reviewer: str

    @property
    def unit(self) -> Unit:
        return self.obligation.unit

    @property
    def seen(self) -> bool:
        """Whether the plan is in the office's hand."""
        return self.standing in SEEN

    @property
    def shows_plan(self) -> bool:
        """Whether the unit has sent a plan that can be read."""
        return bool(self.plan_pk) and self.standing not in (S.DRAFT, RECEIVED)


def described(found: Iterable[Any], now: datetime) -> list[Line]:
    """The rows of `for_list` with their words and tones for the reader."""
    return [_described(row, now) for row in found]


def _described(row: Any, now: datetime) -> Line:
    label, tone = STANDINGS[row.standing]
    hint = ""
    if row.standing == S.DRAFT:
        hint = _("đang soạn") if row.plan_pk else _("chưa bắt đầu")
    tone_of_due, words = due_words(row, now)
    return Line(
        obligation=row,
        standing=row.standing,
        label=label,
        tone=tone,
        hint=hint,
        late=row.late,
        due_tone=tone_of_due,
        due_words=words,
        plan_pk=row.plan_pk,
        plan_version=row.plan_version,
        submitted_at=row.submitted_at,
        round=row.round,
        reviewer=row.reviewer,
    )


def due_words(owed: Obligation, now: datetime) -> tuple[str, str]:
    """Tone and words of a moment: how many days are left, or have passed; none for what is met."""
    due, extended = owed.due_at, _("đã gia hạn") if owed.extended_to else ""
    if owed.met_at or due is None:
        return "neutral", extended
    return due_tone(due, now), ", ".join(part for part in (distance(due, now), extended) if part)


# --- figures ---


def by_kind(campaign: Campaign, now: datetime) -> list[dict[str, Any]]:
    """For each kind of unit: how many owe, how they stand, how many are writing, how many are late."""
    counts = {name: Count("pk", filter=Q(standing=name)) for name in STANDINGS}
    found = (
        rows(campaign, now)
        .order_by()
        .values("unit__kind")
        .annotate(
            owing=Count("pk"),
            overdue=Count("pk", filter=Q(late=True)),
            begun=Count("pk", filter=Q(standing=S.DRAFT, plan__pk__isnull=False)),
            **counts,
        )
    )
    order = list(Kind.values)
    lines = sorted(found, key=lambda line: order.index(line["unit__kind"]))
    return [line | {"kind": line["unit__kind"], "label": Kind(line["unit__kind"]).label} for line in lines]


def total(lines: list[dict[str, Any]]) -> dict[str, int]:
    """The kinds added up."""
    return {name: sum(line[name] for line in lines) for name in ("owing", "overdue", "begun", *STANDINGS)}


def by_area(campaign: Campaign) -> QuerySet[ContentArea]:
    """For each area: how many plans in hand promise something there, how many promises, how many gave a reason."""
    owing = owed(campaign).filter(unit=OuterRef("plan__unit"))
    here = Q(plan__campaign=campaign, plan__state__in=SEEN) & Q(Exists(owing))
    promises = Commitment.objects.filter(here, area=OuterRef("pk")).order_by().values("area")
    promised = Commitment.objects.filter(plan=OuterRef("plan"), area=OuterRef("area"))
    reasons = (
        AreaNote.objects.filter(here, ~Exists(promised), area=OuterRef("pk"))
        .exclude(reason="")
        .order_by()
        .values("area")
    )
    return campaign.areas.annotate(
        plans=_number(promises.annotate(n=Count("plan", distinct=True))),
        promises=_number(promises.annotate(n=Count("pk"))),
        reasons=_number(reasons.annotate(n=Count("pk"))),
    )


def _number(counted: QuerySet) -> Coalesce:
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def segments(figures: dict[str, int]) -> list[dict[str, Any]]:
    """The standings as one bar of a hundred; those that stand nowhere are left out, except the four words."""
    whole, x, found = figures["owing"] or 1, 0.0, []
    for name in (S.APPROVED.value, S.SUBMITTED.value, S.RETURNED.value, RECEIVED, S.DRAFT.value):
        label, tone = STANDINGS[name]
        width = round(100 * figures[name] / whole, 2)
        if figures[name] or name != RECEIVED:
            found.append({"label": label, "value": figures[name], "x": round(x, 2), "width": width, "tone": tone})
        x += width
    return found


@dataclass(frozen=True)
class Cell:
    """What a unit promises in one area: a number of promises, a reason, nothing, or not sent yet."""

    seen: bool
    promises: int
    reason: str


def with_cells(lines: list[Line], areas: list[ContentArea]) -> list[tuple[Line, list[Cell]]]:
    """Each line with its cells, one for each area."""
    mine = {"plan__in": [line.plan_pk for line in lines if line.seen]}
    counted = Commitment.objects.filter(**mine).order_by().values_list("plan", "area").annotate(n=Count("pk"))
    promises = {(plan, area): n for plan, area, n in counted}
    notes = AreaNote.objects.filter(**mine).exclude(reason="").values_list("plan", "area", "reason")
    reasons = {(plan, area): reason for plan, area, reason in notes}

    def cell(line: Line, area: ContentArea) -> Cell:
        place = (line.plan_pk or 0, area.pk)
        return Cell(line.seen, promises.get(place, 0), reasons.get(place, ""))

    return [(line, [cell(line, area) for area in areas]) for line in lines]


# --- the queue ---


def volunteers(campaign: Campaign) -> QuerySet[Plan]:
    """Plans in hand of units that owe none."""
    owing = owed(campaign).filter(unit=OuterRef("unit"))
    found = campaign.plans.filter(~Exists(owing), state__in=SEEN).select_related("unit")
    return found.order_by("-state", "submitted_at")  # what waits before what is approved


def queue(campaign: Campaign, user: User) -> QuerySet[Plan]:
    """Plans that wait on the campaign's desk and that no colleague has or had in hand, the longest wait first."""
    colleagues = holding("review_plans").filter(unit=campaign.unit).exclude(user=user).values("user")
    elsewhere = Q(taken_up_by__in=colleagues) | Q(taken_up_by=None, reviewer__in=colleagues)
    waiting = campaign.plans.filter(state=S.SUBMITTED, desk=campaign.unit)
    return waiting.exclude(elsewhere).order_by("submitted_at", "pk")


def after(waiting: QuerySet[Plan], plan: Plan | None) -> QuerySet[Plan]:
    """What comes behind this plan in the queue, whether it still stands there or not."""
    if plan is None or plan.submitted_at is None:
        return waiting
    later = Q(submitted_at__gt=plan.submitted_at) | Q(submitted_at=plan.submitted_at, pk__gt=plan.pk)
    return waiting.filter(later).exclude(pk=plan.pk)
