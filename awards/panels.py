"""What the pages of people, collectives, units and the first page show of awards, though they know nothing of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.councils.queries import next_sittings
from awards.models import SubjectKind
from awards.nominations.hands import in_our_hands
from awards.review.queries import before_the_council, waiting_longest, work_of_the_desk
from portal.scope import under
from portal.web.panels import Link, Panel
from units.models import Collective, Person, Unit, User


def links(user: User, subject: object) -> list[Link]:
    """The way to the subject's book, for those who may open it."""
    if isinstance(subject, Unit):
        return _book(SubjectKind.UNIT, subject.pk) if under(subject.path, *user.staff_paths()) else []
    # the page of a person or a collective is shown to those alone who may also open the book
    if isinstance(subject, Person):
        return _book(SubjectKind.PERSON, subject.pk)
    return _book(SubjectKind.COLLECTIVE, subject.pk) if isinstance(subject, Collective) else []


def _book(kind: SubjectKind, pk: int) -> list[Link]:
    return [Link(_("Sổ khen thưởng"), reverse("ledger_subject", args=[kind, pk]))]


def waiting(user: User) -> list[Panel]:
    """What the person's units have to do about nominations, what waits at the review desk, what the Council has."""
    found = []
    if user.may_anywhere("draft_nominations"):
        found.append(Panel(work=in_our_hands(user)))
    if user.may_anywhere("review"):
        desk = waiting_longest(user)
        found.append(Panel("awards/review/_home_review.html", {"desk": desk}, work_of_the_desk(desk)))
    if user.may_anywhere("read_for_the_council"):
        found.append(Panel("awards/review/_home_council.html", {"rows": before_the_council(user)}))
    if user.may_anywhere("sit_in_council"):
        found.append(Panel(work=next_sittings(user)))
    return found
