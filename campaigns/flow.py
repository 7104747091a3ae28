"""The verbs that write in a draft, and who may; the tables by which campaigns and plans move stand in `steps`."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.content import changes, snapshot
from campaigns.models import AreaNote, Campaign, Commitment, Plan
from campaigns.steps import CAMPAIGN, PLAN
from portal.days import today
from portal.flow import EditConflict, Refused, expect
from portal.models.trail import record
from portal.scope import under
from portal.sittings import record_edit
from units.models import Unit, User
from units.reorganisation.execute import hold

__all__ = ["CAMPAIGN", "PLAN", "EditConflict"]

P = Plan.State


# --- campaigns ---


def may_prepare(user: User, campaign: Campaign) -> bool:
    """Whether the person writes in this campaign's draft."""
    return user.may("prepare_campaigns", campaign.unit)


def may_manage(user: User, campaign: Campaign) -> bool:
    """Whether the person acts for the unit that launched it: coverage, review, extension."""
    return user.may("manage_campaigns", campaign.unit)


# --- plans ---


def may_draft(user: User, plan: Plan) -> bool:
    """Whether the person writes in the plan: head or officer of its own unit."""
    return user.may("draft_plans", plan.unit)


def may_review(user: User, plan: Plan) -> bool:
    """Whether the person comments on the plan where it lies now."""
    return plan.state == P.SUBMITTED and user.may("review_plans", plan.desk)


def may_answer(user: User, campaign: Campaign, unit: Unit) -> bool:
    """Whether the person may begin the unit's plan: it must owe one, or lie in the campaign's scope."""
    return (
        campaign.running
        and user.may("draft_plans", unit)
        and unit.pk != campaign.unit_id
        and under(unit.path, campaign.unit.path)
        and unit.exists_on(today())
    )


@transaction.atomic
def begin(campaign: Campaign, unit: Unit, *, by: User) -> Plan:
    """The unit's plan for the campaign, made if there is none yet; a double click makes one."""
    if not may_answer(by, campaign, unit):
        raise PermissionDenied
    hold(unit)
    plan, fresh = Plan.objects.get_or_create(campaign=campaign, unit=unit, defaults={"desk": unit, "updated_by": by})
    if fresh:
        plan.refresh_search()
        plan.save(update_fields=["search"])
        record(plan, "create", by=by)
    return plan


@transaction.atomic
def write(
    plan: Plan,
    *,
    theme: str,
    organising: str,
    commitments: list[Commitment],
    reasons: dict[int, str],
    by: User,
    version: int,
    tab: str = "",
) -> Plan:
    """Put what the form holds into the draft; raises EditConflict when `version` is not the one stored.

    The commitments replace those stored: rows have no identity of their own before a submission, and replacing makes
    a save that is sent twice the same as one sent once.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit", "campaign__unit").get(pk=plan.pk)
    if not may_draft(by, plan):
        raise PermissionDenied
    if not plan.editable:
        raise Refused([_("Kế hoạch đã gửi hoặc phong trào đã kết thúc: không sửa được nữa.")])
    expect(plan, version, by=by, tab=tab)
    before = snapshot(plan)
    plan.theme, plan.organising = theme, organising
    plan.commitments.all().delete()
    for place, row in enumerate(commitments):
        row.pk, row.plan, row.order = None, plan, place
    Commitment.objects.bulk_create(commitments)
    plan.area_notes.all().delete()
    AreaNote.objects.bulk_create(
        [AreaNote(plan=plan, area_id=area, reason=reason) for area, reason in reasons.items() if reason]
    )
    changed = changes(before, snapshot(plan))
    if changed:
        plan.version += 1
        plan.updated_by = by
        plan.refresh_search()
        plan.save()
        record_edit(plan, by=by, changes=changed, tab=tab)
    return plan
