"""The law that the office itself keeps: editions and figures with a day, beside those that the portal ships."""

from __future__ import annotations

from typing import Self, cast

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.models.nominations import Nomination
from portal.models.files import StoredFile

USER = settings.AUTH_USER_MODEL
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]{1,9}\Z", _("Mã có từ 2 đến 10 chữ cái không dấu, chữ số, gạch nối."))


class DraftLawQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """What a second person has put in force, whether its day has come or not."""
        return self.filter(state=DraftLaw.State.IN_FORCE).order_by("valid_from")

    def for_list(self) -> Self:
        """With what a line shows, and without the text."""
        return self.exclude(state=DraftLaw.State.DISCARDED).select_related("by__person")


class DraftLaw(models.Model):
    """Something the office drafts and a second person puts in force from a day; from then on it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        PROPOSED = "proposed", _("chờ người thứ hai")
        IN_FORCE = "in_force", _("đã ban hành trên cổng")
        DISCARDED = "discarded", _("đã bỏ")

    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(_("có hiệu lực từ ngày"))
    version = models.PositiveIntegerField(default=1, editable=False)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("người soạn"))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    proposed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người đề nghị")
    )
    put_in_force_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người thứ hai")
    )
    put_in_force_at = models.DateTimeField(null=True, blank=True)

    objects = DraftLawQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-valid_from", "-pk"]

    @property
    def editable(self) -> bool:
        """Whether it may still be written in."""
        return self.state == self.State.DRAFT


class LawEdition(DraftLaw):
    """An edition of the office: `text` is the whole of it, in the form of the files that the portal ships."""

    code = models.CharField(_("mã"), max_length=10, validators=[CODE])
    name = models.CharField(_("tên"), max_length=200)
    before = models.CharField(_("soạn từ bộ"), max_length=12)  # code of the edition with which it is compared
    text = models.TextField()

    class Meta(DraftLaw.Meta):
        verbose_name, verbose_name_plural = _("bộ quy định"), _("bộ quy định")
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(state="discarded"), name="law_edition_code"),
            models.UniqueConstraint(fields=["valid_from"], condition=Q(state="in_force"), name="law_edition_day"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.pk])


class LawFigure(DraftLaw):
    """A figure that rules from a day on, with the document that sets it."""

    class Kind(models.TextChoices):
        BASE_SALARY = "base_salary", _("Lương cơ sở (đồng/tháng)")

    kind = models.CharField(_("số liệu"), max_length=20, choices=Kind, default=Kind.BASE_SALARY)
    amount = models.PositiveBigIntegerField(_("mức"), validators=[MinValueValidator(1)])
    basis = models.CharField(_("căn cứ (văn bản, điều)"), max_length=300)

    class Meta(DraftLaw.Meta):
        verbose_name, verbose_name_plural = _("số liệu theo ngày"), _("số liệu theo ngày")
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], condition=Q(state="in_force"), name="law_figure_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.valid_from:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("figure", args=[self.pk])


class LawFile(StoredFile):
    """The signed file of a document that an edition cites, or that sets a figure."""

    ONCE_IN = ("document",)

    edition = models.ForeignKey(LawEdition, models.PROTECT, null=True, blank=True, related_name="files")
    figure = models.ForeignKey(LawFigure, models.PROTECT, null=True, blank=True, related_name="files")
    document = models.CharField(_("văn bản"), max_length=60, blank=True)  # its short name within the edition
    file = models.FileField(upload_to="law/")

    class Meta(StoredFile.Meta):
        verbose_name, verbose_name_plural = _("văn bản đính kèm"), _("văn bản đính kèm")
        constraints = [
            models.CheckConstraint(
                name="law_file_of_one",
                condition=Q(edition__isnull=False, figure=None) | Q(edition=None, figure__isnull=False),
            )
        ]

    @property
    def paper(self) -> DraftLaw:
        return self.edition or cast(LawFigure, self.figure)


class Trial(models.Model):
    """Nominations judged by their own edition and by another one: before that is in force, or when it begins."""

    class Kind(models.TextChoices):
        PAST = "past", _("hồ sơ đã nhận")
        OPEN = "open", _("hồ sơ đang xét")

    edition = models.CharField(max_length=12)  # code of the other one
    kind = models.CharField(max_length=4, choices=Kind)
    text_version = models.PositiveIntegerField(default=0)  # of the draft that was tried
    judged = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind"], name="trial_newest_only")]

    def __str__(self) -> str:
        return f"{self.edition} {self.kind}"


class TrialLine(models.Model):
    """What becomes of one nomination under the other edition; only kept where it is not the same."""

    class Outcome(models.TextChoices):
        MILDER = "milder", _("có lợi hơn")
        STRICTER = "stricter", _("bất lợi hơn")
        OTHER = "other", _("khác, không hơn không kém")

    class Rule(models.TextChoices):
        KEEPS = "keeps", _("giữ quy định lúc nhận")
        FAVOURED = "favoured", _("theo quy định mới vì có lợi hơn")
        SINCE = "since", _("theo quy định mới vì nhận từ ngày có hiệu lực")

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="lines")
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="trial_lines")
    outcome = models.CharField(_("kết quả"), max_length=8, choices=Outcome)
    rule = models.CharField(_("áp dụng"), max_length=8, choices=Rule, default=Rule.KEEPS)
    said = models.JSONField(default=list)  # [what is asked, found before, found now]
    version = models.PositiveIntegerField()  # of the nomination as it was judged
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["trial", "nomination"], name="trial_line_once")]
        indexes = [models.Index(fields=["trial", "outcome", "id"], name="trial_line_outcome")]

    def __str__(self) -> str:
        return f"{self.nomination_id} {self.outcome}"
