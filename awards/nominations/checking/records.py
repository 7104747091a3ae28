"""What is recorded of the subjects of nominations: awards, ratings, statuses, members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.fields import CharField, IntegerField

from awards.law.case import Discipline, Former, Held, Members, months_and_days, whole_months
from awards.law.terms import MeritType, RatingLevel, Reach
from awards.models import Level, PastAward, Rating
from portal.scope import under
from units.models import PersonStatus, Posting, Unit

RATINGS = {
    Rating.Grade.EXCELLENT: RatingLevel.EXCELLENT,
    Rating.Grade.GOOD: RatingLevel.GOOD,
    Rating.Grade.DONE: RatingLevel.DONE,
    Rating.Grade.NOT_DONE: RatingLevel.NOT_DONE,
}
REACHES = {Level.UNIT: Reach.UNIT, Level.SECTOR: Reach.SECTOR, Level.NATION: Reach.NATION}
MONTH = 30  # days

Key = tuple[str, int]  # person, collective or whole_unit, and its id


def key_of(row: Any) -> Key:
    """The subject of a nomination as a key."""
    if row.person_id:
        return "person", row.person_id
    return ("collective", row.collective_id) if row.collective_id else ("whole_unit", row.whole_unit_id)


@dataclass(frozen=True)
class Absence:
    """The time of a year that somebody was away from work, in whole months (and days) by what it counts for."""

    months: int
    days: int
    counted: int  # months that count as work: Decree 152/2025/NĐ-CP, article 4(5)
    elsewhere: int  # months seconded, at study or in military service

    @classmethod
    def of(cls, statuses: Iterable[PersonStatus], year: int) -> Absence:
        """What lies within the year; leave during a leave that counts as work is no other leave."""
        statuses = list(statuses)
        counted = _days(statuses, PersonStatus.COUNTED, year)
        months, days = _months(_days(statuses, (PersonStatus.Kind.LEAVE,), year) - counted)
        return cls(months, days, _months(counted)[0], _months(_days(statuses, PersonStatus.ELSEWHERE, year))[0])


def _days(statuses: list[PersonStatus], kinds: Iterable[str], year: int) -> set[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: set[date] = set()
    for s in statuses:
        if s.kind in kinds:
            begins, ends = max(s.valid_from, first), min(s.valid_to or last, last)
            found.update(begins + timedelta(days=n) for n in range((ends - begins).days + 1))
    return found


def _months(days: set[date]) -> tuple[int, int]:
    """Whole months of each unbroken time; the days left over of several add up, thirty to one month more."""
    months = left = times = 0
    for day in sorted(days):
        if day - timedelta(days=1) in days:
            continue
        end = day
        while end + timedelta(days=1) in days:
            end += timedelta(days=1)
        whole, rest = months_and_days(day, end)
        months, left, times = months + whole, left + rest, times + 1
    more, rest = divmod(left, MONTH) if times > 1 else (0, left)
    return months + more, rest


@dataclass
class Ledger:
    """What is recorded about some subjects, in three queries (five where collectives are among them)."""

    held: dict[Key, list[Held]] = field(default_factory=lambda: defaultdict(list))
    ratings: dict[Key, dict[int, RatingLevel]] = field(default_factory=lambda: defaultdict(dict))
    statuses: dict[int, list[PersonStatus]] = field(default_factory=lambda: defaultdict(list))
    documented: set[tuple[Key, int]] = field(default_factory=set)  # ratings of a year that name their document
    ended: dict[int, list[tuple[Unit, date | None, date]]] = field(default_factory=lambda: defaultdict(list))
    members: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def about(cls, keys: Iterable[Key], units: Iterable[int], year: int | None = None) -> Ledger:
        """Of these subjects and of the units in which they work."""
        ledger = cls()
        wanted = set(keys) | {("whole_unit", unit) for unit in units}
        collectives = [pk for kind, pk in wanted if kind == "collective"]
        people = {pk for kind, pk in wanted if kind == "person"}
        if collectives:
            there = Posting.objects.filter(collective__in=collectives)
            if year:
                last = date(year, 12, 31)
                there = there.filter(
                    Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=date(year, 1, 1))
                )
            for collective, person in there.values_list("collective", "person"):
                ledger.members[collective].add(person)
        everybody = people.union(*ledger.members.values())
        ledger._read_records(
            Q(person__in=everybody)
            | Q(collective__in=collectives)
            | Q(whole_unit__in=[pk for kind, pk in wanted if kind == "whole_unit"])
        )
        if everybody:
            ledger._read_statuses(everybody, people if year else set(), year or 0)
        return ledger

    def _read_records(self, about: Q) -> None:
        """Awards and ratings in one query: both are (subject, year, what)."""
        columns = ("person_id", "collective_id", "whole_unit_id", "year")
        nothing = Value("", output_field=CharField())
        awards = PastAward.objects.standing().filter(about).order_by()
        ratings = Rating.objects.filter(about).order_by().values_list(*columns, nothing, F("grade"), F("document"))
        rows = awards.values_list(*columns, F("award"), nothing, F("type")).union(ratings, all=True)
        for person, collective, unit, year, code, grade, more in rows:  # the document of a rating, the type of an award
            key = ("person", person) if person else ("collective", collective) if collective else ("whole_unit", unit)
            if grade:
                self.ratings[key][year] = RATINGS[Rating.Grade(grade)]
                if more:
                    self.documented.add((key, year))
            else:
                self.held[key].append(Held(code, year, MeritType(more) if more else None))

    def _read_statuses(self, everybody: set[int], movers: set[int], year: int) -> None:
        """Statuses, and the postings that ended in the year, in one query; their units only where there are any."""
        nothing, nowhere = Value("", output_field=CharField()), Value(None, output_field=IntegerField())
        statuses = PersonStatus.objects.filter(person__in=everybody).order_by()
        rows = statuses.values_list("person_id", "kind", "grade", "valid_from", "valid_to", nowhere)
        if movers:
            within = Posting.objects.filter(person__in=movers, valid_to__range=(date(year, 1, 1), date(year, 12, 31)))
            ended = within.order_by().values_list("person_id", nothing, nothing, "valid_from", "valid_to", "unit_id")
            rows = rows.union(ended, all=True)
        moved = []
        for person, kind, grade, first, last, unit in rows:
            if kind:
                self.statuses[person].append(PersonStatus(kind=kind, grade=grade, valid_from=first, valid_to=last))
            else:
                moved.append((person, unit, first, last))
        units = Unit.objects.in_bulk({unit for _person, unit, _first, _last in moved}) if moved else {}
        for person, unit, first, last in sorted(moved, key=lambda row: row[3]):
            self.ended[person].append((units[unit], first, last))

    # --- what follows from it ---

    def disciplines(self, person: int, *, counted_before: bool = False) -> tuple[Discipline, ...]:
        return tuple(
            Discipline(s.grade, s.valid_from, s.valid_to, counted_before)
            for s in self.statuses[person]
            if s.kind == PersonStatus.Kind.DISCIPLINED
        )

    def proves(self, key: Key, year: int) -> bool:
        """Whether a document shows that the year was excellent."""
        return (key, year) in self.documented and self.ratings[key][year] == RatingLevel.EXCELLENT

    def under_review(self, person: int, on: date) -> bool:
        return any(
            s.kind in PersonStatus.FREEZING and s.valid_from <= on <= (s.valid_to or on) for s in self.statuses[person]
        )

    def absence(self, person: int, year: int) -> Absence:
        return Absence.of(self.statuses[person], year)

    def former(self, person: int, unit: Unit, year: int) -> tuple[Former, ...]:
        """Where else the person worked in the year before coming to the unit; `about` was told the year."""
        begun = date(year, 1, 1)
        return tuple(
            Former(place.label, last, whole_months(max(first or begun, begun), last), place.pk)
            for place, first, last in self.ended[person]
            if not under(place.path, unit.path) and place.exists_on(last + timedelta(days=1))
        )

    def members_of(self, collective: int, year: int) -> Members | None:
        people = self.members.get(collective)
        if not people:
            return None
        holding: dict[str, int] = defaultdict(int)
        for person in people:
            for code in {h.code for h in self.held[("person", person)] if h.year == year}:
                holding[code] += 1
        rated = [self.ratings[("person", p)].get(year) for p in people]
        grades = [d.grade for p in people for d in self.disciplines(p) if d.decided_on.year == year]
        return Members(
            total=len(people),
            holding=_Counted(holding),
            done=None if None in rated else sum(r >= RatingLevel.DONE for r in rated if r),
            worst_discipline=max(grades, default=""),
        )


class _Counted(dict):
    """Members by award: of those whose ledger is known nobody is missing, so what is not there is nought."""

    def __contains__(self, code: object) -> bool:
        return True

    def __missing__(self, code: str) -> int:
        return 0
