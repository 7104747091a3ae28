"""Accounts: opened by administrators, who invite by mail; nobody registers. Refusals speak the reader's language."""

import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice, UserSession
from portal.models.trail import differences, record
from portal.notices import masking
from portal.notices.services import notify
from portal.prepared import Prepared, attach_related, select_columns
from portal.scope import inside
from portal.signin import links
from portal.text import fold
from portal.web.requests import Request
from units.access import rights
from units.access.proposals import alone, notify_about, others, powers, propose
from units.models import Person, PersonStatus, Posting, Proposal, Unit, User
from units.models.people import PersonQuerySet
from units.models.units import valid_on

_WRONG = _("Tên đăng nhập hoặc mật khẩu không đúng.")

WAYS = {
    "reauthenticate": _("Dùng mật khẩu"),
    "mfa_reauthenticate": _("Dùng mã của ứng dụng hoặc mã dự phòng"),
    "mfa_reauthenticate:webauthn": _("Dùng khóa truy cập"),
}


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts of a state office are made by administrators."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # one answer for a wrong name and a wrong password
        "invalid_login": _WRONG,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "too_many_login_attempts": _("Đăng nhập sai quá nhiều lần. Hãy chờ vài phút rồi thử lại."),
        "rate_limited": _("Thao tác quá nhanh. Hãy chờ vài phút rồi thử lại."),
        "incorrect_password": _("Mật khẩu không đúng."),
        "enter_current_password": _("Hãy nhập mật khẩu hiện tại."),
        "account_inactive": _("Tài khoản này đã ngừng hoạt động."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the reset mail begins with the configured address, never with what the browser claims."""
        return f"{settings.BASE_URL}{masking.path_of(key)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As a notice whose letter the worker sends: no mail server is asked while somebody waits for a page."""
        context = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        render = lambda: self.render_mail(template_prefix, email, context)  # noqa: E731 -- in the reader's language
        notify(
            User.objects.filter(email__iexact=email, is_active=True).select_related("person"),
            key=f"account:{uuid4().hex}",
            kind="account",
            words=lambda: ((letter := render()).subject, str(letter.body)),
            urgent=True,
        )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """To the account's own address; the library's table of addresses is not kept."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Who has a second step proves it with that, everybody else with the password."""
        ways = super().get_reauthentication_methods(user)
        ways = [way for way in ways if way["id"] != "reauthenticate"] or ways
        ways.sort(key=lambda way: way["id"] != "mfa_reauthenticate:webauthn")  # a key needs no typing
        return [way | {"description": WAYS[way["id"]]} for way in ways]

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """By an invitation, a forgotten password or a change: other sessions and older links end, the trail has it."""
        if User.objects.select_for_update(of=("self",)).get(pk=user.pk).password != user.password:
            raise PermissionDenied  # of two who use one link at the same time the second is too late
        user.set_password(password)
        user.save(update_fields=["password"])
        user.sessions.all().delete()
        record(user, "password", by=user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        request.session["signed_in_at"] = int(time.time())
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer


class StaffBackend(AuthenticationBackend):
    """Fetches with the account, in one query, what every page asks of it: name, unread notices, second step."""

    def get_user(self, user_id: int) -> User | None:
        for user in _signed_in(user_id):
            attach_related(user, "person", Person)
            return user if self.user_can_authenticate(user) else None
        return None


def _account(pk: int) -> QuerySet[User]:
    unread = Notice.objects.filter(recipient=OuterRef("pk"), read_at=None).order_by().values("recipient")
    number = Coalesce(Subquery(unread.annotate(n=Count("*")).values("n")), 0)  # the index alone answers
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return User.objects.filter(pk=pk).annotate(
        unread_notices=number, has_factor=Exists(factors), **select_columns("person", Person)
    )


_signed_in = Prepared(_account, int)


# --- opening, inviting, closing ---


def without_account(by: User) -> PersonQuerySet:
    """People for whom this administrator may open an account: at work in the administered units and nowhere else."""
    gone = PersonStatus.objects.filter(valid_on(today()), person=OuterRef("pk"), kind__in=PersonStatus.GONE)
    people = Person.objects.filter(~Exists(gone), user=None, merged_into=None, anonymised_at=None)
    if by.may_anywhere("administer_everything"):
        return people
    posted = Posting.objects.filter(valid_on(today()), person=OuterRef("pk"))
    mine = inside(by.paths_where("keep_accounts"), "unit__path")
    return people.filter(Exists(posted.filter(mine)), ~Exists(posted.exclude(mine)))


def suggested_username(person: Person) -> str:
    """Given name and initials, as Vietnamese offices write them, with a number where it is taken: `huenv2`."""
    words = fold(person.full_name).split()
    plain = "".join(c for c in words[-1] + "".join(w[0] for w in words[:-1]) if c.isascii() and c.isalnum())[:20]
    found = User.objects.filter(username__istartswith=plain).values_list("username", flat=True)
    taken = {name.casefold() for name in found}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{plain}{n if n > 1 else ''}") not in taken)


@transaction.atomic
def open_account(account: User, *, by: User) -> User:
    """Open an account that is not stored yet for its person, and invite."""
    people = without_account(by).select_for_update(of=("self",))
    if account.person_id is None or not people.filter(pk=account.person_id).first():
        raise Refused([gettext("Người này đã có tài khoản, hoặc không công tác tại đơn vị mà đồng chí quản trị.")])
    account.set_unusable_password()
    _store(account.save)
    _record(account, "create", by=by, changes={gettext("tên đăng nhập"): ["", account.username]})
    _send_invitation(account, by)
    return account


@transaction.atomic
def change(account: User, *, by: User, version: int, email: str | None = None, **fields: str) -> Proposal | None:
    """Correct the language at once; a new address waits for a second person, and the proposal is returned."""
    account, by = _managed(account, by, version)
    _change_language(account, by, fields)
    return None if email is None or email == account.email else change_address(account, email, by=by)


def change_address(account: User, email: str, *, by: User) -> Proposal | None:
    """Ask for another address: whoever reads the letters of an account can sign in to it.

    It takes effect when a second administrator or the holder confirms it; at once only for an account that nobody
    has ever opened and that holds no role: there it corrects a slip of the administrator who opened it.
    """
    if User.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise Refused([gettext("Địa chỉ thư này đã thuộc một tài khoản khác.")])
    if never_used(account):
        set_address(account, email, former=account.email, by=by, note="")
        return None
    told = {gettext("địa chỉ thư"): [account.email, email]}
    made = propose(Proposal.Kind.ADDRESS, account, by=by, told=told, asked={"former": account.email, "address": email})
    words = lambda: (  # noqa: E731 -- called in the reader's language
        gettext("Có đề nghị đổi địa chỉ thư của tài khoản %s") % account.username,
        gettext(
            "%(by)s đề nghị đổi địa chỉ thư từ %(was)s sang %(now)s. Nếu đúng ý đồng chí, hãy đăng nhập và xác nhận; "
            "nếu không, hãy từ chối và báo ngay cho một quản trị khác."
        )
        % {"by": by, "was": made.asked["former"], "now": email},
    )
    notify_about(made, [account], "holder", words, address=account.email)
    return made


def never_used(account: User) -> bool:
    """Whether the account was opened on the portal, never had a password and holds no role: it is nobody's yet."""
    if account.last_login or account.has_usable_password() or account.memberships.not_over().exists():
        return False
    verbs = set(Entry.objects.about(account).values_list("verb", flat=True))
    return "create" in verbs and "password" not in verbs


@transaction.atomic
def set_address(account: User, email: str, *, former: str, by: User, note: str) -> None:
    """Store the address that was confirmed; links, sessions and what the library kept of the former one end."""
    account, by = _managed(account, by, None)
    if account.email != former:
        raise Refused([gettext("Địa chỉ thư đã đổi từ khi có đề nghị này. Hãy từ chối và đề nghị lại.")])
    account.email = email
    _store(lambda: rights.changed(account, "email"))
    EmailAddress.objects.filter(user=account).exclude(email=account.email).delete()
    _record(account, "address", by=by, changes={gettext("địa chỉ thư"): [former, email]}, note=note)
    words = lambda: (  # noqa: E731 -- called in the reader's language
        gettext("Địa chỉ thư của tài khoản %s đã đổi") % account.username,
        gettext("Từ %(was)s sang %(now)s, theo đề nghị của %(by)s. Nếu đồng chí không biết việc này, hãy báo quản trị.")
        % {"was": former, "now": email, "by": by},
    )
    for address in filter(None, (former, email)):
        occasion = f"address:{account.pk}:{account.version}:{address == email}"
        notify([account], key=occasion, kind="address", words=words, urgent=True, address=address)


def _change_language(account: User, by: User, fields: dict[str, str]) -> None:
    before = {name: getattr(account, name) for name in fields}
    for name, value in fields.items():
        setattr(account, name, value)
    words = {str(field.verbose_name): field.name for field in User._meta.fields if field.name in fields}
    changes = differences(
        {word: before[name] for word, name in words.items()}, {word: fields[name] for word, name in words.items()}
    )
    if changes:
        _store(lambda: rights.changed(account, *fields))
        _record(account, "edit", by=by, changes=changes)


@transaction.atomic
def invite(account: User, *, by: User, version: int) -> None:
    """Send a link that sets the password: once, for some days. The former password, links and sessions end."""
    account, by = _managed(account, by, version)
    if not account.is_active:
        raise Refused([gettext("Tài khoản đang ngừng. Hãy mở lại trước khi mời.")])
    if not account.email:
        raise Refused([gettext("Tài khoản chưa có địa chỉ thư. Hãy ghi địa chỉ rồi mời.")])
    account.set_unusable_password()
    rights.changed(account, "password")
    _send_invitation(account, by)


def _send_invitation(account: User, by: User) -> None:
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    words = lambda: (  # noqa: E731 -- called in the reader's language
        gettext("Đặt mật khẩu để dùng Cổng thi đua - khen thưởng"),
        gettext(
            "%(by)s mời đồng chí dùng Cổng thi đua - khen thưởng. Tên đăng nhập: %(username)s.\n\n"
            "Đồng chí mở đường dẫn dưới đây để đặt mật khẩu. Đường dẫn dùng được một lần, trong %(hours)s giờ; "
            "nếu đã hết hạn, đồng chí báo quản trị để được mời lại. Không chuyển thư này cho người khác."
        )
        % {"by": by, "username": account.username, "hours": hours},
    )
    links.send(account, "invitation", words)
    _record(account, "invite", by=by, note=account.email)


@transaction.atomic
def deactivate(account: User, *, by: User, note: str, version: int) -> None:
    """Close the account; its sessions end at once, what it did stands."""
    account, by = _managed(account, by, version)
    _switch(account, False, "deactivate", by, note, rights.objections_to_losing(account.memberships.in_force()))


@transaction.atomic
def reactivate(account: User, *, by: User, note: str, version: int) -> Proposal | None:
    """Open the account again; its roles count as far as their days reach.

    Where office or administration of a root would count again, a second administrator confirms it.
    """
    account, by = _managed(account, by, version)
    if account.is_active or not note.strip() or not (held := powers(account)):
        _switch(account, True, "reactivate", by, note, [])
        return None
    roots = {m.unit_id: m.unit for m in held}.values()
    told = {f"{m.get_role_display()} – {m.unit}": ["", m.span] for m in held}
    if others(roots, by=by, account=account):
        return propose(Proposal.Kind.REOPEN, account, by=by, told=told, note=note)
    _switch(account, True, "reactivate", by, note, [])
    alone(account, by=by, told=told, roots=roots, note=note)
    return None


@transaction.atomic
def reopen_confirmed(account: User, *, by: User, note: str) -> None:
    """What a second administrator has confirmed."""
    account, by = _managed(account, by, None)
    _switch(account, True, "reactivate", by, note, [])


def _switch(account: User, active: bool, verb: str, by: User, note: str, objections: Iterable[str]) -> None:
    if account.is_active == active:
        raise Refused([gettext("Tài khoản đã ở trạng thái này.")])
    if not note.strip():
        raise Refused([gettext("Hãy ghi lý do.")])
    if objections := list(objections):
        raise Refused(objections)
    account.is_active = active
    rights.changed(account, "is_active")
    _record(account, verb, by=by, note=note)


@transaction.atomic
def end_sessions(account: User, *, by: User, note: str = "", version: int) -> None:
    """Show the person out everywhere."""
    account, by = _managed(account, by, version)
    rights.changed(account)
    _record(account, "end_sessions", by=by, note=note)


@transaction.atomic
def remove_factors(account: User, *, by: User, note: str, version: int) -> None:
    """Take off the second step that its holder has lost; units.signin.factors traces it and tells the holder."""
    account, by = _managed(account, by, version)
    if not account.has_factor:
        raise Refused([gettext("Tài khoản này không có bước xác thực thứ hai.")])
    if not note.strip():
        raise Refused([gettext("Hãy ghi lý do.")])
    for factor in account.authenticator_set.all():
        factor.removed_by, factor.removed_why = by, note
        factor.delete()


@transaction.atomic
def end_other_sessions(request: Request) -> None:
    """The person ends all own sessions but the one of this request."""
    account, _by = rights.lock(request.user, by=request.user, version=None)
    rights.changed(account)
    record(account, "end_sessions", by=account)
    update_session_auth_hash(request, account)


@transaction.atomic
def end_session(session: UserSession) -> None:
    """Show the person out where this session runs."""
    import_module(settings.SESSION_ENGINE).SessionStore(session.key).delete()
    session.delete()


def _store(save: Callable[[], None]) -> None:
    """Two who take one name or address at the same time: the second hears so."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        raise Refused([gettext("Tên đăng nhập hoặc địa chỉ thư vừa được dùng cho một tài khoản khác.")]) from error


def _managed(account: User, by: User, version: int | None) -> tuple[User, User]:
    account, by = rights.lock(account, by=by, version=version)
    if not rights.may_manage(by, account):
        raise PermissionDenied
    return account, by


def _record(account: User, verb: str, *, by: User, changes: dict | None = None, note: str = "") -> None:
    """One line on the account and one on each unit where its person works or holds a role."""
    record(account, verb, by=by, changes=changes, note=note)
    works = Posting.objects.filter(valid_on(today()), person=account.person_id, unit=OuterRef("pk"))
    holds = account.memberships.not_over().filter(unit=OuterRef("pk"))
    for unit in Unit.objects.filter(Exists(works) | Exists(holds)):
        record(unit, verb, by=by, changes=changes or {gettext("tài khoản"): ["", str(account)]}, note=note)
