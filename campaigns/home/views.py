"""Everybody's first page: one list of what waits, the most urgent first, and what each role keeps an eye on."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.home import desks
from campaigns.models import Campaign, Milestone, Obligation, Plan
from portal.web import panels
from portal.web.paging import numbered
from portal.web.requests import Request
from portal.web.work import by_urgency
from units.models import User
from units.models.units import label_columns

PAGE = 50
SHOWN = desks.SHOWN


@require_safe
def home(request: Request) -> HttpResponse:
    user, now = request.user, timezone.now()
    found = panels.waiting(user)
    context: dict[str, Any] = {"now": now, "panels": [panel for panel in found if panel.template]}
    work = [row for panel in found for row in panel.work]
    if user.may_anywhere("meet_obligations"):
        lower = units_below(user)
        context["below"] = list(lower[:SHOWN])
        context["below_late"] = lower.filter(Q(met_at=None, due__lt=now)).count()
        context["unit_desk"], more = desks.of_the_unit(user)
        work += more
    if user.may_anywhere("launch_campaigns"):
        work += desks.drafts_before_head(user)
    if user.may_anywhere("serve_campaigns"):
        context["office_desk"], more = desks.of_the_office(user)
        work += more
    if user.may_anywhere("keep_accounts"):
        context["admin_desk"] = desks.of_the_administrator(user)
    if user.may_anywhere("inspect_campaigns"):
        visible = Campaign.objects.visible_to(user).exclude(state=Campaign.State.DRAFT)
        shown = visible.select_related("unit").only(*desks.CAMPAIGN, *label_columns("unit"))
        context["reader_desk"] = shown[:SHOWN]
    context["parts"] = by_urgency(work, now)
    return render(request, "campaigns/home/home.html", context)


def units_below(user: User) -> QuerySet[Obligation]:
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
        .only("met_at", "extended_to", "milestone__due_at", "milestone__campaign__title", *label_columns("unit"))
        .order_by(F("due").asc(nulls_last=True), "unit__order", "pk")
    )


@require_safe
def below(request: Request) -> HttpResponse:
    """The same for the units below: what each owes, by when, in which state."""
    rows = units_below(request.user)
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
