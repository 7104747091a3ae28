"""What the ledger lets a unit propose, though nobody has: kept by a task, judged anew each night."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.models.ledger import award_label
from awards.models.subjects import SubjectMixin, SubjectQuerySet, one_subject
from units.models import Unit


class Suggestion(SubjectMixin):
    """An award that a subject has reached by what the ledger holds; one that was dismissed is not made again."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị"))  # that would propose
    award = models.CharField(_("danh hiệu, hình thức"), max_length=20)  # code in awards/law/standards
    year = models.PositiveSmallIntegerField(_("năm thành tích"))
    found_on = models.DateField(_("ngày tìm thấy"), auto_now_add=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dismissed_why = models.CharField(_("lý do không đề nghị"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "award", "pk"]
        verbose_name, verbose_name_plural = _("gợi ý khen thưởng"), _("gợi ý khen thưởng")
        constraints = [
            one_subject("suggestion_subject"),
            *(
                models.UniqueConstraint(
                    fields=[subject, "award", "year"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"suggestion_once_{subject}",
                )
                for subject in ("person", "collective", "whole_unit")
            ),
        ]
        indexes = [models.Index(fields=["unit", "dismissed_at", "-id"], name="suggestion_list")]

    def __str__(self) -> str:
        return f"{self.award} {self.year} – {self.subject_name}"

    def get_award_display(self) -> str:
        """The award by its name."""
        return award_label(self.award)
