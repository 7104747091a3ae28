"""The list of units: new ones and better names, never a reorganisation."""

from datetime import date

from tests import make
from tests.portal.exchange.helpers import apply, check, counts, problems
from units.models import Unit
from units.models.units import Kind


def test_new_units_come_in_whatever_their_order_and_names_are_put_right(world):
    rows = [
        ["KV9.1", "Tổ của khu vực 9", "VKSND khu vực", "KV9"],
        ["KV9", "Viện kiểm sát nhân dân khu vực 9", "VKSND khu vực", "HUE", "1/7/2025"],
        ["HUE", "VKSND thành phố Huế", "VKSND cấp tỉnh", "VKSTC"],
    ]
    job = check("units", *rows, by=world.admin)
    assert counts(job) == (2, 1, 0, 0)
    assert "Phương án sắp xếp" in job.result["notes"][-1]
    apply(job, world.admin)

    grown = Unit.objects.get(code="KV9.1")
    assert (grown.path, grown.parent.code, grown.kind) == ("/VKSTC/HUE/KV9/KV9.1/", "KV9", Kind.REGION)
    assert Unit.objects.get(code="HUE").search.startswith("hue vksnd thanh pho hue")
    assert counts(check("units", *rows, by=world.admin)) == (0, 0, 0, 3)


def test_what_a_reorganisation_must_do_is_refused_and_so_is_a_broken_tree(world, hue_admin):
    Unit.objects.filter(pk=world.hue.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2030, 1, 1))
    make.unit("CU", world.root, valid_to=date(2025, 6, 30))
    kind = "VKSND khu vực"
    found = problems(
        "units",
        ["KV1", "Viện kiểm sát nhân dân khu vực 1", kind, "VINH"],
        ["VINH", "Viện kiểm sát nhân dân tỉnh Nghệ An", "VKSND cấp tỉnh", None, None, "1/1/2026"],
        ["HUE", "Viện kiểm sát nhân dân thành phố Huế", "VKSND cấp tỉnh", None, "1/1/2021"],
        ["X1", "Một", kind, "X2"],
        ["X2", "Hai", kind, "X1"],
        ["X3", "Ba", kind],
        ["X4", "Bốn", kind, "KHONG"],
        ["X5", "Năm", kind, "CU"],
        ["X6", "Sáu", kind, "HUE", "1/1/2019"],
        ["X7", "Bảy", kind, "HUE", "1/1/2025", "1/1/2024"],
        ["X8", "Tám", kind, "X9"],
        ["X9", "Chín", kind, "KHONG"],
        ["hue", "Huế", kind, "VKSTC"],
        ["X_1", "Gạch", kind, "HUE"],
        ["X7", "Lại", kind, "HUE"],
        by=world.admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Mã đơn vị cấp trên"),
        (3, "Đến hết ngày"),
        (4, "Có từ ngày"),
        (5, "Mã đơn vị cấp trên"),
        (6, "Mã đơn vị cấp trên"),
        (7, "Mã đơn vị cấp trên"),
        (8, "Mã đơn vị cấp trên"),
        (9, "Mã đơn vị cấp trên"),
        (10, "Có từ ngày"),
        (11, "Đến hết ngày"),
        (12, "Mã đơn vị cấp trên"),
        (13, "Mã đơn vị cấp trên"),
        (14, "Mã đơn vị"),
        (15, "Mã đơn vị"),
        (16, "Mã đơn vị"),
    ]
    assert "Phương án sắp xếp" in found[0][2]
    found = problems("units", ["VINH", "Vinh", kind], ["Y1", "Một", kind, "VINH"], by=hue_admin)
    assert [words for _row, _column, words in found] == ["Đơn vị VINH không thuộc phạm vi quản trị của đồng chí."] * 2
