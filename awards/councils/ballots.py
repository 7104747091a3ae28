"""Voting, closing and counting; docs/ballots.md says what is kept from whom.

A vote leaves the turnout, a receipt and a row of counters that is wholly new; no line of the trail, no moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from awards.councils import agenda, encryption, keys, services
from awards.councils.encryption import Part
from awards.models import AgendaItem, KeyPart, OpenVote, Recusal, Sitting, SittingMember, Urn
from portal.flow import Refused
from portal.models.trail import record
from units.models import User

CHOICES = OpenVote.Choice.values
Attendance = SittingMember.Attendance


# --- keys ---


@transaction.atomic
def set_passphrase(sitting: Sitting, passphrase: str, *, by: User) -> None:
    """The holder's own key under that passphrase; may be set anew until the ballot opens."""
    made = keys.new_key(passphrase)  # takes most of a second: before the lock
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    place = next((p for p, holder in agenda.holders(stored).items() if holder.user_id == by.pk), None)
    if place is None or not by.may("sit_in_council", stored.unit):
        raise PermissionDenied
    if stored.state not in Sitting.BEFORE:
        raise Refused([_("Chỉ đặt được cụm mật khẩu trước khi mở bỏ phiếu.")])
    KeyPart.objects.update_or_create(
        sitting=stored,
        holder=agenda.holders(stored)[place],
        defaults={"place": place, "public": made.public, "salt": made.salt, "locked": made.locked},
    )
    record(stored, "set_passphrase", by=by)


# --- the vote ---


def _voter(sitting: Sitting, by: User) -> tuple[Sitting, SittingMember]:
    """The locked sitting and the member, if this person may vote now; closing waits for the lock, or has it."""
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    member = stored.members.select_for_update(of=("self",)).filter(user=by).first()
    if member is None or not by.may("sit_in_council", stored.unit):
        raise PermissionDenied
    if stored.state != Sitting.State.OPEN:
        raise Refused([_("Phiếu chưa được nhận: phiên họp hiện ở trạng thái «%s».") % stored.get_state_display()])
    if member.voted:
        raise Refused([_("Đồng chí đã bỏ phiếu ở phiên họp này; mỗi thành viên bỏ một lần.")])
    return stored, member


@transaction.atomic
def cast(sitting: Sitting, choices: Mapping[int, str], *, by: User) -> str:
    """Take the member's paper, a choice for each item that is theirs; returns the receipt of a secret one."""
    stored, member = _voter(sitting, by)
    items = list(stored.items.values_list("pk", flat=True))
    out = set(Recusal.objects.filter(member=member).values_list("item", flat=True))
    if set(choices) != set(items) - out or not set(choices.values()) <= set(CHOICES):
        raise Refused([_("Hãy chọn cho từng đề nghị mà đồng chí được biểu quyết.")])
    receipt = _drop(stored, items, choices) if stored.secret else _write(member, choices)
    member.voted = True
    if member.attendance == Attendance.ABSENT:
        member.attendance = Attendance.WRITING
    member.save(update_fields=["voted", "attendance"])
    return receipt


def _drop(sitting: Sitting, items: list[int], choices: Mapping[int, str]) -> str:
    """Add the paper to the sum: every counter of every item changes, whatever was chosen and wherever."""
    urn = Urn.objects.select_for_update(of=("self",)).get(sitting=sitting)
    marks = [int(choices.get(item) == choice) for item in items for choice in CHOICES]
    urn.sums = encryption.added(bytes(urn.sums), marks, bytes(urn.key))
    receipt = "-".join(secrets.token_hex(2).upper() for _part in range(4))
    urn.receipts = sorted([*urn.receipts, receipt])
    urn.save(update_fields=["sums", "receipts"])
    return receipt


def _write(member: SittingMember, choices: Mapping[int, str]) -> str:
    OpenVote.objects.bulk_create(OpenVote(item_id=i, member=member, choice=c) for i, c in choices.items())
    return ""


# --- the count ---


def unlock(sitting: Sitting, passphrase: str, *, by: User) -> Sitting:
    """A holder reads the closing sum with their share; the second one makes the result. Returns the sitting."""
    held = KeyPart.objects.filter(sitting=sitting, holder__user=by).first()
    if held is None or not by.may("sit_in_council", sitting.unit):
        raise PermissionDenied
    if not held.locked or held.parts:
        raise Refused([_("Phần khóa của đồng chí đã được dùng, hoặc phiên họp đã kiểm phiếu xong.")])
    mine = keys.HoldersKey(bytes(held.public), bytes(held.salt), bytes(held.locked))
    share = keys.unseal(bytes(held.sealed_share), mine, passphrase)
    if share is None:
        raise Refused([_("Cụm mật khẩu không đúng.")])
    return _read(sitting, held, share, by)


@transaction.atomic
def _read(sitting: Sitting, held: KeyPart, share: bytes, by: User) -> Sitting:
    stored = Sitting.objects.select_for_update(of=("self",)).for_page().get(pk=sitting.pk)
    if stored.state != Sitting.State.COUNTING:
        raise Refused([_("Không thực hiện được: hồ sơ hiện ở trạng thái «%s».") % stored.get_state_display()])
    sums = list(encryption.counters(bytes(stored.urn.sums)))
    parts = [encryption.part_of(share, counter) for counter in sums]
    held.parts = [[value.hex() for value in (part.point, part.challenge, part.response)] for part in parts]
    held.save(update_fields=["parts"])
    record(stored, "unlock", by=by)
    read = [part for part in stored.key_parts.all() if part.parts]
    if len(read) < encryption.NEEDED:
        return stored
    _count(stored, sums, read)
    return services.take("count", stored, by=by, version=stored.version)


def parts_of(part: KeyPart) -> list[Part]:
    """What the holder made of each counter."""
    return [Part(*map(bytes.fromhex, row)) for row in part.parts]


def _count(sitting: Sitting, sums: list[tuple[bytes, bytes]], read: list[KeyPart]) -> None:
    points = {part.place: parts_of(part) for part in read}
    cast = votes_cast(sitting)
    items = list(sitting.items.all())
    for place, item in enumerate(items):
        found = []
        for at in range(3 * place, 3 * place + 3):
            count = encryption.count_in(sums[at], {p: rows[at].point for p, rows in points.items()}, cast[item.pk])
            found.append(count)
        if None in found or sum(filter(None, found)) != cast[item.pk]:
            raise Refused([_("Số phiếu trong hòm không khớp với số người đã bỏ phiếu; phải bỏ phiếu lại.")])
        item.yes, item.no, item.none = found
    AgendaItem.objects.bulk_update(items, CHOICES)


def votes_cast(sitting: Sitting) -> dict[int, int]:
    """How many voted on each item: all who voted but those who had no vote on it."""
    voted = sitting.members.filter(voted=True).count()
    out: dict[int, int] = {}
    for item in Recusal.objects.filter(item__sitting=sitting, member__voted=True).values_list("item", flat=True):
        out[item] = out.get(item, 0) + 1
    return {item: voted - out.get(item, 0) for item in sitting.items.values_list("pk", flat=True)}
