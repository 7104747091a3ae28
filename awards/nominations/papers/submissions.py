"""The submission itself as an official paper (tờ trình)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.models import Nomination, NominationVersion, Submission
from awards.models.ledger import award_label
from portal.days import in_writing, today
from portal.papers.base import Field, Paper
from units import letterhead
from units.letterhead import BLANK
from units.models import User


def submissions(reader: User) -> QuerySet[Submission]:
    """The submissions that the reader sees."""
    return Submission.objects.visible_to(reader).select_related("unit__parent", "campaign")


def own_fields(submission: Submission) -> dict[str, Any]:
    """What several papers of it say."""
    return {
        "trich_yeu": submission.title,
        "loai_hinh": str(submission.get_type_display()).lower(),
        "nam": str(submission.year),
        "tong_thanh_vien": figure(submission.council_members),
        "du_hop": figure(submission.council_present),
    }


def submission_data(submission: Submission, reader: User) -> dict[str, Any]:
    """The fields of SUBMISSION."""
    unit = submission.unit
    counts = (
        submission.nominations.exclude(state=Nomination.State.WITHDRAWN)
        .order_by()
        .values("award")
        .annotate(all=Count("pk"), people=Count("person"))
    )
    by_award = {row["award"]: (row["people"], row["all"] - row["people"]) for row in counts}
    edition = _edition(submission)
    codes = [code for code in edition.awards if code in by_award] + sorted(by_award.keys() - edition.awards.keys())
    people, groups = (sum(row[place] for row in by_award.values()) for place in (0, 1))
    above = unit.parent.name_vi if unit.parent else f"Hội đồng Thi đua - Khen thưởng {unit.name_vi}"
    return letterhead.letterhead(
        unit, number=submission.number or "/TTr", day=submission.dated, sender=_sender(submission)
    ) | {
        **own_fields(submission),
        "kinh_gui": above,
        "can_cu": _bases(edition, codes),
        "phong_trao": submission.campaign.title if submission.campaign else "",
        "ngay_hop": in_writing(submission.council_on).removeprefix("ngày ") if submission.council_on else "",
        "thu_tuc_don_gian": submission.procedure_reason if submission.fast else "",
        "danh_hieu": [
            {
                "tt": str(place),
                "ten": award_label(code),
                "ca_nhan": figure(by_award[code][0]),
                "tap_the": figure(by_award[code][1]),
                "cong": figure(sum(by_award[code])),
            }
            for place, code in enumerate(codes, start=1)
        ],
        "so_ca_nhan": figure(people),
        "so_tap_the": figure(groups),
        "tong_so": figure(people + groups),
        "cam_doan": submission.declared_true,
    }


def figure(count: int | None) -> str:
    """The figure as papers write it; what is not known is left to be written."""
    return BLANK if count is None else number_format(count, force_grouping=True)


def _edition(submission: Submission) -> standards.Edition:
    """The one by which the office judges it, once it was received; before that, that of its day."""
    code = submission.nominations.exclude(edition="").order_by().values_list("edition", flat=True).first()
    return standards.edition(code) if code else standards.in_force(submission.dated or today())


def _bases(edition: standards.Edition, codes: list[str]) -> list[str]:
    """Law, decree and circular on which the awards of the list rest, as the edition cites them."""
    awards = [edition.awards[code] for code in codes if code in edition.awards]
    cited = {
        basis.document.code
        for award in awards
        for statement in (award, award.deciding, *award.conditions, *award.parts)
        for basis in statement.basis
    }
    return [d.name_vi for d in edition.documents.values() if d.articles and d.code in cited]


def _sender(submission: Submission) -> User | None:
    """Who sent it first."""
    sent = NominationVersion.objects.filter(nomination__submission=submission, number=1)
    first = sent.select_related("by__person").order_by("pk").first()
    return first.by if first else None


SUBMISSION = Paper(
    "submission",
    _("Tờ trình"),
    "to-trinh",
    (
        *letterhead.FIELDS,
        Field("trich_yeu", _("Trích yếu"), "Về việc đề nghị khen thưởng phong trào thi đua"),
        Field("kinh_gui", _("Nơi trình"), "Viện kiểm sát nhân dân tối cao"),
        Field("can_cu", _("Căn cứ, từng văn bản"), ["Luật Thi đua, khen thưởng số 06/2022/QH15"]),
        Field("phong_trao", _("Tên phong trào"), "Thi đua phòng, chống dịch bệnh"),
        Field("loai_hinh", _("Loại hình khen thưởng"), "theo phong trào"),
        Field("nam", _("Năm thành tích"), "2026"),
        Field("ngay_hop", _("Ngày họp Hội đồng của đơn vị"), "03 tháng 02 năm 2026"),
        Field("tong_thanh_vien", _("Tổng số thành viên Hội đồng"), "9"),
        Field("du_hop", _("Số thành viên dự họp, cho ý kiến"), "8"),
        Field("thu_tuc_don_gian", _("Lý do dùng thủ tục đơn giản; trống nếu không dùng"), "Thành tích đột xuất"),
        Field(
            "danh_hieu",
            _("Danh hiệu, hình thức được đề nghị"),
            rows=(
                Field("tt", _("Số thứ tự"), "1"),
                Field("ten", _("Tên danh hiệu, hình thức"), "Bằng khen"),
                Field("ca_nhan", _("Số cá nhân"), "2"),
                Field("tap_the", _("Số tập thể"), "1"),
                Field("cong", _("Cộng"), "3"),
            ),
        ),
        Field("so_ca_nhan", _("Số cá nhân"), "4"),
        Field("so_tap_the", _("Số tập thể"), "2"),
        Field("tong_so", _("Tổng số trường hợp"), "6"),
        Field("cam_doan", _("Đơn vị đã cam đoan kê khai đúng sự thật"), True),
    ),
    submission_data,
    submissions,
)
