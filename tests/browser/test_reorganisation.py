"""The reform of 2025 by two administrators at their browsers, and the tree that both with and without scripts open."""

import pytest
from playwright.sync_api import expect

from tests import make
from units.hierarchy.importers import DATA, load_hierarchy
from units.models import Role, Unit

BEFORE = {"VKSND cấp cao": 3, "VKSND cấp tỉnh": 63, "VKSND cấp huyện": 696}
AFTER = {"VKSND cấp tỉnh": 34}


@pytest.fixture
def country(live_server):
    """The hierarchy as it stood before the reform, and two administrators."""
    load_hierarchy(reformed=False)
    root = Unit.objects.get(code="VKSTC")
    for name in ("admin", "admin2"):
        make.user(name, (Role.ADMIN, root))
    return root


def totals(one, day):
    """What the tree's page says of the day, the kinds that the reform is about."""
    one.go(f"/units/?on={day}")
    lines = one.page.locator("main .facts").first.locator("> div")
    told = {
        lines.nth(i).locator("dt").inner_text(): lines.nth(i).locator("dd").inner_text() for i in range(lines.count())
    }
    return {kind: int(told[kind]) for kind in BEFORE if kind in told}


def test_the_reform_from_the_shipped_sheet_done_undone_and_done_again(country, person):
    first, second = person().sign_in("admin"), person().sign_in("admin2")
    page = first.page
    first.go("/units/").follow("Phương án sắp xếp").follow("Soạn phương án")
    for name, words in {
        "title": "Sắp xếp từ 01/07/2025",
        "document_number": "84/2025/UBTVQH15",
        "document_issuer": "Ủy ban Thường vụ Quốc hội",
        "effective_on": "2025-07-01",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    first.press("Tạo phương án")
    paper = page.url
    first.follow("Nạp từ bảng tính")
    page.locator("[name=file]").set_input_files(DATA / "reorganisation_2025.xlsx")
    first.press("Nạp")
    first.follow("Xem trước và sau").fits_a_phone()
    assert "763 đơn vị kết thúc, 35 đơn vị bắt đầu" in first.text
    for _again in range(2):
        first.go(paper).press("Gửi duyệt")
        expect(first.button("Duyệt")).to_have_count(0)  # not by whoever drafted it
        second.go(paper).press("Duyệt")
        assert (totals(first, "30/06/2025"), totals(first, "01/07/2025")) == (BEFORE, AFTER)
        if _again:
            break
        first.go(paper)
        page.locator(".steps summary").filter(has_text="Hoàn tác").click()
        page.locator(".steps details[open] textarea").fill("Thử hoàn tác")
        first.press("Hoàn tác", page.locator(".steps details[open]"))
        assert totals(first, "01/07/2025") == BEFORE
        first.go(paper).press("Mở lại để soạn tiếp")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_branch_opens_by_the_keyboard_with_and_without_scripts(country, person, scripted):
    one = person(java_script_enabled=scripted).signed_in(country.memberships.first().user)
    one.go("/units/")
    hue = Unit.objects.get(code="T46")
    line = one.page.locator(f"#u{hue.pk}")
    line.locator("summary").focus()
    one.page.keyboard.press("Enter")
    if not scripted:
        one.page.keyboard.press("Tab")
        with one.leaving():
            one.page.keyboard.press("Enter")

    expect(one.page.locator(f"#u{hue.pk}").get_by_role("link", name="thành phố Huế").nth(0)).to_be_visible()
    expect(one.page.locator(f"#u{hue.pk} li li").first).to_be_visible()
