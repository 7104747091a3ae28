"""Who may write in a paper now: the actions of `awards.permissions`, and what the state of the paper adds to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from awards.models import MoreRequest, Nomination, Submission
from awards.nominations.desks import office_desk
from portal.days import today
from units.models import Unit, User


def may_draft(user: User, submission: Submission) -> bool:
    """Whether the person writes in the paper: head or officer of its own unit."""
    return user.may("draft_nominations", submission.unit)


def may_begin(user: User, unit: Unit) -> bool:
    """Whether the person may begin a paper of the unit."""
    return user.may("draft_nominations", unit) and unit.exists_on(today())


def may_set_aside(user: User, nomination: Nomination) -> bool:
    """Whether the person may set a blocking finding aside: the office that receives the unit's papers."""
    return user.may_anywhere("set_findings_aside") and user.may("set_findings_aside", office_desk(nomination.unit))


def open_request(nomination: Nomination) -> MoreRequest | None:
    """The request for more that the unit has to answer now."""
    return nomination.requests.filter(answered_at=None).last() if nomination.state == Nomination.State.MORE else None


def cover_open(submission: Submission) -> bool:
    """Whether the cover may be edited: nothing lies above, or something came back to the unit."""
    return opens_cover(submission.nominations.order_by().values_list("state", flat=True).distinct())


def opens_cover(states: Iterable[str]) -> bool:
    """The same of a paper whose nominations stand in these states."""
    kept = set(states)
    return not kept & set(Nomination.SENT) or bool(kept & set(Nomination.EDITABLE))


def never_sent(submission: Submission) -> bool:
    """Whether nothing of it was ever sent, nor looked at by the office or a council: it may be removed."""
    touched = Q(round__gt=0) | Q(overrides__isnull=False) | Q(agenda__isnull=False)
    return not submission.nominations.filter(touched).exists()
