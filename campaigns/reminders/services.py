"""Who is told of what is owed, and when: worked out from the obligations themselves, so nothing is ever queued up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Milestone, Obligation, Plan
from campaigns.models.obligation import ObligationQuerySet
from campaigns.reminders.letters import LateBelow, OfficeDigest, Reminder, Section, offset_words
from portal.days import SOON_DAYS, at_hour, is_working_day, local_day, working_day_after, working_day_before
from portal.models import Notice
from portal.notices.services import Telling, notify_many
from units.access.holders import holding, people_by_unit
from units.models import Unit, User

CHUNK = 500
LAST_WARNING = -1  # from this offset on a letter leaves whatever mode the person chose

Moment = tuple[int, datetime]


# --- when ---


def moments(due_at: datetime, offsets: Iterable[int]) -> list[Moment]:
    """When a unit is reminded of something due then: pairs (offset in days, moment), in order of time.

    Each is 08:00 of the day, or of the working day before where the day is none. A moment after the due day that would
    move back to it or before it moves to the next working day instead: nobody is told that they are late before they
    are. Offsets that fall on one moment become one, the one nearest to the due day.
    """
    return list(_moments(local_day(due_at), tuple(offsets), settings.REMINDER_HOUR))


@lru_cache(maxsize=4096)
def _moments(due: date, offsets: tuple[int, ...], hour: int) -> tuple[Moment, ...]:
    found: dict[datetime, int] = {}
    for offset in sorted(set(offsets), key=lambda days: (abs(days), days)):
        day = working_day_before(due + timedelta(days=offset))
        if offset > 0 and day <= due:
            day = working_day_after(due + timedelta(days=offset))
        found.setdefault(at_hour(day, hour), offset)
    return tuple((offset, moment) for moment, offset in sorted(found.items()))


def newest(obligation: Obligation, now: datetime) -> Moment | None:
    """The latest moment that has passed since the unit owes it; of several that were missed the others are dropped.

    An extension makes new moments: the newest of them that has passed is told at once, with the new day.
    """
    if obligation.due_at is None:
        return None
    passed = [
        (offset, moment)
        for offset, moment in moments(obligation.due_at, obligation.milestone.offsets)
        if obligation.opened_at < moment <= now
    ]
    return passed[-1] if passed else None


# --- whom ---


def office_of(campaigns: Iterable[Campaign], day: date) -> dict[int, list[User]]:
    """Who looks after each campaign: the office of its unit or, where that unit has none, its heads."""
    campaigns = list(campaigns)
    units = [c.unit_id for c in campaigns]
    office, others = people_by_unit(units, "serve_campaigns", day), people_by_unit(units, "manage_campaigns", day)
    return {c.pk: office.get(c.unit_id) or others.get(c.unit_id, []) for c in campaigns}


# --- the run ---


@dataclass
class Findings:
    """What one run saw, gathered for those who look after many units."""

    late: list[Obligation] = field(default_factory=list)  # past their moment
    told_late: dict[int, datetime] = field(default_factory=dict)  # obligation → its newest moment after the due day
    soon: list[Obligation] = field(default_factory=list)


def remind(now: datetime | None = None) -> int:
    """Tell whoever is due to be told of what they owe, and return how many notices are new.

    Run as often as you like, by as many as you like: each reminder has a key, and a key is told once.
    """
    now = now or timezone.now()
    found = Findings()
    fresh = 0
    for obligations in _open_in_chunks(Obligation.objects.all()):
        fresh += _tell_units(obligations, now)
        _gather(obligations, now, found)
    campaigns = {
        c.pk: c for c in Campaign.objects.filter(state=Campaign.State.LAUNCHED, historical=False).select_related("unit")
    }
    offices = office_of(campaigns.values(), local_day(now))
    fresh += _tell_superiors(found, offices, now)
    fresh += _tell_offices(found, campaigns, offices, now)
    return fresh


def _open_in_chunks(reader: ObligationQuerySet) -> Iterator[list[Obligation]]:
    """Open obligations with a due moment, in chunks; each chunk is a query of its own."""
    last = 0
    rows = reader.open().dated().select_related("unit__parent", "milestone__campaign__unit")
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _tell_units(obligations: list[Obligation], now: datetime) -> int:
    due = [(o, pair) for o in obligations if (pair := newest(o, now))]
    if not due:
        return 0
    people = people_by_unit((o.unit_id for o, pair in due), "meet_obligations", local_day(now))
    plans = {
        (plan.campaign_id, plan.unit_id): plan
        for plan in Plan.objects.filter(
            campaign__in={o.milestone.campaign_id for o, pair in due}, unit__in={o.unit_id for o, pair in due}
        ).only("pk", "campaign_id", "unit_id")
    }
    tellings = [
        Telling(
            people.get(obligation.unit_id, []),
            key=f"reminder:{obligation.pk}:{local_day(obligation.known_due).isoformat()}:{offset}",
            kind="reminder",
            words=Reminder(obligation, now),
            url=_where(obligation, plans),
            subject_key=f"obligation:{obligation.pk}",
            urgent=offset >= LAST_WARNING,
        )
        for obligation, (offset, _moment) in due
    ]
    with transaction.atomic():
        return notify_many(tellings, now=now)


def _where(obligation: Obligation, plans: dict[tuple[int, int], Plan]) -> str:
    campaign = obligation.milestone.campaign
    plan = plans.get((campaign.pk, obligation.unit_id))
    registers = obligation.milestone.kind == Milestone.Kind.REGISTRATION
    page: Plan | Campaign = plan if plan and registers else campaign
    return str(page.get_absolute_url())


def _gather(obligations: list[Obligation], now: datetime, found: Findings) -> None:
    for obligation in obligations:
        if obligation.known_due < now:
            found.late.append(obligation)
            pair = newest(obligation, now)
            if pair and pair[0] > 0:
                found.told_late[obligation.pk] = pair[1]
        elif obligation.known_due <= now + timedelta(days=SOON_DAYS):
            found.soon.append(obligation)


def _tell_superiors(found: Findings, offices: dict[int, list[User]], now: datetime) -> int:
    """One notice a day for the head of the superior unit, on the days on which one of the units below is reminded."""
    parents = {o.unit.parent_id for o in found.late if o.unit.parent_id}
    if not found.told_late or not parents:
        return 0
    heads = people_by_unit(parents, "oversee_units_below", local_day(now))
    lists: dict[int, list[Obligation]] = defaultdict(list)
    persons: dict[int, User] = {}
    for obligation in found.late:
        in_digest = {person.pk for person in offices.get(obligation.milestone.campaign_id, [])}
        parent = obligation.unit.parent_id
        for head in heads.get(parent, []) if parent else []:
            if head.pk not in in_digest:  # who gets the office's daily list needs no second one
                persons[head.pk] = head
                lists[head.pk].append(obligation)
    tellings = []
    for pk, late in lists.items():
        days = [local_day(found.told_late[o.pk]) for o in late if o.pk in found.told_late]
        if days:
            tellings.append(
                Telling(
                    [persons[pk]],
                    key=f"late-below:{max(days).isoformat()}",
                    kind="escalation",
                    words=LateBelow(late, now),
                    url=late[0].milestone.campaign.get_absolute_url()
                    if len({o.milestone.campaign_id for o in late}) == 1
                    else reverse("campaign_list"),
                )
            )
    return notify_many(tellings, now=now)


def _tell_offices(
    found: Findings, campaigns: dict[int, Campaign], offices: dict[int, list[User]], now: datetime
) -> int:
    """The day's list for those who look after campaigns: once a working day, as things stood at 08:00."""
    morning = at_hour(local_day(now), settings.REMINDER_HOUR)
    if now < morning or not is_working_day(local_day(now)):
        return 0
    previous = at_hour(working_day_before(local_day(now) - timedelta(days=1)), settings.REMINDER_HOUR)
    digest = {pk: Section(campaign) for pk, campaign in campaigns.items()}
    for obligation in [*found.late, *found.soon]:
        section = digest.get(obligation.milestone.campaign_id)
        if section and obligation.opened_at < morning:
            section.add(obligation, previous, morning)
    waiting = Plan.objects.filter(state=Plan.State.SUBMITTED, submitted_at__lt=morning, campaign__in=list(campaigns))
    for pk, count in waiting.values_list("campaign").annotate(Count("pk")).order_by():
        digest[pk].waiting = count
    mine: dict[int, list[Section]] = defaultdict(list)
    persons: dict[int, User] = {}
    for pk, people in offices.items():
        for person in people if digest[pk].says_something() else []:
            persons[person.pk] = person
            mine[person.pk].append(digest[pk])
    return notify_many(
        (
            Telling(
                [persons[pk]],
                key=f"office-digest:{morning:%Y-%m-%d}",
                kind="digest",
                words=OfficeDigest(sections, morning),
                url=reverse("desk", args=[sections[0].campaign.pk]) if len(sections) == 1 else reverse("campaign_list"),
            )
            for pk, sections in mine.items()
        ),
        now=now,
    )


