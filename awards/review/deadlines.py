"""By when the office should have dealt with a nomination: working days from the day it was received."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from awards.models import Nomination
from awards.nominations.checking import cases
from portal.days import end_of, local_day, working_days_later

CHECK = "return_incomplete"  # an incomplete dossier is returned within this time (docs/domain, 12)


def working_days(nomination: Nomination) -> int | None:
    """How many working days its lane gives; the fast lane has the office's own figure, or none until it sets one."""
    if nomination.submission.fast:
        return settings.FAST_LANE_WORKING_DAYS or None
    deadline = next((d for d in cases.edition_of(nomination).deadlines if d.code == CHECK), None)
    return deadline.working_days if deadline else None


def due_at(nomination: Nomination) -> datetime | None:
    """The moment, or None where it was not received or no time is known."""
    days = working_days(nomination)
    if nomination.received_at is None or days is None:
        return None
    return end_of(working_days_later(local_day(nomination.received_at), days))
