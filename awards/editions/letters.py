"""What people are told of the law that the office keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from awards.law.standards import Edition
from awards.models import DraftLaw, LawEdition
from portal.notices.services import notify
from units.access.holders import people_who
from units.models import User

CONCERNED = ("draft_nominations", "send_nominations", "review", "draft_law")


def _tell(
    row: DraftLaw, people: Iterable[User], occasion: str, words: Callable[[], tuple[str, str]], url: str = ""
) -> None:
    notify(
        people,
        key=f"{row._meta.model_name}:{row.pk}:{row.version}:{occasion}",
        kind="law",
        words=words,
        url=url or row.get_absolute_url(),  # type: ignore[attr-defined]  # both kinds have one
    )


def tell_seconds(row: DraftLaw, by: User, *, but: set[int]) -> None:
    """Who may put it in force hears that it waits."""
    day = f"{row.valid_from:%d/%m/%Y}"
    _tell(
        row,
        [user for user in people_who("put_law_in_force") if user.pk not in but],
        "proposed",
        lambda: (
            _("Chờ người thứ hai: %s") % row,
            _("%(who)s đề nghị cho có hiệu lực từ %(day)s. Cần người thứ hai không tham gia soạn.")
            % {"who": by, "day": day},
        ),
    )


def tell_returned(row: DraftLaw, by: User, note: str) -> None:
    """Who wrote and proposed it hears why it came back."""
    people = {user.pk: user for user in (row.by, row.proposed_by) if user and user.pk != by.pk}
    _tell(
        row,
        people.values(),
        "returned",
        lambda: (_("Trả lại để sửa: %s") % row, _("%(who)s: %(why)s") % {"who": by, "why": note}),
    )


def tell_everybody(row: LawEdition, edition: Edition) -> None:
    """Who drafts, sends or reviews nominations hears from which day another edition rules."""
    people = {user.pk: user for action in CONCERNED for user in people_who(action)}
    day = f"{edition.valid_from:%d/%m/%Y}"
    _tell(
        row,
        people.values(),
        "in_force",
        lambda: (
            _("Quy định khen thưởng mới từ ngày %s") % day,
            _(
                "«%(edition)s»: hồ sơ cơ quan thi đua nhận từ ngày %(day)s được xét theo bộ quy định này. "
                "Đề nghị đang soạn cần xem lại trước khi gửi."
            )
            % {"edition": edition.label, "day": day},
        ),
        url=f"{reverse('edition_beginning', args=[row.code])}",
    )
