"""Files that belong to a paper, as rows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """A file that somebody put to a paper; it is served only through a view that asks who may see the paper.

    Each kind names the folder of its `file`. Rows are made and taken out by `portal.files.stored` alone.
    """

    ONCE_IN: ClassVar[tuple[str, ...]] = ()  # the same content may stand once for each value of these fields

    file: models.FileField
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)  # what was sent stays stored

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def paper(self) -> models.Model:
        """Whose trail says that the file came and went."""
        raise NotImplementedError
