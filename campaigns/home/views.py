"""Each role's own first page: what waits for them, with the way to do it."""

from datetime import timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, Milestone, Obligation, Plan
from portal.days import today
from portal.models import Notice
from portal.models.notices import MailState
from portal.operations import status
from portal.scope import inside
from portal.web import panels
from portal.web.paging import numbered
from units.models import Membership, Unit, User
from units.models.accounts import accounts_without_role, units_without_head

PAGE = 50
SHOWN = 12  # rows of a list on the first page; the whole list is one click away


@require_safe
def home(request):
    user = request.user
    context = {"now": timezone.now(), "panels": panels.waiting(user)}
    if user.may_anywhere("meet_obligations"):
        context["unit_desk"] = _unit_desk(user)
    if user.may_anywhere("serve_campaigns"):
        context["office_desk"] = _office_desk(user)
    if user.may_anywhere("keep_accounts"):
        context["admin_desk"] = _admin_desk(user)
    if user.may_anywhere("inspect_campaigns"):
        context["reader_desk"] = (
            Campaign.objects.visible_to(user).exclude(state=Campaign.State.DRAFT).for_list()[:SHOWN]
        )
    return render(request, "campaigns/home/home.html", context)


def _unit_desk(user: User) -> dict:
    """What the person's own units owe, and how the units below stand."""
    units = user.units_where("meet_obligations")
    mine = Obligation.objects.open().for_list().filter(unit__in=units).order_by(F("due").asc(nulls_last=True), "pk")
    plans = {
        (p.campaign_id, p.unit_id): p
        for p in Plan.objects.filter(unit__in=units, campaign__state=Campaign.State.LAUNCHED).for_list()
    }
    duties = [
        {
            "obligation": o,
            "plan": plans.get((o.milestone.campaign_id, o.unit_id)),
            "registration": o.milestone.kind == Milestone.Kind.REGISTRATION,
        }
        for o in mine
    ]
    lower = _below(user)
    waiting = [p for p in plans.values() if p.state == Plan.State.SUBMITTED]
    return {
        "units": units,
        "duties": duties,
        "waiting": waiting,
        "done": [p for p in plans.values() if p.state == Plan.State.APPROVED],
        "below": list(lower[:SHOWN]),
        "below_late": lower.filter(Q(met_at=None, due__lt=timezone.now())).count(),
        "review": list(
            Plan.objects.filter(desk__in=user.units_where("oversee_units_below"), state=Plan.State.SUBMITTED)
            .for_list()
            .order_by("submitted_at")[:SHOWN]
        ),
    }


def _below(user: User) -> QuerySet[Obligation]:
    """The registrations owed below the person's own units, with the state of each unit's plan."""
    plan = Plan.objects.filter(campaign=OuterRef("milestone__campaign"), unit=OuterRef("unit"))
    return (
        Obligation.objects.visible_to(user)
        .exclude(unit__in=user.units_where("meet_obligations"))
        .filter(
            milestone__kind=Milestone.Kind.REGISTRATION,
            released_at=None,
            milestone__campaign__state=Campaign.State.LAUNCHED,
            milestone__campaign__historical=False,
        )
        .with_due()
        .annotate(plan_pk=Subquery(plan.values("pk")[:1]), plan_state=Subquery(plan.values("state")[:1]))
        .select_related("unit", "milestone__campaign")
        .order_by(F("due").asc(nulls_last=True), "unit__order", "pk")
    )


@require_safe
def below(request):
    """The same for the units below: what each owes, by when, in which state."""
    rows = _below(request.user)
    states = {
        "late": rows.filter(Q(met_at=None, due__lt=timezone.now())),
        "open": rows.filter(met_at=None),
        "met": rows.exclude(met_at=None),
    }
    state = request.GET.get("state", "")
    page = numbered(request, states.get(state, rows), PAGE)
    context = {
        "page_obj": page,
        "rows": [(row, Plan.State(row.plan_state or Plan.State.DRAFT).label) for row in page],
        "state": state,
        "now": timezone.now(),
        "query": f"state={state}" if state in states else "",
    }
    return render(request, "campaigns/home/below.html", context)


def _office_desk(user: User) -> dict:
    """Running campaigns with their figures, what waits longest, drafts to finish."""
    served = user.units_where("serve_campaigns")
    now = timezone.now()
    registration = Q(milestones__kind=Milestone.Kind.REGISTRATION, milestones__obligations__released_at=None)
    running = (
        Campaign.objects.filter(unit__in=served, state=Campaign.State.LAUNCHED, historical=False)
        .select_related("unit")
        .annotate(
            owed=Count("milestones__obligations", filter=registration),
            met=Count(
                "milestones__obligations", filter=registration & Q(milestones__obligations__met_at__isnull=False)
            ),
            late=Count(
                "milestones__obligations",
                filter=registration
                & Q(milestones__obligations__met_at=None)
                & (
                    Q(milestones__obligations__extended_to__lt=now)
                    | Q(milestones__obligations__extended_to=None, milestones__due_at__lt=now)
                ),
            ),
        )
    )
    waiting = Plan.objects.filter(desk__in=served, state=Plan.State.SUBMITTED)
    return {
        "running": list(running[:SHOWN]),
        "waiting": list(waiting.for_list().select_related("taken_up_by__person").order_by("submitted_at")[:SHOWN]),
        "waiting_count": waiting.count(),
        "drafts": list(Campaign.objects.filter(unit__in=served, state=Campaign.State.DRAFT)[:SHOWN]),
        "failed": Notice.objects.filter(mail_state=MailState.FAILED).count(),
    }


def _admin_desk(user: User) -> dict:
    """What an administrator keeps true: accounts without a role, roles about to end, letters that failed."""
    day = today()
    return {
        "units": Unit.objects.as_of(day).count(),
        "accounts": User.objects.filter(is_active=True).count(),
        "without_role": accounts_without_role(day).count(),
        "ending": list(
            Membership.objects.in_force(day)
            .filter(valid_to__lte=day + timedelta(days=30))
            .select_related("user__person", "unit")
            .order_by("valid_to")[:SHOWN]
        ),
        "failed": Notice.objects.filter(mail_state=MailState.FAILED).count(),
        "headless": units_without_head(day).filter(inside(user.admin_paths(), "path")).count(),
        "troubles": status.troubles(),
    }
