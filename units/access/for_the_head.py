"""From the officer who writes a paper to the head who sends it, and back: three rows for the table of its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.flow import Step
from portal.models.trail import key_of
from portal.notices.services import notify, told
from units.access.holders import people_at
from units.models import Unit, User

Titled = Callable[[Any], str]  # what the paper is called, in the reader's language


def put(paper: Any, by: User, note: str) -> None:
    """It lies before the head."""
    paper.before_head_at, paper.before_head_by = timezone.now(), by


def clear(paper: Any) -> None:
    """It lies before the head no longer: sent, handed back, taken back."""
    paper.before_head_at = paper.before_head_by = None


def head_steps(
    sources: tuple[str, ...],
    *,
    signs: str,
    at: str = "unit",
    title: Titled | None = None,
    open_if: Callable[[Any], bool] = lambda paper: True,
) -> tuple[Step, Step, Step]:
    """The officer puts it before those who may do `signs`, who hand it back with words; the officer takes it back.

    The state stays as it is. Without a `title` nobody is told here: papers that move by the hundred tell for all.
    """

    def somebody_signs(paper: Any) -> Iterator[Any]:
        if not people_at(getattr(paper, at), signs):
            yield _("Đơn vị chưa có thủ trưởng trên cổng. Hãy liên hệ quản trị hệ thống.")

    def hand_up(paper: Any, by: User, note: str) -> None:
        put(paper, by, note)
        if title:
            _tell_heads(paper, getattr(paper, at), signs, title, by)

    def hand_back(paper: Any, by: User, note: str) -> None:
        clear(paper)
        if title:
            _tell_officers(paper, getattr(paper, at), title, by, note)

    def take_back(paper: Any, by: User, note: str) -> None:
        clear(paper)
        if title:
            _tell_taken_back(paper, title, by)

    return (
        Step(
            "put_to_head",
            _("Trình thủ trưởng"),
            sources,
            "",
            "put_to_head",
            at=at,
            objections=somebody_signs,
            effect=hand_up,
            open_if=lambda paper: paper.before_head_at is None and open_if(paper),
        ),
        Step(
            "hand_back",
            _("Chuyển lại cán bộ"),
            sources,
            "",
            signs,
            at=at,
            effect=hand_back,
            needs_note=True,
            tone="warning",
            open_if=lambda paper: paper.before_head_at is not None,
        ),
        Step(
            "take_back",
            _("Lấy lại từ thủ trưởng"),
            sources,
            "",
            "put_to_head",
            at=at,
            effect=take_back,
            tone="secondary",
            open_if=lambda paper: paper.before_head_at is not None,
        ),
    )


def _tell_heads(paper: Any, unit: Unit, signs: str, title: Titled, by: User) -> None:
    notify(
        people_at(unit, signs),
        key=f"before-head:{key_of(paper)}:{paper.version}",
        kind="before_head",
        subject_key=key_of(paper),
        url=paper.get_absolute_url(),
        words=lambda: (
            gettext("Chờ đồng chí xem và gửi: %s") % title(paper),
            gettext("%(officer)s trình. Đồng chí có thể gửi đi, hoặc chuyển lại cán bộ kèm ý kiến.") % {"officer": by},
        ),
    )


def _tell_taken_back(paper: Any, title: Titled, by: User) -> None:
    notify(
        told(key_of(paper), "before_head"),
        key=f"taken-back:{key_of(paper)}:{paper.version}",
        kind="taken_back",
        subject_key=key_of(paper),
        url=paper.get_absolute_url(),
        words=lambda: (
            gettext("Cán bộ lấy lại để sửa: %s") % title(paper),
            gettext("%(officer)s lấy lại; văn bản không còn chờ đồng chí.") % {"officer": by},
        ),
    )


def _tell_officers(paper: Any, unit: Unit, title: Titled, by: User, note: str) -> None:
    notify(
        people_at(unit, "put_to_head"),
        key=f"handed-back:{key_of(paper)}:{paper.version}",
        kind="handed_back",
        subject_key=key_of(paper),
        url=paper.get_absolute_url(),
        urgent=True,
        words=lambda: (
            gettext("Thủ trưởng chuyển lại: %s") % title(paper),
            gettext("%(head)s chuyển lại để sửa.\nÝ kiến: %(note)s") % {"head": by, "note": note},
        ),
    )
