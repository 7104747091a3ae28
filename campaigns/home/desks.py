"""What each role finds on its first page of campaigns and plans, and what an administrator keeps true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign, Milestone, Obligation, Plan
from portal.days import today
from portal.models import Notice
from portal.models.notices import MailState
from portal.operations import status
from portal.scope import inside
from portal.text import grouped
from portal.web.work import Work
from units.models import Membership, Unit, User
from units.models.accounts import accounts_without_role, name_columns, units_without_head
from units.models.units import label_columns

# what a row of the list says: the texts of a campaign and its plans would be most of what is read
OWED = (
    *("extended_to", "milestone__kind", "milestone__due_at", "milestone__campaign__title"),
    *(*label_columns("unit"), *label_columns("milestone__campaign__unit")),
)
CAMPAIGN = ("code", "title", "state", "historical", "starts_on", "ends_on")
PLAN = (
    *("state", "before_head_at", "campaign__title", "campaign__state", "campaign__historical"),
    *("unit__path", *label_columns("unit")),
)
SHOWN = 12  # rows of a list on the first page; the whole list is one click away


# --- heads and officers ---


def of_the_unit(user: User) -> tuple[dict[str, Any], list[Work]]:
    """What the person's own units owe and have sent, and what waits for the head."""
    units = user.units_where("meet_obligations")
    owed = Obligation.objects.open().for_list().only(*OWED).filter(unit__in=units)
    owed = owed.order_by(F("due").asc(nulls_last=True), "pk")
    running = Plan.objects.filter(unit__in=units, campaign__state=Campaign.State.LAUNCHED)
    sent = running.for_list().select_related("before_head_by__person").only(*PLAN, *name_columns("before_head_by"))
    plans = {(p.campaign_id, p.unit_id): p for p in sent}
    work: list[Work] = []
    for obligation in owed:
        milestone = obligation.milestone
        if milestone.kind == Milestone.Kind.REGISTRATION:
            plan = plans.get((milestone.campaign_id, obligation.unit_id))
            work.append(_registration(user, obligation, plan))
        else:
            work.append(_report(obligation))
    named = {(o.milestone.campaign_id, o.unit_id) for o in owed if o.milestone.kind == Milestone.Kind.REGISTRATION}
    work += [_own_plan(user, p, None) for key, p in plans.items() if key not in named and p.editable and _handed(p)]
    work += _to_review(user)
    shown = {
        "units": units,
        "sent": [p for p in plans.values() if p.state in (Plan.State.SUBMITTED, Plan.State.APPROVED)],
    }
    return shown, work


def _registration(user: User, obligation: Obligation, plan: Plan | None) -> Work:
    campaign = obligation.milestone.campaign
    if plan:
        return _own_plan(user, plan, obligation)
    return Work(
        title=str(obligation.milestone),
        url=reverse("plan_begin", args=[campaign.pk]),
        button=_("Lập kế hoạch"),
        place=_place(obligation.unit, campaign),
        note=_("chưa lập"),
        due=obligation.due_at,
        waits=False,
        post=(("unit", obligation.unit_id),),
    )


def _handed(plan: Plan) -> bool:
    return plan.before_head_at is not None or plan.state == Plan.State.RETURNED


def _own_plan(user: User, plan: Plan, obligation: Obligation | None) -> Work:
    """The unit's plan in the hands of whoever it is that has to act."""
    signs, put, returned = user.may("send_plans", plan.unit), plan.before_head_at, plan.state == Plan.State.RETURNED
    edit = reverse("plan_edit", args=[plan.pk])
    if put:
        note = _("%(officer)s trình thủ trưởng") % {"officer": plan.before_head_by}
        url, button = plan.get_absolute_url(), _("Xem và gửi") if signs else _("Xem")
    elif returned:
        note, url, button = plan.get_state_display(), edit, _("Xem góp ý và sửa")
    elif plan.editable:
        note, url, button = plan.get_state_display(), edit, _("Soạn tiếp")
    else:
        note, url, button = plan.get_state_display(), plan.get_absolute_url(), _("Xem")
    return Work(
        title=str(obligation.milestone) if obligation else _("Kế hoạch hưởng ứng"),
        url=url,
        button=button,
        place=_place(plan.unit, plan.campaign),
        note=note,
        due=obligation.due_at if obligation else None,
        since=put,
        waits=signs if put else returned,
    )


def _report(obligation: Obligation) -> Work:
    milestone = obligation.milestone
    campaign = milestone.campaign
    nominates = milestone.kind == Milestone.Kind.NOMINATION
    return Work(
        title=str(milestone),
        url=f"{reverse('submission_list')}?campaign={campaign.pk}" if nominates else campaign.get_absolute_url(),
        button=_("Tờ trình khen thưởng") if nominates else _("Xem phong trào"),
        place=_place(obligation.unit, campaign),
        note=milestone.way,
        due=obligation.due_at,
        waits=False,
    )


