"""How a change of an account that waits for a second person is confirmed, declined or withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.flow import Flow, Refused, Step
from units.access import accounts, rights
from units.access.proposals import notify_about
from units.access.second_person import why_dependent
from units.models import Proposal, User

K, S = Proposal.Kind, Proposal.State


def visible_to(user: User) -> QuerySet[Proposal]:
    """Proposals about accounts that the person looks after, by the person, or about the own account."""
    mine = Q(account=user) | Q(by=user)
    if user.may_anywhere("keep_accounts"):
        mine |= Q(account__in=rights.administered(user))
    return Proposal.objects.filter(mine).select_related("account__person", "by__person", "decided_by__person", "unit")


def is_holder(user: User, proposal: Proposal) -> bool:
    """Whether the person confirms as the one whose address is to change."""
    return proposal.kind == K.ADDRESS and user.pk == proposal.account_id


def _is_second(user: User, proposal: Proposal) -> bool:
    if user.pk in (proposal.by_id, proposal.account_id):
        return False
    if proposal.kind in (K.ROLE, K.PROLONG):
        return proposal.unit is not None and user.may("keep_accounts", proposal.unit)
    if proposal.kind == K.REOPEN and not user.may_anywhere("administer_everything"):
        return False
    return rights.may_manage(user, proposal.account)


@dataclass(frozen=True)
class Decision(Step):
    """A step of the second administrator, of the holder, or of whoever asked."""

    action: str = "keep_accounts"
    whose: Callable[[User, Proposal], bool] = _is_second

    def allowed_to(self, user: Any, subject: Any) -> bool:
        return self.whose(user, subject)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _apply(proposal: Proposal, by: User) -> None:
    """Do what was asked, as the one who asked and with the rights that one has now."""
    asked, account, first = proposal.asked, proposal.account, proposal.by
    note = gettext("%(who)s xác nhận") % {"who": by}
    if proposal.kind == K.ADDRESS:
        accounts.set_address(account, asked["address"], former=asked["former"], by=first, note=note)
    elif proposal.kind == K.ROLE:
        rights.give_confirmed(
            account,
            proposal.unit,
            asked["role"],
            by=first,
            start=_day(asked["valid_from"]),
            end=_day(asked["valid_to"]),
            document=asked["document"],
        )
    elif proposal.kind == K.PROLONG:
        rights.prolong_confirmed(
            account, asked["membership"], by=first, end=_day(asked["valid_to"]), document=asked["document"]
        )
    else:
        accounts.reopen_confirmed(account, by=first, note=proposal.note)


def _confirm(proposal: Proposal, by: User, note: str) -> None:
    if not is_holder(by, proposal) and (said := why_dependent(by, of=[proposal.by_id])):
        raise Refused([said])
    try:
        _apply(proposal, by)
    except PermissionDenied as refusal:
        raise Refused([gettext("Người đề nghị không còn quyền làm việc này. Hãy từ chối đề nghị.")]) from refusal
    _decided(proposal, by, note)


def _decided(proposal: Proposal, by: User, note: str) -> None:
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    people = [u for u in (proposal.by, proposal.account) if u.pk != by.pk]
    notify_about(
        proposal,
        people,
        "decided",
        lambda: (
            f"{proposal}: {proposal.get_state_display()}",
            gettext("Người quyết định: %s.") % by + (f" {note}" if note else ""),
        ),
    )


PROPOSAL = Flow(
    (
        Decision(
            "confirm",
            _("Xác nhận"),
            (S.WAITING,),
            S.CONFIRMED,
            effect=_confirm,
            tone="success",
            whose=lambda user, proposal: _is_second(user, proposal) or is_holder(user, proposal),
        ),
        Decision(
            "decline",
            _("Từ chối"),
            (S.WAITING,),
            S.DECLINED,
            effect=_decided,
            needs_note=True,
            tone="warning",
            whose=lambda user, proposal: _is_second(user, proposal) or is_holder(user, proposal),
        ),
        Decision(
            "cancel",
            _("Rút đề nghị"),
            (S.WAITING,),
            S.CANCELLED,
            effect=_decided,
            needs_note=True,
            whose=lambda user, proposal: user.pk == proposal.by_id,
        ),
    )
)
