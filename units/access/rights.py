"""How roles over units are given, lent and ended, and who may see to it; nobody raises their own rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from portal.days import span, today
from portal.flow import Refused
from portal.models import UserSession
from portal.models.trail import record
from portal.scope import inside, under
from units.access.proposals import alone, others, powerful, propose
from units.models import Membership, Person, PersonStatus, Posting, Proposal, Role, Unit, User
from units.models.units import valid_on

MAX_DELEGATION_DAYS = 366  # the house's own bound: a delegation is for a period, not for good

ACTING = "acting"  # a head's right that was lent: it is not lent on

# --- who looks after which account ---


def _ties(here: Q) -> Q:
    """Accounts with a role that is not over, or a posting of today, where `here` says."""
    roles = Membership.objects.not_over().filter(here, user=OuterRef("pk"))
    postings = Posting.objects.filter(valid_on(today()), here, person=OuterRef("person"))
    return Q(Exists(roles)) | Q(Exists(postings))


def administered(by: User) -> QuerySet[User]:
    """Accounts this administrator may look up: of people who work or hold a role in the administered units."""
    if by.may_anywhere("administer_everything"):
        return User.objects.all()
    return User.objects.filter(_ties(inside(by.paths_where("keep_accounts"), "unit__path")))


def may_manage(by: User, account: User) -> bool:
    """Whether the administrator may open, close and change the account.

    Never one's own, and none that also belongs to units outside: the mail address and a new invitation would hand over
    rights that the administrator cannot give.
    """
    if by.pk == account.pk or not by.may_anywhere("keep_accounts"):
        return False
    if by.may_anywhere("administer_everything"):
        return True
    mine = inside(by.paths_where("keep_accounts"), "unit__path")
    return not account.is_staff and administered(by).filter(~_ties(~mine), pk=account.pk).exists()


def administrators_of(account: User) -> list[User]:
    """Who is told when something went wrong for this person: the administrators over their units, and of the roots."""
    roles = Membership.objects.not_over().filter(user=account).values_list("unit__path", flat=True)
    postings = Posting.objects.filter(valid_on(today()), person=account.person_id).values_list("unit__path", flat=True)
    paths = {*roles, *postings}
    held = Membership.objects.in_force().filter(role=Role.ADMIN).select_related("unit", "user__person")
    over = [m for m in held if m.unit.parent_id is None or any(under(path, m.unit.path) for path in paths)]
    return list({m.user_id: m.user for m in over}.values())


def may_delegate(by: User, unit: Unit) -> bool:
    """Whether the person is the unit's head; who only acts by delegation cannot lend it on."""
    return by.may("delegate", unit)


# --- one at a time ---


def lock(account: User, *, by: User, version: int | None) -> tuple[User, User]:
    """The account and the administrator as they are now; others who change accounts or roles wait until this ends.

    `version` is the one that was seen; None where what is done was asked for on another row: one's own account, a role
    lent to somebody, a proposal, whose own version was checked.

    The roots are locked first: two administrators who end each other's role are two changes of different accounts.
    """
    lock_roots()
    account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    by = User.objects.get(pk=by.pk)
    if not by.is_active:
        raise PermissionDenied
    if version is not None and version != account.version:
        raise Refused([_("Tài khoản vừa được người khác thay đổi. Hãy xem lại rồi thực hiện.")])
    return account, by


def lock_roots() -> None:
    """Whoever takes roles away or closes accounts waits here for others who do."""
    list(Unit.objects.select_for_update(of=("self",), no_key=True).filter(parent=None).order_by("pk"))


def changed_many(accounts: list[int]) -> None:
    """The same as `changed` for many accounts at once, whose fields were stored already."""
    User.objects.filter(pk__in=accounts).update(
        version=F("version") + 1, session_epoch=F("session_epoch") + 1, link_epoch=F("link_epoch") + 1
    )
    UserSession.objects.filter(user__in=accounts).delete()


