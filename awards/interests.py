"""Who must not judge what: reviewers tied to a nomination by person, posting, its paper or their own word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from awards.models import ConflictOfInterest, Nomination, Submission
from portal.days import today, years_before
from portal.models import Entry
from portal.models.trail import key_of
from portal.scope import under
from units.models import Posting, Unit, User
from units.models.lineage import heirs_of

# what is done to a paper on its way to the office; none of it is the office's own deed
HANDLED = ("create", "edit", "attach", "detach", "put_to_head", "submit", "resubmit", "withdraw", "drop", "restore")
ON_THE_WAY = ("accept", "forward", "answer")


@dataclass(frozen=True)
class Worked:
    """One posting of a reviewer: the unit, what took over from it or from a unit above it, and from when to when."""

    path: str
    heirs: frozenset[int]
    first: date
    last: date

    def within(self, unit: Unit) -> bool:
        """Whether it was in that unit, in a part of it, or in what it succeeded."""
        return under(self.path, unit.path) or unit.pk in self.heirs

    def meets(self, first: date, last: date) -> bool:
        return self.first <= last and first <= self.last


@dataclass
class Interests:
    """What ties reviewers to nominations; gathered in four queries for any number of both, five with successions."""

    persons: dict[int, int | None]
    worked: dict[int, list[Worked]]
    declared: dict[int, list[ConflictOfInterest]]
    handled: set[tuple[int, str]]  # who had which paper in hand, by the key of the trail

    @classmethod
    def of(cls, reviewers: Iterable[User], nominations: Iterable[Nomination]) -> Interests:
        people = list(reviewers)
        persons = {user.pk: user.person_id for user in people}
        declared: dict[int, list[ConflictOfInterest]] = defaultdict(list)
        for row in ConflictOfInterest.objects.filter(reviewer__in=people, ended_at=None).select_related("unit"):
            declared[row.reviewer_id].append(row)
        return cls(persons, _worked(people), declared, _handled(people, nominations))

    def between(self, reviewer: int, nomination: Nomination) -> str:
        """Why this reviewer must not judge this nomination, in words; empty where nothing stands in the way."""
        if words := self.personal(reviewer, nomination) or self._posted(reviewer, nomination):
            return words
        if {(reviewer, key) for key in _papers(nomination)} & self.handled:
            return _("đã soạn, gửi hoặc chuyển hồ sơ này ở đơn vị")
        for row in self.declared.get(reviewer, []):
            if row.unit and under(nomination.unit.path, row.unit.path):
                return _("đã khai có liên quan đến đơn vị đề nghị")
        return ""

    def personal(self, reviewer: int, nomination: Nomination) -> str:
        """What ties them to the one proposed alone: all that counts where a unit judges its own people."""
        if nomination.person_id and nomination.person_id == self.persons.get(reviewer):
            return _("chính là người được đề nghị")
        if any(row.person_id and row.person_id == nomination.person_id for row in self.declared.get(reviewer, [])):
            return _("đã khai có liên quan đến người được đề nghị")
        return ""

    def _posted(self, reviewer: int, nomination: Nomination) -> str:
        """Who works in the nominating unit, did so in the last years, or in the year of the achievement."""
        day, year = today(), nomination.submission.year
        there = [w for w in self.worked.get(reviewer, []) if w.within(nomination.unit)]
        if any(w.meets(day, day) for w in there):
            return _("công tác tại đơn vị đề nghị")
        since = years_before(day, settings.CONFLICT_YEARS)
        last = [w.last for w in there if w.meets(since, day) or w.meets(date(year, 1, 1), date(year, 12, 31))]
        if last:
            return _("đã công tác tại đơn vị đề nghị đến ngày %s") % f"{max(last):%d/%m/%Y}"
        return ""


def _worked(people: list[User]) -> dict[int, list[Worked]]:
    owners = {user.person_id: user.pk for user in people if user.person_id}
    begun = Q(valid_from=None) | Q(valid_from__lte=today())
    rows = list(
        Posting.objects.filter(begun, person__in=owners).values_list(
            "person", "unit__path", "unit__parent", "valid_from", "valid_to"
        )
    )
    heirs = heirs_of({path for _person, path, parent, _first, _last in rows if parent})
    found: dict[int, list[Worked]] = defaultdict(list)
    for person, path, _parent, first, last in rows:
        span = (first or date.min, last or date.max)
        found[owners[person]].append(Worked(path, frozenset(heirs.get(path, ())), *span))
    return found


def _papers(nomination: Nomination) -> tuple[str, str]:
    return key_of(nomination), f"{Submission._meta.label_lower}:{nomination.submission_id}"


def _handled(people: list[User], nominations: Iterable[Nomination]) -> set[tuple[int, str]]:
    keys = {key for nomination in nominations for key in _papers(nomination)}
    lines = Entry.objects.filter(by__in=people, subject__in=keys, verb__in=(*HANDLED, *ON_THE_WAY))
    return set(lines.order_by().values_list("by", "subject").distinct())


def objection_to(reviewer: User, nomination: Nomination) -> str:
    """The conflict between these two, in words."""
    return Interests.of([reviewer], [nomination]).between(reviewer.pk, nomination)
