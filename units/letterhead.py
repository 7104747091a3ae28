"""What every official paper of a unit begins and ends with: who issues it, where and when, who signs it and how."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.days import in_writing, today
from portal.papers.base import Field
from units.models import Membership, Posting, Role, Unit, User
from units.models.accounts import holders
from units.models.units import Kind, valid_on

BLANK = "……"
DEPUTY, ACTING = ("phó ",), ("quyền ", "q. ")

FIELDS = (
    Field("co_quan_cap_tren", _("Cơ quan chủ quản, chữ hoa"), "VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO"),
    Field("co_quan", _("Cơ quan ban hành, chữ hoa"), "VIỆN KIỂM SÁT NHÂN DÂN THÀNH PHỐ HUẾ"),
    Field("ten_don_vi", _("Tên đơn vị"), "Viện kiểm sát nhân dân thành phố Huế"),
    Field("so_ky_hieu", _("Số và ký hiệu"), "05/TTr-VKS"),
    Field("noi_va_ngay", _("Địa danh và ngày tháng"), "Huế, ngày 05 tháng 02 năm 2026"),
    Field("chuc_vu_ky", _("Thẩm quyền và chức vụ người ký, từng dòng"), ["KT. VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG"]),
    Field("nguoi_ky", _("Họ tên người ký"), "Nguyễn Văn A"),
    Field("noi_nhan", _("Nơi nhận, từng dòng, không kể nơi lưu"), ["Viện kiểm sát nhân dân tối cao"]),
)


def letterhead(
    unit: Unit, *, number: str, day: date | None, sender: User | None = None, to: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The fields of FIELDS. `sender` sent the paper on the portal, and signs it if that was theirs to do on its day."""
    lines, name = signature(unit, day or today(), sender)
    return {
        "co_quan_cap_tren": unit.parent.name_vi.upper() if unit.parent else "",
        "co_quan": unit.name_vi.upper(),
        "ten_don_vi": unit.name_vi,
        "so_ky_hieu": numbered(number),
        "noi_va_ngay": f"{place_of(unit)}, {in_writing(day)}",
        "chuc_vu_ky": lines,
        "nguoi_ky": name,
        "noi_nhan": ["Như trên", *to] if to else ["Như trên"],
    }


def place_of(unit: Unit) -> str:
    """Where it issues papers: its seat, else the province or city that its name ends with."""
    named = re.search(r"(?:thành phố|tỉnh) (.+)$", unit.name_vi)
    return unit.seat or (named.group(1) if named else BLANK)


def numbered(number: str) -> str:
    """The number with two digits at least (Decree 30/2020/NĐ-CP, annex I).

    >>> numbered("5/TTr-VKS"), numbered("/TTr")
    ('05/TTr-VKS', '……/TTr')
    """
    number = re.sub(r"^(\d)(?=/|$)", r"0\1", number.strip())
    return f"{BLANK}{number}" if number.startswith("/") else number


def signature(unit: Unit, day: date, sender: User | None = None) -> tuple[list[str], str]:
    """By what authority the paper is signed, line by line, and by whom: the sender, else the head in office that day.

    A deputy signs for the head (KT.), who acts as head says so (Q.), who leads a part of the unit signs by its order
    (TL.), anybody else to whom it was lent by a document by that (TUQ.).
    """
    heads = list(holders(unit, day).filter(role=Role.HEAD).order_by("pk"))
    places = _postings(heads, day)
    own = next((m for m in heads if not m.delegated_by_id and not _is(DEPUTY, _position(places, m, unit))), None)
    title = _title(unit, _position(places, own, unit) if own else "")
    signs = next((m for m in heads if sender and m.user_id == sender.pk), own or next(iter(heads), None))
    if signs is None:
        return [title], ""
    name, position = signs.user.display_name, _position(places, signs, unit)
    if signs is own:
        return [f"Q. {title}" if _is(ACTING, position) else title], name
    if _is(DEPUTY, position):
        return [f"KT. {title}", position.upper()], name
    part = next((p for p in places.get(signs.user.person_id, ()) if p.leads and p.unit_id != unit.pk), None)
    if part and not signs.document:
        return [f"TL. {title}", part.position.upper()], name
    return [f"TUQ. {title}", *([position.upper()] if position else [])], name


def _postings(heads: list[Membership], day: date) -> dict[Any, list[Posting]]:
    found: dict[Any, list[Posting]] = {}
    for posting in Posting.objects.filter(valid_on(day), person__in=[m.user.person_id for m in heads]).order_by("pk"):
        found.setdefault(posting.person_id, []).append(posting)
    return found


def _position(places: dict[Any, list[Posting]], membership: Membership, unit: Unit) -> str:
    """As what the person works in the unit, else elsewhere."""
    found = sorted(places.get(membership.user.person_id, ()), key=lambda posting: posting.unit_id != unit.pk)
    return found[0].position if found else ""


def _is(words: tuple[str, ...], position: str) -> bool:
    return position.lower().startswith(words)


def _title(unit: Unit, position: str) -> str:
    """The office of the head: as the posting says, else as heads of such units are called."""
    for word in ACTING:
        if position.lower().startswith(word):
            position = position[len(word) :]
    usual = "Thủ trưởng đơn vị" if unit.kind == Kind.DEPARTMENT else "Viện trưởng"
    return (usual if position.lower() in ("", "thủ trưởng đơn vị") else position).upper()
