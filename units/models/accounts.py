"""What waits around an account: somebody forgot the password."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ForgottenPassword(models.Model):
    """An address for which a new password was asked; kept until the worker has looked whether it is anybody's."""

    address = models.CharField(_("thư điện tử"), max_length=254)
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("yêu cầu đặt lại mật khẩu"), _("yêu cầu đặt lại mật khẩu")

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M}"
