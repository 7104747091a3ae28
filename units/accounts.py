"""Accounts at sign-in: nobody registers, the session begins to count, refusals speak the reader's language."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from units.models import User

_WRONG = _("Tên đăng nhập hoặc mật khẩu không đúng.")


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

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        """The link of the reset mail begins with the configured address, never with what the browser claims."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def post_login(self, request, user, **kwargs):
        request.session["signed_in_at"] = int(time.time())
        return super().post_login(request, user, **kwargs)


class StaffBackend(AuthenticationBackend):
    """Fetches with the account, in one query, what every page says of it: the name and the unread notices."""

    def get_user(self, user_id):
        unread = Count("notices", filter=Q(notices__read_at=None))
        user = User.objects.select_related("person").annotate(unread_notices=unread).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
