"""How campaigns and plans move, and the verbs that write in a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import rules
from campaigns.content import changes, snapshot
from campaigns.models import AreaNote, Campaign, Commitment, Milestone, Plan, PlanVersion
from campaigns.obligations import services as obligations
from portal.days import local_day, today
from portal.flow import Conflict, Flow, Refused, Step
from portal.models.trail import record
from portal.notices.services import tell
from portal.scope import under
from units.access.holders import people_at
from units.models import Unit, User
from units.reorganisation.execute import hold

C, P = Campaign.State, Plan.State


# --- campaigns ---


def _launch(campaign: Campaign, by: User, note: str) -> None:
    campaign.launched_at = campaign.launched_at or timezone.now()
    obligations.assign(campaign, local_day(campaign.launched_at), by)
    if campaign.historical:
        return
    for unit in _owing(campaign):
        tell(
            people_at(unit, "draft_plans"),
            key=f"launch:{campaign.pk}:{unit.pk}",
            kind="launch",
            subject_key=f"campaign:{campaign.pk}",
            url=campaign.get_absolute_url(),
            words=lambda: (
                gettext("Phong trào mới: %s") % campaign.title,
                gettext("%(unit)s đã phát động phong trào. Hãy xem nội dung và đăng ký kế hoạch hưởng ứng của đơn vị.")
                % {"unit": campaign.unit.name},
            ),
        )


def _owing(campaign: Campaign) -> list[Any]:
    from_rows = {o.unit_id: o.unit for m in campaign.milestones.all() for o in m.obligations.select_related("unit")}
    return list(from_rows.values())


def _close(campaign: Campaign, by: User, note: str) -> None:
    campaign.closed_at = timezone.now()


CAMPAIGN = Flow(
    (
        Step(
            "launch",
            _("Phát động"),
            (C.DRAFT,),
            C.LAUNCHED,
            "launch_campaigns",
            objections=rules.launch_objections,
            effect=_launch,
        ),
        Step(
            "close",
            _("Kết thúc phong trào"),
            (C.LAUNCHED,),
            C.CLOSED,
            "launch_campaigns",
            effect=_close,
            needs_note=True,
            tone="secondary",
            open_if=lambda c: not c.historical,
        ),
        Step(
            "cancel",
            _("Hủy phong trào"),
            (C.DRAFT, C.LAUNCHED),
            C.CANCELLED,
            "launch_campaigns",
            effect=_close,
            needs_note=True,
            tone="danger",
            open_if=lambda c: not c.historical,
        ),
    )
)


def may_prepare(user: User, campaign: Campaign) -> bool:
    """Whether the person writes in this campaign's draft."""
    return user.may("prepare_campaigns", campaign.unit)


def may_manage(user: User, campaign: Campaign) -> bool:
    """Whether the person acts for the unit that launched it: coverage, review, extension."""
    return user.may("manage_campaigns", campaign.unit)


# --- plans ---


def _set_met(plan: Plan, moment: datetime | None) -> None:
    obligations.set_met(plan.campaign_id, Milestone.Kind.REGISTRATION, plan.unit_id, moment)


def _submit(plan: Plan, by: User, note: str) -> None:
    plan.round += 1
    plan.submitted_at, plan.submitted_by, plan.taken_up_by = timezone.now(), by, None
    plan.desk = plan.campaign.unit
    plan.refresh_search()
    PlanVersion.objects.create(plan=plan, number=plan.round, content=snapshot(plan), by=by)
    _set_met(plan, plan.submitted_at)
    tell(
        people_at(plan.desk, "review_plans"),
        key=f"submitted:{plan.pk}:{plan.round}",
        kind="submitted",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        words=lambda: (
            gettext("%s đã gửi kế hoạch") % plan.unit.label,
            gettext("Kế hoạch hưởng ứng «%(campaign)s» của %(unit)s đang chờ duyệt (lần gửi %(round)s).")
            % {"campaign": plan.campaign.title, "unit": plan.unit.name, "round": plan.round},
        ),
    )


def _withdraw(plan: Plan, by: User, note: str) -> None:
    plan.desk = plan.unit
    _set_met(plan, None)


def _take_up(plan: Plan, by: User, note: str) -> None:
    plan.taken_up_by = by


def _return(plan: Plan, by: User, note: str) -> None:
    plan.desk, plan.taken_up_by = plan.unit, by
    _set_met(plan, None)
    count = plan.comments.filter(round=plan.round).count()
    tell(
        people_at(plan.unit, "draft_plans"),
        key=f"returned:{plan.pk}:{plan.round}",
        kind="returned",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        urgent=True,
        words=lambda: (
            gettext("Kế hoạch được trả lại để bổ sung: %s") % plan.campaign.title,
            gettext("Lý do: %(note)s\nSố góp ý tại từng mục: %(count)s.") % {"note": note, "count": count},
        ),
    )


def _approve(plan: Plan, by: User, note: str) -> None:
    plan.approved_at, plan.taken_up_by = timezone.now(), by
    tell(
        people_at(plan.unit, "draft_plans"),
        key=f"approved:{plan.pk}",
        kind="approved",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        words=lambda: (
            gettext("Kế hoạch đã được duyệt: %s") % plan.campaign.title,
            gettext("Kế hoạch hưởng ứng của %s đã được duyệt.") % plan.unit.name,
        ),
    )


PLAN = Flow(
    (
        Step(
            "submit",
            _("Gửi kế hoạch"),
            (P.DRAFT,),
            P.SUBMITTED,
            "send_plans",
            objections=rules.plan_objections,
            effect=_submit,
        ),
        Step(
            "resubmit",
            _("Gửi lại"),
            (P.RETURNED,),
            P.SUBMITTED,
            "send_plans",
            objections=rules.plan_objections,
            effect=_submit,
        ),
        Step(
            "withdraw",
            _("Rút lại để sửa"),
            (P.SUBMITTED,),
            P.DRAFT,
            "send_plans",
            effect=_withdraw,
            tone="secondary",
            open_if=lambda plan: plan.taken_up_by_id is None,
        ),
        Step(
            "take_up",
            _("Nhận xem xét"),
            (P.SUBMITTED,),
            P.SUBMITTED,
            "review_plans",
            at="desk",
            effect=_take_up,
            tone="secondary",
            open_if=lambda plan: plan.taken_up_by_id is None,
        ),
        Step(
            "approve",
            _("Duyệt"),
            (P.SUBMITTED,),
            P.APPROVED,
            "review_plans",
            at="desk",
            effect=_approve,
            tone="success",
        ),
        Step(
            "return",
            _("Trả lại"),
            (P.SUBMITTED,),
            P.RETURNED,
            "review_plans",
            at="desk",
            effect=_return,
            needs_note=True,
            tone="warning",
        ),
    )
)


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
) -> Plan:
    """Put what the form holds into the draft; raises Conflict when `version` is not the one stored.

    The commitments replace those stored: rows have no identity of their own before a submission, and replacing makes
    a save that is sent twice the same as one sent once.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("unit", "campaign__unit").get(pk=plan.pk)
    if not may_draft(by, plan):
        raise PermissionDenied
    if not plan.editable:
        raise Refused([_("Kế hoạch đã gửi hoặc phong trào đã kết thúc: không sửa được nữa.")])
    if plan.version != version:
        raise Conflict(plan)
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
        record(plan, "edit", by=by, changes=changed)
    return plan
