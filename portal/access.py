"""Questions about roles that the machinery asks: who hears of what goes wrong, who may look after the portal.

Which role that is, the app knows that the setting ACCESS names; so `portal` knows no unit and no role.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings

if TYPE_CHECKING:
    from units.models import User


class Answers(Protocol):
    """What the module that ACCESS names answers."""

    def administrators(self) -> list[User]: ...
    def administrators_of(self, account: User) -> list[User]: ...
    def auditors(self) -> list[User]: ...
    def keeps_the_portal(self, user: User) -> bool: ...
    def reads_the_status(self, user: User) -> bool: ...
    def keeps_papers(self, user: User) -> bool: ...
    def seat(self, user: User) -> str: ...


def _app() -> Answers:
    return cast(Answers, import_module(settings.ACCESS))


def administrators() -> list[User]:
    """Who administers the whole portal today."""
    return _app().administrators()


def administrators_of(account: User) -> list[User]:
    """Who is told when something went wrong for this person."""
    return _app().administrators_of(account)


def auditors() -> list[User]:
    """Who keeps the seals of the trail."""
    return _app().auditors()


def keeps_the_portal(user: User) -> bool:
    """Whether the person looks after the whole portal."""
    return _app().keeps_the_portal(user)


def reads_the_status(user: User) -> bool:
    """Whether the person may read how worker, queue and backups are."""
    return _app().reads_the_status(user)


def keeps_papers(user: User) -> bool:
    """Whether the person may replace the masters of official papers."""
    return _app().keeps_papers(user)


def seat(user: User) -> str:
    """For which unit the person acts, as a list that leaves the portal says above its title."""
    return _app().seat(user)
