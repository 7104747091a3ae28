"""Where a person is signed in, which the person sees and can end; and who forgot the password."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# the first mark found decides: each later browser also says that it is the earlier ones
BROWSERS = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Microsoft Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    def open(self) -> UserSessionQuerySet:
        """Sessions that have neither ended nor run out, with the moment until which they last."""
        stored = Session.objects.filter(session_key=OuterRef("key"), expire_date__gt=timezone.now())
        until = {"until": Subquery(stored.values("expire_date")[:1])}
        return self.annotate(**until).exclude(Q(until=None))

    def over(self) -> UserSessionQuerySet:
        """Rows whose session is no longer stored."""
        return self.filter(~Exists(Session.objects.filter(session_key=OuterRef("key"))))


class UserSession(models.Model):
    """One session of an account; written at its first request (`portal.web.middleware.session_limits`)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(_("lúc"), default=timezone.now)

    until: datetime  # of `open()` alone

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name, verbose_name_plural = _("phiên làm việc"), _("phiên làm việc")

    def __str__(self) -> str:
        return f"{self.user} {self.began_at:%d/%m/%Y %H:%M}"

    @property
    def device(self) -> str:
        """Browser and system as people call them; what a browser says of itself is no more than a hint."""
        browser = next((name for mark, name in BROWSERS if mark in self.agent), "")
        system = next((name for mark, name in SYSTEMS if mark in self.agent), "")
        return " · ".join(filter(None, (browser, system))) or str(_("thiết bị không rõ"))


class ForgottenPassword(models.Model):
    """An address for which a new password was asked; kept until the worker has looked whether it is anybody's."""

    address = models.CharField(_("thư điện tử"), max_length=254)
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("yêu cầu đặt lại mật khẩu"), _("yêu cầu đặt lại mật khẩu")

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
