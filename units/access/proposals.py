"""What needs a second person around accounts, and how it is asked for; units.access.flow decides it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.days import at_hour
from portal.flow import Refused
from portal.models import Entry
from portal.models.trail import key_of, record
from portal.notices.services import notify
from units.access.second_person import since, why_dependent
from units.models import Membership, Person, PersonStatus, Proposal, Role, Unit, User
from units.models.units import valid_on

POWER = (Role.OFFICE, Role.ADMIN)


def powerful(role: str, unit: Unit) -> bool:
    """Whether the role over the unit is one that nobody gives alone: office or administration of a whole hierarchy."""
    return role in POWER and unit.parent_id is None


def powers(account: User) -> list[Membership]:
    """Such roles of the account that are not over, whether they count today or not."""
    return list(account.memberships.not_over().filter(role__in=POWER, unit__parent=None).select_related("unit"))


def others(roots: Iterable[Unit], *, by: User, account: User) -> set[int]:
    """Administrators of these roots beside the one who acts and the one concerned; empty if that one is alone.

    Who held the administration before the days of the setting counts even where it was ended since, or where a new
    invitation ties: nobody makes oneself alone. Who has it only since then counts if nothing ties the two.
    """
    held = Membership.objects.filter(role=Role.ADMIN, unit__in=list(roots)).exclude(user__in=(by, account))
    now = set(held.in_force().values_list("user", flat=True))
    gone = PersonStatus.objects.filter(valid_on(since()), kind__in=PersonStatus.GONE).values("person")
    before = User.objects.filter(pk__in=held.filter(valid_on(since())).values("user")).exclude(person__in=gone)
    closed = {u.pk: key_of(u) for u in before if not u.is_active}
    lately = Entry.objects.filter(subject__in=closed.values(), verb="deactivate", at__gte=at_hour(since(), 0))
    ended = set(lately.values_list("subject", flat=True)) if closed else set()
    found = {u.pk for u in before if u.is_active or closed[u.pk] in ended}
    new = User.objects.filter(pk__in=now - found)
    return found | {u.pk for u in new if not why_dependent(u, of=[by.pk])}


def counting(*people: Person) -> dict[int, Membership]:
    """Such roles of these people that count today."""
    held = Membership.objects.in_force().filter(role__in=POWER, unit__parent=None, user__person__in=people)
    return {m.pk: m for m in held.select_related("unit", "user")}


def let_none_come_back(before: dict[int, Membership], *people: Person, by: User) -> None:
    """Refuse what lets such a role count again by the way, unless nobody else could be asked; then it is told."""
    for pk, role in counting(*people).items():
        if pk in before:
            continue
        told = {f"{role.get_role_display()} – {role.unit}": ["", role.span]}
        if others([role.unit], by=by, account=role.user):
            said = _(
                "Việc này làm vai trò «%(role)s» của %(who)s có hiệu lực trở lại. Hãy chấm dứt vai trò đó rồi cấp lại."
            )
            raise Refused([said % {"role": role.get_role_display(), "who": role.user}])
        alone(role.user, by=by, told=told, roots=[role.unit])


def propose(
    kind: str,
    account: User,
    *,
    by: User,
    told: dict[str, list],
    unit: Unit | None = None,
    note: str = "",
    asked: dict[str, Any] | None = None,
) -> Proposal:
    """Keep what is asked for until a second person decides; the trail has it, those concerned hear of it."""
    asked = asked or {}
    waiting = Proposal.objects.filter(account=account, kind=kind, unit=unit, state=Proposal.State.WAITING)
    if any(p.asked.get("role") == asked.get("role") for p in waiting):
        raise Refused([_("Đã có một đề nghị như vậy đang chờ xác nhận. Hãy chờ hoặc rút đề nghị đó trước.")])
    made = Proposal.objects.create(kind=kind, account=account, unit=unit, by=by, told=told, note=note, asked=asked)
    record(account, "propose", by=by, changes=told, note=note)
    record(made, "create", by=by, changes=told, note=note)
    notify_about(
        made,
        _seconds(made),
        "asked",
        lambda: (
            _("Chờ đồng chí xác nhận: %s") % made,
            _("%(who)s đề nghị. Đề nghị có hiệu lực khi một quản trị khác, không phụ thuộc người này, xác nhận.")
            % {"who": by},
        ),
    )
    return made


def _seconds(proposal: Proposal) -> list[User]:
    """The administrators of today who hear of it."""
    at = Q(unit=proposal.unit) if proposal.unit_id else Q(unit__parent=None)
    held = Membership.objects.in_force().filter(at, role=Role.ADMIN).select_related("user__person")
    return [m.user for m in held.exclude(user__in=(proposal.by, proposal.account))]


def notify_about(proposal: Proposal, people: Iterable[User], occasion: str, words: Any, address: str = "") -> None:
    """Tell these people, in the portal and by a letter that no choice of theirs holds back."""
    notify(
        {p.pk: p for p in people}.values(),
        key=f"proposal:{proposal.pk}:{proposal.version}:{occasion}",
        kind="proposal",
        words=words,
        url=proposal.get_absolute_url(),
        urgent=True,
        address=address,
    )


def alone(account: User, *, by: User, told: dict[str, list], roots: Iterable[Unit], note: str = "") -> None:
    """It took effect without a second person, since there is none: the trail says so, auditors and others hear it."""
    line = record(account, "alone", by=by, changes=told, note=note)
    watching = Membership.objects.in_force().filter(role__in=(Role.ADMIN, Role.AUDITOR), unit__in=list(roots))
    people = {m.user_id: m.user for m in watching.exclude(user__in=(by, account)).select_related("user__person")}
    what = "; ".join(f"{name}: {was or '–'} → {now or '–'}" for name, (was, now) in told.items())
    notify(
        people.values(),
        key=f"alone:{line.pk}",
        kind="alone",
        words=lambda: (
            _("Một quản trị đã quyết định một mình: %s") % account,
            _("%(who)s: %(what)s. Không có quản trị thứ hai độc lập để xác nhận.") % {"who": by, "what": what},
        ),
        urgent=True,
    )
