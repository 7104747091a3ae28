"""Which roles answer the questions of the machinery (the setting ACCESS; `portal.access` says what is asked)."""

from __future__ import annotations

from units.access.rights import administrators_of
from units.models import Membership, Role, User

__all__ = ["administrators", "administrators_of", "auditors", "keeps_the_portal", "reads_the_status"]


def administrators() -> list[User]:
    """Administrators of a root."""
    return _of_the_root(Role.ADMIN)


def auditors() -> list[User]:
    """Auditors of a root."""
    return _of_the_root(Role.AUDITOR)


def keeps_the_portal(user: User) -> bool:
    """Administrators of a root."""
    return user.may_anywhere("administer_everything")


def reads_the_status(user: User) -> bool:
    """Administrators of any unit."""
    return user.may_anywhere("read_status")


def _of_the_root(role: Role) -> list[User]:
    held = Membership.objects.in_force().filter(role=role, unit__parent=None).select_related("user__person")
    return list({m.user_id: m.user for m in held}.values())
