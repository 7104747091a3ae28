"""A sitting as official papers: invitation, minutes, count and ballot."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from awards.councils import minutes
from awards.models import Duty, Sitting
from awards.models.councils import PRESIDING
from portal.days import in_writing
from portal.papers.base import Field, Paper
from units.letterhead import BLANK, FIELDS, letterhead
from units.models import User


def sittings(reader: User) -> QuerySet[Sitting]:
    """The sittings that the reader sees."""
    return Sitting.objects.visible_to(reader).select_related("council__unit__parent", "repeats")


def how_many(sitting: Sitting) -> int:
    """How many lines its tables have."""
    return sitting.items.count()


def _told(number: str) -> Any:
    """The function that tells a sitting under that number and sign."""

    def data(sitting: Sitting, reader: User) -> dict[str, Any]:
        told = minutes.data(sitting)
        return (
            letterhead(sitting.unit, number=number, day=told["day"])
            | _signed(sitting)
            | {
                "hoi_dong": told["council"],
                "noi_dung": told["title"],
                "thoi_gian": f"{told['hour']}, {in_writing(told['day'])}",
                "dia_diem": told["place"] or BLANK,
                "bang_van_ban": told["in_writing"],
                "tong_thanh_vien": str(len(told["members"])),
                "du_hop": _names(told["present"]),
                "bang_y_kien": _names(told["in_written_opinion"]),
                "vang_mat": _names(told["absent"]),
                "thanh_vien": [{"ten": m["name"], "chuc_danh": m["duty"]} for m in told["members"]],
                "cach_bo_phieu": str(sitting.get_ballot_display()) or BLANK,
                "so_phieu": str(told["voted"]) if sitting.ballot in ("secret", "open") else BLANK,
                "danh_sach": [_line(item) for item in told["items"]],
                "tong_so": str(len(told["items"])),
            }
        )

    return data


def _signed(sitting: Sitting) -> dict[str, Any]:
    """For the council signs its chair, or a deputy in the chair's place."""
    first = sitting.members.filter(duty__in=PRESIDING).select_related("user__person").first()
    lines = ["TM. HỘI ĐỒNG", "CHỦ TỊCH"]
    if first and first.duty == Duty.DEPUTY:
        lines = ["TM. HỘI ĐỒNG", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    return {"chuc_vu_ky": lines, "nguoi_ky": str(first or "")}


def _names(members: list[dict[str, Any]]) -> str:
    return "; ".join(f"{m['name']} ({m['duty']})" for m in members) or "không"


def _line(item: dict[str, Any]) -> dict[str, str]:
    base, yes = item["base"], item["yes"]
    share = number_format(round(yes * 100 / base, 2), 2) if base and yes is not None else ""
    found = {True: "thông qua", False: "không đủ phiếu", None: BLANK}[item["passed"]]
    return {
        "tt": str(item["order"]),
        "ten": item["subject"],
        "don_vi": item["unit"],
        "de_nghi": item["award"],
        "can": BLANK if item["needed"] is None else f"{item['needed']}/{base}",
        "dong_y": _figure(yes),
        "khong_dong_y": _figure(item["no"]),
        "khong_y_kien": _figure(item["none"]),
        "ty_le": f"{share}%" if share else BLANK,
        "ket_qua": found,
        "khong_bieu_quyet": "; ".join(f"{one['name']} ({one['reason']})" for one in item["out"]),
    }


def _figure(count: int | None) -> str:
    return BLANK if count is None else str(count)


_FIELDS = (
    *FIELDS,
    Field("hoi_dong", _("Tên Hội đồng"), "Hội đồng Thi đua - Khen thưởng"),
    Field("noi_dung", _("Nội dung phiên họp"), "Xét khen thưởng phong trào thi đua"),
    Field("thoi_gian", _("Giờ và ngày họp"), "14:00, ngày 03 tháng 02 năm 2026"),
    Field("dia_diem", _("Địa điểm họp"), "Phòng họp 201"),
    Field("bang_van_ban", _("Phiên lấy ý kiến bằng văn bản, không họp"), True),
    Field("tong_thanh_vien", _("Tổng số thành viên Hội đồng"), "9"),
    Field("du_hop", _("Những người dự họp"), "Nguyễn Văn A (Chủ tịch); Trần Thị B (Thư ký)"),
    Field("bang_y_kien", _("Những người cho ý kiến bằng văn bản"), "Lê Văn C (Ủy viên)"),
    Field("vang_mat", _("Những người vắng mặt"), "không"),
    Field(
        "thanh_vien",
        _("Từng thành viên"),
        rows=(Field("ten", _("Họ tên"), "Nguyễn Văn A"), Field("chuc_danh", _("Chức danh"), "Chủ tịch")),
    ),
    Field("cach_bo_phieu", _("Cách bỏ phiếu"), "bỏ phiếu kín"),
    Field("so_phieu", _("Số người đã bỏ phiếu"), "9"),
    Field(
        "danh_sach",
        _("Từng trường hợp"),
        rows=(
            Field("tt", _("Số thứ tự"), "1"),
            Field("ten", _("Họ tên cá nhân, tên tập thể"), "Nguyễn Văn A"),
            Field("don_vi", _("Đơn vị"), "Viện kiểm sát nhân dân thành phố Huế"),
            Field("de_nghi", _("Danh hiệu, hình thức được đề nghị"), "Bằng khen"),
            Field("can", _("Số phiếu phải đạt trên số thành viên được biểu quyết"), "8/9"),
            Field("dong_y", _("Số phiếu đồng ý"), "8"),
            Field("khong_dong_y", _("Số phiếu không đồng ý"), "1"),
            Field("khong_y_kien", _("Số phiếu không có ý kiến"), "0"),
            Field("ty_le", _("Tỷ lệ trên số thành viên được biểu quyết"), "88,89%"),
            Field("ket_qua", _("Kết quả"), "thông qua"),
            Field("khong_bieu_quyet", _("Thành viên không biểu quyết và lý do"), "Lê Văn C (người nhà)"),
        ),
    ),
    Field("tong_so", _("Tổng số trường hợp"), "2"),
)


def _paper(kind: str, title: Any, file: str, number: str) -> Paper:
    return Paper(kind, title, file, _FIELDS, _told(number), sittings, how_many)


INVITATION = _paper("sitting-invitation", _("Giấy mời họp Hội đồng"), "giay-moi", "/GM")
MINUTES = _paper("sitting-minutes", _("Biên bản phiên họp Hội đồng"), "bien-ban-hop", "/BB")
COUNT = _paper("sitting-count", _("Biên bản kiểm phiếu của Hội đồng"), "bien-ban-kiem-phieu", "/BB")
BALLOT = _paper("sitting-ballot", _("Phiếu bầu của Hội đồng"), "phieu-bau", "")


def papers_of(sitting: Sitting) -> list[str]:
    """What its page offers: invitation and ballot beforehand, minutes and count of what has a result."""
    if sitting.state == Sitting.State.CLOSED:
        return [MINUTES.kind, COUNT.kind]
    return [INVITATION.kind, BALLOT.kind] if sitting.state in Sitting.BEFORE else []
