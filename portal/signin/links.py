"""Links that set a password: made when their letter leaves, good once, kept in no row and shown on no page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import ForgottenPassword, Notice
from portal.notices.masking import path_of
from portal.notices.services import notify

if TYPE_CHECKING:
    from units.models import User

BATCH = 200  # requests answered in one transaction


class LinkTokens(PasswordResetTokenGenerator):
    """Dead once the password, the address or `link_epoch` has changed, or the holder has signed in."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{user.link_epoch}|{user.is_active}"


def password_path(account: User) -> str:
    """Where the account's password is set: good once, and for some days."""
    return path_of(f"{user_pk_to_url_str(account)}-{LinkTokens().make_token(account)}")


def send(account: User, kind: str, words: Callable[[], tuple[str, str]]) -> None:
    """Tell the person; the link is added to the letter alone, in the moment in which it leaves."""
    occasion = f"{kind}:{account.link_epoch}:{uuid4().hex}"
    notify([account], key=occasion, kind=kind, words=words, urgent=True)
    # whoever reads notices on the portal has a password already
    Notice.objects.filter(key=f"{occasion}:{account.pk}").update(read_at=timezone.now())


def still_open(notices: list[Notice]) -> set[int]:
    """Letters whose link would still be that of their day: not after the links of the account were ended."""
    since = timezone.now() - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return {n.pk for n in notices if n.key.startswith(f"{n.kind}:{n.recipient.link_epoch}:") and n.created_at >= since}


def answer_forgotten() -> int:
    """Write the letters to those who asked for a new password; a name that nobody has is forgotten."""
    answered = 0
    while True:
        with transaction.atomic():
            asked = list(ForgottenPassword.objects.select_for_update(of=("self",)).order_by("pk")[:BATCH])
            names = {one.address.lower() for one in asked}
            known = get_user_model().objects.alias(low=Lower("email")).filter(low__in=names - {""}, is_active=True)
            for account in known.select_related("person"):
                send(account, "reset", _reset_words(account))
                answered += 1
            ForgottenPassword.objects.filter(pk__in=[one.pk for one in asked]).delete()
        if len(asked) < BATCH:
            return answered


def _reset_words(account: User) -> Callable[[], tuple[str, str]]:
    return lambda: (
        _("Đặt lại mật khẩu Cổng thi đua - khen thưởng"),
        _(
            "Có người, có thể là đồng chí, vừa xin đặt lại mật khẩu của tài khoản %(username)s. "
            "Nếu không phải đồng chí, hãy bỏ qua thư này.\n\n"
            "Để đặt mật khẩu mới, hãy mở đường dẫn trong thư. Đường dẫn dùng được một lần, trong %(hours)s giờ."
        )
        % {"username": account.username, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600},
    )
