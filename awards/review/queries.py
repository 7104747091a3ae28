"""What the pages of the review desk show of nominations, and what waits longest there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from awards.ledger.services import award_label
from awards.models import Assignment, Nomination
from awards.nominations.queries import TONES
from awards.review import services as review
from portal.days import distance, due_tone
from portal.web import paging
from units.models import User


def described(rows: list[Nomination]) -> list[Nomination]:
    """The rows with the tone of their state, the name of their award and their clock in words."""
    now = timezone.now()
    for row in rows:
        row.tone = TONES[Nomination.State(row.state)]
        row.award_name = award_label(row.award)
        row.look_by = review.look_by(row)
        if row.look_by:
            row.due_words, row.due_tone = distance(row.look_by, now), due_tone(row.look_by, now)
    return rows


def waiting_longest(user: User, many: int = 8) -> dict[str, Any]:
    """What the office's first page shows: figures, and what waits longest against its clock."""
    rows = review.queue(user).filter(state__in=review.WAITING)
    pencilled = Q(state=Nomination.State.REVIEW) & ~Q(pencil="")
    figures = rows.aggregate(all=Count("pk"), pencilled=Count("pk", filter=pencilled))
    mine = Assignment.objects.filter(reviewer=user, done_at=None, nomination__state__in=review.WAITING).count()
    longest = paging.first(rows, Nomination.objects.for_lines(), ("received_at", "pk"), many)
    return figures | {"rows": described(longest), "mine": mine}
