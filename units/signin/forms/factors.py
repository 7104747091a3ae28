"""Codes and passkeys of the second step: a code opens once, whatever the cache remembers; no answer is an error."""

import logging

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from units.signin.factors import NO_KEY

logger = logging.getLogger(__name__)


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


class AnswerField(forms.JSONField):
    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:  # a number or a nesting without end
            raise ValidationError(NO_KEY) from error


class _Sound(forms.Form):
    """Whatever a browser sends as the answer of a key is refused in words if it is none."""

    credential = AnswerField(widget=forms.HiddenInput, error_messages={"required": NO_KEY, "invalid": NO_KEY})

    def clean_credential(self):
        return self._checked(super().clean_credential)

    def _checked(self, check):
        try:
            return check()
        except ValidationError:
            raise
        except Exception as error:  # the parts of an answer are read by several libraries, each with errors of its own
            logger.info("An answer of a passkey was refused: %r", error)
            raise ValidationError(NO_KEY) from error


class AuthenticateKeyForm(_Sound, keys.AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(_Sound, keys.ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(_Sound, keys.AddWebAuthnForm):
    name = forms.CharField(label=_("Tên gọi"), required=False, max_length=60)

    def clean_credential(self):
        return self.cleaned_data["credential"]

    def clean(self):
        return self._checked(super().clean)


class EditKeyForm(keys.EditWebAuthnForm):
    name = forms.CharField(label=_("Tên gọi"), max_length=60)
