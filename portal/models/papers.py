"""Word masters that an office brought in place of those that the portal ships."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PaperMaster(models.Model):
    """One version of the master of one kind of paper; all stay, at most one of a kind is in use."""

    kind = models.CharField(max_length=40)  # of the paper, as its app names it
    number = models.PositiveIntegerField()
    file = models.FileField(upload_to="masters/")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("lý do"), max_length=500)
    in_use = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name, verbose_name_plural = _("mẫu văn bản"), _("mẫu văn bản")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="paper_master_once"),
            models.UniqueConstraint(fields=["kind"], condition=models.Q(in_use=True), name="paper_master_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("paper_master", args=[self.pk])