def changed(account: User, *fields: str, links: bool = True) -> None:
    """Store these fields; the next version begins, all sessions of the account end, and its links unless they stay."""
    if links:
        account.link_epoch += 1
    account.version += 1
    account.session_epoch += 1
    account.save(update_fields=["version", "session_epoch", "link_epoch", *fields])
    account.sessions.all().delete()


# --- giving, lending, ending ---


def _record(membership: Membership, verb: str, *, by: User | None, was: str, now: str, note: str) -> None:
    """One line each on the role, the account and the unit, so that each answers for itself."""
    role = str(membership.get_role_display())
    record(membership, verb, by=by, changes={role: [was, now]}, note=note)
    record(membership.user, verb, by=by, changes={f"{role} – {membership.unit}": [was, now]}, note=note)
    record(membership.unit, verb, by=by, changes={f"{role} – {membership.user}": [was, now]}, note=note)


def objections_to_grant(membership: Membership, *, by: User) -> Iterator[str]:
    """Why this role cannot be given as it stands."""
    start, end = membership.valid_from or today(), membership.valid_to
    if membership.user_id == by.pk:
        yield _("Không ai tự cấp vai trò cho chính mình. Hãy nhờ một quản trị khác.")
    if not membership.user.is_active:
        yield _("Tài khoản đang ngừng. Hãy mở lại tài khoản trước khi cấp vai trò.")
    if not membership.document.strip():
        yield _("Hãy ghi văn bản làm căn cứ.")
    if start < today():
        yield _("Ngày bắt đầu không được ở trước hôm nay.")
    if end and end < start:
        yield _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu.")
    if not membership.unit.exists_on(start):
        yield _("Vào ngày bắt đầu, đơn vị này không hoạt động.")
    if membership.delegated_by_id:
        if end is None:
            yield _("Quyền giao thay phải có ngày kết thúc.")
        elif (end - start).days > MAX_DELEGATION_DAYS:
            yield _("Mỗi lần ủy quyền không quá một năm.")
    same = Membership.objects.filter(user=membership.user, unit=membership.unit, role=membership.role)
    if same.filter(
        Q(valid_from=None) | Q(valid_from__lte=end or date.max), Q(valid_to=None) | Q(valid_to__gte=start)
    ).exists():
        yield _("Người này đã giữ vai trò đó trong khoảng thời gian này.")


@transaction.atomic
def grant(
    account: User,
    unit: Unit,
    role: str,
    *,
    by: User,
    document: str,
    start: date | None = None,
    end: date | None = None,
    acting: bool = False,
    version: int,
) -> Membership | Proposal:
    """An administrator of the unit gives a role from day to day by a document; acting = lent as to a delegate.

    Office or administration of a root is only proposed while another administrator of it could confirm.
    Raises PermissionDenied outside the administrator's units, Refused with words for what is not lawful.
    """
    account, by = lock(account, by=by, version=version)
    if not by.may("keep_accounts", unit) or not administered(by).filter(pk=account.pk).exists():
        raise PermissionDenied
    membership = Membership(
        user=account,
        unit=unit,
        role=role,
        valid_from=start or today(),
        valid_to=end,
        document=document,
        delegated_by=by if acting else None,
    )
    if not powerful(role, unit):
        return _give(membership, "delegate" if acting else "grant", by=by)
    if objections := list(objections_to_grant(membership, by=by)):
        raise Refused(objections)
    return _give_or_propose(membership, by=by)


def _give_or_propose(membership: Membership, *, by: User) -> Membership | Proposal:
    """A role that nobody gives alone: it waits for a second administrator, or takes effect where there is none."""
    account, unit = membership.user, membership.unit
    if others([unit], by=by, account=account):
        return propose_role(membership, by=by)
    given = _give(membership, "grant", by=by)
    alone(account, by=by, told=in_words(given, ""), roots=[unit], note=membership.document)
    return given


