"""The trail: who did what, when, what was, what is, and why. Only ever appended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import tracing
from portal.manifests import former_kinds, verbs

if TYPE_CHECKING:
    from units.models import User


def key_of(subject: models.Model) -> str:
    """How the trail names an object: `campaigns.plan:12`."""
    return f"{subject._meta.label_lower}:{subject.pk}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def shown(self) -> EntryQuerySet:
        """Each sitting as one line (portal.sittings): without the lines for which a later one stands."""
        return self.filter(~models.Exists(Entry.objects.filter(follows=models.OuterRef("pk"))))

    def about(self, *subjects: models.Model) -> EntryQuerySet:
        """What happened to these objects, newest first."""
        mine = self.filter(subject__in=[key_of(s) for s in subjects])
        return mine.shown().select_related("by__person").order_by("-pk")


class Entry(models.Model):
    """One line of the trail; the database refuses to change or delete it."""

    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người làm")
    )
    subject = models.CharField(max_length=60, db_index=True)
    verb = models.CharField(_("việc"), max_length=30)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("lý do"), blank=True)
    request = models.CharField(_("mã yêu cầu"), max_length=36, null=True, editable=False, default=tracing.current)
    version = models.BigIntegerField(null=True, editable=False)  # of the object after the deed
    # of a page that saves itself (portal.sittings): which page, since when, and the line for which this one stands too
    tab = models.CharField(max_length=40, null=True, editable=False)
    since = models.DateTimeField(null=True, editable=False)
    follows = models.BigIntegerField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("nhật ký"), _("nhật ký")
        indexes = [
            models.Index(fields=["verb", "id"], name="entry_verb"),
            models.Index(fields=["at"], name="entry_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["follows"], condition=models.Q(follows__isnull=False), name="entry_followed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb} {self.subject}"

    @property
    def began(self) -> datetime | None:
        """When the sitting began for which the line stands, if it is more than one saving."""
        return self.since if self.follows else None

    @property
    def label(self) -> str:
        """The verb in the reader's words."""
        return str(verbs().get(self.verb, self.verb))

    @property
    def subject_label(self) -> str:
        """The kind of the object in the reader's words, with its number."""
        kind, _colon, number = self.subject.partition(":")
        try:
            return f"{apps.get_model(former_kinds().get(kind, kind))._meta.verbose_name} {number}"
        except (LookupError, ValueError):  # a kind that is no more
            return self.subject

    @property
    def changes_display(self) -> list[tuple[str, str, str]]:
        """Field, what was, what is; texts longer than a screen line are cut.

        Values stand as they were written; a field that was told in Vietnamese is named in the reader's words.
        """
        return [(name and gettext(name), _shown(old), _shown(new)) for name, (old, new) in self.changes.items()]


class Seal(models.Model):
    """One link of the chain over the trail (portal.trail.seals); the database refuses to change or delete it too."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    blocks = models.JSONField()  # [last line, how many, digest] of each thousand lines
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


def _shown(value: object) -> str:
    text = "–" if value in (None, "") else str(value)
    return text if len(text) <= 300 else text[:300] + "…"


def line(
    subject: models.Model,
    verb: str,
    *,
    by: User | None = None,
    source: str = "",
    target: str = "",
    changes: dict[str, Any] | None = None,
    note: str = "",
    version: int | None = None,
) -> Entry:
    """One line of the trail, not written yet: deeds on many rows write theirs in one go."""
    return Entry(
        subject=key_of(subject),
        verb=verb,
        by=by,
        source=source,
        target=target,
        changes=changes or {},
        note=note,
        version=version,
    )


def record(subject: models.Model, verb: str, **said: Any) -> Entry:
    """Write one line of the trail (see `line`); call it inside the transaction that does the deed."""
    entry = line(subject, verb, **said)
    entry.save()
    return entry


def in_words(row: models.Model, names: Iterable[str]) -> dict[str, str]:
    """What these fields of a row say, as the trail and a conflict show it: label → value."""
    said = {}
    for name in names:
        field = row._meta.get_field(name)
        shown = getattr(row, f"get_{name}_display", None)
        value = shown() if shown else getattr(row, name)
        label = field.verbose_name if isinstance(field, models.Field) else name
        said[str(label)] = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")
    return said


def differences(before: dict, after: dict) -> dict[str, list]:
    """What changed between two snapshots: `{field: [was, is]}`, values made readable for JSON."""
    plain = lambda v: v if v is None or isinstance(v, bool | int | float | str | list | dict) else str(v)  # noqa: E731
    return {
        name: [plain(before.get(name)), plain(after.get(name))]
        for name in {**before, **after}
        if plain(before.get(name)) != plain(after.get(name))
    }
