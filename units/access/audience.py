"""Who answers the questions of the machinery about roles (the setting ACCESS; `portal.access` says what is asked)."""

from __future__ import annotations

from units.access.holders import people_who
from units.access.rights import administrators_of
from units.models import User

__all__ = [
    "administrators",
    "administrators_of",
    "auditors",
    "keeps_papers",
    "keeps_the_portal",
    "reads_the_status",
    "seat",
]


def administrators() -> list[User]:
    """Administrators of a root."""
    return people_who("administer_everything")


def auditors() -> list[User]:
    """Auditors of a root."""
    return people_who("keep_seals")


def keeps_the_portal(user: User) -> bool:
    """Administrators of a root."""
    return user.may_anywhere("administer_everything")


def reads_the_status(user: User) -> bool:
    """Administrators of any unit."""
    return user.may_anywhere("read_status")


def keeps_papers(user: User) -> bool:
    """The emulation office of a root."""
    return user.may_anywhere("keep_papers")


def seat(user: User) -> str:
    """The unit of the first role, by its full name."""
    return next((membership.unit.name for membership in user._held), "")
