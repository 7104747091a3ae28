"""Who must not judge what: reviewers tied to a nomination by their person, their posting or their own word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from awards.models import Conflict, Nomination
from portal.days import today
from portal.scope import under
from units.models import Posting, User
from units.models.units import valid_on


@dataclass
class Interests:
    """What ties reviewers to nominations; gathered in three queries for any number of both."""

    persons: dict[int, int | None]
    units: dict[int, list[str]]
    declared: dict[int, list[Conflict]]

    @classmethod
    def of(cls, reviewers: Iterable[User]) -> Interests:
        people = list(reviewers)
        persons = {user.pk: user.person_id for user in people}
        owners = {user.person_id: user.pk for user in people if user.person_id}
        units: dict[int, list[str]] = defaultdict(list)
        for person, path in Posting.objects.filter(valid_on(today()), person__in=owners).values_list(
            "person", "unit__path"
        ):
            units[owners[person]].append(path)
        declared: dict[int, list[Conflict]] = defaultdict(list)
        for row in Conflict.objects.filter(reviewer__in=people, ended_at=None).select_related("unit"):
            declared[row.reviewer_id].append(row)
        return cls(persons, units, declared)

    def between(self, reviewer: int, nomination: Nomination) -> str:
        """Why this reviewer must not judge this nomination, in words; empty where nothing stands in the way."""
        if nomination.person_id and nomination.person_id == self.persons.get(reviewer):
            return _("chính là người được đề nghị")
        # who works in the nominating unit, or in a part of it
        if any(under(path, nomination.unit.path) for path in self.units.get(reviewer, [])):
            return _("công tác tại đơn vị đề nghị")
        for row in self.declared.get(reviewer, []):
            if row.person_id and row.person_id == nomination.person_id:
                return _("đã khai có liên quan đến người được đề nghị")
            if row.unit and under(nomination.unit.path, row.unit.path):
                return _("đã khai có liên quan đến đơn vị đề nghị")
        return ""


def objection_to(reviewer: User, nomination: Nomination) -> str:
    """The conflict between these two, in words."""
    return Interests.of([reviewer]).between(reviewer.pk, nomination)
