"""Lists of nominations that leave the portal: the one that goes with a letter, and all that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from awards.law import standards
from awards.ledger.books import code_of
from awards.models import Nomination, PastAward, Submission
from awards.models.ledger import award_label
from awards.models.subjects import key_of_subject
from awards.nominations.dossiers import sees_nominations
from portal.access import seat
from portal.days import today
from portal.files.sheets import Head, workbook
from portal.jobs.services import handles, keep_output, progress
from portal.models import Job
from units.models import User

MOST = 20000  # rows of one sheet
CHUNK = 2000
BRIEF, WHOLE = "brief", "whole"


def head_of(purpose: str, *, unit: str, about: str = "", asked: tuple[str, ...] | None = None) -> Head:
    """What stands above the list."""
    title = _("Danh sách trích ngang đề nghị khen thưởng") if purpose == BRIEF else _("Đề nghị khen thưởng")
    return Head(title, unit=unit, about=about, asked=asked)


def nominations_workbook(purpose: str, rows: Iterable[Nomination], head: Head, user: User) -> bytes:
    """The nominations for one purpose, as the person may read them."""
    return brief_list(rows, head, user) if purpose == BRIEF else whole_list(rows, head)


def about_paper(paper: Submission) -> str:
    """With which letter the list goes."""
    if not paper.number:
        return ""
    said = {"number": paper.number, "day": f"{paper.dated:%d/%m/%Y}" if paper.dated else "…"}
    return _("Kèm theo Tờ trình số %(number)s ngày %(day)s") % said


# --- the list that goes with a letter ---


def brief_list(rows: Iterable[Nomination], head: Head, user: User) -> bytes:
    """Who is proposed for what, and why, in the columns that offices use (danh sách trích ngang)."""
    columns = [
        (_("Số thứ tự"), 6),
        (_("Họ tên cá nhân, tên tập thể"), 28),
        (_("Năm sinh"), 8),
        (_("Giới tính"), 8),
        (_("Chức vụ, đơn vị"), 32),
        (_("Tóm tắt thành tích"), 60),
        (_("Danh hiệu, hình thức khen thưởng đã có"), 36),
        (_("Đề nghị"), 28),
    ]
    return workbook(_("Trích ngang"), columns, brief_lines(rows, user), head=head, counted=True)


def place_of(n: Nomination) -> str:
    """As what and where the subject works."""
    return ", ".join(filter(None, (n.position, "" if n.whole_unit_id else n.unit.name)))


def brief_lines(rows: Iterable[Nomination], user: User) -> Iterator[list[Any]]:
    """A line for each nomination, in the columns of the list that goes with a letter."""
    rows, place = iter(rows), 0
    while some := list(islice(rows, CHUNK)):
        before = had(some, user)
        for n in some:
            place += 1
            yield [
                place,
                n.subject_name,
                n.person.birth_year if n.person else None,
                n.person.get_gender_display() if n.person else "",
                place_of(n),
                n.summary,
                before.get((key_of_subject(n.subject), n.subject.pk), ""),
                award_label(n.award),
            ]


def had(rows: list[Nomination], user: User) -> dict[tuple[str, int], str]:
    """What the ledger holds of each subject, in words: «Giấy khen (2023, 2021)»."""
    lines: list[tuple[str, int, str, int]] = []
    for key in ("person", "collective", "whole_unit"):
        subjects = {pk for n in rows if (pk := getattr(n, f"{key}_id"))}
        if subjects:
            found = PastAward.objects.standing().visible_to(user).filter(**{f"{key}__in": subjects})
            lines += [(key, pk, code, year) for pk, code, year in found.values_list(key, "award", "year")]
    lines.sort(key=lambda line: (*line[:3], -line[3]))
    words: dict[tuple[str, int], list[str]] = {}
    for (key, pk, code), same in groupby(lines, key=lambda line: line[:3]):
        years = ", ".join(dict.fromkeys(str(line[3]) for line in same))
        words.setdefault((key, pk), []).append(f"{award_label(code)} ({years})")
    return {subject: "; ".join(told) for subject, told in words.items()}


# --- all that is known ---


def whole_list(rows: Iterable[Nomination], head: Head) -> bytes:
    """Every column that the portal knows, one line for each nomination: to sort and reckon with."""
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
    lines = (_line(i, n) for i, n in enumerate(rows, start=1))
    return workbook(_("Đề nghị khen thưởng"), columns, lines, head=head, counted=True)


def _line(place: int, n: Nomination) -> list[Any]:
    paper, person = n.submission, n.person
    edition = standards.edition(n.edition) if n.edition else standards.in_force(today())
    award = edition.awards.get(n.award)
    return [
        place,
        n.subject_name,
        code_of(n.subject),
        person.birth_year if person else None,
        person.get_gender_display() if person else "",
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


def rows_of(job: Job) -> Iterator[Nomination]:
    """Of the rows that a job was asked for, those that its reader may still see; the job holds them."""
    pks: list[int] = job.params["pks"]
    job.holds = []
    visible = Nomination.objects.visible_to(job.by).for_list()
    for start in range(0, len(pks), CHUNK):
        found = list(visible.filter(pk__in=pks[start : start + CHUNK]).order_by("-pk"))
        job.holds += [nomination.pk for nomination in found]
        yield from found
        progress(job, min(start + CHUNK, len(pks)), len(pks))


@handles("nominations_sheet", readable=sees_nominations)
def nominations_sheet(job: Job) -> dict[str, Any]:
    """A long list as a sheet."""
    purpose = job.params.get("purpose", WHOLE)
    head = head_of(purpose, unit=seat(job.by), asked=tuple(job.params.get("asked", ())))
    content = nominations_workbook(purpose, rows_of(job), head, job.by)
    keep_output(job, job.params["name"], ContentFile(content), rows=len(job.holds))
    return {"words": _("Đã xuất danh sách.")}
