"""What pages show of nominations, and what waits for a person."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from awards.models import MoreRequest, Nomination
from awards.models.ledger import award_label
from awards.review.opinions import opinions_for
from units.models import User

TONES = {
    Nomination.State.DRAFT: "draft",
    Nomination.State.SUBMITTED: "waiting",
    Nomination.State.RETURNED: "returned",
    Nomination.State.REVIEW: "waiting",
    Nomination.State.MORE: "returned",
    Nomination.State.FIT: "approved",
    Nomination.State.UNFIT: "late",
    Nomination.State.PASSED: "approved",
    Nomination.State.WITHDRAWN: "neutral",
}


def shown(nomination: Nomination) -> Nomination:
    """Put the tone of its state on it."""
    nomination.tone = TONES[Nomination.State(nomination.state)]
    return nomination


def in_our_hands(user: User, many: int = 12) -> dict[str, Any]:
    """What the first page of heads and officers shows: returned, asked for more, lying on their desk, asked about.

    Empty where nothing waits.
    """
    units = user.units_where("draft_nominations")
    request = MoreRequest.objects.filter(nomination=OuterRef("pk"), answered_at=None).order_by("-pk").values("due_at")
    ours = Q(unit__in=units, state__in=(Nomination.State.RETURNED, Nomination.State.MORE))
    below = Q(desk__in=units, state=Nomination.State.SUBMITTED, received_at=None)
    rows = Nomination.objects.filter(ours | below).for_list().annotate(more_due=Subquery(request[:1]))
    found = [shown(n) for n in rows.order_by(F("more_due").asc(nulls_last=True), "pk")[:many]]
    for n in found:
        n.award_name = award_label(n.award)
    asked = opinions_for(user).filter(answered_at=None)
    opinions = list(
        asked.select_related("nomination__person", "nomination__collective", "nomination__whole_unit")[:many]
    )
    return {"rows": found, "opinions": opinions} if found or opinions else {}
