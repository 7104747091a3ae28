"""The codes of the second step: each opens once, whatever the cache remembers."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.db import transaction


def _is(secret, period, code):
    return compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, period)))


class _Once:
    """Refuses a code of the app that is not newer than the last one that was taken."""

    @transaction.atomic
    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            stored = Authenticator.objects.select_for_update(of=("self",)).get(pk=self.authenticator.pk)
            secret, used = decrypt(stored.data["secret"]), stored.data.get("period", 0)
            fresh = [n for n in yield_hotp_counters_from_time() if n > used and _is(secret, n, code)]
            if not fresh:
                raise get_adapter().validation_error("incorrect_code")
            stored.data["period"] = fresh[-1]
            stored.save(update_fields=["data"])
            self.authenticator = stored
        return code


class AuthenticateForm(_Once, base.AuthenticateForm):
    pass


class ReauthenticateForm(_Once, base.ReauthenticateForm):
    pass
