"""Sessions are listed for their person, and end by themselves: after a time without activity or a working day."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.debug import sensitive_post_parameters

from portal.faults import SAFE, passed_over
from portal.models import UserSession
from portal.text import clean

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
KEEPS_TEXT = "keeps_text"  # the mark on a view
UNECHOED = "unechoed"  # the mark on another
TYPED = "typed"  # where the session keeps what was sent too late
WANTED = "wanted"  # where the person was going when the second step was asked for
FACTORLESS = ("account_logout", "account_reauthenticate", "keep_session")  # open before there is a second step
TYPED_MAX = 200_000  # characters
Answer = Callable[[HttpRequest], HttpResponse]
RENEW_SECONDS = 60  # the session row is written at most once a minute


class Sessions(SessionMiddleware):
    """Django's; but neither a page that only reads nor a deed that is done fails because the hour was not written."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method not in SAFE and dict(request.session.items()) != getattr(request, "renewed", None):
            return super().process_response(request, response)
        with passed_over("the session"):
            return super().process_response(request, response)
        return response  # type: ignore[unreachable]  # the hour was not written


def session_limits(get_response: Answer) -> Answer:
    """Renew the idle time-out by activity, end the session absolutely, keep private pages out of caches."""

    def middleware(request: Any) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("signed_in_at", now)
            if now - began > settings.SESSION_ABSOLUTE_SECONDS:
                logout(request)
            elif now - request.session.get("seen_at", 0) > RENEW_SECONDS:
                request.session["seen_at"] = now
            if request.user.is_authenticated and request.session.get("listed") != request.session.session_key:
                with passed_over("the list of sessions"):
                    _list_session(request)
            request.renewed = dict(request.session.items())
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def _list_session(request: Any) -> None:
    """Keep the session in its person's list, under the key it has now; a new key comes with sign-in and password."""
    key, agent = request.session.session_key, clean(request.headers.get("User-Agent", ""))[:200]
    # two first requests at once list it once
    UserSession.objects.bulk_create([UserSession(user=request.user, key=key, agent=agent)], ignore_conflicts=True)
    request.session["listed"] = key


def language_of(request: Any) -> str:
    """What is known of the reader's language without asking the database; pages of faults need no more."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request, "LANGUAGE_CODE", "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def reader_language(get_response: Answer) -> Answer:
    """The language that the person chose on this browser, else that of the account, else Vietnamese.

    The browser's own wish is not asked: many machines of Vietnamese offices announce English.
    """

    def middleware(request: Any) -> HttpResponse:
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) and request.user.is_authenticated:
            request.LANGUAGE_CODE = request.user.language
        request.LANGUAGE_CODE = language = language_of(request)
        with translation.override(language):
            response = get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def unechoed(view: View) -> View:
    """Mark a view to which something secret is sent: no page of a fault, no report and no session holds it."""
    hidden: Any = sensitive_post_parameters()(view)
    setattr(hidden, UNECHOED, True)
    return cast(View, hidden)


def keeps_text(view: View) -> View:
    """Mark a view that shows once more what was sent to it after the session had ended, and saves nothing by itself."""
    setattr(view, KEEPS_TEXT, True)
    return view


class SignInFirst(LoginRequiredMiddleware):
    """Closed by default; text that was sent after the session had ended waits until the person has signed in again.

    Only views marked by `keeps_text` are served so: they show what was typed once more and save nothing by themselves.
    Whoever holds a role that asks for a second step has signed in only when there is one: nothing else is open before.
    """

    def process_view(self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any) -> HttpResponseBase | None:
        if answer := super().process_view(request, view_func, view_args, view_kwargs):
            return answer
        name = request.resolver_match.url_name or ""
        closed = getattr(view_func, "login_required", True) and name not in FACTORLESS and not name.startswith("mfa_")
        if closed and request.user.is_authenticated and request.user.owes_factor:
            self.keep_typed(request, view_func)
            request.session[WANTED] = request.get_full_path() if request.method == "GET" else request.path
            return redirect("mfa_index")
        return None

    def handle_no_permission(self, request: Any, view_func: Any) -> HttpResponseRedirect:
        self.keep_typed(request, view_func)
        return super().handle_no_permission(request, view_func)

    def keep_typed(self, request: Any, view_func: Any) -> None:
        if request.method == "POST" and getattr(view_func, KEEPS_TEXT, False):
            fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
            if sum(len(value) for values in fields.values() for value in values) <= TYPED_MAX:
                request.session[TYPED] = {"path": request.path, "fields": fields}


def typed_before(request: Any) -> QueryDict | None:
    """What this person sent to this page after the session had ended, handed out once; None if there is nothing.

    The form names its person in `person`: somebody else at the same browser is not shown the text.
    """
    kept = request.session.get(TYPED)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[TYPED]
    if kept["fields"].get("person") != [str(request.user.pk)]:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    return data