def in_words(membership: Membership, was: str) -> dict[str, list]:
    """The role from what was to what is, as the trail has it."""
    now = f"{span(membership.valid_from, membership.valid_to)} {membership.document}".strip()
    return {f"{membership.get_role_display()} – {membership.unit}": [was, now]}


def propose_role(membership: Membership, *, by: User) -> Proposal:
    """Ask a second administrator for a role that is not stored."""
    asked = {
        "role": membership.role,
        "valid_from": _iso(membership.valid_from),
        "valid_to": _iso(membership.valid_to),
        "document": membership.document,
    }
    told = in_words(membership, "")
    return propose(Proposal.Kind.ROLE, membership.user, by=by, told=told, unit=membership.unit, asked=asked)


def propose_longer(membership: Membership, *, by: User, was: str) -> Proposal:
    """Ask a second administrator to let a stored role last as long as `membership` says; nothing is stored here."""
    asked = {
        "membership": membership.pk,
        "role": membership.role,
        "valid_to": _iso(membership.valid_to),
        "document": membership.document,
    }
    told = in_words(membership, was)
    return propose(Proposal.Kind.PROLONG, membership.user, by=by, told=told, unit=membership.unit, asked=asked)


def give_confirmed(
    account: User, unit: Unit | None, role: str, *, by: User, start: date | None, end: date | None, document: str
) -> Membership:
    """What a second administrator has confirmed, judged again as of today."""
    account, by = lock(account, by=by, version=None)
    if unit is None or not by.may("keep_accounts", unit):
        raise PermissionDenied
    start = max(start or today(), today())
    return _give(
        Membership(user=account, unit=unit, role=role, valid_from=start, valid_to=end, document=document),
        "grant",
        by=by,
    )


def prolong_confirmed(account: User, pk: int, *, by: User, end: date | None, document: str) -> Membership:
    """The role ends later; what is over or was taken out by now is not prolonged."""
    account, by = lock(account, by=by, version=None)
    membership = account.memberships.not_over().select_related("unit").filter(pk=pk).first()
    if membership is None:
        raise Refused([_("Vai trò này đã kết thúc. Hãy cấp vai trò mới.")])
    if not by.may("keep_accounts", membership.unit):
        raise PermissionDenied
    membership.user = account
    was = span(membership.valid_from, membership.valid_to)
    membership.valid_to, membership.document = end, document or membership.document
    membership.save(update_fields=["valid_to", "document"])
    changed(account, links=False)
    _record(membership, "prolong", by=by, was=was, now=span(membership.valid_from, end), note=membership.document)
    return membership


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def delegate(membership: Membership, *, by: User) -> Membership:
    """A head lends the right over the own unit to the account that the membership names."""
    membership.user, by = lock(membership.user, by=by, version=None)
    if not may_delegate(by, membership.unit):
        raise PermissionDenied
    membership.role, membership.delegated_by = Role.HEAD, by
    return _give(membership, "delegate", by=by)


@transaction.atomic
def appoint_first(account: User, root: Unit) -> Membership:
    """Whoever runs the server appoints the administrator of a root that has none; afterwards administrators do."""
    lock_roots()
    if Membership.objects.in_force().filter(role=Role.ADMIN, unit=root).exists():
        raise Refused([_("Đơn vị này đã có quản trị: hãy nhờ người đó cấp vai trò trên cổng.")])
    membership = Membership.objects.create(user=account, unit=root, role=Role.ADMIN, valid_from=today())
    _record(membership, "grant", by=None, was="", now=span(today(), None), note="manage.py administrator")
    return membership


def _give(membership: Membership, verb: str, *, by: User) -> Membership:
    if objections := list(objections_to_grant(membership, by=by)):
        raise Refused(objections)
    membership.save()
    if not Membership.objects.in_force(membership.valid_from).filter(pk=membership.pk).exists():
        raise Refused(
            [_("Vai trò này sẽ không có hiệu lực: người giữ đã thôi việc, nghỉ hưu hoặc đã rời đơn vị vào ngày đó.")]
        )
    changed(membership.user, links=False)  # who was just invited is given a role next
    now = span(membership.valid_from, membership.valid_to)
    _record(membership, verb, by=by, was="", now=now, note=membership.document)
    return membership


