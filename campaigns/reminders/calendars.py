"""The deadlines of a person, as a list and as a calendar that other programs read."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from campaigns.models import Campaign, Milestone, Obligation
from units.models import User


@dataclass(frozen=True)
class Deadline:
    """One moment by which something is owed, by the person's unit or to the person's office."""

    uid: str
    due_at: datetime
    title: str
    text: str
    url: str


def deadlines(user: User) -> list[Deadline]:
    """What the person's own units still owe, and the milestones of the campaigns that the person looks after."""
    owed = Obligation.objects.open().for_list().exclude(due=None).filter(unit__in=user.units_where("meet_obligations"))
    led = Milestone.objects.exclude(due_at=None).filter(
        campaign__unit__in=user.units_where("manage_campaigns"),
        campaign__state=Campaign.State.LAUNCHED,
        campaign__historical=False,
    )
    found = [
        Deadline(
            uid=f"obligation-{o.pk}",
            due_at=o.due_at,
            title=f"{o.milestone.get_kind_display()} – {o.unit.label}",
            text=o.milestone.campaign.title,
            url=o.milestone.campaign.get_absolute_url(),
        )
        for o in owed
    ] + [
        Deadline(
            uid=f"milestone-{m.pk}",
            due_at=m.due_at,
            title=_("%(milestone)s – hạn chung của phong trào") % {"milestone": m.get_kind_display()},
            text=m.campaign.title,
            url=m.campaign.get_absolute_url(),
        )
        for m in led.select_related("campaign__unit")
    ]
    return sorted(found, key=lambda d: (d.due_at, d.uid))


def has_calendar(user: User) -> bool:
    """Whether anything could ever be due to the person."""
    return user.may_anywhere("meet_obligations", "manage_campaigns")


def renew(user: User) -> str:
    """Give the calendar a new secret address and return it; only its hash is kept, the old address is dead."""
    token = secrets.token_urlsafe(24)  # 192 random bits
    user.calendar_hash = _hash(token)
    user.save(update_fields=["calendar_hash"])
    return token


def switch_off(user: User) -> None:
    user.calendar_hash = ""
    user.save(update_fields=["calendar_hash"])


def owner(token: str) -> User | None:
    """Whose calendar stands at the address; found by its hash, so that the time taken says nothing about the token."""
    user = User.objects.filter(calendar_hash=_hash(token), is_active=True).first()
    return user if user and has_calendar(user) else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed(user: User) -> bytes:
    """The person's deadlines by RFC 5545, in the person's language; an alarm rings a day before each."""
    host = urlsplit(settings.BASE_URL).hostname or "portal"
    calendar = Calendar()
    calendar.add("prodid", "-//Cong thi dua khen thuong//VKSND//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(user.language):
        calendar.add("x-wr-calname", _("Hạn thi đua - khen thưởng"))
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        for deadline in deadlines(user):
            calendar.add_component(_event(deadline, host))
    return calendar.to_ical()


def _event(deadline: Deadline, host: str) -> Event:
    event = Event()
    event.add("uid", f"{deadline.uid}@{host}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", deadline.due_at.astimezone(UTC))
    event.add("summary", deadline.title)
    event.add("description", deadline.text)
    event.add("url", settings.BASE_URL + deadline.url)
    event.add("transp", "TRANSPARENT")  # a deadline does not make the person busy
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.title)
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event
