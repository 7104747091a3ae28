"""What the office changed in the catalogue: the severity of a condition, never its words."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.law.terms import Severity


class ConditionSettingQuerySet(models.QuerySet["ConditionSetting"]):
    def of(self, edition: str, award: str | None = None) -> Self:
        """What was changed of an edition, or of one award of it."""
        found = self.filter(edition=edition).select_related("by__person")
        return found.filter(award=award) if award else found


class ConditionSetting(models.Model):
    """Whether one condition of one edition blocks or warns, where the office decided otherwise than the files."""

    edition = models.CharField(_("bộ quy định"), max_length=12)
    award = models.CharField(_("danh hiệu, hình thức"), max_length=20)
    condition = models.CharField(_("điều kiện"), max_length=40)
    severity = models.CharField(_("mức độ"), max_length=5, choices=Severity)
    reason = models.TextField(_("lý do"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đổi"))
    at = models.DateTimeField(_("lúc"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ConditionSettingQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "award", "condition"]
        verbose_name, verbose_name_plural = _("mức độ của điều kiện"), _("mức độ của điều kiện")
        constraints = [
            models.UniqueConstraint(fields=["edition", "award", "condition"], name="condition_setting_once"),
            models.CheckConstraint(
                name="condition_setting_reason",
                condition=~models.Q(reason=""),
                violation_error_message=_("Hãy ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.award} {self.condition}"
