"""Who answers a reviewer's comment on a plan, and who marks it as done."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaigns import remarks
from campaigns.flow import may_draft, may_review
from campaigns.models import Comment, Plan
from portal.models.trail import record
from units.models import User


def shown_to_unit(comment: Comment) -> bool:
    """Whether the unit reads it: what is being written is not for the unit yet."""
    return comment.plan.state != Plan.State.SUBMITTED or comment.round < comment.plan.round


def may_talk(user: User, comment: Comment) -> bool:
    """Whether the person answers: the desk that has the plan, or the unit that reads the comment."""
    return may_review(user, comment.plan) or (may_draft(user, comment.plan) and shown_to_unit(comment))


@transaction.atomic
def answer(comment: Comment, text: str, *, by: User) -> Comment:
    """The unit's answer is told to whoever commented; the desk's goes to the unit with the plan, as comments do."""
    plan = comment.plan
    if not may_talk(by, comment):
        raise PermissionDenied
    desk = may_review(by, plan)
    about = {"plan": plan, "field": comment.field, "round": plan.round if desk else comment.round}
    made: Comment = remarks.answer(comment, text, by=by, **about)
    record(plan, "comment" if desk else "comment_answer", by=by, note=made.text)
    if not desk:
        url = f"{plan.get_absolute_url()}#{comment.field}"
        remarks.tell_author(comment, made, about=f"{plan.unit.label} – {plan.campaign.title}", url=url)
    return made


@transaction.atomic
def settle(comment: Comment, *, done: bool, by: User) -> None:
    """Either side says that the matter is done, or that it is not."""
    if not may_talk(by, comment):
        raise PermissionDenied
    if remarks.settle(comment, done=done, by=by):
        record(comment.plan, "comment_done" if done else "comment_open", by=by, note=comment.text)
