"""What may be done to the record of a person: one verb each, in one transaction, with its line in the trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.days import today
from portal.flow import EditConflict, Refused
from portal.models.trail import differences, record
from units.access import rights
from units.access.proposals import counting, let_none_come_back
from units.models import Person, PersonStatus, Posting, User
from units.models.people import STAFF_CODE_TAKEN
from units.models.units import valid_on

FIELDS = ("staff_code", "full_name", "birth_year", "gender", "rank", "joined_on")
POSTING = ("unit", "collective", "position", "leads", "valid_from", "valid_to", "document")
STATUS = ("kind", "grade", "valid_from", "valid_to", "document")


# --- the door ---


def locked(person: Person, by: User, version: int | None) -> Person:
    """The record as it is now, for whoever keeps it and has seen its newest version."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not Person.objects.kept_by(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    if version is not None and person.version != version:
        raise EditConflict(person)
    if person.anonymised_at:
        raise Refused([_("Hồ sơ này đã ẩn danh nên không sửa được nữa.")])
    return person


def raise_version(person: Person) -> None:
    person.version += 1
    person.save(update_fields=["version"])


def in_words(row: Any, fields: tuple[str, ...], language: str = "vi") -> dict[str, str]:
    """The fields of a row under their names as people read them; what is empty is left out. The trail is Vietnamese."""
    with override(language):
        found = {}
        for name in fields:
            value = getattr(row, name)
            shown = getattr(row, f"get_{name}_display", lambda value=value: value)()
            if isinstance(value, date):
                shown = f"{value:%d/%m/%Y}"
            elif isinstance(value, bool):
                shown = _("có") if value else _("không")
            elif isinstance(value, dict):  # sections of a report
                shown = "\n".join(str(text) for text in value.values() if text)
            if shown not in (None, ""):
                found[str(row._meta.get_field(name).verbose_name)] = str(shown)
        return found


# --- the record ---


@transaction.atomic
def create(fields: dict[str, Any], posting: dict[str, Any], *, by: User) -> Person:
    """A new record; it begins with a posting, for people stand where their postings are."""
    person = Person(**fields)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise Refused([STAFF_CODE_TAKEN]) from error
    made = save_posting(Posting(person=person, **posting), by)
    record(person, "create", by=by, changes=differences({}, in_words(person, FIELDS) | in_words(made, POSTING)))
    return person


@transaction.atomic
def edit(person: Person, fields: dict[str, Any], *, by: User, version: int) -> Person:
    """Put right what the record says; raises EditConflict when another version is stored by now."""
    person = locked(person, by, version)
    before = in_words(person, FIELDS)
    for name in FIELDS:
        setattr(person, name, fields[name])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise Refused([STAFF_CODE_TAKEN]) from error
    if changes := differences(before, in_words(person, FIELDS)):
        raise_version(person)
        record(person, "edit", by=by, changes=changes)
    return person


# --- postings ---


def save_posting(posting: Posting, by: User) -> Posting:
    if not by.may("keep_people", posting.unit):
        raise PermissionDenied
    if objections := list(posting_objections(posting)):
        raise Refused(objections)
    posting.save()
    return posting


def posting_objections(posting: Posting) -> list[str]:
    """Why a posting cannot stand so: its unit, its collective, another posting, or the person's having left."""
    said, start, end = [], posting.valid_from, posting.valid_to
    outside = lambda row: (  # noqa: E731
        (start and not row.exists_on(start)) or (end and row.valid_to and end > row.valid_to)
    )
    if outside(posting.unit):
        said.append(_("Trong thời gian đó đơn vị %s không hoạt động.") % posting.unit.label)
    if posting.collective and posting.collective.unit_id != posting.unit_id:
        said.append(_("Tập thể %s không thuộc đơn vị này.") % posting.collective)
    elif posting.collective and outside(posting.collective):
        said.append(_("Trong thời gian đó tập thể %s không hoạt động.") % posting.collective)
    meets = Q(valid_to=None) | Q(valid_to__gte=start) if start else Q()
    if end:
        meets &= Q(valid_from=None) | Q(valid_from__lte=end)
    others = Posting.objects.filter(meets, person=posting.person_id, unit=posting.unit_id).exclude(pk=posting.pk)
    if others.exists():
        said.append(_("Người này đã có một vị trí ở %s trong thời gian đó.") % posting.unit.label)
    gone = PersonStatus.objects.filter(meets, person=posting.person_id, kind__in=PersonStatus.GONE).first()
    if gone:
        told = {"status": gone.get_kind_display(), "day": f"{gone.valid_from:%d/%m/%Y}"}
        said.append(_("Người này có tình trạng «%(status)s» từ %(day)s.") % told)
    return said


