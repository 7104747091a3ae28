"""What somebody asks for around an account and a second person confirms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Proposal(models.Model):
    """A change of an account that takes effect when a second person confirms it (units.access.flow)."""

    class Kind(models.TextChoices):
        ADDRESS = "address", _("Đổi địa chỉ thư")
        ROLE = "role", _("Cấp vai trò")
        PROLONG = "prolong", _("Kéo dài vai trò")
        REOPEN = "reopen", _("Mở lại tài khoản")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ xác nhận")
        CONFIRMED = "confirmed", _("Đã xác nhận")
        DECLINED = "declined", _("Đã từ chối")
        CANCELLED = "cancelled", _("Đã rút")

    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.WAITING)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="proposals", verbose_name=_("tài khoản")
    )
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("đơn vị"))
    asked = models.JSONField(default=dict)  # what the kind needs to be done
    told = models.JSONField(default=dict)  # the same for people, as in the trail: {field: [was, is]}
    note = models.TextField(_("lý do"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đề nghị"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người quyết định")
    )
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("đề nghị về tài khoản"), _("đề nghị về tài khoản")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind="address", state="waiting"), name="proposal_one_address"
            )
        ]
        indexes = [models.Index(fields=["account"], condition=Q(state="waiting"), name="proposal_waiting")]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.account}"

    def get_absolute_url(self):
        return reverse("proposal", args=[self.pk])

    @property
    def told_display(self) -> list[tuple[str, str, str]]:
        """Field, what is, what is asked for."""
        return [(gettext(name), was or "–", asked or "–") for name, (was, asked) in self.told.items()]
