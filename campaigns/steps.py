"""The tables of steps of campaigns and of plans, and what each does to the row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import rules
from campaigns.content import snapshot
from campaigns.models import Campaign, Milestone, Plan, PlanVersion
from campaigns.obligations import services as obligations
from portal.days import local_day
from portal.flow import Flow, Step
from portal.notices.services import notify, told
from portal.text import grouped
from units.access.for_the_head import clear, head_steps
from units.access.holders import people_at
from units.models import User

C, P = Campaign.State, Plan.State


# --- campaigns ---


def _launch(campaign: Campaign, by: User, note: str) -> None:
    campaign.launched_at = campaign.launched_at or timezone.now()
    obligations.assign(campaign, local_day(campaign.launched_at), by)
    if campaign.historical:
        return
    for unit in _owing(campaign):
        notify(
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


def _cancel(campaign: Campaign, by: User, note: str) -> None:
    """Whoever was told of it, owes to it or has written for it hears that it is off."""
    _close(campaign, by, note)
    answering = {plan.unit_id: plan.unit for plan in campaign.plans.select_related("unit")}
    units = answering | {unit.pk: unit for unit in _owing(campaign)}
    people = [user for unit in units.values() for user in people_at(unit, "draft_plans")]
    notify(
        {user.pk: user for user in (*people, *told(f"campaign:{campaign.pk}", "launch"))}.values(),
        key=f"cancelled:{campaign.pk}:{campaign.version}",
        kind="cancelled",
        subject_key=f"campaign:{campaign.pk}",
        url=campaign.get_absolute_url(),
        urgent=True,
        words=lambda: (
            gettext("Phong trào bị hủy: %s") % campaign.title,
            gettext("%(unit)s đã hủy phong trào; không phải gửi kế hoạch, báo cáo nữa.\nLý do: %(note)s")
            % {"unit": campaign.unit.name, "note": note},
        ),
    )


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
            effect=_cancel,
            needs_note=True,
            tone="danger",
            open_if=lambda c: not c.historical,
        ),
        *head_steps((C.DRAFT,), signs="launch_campaigns", title=lambda campaign: campaign.title),
    ),
    on_move=clear,
)


# --- plans ---


def _set_met(plan: Plan, moment: datetime | None) -> None:
    obligations.set_met(plan.campaign_id, Milestone.Kind.REGISTRATION, plan.unit_id, moment)


def _title(plan: Plan) -> str:
    return gettext("Kế hoạch hưởng ứng – %s") % plan.campaign.title


def _submit(plan: Plan, by: User, note: str) -> None:
    plan.round += 1
    plan.submitted_at, plan.submitted_by, plan.taken_up_by = timezone.now(), by, None
    plan.desk = plan.campaign.unit
    reviewers = people_at(plan.desk, "review_plans")
    if plan.reviewer_id not in {user.pk for user in reviewers}:
        plan.reviewer = None
    plan.refresh_search()
    PlanVersion.objects.create(plan=plan, number=plan.round, content=snapshot(plan), by=by)
    _set_met(plan, plan.submitted_at)
    notify(
        [user for user in reviewers if plan.reviewer_id in (None, user.pk)],
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
    notify(
        told(f"plan:{plan.pk}", "submitted", occasion=f"submitted:{plan.pk}:{plan.round}:"),
        key=f"withdrawn:{plan.pk}:{plan.version}",
        kind="withdrawn",
        subject_key=f"plan:{plan.pk}",
        url=plan.campaign.get_absolute_url(),
        words=lambda: (
            gettext("%s rút lại kế hoạch để sửa") % plan.unit.label,
            gettext("Kế hoạch hưởng ứng «%(campaign)s» của %(unit)s không còn chờ duyệt; đơn vị sẽ gửi lại.")
            % {"campaign": plan.campaign.title, "unit": plan.unit.name},
        ),
    )


def _take_up(plan: Plan, by: User, note: str) -> None:
    plan.taken_up_by = plan.reviewer = by


def _return(plan: Plan, by: User, note: str) -> None:
    plan.desk, plan.taken_up_by, plan.reviewer = plan.unit, by, by
    _set_met(plan, None)
    count = plan.comments.filter(round=plan.round, answers=None).count()
    notify(
        people_at(plan.unit, "draft_plans"),
        key=f"returned:{plan.pk}:{plan.round}",
        kind="returned",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        urgent=True,
        words=lambda: (
            gettext("Kế hoạch được trả lại để bổ sung: %s") % plan.campaign.title,
            gettext("Lý do: %(note)s\nSố góp ý tại từng mục: %(count)s.") % {"note": note, "count": grouped(count)},
        ),
    )


def _approve(plan: Plan, by: User, note: str) -> None:
    plan.approved_at, plan.taken_up_by, plan.reviewer = timezone.now(), by, by
    notify(
        people_at(plan.unit, "draft_plans"),
        key=f"approved:{plan.pk}:{plan.version}",
        kind="approved",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        words=lambda: (
            gettext("Kế hoạch đã được duyệt: %s") % plan.campaign.title,
            gettext("Kế hoạch hưởng ứng của %s đã được duyệt.") % plan.unit.name,
        ),
    )


def _reopen(plan: Plan, by: User, note: str) -> None:
    """It waits for approval again; whoever was told of the approval hears that it no longer holds."""
    plan.approved_at, plan.taken_up_by, plan.reviewer = None, by, by
    people = (*people_at(plan.unit, "draft_plans"), *told(f"plan:{plan.pk}", "approved"))
    notify(
        {user.pk: user for user in people}.values(),
        key=f"plan-reopened:{plan.pk}:{plan.version}",
        kind="plan_reopened",
        subject_key=f"plan:{plan.pk}",
        url=plan.get_absolute_url(),
        urgent=True,
        words=lambda: (
            gettext("Kế hoạch đã duyệt được mở lại: %s") % plan.campaign.title,
            gettext("Kế hoạch hưởng ứng của %(unit)s chờ duyệt lại.\nLý do: %(note)s")
            % {"unit": plan.unit.name, "note": note},
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
            asks=_("Duyệt kế hoạch này? Đơn vị được báo ngay; sau đó chỉ mở lại được khi có lý do."),
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
        Step(
            "reopen",
            _("Mở lại kế hoạch đã duyệt"),
            (P.APPROVED,),
            P.SUBMITTED,
            "review_plans",
            at="desk",
            effect=_reopen,
            needs_note=True,
            tone="secondary",
            open_if=lambda plan: plan.campaign.running,
        ),
        *head_steps((P.DRAFT, P.RETURNED), signs="send_plans", title=_title, open_if=lambda plan: plan.editable),
    ),
    on_move=clear,
)
