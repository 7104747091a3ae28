"""A dated role runs out: its holder and the administrators are told some days before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.days import today
from portal.notices.services import Telling, notify_many
from portal.scope import under
from units.access.holders import holding
from units.models import Membership

WARN_DAYS = (14, 3)  # before the last day of a role


def warn_of_ends() -> int:
    """Tell holder and administrators that a dated role ends soon: each once, of two warnings missed the newer."""
    day = today()
    ending = Membership.objects.in_force(day).filter(valid_to__lte=day + timedelta(days=max(WARN_DAYS)))
    tellings = []
    admins = list(holding("keep_accounts", day).select_related("unit", "user__person"))
    for m in ending.select_related("unit", "user__person"):
        last = m.valid_to or date.max  # the query finds none without end
        left = (last - day).days
        warning = min(days for days in WARN_DAYS if left <= days)
        if m.valid_from and m.valid_from > last - timedelta(days=warning):
            continue  # a role as short as that was no news when it was given
        over = {a.user_id: a.user for a in admins if under(m.unit.path, a.unit.path) and a.user_id != m.user_id}
        key = f"role-ends:{m.pk}:{m.valid_to}:{warning}"
        tellings += [
            Telling([m.user], key, "role", _words_for_holder(m), m.unit.get_absolute_url()),
            Telling(over.values(), key, "role", _words_for_admin(m), m.user.get_absolute_url()),
        ]
    return notify_many(tellings)


def _facts(m: Membership) -> dict[str, str]:
    return {
        "role": str(m.get_role_display()),
        "unit": m.unit.name,
        "person": str(m.user),
        "day": f"{m.valid_to:%d/%m/%Y}",
    }


def _words_for_holder(m: Membership) -> Callable[[], tuple[str, str]]:
    return lambda: (
        _("Vai trò «%(role)s» tại %(unit)s hết hạn ngày %(day)s") % _facts(m),
        _(
            "Hết ngày %(day)s, đồng chí không còn giữ vai trò «%(role)s» tại %(unit)s trên cổng. "
            "Nếu còn tiếp tục nhiệm vụ, hãy báo quản trị của đơn vị trước ngày đó."
        )
        % _facts(m),
    )


def _words_for_admin(m: Membership) -> Callable[[], tuple[str, str]]:
    return lambda: (
        _("Vai trò của %(person)s hết hạn ngày %(day)s") % _facts(m),
        _(
            "%(person)s giữ vai trò «%(role)s» tại %(unit)s đến hết ngày %(day)s. "
            "Nếu cần kéo dài, hãy cấp tiếp vai trò với văn bản mới trước ngày đó."
        )
        % _facts(m),
    )
