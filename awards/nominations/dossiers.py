"""A dossier as one archive."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from typing import Any

from django.core.files.base import File
from django.http import FileResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from awards.models import Evidence, Nomination
from awards.nominations import content
from awards.nominations.checking import checks
from portal.flow import Refused
from portal.jobs.services import all_in, handles, keep_output, progress
from portal.models import Job
from portal.text import fold

ZIP = "application/zip"


def sees_nominations(job: Job) -> bool:
    """Whether every nomination that the job is about may be read by who asked for it."""
    return all_in(job.holds, Nomination.objects.visible_to(job.by))


def files_of(nomination: Nomination) -> list[Evidence]:
    """The files of the dossier: its own, and those of the whole paper."""
    kept = Evidence.objects.filter(submission=nomination.submission_id, removed_at=None)
    return [f for f in kept if f.nomination_id in (None, nomination.pk)]


def dossier(nomination: Nomination, target: Any, job: Job | None = None) -> None:
    """Write the archive: what was written, what was found, and every file in the folder of its part."""
    found = files_of(nomination)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"00-{_word(_('noi-dung'))}.txt", _text(nomination))
        archive.writestr(f"01-{_word(_('kiem-tra'))}.txt", _findings(nomination))
        for place, evidence in enumerate(found, start=1):
            name = f"{evidence.part}/{place:02}-{evidence.name}"
            try:
                with evidence.file.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
                    shutil.copyfileobj(source, entry)
            except FileNotFoundError:
                archive.writestr(f"{name}.txt", _("Không tìm thấy tệp này trong kho lưu trữ."))
            if job:
                progress(job, place, len(found))


def _word(text: str) -> str:
    return slugify(fold(text)) or "x"


def _text(nomination: Nomination) -> str:
    lines = [nomination.subject_name, nomination.unit.name, ""]
    for heading, text in content.lines(content.snapshot(nomination)).values():
        lines += [heading.upper(), text or "–", ""]
    return "\r\n".join("\r\n".join(line.split("\n")) for line in lines)


def _findings(nomination: Nomination) -> str:
    checked = checks.check_nominations([nomination])[nomination.pk]
    lines = [checked.edition.label, ""]
    for finding in checked.findings:
        lines.append(f"{finding.result.label}: {checks.in_words(finding)}")
    lines += [f"{_('Đã cho qua')}: {f.says} – {o.reason} ({o.by})" for f, o in checked.waived]
    return "\r\n".join(lines)


def dossier_name(nomination: Nomination) -> str:
    """A file name that says whose dossier it is."""
    return f"ho-so-{nomination.pk}-{_word(nomination.subject_name)[:60]}.zip"


def dossier_response(nomination: Nomination) -> FileResponse:
    """The archive as a download, never held in memory whole."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it was sent
    dossier(nomination, file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=dossier_name(nomination), content_type=ZIP)
    response["Cache-Control"] = "private, no-store"
    return response


@handles("dossier", readable=sees_nominations)
def pack_dossier(job: Job) -> dict[str, Any]:
    """A large dossier, for who may still see it."""
    nomination = Nomination.objects.visible_to(job.by).for_checks().filter(pk=job.params["nomination"]).first()
    if nomination is None:
        raise Refused([_("Hồ sơ này không còn mở cho đồng chí.")])
    job.holds = [nomination.pk]
    with tempfile.TemporaryFile() as file:
        dossier(nomination, file, job)
        file.seek(0)
        keep_output(job, dossier_name(nomination), File(file))
    return {"words": _("Đã đóng gói hồ sơ.")}
