"""Councils are founded, sittings prepared and led through their steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.councils import agenda, letters, results
from awards.councils.flow import SITTING
from awards.models import (
    AgendaItem,
    Council,
    CouncilMember,
    Question,
    Recusal,
    Sitting,
    SittingFile,
    SittingMember,
)
from awards.models.councils import PRESIDING
from portal.files import stored as stores
from portal.files.stored import Brought
from portal.flow import Refused, overtaken
from portal.models import trail
from portal.models.trail import differences, record
from units.models import User

COUNCIL = ("name", "number", "dated", "valid_from", "valid_to", "usual_percent", "quorum_percent")
WRITTEN = ("title", "starts_at", "place", "in_writing")
FIXING = ("call", "open_secret", "open_public")  # steps before which members and bases are gathered

FILES = 5  # scans of minutes of one sitting


# --- councils ---


@transaction.atomic
def found(council: Council, *, by: User) -> Council:
    """Enter a council of the unit."""
    if not by.may("prepare_sittings", council.unit):
        raise PermissionDenied
    council.save()
    record(council, "create", by=by, changes=differences({}, trail.in_words(council, COUNCIL)))
    return council


@transaction.atomic
def rewrite(council: Council, *, by: User, version: int) -> Council:
    """Save what was changed in the council, unless somebody else did in between."""
    stored = Council.objects.select_for_update(of=("self",)).select_related("unit").get(pk=council.pk)
    if not by.may("prepare_sittings", stored.unit):
        raise PermissionDenied
    if stored.version != version:
        raise Refused([overtaken(stored, version, by)])
    if changes := differences(trail.in_words(stored, COUNCIL), trail.in_words(council, COUNCIL)):
        council.version = stored.version + 1
        council.save()
        record(council, "edit", by=by, changes=changes, version=council.version)
    return council


@transaction.atomic
def seat(member: CouncilMember, *, by: User) -> CouncilMember:
    """Give the person a seat in the council."""
    if not by.may("prepare_sittings", member.council.unit):
        raise PermissionDenied
    member.save()
    record(
        member.council, "seat", by=by, note=member.document, changes={str(member.user): ["", member.get_duty_display()]}
    )
    return member


@transaction.atomic
def unseat(member: CouncilMember, *, on: Any, by: User) -> None:
    """The seat ends with that day; sittings that have opened keep whom they counted."""
    if not by.may("prepare_sittings", member.council.unit):
        raise PermissionDenied
    member.valid_to = on
    member.save(update_fields=["valid_to"])
    ends = f"{on:%d/%m/%Y}"
    record(member.council, "unseat", by=by, changes={str(member.user): [member.get_duty_display(), ends]})


# --- preparing a sitting ---


def _to_prepare(sitting: Sitting, by: User, version: int) -> Sitting:
    """The locked sitting as it was seen, while it may still be prepared."""
    stored: Sitting = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    if not by.may("prepare_sittings", stored.unit):
        raise PermissionDenied
    if stored.version != version:
        raise Refused([overtaken(stored, version, by)])
    if stored.state not in Sitting.BEFORE:
        raise Refused([_("Không sửa được nữa: phiên họp hiện ở trạng thái «%s».") % stored.get_state_display()])
    return stored


def _saved(sitting: Sitting, by: User, verb: str, changes: dict[str, Any]) -> None:
    sitting.version += 1
    sitting.save()
    record(sitting, verb, by=by, changes=changes, version=sitting.version)


@transaction.atomic
def prepare(sitting: Sitting, *, by: User) -> Sitting:
    """Begin a sitting with the members of its day."""
    if not by.may("prepare_sittings", sitting.unit):
        raise PermissionDenied
    sitting.save()
    agenda.gather_members(sitting)
    record(sitting, "create", by=by, changes=differences({}, trail.in_words(sitting, WRITTEN)))
    return sitting


@transaction.atomic
def write(sitting: Sitting, *, by: User, version: int) -> Sitting:
    """Save what was changed of day, place and title."""
    stored = _to_prepare(sitting, by, version)
    was = trail.in_words(stored, WRITTEN)
    for name in WRITTEN:
        setattr(stored, name, getattr(sitting, name))
    if changes := differences(was, trail.in_words(stored, WRITTEN)):
        _saved(stored, by, "edit", changes)
        agenda.gather_members(stored)
    return stored


@transaction.atomic
def add_items(sitting: Sitting, nominations: Iterable[int], *, by: User, version: int) -> int:
    """Put nominations that wait for this council on the agenda; returns how many."""
    stored = _to_prepare(sitting, by, version)
    chosen = list(agenda.waiting_for(stored.council).filter(pk__in=nominations))
    if not chosen:
        raise Refused([_("Hãy chọn ít nhất một đề nghị đang chờ Hội đồng.")])
    agenda.put_on(stored, chosen)
    _saved(stored, by, "edit", {str(_("Chương trình")): ["", "; ".join(map(str, chosen))[:1000]]})
    return len(chosen)


@transaction.atomic
def take_off(item: AgendaItem, *, by: User, version: int) -> None:
    """Off the agenda; it waits for another sitting."""
    stored = _to_prepare(item.sitting, by, version)
    name = str(item.nomination)
    item.delete()
    agenda.put_on(stored, [])
    _saved(stored, by, "edit", {str(_("Chương trình")): [name, ""]})


@transaction.atomic
def note_attendance(sitting: Sitting, told: dict[int, str], *, by: User, version: int) -> None:
    """Who is there, who gives an opinion in writing, who is absent."""
    stored = _to_prepare(sitting, by, version)
    changes = {}
    for member in stored.members.select_related("user__person"):
        now = SittingMember.Attendance(told.get(member.pk, member.attendance))
        if now != member.attendance:
            changes[str(member)] = [member.get_attendance_display(), str(now.label)]
            member.attendance = now
            member.save(update_fields=["attendance"])
    if changes:
        _saved(stored, by, "edit", changes)


@transaction.atomic
def attach(sitting: Sitting, brought: Brought, *, by: User) -> SittingFile:
    """Keep a scan of the signed minutes."""
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    if not by.may("prepare_sittings", stored.unit):
        raise PermissionDenied
    full = _("Phiên họp đã có %s tệp; không nhận thêm.") % FILES
    row = SittingFile(sitting=stored)
    return stores.keep(row, brought, among=stored.files.all(), limit=FILES, full=full, by=by)


@transaction.atomic
def enter_counts(sitting: Sitting, counts: dict[int, tuple[int, int, int]], *, by: User, version: int) -> Sitting:
    """The counts of a ballot on paper, as the signed minutes have them: the sitting is closed by them."""
    stored = _to_prepare(sitting, by, version)
    agenda.gather_members(stored)
    agenda.gather_bases(stored)
    items = agenda.with_bases(stored)
    for item in items:
        item.yes, item.no, item.none = counts[item.pk]
        if item.cast > (item.base or 0):
            raise Refused(
                [
                    _("%(item)s: %(cast)s phiếu, nhiều hơn %(base)s thành viên được biểu quyết.")
                    % {"item": item.nomination.subject_name, "cast": item.cast, "base": item.base}
                ]
            )
    AgendaItem.objects.bulk_update(items, ["yes", "no", "none"])
    return take("enter_counts", stored, by=by, version=version)


# --- what members do beforehand ---


def _before_opening(sitting: Sitting, by: User) -> SittingMember:
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    member = stored.seat_of(by)
    if member is None or not by.may("sit_in_council", stored.unit):
        raise PermissionDenied
    if stored.state not in Sitting.BEFORE:
        raise Refused([_("Chỉ thực hiện được trước khi mở bỏ phiếu.")])
    return member


@transaction.atomic
def recuse(item: AgendaItem, *, reason: str, by: User) -> None:
    """A member declares a conflict of interest over an item, and has no vote on it."""
    member = _before_opening(item.sitting, by)
    Recusal.objects.update_or_create(item=item, member=member, defaults={"reason": reason, "declared": True})
    agenda.gather_bases(member.sitting)
    record(item.sitting, "recuse", by=by, note=reason, changes={str(item): ["", str(member)]})


@transaction.atomic
def ask(item: AgendaItem, *, text: str, by: User) -> Question:
    """Note what a member wants to ask at the sitting."""
    _before_opening(item.sitting, by)
    return Question.objects.create(item=item, by=by, text=text)


# --- the steps ---


@transaction.atomic
def take(name: str, sitting: Sitting, *, by: User, version: int, note: str = "") -> Sitting:
    """Take one step of the sitting, with what has to be settled before it and what follows from it."""
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    if name in FIXING and SITTING[name].open_for(stored) and SITTING[name].allowed_to(by, stored):
        agenda.gather_members(stored)
        agenda.gather_bases(stored)
    moved: Sitting = SITTING.take(name, stored, by=by, version=version, note=note)
    if moved.state == Sitting.State.CLOSED:
        results.apply(moved, by=by)
    letters.tell(name, moved, note)
    return moved


@transaction.atomic
def second_round(sitting: Sitting, *, starts_at: datetime | None = None, by: User) -> Sitting:
    """A new sitting on what missed its share, which the chair may choose once; the council then decides for good."""
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    missed = _missed(stored, by)
    again = Sitting(
        council=stored.council,
        title=_("%s (bỏ phiếu lần hai)") % stored.title[:270],
        starts_at=starts_at or timezone.now() + timedelta(days=1),
        place=stored.place,
        in_writing=stored.in_writing,
        repeats=stored,
    )
    again.save()
    agenda.gather_members(again)
    agenda.put_on(again, [item.nomination for item in missed])
    record(again, "create", by=by, note=stored.title)
    return again


@transaction.atomic
def conclude(sitting: Sitting, *, by: User) -> int:
    """No second round: what missed its share is not passed. Returns how many."""
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    missed = _missed(stored, by)
    results.vote_down(missed, by=by)
    record(stored, "conclude", by=by)
    return len(missed)


def _missed(sitting: Sitting, by: User) -> list[AgendaItem]:
    presides = sitting.members.filter(user=by, duty__in=PRESIDING).exists()
    if not presides or not by.may("sit_in_council", sitting.unit):
        raise PermissionDenied
    found = results.undecided(sitting)
    if not found:
        raise Refused([_("Không còn đề nghị nào chờ bỏ phiếu lần hai hoặc kết luận.")])
    return found
