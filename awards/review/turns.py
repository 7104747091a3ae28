"""Which dossier a reviewer turns to next: round and round through all that wait for them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from awards.interests import Interests
from awards.models import Assignment, Nomination
from awards.review.services import WAITING, queue
from units.models import User

AT_A_TIME = 50  # dossiers that are asked about conflicts together


def next_for(user: User, *, but: int | None = None) -> Nomination | None:
    """The next dossier for this reviewer: first their own, then those that nobody has and they may judge.

    Each kind goes by how long it waits. `but` is the one that was put off or finished: the round goes on behind it
    and begins again at its end, so that nothing is left out and the last one that waits comes back.
    """
    waiting = queue(user).filter(state__in=WAITING, draft_result="").order_by("received_at", "pk")
    own = waiting.filter(assignments__reviewer=user, assignments__done_at=None)
    free = waiting.filter(assignments=None).filter(Q(taken_up_by=None) | Q(taken_up_by=user))
    passed = queue(user).filter(pk=but).first() if but else None
    if passed is None:
        return own.first() or _judgeable(free, user)
    if Assignment.objects.filter(nomination=passed, reviewer=user).exists():
        return _behind(own, passed).first() or _judgeable(free, user) or own.first()
    return _judgeable(_behind(free, passed), user) or own.first() or _judgeable(free, user)


def _behind(rows: QuerySet[Nomination], passed: Nomination) -> QuerySet[Nomination]:
    return rows.filter(Q(received_at__gt=passed.received_at) | Q(received_at=passed.received_at, pk__gt=passed.pk))


def _judgeable(rows: QuerySet[Nomination], user: User) -> Nomination | None:
    """The first of them that no conflict of interest keeps from this reviewer."""
    start, rows = 0, rows.select_related("unit", "submission")
    while some := list(rows[start : start + AT_A_TIME]):
        interests = Interests.of([user], some)
        for nomination in some:
            if not interests.between(user.pk, nomination):
                return nomination
        start += AT_A_TIME
    return None
