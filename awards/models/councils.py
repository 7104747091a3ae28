"""Councils, their sittings, and what a ballot leaves: turnout, an encrypted sum and the closing counts."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.case import Votes
from awards.law.standards.nouns import Vote
from awards.models.nominations import Nomination
from portal.days import today
from portal.models.files import StoredFile
from portal.scope import ScopedQuerySet
from units.models import Unit
from units.models.units import span_constraint, valid_on

USER = settings.AUTH_USER_MODEL
PERCENT = [MinValueValidator(1), MaxValueValidator(100)]


class Duty(models.TextChoices):
    CHAIR = "chair", _("Chủ tịch")
    DEPUTY = "deputy", _("Phó Chủ tịch")
    SECRETARY = "secretary", _("Thư ký")
    MEMBER = "member", _("Ủy viên")


PRESIDING = (Duty.CHAIR, Duty.DEPUTY)
HOLDING = (Duty.CHAIR, Duty.DEPUTY, Duty.SECRETARY)  # one of each holds a part of the key of a secret ballot


def ranked(field: str = "duty") -> models.Case:
    """Duties in the order in which a council names them."""
    return models.Case(*(models.When(**{field: duty, "then": place}) for place, duty in enumerate(Duty)), default=9)


class Council(models.Model):
    """A unit's council for emulation and commendation (Hội đồng thi đua - khen thưởng).

    What no text for the procuracy sets it sets itself: its quorum, and the share where an edition names none.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="councils", verbose_name=_("đơn vị"))
    name = models.CharField(_("tên Hội đồng"), max_length=200)
    number = models.CharField(_("số quyết định thành lập"), max_length=60)
    dated = models.DateField(_("ngày quyết định"))
    valid_from = models.DateField(_("hoạt động từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    usual_percent = models.PositiveSmallIntegerField(
        _("tỷ lệ đồng ý khi quy định không nêu (%)"), null=True, blank=True, validators=PERCENT
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("tỷ lệ thành viên phải dự họp, cho ý kiến (%)"), null=True, blank=True, validators=PERCENT
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path", "-valid_from", "pk"]
        verbose_name, verbose_name_plural = _("Hội đồng"), _("Hội đồng")
        constraints = [span_constraint("council_span")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("council", args=[self.pk])

    def members_on(self, day: date) -> models.QuerySet[CouncilMember]:
        """Who belongs to it on the day, in the order of duties."""
        rows = self.members.filter(valid_on(day)).select_related("user__person")
        return rows.order_by(ranked(), "pk")

    @property
    def acts_today(self) -> bool:
        return self.valid_from <= today() and (self.valid_to is None or today() <= self.valid_to)


class CouncilMember(models.Model):
    """A person's seat in a council, from one day to another."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="members")
    user = models.ForeignKey(USER, models.PROTECT, related_name="seats", verbose_name=_("thành viên"))
    duty = models.CharField(_("chức danh"), max_length=9, choices=Duty, default=Duty.MEMBER)
    document = models.CharField(_("văn bản cử"), max_length=200, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("thành viên Hội đồng"), _("thành viên Hội đồng")
        constraints = [
            span_constraint("council_member_span"),
            models.UniqueConstraint(
                fields=["council", "user"],
                condition=Q(valid_to=None),
                name="council_member_once",
                violation_error_message=_("Người này đang là thành viên của Hội đồng."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_duty_display()}"


class SittingQuerySet(ScopedQuerySet["Sitting"]):
    path_lookup = "council__unit__path"

    def for_page(self) -> Self:
        """With what each page says of it."""
        return self.select_related("council__unit", "repeats")


class Sitting(models.Model):
    """One meeting of a council, or one round in writing, with its agenda and its ballot."""

    class State(models.TextChoices):
        DRAFT = "draft", _("đang chuẩn bị")
        INVITED = "invited", _("đã mời họp")
        OPEN = "open", _("đang bỏ phiếu")
        COUNTING = "counting", _("đang kiểm phiếu")
        CLOSED = "closed", _("đã có kết quả")
        CANCELLED = "cancelled", _("không có kết quả")

    class Ballot(models.TextChoices):
        SECRET = "secret", _("bỏ phiếu kín")
        OPEN = "open", _("biểu quyết công khai")
        PAPER = "paper", _("bỏ phiếu trên giấy")

    BEFORE = (State.DRAFT, State.INVITED)
    LIVE = (*BEFORE, State.OPEN, State.COUNTING)

    council = models.ForeignKey(Council, models.PROTECT, related_name="sittings", verbose_name=_("Hội đồng"))
    title = models.CharField(_("nội dung phiên họp"), max_length=300)
    starts_at = models.DateTimeField(_("bắt đầu lúc"))
    place = models.CharField(_("địa điểm"), max_length=200, blank=True)
    in_writing = models.BooleanField(_("lấy ý kiến bằng văn bản, không họp"), default=False)
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="repeated_by", verbose_name=_("vòng hai của")
    )
    state = models.CharField(_("tình trạng"), max_length=9, choices=State, default=State.DRAFT)
    ballot = models.CharField(_("cách bỏ phiếu"), max_length=6, choices=Ballot, blank=True)  # set once, when it opens
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name, verbose_name_plural = _("phiên họp Hội đồng"), _("phiên họp Hội đồng")
        indexes = [models.Index(fields=["council", "-starts_at", "-id"], name="sitting_list")]
        constraints = [
            models.CheckConstraint(
                name="sitting_ballot_chosen",
                condition=~Q(state__in=("open", "counting", "closed")) | ~Q(ballot=""),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sitting", args=[self.pk])

    @property
    def unit(self) -> Unit:
        """At whose unit rights are asked."""
        return self.council.unit

    @property
    def secret(self) -> bool:
        return self.ballot == self.Ballot.SECRET

    def seat_of(self, user: Any) -> SittingMember | None:
        """The person's place among those who vote."""
        return self.members.filter(user=user).first()


class SittingMember(models.Model):
    """A member as the sitting counts them; `voted` is the turnout, and all that a secret ballot keeps of a person."""

    class Attendance(models.TextChoices):
        PRESENT = "present", _("dự họp")
        WRITING = "writing", _("cho ý kiến bằng văn bản")
        ABSENT = "absent", _("vắng mặt")

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="members")
    user = models.ForeignKey(USER, models.PROTECT, related_name="sittings")
    duty = models.CharField(_("chức danh"), max_length=9, choices=Duty)
    attendance = models.CharField(_("dự họp"), max_length=7, choices=Attendance, default=Attendance.PRESENT)
    voted = models.BooleanField(default=False)

    class Meta:
        ordering = [ranked(), "pk"]
        verbose_name, verbose_name_plural = _("thành viên dự phiên họp"), _("thành viên dự phiên họp")
        constraints = [models.UniqueConstraint(fields=["sitting", "user"], name="sitting_member_once")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def presides(self) -> bool:
        return self.duty in PRESIDING


class AgendaItem(models.Model):
    """A nomination before a sitting; what is needed and on how many members is fixed when it opens."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="items")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    base = models.PositiveSmallIntegerField(null=True, blank=True)  # all members but those in conflict
    yes = models.PositiveSmallIntegerField(_("đồng ý"), null=True, blank=True)
    no = models.PositiveSmallIntegerField(_("không đồng ý"), null=True, blank=True)
    none = models.PositiveSmallIntegerField(_("không có ý kiến"), null=True, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name, verbose_name_plural = _("nội dung biểu quyết"), _("nội dung biểu quyết")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "nomination"], name="agenda_once"),
            models.CheckConstraint(
                name="agenda_counts_within_base",
                condition=Q(yes=None) | Q(base__gte=F("yes") + F("no") + F("none")),
                violation_error_message=_("Tổng số phiếu không thể nhiều hơn số thành viên được biểu quyết."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.nomination)

    @property
    def vote_by_law(self) -> Vote | None:
        """What the edition that judges the nomination says of the vote."""
        edition = standards.edition(self.nomination.edition) if self.nomination.edition else standards.in_force(today())
        award = edition.awards.get(self.nomination.award)
        return award.vote if award else None

    @property
    def cast(self) -> int:
        return (self.yes or 0) + (self.no or 0) + (self.none or 0)

    @property
    def needed(self) -> int | None:
        """The fewest votes in favour with which it passes."""
        return None if self.percent is None or self.base is None else -(-self.percent * self.base // 100)

    @property
    def passed(self) -> bool | None:
        """Whether enough of all members agreed (not of the votes cast); None before it is counted."""
        if self.yes is None or self.base is None or self.percent is None:
            return None
        return self.base > 0 and Votes(self.yes, self.base).reach(self.percent)


class Recusal(models.Model):
    """A member who has no vote on an item: found by the portal when the sitting opens, or declared by the member."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="recusals")
    member = models.ForeignKey(SittingMember, models.CASCADE, related_name="recusals")
    reason = models.CharField(_("lý do"), max_length=300)
    declared = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="recusal_once")]

    def __str__(self) -> str:
        return self.reason


class Question(models.Model):
    """What a member wants to ask about a dossier at the sitting."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="questions")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    text = models.TextField(_("điều cần hỏi"), max_length=1000)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Urn(models.Model):
    """The secret ballot of a sitting: the open key, one running row of encrypted counters, the receipts in order."""

    sitting = models.OneToOneField(Sitting, models.CASCADE, related_name="urn")
    key = models.BinaryField()
    sums = models.BinaryField()  # three counters an item, in the order of the agenda
    receipts = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.sitting_id}"


class KeyPart(models.Model):
    """What one of the three holders keeps of the key; the locked halves are erased once the ballot was counted."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="key_parts")
    holder = models.ForeignKey(SittingMember, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    public = models.BinaryField()
    salt = models.BinaryField()
    locked = models.BinaryField()
    sealed_share = models.BinaryField(default=b"")
    share_point = models.BinaryField(default=b"")
    parts = models.JSONField(default=list)  # for each counter: point, challenge, response

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "place"], name="key_part_once"),
            models.UniqueConstraint(fields=["sitting", "holder"], name="key_holder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.place}"


class OpenVote(models.Model):
    """How a member voted in an open ballot; a secret one has no such row."""

    class Choice(models.TextChoices):
        YES = "yes", _("đồng ý")
        NO = "no", _("không đồng ý")
        NONE = "none", _("không có ý kiến")

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="votes")
    member = models.ForeignKey(SittingMember, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=4, choices=Choice)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="open_vote_once")]

    def __str__(self) -> str:
        return self.choice


class SittingFile(StoredFile):
    """A scan of signed minutes."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="files")
    file = models.FileField(upload_to="sittings/")

    class Meta(StoredFile.Meta):
        verbose_name, verbose_name_plural = _("biên bản có chữ ký"), _("biên bản có chữ ký")

    @property
    def paper(self) -> Sitting:
        return self.sitting
