"""What people have said about likely duplicates: the same person after all, or two people indeed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from units.models.accounts import User
from units.models.people import Person


class PersonMerge(models.Model):
    """One record was merged into another; `moved` says what went over, so that it can go back."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges", verbose_name=_("hồ sơ giữ lại"))
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("hồ sơ được gộp"))
    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người làm"))
    moved = models.JSONField(
        default=dict
    )  # {"rows": {relation: [pk]}, "account": pk or None, "filled": {field: value}}
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("lần gộp hồ sơ"), _("lần gộp hồ sơ")
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="person_merged_once"),
        ]

    def __str__(self):
        return f"{self.gone} → {self.kept}"


class Distinct(models.Model):
    """Somebody has looked at these two likely duplicates and said that they are two people."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="distinct_after")
    second = models.ForeignKey(Person, models.CASCADE, related_name="distinct_before")

    class Meta:
        verbose_name, verbose_name_plural = _("hai người khác nhau"), _("hai người khác nhau")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_in_order"),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"
