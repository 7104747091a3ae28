"""The calendar that programs subscribe to: events change by revisions, and nothing else does (RFC 5545, 7986).

What was told last is kept for each person. So whatever makes an event say something else (an extension, a unit's new
name, the reader's language) raises its sequence once, and an event that did not change stays the same byte for byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from campaigns.models import CalendarFeed
from campaigns.reminders.calendars import Deadline, called_off, deadlines
from units.models import User

ASK_AGAIN = timedelta(hours=4)
CANCELLED_FOR = timedelta(days=60)  # so long an event that was called off says so; then it goes
SECOND = timedelta(seconds=1)  # calendars and headers know no smaller part
EVER = datetime.fromtimestamp(0, UTC)
GONE = ""

Told = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Feed:
    """A calendar, what it is told apart by, and when it last changed."""

    content: bytes
    etag: str
    changed_at: datetime


def feed(user: User, now: datetime | None = None) -> Feed:
    """The person's deadlines in the person's language; an alarm rings a day before each."""
    now = (now or timezone.now()).replace(microsecond=0)
    with translation.override(user.language):
        found = deadlines(user)
        kept = CalendarFeed.objects.filter(user=user).first()
        told, events = _revised(user, kept.events if kept else {}, found, now)
        if kept is None or told != kept.events:
            kept, events = _keep(user, found, now)
        content = _calendar(events, kept.events)
    return Feed(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', kept.changed_at)


@transaction.atomic
def _keep(user: User, found: list[Deadline], now: datetime) -> tuple[CalendarFeed, list[Deadline]]:
    """Note what is told from now on; of two who ask at once the second finds it noted."""
    kept, fresh = CalendarFeed.objects.select_for_update().get_or_create(user=user, defaults={"changed_at": now})
    told, events = _revised(user, kept.events, found, now)
    if told != kept.events:
        kept.changed_at = now if fresh else max(now, kept.changed_at + SECOND)
        kept.events = told
        kept.save(update_fields=["events", "changed_at"])
    return kept, events


def _revised(user: User, told: Told, found: list[Deadline], now: datetime) -> tuple[Told, list[Deadline]]:
    """What is to be remembered as told, and the events to tell: those found, and those seen that were called off."""
    there = {d.uid for d in found}
    missing = [uid for uid, old in told.items() if uid not in there and old["is"] != GONE]
    ended = [
        d
        for d in (called_off(user, missing) if missing else [])
        if told[d.uid]["is"] != _digest(d) or now - datetime.fromisoformat(told[d.uid]["at"]) < CANCELLED_FOR
    ]
    events = sorted([*found, *ended], key=lambda d: (d.due_at, d.uid))
    fresh = {d.uid: _revision(told.get(d.uid), d, now) for d in events}
    return {uid: fresh.get(uid) or old | {"is": GONE} for uid, old in {**told, **fresh}.items()}, events


def _revision(old: dict[str, Any] | None, deadline: Deadline, now: datetime) -> dict[str, Any]:
    """The event's revision: as it was while it says the same; else the next, of the moment when it was changed."""
    digest, changed_at = _digest(deadline), deadline.changed_at.astimezone(UTC).replace(microsecond=0)
    if old is None:
        return {"is": digest, "sequence": 0, "at": changed_at.isoformat()}
    if old["is"] == digest:
        return old
    before = datetime.fromisoformat(old["at"])
    at = max(changed_at if changed_at > before else now.astimezone(UTC), before + SECOND)
    return {"is": digest, "sequence": old["sequence"] + 1, "at": at.isoformat()}


def _digest(deadline: Deadline) -> str:
    said = replace(deadline, due_at=deadline.due_at.astimezone(UTC), changed_at=EVER)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _calendar(events: list[Deadline], told: Told) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Cong thi dua khen thuong//VKSND//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
    calendar.add("x-wr-calname", _("Hạn thi đua - khen thưởng"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    host = urlsplit(settings.BASE_URL).hostname or "portal"
    for deadline in events:
        calendar.add_component(_event(deadline, told[deadline.uid], host))
    return calendar.to_ical()


def _event(deadline: Deadline, told: dict[str, Any], host: str) -> Event:
    at = datetime.fromisoformat(told["at"])
    event = Event()
    event.add("uid", f"{deadline.uid}@{host}")
    event.add("dtstamp", at)
    event.add("last-modified", at)
    event.add("sequence", told["sequence"])
    event.add("dtstart", deadline.due_at.astimezone(UTC))
    event.add("summary", deadline.title)
    event.add("description", deadline.text)
    event.add("url", settings.BASE_URL + deadline.url)
    event.add("transp", "TRANSPARENT")  # a deadline does not make the person busy
    event.add("status", "CANCELLED" if deadline.cancelled else "CONFIRMED")
    if not deadline.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", deadline.title)
        alarm.add("trigger", timedelta(days=-1))
        event.add_component(alarm)
    return event
