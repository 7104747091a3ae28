"""The official papers of one nomination: the achievement report and its summary."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from awards.law.terms import MeritType, Subject
from awards.models import Nomination
from awards.models.ledger import award_label
from awards.models.subjects import SubjectKind, key_of_subject
from awards.nominations import content, documents
from awards.nominations.checking import cases, reports
from portal.papers.base import Field, Paper
from units.letterhead import BLANK, FIELDS, letterhead
from units.models import User

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def nominations(reader: User) -> QuerySet[Nomination]:
    """The nominations that the reader sees."""
    return Nomination.objects.visible_to(reader).for_page("unit__parent", "submission")


def _common(nomination: Nomination) -> dict[str, Any]:
    submission = nomination.submission
    return letterhead(nomination.unit, number="", day=submission.dated) | {
        "danh_hieu": award_label(nomination.award),
        "loai_hinh": str(submission.get_type_display()),
        "nam": str(submission.year),
        "ten": nomination.subject_name,
        "chuc_vu": documents.place_of(nomination),
    }


def paragraphs(text: Any) -> list[str]:
    """The text line by line; where nothing was written, a line to write on."""
    return [line for line in str(text or "").splitlines() if line.strip()] or [BLANK]


def report(nomination: Nomination, reader: User) -> dict[str, Any]:
    """The fields of REPORT."""
    alone = nomination.subject_kind == SubjectKind.PERSON
    return _common(nomination) | {
        "mau": form_of(nomination),
        "phan": [
            {"so": ROMAN[place], "ten": str(section.heading), "doan": paragraphs(nomination.report.get(section.key))}
            for place, section in enumerate(reports.sections(nomination))
        ],
        "ben_bao_cao": "NGƯỜI BÁO CÁO" if alone else "ĐẠI DIỆN TẬP THỂ BÁO CÁO",
        "nguoi_bao_cao": nomination.subject_name if alone else "",
    }


def form_of(nomination: Nomination) -> str:
    """Which form of the decree the report follows, as the edition has it; "" = not known."""
    kind = Subject.INDIVIDUAL if nomination.person_id else Subject.COLLECTIVE
    form = cases.edition_of(nomination).report_form(nomination.award, kind, MeritType(nomination.submission.type))
    return form.number if form else ""


def summary(nomination: Nomination, reader: User) -> dict[str, Any]:
    """The fields of SUMMARY."""
    had = documents.had([nomination], reader)
    return _common(nomination) | {
        "tom_tat": paragraphs(nomination.summary),
        "thanh_tich": [content.sentence(a) for a in nomination.rests_on("achievements")],
        "sang_kien": [i.title for i in nomination.rests_on("initiatives")],
        "da_khen": had.get((key_of_subject(nomination.subject), nomination.subject.pk), ""),
    }


_COMMON = (
    *FIELDS,
    Field("danh_hieu", _("Danh hiệu, hình thức được đề nghị"), "Bằng khen"),
    Field("loai_hinh", _("Loại hình khen thưởng"), "Theo phong trào"),
    Field("nam", _("Năm thành tích"), "2026"),
    Field("ten", _("Họ tên cá nhân, tên tập thể"), "Nguyễn Văn A"),
    Field("chuc_vu", _("Chức vụ, đơn vị"), "Kiểm sát viên trung cấp, VKSND thành phố Huế"),
)

REPORT = Paper(
    "report",
    _("Báo cáo thành tích"),
    "bao-cao-thanh-tich",
    (
        *_COMMON,
        Field("mau", _("Mẫu của nghị định"), "Mẫu 05"),
        Field(
            "phan",
            _("Từng phần của báo cáo"),
            rows=(
                Field("so", _("Số thứ tự"), "I"),
                Field("ten", _("Tên phần"), "Thành tích đạt được"),
                Field("doan", _("Từng đoạn"), ["Trực tiếp kiểm sát 42 vụ án.", "Không vụ nào quá hạn."]),
            ),
        ),
        Field("ben_bao_cao", _("Ai báo cáo, chữ hoa"), "NGƯỜI BÁO CÁO"),
        Field("nguoi_bao_cao", _("Họ tên người báo cáo"), "Nguyễn Văn A"),
    ),
    report,
    nominations,
)

SUMMARY = Paper(
    "summary",
    _("Tóm tắt thành tích"),
    "tom-tat-thanh-tich",
    (
        *_COMMON,
        Field("tom_tat", _("Tóm tắt thành tích, từng đoạn"), ["Trực tiếp kiểm sát 42 vụ án, không vụ nào quá hạn."]),
        Field("thanh_tich", _("Thành tích đã ghi"), ["2026 – Phá án nhanh – 3 vụ"]),
        Field("sang_kien", _("Tên sáng kiến"), ["Số hóa hồ sơ kiểm sát"]),
        Field("da_khen", _("Danh hiệu, hình thức khen thưởng đã có"), "Giấy khen (2024)"),
    ),
    summary,
    nominations,
)

OF_NOMINATIONS = (REPORT.kind, SUMMARY.kind)
