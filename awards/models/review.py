"""What the review of nominations is made of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.models.nominations import Nomination
from units.models import Person, Unit
from units.models.papers import Remark

USER = settings.AUTH_USER_MODEL


class Override(models.Model):
    """A blocking finding that somebody with the right set aside, with the reason."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="overrides")
    condition = models.CharField(max_length=80)  # key of the condition in awards/law/standards
    reason = models.CharField(_("lý do"), max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "condition"], name="override_once")]

    def __str__(self) -> str:
        return self.condition


class Comment(Remark):
    """A word about a nomination, for the office alone or for the unit too."""

    class Audience(models.TextChoices):
        OFFICE = "office", _("chỉ trong cơ quan thi đua")
        UNIT = "unit", _("đơn vị cùng đọc")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="comments")
    audience = models.CharField(_("ai đọc được"), max_length=6, choices=Audience, default=Audience.OFFICE)
    field = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("góp ý"), max_length=2000)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("góp ý"), _("góp ý")

    def __str__(self) -> str:
        return self.text


class MoreRequest(models.Model):
    """A request for more, with a deadline of its own; only the parts that it names are open again."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="requests")
    fields = models.JSONField(default=list)  # fields of the nomination and codes of dossier parts
    text = models.TextField(_("cần bổ sung gì"), max_length=2000)
    due_at = models.DateTimeField(_("hạn bổ sung"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("yêu cầu bổ sung"), _("yêu cầu bổ sung")

    def __str__(self) -> str:
        return self.text


class Opinion(models.Model):
    """What another department says of a nomination when the office asks it."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("nhất trí")
        DISAGREE = "disagree", _("không nhất trí")
        NOTHING = "nothing", _("không có ý kiến")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("đơn vị được hỏi ý kiến"))
    question = models.CharField(_("hỏi về"), max_length=1000)
    due_at = models.DateTimeField(_("hạn trả lời"))
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(_("ý kiến"), max_length=8, choices=Answer, blank=True)
    text = models.TextField(_("nội dung ý kiến"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("ý kiến phối hợp"), _("ý kiến phối hợp")
        constraints = [models.UniqueConstraint(fields=["nomination", "unit"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.unit} – {self.nomination}"


class Assignment(models.Model):
    """A reviewer of the office to whom a nomination is given; `done_at` when the reviewer has finished it."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(USER, models.PROTECT, related_name="assignments")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("phân công thẩm định"), _("phân công thẩm định")
        constraints = [models.UniqueConstraint(fields=["nomination", "reviewer"], name="assignment_once")]
        indexes = [models.Index(fields=["reviewer", "done_at"], name="assignment_queue")]

    def __str__(self) -> str:
        return f"{self.reviewer} – {self.nomination}"


class ConflictOfInterest(models.Model):
    """A conflict of interest that a reviewer declared; own unit and own person are conflicts without a row."""

    reviewer = models.ForeignKey(USER, models.PROTECT, related_name="conflicts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cá nhân")
    )
    reason = models.CharField(_("lý do"), max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("xung đột lợi ích"), _("xung đột lợi ích")
        constraints = [
            models.CheckConstraint(
                name="conflict_of_one",
                condition=models.Q(unit__isnull=False, person=None) | models.Q(unit=None, person__isnull=False),
                violation_error_message=_("Hãy chọn một đơn vị hoặc một cá nhân."),
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Check(models.Model):
    """One line of the award's checklist, ticked by a reviewer."""

    class Verdict(models.TextChoices):
        YES = "yes", _("đạt")
        NO = "no", _("không đạt")

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=80)  # key of the condition or of the dossier part
    verdict = models.CharField(max_length=3, choices=Verdict)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "item"], name="check_once")]

    def __str__(self) -> str:
        return self.item