def _place(unit: Unit, campaign: Campaign) -> str:
    return f"{campaign.title} · {unit.label}"


def _to_review(user: User) -> Iterator[Work]:
    """Plans of units below that wait for this head."""
    waiting = Plan.objects.filter(desk__in=user.units_where("oversee_units_below"), state=Plan.State.SUBMITTED)
    for plan in waiting.for_list().only(*PLAN, "submitted_at").order_by("submitted_at")[:SHOWN]:
        yield Work(
            title=_("Kế hoạch của %s chờ duyệt") % plan.unit.label,
            url=plan.get_absolute_url(),
            button=_("Xem xét"),
            place=plan.campaign.title,
            since=plan.submitted_at,
        )


def drafts_before_head(user: User) -> Iterator[Work]:
    """Campaigns that an officer has put before whoever launches them."""
    put = Campaign.objects.filter(
        unit__in=user.units_where("launch_campaigns"), state=Campaign.State.DRAFT, before_head_at__isnull=False
    )
    shown = ("title", "before_head_at", *label_columns("unit"), *name_columns("before_head_by"))
    for campaign in put.select_related("unit", "before_head_by__person").only(*shown)[:SHOWN]:
        yield Work(
            title=campaign.title,
            url=campaign.get_absolute_url(),
            button=_("Xem và phát động"),
            place=campaign.unit.label,
            note=_("%(officer)s trình thủ trưởng") % {"officer": campaign.before_head_by},
            since=campaign.before_head_at,
        )


# --- the emulation office ---


def of_the_office(user: User) -> tuple[dict[str, Any], list[Work]]:
    """Running campaigns with their figures; the plans that wait in each, drafts to finish, letters that failed."""
    served = user.units_where("serve_campaigns")
    now = timezone.now()
    registration = Q(milestones__kind=Milestone.Kind.REGISTRATION, milestones__obligations__released_at=None)
    running = (
        Campaign.objects.filter(unit__in=served, state=Campaign.State.LAUNCHED, historical=False)
        .only(*CAMPAIGN)
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
    shown = {
        "running": list(running[:SHOWN]),
        "failed": Notice.objects.filter(mail_state=MailState.FAILED).count(),
    }
    return shown, [*_waiting_plans(served), *_being_drafted(user, served)]


def _waiting_plans(served: list[Unit]) -> Iterator[Work]:
    """One row for each campaign in which plans wait, since when the oldest does."""
    waiting = Plan.objects.filter(desk__in=served, state=Plan.State.SUBMITTED).order_by()
    by_campaign = waiting.values("campaign", "campaign__title").annotate(n=Count("pk"), oldest=Min("submitted_at"))
    for row in by_campaign.order_by("oldest")[:SHOWN]:
        yield Work(
            title=ngettext("%s kế hoạch chờ duyệt", "%s kế hoạch chờ duyệt", row["n"]) % grouped(row["n"]),
            url=reverse("desk_next", args=[row["campaign"]]),
            button=_("Xem xét"),
            place=row["campaign__title"],
            since=row["oldest"],
        )


def _being_drafted(user: User, served: list[Unit]) -> Iterator[Work]:
    drafts = Campaign.objects.filter(unit__in=served, state=Campaign.State.DRAFT).select_related("unit")
    for campaign in drafts.only("title", "before_head_at", "unit__path")[:SHOWN]:
        if campaign.before_head_at and user.may("launch_campaigns", campaign.unit):
            continue  # stands there as put before whoever launches it
        yield Work(
            title=campaign.title,
            url=campaign.get_absolute_url(),
            button=_("Soạn tiếp"),
            place=_("Phong trào đang soạn"),
            waits=False,
        )


# --- administrators ---


def of_the_administrator(user: User) -> dict[str, Any]:
    """What an administrator keeps true: accounts without a role or never used, roles about to end, letters, jobs."""
    day = today()
    looked_at = status.lines()
    accounts = User.objects.filter(is_active=True).aggregate(
        all=Count("pk"), unused=Count("pk", filter=Q(last_login=None))
    )
    return {
        "units": Unit.objects.as_of(day).count(),
        "accounts": accounts["all"],
        "unused": accounts["unused"],
        "without_role": accounts_without_role(day).count(),
        "ending": list(
            Membership.objects.in_force(day)
            .filter(valid_to__lte=day + timedelta(days=30))
            .select_related("user__person", "unit")
            .order_by("valid_to")[:SHOWN]
        ),
        "headless": units_without_head(day).filter(inside(user.admin_paths(), "path")).count(),
        "counts": {line.name: line.count for line in looked_at if line.name},
        "troubles": [line for line in looked_at if line.trouble],
    }
