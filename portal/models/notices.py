"""What a person is told, and the portal's own outbox."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.manifests import notice_kinds


class MailMode(models.TextChoices):
    """How a person hears of things; the last warnings of one's own unit always come by mail."""

    EACH = "each", _("Gửi thư từng việc")
    DIGEST = "digest", _("Gộp một thư mỗi ngày")
    PORTAL = "portal", _("Chỉ báo trên cổng")


class MailState(models.TextChoices):
    NONE = "none", _("chỉ báo trên cổng")
    PENDING = "pending", _("chờ gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("gửi không thành")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def deliverable(self, now: datetime) -> NoticeQuerySet:
        """Notices whose mail should leave now and that no worker holds."""
        return self.filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now), mail_state=MailState.PENDING, send_after__lte=now
        )


class Notice(models.Model):
    """One thing told to one person; its key makes it once, its mail state says whether the letter left."""

    key = models.CharField(max_length=120, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("người nhận")
    )
    kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=60, db_index=True, blank=True)
    title = models.CharField(_("tiêu đề"), max_length=250)
    body = models.TextField(_("nội dung"))
    url = models.CharField(max_length=200, blank=True)
    address = models.EmailField(blank=True)  # where the letter goes instead of the account's address of that moment
    created_at = models.DateTimeField(_("lúc"), default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    mail_state = models.CharField(max_length=8, choices=MailState, default=MailState.PENDING)
    digest = models.BooleanField(default=False)
    send_after = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("thông báo"), _("thông báo")
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_person"),
            models.Index(fields=["mail_state", "send_after"], name="notice_to_send"),
            # counted on every page, whatever its person has read in ten years
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_words(self) -> str:
        """What notices of this kind are called."""
        kind = notice_kinds().get(self.kind)
        return str(kind.words) if kind else self.kind


class OutboxMail(models.Model):
    """A letter of the embedded default, where no mail server is set; read on the outbox page."""

    message_id = models.CharField(max_length=200, unique=True)
    to = models.CharField(_("tới"), max_length=250)
    subject = models.CharField(_("tiêu đề"), max_length=250)
    body = models.TextField(_("nội dung"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name, verbose_name_plural = _("thư đi"), _("thư đi")

    def __str__(self) -> str:
        return self.subject
