"""A unit's answer to a campaign."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign, ContentArea, Criterion
from portal.models.files import StoredFile
from portal.scope import SearchedQuerySet
from portal.text import fold
from units.models import Unit
from units.models.papers import ForTheHead, Remark


class PlanQuerySet(SearchedQuerySet["Plan"]):
    def for_list(self) -> PlanQuerySet:
        """With what a list shows."""
        return self.select_related("unit", "campaign")

    def whole(self) -> PlanQuerySet:
        """With all that a page of one plan shows."""
        return self.select_related(
            *("unit", "desk", "campaign__unit", "submitted_by__person", "taken_up_by__person", "updated_by__person"),
            *("reviewer__person", "before_head_by__person"),
        ).prefetch_related(
            "commitments__criterion", "area_notes", "attachments", "campaign__areas__criteria", "comments__by__person"
        )


class Plan(ForTheHead):
    """The plan by which a unit answers a campaign (kế hoạch hưởng ứng); `unit` bore it, `desk` has it now."""

    class State(models.TextChoices):
        """The four words that offices use on their lists."""

        DRAFT = "draft", _("chưa gửi")
        SUBMITTED = "submitted", _("chờ duyệt")
        RETURNED = "returned", _("trả lại")
        APPROVED = "approved", _("đã duyệt")

    EDITABLE = (State.DRAFT, State.RETURNED)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans")
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    theme = models.CharField(_("chủ đề"), max_length=300, blank=True)
    organising = models.TextField(_("hình thức tổ chức"), blank=True)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=0)  # how many times it was submitted
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # who had it in hand last, while they may review: what comes again comes to them
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    example = models.BooleanField(default=False, editable=False)  # the office lets other units take it over
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    search = models.TextField(editable=False, default="")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["unit__order", "unit__code"]
        verbose_name, verbose_name_plural = _("kế hoạch hưởng ứng"), _("kế hoạch hưởng ứng")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="plan_once"),
            models.CheckConstraint(name="plan_round", condition=models.Q(state="draft") | models.Q(round__gte=1)),
        ]
        indexes = [models.Index(fields=["campaign", "state", "submitted_at"], name="plan_queue")]

    def __str__(self):
        return f"{self.unit} – {self.campaign}"

    def get_absolute_url(self):
        return reverse("plan_detail", args=[self.pk])

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # the stubs bring one
        """The state in words; Django's own way translates every state for it, which is much for a row of a list."""
        return str(self.State(self.state).label)

    @property
    def editable(self) -> bool:
        """Whether its unit may still write in it."""
        return self.state in self.EDITABLE and self.campaign.running

    def promises(self) -> list[Commitment]:
        """The commitments with their criteria: as fetched by `whole()`, or in one query."""
        fetched = "commitments" in getattr(self, "_prefetched_objects_cache", {})
        return list(self.commitments.all() if fetched else self.commitments.select_related("criterion"))

    def refresh_search(self) -> None:
        """Gather the words by which the plan is found; the caller saves."""
        words = [self.theme, self.organising, self.unit.name_vi, self.unit.short_name, self.unit.code]
        words += [f"{c.what} {c.responsible} {c.measure}" for c in self.commitments.all()]
        self.search = fold(" ".join(words))


class Commitment(models.Model):
    """What the unit promises in a content area, measurable, with who and by when."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="commitments")
    area = models.ForeignKey(ContentArea, models.PROTECT, related_name="commitments")
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("theo tiêu chí")
    )
    order = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(_("việc cam kết"), max_length=500, blank=True)
    amount = models.DecimalField(
        _("chỉ tiêu"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    measure = models.CharField(_("đơn vị tính"), max_length=60, blank=True)
    responsible = models.CharField(_("người, bộ phận chịu trách nhiệm"), max_length=200, blank=True)
    due_on = models.DateField(_("hoàn thành trước ngày"), null=True, blank=True)

    class Meta:
        ordering = ["area__order", "order", "pk"]
        verbose_name, verbose_name_plural = _("cam kết"), _("cam kết")

    def __str__(self):
        return self.what


class AreaNote(models.Model):
    """Why a plan promises nothing in an area."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="area_notes")
    area = models.ForeignKey(ContentArea, models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do không có cam kết"), max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "area"], name="area_note_once")]

    def __str__(self):
        return self.reason


class Attachment(StoredFile):
    """A file of a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="plans/")

    @property
    def paper(self) -> Plan:
        return self.plan


class PlanVersion(models.Model):
    """A plan as it was submitted: kept for ever, compared side by side."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self):
        return f"{self.plan} #{self.number}"


class Comment(Remark):
    """A reviewer's word at a field, which the unit sees once the plan is returned or approved; or an answer to one."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="comments")
    field = models.CharField(max_length=40)  # theme, organising, attachments, area-12
    text = models.TextField(_("góp ý"), max_length=2000)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text
