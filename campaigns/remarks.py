"""What is said about papers of every kind: a remark is answered, and marked as done by either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.flow import Refused
from portal.notices.services import notify
from portal.text import clean, grouped
from units.models import User

MOST = 2000  # characters of an answer, as of a remark


@dataclass(frozen=True)
class Thread:
    """A remark with what was answered, oldest first."""

    remark: Any
    answers: list[Any] = field(default_factory=list)


def threads(remarks: Iterable[Any]) -> list[Thread]:
    """The remarks, each with its answers; whatever answers a remark that is not among them is left out."""
    rows = list(remarks)
    found = {one.pk: Thread(one) for one in rows if one.answers_id is None}
    for one in rows:
        if one.answers_id in found:
            found[one.answers_id].answers.append(one)
    return list(found.values())


def answer(remark: Any, text: str, *, by: User, **fields: Any) -> Any:
    """Write an answer; `fields` are what a remark on this kind of paper needs besides. The caller leaves the line."""
    text = clean(text).strip()
    if not text:
        raise Refused([_("Hãy ghi nội dung trả lời.")])
    if len(text) > MOST:
        raise Refused([_("Trả lời dài quá %s ký tự. Hãy viết gọn lại.") % grouped(MOST)])
    return type(remark).objects.create(answers=remark, text=text, by=by, **fields)


def tell_author(remark: Any, made: Any, *, about: str, url: str) -> None:
    """Whoever made the remark hears what the unit answered."""
    notify(
        [remark.by],
        key=f"answered:{remark._meta.label_lower}:{made.pk}",
        kind="comment_answered",
        url=url,
        words=lambda: (
            _("Trả lời góp ý: %s") % about,
            _("%(who)s trả lời: %(text)s\nGóp ý: %(remark)s")
            % {"who": made.by, "text": made.text, "remark": remark.text},
        ),
    )


def settle(remark: Any, *, done: bool, by: User) -> bool:
    """Mark it as done, or as still to be done; whether that is new, so that the caller leaves one line."""
    stored = type(remark).objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if (stored.done_at is not None) is done:
        return False
    stored.done_at, stored.done_by = (timezone.now(), by) if done else (None, None)
    stored.save(update_fields=["done_at", "done_by"])
    return True
