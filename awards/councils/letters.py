"""Whom a step of a sitting concerns, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext

from awards.councils import agenda
from awards.models import Sitting
from portal.notices.services import notify
from units.models import User


def _when(sitting: Sitting) -> dict[str, str]:
    return {
        "title": sitting.title,
        "council": sitting.council.name,
        "at": f"{timezone.localtime(sitting.starts_at):%d/%m/%Y %H:%M}",
        "place": sitting.place,
    }


def _invited(sitting: Sitting, note: str) -> tuple[str, str]:
    said = _when(sitting)
    if sitting.in_writing:
        return (
            gettext("Lấy ý kiến bằng văn bản: %(title)s") % said,
            gettext("%(council)s lấy ý kiến đồng chí từ %(at)s. Hồ sơ để đọc trước đã có trên cổng.") % said,
        )
    return (
        gettext("Mời họp: %(title)s") % said,
        gettext("%(council)s họp lúc %(at)s tại %(place)s. Hồ sơ để đọc trước đã có trên cổng.") % said,
    )


def _opened(sitting: Sitting, note: str) -> tuple[str, str]:
    said = _when(sitting)
    return gettext("Đang bỏ phiếu: %(title)s") % said, gettext("%(council)s đã mở bỏ phiếu.") % said


def _to_count(sitting: Sitting, note: str) -> tuple[str, str]:
    said = _when(sitting)
    return (
        gettext("Chờ đồng chí mở khóa hòm phiếu: %(title)s") % said,
        gettext("Phiếu đã khép. Hai trong ba người giữ khóa nhập cụm mật khẩu của mình thì có kết quả."),
    )


def _ended(sitting: Sitting, note: str) -> tuple[str, str]:
    said = _when(sitting) | {"note": note}
    return gettext("Phiên họp không có kết quả: %(title)s") % said, gettext("Lý do: %(note)s") % said


def _members(sitting: Sitting) -> list[User]:
    return [member.user for member in sitting.members.select_related("user__person")]


def _holders(sitting: Sitting) -> list[User]:
    return [holder.user for holder in agenda.holders(sitting).values()]


LETTERS: dict[str, tuple[Callable[[Sitting], Iterable[User]], Callable[[Sitting, str], tuple[str, str]], bool]] = {
    "call": (_members, _invited, False),
    "open_secret": (_members, _opened, True),
    "open_public": (_members, _opened, True),
    "close": (_holders, _to_count, True),
    "cancel": (_members, _ended, True),
    "break_off": (_members, _ended, True),
}


def tell(name: str, sitting: Sitting, note: str) -> None:
    """One notice for each member whom the step concerns."""
    if name not in LETTERS:
        return
    whom, words, urgent = LETTERS[name]
    notify(
        whom(sitting),
        key=f"sitting-{name}:{sitting.pk}:{sitting.version}",
        kind=f"sitting_{name}",
        subject_key=f"sitting:{sitting.pk}",
        url=sitting.get_absolute_url(),
        urgent=urgent,
        words=lambda: words(sitting, note),
    )
