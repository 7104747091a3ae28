"""What may be done to a collective of a unit, and who belongs to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.flow import Refused
from portal.models.trail import differences, record
from units.models import Collective, Person, Posting, User
from units.models.people import COLLECTIVE_CODE_TAKEN
from units.models.units import valid_on
from units.people.services import POSTING, in_words, locked, move_posting, raise_version, save_posting

COLLECTIVE = ("unit", "code", "name", "kind", "valid_from", "valid_to")


class Overtaken(Exception):
    """The collective was changed since this person saw it; nothing was written."""


def _locked_collective(collective: Collective, by: User, version: int) -> Collective:
    collective = Collective.objects.select_for_update(of=("self",)).select_related("unit").get(pk=collective.pk)
    if not by.may("keep_people", collective.unit):
        raise PermissionDenied
    if collective.version != version:
        raise Overtaken
    return collective


@transaction.atomic
def create(fields: dict[str, Any], *, by: User) -> Collective:
    """A collective below a unit."""
    if not by.may("keep_people", fields["unit"]):
        raise PermissionDenied
    collective = Collective(**fields)
    _keep_collective(collective)
    record(collective, "create", by=by, changes=differences({}, in_words(collective, COLLECTIVE)))
    return collective


def _keep_collective(collective: Collective) -> None:
    start, end, unit = collective.valid_from, collective.valid_to, collective.unit
    if (start and not unit.exists_on(start)) or (end and unit.valid_to and end > unit.valid_to):
        raise Refused([_("Trong thời gian đó đơn vị %s không hoạt động.") % unit.label])
    try:
        with transaction.atomic():
            collective.save()
    except IntegrityError as error:
        raise Refused([COLLECTIVE_CODE_TAKEN]) from error


@transaction.atomic
def edit(collective: Collective, fields: dict[str, Any], *, by: User, version: int) -> Collective:
    """Rename a collective or put it right; papers of before keep the name of their day in their own text."""
    collective = _locked_collective(collective, by, version)
    before = in_words(collective, COLLECTIVE)
    for name, value in fields.items():
        setattr(collective, name, value)
    collective.version += 1
    _keep_collective(collective)
    record(collective, "edit", by=by, changes=differences(before, in_words(collective, COLLECTIVE)))
    return collective


@transaction.atomic
def close(collective: Collective, last: date, *, by: User, version: int, reason: str) -> int:
    """Let the last day of the collective be known; its people go on in the unit itself. Returns how many they are."""
    collective = _locked_collective(collective, by, version)
    if collective.valid_from and last < collective.valid_from:
        raise Refused([_("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.")])
    if collective.valid_to and last >= collective.valid_to:
        raise Refused([_("Tập thể này đã kết thúc ngày %s.") % f"{collective.valid_to:%d/%m/%Y}"])
    staying = Posting.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), collective=collective)
    count = 0
    for posting in staying.select_related("unit", "person"):
        _leave_collective(posting, last, by, reason)
        count += 1
    before = in_words(collective, COLLECTIVE)
    collective.valid_to = last
    collective.version += 1
    collective.save()
    record(collective, "close", by=by, changes=differences(before, in_words(collective, COLLECTIVE)), note=reason)
    return count


def _leave_collective(posting: Posting, last: date, by: User, reason: str) -> None:
    before = in_words(posting, POSTING)
    if posting.valid_from and posting.valid_from > last:
        posting.collective = None
        posting.save(update_fields=["collective"])
        moved = posting
    else:
        moved = move_posting(posting, by, valid_from=last + timedelta(days=1), document=reason[:200])
    raise_version(posting.person)
    record(posting.person, "posting_edit", by=by, changes=differences(before, in_words(moved, POSTING)), note=reason)


@transaction.atomic
def join(
    collective: Collective, person: Person, day: date, document: str, *, by: User, version: int, position: str = ""
) -> Posting:
    """Let a person who works in the unit belong to the collective from the day on; `version` is the collective's."""
    collective = _locked_collective(collective, by, version)
    person = locked(person, by, None)
    posting = person.postings.filter(valid_on(day), unit=collective.unit).select_related("unit", "collective").first()
    if posting is None:
        raise Refused([_("Ngày đó người này không công tác ở %s.") % collective.unit.label])
    if posting.collective_id == collective.pk:
        raise Refused([_("Người này đã thuộc tập thể.")])
    before = in_words(posting, POSTING)
    changed = {"collective": collective, "document": document} | ({"position": position} if position else {})
    if posting.valid_from == day:
        for name, value in changed.items():
            setattr(posting, name, value)
        moved = save_posting(posting, by)
    else:
        moved = move_posting(posting, by, valid_from=day, **changed)
    raise_version(person)
    record(person, "join", by=by, changes=differences(before, in_words(moved, POSTING)), note=document)
    return moved
