"""The number of what is being done: error pages, log lines and the trail name it, so that one finds the other."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_number: ContextVar[str | None] = ContextVar("number", default=None)


def current() -> str | None:
    """The number of this request, or of the request that asked for this work; None outside both."""
    return _number.get()


def begin(number: str | None = None) -> str:
    """From here on this thread works under the number; without one, under a new one."""
    number = number or secrets.token_hex(8)
    _number.set(number)
    return number


def numbered(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request a number of ours; what the browser claims is not believed. Stands first of all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # it stays after the answer, since the server's last words on the request come then
        number = begin()
        response = get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    return middleware