def objections_to_losing(memberships: Iterable[Membership]) -> Iterator[str]:
    """Why these roles cannot be taken away: the administration of a root would run out earlier than it does now."""
    lost_keys = [m.pk for m in memberships]
    for lost in _with_leaving(Membership.objects.filter(pk__in=lost_keys, role=Role.ADMIN, unit__parent=None)):
        others = Membership.objects.in_force().filter(role=Role.ADMIN, unit=lost.unit_id).exclude(user=lost.user_id)
        if not any(_last_day(other) >= _last_day(lost) for other in _with_leaving(others)):
            yield _(
                "Đây là quản trị cuối cùng của toàn hệ thống: hãy cấp quyền quản trị cho người khác, "
                "với thời hạn không ngắn hơn, trước khi chấm dứt."
            )


def objections_to_leaving(person: Person) -> Iterator[str]:
    """Why the person cannot retire or leave: with them would go the last administration of a root."""
    yield from objections_to_losing(Membership.objects.in_force().filter(user__person=person))


def _with_leaving(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """With `leaves_on`: the day on which the person retires or leaves, as far as it is known already."""
    ahead = Q(valid_to=None) | Q(valid_to__gte=today())
    gone = PersonStatus.objects.filter(ahead, person=OuterRef("user__person"), kind__in=PersonStatus.GONE)
    return memberships.annotate(leaves_on=Subquery(gone.order_by("valid_from").values("valid_from")[:1]))


def _last_day(membership: Any) -> date:
    """The last day on which the role counts, since who has left holds none."""
    leaves = membership.leaves_on - timedelta(days=1) if membership.leaves_on else date.max
    return min(membership.valid_to or date.max, leaves)


@transaction.atomic
def end(membership: Membership, *, by: User, note: str, last_day: date | None = None, version: int) -> None:
    """End a role after its last day, at once if none is named; what was done under it stands.

    An administrator of the unit may, and the head for what was lent over the own unit; nobody ends the own role. A role
    that would not have counted on one whole day is taken out; its lines in the trail remain.
    """
    account, by = lock(membership.user, by=by, version=version)
    held = Membership.objects.select_related("unit").filter(pk=membership.pk).first()
    if held is None:
        raise Refused([_("Vai trò này vừa được người khác chấm dứt.")])
    membership = held
    membership.user = account
    lends = membership.delegated_by_id and by.may("end_delegation", membership.unit)
    if account.pk == by.pk or not (by.may("keep_accounts", membership.unit) or lends):
        raise PermissionDenied
    if not note.strip():
        raise Refused([_("Hãy ghi lý do.")])
    yesterday = today() - timedelta(days=1)
    last = last_day or yesterday
    if last < yesterday:
        raise Refused([_("Ngày cuối không được ở trước hôm nay.")])
    if membership.valid_to and membership.valid_to <= last:
        raise Refused([_("Vai trò này đã kết thúc vào ngày đó hoặc sớm hơn.")])
    in_force = Membership.objects.in_force().filter(pk=membership.pk).exists()
    if in_force and (objections := list(objections_to_losing([membership]))):
        raise Refused(objections)
    was = span(membership.valid_from, membership.valid_to)
    begun = membership.valid_from is None or membership.valid_from <= last
    _record(
        membership,
        "revoke" if membership.delegated_by_id else "end_role",
        by=by,
        was=was,
        now=span(membership.valid_from, last) if begun else "",
        note=note,
    )
    if begun:
        membership.valid_to = last
        membership.save(update_fields=["valid_to"])
    else:
        membership.delete()
    changed(account)
