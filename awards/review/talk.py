"""What the office says about a nomination, and what the unit answers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from awards.models import Comment, Nomination
from awards.nominations.permissions import may_draft
from awards.review.services import works_at
from campaigns import remarks
from portal.models.trail import record
from portal.notices.services import notify
from units.access.holders import people_at
from units.models import User


def _inner(comment: Comment) -> bool:
    return comment.audience == Comment.Audience.OFFICE


def count(nomination: Nomination) -> int:
    """How many comments, requests and opinions there are: one query for the three."""
    said = (nomination.comments, nomination.requests, nomination.opinions)
    first, *others = (rows.order_by().values("pk") for rows in said)
    return first.union(*others, all=True).count()


@transaction.atomic
def comment(nomination: Nomination, *, by: User, audience: str, text: str, place: str = "") -> Comment:
    """A word about the nomination; one for the unit is told to it."""
    if not works_at(by, nomination):
        raise PermissionDenied
    made = Comment.objects.create(
        nomination=nomination, audience=audience, field=place, text=text, round=nomination.round, by=by
    )
    record(nomination, "comment_office" if _inner(made) else "comment", by=by, note=text)
    _tell_unit(made)
    return made


def _tell_unit(made: Comment) -> None:
    if _inner(made):
        return
    nomination = made.nomination
    notify(
        people_at(nomination.unit, "draft_nominations"),
        key=f"nomination-comment:{made.pk}",
        kind="nomination_comment",
        subject_key=f"submission:{nomination.submission_id}",
        url=nomination.get_absolute_url(),
        words=lambda: (_("Góp ý cho hồ sơ của %s") % nomination.subject_name, made.text),
    )


def may_talk(user: User, comment: Comment) -> bool:
    """Whether the person answers: the office at its desk, or the unit where the comment is for it."""
    nomination = comment.nomination
    own = not _inner(comment) and may_draft(user, nomination.submission)
    return own or (works_at(user, nomination) and nomination.received_at is not None)


@transaction.atomic
def answer(comment: Comment, text: str, *, by: User) -> Comment:
    """The unit's answer is told to whoever commented, the office's to the unit."""
    if not may_talk(by, comment):
        raise PermissionDenied
    nomination, desk = comment.nomination, works_at(by, comment.nomination)
    about = {"nomination": nomination, "audience": comment.audience, "field": comment.field, "round": nomination.round}
    made: Comment = remarks.answer(comment, text, by=by, **about)
    if desk:
        record(nomination, "comment_office" if _inner(comment) else "comment", by=by, note=made.text)
        _tell_unit(made)
    else:
        record(nomination, "comment_answer", by=by, note=made.text)
        url = reverse("review_talk", args=[nomination.pk])
        remarks.tell_author(comment, made, about=nomination.subject_name, url=url)
    return made


@transaction.atomic
def settle(comment: Comment, *, done: bool, by: User) -> None:
    """Either side says that the matter is done, or that it is not."""
    if not may_talk(by, comment):
        raise PermissionDenied
    if not remarks.settle(comment, done=done, by=by):
        return
    if _inner(comment):
        record(comment.nomination, "comment_office", by=by, note=comment.text)
    else:
        record(comment.nomination, "comment_done" if done else "comment_open", by=by, note=comment.text)
