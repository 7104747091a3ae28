"""Files that are put to a paper: looked into, kept once, taken out without being lost, served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.files import uploads
from portal.models.files import StoredFile
from portal.models.trail import record

if TYPE_CHECKING:
    from units.models import User

Row = TypeVar("Row", bound=StoredFile)


@dataclass(frozen=True)
class Brought:
    """A file that may be kept, and what is known of it."""

    file: Any
    name: str
    content_type: str
    sha256: str


def look_into(file: Any) -> Brought:
    """What was brought, told by its content; it can take a minute, so it comes before any lock.

    Raises ValidationError with what to do about it.
    """
    content_type = uploads.check_upload(file)
    return Brought(file, uploads.safe_name(file.name), content_type, uploads.sha256_of(file))


@transaction.atomic
def keep(row: Row, brought: Brought, *, among: models.QuerySet[Row], limit: int, full: str, by: User) -> Row:
    """Store the file as this new row beside those `among` which it comes; the caller holds the lock of its paper.

    `full` says that there are as many as the limit already.
    """
    beside = among.filter(removed_at=None)
    if beside.count() >= limit:
        raise ValidationError(full)
    if beside.filter(sha256=brought.sha256, **{name: getattr(row, name) for name in row.ONCE_IN}).exists():
        raise ValidationError(_("Tệp này đã được đính kèm."))
    row.file = File(brought.file, name=uploads.file_token())
    row.name, row.content_type, row.sha256 = brought.name, brought.content_type, brought.sha256
    row.size, row.by = brought.file.size, by
    row.save()
    record(row.paper, "attach", by=by, changes={row.name: ["", f"{row.size} B"]})
    return row


@transaction.atomic
def take_out(row: StoredFile, *, by: User) -> None:
    """Out of the paper, once; versions that were sent still name the file and it stays stored."""
    row.removed_at = timezone.now()
    if type(row)._base_manager.filter(pk=row.pk, removed_at=None).update(removed_at=row.removed_at):
        record(row.paper, "detach", by=by, changes={row.name: [f"{row.size} B", ""]})


def serve(row: StoredFile) -> FileResponse:
    """The file as a download, whether it was taken out or not."""
    return uploads.serve(row.file, row.name, row.content_type)
