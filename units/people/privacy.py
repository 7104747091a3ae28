"""Who sees which part of a person's record: said once, for pages and exports; docs/personal-data.md says why."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from portal.days import at_hour, today
from portal.models import Entry
from portal.models.trail import EntryQuerySet, key_of, record
from portal.scope import inside, under
from units.models import Person, Posting, Unit, User
from units.models.people import PersonQuerySet

READERS, OWN_UNIT, KEEPERS = "readers", "own unit", "keepers"

# each circle holds the next one, and the person belongs to all of them
FIELDS = {
    "staff_code": READERS,
    "full_name": READERS,
    "rank": READERS,
    "postings": READERS,
    "birth_year": OWN_UNIT,
    "gender": OWN_UNIT,
    "joined_on": OWN_UNIT,
    "statuses": OWN_UNIT,
    "account": KEEPERS,
    "merges": KEEPERS,
    "trail": KEEPERS,
}


def records(user: User) -> PersonQuerySet:
    """Whose page opens at all: people of the units that this person reads for or administers, and their own."""
    there = Posting.objects.filter(inside(user.staff_paths(), "unit__path"), person=OuterRef("pk"))
    return Person.objects.filter(Q(Exists(there)) | Q(pk=user.person_id), merged_into=None)


def in_full(user: User) -> PersonQuerySet:
    """Of whom the person sees what only the own unit sees.

    The head and the officers of the unit where someone stands, the emulation office, the administrators, and oneself.
    """
    above, here = _over_and_in(user)
    standing = Posting.objects.standing().filter(inside(above, "unit__path") | Q(unit__in=here), person=OuterRef("pk"))
    return Person.objects.filter(Q(Exists(standing)) | Q(pk=user.person_id), merged_into=None)


def sees_in_full(user: User, person: Person, standing: list[Posting]) -> bool:
    """What in_full() says, of one person whose standing postings, with their units, are at hand."""
    above, here = _over_and_in(user)
    stands = any(p.unit in here or under(p.unit.path, *above) for p in standing)
    return stands or person.pk == user.person_id


def _over_and_in(user: User) -> tuple[list[str], list[Unit]]:
    """The paths of the units over all of whose people the user sees everything, and the units whose own people."""
    return user.paths_where("read_people_in_full"), user.units_where("read_own_people_in_full")


def keeps(user: User, person: Person) -> bool:
    """Whether the person may change this record: an administrator of a unit where it stands."""
    return Person.objects.kept_by(user).filter(pk=person.pk).exists()


def shown(user: User, person: Person, *, kept: bool) -> frozenset[str]:
    """The fields of this record that the person sees; `kept` is what keeps() said."""
    circles = {READERS}
    if kept or person.pk == user.person_id:
        circles |= {OWN_UNIT, KEEPERS}
    elif in_full(user).filter(pk=person.pk).exists():
        circles.add(OWN_UNIT)
    return frozenset(name for name, circle in FIELDS.items() if circle in circles)


def trail(person: Person) -> EntryQuerySet:
    """What happened to the record; once it is anonymous, what was before holds the name and is not shown."""
    entries = Entry.objects.about(person)
    return entries.filter(at__gte=person.anonymised_at) if person.anonymised_at else entries


def note_view(user: User, person: Person, fields: Iterable[str]) -> None:
    """Leave a line when somebody else opens more than what every reader sees; one a day for each person and reader."""
    if person.pk == user.person_id or all(FIELDS[name] == READERS for name in fields):
        return
    since = at_hour(today(), 0)
    if not Entry.objects.filter(subject=key_of(person), verb="view", by=user, at__gte=since).exists():
        record(person, "view", by=user)
