"""What is recorded of the subjects of nominations: awards, ratings, statuses, members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.fields import CharField

from awards.law.case import Discipline, Held, Members
from awards.law.terms import MeritType, RatingLevel, Reach
from awards.models import Level, PastAward, Rating
from units.models import PersonStatus, Posting

RATINGS = {
    Rating.Grade.EXCELLENT: RatingLevel.EXCELLENT,
    Rating.Grade.GOOD: RatingLevel.GOOD,
    Rating.Grade.DONE: RatingLevel.DONE,
    Rating.Grade.NOT_DONE: RatingLevel.NOT_DONE,
}
REACHES = {Level.UNIT: Reach.UNIT, Level.SECTOR: Reach.SECTOR, Level.NATION: Reach.NATION}
MONTH = 30.4  # days; an absence is counted in whole months

Key = tuple[str, int]  # person, collective or whole_unit, and its id


def key_of(row: Any) -> Key:
    """The subject of a nomination as a key."""
    if row.person_id:
        return "person", row.person_id
    return ("collective", row.collective_id) if row.collective_id else ("whole_unit", row.whole_unit_id)


@dataclass
class Ledger:
    """What is recorded about some subjects, in three queries (five where collectives are among them)."""

    held: dict[Key, list[Held]] = field(default_factory=lambda: defaultdict(list))
    ratings: dict[Key, dict[int, RatingLevel]] = field(default_factory=lambda: defaultdict(dict))
    statuses: dict[int, list[PersonStatus]] = field(default_factory=lambda: defaultdict(list))
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
            for status in PersonStatus.objects.filter(person__in=everybody):
                ledger.statuses[status.person_id].append(status)
        return ledger

    def _read_records(self, about: Q) -> None:
        """Awards and ratings in one query: both are (subject, year, what)."""
        columns = ("person_id", "collective_id", "whole_unit_id", "year")
        nothing = Value("", output_field=CharField())
        awards = PastAward.objects.standing().filter(about).order_by()
        ratings = Rating.objects.filter(about).order_by().values_list(*columns, nothing, F("grade"), nothing)
        rows = awards.values_list(*columns, F("award"), nothing, F("type")).union(ratings, all=True)
        for person, collective, unit, year, code, grade, type in rows:
            key = ("person", person) if person else ("collective", collective) if collective else ("whole_unit", unit)
            if grade:
                self.ratings[key][year] = RATINGS[Rating.Grade(grade)]
            else:
                self.held[key].append(Held(code, year, MeritType(type) if type else None))

    # --- what follows from it ---

    def disciplines(self, person: int, *, counted_before: bool = False) -> tuple[Discipline, ...]:
        return tuple(
            Discipline(s.grade, s.valid_from, s.valid_to, counted_before)
            for s in self.statuses[person]
            if s.kind == PersonStatus.Kind.DISCIPLINED
        )

    def under_review(self, person: int, on: date) -> bool:
        return any(
            s.kind == PersonStatus.Kind.REVIEWED and s.valid_from <= on <= (s.valid_to or on)
            for s in self.statuses[person]
        )

    def absence(self, person: int, year: int) -> tuple[int, bool]:
        """Whole months away from work in the year, and whether all of it counts as work (maternity)."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        days: dict[str, int] = {PersonStatus.Kind.LEAVE: 0, PersonStatus.Kind.MATERNITY: 0}
        for s in self.statuses[person]:
            if s.kind in days:
                days[s.kind] += max(0, (min(s.valid_to or last, last) - max(s.valid_from, first)).days + 1)
        months = int(sum(days.values()) / MONTH)
        return months, bool(months) and not days[PersonStatus.Kind.LEAVE]

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
