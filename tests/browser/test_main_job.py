"""The main job as people do it: a campaign is launched, a unit answers, the office reviews."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from campaigns.campaigns.importers import load_plan127
from campaigns.models import Campaign, Obligation, Plan
from tests import make
from units.hierarchy.importers import load_hierarchy
from units.models import Role, Unit


def day(ahead):
    return f"{timezone.localdate() + timedelta(days=ahead):%Y-%m-%d}"


@pytest.fixture
def country(live_server):
    """The real hierarchy, the real campaign of 2021, and the people of one province."""
    load_hierarchy()
    load_plan127()
    root, province = Unit.objects.get(code="VKSTC"), Unit.objects.get(code="T48.25")
    make.user("office", (Role.OFFICE, root), full_name="Lê Thị Văn Phòng")
    make.user("head", (Role.HEAD, province), full_name="Nguyễn Thủ Trưởng")
    make.user("officer", (Role.OFFICER, province), full_name="Trần Thị Cán Bộ")
    return province


def figures(office):
    """The tiles of the desk: to answer, not sent, waiting, returned, approved."""
    tiles = office.page.locator(".stats .stat strong")
    return [int(tiles.nth(i).inner_text()) for i in range(tiles.count())]


def row_of(office, unit):
    """The unit's row at the desk or in the grid, under the name in the reader's language."""
    with translation.override(office.lang):
        return office.page.locator(".grid-table tbody tr, form table tbody tr").filter(has_text=unit.label)


def fill_commitment(page, card, what):
    for name, text in {
        "what": what,
        "amount": "95,5" if page.locator("html").get_attribute("lang") == "vi" else "95.5",
        "measure": "%",
        "responsible": "Phòng 1",
        "due_on": day(100),
    }.items():
        card.locator(f"[name$='-{name}']").fill(text)


def test_from_the_clone_of_plan_127_to_an_approved_plan(country, person):
    """The office works in Vietnamese and the unit in English; each page they open is looked at in both."""
    office = person("vi").sign_in("office")
    page = office.page

    # the office clones the campaign of 2021 …
    source = Campaign.objects.get(code__contains="127")
    office.go(source.get_absolute_url()).in_both()
    office.follow("Sao chép")
    page.locator("[name=code]").fill("PT-MOI")
    page.locator("[name=title]").fill("Phong trào mới")
    page.locator("[name=starts_on]").fill(day(0))
    office.press("Sao chép thành bản nháp")

    # … gives it days, a deadline, who owes and the plan that opens it …
    office.in_both()
    page.locator("[name=starts_on]").fill(day(0))
    page.locator("[name=ends_on]").fill(day(180))
    page.locator("[name=milestone-registration-due_at]").fill(day(14))
    page.locator("[name=milestone-registration-due_at-hour]").fill("17:00")
    for box in page.locator("[name=milestone-registration-owed_by]").all():
        box.set_checked(box.get_attribute("value") == "province")
    office.button("Thêm văn bản").click()
    last = page.locator("[name$='-number']").last
    assert last.input_value() == ""
    place = last.get_attribute("name").removesuffix("-number")
    page.locator(f"[name={place}-number]").fill("5/KH-VKSTC")
    page.locator(f"[name={place}-dated]").fill(day(0))
    page.locator(f"[name={place}-issuer]").fill("Viện kiểm sát nhân dân tối cao")
    page.locator(f"[name={place}-title]").fill("Kế hoạch phát động")
    page.locator(f"[name={place}-is_plan]").check()
    office.press("Lưu và xem trước")
    assert "5/KH-VKSTC" in office.text
    office.follow("Trở lại soạn")

    # … and launches it, having read who will owe a plan
    office.follow("Phát động…")
    assert "34" in page.locator("section.panel details summary").inner_text()
    office.in_both().press("Phát động và báo cho các đơn vị")
    campaign = Campaign.objects.get(code="PT-MOI")
    assert campaign.state == "launched" and campaign.milestones.get().due_at is not None
    desk, grid = f"/campaigns/{campaign.pk}/desk/", f"/campaigns/{campaign.pk}/grid/"
    office.go(desk).in_both()
    assert figures(office) == [34, 34, 0, 0, 0, 0]

    # the officer drafts; the draft saves itself
    officer = person("en").sign_in("officer")
    officer.in_both().press("Lập kế hoạch")
    plan = Plan.objects.get(campaign=campaign, unit=country)
    form = officer.page
    officer.in_both()
    form.locator("[name=theme]").fill("An toàn, hiệu quả")
    form.locator("[name=organising]").fill("Phát động tại hội nghị, sơ kết hằng quý")
    areas = form.locator("section[data-formset]")
    assert areas.count() == 5
    for i in range(areas.count()):
        cards = areas.nth(i).locator("[data-rows] .commitment")
        fill_commitment(form, cards.nth(0), f"Việc {i + 1}")
    officer.button("Thêm cam kết", areas.nth(0)).click()
    added = areas.nth(0).locator("[data-rows] .commitment").nth(1)
    expect(added.locator("[name$='-what']")).to_be_focused()
    fill_commitment(form, added, "Việc thêm")
    saved = officer.say("Đã lưu lúc %s").split("%s")[0]
    expect(form.locator("[data-autosave-status]")).to_contain_text(saved, timeout=5000)
    officer.check()
    form.locator("[name=theme]").focus()  # leaving the last field saves at once
    officer.press("Lưu bản nháp")
    assert "Việc thêm" in officer.text and "%" in officer.text
    assert plan.commitments.count() == 6
    assert officer.button("Gửi kế hoạch").count() == 0
    office.go(desk)
    assert figures(office) == [34, 34, 0, 0, 0, 0]

    # the head sends it
    head = person("en").sign_in("head")
    head.go(plan.get_absolute_url()).in_both().press("Gửi kế hoạch")
    office.go(desk)
    assert figures(office) == [34, 33, 1, 0, 0, 0]
    office.go(grid).in_both()
    cells = row_of(office, country).locator("td")
    assert [c.split()[0] for c in cells.all_inner_texts()[1:]] == ["2", "1", "1", "1", "1"]

    # the office comments at a field and returns the plan with a reason
    office.go(desk)
    with office.leaving():
        row_of(office, country).get_by_role("link", name=office.say("Xem xét")).click()
    assert office.pk == plan.pk
    place = page.locator(f"#area-{campaign.areas.first().pk}")
    place.locator("details.comment-add summary").click()
    place.locator("textarea").fill("Nêu rõ số người")
    office.press("Ghi góp ý", place)
    page.locator(".steps summary").filter(has_text=f"{office.say('Trả lại')}…").click()
    page.locator("[name=note]").fill("Bổ sung nội dung thứ nhất")
    office.press("Trả lại", page.locator(".steps details[open]"))
    office.go(desk)
    assert figures(office) == [34, 33, 0, 1, 0, 0]

    # the head reads both where they belong, mends and sends again
    head.go("/").follow("Xem góp ý và sửa")
    assert "Bổ sung nội dung thứ nhất" in head.text
    area = head.page.locator(f"#area-{campaign.areas.first().pk}")
    expect(area.locator("blockquote.comment")).to_contain_text("Nêu rõ số người")
    head.in_both()
    area.locator("[name$='-0-what']").fill("Việc 1 cho 500 người")
    head.press("Lưu bản nháp").press("Gửi lại")
    office.go(desk)
    assert figures(office) == [34, 33, 1, 0, 0, 0]

    # the office approves
    office.follow("Kế hoạch chờ lâu nhất")
    assert "Việc 1 cho 500 người" in office.text
    office.go(f"{plan.get_absolute_url()}compare/").in_both()
    assert page.locator("ins").count()
    office.go(plan.get_absolute_url()).press_and_confirm("Duyệt")
    office.go(desk)
    assert figures(office) == [34, 33, 0, 0, 1, 0]
    office.go(grid)
    assert office.say("đã duyệt") in row_of(office, country).inner_text()
    assert Obligation.objects.get(unit=country, milestone__campaign=campaign).met_at
    assert plan.versions.count() == 2
    head.go(plan.get_absolute_url())
    assert head.page.locator(".state.tone-approved").count()
    officer.go("/notices/").in_both()
