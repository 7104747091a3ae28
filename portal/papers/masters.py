"""Masters that the office brings: looked into, kept as versions, taken into use and out of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from jinja2 import TemplateError

from portal.files import stored, uploads
from portal.flow import OVERTAKEN, Refused
from portal.models.papers import PaperMaster
from portal.models.trail import record
from portal.papers import checking, word
from portal.papers.base import Paper

if TYPE_CHECKING:
    from units.models import User

logger = logging.getLogger(__name__)

MOST = 2 * 1024 * 1024  # bytes of a master


def in_use(kind: str) -> PaperMaster | None:
    """The version that papers of this kind are made of; None = the one that the portal ships."""
    return PaperMaster.objects.filter(kind=kind, in_use=True).first()


def content(master: PaperMaster) -> bytes:
    """The Word file of the version."""
    with master.file.open("rb") as file:
        read: bytes = file.read()
        return read


def tried(master: PaperMaster, paper: Paper) -> tuple[bytes, checking.Found]:
    """The version, and what is wrong with it now: fields may have gone, and files may be lost."""
    try:
        read = content(master)
    except OSError:
        return b"", checking.Found([_("Không tìm thấy tệp này trong kho lưu trữ.")])
    return read, checking.look(read, paper)


def filled(kind: str, told: dict[str, Any]) -> bytes:
    """The paper by the master in use; by the shipped one where that can no longer be filled, for work must go on."""
    if master := in_use(kind):
        try:
            return word.fill(content(master), told)
        except (OSError, TemplateError):
            logger.exception("master %s cannot be filled", master)
    return word.fill(word.shipped(kind), told)


def bring(paper: Paper, file: Any, note: str, *, by: User) -> PaperMaster:
    """Keep what was brought as the next version, not yet in use; raises ValidationError with all that is wrong."""
    if file.size > MOST:
        raise ValidationError(_("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": MOST // (1024 * 1024)})
    brought = stored.look_into(file)
    if brought.content_type != uploads.DOCX:
        raise ValidationError(_("Mẫu là tệp Word (.docx)."))
    file.seek(0)
    master = file.read()
    if faults := checking.look(master, paper).faults:
        raise ValidationError(faults)
    try:
        return _kept(paper, master, brought, note, by)
    except IntegrityError as error:  # two brought the first one in the same moment
        raise ValidationError(OVERTAKEN) from error


@transaction.atomic
def _kept(paper: Paper, master: bytes, brought: stored.Brought, note: str, by: User) -> PaperMaster:
    last = PaperMaster.objects.select_for_update().filter(kind=paper.kind).first()
    row = PaperMaster(kind=paper.kind, number=last.number + 1 if last else 1, note=note, by=by)
    row.name, row.size, row.sha256 = brought.name, len(master), brought.sha256
    row.file.save(uploads.file_token(), ContentFile(master), save=False)
    row.save()
    record(row, "add_master", by=by, note=note, changes={row.name: ["", f"{row.size} B"]})
    return row


def choose(kind: str, master: PaperMaster | None, *, by: User, note: str, version: int) -> None:
    """Make papers of this kind of that version from now on, or of the shipped one.

    `version` is the number in use that the person saw, 0 = the shipped one.
    """
    with transaction.atomic():
        rows = list(PaperMaster.objects.select_for_update().filter(kind=kind))
        now = next((row for row in rows if row.in_use), None)
        if version != (now.number if now else 0):
            raise Refused([OVERTAKEN])
        if not note.strip():
            raise Refused([_("Hãy ghi lý do.")])
        if now:
            now.in_use = False
            now.save(update_fields=["in_use"])
            record(now, "leave_master", by=by, note=note)
        if master:
            master.in_use = True
            master.save(update_fields=["in_use"])
            record(master, "use_master", by=by, note=note)
