"""What papers of every app have in common where an officer writes them and a head sends them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ForTheHead(models.Model):
    """A paper that an officer may put before the head of the unit; empty while nobody has."""

    before_head_at = models.DateTimeField(null=True, blank=True, editable=False)
    before_head_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class Remark(models.Model):
    """A word about a paper that may be answered by another one, and be marked as done."""

    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, editable=False, related_name="replies")
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True