@transaction.atomic
def begin_posting(person: Person, fields: dict[str, Any], *, by: User, version: int) -> Posting:
    """One more posting, beside those that run: a secondment, or the first after a pause."""
    person = locked(person, by, version)
    posting = save_posting(Posting(person=person, **fields), by)
    raise_version(person)
    record(person, "posting", by=by, changes=differences({}, in_words(posting, POSTING)), note=posting.document)
    return posting


@transaction.atomic
def edit_posting(posting: Posting, fields: dict[str, Any], *, by: User, version: int) -> Posting:
    """Put right a posting or give it its last day; its unit stays, for a move is a transfer."""
    person = locked(posting.person, by, version)
    posting = Posting.objects.select_related("unit", "collective__unit").get(pk=posting.pk, person=person)
    before = in_words(posting, POSTING)
    for name, value in fields.items():
        setattr(posting, name, value)
    save_posting(posting, by)
    if changes := differences(before, in_words(posting, POSTING)):
        raise_version(person)
        record(person, "posting_edit", by=by, changes=changes, note=posting.document)
    return posting


@transaction.atomic
def remove_posting(posting: Posting, *, by: User, version: int, reason: str) -> None:
    """Take out a posting that was never true; the last one stays, or nobody would find the person again."""
    person = locked(posting.person, by, version)
    if not by.may("keep_people", posting.unit):
        raise PermissionDenied
    if not person.postings.exclude(pk=posting.pk).exists():
        raise Refused([_("Đây là vị trí duy nhất của người này nên không xóa được. Hãy sửa hoặc ghi ngày kết thúc.")])
    raise_version(person)
    record(person, "posting_remove", by=by, changes=differences(in_words(posting, POSTING), {}), note=reason)
    posting.delete()


@transaction.atomic
def transfer(posting: Posting, fields: dict[str, Any], *, by: User, version: int) -> Posting:
    """End one posting the day before and begin another: `fields` name its unit, day, document and the rest."""
    person = locked(posting.person, by, version)
    if not by.may("keep_people", posting.unit):
        raise PermissionDenied
    moved = move_posting(posting, by, **fields)
    raise_version(person)
    changes = differences(in_words(posting, POSTING), in_words(moved, POSTING))
    record(person, "transfer", by=by, changes=changes, note=moved.document)
    return moved


def move_posting(posting: Posting, by: User, *, valid_from: date, **fields: Any) -> Posting:
    """The posting that follows this one from the day on; a posting that has not lasted a day by then is rewritten."""
    if posting.valid_to and posting.valid_to < valid_from:
        raise Refused([_("Vị trí này đã kết thúc ngày %s.") % f"{posting.valid_to:%d/%m/%Y}"])
    if posting.valid_from and posting.valid_from >= valid_from:
        raise Refused([_("Vị trí này chỉ bắt đầu từ ngày %s.") % f"{posting.valid_from:%d/%m/%Y}"])
    last, posting.valid_to = posting.valid_to, valid_from - timedelta(days=1)
    posting.save(update_fields=["valid_to"])
    kept = {name: getattr(posting, name) for name in ("unit", "position", "leads")}
    return save_posting(Posting(person_id=posting.person_id, valid_from=valid_from, valid_to=last, **kept | fields), by)


# --- statuses ---


def status_objections(status: PersonStatus) -> list[str]:
    """Why a status cannot stand so: one of its kind runs already, or a posting begins after the person has left."""
    said = []
    meets = Q(valid_to=None) | Q(valid_to__gte=status.valid_from)
    if status.valid_to:
        meets &= Q(valid_from__lte=status.valid_to)
    kinds = PersonStatus.GONE if status.kind in PersonStatus.GONE else (status.kind,)
    if PersonStatus.objects.filter(meets, person=status.person_id, kind__in=kinds).exclude(pk=status.pk).exists():
        said.append(_("Người này đã có tình trạng đó trong khoảng thời gian trùng nhau."))
    if (
        status.kind in PersonStatus.GONE
        and Posting.objects.filter(person=status.person_id, valid_from__gte=status.valid_from).filter(meets).exists()
    ):
        said.append(_("Người này có một vị trí công tác bắt đầu từ hoặc sau ngày đó. Hãy sửa vị trí ấy trước."))
    return said


def _stand(status: PersonStatus) -> list[Posting]:
    """Keep the status; whoever has left holds no posting from that day on. Returns the postings that ended so."""
    objections = status_objections(status)
    leaves = status.kind in PersonStatus.GONE
    if leaves and (status.valid_to is None or status.valid_to >= today()):
        objections += rights.objections_to_leaving(status.person)
    if objections:
        raise Refused(objections)
    status.save()
    if not leaves:
        return []
    running = Q(valid_to=None) | Q(valid_to__gte=status.valid_from)
    ended = list(Posting.objects.filter(running, person=status.person_id).select_related("unit"))
    for posting in ended:
        posting.valid_to = status.valid_from - timedelta(days=1)
        posting.save(update_fields=["valid_to"])
    return ended


