"""One list of all that waits for a person, whatever app it comes from, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.days import SOON_DAYS, local_day

THIS_MONTH = 30  # days: what is due within them waits already, what is due after them comes later


class Urgency(IntEnum):
    """The parts of the list, in their order."""

    LATE = 0
    SOON = 1
    WAITS = 2
    LATER = 3


WORDS = {
    Urgency.LATE: _("Quá hạn"),
    Urgency.SOON: _("Sắp đến hạn"),
    Urgency.WAITS: _("Chờ đồng chí"),
    Urgency.LATER: _("Về sau"),
}


@dataclass(frozen=True)
class Work:
    """One thing to do: what, where, by when or since when, and the button that leads to it.

    `waits`: somebody has handed it to this person. `post` are the fields of a button that makes something.
    """

    title: str
    url: str
    button: str = ""
    place: str = ""
    note: str = ""
    due: datetime | None = None
    since: datetime | None = None
    waits: bool = True
    post: tuple[tuple[str, Any], ...] | None = None

    def urgency(self, now: datetime) -> Urgency:
        """By its day, where it has one that is near; else by whether somebody waits for the person."""
        days = (local_day(self.due) - local_day(now)).days if self.due else None
        if self.due and self.due < now:
            return Urgency.LATE
        if days is not None and days <= SOON_DAYS:
            return Urgency.SOON
        return Urgency.WAITS if self.waits or (days is not None and days <= THIS_MONTH) else Urgency.LATER


@dataclass(frozen=True)
class Part:
    """One part of the list: what it is called, and what stands in it."""

    label: Any
    tone: str
    rows: list[Work]


TONES = {Urgency.LATE: "late", Urgency.SOON: "waiting", Urgency.WAITS: "neutral", Urgency.LATER: "neutral"}


def by_urgency(works: Iterable[Work], now: datetime) -> list[Part]:
    """The parts that hold something; in each by the day on which it is due, or since which it waits."""

    def key(work: Work) -> tuple[bool, float, str]:
        at = work.due or work.since
        return at is None, at.timestamp() if at else 0, work.title

    rows: dict[Urgency, list[Work]] = {urgency: [] for urgency in Urgency}
    for work in sorted(works, key=key):
        rows[work.urgency(now)].append(work)
    return [Part(WORDS[urgency], TONES[urgency], found) for urgency, found in rows.items() if found]
