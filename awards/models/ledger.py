"""What was achieved and recognised: appended, revoked or corrected with a reason, never deleted."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.terms import AwardKind, MeritType
from awards.models.subjects import SubjectMixin, SubjectQuerySet, one_subject
from portal.text import fold
from units.models import Unit


class Level(models.TextChoices):
    """How far an award or an initiative reaches (Law 06/2022/QH15; docs/domain/law-and-practice.md, 5 and 10)."""

    UNIT = "unit", _("cấp cơ sở")
    SECTOR = "sector", _("cấp ngành")
    NATION = "nation", _("cấp nhà nước")


class PastAwardQuerySet(SubjectQuerySet["PastAward"]):
    def matching(self, words: str) -> Self:
        """Lines that hold every word, in the award's name, the decision or the subject's name of today."""
        found = self
        for word in fold(words).split():
            found = found.filter(
                Q(search__contains=word)
                | Q(award__in=_awards_named(word))
                | Q(person__search__contains=word)
                | Q(collective__search__contains=word)
                | Q(whole_unit__search__contains=word)
            )
        return found

    def standing(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_on=None)


def award_label(code: str) -> str:
    """The name of the award in the reader's language, as the newest edition has it; its code where none knows it."""
    known = (edition.awards[code] for edition in reversed(standards.editions()) if code in edition.awards)
    award = next(known, None)
    return award.label if award else code


def award_kind(code: str) -> AwardKind | None:
    """Whether it is a title or a commendation; None for a code that no edition knows."""
    return next((e.awards[code].kind for e in reversed(standards.editions()) if code in e.awards), None)


def _awards_named(word: str) -> set[str]:
    awards = (award for edition in standards.editions() for award in edition.awards.values())
    return {award.code for award in awards if word in fold(f"{award.name_vi} {award.name_en}")}


class PastAward(SubjectMixin):
    """One line of the ledger: an award that was decided.

    A revoked one stays and says so (Law 06/2022/QH15, article 93; docs/domain, section 6), and what rested on it
    is doubted until somebody has looked: `doubted_by` names the revoked one.
    """

    class Source(models.TextChoices):
        IMPORTED = "imported", _("nhập từ danh sách")
        TYPED = "typed", _("ghi bằng tay")
        DECIDED = "decided", _("quyết định trên cổng")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="past_awards", verbose_name=_("đơn vị khi đó"))
    award = models.CharField(_("danh hiệu, hình thức"), max_length=20)  # code in awards/law/standards
    year = models.PositiveSmallIntegerField(_("năm thành tích"))
    level = models.CharField(_("cấp"), max_length=6, choices=Level)
    # sudden and campaign commendations are no ground for one by merit (docs/domain, section 4); empty = not known
    type = models.CharField(_("loại hình khen thưởng"), max_length=12, choices=MeritType, blank=True)
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    decided_by = models.CharField(_("cấp quyết định"), max_length=200, blank=True)
    note = models.CharField(_("thành tích"), max_length=500, blank=True)
    source = models.CharField(_("nguồn"), max_length=8, choices=Source, default=Source.TYPED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    revoked_on = models.DateField(_("ngày hủy"), null=True, blank=True)
    revoked_by = models.CharField(_("số quyết định hủy"), max_length=200, blank=True)
    revoked_why = models.CharField(_("lý do hủy"), max_length=500, blank=True)
    doubted_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubts", verbose_name=_("cần xem lại vì")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.CharField(max_length=400, editable=False, default="")

    objects = PastAwardQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-decided_on", "-pk"]
        verbose_name, verbose_name_plural = _("khen thưởng đã có"), _("khen thưởng đã có")
        constraints = [
            one_subject("past_award_subject"),
            models.CheckConstraint(
                name="past_award_revocation",
                condition=Q(revoked_on=None, revoked_by="") | Q(revoked_on__isnull=False) & ~Q(revoked_by=""),
                violation_error_message=_("Khen thưởng bị hủy phải có số và ngày của quyết định hủy."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "award", "year", "decision_number"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"past_award_once_{subject}",
                )
                for subject in ("person", "collective", "whole_unit")
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-year", "-id"], name="past_award_list"),
            models.Index(fields=["-year", "-id"], name="past_award_by_year"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.year} – {self.subject_name}"

    def get_absolute_url(self) -> str:
        return reverse("past_award", args=[self.pk])

    def get_award_display(self) -> str:
        """The award by its name."""
        return award_label(self.award)

    @property
    def subject_url(self) -> str:
        """Where the whole book of its subject is."""
        return reverse("ledger_subject", args=[self.subject_kind, self.subject.pk])

    def save(self, **kwargs: Any) -> None:
        self.derive()
        super().save(**kwargs)

    def derive(self) -> None:
        """Set what follows from the other fields; save() does it, a bulk writer calls it."""
        # names are asked where they live: a record that is made anonymous leaves none here
        self.search = fold(f"{self.award} {self.decision_number} {self.decided_by}")[:400]


class Rating(SubjectMixin):
    """How a person, collective or unit was classified for a year."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("hoàn thành xuất sắc nhiệm vụ")
        GOOD = "good", _("hoàn thành tốt nhiệm vụ")
        DONE = "done", _("hoàn thành nhiệm vụ")
        NOT_DONE = "not_done", _("không hoàn thành nhiệm vụ")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ratings", verbose_name=_("đơn vị khi đó"))
    year = models.PositiveSmallIntegerField(_("năm"))
    grade = models.CharField(_("mức xếp loại"), max_length=10, choices=Grade)
    months_worked = models.PositiveSmallIntegerField(_("số tháng làm việc trong năm"), null=True, blank=True)
    document = models.CharField(_("văn bản"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name, verbose_name_plural = _("xếp loại năm"), _("xếp loại năm")
        constraints = [
            one_subject("rating_subject"),
            *(
                models.UniqueConstraint(
                    fields=[subject, "year"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"rating_once_{subject}",
                )
                for subject in ("person", "collective", "whole_unit")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.year}: {self.get_grade_display()}"


class Achievement(SubjectMixin):
    """One achievement; it may be rewarded once, with one form (Law 06/2022/QH15, art. 5; domain section 4)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="achievements", verbose_name=_("đơn vị"))
    year = models.PositiveSmallIntegerField(_("năm thành tích"))
    title = models.CharField(_("thành tích"), max_length=300)
    figures = models.CharField(_("số liệu cụ thể"), max_length=500, blank=True)
    search = models.CharField(max_length=600, editable=False, default="")

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "pk"]
        verbose_name, verbose_name_plural = _("thành tích"), _("thành tích")
        constraints = [one_subject("achievement_subject")]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.search = fold(f"{self.title} {self.figures}")[:600]
        super().save(**kwargs)
