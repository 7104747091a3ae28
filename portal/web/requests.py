"""The request of somebody who has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from units.models import User


class Request(HttpRequest):
    """What a view behind the sign-in gets (`SignInFirst` lets nobody else through): the account is one of ours."""

    user: User
