"""The list of accounts: one row for each role that an account holds over a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Exchange, Task, in_chunks
from portal.scope import inside
from portal.text import grouped
from units.access import accounts, rights
from units.access.proposals import alone, others, powerful
from units.access.rows import OF_ROLE, SHEET, Plan, span
from units.models import Membership, User


class AccountsExchange(Exchange):
    key = "accounts"
    title = _("Tài khoản")
    about = _("Tài khoản, người dùng và vai trò của từng người ở từng đơn vị.")
    sheet = SHEET

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return bool(user.may_anywhere("keep_accounts"))

    # --- in ---

    def plan(self, task: Task) -> None:
        if task.locked:  # the administrator's own rights are read anew behind the lock
            rights.lock_roots()
            task.by = User.objects.get(pk=task.by.pk)
        Plan(task).judge()

    def apply(self, task: Task) -> Iterator[tuple[User | Membership, str, dict[str, list]]]:
        made = [c.deed.user for c in task.deeds(CREATE)]
        User.objects.bulk_create(made)
        changed = [c.deed.user for c in task.deeds(CHANGE) if c.deed.told]
        User.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=["person"])
        waiting = list(self._for_a_second_person(task))
        roles = [role for c in task.deeds(CREATE, CHANGE) for role, _was in c.deed.roles]
        fresh = {id(role) for role in roles if role.pk is None}
        Membership.objects.bulk_create([role for role in roles if id(role) in fresh])
        Membership.objects.bulk_create(
            [role for role in roles if id(role) not in fresh],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["valid_from", "valid_to", "document"],
        )
        touched = [c.deed.user.pk for c in task.deeds(CHANGE) if c.deed.roles or "staff_code" in c.deed.told]
        for some in in_chunks(touched):  # their sessions end
            rights.changed_many(some)
        for change in task.deeds(CREATE, CHANGE):
            yield change.deed.user, *(("create", {}) if change.deed.new else ("edit", change.deed.done))
            for role, was in change.deed.roles:  # the unit's own page tells who was given what
                yield role.unit, "edit", {f"{role.get_role_display()}: {change.deed.user}": [was, span(role)]}
                if was is None and not change.deed.new:
                    yield change.deed.user, "grant", {f"{role.get_role_display()} – {role.unit}": [was, span(role)]}
        for ask in waiting:
            ask()

    def _for_a_second_person(self, task: Task) -> Iterator[Callable[[], Any]]:
        """Takes out of the deeds what nobody does alone, and yields the verbs that ask a second person for it."""
        for change in task.deeds(CREATE, CHANGE):
            account, kept = change.deed, []
            if account.address and not account.new:
                yield partial(self._address, task, account.user.pk, account.address)
            for role, was in account.roles:
                role.user = account.user
                if not powerful(role.role, role.unit) or (was is not None and not _longer(role)):
                    kept.append((role, was))
                elif not others([role.unit], by=task.by, account=account.user):
                    kept.append((role, was))
                    told = rights.in_words(role, was or "")
                    yield partial(alone, account.user, by=task.by, told=told, roots=[role.unit])
                elif was is None:
                    yield partial(rights.propose_role, role, by=task.by)
                else:
                    yield partial(rights.propose_longer, role, by=task.by, was=was)
            account.roles = kept

    def _address(self, task: Task, pk: int, address: str) -> None:
        accounts.change_address(User.objects.get(pk=pk), address, by=task.by)

    def after(self, task: Task) -> str:
        count = len(task.deeds(CREATE))
        if not count:
            return ""
        words = ngettext(
            "%(count)s tài khoản mới chưa có mật khẩu: hãy gửi thư mời ở trang Tài khoản.",
            "%(count)s tài khoản mới chưa có mật khẩu: hãy gửi thư mời ở trang Tài khoản.",
            count,
        )
        return words % {"count": grouped(count)}

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
        now = Q(valid_to=None) | Q(valid_to__gte=today())
        return Membership.objects.filter(
            now, inside(user.paths_where("keep_accounts"), "unit__path"), delegated_by=None, user__is_active=True
        )

    def rows(self, user: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found = self.source(user, options).order_by("user__username", "unit__path", "role", "pk")
        for row in found.values_list(
            "user__username", "user__email", "user__person__staff_code",
            "role", "unit__code", "valid_from", "valid_to", "document",
        ).iterator(chunk_size=2000):  # fmt: skip
            yield dict(zip(("username", "email", "staff_code", *OF_ROLE), row, strict=True))


def _longer(role: Membership) -> bool:
    """Whether the file lets the role last longer than it does now."""
    now = Membership.objects.values_list("valid_to", flat=True).get(pk=role.pk)
    return now is not None and (role.valid_to is None or role.valid_to > now)
