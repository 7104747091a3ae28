"""What pages show of nominations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from awards.models import Nomination

TONES = {
    Nomination.State.DRAFT: "draft",
    Nomination.State.SUBMITTED: "waiting",
    Nomination.State.RETURNED: "returned",
    Nomination.State.REVIEW: "waiting",
    Nomination.State.MORE: "returned",
    Nomination.State.FIT: "approved",
    Nomination.State.UNFIT: "late",
    Nomination.State.PASSED: "waiting",
    Nomination.State.VOTED: "approved",
    Nomination.State.VOTED_DOWN: "late",
    Nomination.State.AWARDED: "approved",
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


def with_own_unit(nomination: Nomination) -> Nomination:
    """Its paper's unit is its own, unless a reorganisation parted them: then it is asked for where it is needed."""
    if nomination.submission.unit_id == nomination.unit_id:
        nomination.submission.unit = nomination.unit
    return nomination
