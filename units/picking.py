"""Which units, people and collectives the fields of forms may name (`portal.web.forms.picking`)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.days import today
from portal.scope import inside
from portal.web.parameters import number
from units.models import Collective, Person, Posting, Unit, User
from units.models.people import CollectiveQuerySet, PersonQuerySet
from units.models.units import UnitQuerySet, valid_on


def named(about: str) -> int:
    """The row that another field of the form names: its key without the kind."""
    return number(about.rpartition("-")[2]) or 0


def units_staffed(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose people this person keeps."""
    return [Unit.objects.filter(valid_on(today()), inside(user.paths_where("keep_people"), "path"))]


def units_looked_up(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose people this person may look up."""
    return [Unit.objects.filter(valid_on(today()), inside(user.staff_paths(), "path"))]


def units_administered(user: User, about: str) -> list[UnitQuerySet]:
    """Units of today whose accounts this person keeps."""
    return [Unit.objects.filter(valid_on(today()), inside(user.paths_where("keep_accounts"), "path"))]


def units_of_today(user: User, about: str) -> list[UnitQuerySet]:
    """All units of today, as everybody sees them in the tree; below one, where the form is about it."""
    units = Unit.objects.as_of(today())
    return [units.within(Unit.objects.filter(pk=named(about)).first()) if about else units]


def units_of_any_day(user: User, about: str) -> list[UnitQuerySet]:
    """All units, also those that ended."""
    return [Unit.objects.all()]


def collectives_staffed(user: User, about: str) -> list[CollectiveQuerySet]:
    """Collectives of today in those units; of one unit, where the form names one."""
    kept = Collective.objects.filter(valid_on(today()), inside(user.paths_where("keep_people"), "unit__path"))
    return [kept.filter(unit=named(about)) if about else kept]


def people_kept(user: User, about: str) -> list[PersonQuerySet]:
    """People whose records this person keeps; of one unit, where the form is about it."""
    kept = Person.objects.kept_by(user)
    return [kept.filter(Exists(Posting.objects.filter(unit=named(about), person=OuterRef("pk")))) if about else kept]
