"""The library's forms of a new password, in the words of the house."""

from allauth.account import forms as library
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SameTwice:
    """The library knows in English alone that both passwords must be the same."""

    def add_error(self, field, error):
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("Hai mật khẩu mới không giống nhau. Hãy nhập lại.")
        super().add_error(field, error)


class ChangePasswordForm(SameTwice, library.ChangePasswordForm):
    pass


class SetPasswordForm(SameTwice, library.SetPasswordForm):
    pass


class ResetPasswordKeyForm(SameTwice, library.ResetPasswordKeyForm):
    pass
