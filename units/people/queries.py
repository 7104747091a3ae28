"""Whom a filter asks for, and what a list shows of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from portal.days import today
from portal.scope import inside
from units.models import Person, PersonStatus, Posting, Unit, User
from units.models.people import PersonQuerySet
from units.models.units import valid_on
from units.people import privacy
from units.people.forms import PeopleFilter

STATUS_TONES: dict[str, str] = {
    **{str(kind): "waiting" for kind in (PersonStatus.Kind.LEAVE, *PersonStatus.COUNTED, *PersonStatus.ELSEWHERE)},
    **{str(kind): "returned" for kind in PersonStatus.FREEZING},
    PersonStatus.Kind.DISCIPLINED: "late",
}


def may_ask_statuses(user: User) -> bool:
    """Whether the person sees statuses of anybody, and so may look for them."""
    return user.may_anywhere("read_people_in_full", "read_own_people_in_full")


def filtered(form: PeopleFilter, user: User) -> PersonQuerySet:
    """Whom the filter asks for; whoever looks for a status finds only those whose statuses they see."""
    asked, day = form.asked, today()
    state = asked.get("state", form.NOW)
    people, postings = Person.objects.filter(merged_into=None), Posting.objects.all()
    postings = postings.filter(inside(user.staff_paths(), "unit__path"))
    if state == form.NOW:
        postings = postings.filter(valid_on(day))
    elif state != form.ALL:
        held = PersonStatus.objects.filter(valid_on(day), kind=state, person=OuterRef("pk"))
        people = privacy.in_full(user).filter(Exists(held))
    if unit := asked.get("unit"):
        postings = postings.filter(unit__in=[unit] if asked.get("only") else Unit.objects.within(unit))
    if "leads" in asked:
        postings = postings.filter(leads=asked["leads"] == "yes")
    if "collective" in asked:
        postings = postings.filter(collective__code=asked["collective"])
    if "unit" in asked or "collective" in asked:  # few postings: begin with them instead of asking for each person
        people = people.filter(pk__in=postings.values("person"))
    else:
        people = people.filter(Exists(postings.filter(person=OuterRef("pk"))))
    return people.matching(asked.get("q", ""))


@dataclass(frozen=True)
class PersonRow:
    """A person in a list: the postings that count today, or the last one, and the statuses that this reader sees."""

    person: Person
    places: list[Posting]
    statuses: list[tuple[PersonStatus, str]]  # each with its tone


def described(people: list[Person], user: User) -> list[PersonRow]:
    """These people as a list shows them to this reader."""
    day, keys = today(), [person.pk for person in people]
    places: dict[int, list[Posting]] = {}
    standing = Posting.objects.standing().filter(person__in=keys).select_related("unit", "collective")
    for posting in standing.order_by("-leads", "valid_from", "pk"):
        places.setdefault(posting.person_id, []).append(posting)
    seen = [p.pk for p in people if privacy.sees_in_full(user, p, places.get(p.pk, []))]
    statuses: dict[int, list[tuple[PersonStatus, str]]] = {}
    for status in PersonStatus.objects.filter(valid_on(day), person__in=seen):
        statuses.setdefault(status.person_id, []).append((status, STATUS_TONES.get(status.kind, "neutral")))
    return [PersonRow(person, places.get(person.pk, []), statuses.get(person.pk, [])) for person in people]