def _told(status: PersonStatus, ended: list[Posting], before: dict[str, str]) -> dict[str, list]:
    changes = differences(before, in_words(status, STATUS))
    return changes | {p.unit.label: ["", f"đến hết ngày {p.valid_to:%d/%m/%Y}"] for p in ended}


@transaction.atomic
def begin_status(person: Person, fields: dict[str, Any], *, by: User, version: int) -> PersonStatus:
    """What is so of the person from a day on; retirement and leaving end the postings the day before."""
    rights.lock_roots()  # two administrators who leave at the same time: the second hears that nobody would be left
    person = locked(person, by, version)
    status = PersonStatus(person=person, **fields)
    ended = _stand(status)
    raise_version(person)
    record(person, "status", by=by, changes=_told(status, ended, {}), note=status.document)
    return status


@transaction.atomic
def edit_status(status: PersonStatus, fields: dict[str, Any], *, by: User, version: int) -> PersonStatus:
    """Put right a status or give it its last day."""
    rights.lock_roots()
    person = locked(status.person, by, version)
    status = PersonStatus.objects.get(pk=status.pk, person=person)
    before, held = in_words(status, STATUS), counting(person)
    for name, value in fields.items():
        setattr(status, name, value)
    ended = _stand(status)
    let_none_come_back(held, person, by=by)
    if changes := _told(status, ended, before):
        raise_version(person)
        record(person, "status_edit", by=by, changes=changes, note=status.document)
    return status


@transaction.atomic
def remove_status(status: PersonStatus, *, by: User, version: int, reason: str) -> None:
    """Take out a status that was never true."""
    person = locked(status.person, by, version)
    held = counting(person)
    raise_version(person)
    record(person, "status_remove", by=by, changes=differences(in_words(status, STATUS), {}), note=reason)
    status.delete()
    let_none_come_back(held, person, by=by)


# --- anonymity ---


def anonymity_objections(person: Person) -> list[str]:
    """Why the record cannot be made anonymous yet."""
    said, day = [], today()
    if not person.statuses.filter(valid_on(day), kind__in=PersonStatus.GONE).exists():
        said.append(_("Chỉ ẩn danh được hồ sơ của người đã nghỉ hưu, thôi việc hoặc chuyển ngành."))
    if person.postings.filter(Q(valid_to=None) | Q(valid_to__gte=day)).exists():
        said.append(_("Người này còn vị trí công tác chưa kết thúc."))
    if User.objects.filter(person=person, is_active=True).exists():
        said.append(_("Tài khoản của người này còn hoạt động. Hãy ngừng tài khoản trước."))
    return said


@transaction.atomic
def anonymise(person: Person, *, by: User, version: int, reason: str) -> Person:
    """Take the name and what describes the person out of the record, for good.

    Units, positions and days stay, since what was decided counts them; decisions keep the text of their day.
    Records merged into this one, and the account, lose their names too.
    """
    person = locked(person, by, version)
    if objections := anonymity_objections(person):
        raise Refused(objections)
    for row in (person, *_merged_below(person)):
        row.staff_code, row.full_name = _free_code(f"AN-{row.pk}"), f"Cán bộ đã ẩn danh số {row.pk}"
        row.birth_year = row.joined_on = None
        row.gender = row.rank = ""
        row.anonymised_at = timezone.now()
        row.version += 1
        row.save()
        row.statuses.exclude(kind__in=PersonStatus.GONE).delete()
        row.merges.update(moved={})  # what was filled in from another record is personal too
    account: Any  # allauth hangs addresses and factors on it
    for account in User.objects.filter(person=person):
        account.username, account.email = f"an-danh-{account.pk}", ""
        account.first_name = account.last_name = account.calendar_hash = ""
        account.set_unusable_password()
        account.save()
        account.emailaddress_set.all().delete()
        for factor in account.authenticator_set.all():
            factor.removed_by, factor.removed_why = by, reason  # units.signin.factors traces it
            factor.delete()
        account.proposals.update(asked={}, told={})
        account.notices.update(address="")
    record(person, "anonymise", by=by, note=reason)
    return person


def _free_code(wished: str) -> str:
    found = Person.objects.filter(staff_code__istartswith=wished).values_list("staff_code", flat=True)
    taken = {code.casefold() for code in found}
    numbered = (f"{wished}-{n}" for n in range(2, len(taken) + 3))
    return next(code for code in (wished, *numbered) if code.casefold() not in taken)


def _merged_below(person: Person) -> list[Person]:
    found: list[Person] = []
    for gone in person.merged.all():
        found += [gone, *_merged_below(gone)]
    return found
