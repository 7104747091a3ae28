"""Accounts and roles: who has one, by what document, until when; and the own sessions of whoever is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, UserSession
from portal.signin.reauthentication import asks_again
from portal.text import clean, fold
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.parameters import number, without
from portal.web.requests import Request
from units.access import accounts, overview, rights
from units.access.forms import AccountFilter, AccountForm, RoleEndForm, RoleForm, at_unit
from units.models import Membership, Posting, Proposal, Role, Unit, User
from units.models.units import valid_on

PAGE = 50
FOUND = 20  # people offered for a new account
ENDING_DAYS = 30
TONES = {"active": "approved", "invited": "waiting", "inactive": "neutral"}
_PROPOSED = gettext_lazy("Đã ghi đề nghị. Việc này có hiệu lực khi một quản trị khác xác nhận.")
# what an administrator does to an account with one button, and what is said when it is done
STEPS: dict[str, tuple[Callable[..., Proposal | None], Promise]] = {
    "invite": (
        accounts.invite,
        gettext_lazy("Đã mời, thư đi trong ít phút; mật khẩu và đường dẫn cũ không còn dùng được."),
    ),
    "deactivate": (accounts.deactivate, gettext_lazy("Đã ngừng tài khoản; các phiên làm việc đã kết thúc.")),
    "reactivate": (accounts.reactivate, gettext_lazy("Đã mở lại tài khoản.")),
    "sessions": (accounts.end_sessions, gettext_lazy("Đã kết thúc mọi phiên làm việc của tài khoản này.")),
    "factors": (
        accounts.remove_factors,
        gettext_lazy("Đã gỡ bước xác thực thứ hai; người giữ tài khoản được báo."),
    ),
}


def _for_administrators(request: Request) -> None:
    if not request.user.may_anywhere("keep_accounts"):
        raise Http404


@dataclass(frozen=True)
class State:
    """Whether an account is in use, with the words and the tone of a page."""

    name: str
    words: Promise
    tone: str


def _state(account: User) -> State:
    name = "inactive" if not account.is_active else "active" if account.has_usable_password() else "invited"
    return State(name, AccountFilter.STATES[name][0], TONES[name])


# --- the list ---


@require_safe
def account_list(request: Request) -> HttpResponse:
    _for_administrators(request)
    form = AccountFilter(request.GET, user=request.user)
    asked = form.asked
    day = today()
    found = _narrowed(rights.administered(request.user), asked)
    found = found.select_related("person").prefetch_related(
        Prefetch("memberships", Membership.objects.in_force(day).select_related("unit"), to_attr="roles"),
        Prefetch("person__postings", Posting.objects.filter(valid_on(day)).select_related("unit"), to_attr="today"),
    )
    order = AccountFilter.SORTS.get(asked.get("sort", ""), AccountFilter.SORTS["name"])[1]
    page = numbered(request, found.order_by(*order), PAGE)
    rows = [(account, _state(account)) for account in page]
    context = {"form": form, "page_obj": page, "rows": rows, "query": without(request.GET, "page")}
    return render(request, "units/access/list.html", context)


def _narrowed(found: QuerySet[User], asked: dict[str, Any]) -> QuerySet[User]:
    for word in fold(asked.get("q", "")).split():
        found = found.filter(Q(person__search__contains=word) | Q(username__icontains=word) | Q(email__icontains=word))
    if unit := asked.get("unit"):
        found = found.filter(at_unit(unit))
    held = Membership.objects.in_force().filter(user=OuterRef("pk"))
    if role := asked.get("role"):
        found = found.filter(Exists(held.filter(role=role)))
    if state := asked.get("state"):
        found = found.filter(AccountFilter.STATES[state][1])
        if state == "roleless":
            found = found.filter(~Exists(held))
        if state == "ending":
            found = found.filter(Exists(held.filter(valid_to__lte=today() + timedelta(days=ENDING_DAYS))))
    return found


# --- one account ---


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: Request) -> HttpResponse:
    """First the person is found, then the account is opened; the invitation leaves at once."""
    _for_administrators(request)
    people = accounts.without_account(request.user)
    words, chosen = request.GET.get("q", "")[:100], number(request.GET.get("person"))
    person = people.filter(pk=chosen).first() if chosen is not None else None
    if person is None:
        if request.method == "POST" or request.GET.get("person"):
            messages.error(
                request, _("Người này đã có tài khoản, hoặc không công tác tại đơn vị mà đồng chí quản trị.")
            )
            return redirect("account_list")
        postings = Posting.objects.filter(valid_on(today())).select_related("unit")
        found = people.matching(words).prefetch_related(Prefetch("postings", postings, to_attr="today"))[: FOUND + 1]
        context = {"words": words, "people": found[:FOUND] if words else [], "more": words and len(found) > FOUND}
        return render(request, "units/access/find.html", context)
    initial = {"username": accounts.suggested_username(person), "language": "vi"}
    form = AccountForm(request.POST or None, instance=User(person=person), initial=initial)
    if request.method == "POST" and form.is_valid():
        if _tried(request, lambda: accounts.open_account(form.instance, by=request.user), form):
            messages.success(request, _("Đã mở tài khoản và gửi lời mời. Tiếp theo, hãy cấp vai trò."))
            return redirect(form.instance)
    return render(request, "units/access/form.html", {"form": form, "person": person})


@dataclass(frozen=True)
class RoleRow:
    """A role of the account: whether it counts today, and whether the reader may end it."""

    role: Membership
    mark: str
    may_end: bool


@require_safe
def account(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(rights.administered(request.user).select_related("person"), pk=pk)
    roles = found.memberships.select_related("unit", "delegated_by__person").order_by("-valid_from", "-pk")
    counting = set(found.memberships.in_force().values_list("pk", flat=True))
    day = today()
    rows = []
    for role in roles:
        over = role.valid_to is not None and role.valid_to < day
        mark = "over" if over else "now" if role.pk in counting else _why_not(role, day)
        may_end = not over and found.pk != request.user.pk and request.user.may("keep_accounts", role.unit)
        rows.append(RoleRow(role, mark, may_end))
    postings = found.person.postings.select_related("unit") if found.person else []
    context = {
        "account": found,
        "state": _state(found),
        "roles": rows,
        "postings": postings,
        "open_sessions": found.sessions.open().count(),
        "may_manage": rights.may_manage(request.user, found),
        "is_self": found.pk == request.user.pk,
        "proposals": found.proposals.filter(state=Proposal.State.WAITING).select_related("by__person"),
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "units/access/detail.html", context)


def _why_not(role: Membership, day: date) -> str:
    """Why a role that is not over does not count: it begins later, or its holder left or has no open account."""
    return "later" if role.valid_from and role.valid_from > day else "lost"


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def account_edit(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(rights.administered(request.user).select_related("person"), pk=pk)
    if not rights.may_manage(request.user, found):
        raise PermissionDenied
    form = AccountForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change = lambda: accounts.change(found, by=request.user, version=seen.version(request), **data)  # noqa: E731
        done, proposal = _done(request, change, form)
        if done:
            words = _("Đã lưu. Địa chỉ thư mới chờ một quản trị khác hoặc chính người dùng xác nhận.")
            messages.success(request, words if proposal else _("Đã lưu."))
            return redirect(proposal or found)
    return render(request, "units/access/form.html", {"form": form, "account": found, "person": found.person})


@asks_again
@require_POST
def account_step(request: Request, pk: int, step: str) -> HttpResponse:
    found = get_object_or_404(rights.administered(request.user), pk=pk)
    if step not in STEPS:
        raise Http404
    verb, words = STEPS[step]
    reason = {} if step == "invite" else {"note": clean(request.POST.get("note", ""))[:1000]}
    done, proposal = _done(request, lambda: verb(found, by=request.user, version=seen.version(request), **reason))
    if done:
        messages.success(request, str(_PROPOSED if proposal else words))
    return redirect(proposal or found)


def _tried(request: Request, act: Callable[[], object], form: BaseForm | None = None) -> bool:
    """Whether it was done; if not, the words are said in the form or above the page."""
    return _done(request, act, form)[0]


def _done(request: Request, act: Callable[[], object], form: BaseForm | None = None) -> tuple[bool, Proposal | None]:
    """The same, with the proposal where what was asked waits for a second person."""
    try:
        done = act()
    except Refused as refusal:
        refusals.tell(request, refusal, form)
        return False, None
    return True, done if isinstance(done, Proposal) else None


# --- roles ---


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def role_grant(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(rights.administered(request.user).select_related("person"), pk=pk)
    _for_administrators(request)
    if found.pk == request.user.pk:
        raise PermissionDenied
    form = RoleForm(request.POST or None, by=request.user, initial=_first_guess(request, found))
    if request.method == "POST" and form.is_valid():
        done, proposal = _done(request, lambda: _grant(request, found, form), form)
        if done:
            messages.success(request, _PROPOSED if proposal else _("Đã cấp vai trò cho %s.") % found)
            return redirect(proposal or found)
    return render(request, "units/access/role_grant.html", {"form": form, "account": found})


def _first_guess(request: Request, account: User) -> dict[str, Any]:
    """The unit that the page before was about, else the one where the person works."""
    code = request.GET.get("unit", "")[:20]
    if not code and account.person:
        works = account.person.postings.filter(valid_on(today())).select_related("unit").first()
        code = works.unit.code if works else ""
    return {"unit": code, "valid_from": today()}


def _grant(request: Request, account: User, form: RoleForm) -> Membership | Proposal:
    data = form.cleaned_data
    acting = data["role"] == rights.ACTING
    return rights.grant(
        account,
        data["unit"],
        Role.HEAD if acting else data["role"],
        by=request.user,
        document=data["document"],
        start=data["valid_from"],
        end=data["valid_to"],
        acting=acting,
        version=seen.version(request),
    )


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def role_end(request: Request, pk: int) -> HttpResponse:
    role = get_object_or_404(Membership.objects.not_over().select_related("unit", "user__person"), pk=pk)
    if not request.user.may("keep_accounts", role.unit):
        raise Http404
    if role.user_id == request.user.pk:
        raise PermissionDenied
    form = RoleEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _tried(request, lambda: rights.end(role, by=request.user, version=seen.version(request), **data), form):
            messages.success(request, _("Đã chấm dứt vai trò của %s.") % role.user)
            return redirect(role.user)
    return render(request, "units/access/role_end.html", {"form": form, "role": role, "account": role.user})


@require_safe
def unit_rights(request: Request, pk: int) -> HttpResponse:
    """Who may do what in the unit and why: for its administrators and for those who read its papers."""
    unit = get_object_or_404(Unit, pk=pk)
    administers = request.user.may("keep_accounts", unit)
    if not administers and not Unit.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    context = {"unit": unit, "day": today(), "rights": overview.rights_over(unit), "administers": administers}
    return render(request, "units/access/unit_rights.html", context)


# --- the own sessions ---


@dataclass(frozen=True)
class SessionRow:
    """A session, when it was used last, and whether it is the one that asks."""

    session: UserSession
    seen_at: datetime
    here: bool


@require_safe
def sessions(request: Request) -> HttpResponse:
    """Where one is signed in now."""
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    own = [SessionRow(s, s.until - age, s.key == request.session.session_key) for s in request.user.sessions.open()]
    return render(request, "units/access/sessions.html", {"sessions": own})


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    own = get_object_or_404(request.user.sessions.exclude(key=request.session.session_key), pk=pk)
    accounts.end_session(own)
    messages.success(request, _("Đã kết thúc phiên đó."))
    return redirect("sessions")


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    accounts.end_other_sessions(request)
    messages.success(request, _("Đã kết thúc mọi phiên khác. Chỉ còn phiên này."))
    return redirect("sessions")