def still_owed(notices: list[Notice]) -> set[int]:
    """The reminders whose obligation is still open and whose reader still answers for the unit."""
    owed = {n.pk: int(n.subject_key.partition(":")[2] or 0) for n in notices}
    units = dict(Obligation.objects.open().filter(pk__in=set(owed.values())).values_list("pk", "unit_id"))
    answers = set(
        holding("meet_obligations")
        .filter(unit__in=set(units.values()), user__in={n.recipient_id for n in notices})
        .values_list("user_id", "unit_id")
    )
    return {n.pk for n in notices if (n.recipient_id, units.get(owed[n.pk])) in answers}


# --- what would go out ---


@dataclass
class Planned:
    """The reminders of one milestone and one offset that leave at one moment."""

    moment: datetime
    milestone: Milestone
    offset: int
    units: list[tuple[Unit, int]] = field(default_factory=list)  # each with how many people hear of it

    @property
    def words(self) -> str:
        return offset_words(self.offset)

    @property
    def people(self) -> int:
        return sum(count for _unit, count in self.units)

    @property
    def unheard(self) -> list[Unit]:
        """Units in which nobody would be told."""
        return [unit for unit, count in self.units if not count]


def planned(reader: ObligationQuerySet, now: datetime, days: int = 14) -> list[Planned]:
    """What would go out in the coming days to the units of these obligations, if nobody did anything until then."""
    until = now + timedelta(days=days)
    found: dict[tuple, Planned] = {}
    for obligations in _open_in_chunks(reader):
        people = people_by_unit((o.unit_id for o in obligations), "meet_obligations", local_day(now))
        for obligation in obligations:
            milestone = obligation.milestone
            for offset, moment in moments(obligation.known_due, milestone.offsets):
                if now < moment <= until and moment > obligation.opened_at:
                    group = found.setdefault((moment, milestone.pk, offset), Planned(moment, milestone, offset))
                    group.units.append((obligation.unit, len(people.get(obligation.unit_id, []))))
    for group in found.values():
        group.units.sort(key=lambda pair: (pair[0].order, pair[0].code))
    return sorted(found.values(), key=lambda p: (p.moment, p.milestone.campaign_id, p.milestone.pk, p.offset))
