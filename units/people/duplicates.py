"""Likely duplicates: found by the database, shown to a person, merged by nobody else, and taken apart again."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.days import today
from portal.flow import Refused
from portal.manifests import person_relations
from portal.models.trail import record
from portal.notices.services import notify
from portal.text import clean, fold
from units.access import rights
from units.access.proposals import counting, let_none_come_back
from units.models import Distinct, Person, PersonMerge, PersonStatus, Posting, User
from units.models.people import PersonQuerySet
from units.people.services import FIELDS, EditConflict, in_words

TWINS_SHOWN = 10  # of one person; a common name without years of birth could fill the page
FILLED = ("birth_year", "gender", "rank", "joined_on")


# --- finding ---


def candidates(user: User, *, year_known: bool = True) -> PersonQuerySet:
    """People with a likely duplicate that was entered after them, both kept by this person.

    With `year_known` the years of birth are the same; without, one of them is missing.
    """
    kept = _living(user)
    told = Distinct.objects.filter(first=OuterRef(OuterRef("pk")), second=OuterRef("pk"))
    twins = kept.filter(~Exists(told), name_key=OuterRef("name_key"), pk__gt=OuterRef("pk"))
    if year_known:
        return kept.filter(Exists(twins.filter(birth_year=OuterRef("birth_year"))))
    return kept.filter(Q(Exists(twins.filter(birth_year=None))) | Q(Exists(twins), birth_year=None))


def _living(user: User) -> PersonQuerySet:
    return Person.objects.kept_by(user).filter(anonymised_at=None).exclude(name_key="")


def has_twin(person: Person, user: User) -> bool:
    """Whether somebody of the same name and year of birth is kept by this person too."""
    same = _living(user).filter(name_key=person.name_key, birth_year=person.birth_year).exclude(pk=person.pk)
    return person.birth_year is not None and same.exists()


def with_twins(people: list[Person], user: User, *, year_known: bool) -> list[tuple[Person, list[Person]]]:
    """Each of these people with those that may be the same, postings and all; few queries for all of them."""
    keys = {person.name_key for person in people}
    told = set(Distinct.objects.filter(first__in=people).values_list("first_id", "second_id"))
    alike: dict[str, list[Person]] = {}
    rows: dict[int, Person] = {}
    for person in _living(user).filter(name_key__in=keys).order_by("pk").prefetch_related("postings__unit"):
        alike.setdefault(person.name_key, []).append(person)
        rows[person.pk] = person  # with its postings
    found = []
    for person in people:
        twins = [
            twin
            for twin in alike.get(person.name_key, [])
            if twin.pk > person.pk and (person.pk, twin.pk) not in told and _years_meet(person, twin) is year_known
        ]
        found.append((rows.get(person.pk, person), twins[:TWINS_SHOWN]))
    return found


def _years_meet(one: Person, other: Person) -> bool | None:
    """True for the same year of birth, False where one is missing, None for two different years."""
    if one.birth_year is None or other.birth_year is None:
        return False
    return True if one.birth_year == other.birth_year else None


def likeness(one: Person, other: Person) -> list[str]:
    """In words, what is alike and what is not."""
    said = []
    mine, theirs = fold(one.full_name), fold(other.full_name)
    if one.full_name == other.full_name:
        said.append(_("cùng họ tên"))
    elif mine == theirs:
        said.append(_("cùng họ tên, khác dấu hoặc cách gõ"))
    elif sorted(mine.split()) == sorted(theirs.split()):
        said.append(_("đảo thứ tự họ và tên"))
    elif one.name_key == other.name_key:
        said.append(_("khác nhau ở i và y"))
    else:
        said.append(_("họ tên khác nhau"))
    if one.birth_year is None or other.birth_year is None:
        said.append(_("chưa rõ năm sinh"))
    elif one.birth_year == other.birth_year:
        said.append(_("cùng năm sinh"))
    else:
        said.append(_("khác năm sinh"))
    return said


# --- judging ---


def _locked(pair: tuple[Person, Person], by: User, versions: tuple[int, int]) -> list[Person]:
    """Both records as they are now, in the order given; locked in one order, or two mergers could wait in a ring."""
    keys = [person.pk for person in pair]
    rows = {p.pk: p for p in Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    if len(rows) != 2 or Person.objects.kept_by(by).filter(pk__in=keys).count() != 2:
        raise PermissionDenied
    found = [rows[key] for key in keys]
    for row, version in zip(found, versions, strict=True):
        if row.version != version:
            raise EditConflict(row)
    return found


@transaction.atomic
def set_apart(one: Person, other: Person, *, by: User, versions: tuple[int, int], note: str = "") -> None:
    """These are two people: the pair is not shown again."""
    one, other = sorted(_locked((one, other), by, versions), key=lambda person: person.pk)
    if Distinct.objects.get_or_create(first=one, second=other)[1]:
        for person, twin in ((one, other), (other, one)):
            record(person, "distinct", by=by, changes={_named(twin): ["", "khác người"]}, note=note)


def _named(person: Person) -> str:
    return f"{person.full_name} ({person.staff_code})"


def relations() -> list[tuple[Any, str]]:
    """What hangs on a person, as (model, field): manifests name it as `app.Model.field`."""
    return [(apps.get_model(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in person_relations()]


def _said_by_both(kept: Person, gone: Person) -> list[int]:
    """Postings that the kept record has too: they stay behind, or the person would stand twice in one place."""
    what = ("unit", "collective", "position", "leads", "valid_from", "valid_to")
    known = set(kept.postings.values_list(*what))
    return [pk for pk, *said in gone.postings.values_list("pk", *what) if tuple(said) in known]


@transaction.atomic
def merge(kept: Person, gone: Person, *, by: User, versions: tuple[int, int], note: str) -> PersonMerge:
    """Let one record hold what both held; what the kept one does not know is filled in. It can be undone."""
    rights.lock_roots()
    kept, gone = _locked((kept, gone), by, versions)
    accounts = {account.person_id: account for account in User.objects.filter(person__in=(kept, gone))}
    if len(accounts) == 2:
        raise Refused([_("Cả hai hồ sơ đều có tài khoản. Hãy gỡ một tài khoản khỏi hồ sơ rồi gộp.")])
    if kept.anonymised_at or gone.anonymised_at:
        raise Refused([_("Hồ sơ đã ẩn danh nên không gộp được.")])
    left = PersonStatus.objects.filter(person__in=(kept, gone), kind__in=PersonStatus.GONE)
    if left.filter(Q(valid_to=None) | Q(valid_to__gte=today())).exists():
        # what one record says of leaving would then be so of the other one's account
        objections = [o for person in (kept, gone) for o in rights.objections_to_leaving(person)]
        if objections:
            raise Refused(objections)
    held = counting(kept, gone)
    moved: dict[str, Any] = {"rows": {}, "filled": {}, "account": None}
    for model, field in relations():
        rows = model._base_manager.filter(**{field: gone})
        if model is Posting:
            rows = rows.exclude(pk__in=_said_by_both(kept, gone))
        moved["rows"][f"{model._meta.label}.{field}"] = list(rows.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                rows.update(**{field: kept})
        except IntegrityError as error:
            what = {"what": model._meta.verbose_name_plural}
            raise Refused([_("Hai hồ sơ có dữ liệu chồng nhau ở mục «%(what)s». Hãy sửa rồi gộp.") % what]) from error
    if gone.pk in accounts:
        moved["account"] = accounts[gone.pk].pk
        _hand_over(accounts[gone.pk], gone, kept, by)
    let_none_come_back(held, kept, gone, by=by)
    for name in FILLED:
        if getattr(kept, name) in (None, "") and getattr(gone, name) not in (None, ""):
            setattr(kept, name, getattr(gone, name))
            moved["filled"][name] = str(getattr(gone, name))
    gone.merged_into = kept
    for person in (kept, gone):
        person.version += 1
        person.save()
    Distinct.objects.filter(Q(first=kept, second=gone) | Q(first=gone, second=kept)).delete()
    made = PersonMerge.objects.create(kept=kept, gone=gone, by=by, moved=moved)
    told = {name: [was, ""] for name, was in in_words(gone, FIELDS).items()}
    record(kept, "merge_person", by=by, changes=told, note=note)
    record(gone, "merge_person", by=by, changes={_named(kept): ["", "hồ sơ giữ lại"]}, note=note)
    return made


def _hand_over(account: User, was: Person, person: Person, by: User) -> None:
    """The account is that of another record now: its sessions and links end, its trail and its holder hear of it."""
    account.person = person
    rights.changed(account, "person")
    record(account, "owner", by=by, changes={_("cán bộ"): [_named(was), _named(person)]})
    words = lambda: (  # noqa: E731 -- called in the reader's language
        _("Tài khoản %s được gắn với hồ sơ cán bộ khác") % account.username,
        _("%(by)s gộp hoặc tách hồ sơ: từ %(was)s sang %(now)s. Nếu có điều không đúng, hãy báo quản trị.")
        % {"by": by, "was": _named(was), "now": _named(person)},
    )
    notify([account], key=f"owner:{account.pk}:{account.version}", kind="owner", words=words, urgent=True)


def undo_objections(done: PersonMerge) -> list[str]:
    """Why a merge cannot be taken apart any more, or not yet."""
    said = []
    if done.undone_at:
        said.append(_("Lần gộp này đã được tách lại."))
    if done.kept.anonymised_at:
        said.append(_("Hồ sơ đã ẩn danh nên không tách lại được."))
    if done.kept.merged_into_id:
        said.append(_("Hồ sơ này sau đó đã được gộp vào hồ sơ khác. Hãy tách lần gộp sau trước."))
    return said


@transaction.atomic
def undo(done: PersonMerge, *, by: User, note: str, version: int) -> Person:
    """Take a merge apart: what went over and is still there goes back. Returns the record that stands again.

    `version` is that of the record that was kept; raises EditConflict where it was changed since.
    """
    done = PersonMerge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=done.pk)
    if objections := undo_objections(done):
        raise Refused(objections)
    kept = Person.objects.select_for_update(of=("self",)).get(pk=done.kept_id)
    if kept.version != version:
        raise EditConflict(kept)
    gone = Person.objects.select_for_update(of=("self",)).get(pk=done.gone_id)
    held = counting(kept, gone)
    for model, field in relations():
        keys = done.moved["rows"].get(f"{model._meta.label}.{field}", [])
        model._base_manager.filter(**{"pk__in": keys, field: kept}).update(**{field: gone})
    if done.moved["account"]:
        for account in User.objects.filter(pk=done.moved["account"], person=kept):
            _hand_over(account, kept, gone, by)
    let_none_come_back(held, kept, gone, by=by)
    defaults = {field.name: field.get_default() for field in Person._meta.fields}
    for name, value in done.moved["filled"].items():
        if str(getattr(kept, name)) == value:
            setattr(kept, name, defaults[name])
    gone.merged_into = None
    for person in (kept, gone):
        person.version += 1
        person.save()
    if Person.objects.kept_by(by).filter(pk__in=(kept.pk, gone.pk)).count() != 2:
        raise PermissionDenied
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    record(kept, "unmerge_person", by=by, changes={_named(gone): ["đã gộp", "đứng riêng"]}, note=clean(note))
    record(gone, "unmerge_person", by=by, changes={_named(kept): ["đã gộp", "đứng riêng"]}, note=clean(note))
    return gone
