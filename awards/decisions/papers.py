"""A decision as official papers: the decision itself and the list that goes with it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from awards.decisions.queries import authorities, with_subjects
from awards.law.terms import Authority
from awards.models import Decision, DecisionLine, SubjectKind
from portal.days import in_writing
from portal.papers.base import Field, Paper
from units.letterhead import FIELDS, letterhead
from units.models import User

FROM_ABOVE = {Authority.PRIME_MINISTER, Authority.PRESIDENT}


def decisions(reader: User) -> QuerySet[Decision]:
    """The decisions whose whole list the reader may see."""
    units = reader.units_where("read_decisions")
    return Decision.objects.filter(unit__in=units).select_related("unit__parent", "annuls")


def how_many(decision: Decision) -> int:
    """How many lines its list has."""
    return decision.lines.count()


def papers_of(decision: Decision) -> list[str]:
    """What its page offers; a decision from above has its own paper."""
    return [] if authorities(decision) & FROM_ABOVE else [DECISION.kind, ANNEX.kind]


def data(decision: Decision, reader: User) -> dict[str, Any]:
    """The fields of both papers."""
    head = letterhead(decision.unit, number=decision.number or "/QĐ", day=decision.dated)
    cases = with_subjects(decision.lines.order_by("pk"))
    lines = [_line(place, line) for place, line in enumerate(cases, start=1)]
    kinds = Counter(line.what.subject_kind for line in cases)
    awards = Counter(line["khen_thuong"] for line in lines)
    earlier = decision.annuls
    return head | {
        "nguoi_ky": decision.signatory or head["nguoi_ky"],
        "noi_nhan": ["Như Điều 3"],
        "trich_yeu": decision.title,
        "nguoi_quyet_dinh": decision.issuer.upper(),
        "cua": decision.issuer,
        "ngay": in_writing(decision.dated),
        "can_cu": _bases(decision.bases),
        "khen": earlier is None,
        "huy": f"Quyết định số {earlier.number} {in_writing(earlier.dated)}" if earlier else "",
        "ly_do_huy": decision.reason,
        "gom": "; ".join(f"{count} {award}" for award, count in awards.most_common()),
        "so_ca_nhan": str(kinds[SubjectKind.PERSON]),
        "so_tap_the": str(kinds[SubjectKind.COLLECTIVE] + kinds[SubjectKind.UNIT]),
        "danh_sach": lines,
        "tong_so": str(len(lines)),
    }


def _bases(text: str) -> list[str]:
    """Each ends with a semicolon, the last with a full stop (Decree 30/2020/NĐ-CP, annex I)."""
    found = [line.strip().rstrip(".;,") for line in text.splitlines() if line.strip()]
    return [f"{line}{'.' if line is found[-1] else ';'}" for line in found]


def _line(place: int, line: DecisionLine) -> dict[str, str]:
    position = line.nomination.position if line.nomination else ""
    return {
        "tt": str(place),
        "ten": line.what.subject_name,
        "don_vi": ", ".join(filter(None, [position, line.what.unit.name_vi])),
        "khen_thuong": line.award_words,
    }


_FIELDS = (
    *FIELDS,
    Field("trich_yeu", _("Trích yếu"), "tặng Bằng khen năm 2026"),
    Field("nguoi_quyet_dinh", _("Người, cơ quan quyết định, chữ hoa"), "VIỆN TRƯỞNG VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO"),
    Field("cua", _("Người, cơ quan quyết định"), "Viện trưởng Viện kiểm sát nhân dân tối cao"),
    Field("ngay", _("Ngày quyết định"), "ngày 05 tháng 02 năm 2026"),
    Field("can_cu", _("Căn cứ, từng dòng"), ["Căn cứ Luật Thi đua, khen thưởng;"]),
    Field("khen", _("Quyết định tặng thưởng, không phải quyết định hủy"), True),
    Field("huy", _("Quyết định bị hủy"), ""),
    Field("ly_do_huy", _("Lý do hủy"), ""),
    Field("gom", _("Số trường hợp theo từng danh hiệu, hình thức"), "2 Bằng khen của Viện trưởng"),
    Field("so_ca_nhan", _("Số cá nhân"), "1"),
    Field("so_tap_the", _("Số tập thể"), "1"),
    Field(
        "danh_sach",
        _("Từng trường hợp"),
        rows=(
            Field("tt", _("Số thứ tự"), "1"),
            Field("ten", _("Họ tên cá nhân, tên tập thể"), "Nguyễn Văn A"),
            Field("don_vi", _("Chức vụ, đơn vị"), "Kiểm sát viên trung cấp, VKSND thành phố Huế"),
            Field("khen_thuong", _("Danh hiệu, hình thức khen thưởng"), "Bằng khen"),
        ),
    ),
    Field("tong_so", _("Tổng số trường hợp"), "2"),
)

DECISION = Paper("decision", _("Quyết định"), "quyet-dinh", _FIELDS, data, decisions)
ANNEX = Paper("decision-annex", _("Danh sách kèm theo quyết định"), "danh-sach", _FIELDS, data, decisions, how_many)
