"""The papers that list the nominations of a submission: for the letter, and for the unit's council."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from awards.models import Nomination, Submission
from awards.models.ledger import award_label
from awards.nominations import documents
from awards.nominations.dossiers import sees_nominations
from awards.nominations.papers.submissions import SUBMISSION, figure, own_fields, submissions
from portal.days import in_writing
from portal.jobs.services import handles, keep_output
from portal.models import Job
from portal.papers.base import Field, Paper
from portal.papers.services import make
from units.letterhead import BLANK, FIELDS, letterhead
from units.models import Unit, User

COLUMNS = ("tt", "ten", "nam_sinh", "gioi_tinh", "chuc_vu", "thanh_tich", "da_khen", "de_nghi")


def listed(submission: Submission) -> QuerySet[Nomination]:
    """The nominations of the paper but those dropped, in the order in which they were put into it."""
    return submission.nominations.exclude(state=Nomination.State.WITHDRAWN).for_list().order_by("pk")


def how_many(submission: Submission) -> int:
    """How many lines a list of the paper has."""
    return listed(submission).count()


# --- the list that goes with the letter ---


def short_list(submission: Submission, reader: User) -> dict[str, Any]:
    """The fields of SHORT_LIST."""
    head = letterhead(submission.unit, number="", day=submission.dated)
    return head | lines(listed(submission), reader, title=submission.title, about=documents.about_paper(submission))


def lines(rows: Iterable[Nomination], reader: User, *, title: str, about: str = "") -> dict[str, Any]:
    """What a list of any nominations says, but who issues it."""
    found = [dict(zip(COLUMNS, map(_cell, line), strict=True)) for line in documents.brief_lines(rows, reader)]
    return {"ten_danh_sach": title, "kem_theo": about, "danh_sach": found, "tong_so": figure(len(found))}


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def short_list_of(rows: Iterable[Nomination], reader: User, unit: Unit, asked: Iterable[str]) -> dict[str, Any]:
    """The list of what a person has filtered, issued by the unit for which they act."""
    about = "; ".join(asked)
    return letterhead(unit, number="", day=None) | lines(rows, reader, title="Đề nghị khen thưởng", about=about)


@handles("nominations_paper", readable=sees_nominations)
def long_short_list(job: Job) -> dict[str, Any]:
    """A long list that a person has filtered: what they may still see of it."""
    form, unit = job.params["form"], Unit.objects.get(pk=job.params["unit"])
    with translation.override("vi"):
        told = short_list_of(documents.rows_of(job), job.by, unit, job.params["asked"])
    keep_output(job, job.params["name"], ContentFile(make(SHORT_LIST, form, told)), rows=len(job.holds))
    return {"words": gettext("Đã xuất danh sách.")}


SHORT_LIST = Paper(
    "short-list",
    _("Danh sách trích ngang"),
    "trich-ngang",
    (
        *FIELDS,
        Field("ten_danh_sach", _("Tên danh sách"), "Đề nghị khen thưởng phong trào thi đua"),
        Field("kem_theo", _("Kèm theo văn bản nào"), "Kèm theo Tờ trình số 05/TTr-VKS ngày 05/02/2026"),
        Field(
            "danh_sach",
            _("Từng trường hợp"),
            rows=(
                Field("tt", _("Số thứ tự"), "1"),
                Field("ten", _("Họ tên cá nhân, tên tập thể"), "Nguyễn Văn A"),
                Field("nam_sinh", _("Năm sinh"), "1980"),
                Field("gioi_tinh", _("Giới tính"), "Nam"),
                Field("chuc_vu", _("Chức vụ, đơn vị"), "Kiểm sát viên trung cấp, VKSND thành phố Huế"),
                Field("thanh_tich", _("Tóm tắt thành tích"), "Trực tiếp kiểm sát 42 vụ án."),
                Field("da_khen", _("Danh hiệu, hình thức khen thưởng đã có"), "Giấy khen (2024)"),
                Field("de_nghi", _("Danh hiệu, hình thức được đề nghị"), "Bằng khen"),
            ),
        ),
        Field("tong_so", _("Tổng số trường hợp"), "2"),
    ),
    short_list,
    submissions,
    how_many,
)


# --- for the unit's council ---


def council(submission: Submission, reader: User) -> dict[str, Any]:
    """The fields of minutes, count and ballot; a share is that of all members, not of the votes cast."""
    found = []
    members = submission.council_members
    for place, n in enumerate(listed(submission), start=1):
        share = number_format(round(n.votes_for * 100 / members, 2), 2) if members and n.votes_for is not None else ""
        found.append(
            {
                "tt": str(place),
                "ten": n.subject_name,
                "chuc_vu": documents.place_of(n),
                "de_nghi": award_label(n.award),
                "phieu": figure(n.votes_for),
                "ty_le": f"{share}%" if share else BLANK,
            }
        )
    day = submission.council_on
    return letterhead(submission.unit, number="/BB", day=day) | {
        **own_fields(submission),
        "ngay_hop": in_writing(day),
        "danh_sach": found,
        "tong_so": figure(len(found)),
    }


_COUNCIL = (
    *FIELDS,
    Field("trich_yeu", _("Trích yếu"), "Đề nghị khen thưởng phong trào thi đua"),
    Field("loai_hinh", _("Loại hình khen thưởng"), "theo phong trào"),
    Field("nam", _("Năm thành tích"), "2026"),
    Field("ngay_hop", _("Ngày họp Hội đồng của đơn vị"), "ngày 03 tháng 02 năm 2026"),
    Field("tong_thanh_vien", _("Tổng số thành viên Hội đồng"), "9"),
    Field("du_hop", _("Số thành viên dự họp, cho ý kiến"), "8"),
    Field(
        "danh_sach",
        _("Từng trường hợp"),
        rows=(
            Field("tt", _("Số thứ tự"), "1"),
            Field("ten", _("Họ tên cá nhân, tên tập thể"), "Nguyễn Văn A"),
            Field("chuc_vu", _("Chức vụ, đơn vị"), "Kiểm sát viên trung cấp, VKSND thành phố Huế"),
            Field("de_nghi", _("Danh hiệu, hình thức được đề nghị"), "Bằng khen"),
            Field("phieu", _("Số phiếu đồng ý"), "8"),
            Field("ty_le", _("Tỷ lệ trên tổng số thành viên"), "88,89%"),
        ),
    ),
    Field("tong_so", _("Tổng số trường hợp"), "2"),
)

MINUTES = Paper("minutes", _("Biên bản họp Hội đồng"), "bien-ban-hop", _COUNCIL, council, submissions, how_many)
COUNT = Paper("count", _("Biên bản kiểm phiếu"), "bien-ban-kiem-phieu", _COUNCIL, council, submissions, how_many)
BALLOT = Paper("ballot", _("Phiếu bầu"), "phieu-bau", _COUNCIL, council, submissions, how_many)


def papers_of(submission: Submission) -> list[str]:
    """The kinds of papers that its page offers; the simplified procedure asks for no minutes (docs/domain, 7.3)."""
    kinds = [SUBMISSION, SHORT_LIST] if submission.fast else [SUBMISSION, SHORT_LIST, MINUTES, COUNT, BALLOT]
    return [paper.kind for paper in kinds]
