"""What a unit owes to a milestone."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign, Milestone
from portal.scope import ScopedQuerySet
from units.models import Unit


class ObligationQuerySet(ScopedQuerySet["Obligation"]):
    def with_due(self) -> ObligationQuerySet:
        """Annotated `due`: the unit's own moment where it was extended, else the milestone's."""
        return self.annotate(due=Coalesce(F("extended_to"), F("milestone__due_at")))

    def open(self) -> ObligationQuerySet:
        """Not met, not released, of campaigns that run."""
        return self.filter(
            met_at=None,
            released_at=None,
            milestone__campaign__state=Campaign.State.LAUNCHED,
            milestone__campaign__historical=False,
        )

    def late(self, now: datetime) -> ObligationQuerySet:
        """Open and past their moment."""
        return self.open().with_due().filter(Q(due__lt=now))

    def for_list(self) -> ObligationQuerySet:
        return self.with_due().select_related("unit", "milestone__campaign__unit")

    def dated(self) -> ObligationQuerySet:
        """The same, of those whose moment is known."""
        return self.for_list().exclude(Q(due=None))


class Obligation(models.Model):
    """One unit owes one milestone; it is met, released with a reason, or open."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="obligations")
    opened_at = models.DateTimeField(default=timezone.now)  # moments before it are not reminded of
    extended_to = models.DateTimeField(_("gia hạn đến"), null=True, blank=True)
    extended_at = models.DateTimeField(null=True, editable=False)  # when its own moment was last given
    met_at = models.DateTimeField(_("hoàn thành lúc"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("nghĩa vụ"), _("nghĩa vụ")
        constraints = [
            models.UniqueConstraint(fields=["milestone", "unit"], name="obligation_once"),
            models.CheckConstraint(name="obligation_one_end", condition=Q(met_at=None) | Q(released_at=None)),
        ]

    def __str__(self):
        return f"{self.unit} – {self.milestone}"

    @property
    def due_at(self) -> datetime | None:
        """The moment that counts for this unit."""
        return self.extended_to or self.milestone.due_at

    @property
    def known_due(self) -> datetime:
        """The same of a row of `dated()`, which has one."""
        if self.due_at is None:
            raise ValueError(f"{self!r} has no moment")
        return self.due_at

    @property
    def open(self) -> bool:
        return self.met_at is None and self.released_at is None

    @property
    def version(self) -> int:
        """Another number whenever whose it is, its moment or its end has changed: what a person must have seen."""
        return crc32(repr((self.unit_id, self.extended_to, self.met_at, self.released_at)).encode())

    def late_at(self, now: datetime) -> bool:
        """Whether it is open past its moment."""
        return self.open and self.due_at is not None and self.due_at < now


class CalendarFeed(models.Model):
    """What a person's calendar last told its subscribers: they change an event they hold only for a higher revision."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    changed_at = models.DateTimeField()
    events = models.JSONField(default=dict)  # uid → what it said as a digest, its sequence, when it changed

    def __str__(self):
        return f"{self.user} {self.changed_at:%d/%m/%Y %H:%M}"
