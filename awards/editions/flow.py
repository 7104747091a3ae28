"""How an edition or a figure comes into force: one person of the office proposes it, a second one puts it in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.editions import letters, rules, tables
from awards.law.standards import known
from awards.models import DraftLaw, LawEdition
from portal.flow import Flow, Refused, Step
from portal.models import Entry
from units.access.second_person import why_dependent
from units.models import User

S = DraftLaw.State
WROTE = ("create", "edit", "propose_law")


def writers(row: DraftLaw) -> set[int]:
    """Whoever had a hand in it: none of them puts it in force."""
    wrote = Entry.objects.about(row).filter(verb__in=WROTE).values_list("by_id", flat=True)
    return {pk for pk in (row.by_id, row.proposed_by_id, *wrote) if pk is not None}


def dependent(user: User, row: DraftLaw) -> str:
    """Why the person is no second one beside those who wrote it; empty where nothing ties them."""
    return why_dependent(user, of=writers(row))


@dataclass(frozen=True)
class LawStep(Step):
    """A step of the office of the whole sector, perhaps by somebody in particular."""

    whose: Callable[[User, Any], bool] = lambda user, row: True

    def allowed_to(self, user: Any, subject: Any) -> bool:
        return bool(user.may_anywhere(self.action)) and self.whose(user, subject)


def _propose(row: DraftLaw, by: User, note: str) -> None:
    row.proposed_by = by
    letters.tell_seconds(row, by, but=writers(row) | {by.pk})


def _back(row: DraftLaw, by: User, note: str) -> None:
    letters.tell_returned(row, by, note)
    row.proposed_by = None


def _put_in_force(row: DraftLaw, by: User, note: str) -> None:
    if said := dependent(by, row):
        raise Refused([said])
    row.put_in_force_by, row.put_in_force_at = by, timezone.now()
    known.changed()
    if isinstance(row, LawEdition):
        letters.tell_everybody(row, tables.edition_in(row.text))


LAW = Flow(
    (
        LawStep(
            "propose_law",
            _("Đề nghị ban hành"),
            (S.DRAFT,),
            S.PROPOSED,
            "draft_law",
            objections=rules.objections,
            effect=_propose,
        ),
        LawStep(
            "put_in_force",
            _("Cho có hiệu lực"),
            (S.PROPOSED,),
            S.IN_FORCE,
            "put_law_in_force",
            objections=rules.objections,
            effect=_put_in_force,
            tone="success",
            asks=_("Từ lúc này nội dung không sửa được nữa, chỉ có bộ khác thay thế."),
            whose=lambda user, row: user.pk not in writers(row),
        ),
        LawStep(
            "return_law",
            _("Trả lại để sửa"),
            (S.PROPOSED,),
            S.DRAFT,
            "draft_law",
            effect=_back,
            needs_note=True,
            tone="warning",
        ),
        LawStep(
            "discard_law",
            _("Bỏ bản soạn"),
            (S.DRAFT,),
            S.DISCARDED,
            "draft_law",
            needs_note=True,
            tone="danger",
        ),
    )
)
