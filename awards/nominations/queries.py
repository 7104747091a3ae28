"""What pages show of nominations, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from awards.models import Nomination
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


@dataclass(frozen=True)
class NominationRow:
    """A nomination as a list shows it."""

    nomination: Nomination
    due: datetime | None = None  # by when somebody should do what they were asked

    @property
    def tone(self) -> str:
        return TONES[Nomination.State(self.nomination.state)]


def in_our_hands(user: User, many: int = 12) -> dict[str, Any]:
    """What the first page of heads and officers shows: returned, asked for more, lying on their desk, asked about.

    Empty where nothing waits.
    """
    units = user.units_where("draft_nominations")
    ours = Q(unit__in=units, state__in=(Nomination.State.RETURNED, Nomination.State.MORE))
    below = Q(desk__in=units, state=Nomination.State.SUBMITTED, received_at=None)
    rows = Nomination.objects.filter(ours | below).for_list().with_request_due()
    found = [NominationRow(n, n.due) for n in rows.order_by(F("due").asc(nulls_last=True), "pk")[:many]]
    asked = opinions_for(user).filter(answered_at=None)
    opinions = list(
        asked.select_related("nomination__person", "nomination__collective", "nomination__whole_unit")[:many]
    )
    return {"rows": found, "opinions": opinions} if found or opinions else {}
