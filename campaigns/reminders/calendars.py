"""The deadlines of a person, as a list and as a calendar that other programs read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Milestone, Obligation
from campaigns.models.obligation import ObligationQuerySet
from units.models import User


@dataclass(frozen=True)
class Deadline:
    """One moment by which something is owed, by the person's unit or to the person's office."""

    uid: str
    due_at: datetime
    title: str
    text: str
    url: str
    changed_at: datetime
    cancelled: bool = False


def deadlines(user: User) -> list[Deadline]:
    """What the person's own units still owe, and the milestones of the campaigns that the person looks after."""
    open_duties = Obligation.objects.open()
    return _sorted(_owed(user, open_duties) + _led(user, Milestone.objects.filter(campaign__in=_running())))


def _running() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=Campaign.State.LAUNCHED, historical=False)


def _sorted(found: list[Deadline]) -> list[Deadline]:
    return sorted(found, key=lambda d: (d.due_at, d.uid))


def _owed(user: User, duties: ObligationQuerySet, *, cancelled: bool = False) -> list[Deadline]:
    rows = duties.dated().filter(unit__in=user.units_where("meet_obligations"))
    return [
        Deadline(
            uid=f"obligation-{o.pk}",
            due_at=o.known_due,
            title=f"{o.milestone.get_kind_display()} – {o.unit.label}",
            text=o.milestone.campaign.title,
            url=o.milestone.campaign.get_absolute_url(),
            changed_at=max(filter(None, (o.opened_at, o.extended_at, o.released_at, o.milestone.campaign.closed_at))),
            cancelled=cancelled,
        )
        for o in rows
    ]


def _led(user: User, milestones: QuerySet[Milestone], *, cancelled: bool = False) -> list[Deadline]:
    rows = milestones.exclude(due_at=None).filter(campaign__unit__in=user.units_where("manage_campaigns"))
    return [
        Deadline(
            uid=f"milestone-{m.pk}",
            due_at=m.due_at,
            title=_("%(milestone)s – hạn chung của phong trào") % {"milestone": m.get_kind_display()},
            text=m.campaign.title,
            url=m.campaign.get_absolute_url(),
            changed_at=m.campaign.closed_at or m.campaign.launched_at or user.date_joined,
            cancelled=cancelled,
        )
        for m in rows.select_related("campaign__unit")
        if m.due_at
    ]


def called_off(user: User, uids: Iterable[str]) -> list[Deadline]:
    """Which of these deadlines, not met, nobody waits for any more: released, or the campaign has ended."""
    keys: dict[str, list[int]] = {"obligation": [], "milestone": []}
    for uid in uids:
        kind, _dash, pk = uid.partition("-")
        keys[kind].append(int(pk))
    duties = Obligation.objects.filter(pk__in=keys["obligation"], met_at=None)
    ended = Q(released_at__isnull=False) | ~Q(milestone__campaign__in=_running())
    milestones = Milestone.objects.filter(pk__in=keys["milestone"]).exclude(campaign__in=_running())
    return _owed(user, duties.filter(ended), cancelled=True) + _led(user, milestones, cancelled=True)


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
