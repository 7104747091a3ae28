"""The second step of signing in: a code of an app, a passkey or a recovery code; each change is told and traced."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from uuid import uuid4

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.models.trail import record
from portal.notices.services import notify
from units.access import rights
from units.models import User

CODES = Authenticator.Type.RECOVERY_CODES
KINDS = {
    Authenticator.Type.TOTP: _("ứng dụng tạo mã"),
    Authenticator.Type.WEBAUTHN: _("khóa truy cập"),
    CODES: _("bộ mã dự phòng"),
}
NO_KEY = _("Khóa truy cập chưa được chấp nhận. Hãy thử lại, hoặc dùng mã.")


class FactorAdapter(DefaultMFAAdapter):
    """Our words, and secrets that a copy of the database does not tell."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Mã không đúng hoặc đã dùng. Hãy nhập mã đang hiện trên ứng dụng."),
        "cannot_generate_recovery_codes": _("Hãy thêm ứng dụng tạo mã hoặc khóa truy cập trước khi lập mã dự phòng."),
    }

    def _get_user_identifier(self, user):
        return user.username

    def _get_site_name(self):
        return settings.MFA_TOTP_ISSUER

    def encrypt(self, text):
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _box().decrypt(encrypted_text).decode()
        except InvalidToken as error:
            raise RuntimeError("A second factor was stored under another key: see SECRET_KEY_FALLBACKS") from error

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Khóa %(number)s") % {"number": number}


def _box() -> MultiFernet:
    """Of the portal's key, a key for this purpose alone; former keys still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [HKDF(SHA256(), 32, salt=None, info=b"units.factors").derive(key.encode()) for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])


@receiver(user_logged_in)
def _proved(sender, request, user, **kwargs):
    """Who has just signed in need not prove it again (portal.signin.reauthentication)."""
    record_authentication(request, user, method="sign_in", reauthenticated=True)


@receiver(pre_save, sender=Authenticator)
def _begun(sender, instance, **kwargs):
    """The code that proved the app as it was added opens nothing more (units.signin.forms.factors)."""
    if instance._state.adding and instance.type == Authenticator.Type.TOTP:
        instance.data["period"] = int(time.time()) // app_settings.TOTP_PERIOD


@receiver(post_save, sender=Authenticator)
def _added(sender, instance, created, **kwargs):
    if created:
        _changed(instance, "recovery_codes" if instance.type == CODES else "factor_add")


@receiver(post_delete, sender=Authenticator)
def _removed(sender, instance, **kwargs):
    if instance.type != CODES:  # they go with the last factor, or because others take their place
        _changed(instance, "factor_remove")


@transaction.atomic
def _changed(factor: Authenticator, verb: str) -> None:
    """Its line in the trail, a letter to the holder, and the end of all other sessions."""
    # an administrator may take off what the holder has lost (units.access.accounts.remove_factors)
    holder, by = rights.lock(factor.user, by=getattr(factor, "removed_by", factor.user), version=None)
    why = getattr(factor, "removed_why", "")
    rights.changed(holder, links=False)
    record(holder, verb, by=by, changes={"": ["", str(KINDS[factor.type])]}, note=why)
    _tell(holder, verb, factor, by, why)
    if context.request is not None and context.request.user.pk == holder.pk:
        update_session_auth_hash(context.request, holder)


def _tell(holder: User, verb: str, factor: Authenticator, by: User, why: str) -> None:
    titles = {
        "factor_add": _("Tài khoản của đồng chí có thêm bước xác thực thứ hai: %(kind)s"),
        "factor_remove": _("Một bước xác thực thứ hai của tài khoản đồng chí đã được gỡ: %(kind)s"),
        "recovery_codes": _("Bộ mã dự phòng mới của tài khoản đồng chí vừa được lập"),
    }
    words = lambda: (  # noqa: E731 -- called in the reader's language
        str(titles[verb]) % {"kind": KINDS[factor.type]},
        gettext("Nếu không phải đồng chí làm, hãy đổi mật khẩu ngay và báo quản trị hệ thống.")
        if by == holder
        else gettext(
            "Người gỡ: %(by)s. Lý do: %(why)s\n\n"
            "Nếu đồng chí không nhờ việc này, hãy báo cơ quan thi đua - khen thưởng ngay."
        )
        % {"by": by, "why": why},
    )
    notify([holder], key=f"{verb}:{uuid4().hex}", kind="factor", words=words, url=reverse("mfa_index"), urgent=True)


@receiver(authenticator_used)
def _used(sender, user, authenticator, **kwargs):
    if authenticator.type == CODES:
        left = len(authenticator.wrap().get_unused_codes())
        record(user, "recovery_used", by=user, changes={gettext("mã còn lại"): [left + 1, left]})
