"""The paper by which a unit proposes awards, and each proposal in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from awards.law.standards import Edition
from awards.law.terms import MeritType, Procedure
from awards.models.initiatives import Initiative
from awards.models.ledger import Achievement, award_label
from awards.models.subjects import SubjectMixin, one_subject
from campaigns.models import Campaign, Commitment, MeritField, Milestone, Obligation
from portal.models.files import StoredFile
from portal.scope import SearchedQuerySet
from portal.text import fold, name_key
from units.models import Unit
from units.models.accounts import name_columns
from units.models.papers import ForTheHead


class CampaignAward(models.Model):
    """An award that a campaign opens, perhaps for one of its fields of merit only."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="open_awards")
    award = models.CharField(_("danh hiệu, hình thức"), max_length=20)  # code in awards/law/standards
    merit_field = models.ForeignKey(
        MeritField, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("lĩnh vực thành tích")
    )
    places = models.PositiveIntegerField(_("số lượng tối đa mỗi đơn vị"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("hình thức mở cho phong trào"), _("hình thức mở cho phong trào")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "award", "merit_field"], name="campaign_award_once"),
            models.UniqueConstraint(
                fields=["campaign", "award"], condition=Q(merit_field=None), name="campaign_award_for_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.award}"


class Submission(models.Model):
    """A unit's paper (tờ trình) for a campaign's milestone or an occasion; it holds the nominations.

    How far each of its nominations is stands in the nomination: one may be returned while the others go up.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="submissions", verbose_name=_("đơn vị trình"))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="submissions", verbose_name=_("phong trào")
    )
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="submissions")
    type = models.CharField(_("loại hình khen thưởng"), max_length=12, choices=MeritType)
    title = models.CharField(_("trích yếu"), max_length=300)
    year = models.PositiveSmallIntegerField(_("năm thành tích"))
    number = models.CharField(_("số tờ trình"), max_length=60, blank=True)
    dated = models.DateField(_("ngày tờ trình"), null=True, blank=True)
    procedure = models.CharField(_("thủ tục"), max_length=10, choices=Procedure, default=Procedure.NORMAL)
    procedure_reason = models.CharField(_("lý do dùng thủ tục đơn giản"), max_length=500, blank=True)
    council_on = models.DateField(_("ngày họp Hội đồng của đơn vị"), null=True, blank=True)
    council_members = models.PositiveSmallIntegerField(_("tổng số thành viên Hội đồng"), null=True, blank=True)
    council_present = models.PositiveSmallIntegerField(_("số thành viên dự họp, cho ý kiến"), null=True, blank=True)
    declared_true = models.BooleanField(
        _("Đơn vị cam đoan nội dung kê khai là đúng sự thật và hồ sơ không có bí mật nhà nước"), default=False
    )
    first_submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    opened: list[CampaignAward] | None = None  # what its campaign has opened, once that was fetched
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    token = models.UUIDField(null=True, unique=True, editable=False)  # of the form that made it: sent twice, made once
    search = models.CharField(max_length=600, editable=False, default="")

    trigrams = True  # also where SQLite keeps them (portal.search.trigrams)
    objects = SearchedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("tờ trình khen thưởng"), _("tờ trình khen thưởng")
        constraints = [
            models.CheckConstraint(
                name="submission_council",
                condition=Q(council_members=None)
                | Q(council_present=None)
                | Q(council_present__lte=F("council_members")),
                violation_error_message=_("Số thành viên dự họp không thể nhiều hơn tổng số thành viên."),
            ),
            models.CheckConstraint(
                name="submission_simple_reason",
                condition=~Q(procedure="simplified") | ~Q(procedure_reason=""),
                violation_error_message=_("Hãy ghi lý do dùng thủ tục đơn giản."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="submission_list"),
            models.Index(fields=["unit", "-id"], condition=Q(first_submitted_at=None), name="submission_unsent"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.search = fold(f"{self.title} {self.number} {self.unit.name_vi} {self.unit.short_name}")[:600]
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("submission", args=[self.pk])

    @property
    def whole_version(self) -> int:
        """Grows with every change of the paper and of anything in it, for nothing is ever taken out of one."""
        return self.version + (self.nominations.aggregate(all=models.Sum("version"))["all"] or 0)

    def late_for(self, due: datetime | None) -> bool:
        """Whether it first came after that moment, or would if it came now."""
        return due is not None and due < (self.first_submitted_at or timezone.now())

    @property
    def voters(self) -> int | None:
        """How many can have voted: those present or heard in writing, else the whole council; None where not known."""
        return self.council_members if self.council_present is None else self.council_present

    @property
    def fast(self) -> bool:
        """Whether it takes the fast lane: a short dossier, a clock of its own."""
        return self.procedure == Procedure.SIMPLIFIED


LINE = (
    *("state", "award", "edition", "draft_result", "draft_result_note", "received_at", "version"),
    *("person__full_name", "collective__name", "whole_unit__name_vi", "whole_unit__name_en"),
    *("unit__short_name", "unit__name_en"),
    *("submission__title", "submission__year", "submission__type", "submission__procedure"),
)


class NominationQuerySet(SearchedQuerySet["Nomination"]):
    def for_list(self) -> Self:
        """With what a list shows."""
        return self.select_related(
            "person", "collective", "whole_unit", "unit", "desk", "merit_field", "submission__campaign"
        )

    def for_lines(self, *more: str) -> Self:
        """With what a line of a page shows and nothing else; `more` names further fields, behind foreign keys too."""
        fields = (*LINE, *more)
        return self.select_related(*{name.rpartition("__")[0] for name in fields if "__" in name}).only(*fields)

    def for_review_list(self) -> Self:
        """With what the office's queue shows, its reviewers too."""
        more = ("submission__campaign__code", *name_columns("taken_up_by"))
        return self.for_lines(*more).prefetch_related("assignments__reviewer__person")

    def for_checks(self) -> Self:
        """With what the checks and steps ask of each of many, and `due`."""
        return self.for_page("collective", "whole_unit", "merit_field", "unit__parent", "submission__unit")

    def for_page(self, *more: str) -> Self:
        """With what the checks ask of each, and `due`: by when its unit owes them, its own extension counted.

        `more` names what is asked besides; each table joined here is a good part of a page's time. A page of one asks
        for its collective, unit or field of merit when it comes to one: hardly any nomination has them.
        """
        owed = Obligation.objects.filter(milestone=OuterRef("submission__milestone"), unit=OuterRef("unit"))
        own = owed.values(moment=Coalesce("extended_to", "milestone__due_at"))[:1]
        return self.select_related("person", "unit", "desk", *more).annotate(
            due=Coalesce(Subquery(own), F("submission__milestone__due_at"))
        )

    def with_request_due(self) -> Self:
        """With `due`: by when what was asked for more is owed."""
        asked = Nomination.objects.filter(pk=OuterRef("pk"), requests__answered_at=None).order_by("-requests__pk")
        return self.annotate(due=Subquery(asked.values("requests__due_at")[:1]))

    def open(self) -> Self:
        """Those under way: neither withdrawn, nor found unfit, nor voted down."""
        return self.exclude(state__in=Nomination.ENDED)


def too_many_votes(voters: int) -> str:
    """What is wrong with more votes in favour than there can have been."""
    return gettext("Nhiều hơn số thành viên Hội đồng dự họp, cho ý kiến (%s).") % voters


class Nomination(SubjectMixin, ForTheHead):
    """One subject proposed for one award: `unit` bore it, `desk` has it now; judged by the edition of its day."""

    class State(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        SUBMITTED = "submitted", _("chờ xét")
        RETURNED = "returned", _("trả lại")
        REVIEW = "review", _("đang thẩm định")
        MORE = "more", _("chờ bổ sung")
        FIT = "fit", _("đủ điều kiện")
        UNFIT = "unfit", _("không đủ điều kiện")
        PASSED = "passed", _("đã trình Hội đồng")
        VOTED = "voted", _("Hội đồng thông qua")
        VOTED_DOWN = "voted_down", _("Hội đồng không thông qua")
        AWARDED = "awarded", _("đã có quyết định")
        WITHDRAWN = "withdrawn", _("đã rút")

    class Result(models.TextChoices):
        FIT = "fit", _("đủ điều kiện")
        UNFIT = "unfit", _("không đủ điều kiện")

    EDITABLE = (State.DRAFT, State.RETURNED)
    due: datetime | None = None  # by when its unit owes it or what was asked for more, where that was fetched
    judged_by: Edition | None = None  # where it is tried by another edition than its own
    fetched: Mapping[str, list] = MappingProxyType({})  # what it rests on, where that came with many others' at once

    ENDED = (State.UNFIT, State.VOTED_DOWN, State.WITHDRAWN)
    ON_THE_WAY = (State.SUBMITTED, State.REVIEW, State.MORE)
    BEFORE_COUNCIL = (State.PASSED, State.VOTED, State.VOTED_DOWN)
    DECIDED = (State.FIT, State.UNFIT, *BEFORE_COUNCIL, State.AWARDED)
    SENT = (*ON_THE_WAY, *DECIDED)

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="nominations", verbose_name=_("tờ trình khen thưởng")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="nominations", verbose_name=_("đơn vị trình"))
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.DRAFT)
    award = models.CharField(_("danh hiệu, hình thức"), max_length=20)  # code in awards/law/standards
    edition = models.CharField(max_length=10, blank=True, editable=False)  # of the day it was received, once it was
    merit_field = models.ForeignKey(
        MeritField, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lĩnh vực thành tích")
    )
    position = models.CharField(_("chức vụ khi đề nghị"), max_length=100, blank=True)
    leads = models.BooleanField(_("là lãnh đạo"), default=False)
    summary = models.TextField(_("tóm tắt thành tích"), max_length=2000, blank=True)
    report = models.JSONField(_("báo cáo thành tích"), default=dict, blank=True)  # section of the statutory form → text
    facts = models.JSONField(default=dict, blank=True)  # what the ledger cannot know and the unit declares
    votes_for = models.PositiveSmallIntegerField(_("số phiếu đồng ý của Hội đồng đơn vị"), null=True, blank=True)
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="nominations")
    initiatives = models.ManyToManyField(Initiative, blank=True, related_name="nominations")
    achievements = models.ManyToManyField(Achievement, blank=True, related_name="nominations")
    round = models.PositiveSmallIntegerField(default=0)  # how many times it was sent
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)  # to the desk where it lies
    received_at = models.DateTimeField(null=True, blank=True)  # by the emulation office; clocks run from here
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    draft_result = models.CharField(max_length=5, choices=Result, blank=True)  # seen by the office until it is released
    draft_result_note = models.CharField(max_length=1000, blank=True)
    draft_result_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name_key = models.CharField(max_length=200, editable=False, default="")
    search = models.TextField(editable=False, default="")

    trigrams = True  # also where SQLite keeps them (portal.search.trigrams)
    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("đề nghị khen thưởng"), _("đề nghị khen thưởng")
        constraints = [
            one_subject("nomination_subject"),
            models.CheckConstraint(
                name="nomination_round", condition=Q(state__in=("draft", "withdrawn")) | Q(round__gte=1)
            ),
            *(
                models.UniqueConstraint(
                    fields=["submission", "award", subject],
                    condition=Q(**{f"{subject}__isnull": False}) & ~Q(state="withdrawn"),
                    name=f"nomination_once_{subject}",
                )
                for subject in ("person", "collective", "whole_unit")
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "state", "-id"], name="nomination_queue"),
            models.Index(fields=["desk", "state", "received_at", "id"], name="nomination_waiting"),
            # PostgreSQL reads the longest waiting from it without sorting all that wait in either state
            models.Index(
                fields=["desk", "received_at", "id"],
                condition=Q(state__in=["submitted", "review"]),
                name="nomination_oldest",
            ),
            # SQLite knows no parameter when it chooses an index, so the condition names none
            models.Index(
                fields=["desk", "state", "draft_result_by", "received_at"],
                condition=Q(draft_result_by__isnull=False),
                name="nomination_drafted",
            ),
            models.Index(fields=["unit", "-id"], name="nomination_of_unit"),
            models.Index(fields=["unit", "state", "-id"], name="nomination_of_unit_state"),
            models.Index(fields=["state", "-id"], name="nomination_by_state"),
            models.Index(fields=["award", "-id"], name="nomination_by_award"),
            models.Index(fields=["name_key", "award"], name="nomination_likeness"),
            models.Index(fields=["state", "received_at"], name="nomination_clock"),
            models.Index(
                fields=["unit", "submission"], condition=Q(before_head_at__isnull=False), name="nomination_before_head"
            ),
        ]

    def clean(self) -> None:
        super().clean()
        voters = self.submission.voters
        if self.votes_for is not None and voters is not None and self.votes_for > voters:
            raise ValidationError({"votes_for": too_many_votes(voters)})

    def __str__(self) -> str:
        return f"{self.subject_name} – {self.award}"

    def get_absolute_url(self) -> str:
        return reverse("nomination", args=[self.pk])

    def get_award_display(self) -> str:
        """The award by its name."""
        return award_label(self.award)

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # the stubs bring one
        """The state in words; Django's own way translates every state for it, which is much for a row of a list."""
        return str(self.State(self.state).label)

    @property
    def held_at(self) -> Unit:
        """The unit whose people have it in hand: where it lies on its way up, else the one that bore it."""
        return self.desk if self.state == self.State.SUBMITTED else self.unit

    def rests_on(self, name: str) -> list:
        """Its initiatives, achievements or evidence, asked for unless they were fetched."""
        return self.fetched[name] if name in self.fetched else list(getattr(self, name).all())

    @property
    def editable(self) -> bool:
        """Whether its unit may still write in all of it."""
        return self.state in self.EDITABLE

    def refresh_search(self) -> None:
        """Gather the words by which it is found; the caller saves."""
        words = [self.subject_name, self.award, self.unit.name_vi, self.unit.short_name, self.summary]
        self.search, self.name_key = fold(" ".join(words)), name_key(self.subject_name)[:200]


class NominationVersion(models.Model):
    """A nomination as it was sent: kept for ever, compared side by side."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["nomination", "number"], name="nomination_version_once")]

    def __str__(self) -> str:
        return f"{self.nomination} #{self.number}"


class Evidence(StoredFile):
    """A file of a dossier, for one nomination or for the whole paper."""

    ONCE_IN = ("part",)

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence")
    nomination = models.ForeignKey(Nomination, models.PROTECT, null=True, blank=True, related_name="evidence")
    part = models.CharField(_("thành phần hồ sơ"), max_length=30)  # code of the dossier part in awards/law/standards
    file = models.FileField(upload_to="evidence/")

    class Meta(StoredFile.Meta):
        verbose_name, verbose_name_plural = _("minh chứng"), _("minh chứng")

    @property
    def paper(self) -> Nomination | Submission:
        return self.nomination or self.submission
