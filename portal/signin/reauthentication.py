"""Deeds that hand out power are done by whoever has just proved who they are; what was typed is carried on with."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.web.middleware import TYPED_MAX, UNECHOED

REFUSED = "refused_after_asking"  # where the session keeps what a form refused, until its page is opened


def recently(request: HttpRequest, seconds: int | None = None) -> bool:
    """Whether the person signed in, or was asked again, within the last minutes."""
    proofs = [r["at"] for r in get_authentication_records(request, request.user) if r.get("reauthenticated")]
    limit = seconds or settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(abs(time.time() - at) < limit for at in proofs)


def asks_again(
    view: Any = None,
    *,
    when: Callable[..., bool] | None = None,
    opened: bool = False,
    seconds: int | None = None,
) -> Any:
    """Lets a form through only while the proof is fresh, else asks for it first; `opened`: the page too.

    `when` says of which forms of the view this is true. `seconds`: how long a proof is fresh, where the form takes
    longer to fill in. What was sent to a secret form is not kept over the proof.
    """
    if view is None:
        return lambda view: asks_again(view, when=when, opened=opened, seconds=seconds)

    @wraps(view)
    def asking(request: Any, *args: Any, **kwargs: Any) -> Any:
        concerned = request.method == "POST" and (when is None or when(request, *args, **kwargs))
        if (concerned or opened) and not recently(request, seconds):
            return _ask(request, keeps=not hasattr(view, UNECHOED))
        if request.method == "GET" and request.session.get(REFUSED, {}).get("path") == request.get_full_path():
            request.POST = _fields(request.session.pop(REFUSED)["fields"])  # shown in the form, not carried out
        return view(request, *args, **kwargs)

    setattr(asking, "asks_again", True)  # noqa: B010 -- a mark that the table of addresses reads
    return asking


def _ask(request: HttpRequest, keeps: bool) -> HttpResponse:
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        raise PermissionDenied
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    fields = {name: values for name, values in sent.items() if "password" not in name}
    whole = (
        keeps
        and fields == sent
        and not request.FILES
        and sum(len(v) for vs in fields.values() for v in vs) <= TYPED_MAX
    )
    came = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    state = {
        "path": request.get_full_path(),
        "fields": fields if whole and request.method == "POST" else None,
        "page": urlsplit(came)._replace(scheme="", netloc="").geturl() if here else "",
    }
    request.session[STATE_SESSION_KEY] = {"callback": f"{__name__}.carry_on", "state": state}
    return redirect(f"{ways[0]['url']}?{urlencode({'next': state['path']})}")


def carry_on(request: HttpRequest, state: dict) -> HttpResponse:
    """Called by allauth once the proof was given: do what was asked for, or show its form as it was filled in."""
    path, fields = state["path"], state["fields"]
    if get_next_redirect_url(request) != path:  # something else was asked for in the meantime
        return redirect(get_next_redirect_url(request) or "home")
    if fields is None:
        if request.method == "POST" and state["page"]:
            messages.info(request, _("Đã xác nhận. Việc đang làm chưa được thực hiện: hãy nhập lại và gửi."))
        return redirect(state["page"] or path)
    answer = _again(request, path, fields)
    if 300 <= answer.status_code < 400:
        return answer
    request.session[REFUSED] = {"path": path, "fields": fields}
    messages.warning(request, _("Đã xác nhận nhưng chưa thực hiện: hãy xem lại nội dung dưới đây rồi gửi lại."))
    return redirect(path)


def _again(request: HttpRequest, path: str, fields: dict) -> HttpResponse:
    url = urlsplit(path)
    again: Any = copy(request)
    again.path = again.path_info = url.path
    again.META = request.META | {"PATH_INFO": url.path, "QUERY_STRING": url.query}
    again.GET, again.POST = QueryDict(url.query), _fields(fields)
    again.resolver_match = match = resolve(url.path)
    answer: HttpResponse = match.func(again, *match.args, **match.kwargs)
    return answer


def _fields(fields: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data
