"""What leaves the portal of nominations: lists as sheets, a dossier as one archive."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile, File
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from awards.law import standards
from awards.ledger.services import award_label
from awards.models import Evidence, Nomination
from awards.nominations import checks, content
from portal.days import today
from portal.files.sheets import workbook
from portal.flow import Refused
from portal.jobs.services import all_in, handles, keep_output, progress
from portal.models import Job
from portal.text import fold

MOST = 20000  # rows of one sheet
CHUNK = 2000
ZIP = "application/zip"


# --- lists ---


def nominations_workbook(rows: Iterable[Nomination]) -> bytes:
    """Every column that a letter needs, one line for each nomination."""
    columns = [
        (_("TT"), 6),
        (_("Họ tên cá nhân, tên tập thể"), 34),
        (_("Mã"), 16),
        (_("Năm sinh"), 10),
        (_("Giới tính"), 10),
        (_("Chức vụ"), 24),
        (_("Lãnh đạo"), 10),
        (_("Mã đơn vị"), 12),
        (_("Đơn vị"), 40),
        (_("Danh hiệu, hình thức"), 34),
        (_("Cấp quyết định"), 28),
        (_("Loại hình"), 22),
        (_("Lĩnh vực thành tích"), 34),
        (_("Năm thành tích"), 10),
        (_("Tóm tắt thành tích"), 80),
        (_("Số phiếu đồng ý"), 12),
        (_("Tổng số thành viên Hội đồng"), 14),
        (_("Số tờ trình"), 20),
        (_("Ngày tờ trình"), 14),
        (_("Thủ tục"), 20),
        (_("Phong trào"), 24),
        (_("Trạng thái"), 20),
        (_("Đang ở"), 28),
        (_("Lần gửi"), 8),
        (_("Cơ quan thi đua nhận lúc"), 18),
    ]
    return workbook(_("Đề nghị khen thưởng"), columns, (_line(i, n) for i, n in enumerate(rows, start=1)))


def _line(place: int, n: Nomination) -> list[Any]:
    paper, subject = n.submission, n.subject
    edition = standards.edition(n.edition) if n.edition else standards.in_force(today())
    award = edition.awards.get(n.award)
    return [
        place,
        n.subject_name,
        getattr(subject, "staff_code", None) or subject.code,
        subject.birth_year if n.person_id else None,
        subject.get_gender_display() if n.person_id else "",
        n.position,
        (_("có") if n.leads else _("không")) if n.person_id else "",
        n.unit.code,
        n.unit.name,
        award_label(n.award),
        str(award.deciding.who.label) if award else "",
        str(paper.get_type_display()),
        n.merit_field.title if n.merit_field else "",
        paper.year,
        n.summary,
        n.votes_for,
        paper.council_members,
        paper.number,
        paper.dated,
        str(paper.get_procedure_display()),
        paper.campaign.code if paper.campaign else "",
        str(n.get_state_display()),
        n.desk.label,
        n.round,
        n.received_at,
    ]


def _sees_nominations(job: Job) -> bool:
    """Whether every nomination that the job is about may be read by who asked for it."""
    return all_in(job.holds, Nomination.objects.visible_to(job.by))


@handles("nominations_sheet", readable=_sees_nominations)
def nominations_sheet(job: Job) -> dict[str, Any]:
    """A long list: what its reader may still see of the rows that were asked for."""
    pks: list[int] = job.params["pks"]
    job.holds = []
    visible = Nomination.objects.visible_to(job.by).for_list()

    def rows() -> Iterable[Nomination]:
        for start in range(0, len(pks), CHUNK):
            found = list(visible.filter(pk__in=pks[start : start + CHUNK]).order_by("-pk"))
            job.holds += [nomination.pk for nomination in found]
            yield from found
            progress(job, min(start + CHUNK, len(pks)), len(pks))

    keep_output(job, job.params["name"], ContentFile(nominations_workbook(rows())), rows=len(job.holds))
    return {"words": _("Đã xuất danh sách.")}


# --- dossiers ---


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
                    for chunk in iter(lambda source=source: source.read(64 * 1024), b""):
                        entry.write(chunk)
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
    checked = checks.of([nomination])[nomination.pk]
    lines = [checked.edition.label, ""]
    for finding in checked.findings:
        lines.append(f"[{finding.result.label}] {checks.in_words(finding)}")
    lines += [f"{_('Đã cho qua')}: {f.says} – {o.reason} ({o.by})" for f, o in checked.waived]
    return "\r\n".join(lines)


def dossier_name(nomination: Nomination) -> str:
    """A file name that says whose dossier it is."""
    return f"ho-so-{nomination.pk}-{_word(nomination.subject_name)[:60]}.zip"


def dossier_response(nomination: Nomination) -> HttpResponse:
    """The archive as a download, never held in memory whole."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it was sent
    dossier(nomination, file)
    file.seek(0)
    response = FileResponse(file, content_type=ZIP)
    response["Content-Disposition"] = content_disposition_header(True, dossier_name(nomination))
    response["Cache-Control"] = "private, no-store"
    return response


@handles("dossier", readable=_sees_nominations)
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
