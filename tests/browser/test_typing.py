"""What is typed is what is seen: whoever leaves an editor has saved, and the bar says how the saving stands."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from awards.models import Nomination, Submission
from campaigns.models import Plan
from portal.models import Entry
from tests import make

SAVED, STATUS = "Đã lưu lúc", "[data-autosave-status]"


@pytest.fixture
def paper(live_server, world):
    return make.submission(world.hue, world.officer)


@pytest.fixture
def draft(world, paper):
    return make.nomination(paper, world.officer.person, world.officer)


def theme(plan):
    return Plan.objects.get(pk=plan.pk).theme


def test_review_and_send_right_after_typing_shows_and_sends_the_new_text(world, plan, person):
    head = person().signed_in(world.head).go(f"/plans/{plan.pk}/edit/")
    head.page.locator("[name=theme]").press_sequentially("chữ vừa gõ – ")
    head.press("Xem lại và gửi")

    assert "chữ vừa gõ" in head.text
    head.press("Gửi kế hoạch")
    assert "Đã gửi kế hoạch" in head.text
    assert theme(plan).startswith("chữ vừa gõ") and Plan.objects.get(pk=plan.pk).state == "submitted"


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_a_button_of_the_form_without_scripts_too(world, draft, person, scripts):
    officer = (
        person(java_script_enabled=scripts).signed_in(world.officer).go(reverse("nomination_edit", args=[draft.pk]))
    )
    officer.page.locator("[name=summary]").fill("Vừa gõ xong")
    officer.press("Xem lại và gửi")
    assert "Vừa gõ xong" in officer.text
    assert Nomination.objects.get(pk=draft.pk).summary == "Vừa gõ xong"


@pytest.mark.parametrize("link", ["Hộp", "Trang chủ"])
def test_any_link_saves_first_and_waits_for_the_answer(world, plan, person, link):
    officer = person().signed_in(world.officer).go(f"/plans/{plan.pk}/edit/")
    officer.page.locator("[name=theme]").fill(f"Rời trang: {link}")
    with officer.leaving():
        officer.page.locator("header a.brand" if link == "Trang chủ" else "nav.crumbs a >> nth=1").click()
    assert theme(plan) == f"Rời trang: {link}"
    assert Entry.objects.about(plan).filter(verb="edit").count() == 1


def test_another_form_of_the_page_waits_too(world, plan, person):
    officer = person().signed_in(world.officer).go(f"/plans/{plan.pk}/edit/")
    officer.page.locator("[name=theme]").fill("Trước khi đổi ngôn ngữ")
    officer.lang = "en"
    with officer.leaving():
        officer.page.locator("header .top-row > .langs").get_by_role("button", name="English").click()
    assert theme(plan) == "Trước khi đổi ngôn ngữ"


def test_the_cover_of_a_paper_is_saved_by_its_way_back(world, paper, person):
    officer = person().signed_in(world.officer).go(reverse("submission_edit", args=[paper.pk]))
    officer.page.locator("[name=title]").fill("Tên vừa gõ")
    officer.follow("Trở lại tờ trình")
    assert "Tên vừa gõ" in officer.page.locator("h1").inner_text()
    assert Submission.objects.get(pk=paper.pk).title == "Tên vừa gõ"


def test_without_a_line_one_is_told_once_and_may_leave_then(world, plan, person):
    officer = person()
    officer.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = officer.signed_in(world.officer).go(f"/plans/{plan.pk}/edit/").page
    page.route("**/autosave/", lambda route: route.abort("internetdisconnected"))
    page.locator("[name=theme]").fill("Không gửi được")
    page.locator("header a.brand").click()
    expect(page.locator(STATUS)).to_contain_text("Bấm lần nữa để rời trang")
    assert "/edit/" in page.url
    with officer.leaving():
        page.locator("header a.brand").click()
    assert "/edit/" not in page.url


def test_an_answer_that_was_lost_makes_nobody_a_stranger(world, plan, person):
    """The portal saved, the browser never heard of it: the next saving is one's own."""
    officer = person()
    officer.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = officer.signed_in(world.officer).go(f"/plans/{plan.pk}/edit/").page
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort("internetdisconnected")

    page.route("**/autosave/", lose)
    page.locator("[name=theme]").fill("Bản một")
    page.locator("[name=organising]").focus()
    expect(page.locator(STATUS)).to_contain_text("Mất kết nối")
    assert lost == [200] and theme(plan) == "Bản một"
    page.locator("[name=theme]").fill("Bản hai")
    page.locator("[name=organising]").focus()
    expect(page.locator(STATUS)).to_contain_text(SAVED)
    officer.press("Lưu bản nháp")
    assert theme(plan) == "Bản hai" and "khác" not in officer.page.locator("main .alert").first.inner_text()


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, {"width": 1440, "height": 900}])
def test_the_state_of_saving_is_in_view_wherever_one_types(world, plan, person, size):
    officer = person(viewport=size).signed_in(world.officer).go(f"/plans/{plan.pk}/edit/")
    page = officer.page
    for name in ("theme", "reason"):
        field = page.locator(f"[name$={name}]").last
        field.scroll_into_view_if_needed()
        field.fill(f"Gõ vào {name}")
        page.keyboard.press("Tab")
        expect(page.locator(STATUS)).to_contain_text(SAVED)
        expect(page.locator(STATUS)).to_be_in_viewport()


def test_one_wrong_field_is_told_at_its_place_and_stops_no_other(world, plan, person):
    officer = person().signed_in(world.officer).go(f"/plans/{plan.pk}/edit/")
    page = officer.page
    amount = page.locator("[name$='-0-amount']").first
    page.locator("[name=theme]").fill("Được lưu")
    amount.fill("1,500")
    page.locator("[name=organising]").focus()

    expect(page.locator(STATUS)).to_contain_text("chưa lưu được: ")
    assert theme(plan) == "Được lưu"
    expect(amount).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{amount.get_attribute('aria-describedby').split()[-1]}")
    expect(told).to_contain_text("1500 hoặc 1,5")
    page.locator(f"{STATUS} a").click()
    expect(amount).to_be_focused()

    page.locator("header a.brand").click()  # what would be left behind is said once
    expect(page.locator(STATUS)).to_contain_text("Bấm lần nữa để rời trang")
    expect(amount).to_be_focused()
    amount.fill("1.500")
    page.keyboard.press("Tab")
    expect(page.locator(STATUS)).to_have_text(re.compile("^Đã lưu lúc [0-9:]+$"))
    expect(amount).not_to_have_attribute("aria-invalid", "true")
    assert plan.commitments.first().amount == 1500
    with officer.leaving():
        page.locator("header a.brand").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_list_of_errors_leads_to_the_fields(world, plan, person, scripts):
    officer = person(java_script_enabled=scripts).signed_in(world.officer).go(f"/plans/{plan.pk}/edit/")
    page = officer.page
    day = page.locator("[name$='-due_on']").last
    if scripts:  # a day of which the year is missing; without scripts a browser sends it as if it were empty
        day.fill("")
        day.press_sequentially("1503")
    else:
        page.locator("[name$='-0-amount']").last.fill("mười")
    officer.press("Lưu bản nháp")

    errors = page.locator("[data-errors]")
    expect(errors).to_be_focused()
    expect(errors).to_contain_text("Đã lưu bản nháp, trừ 1 chỗ chưa đúng")
    errors.get_by_role("link").click()
    wrong = day if scripts else page.locator("[name$='-0-amount']").last
    expect(wrong).to_be_focused()


def test_a_campaigns_draft_saves_itself_and_is_previewed_as_typed(live_server, world, person):
    campaign = make.campaign(world.root)
    office = person().signed_in(world.office).go(reverse("campaign_edit", args=[campaign.pk]))
    page = office.page
    page.locator("[name=objective]").fill("Mục tiêu vừa gõ")
    office.button("Thêm nội dung").click()
    page.locator("[name=areas-2-code]").fill("ND3")
    page.locator("[name=areas-2-title]").fill("Nội dung vừa thêm")
    office.follow("Xem trước")
    assert "Mục tiêu vừa gõ" in office.text and "Nội dung vừa thêm" in office.text
    office.go(reverse("campaign_edit", args=[campaign.pk]))
    page.locator("[name=ends_on]").fill("1800-01-01")
    office.press("Lưu bản nháp")
    expect(page.locator("[data-errors]")).to_be_focused()
    page.locator("[data-errors] a").click()
    expect(page.locator("[name=ends_on]")).to_be_focused()
    assert campaign.areas.count() == 3


def test_the_index_follows_what_is_typed(world, plan, person):
    page = person().signed_in(world.officer).go(f"/plans/{plan.pk}/edit/").page
    figure = page.locator(".sections a[href='#theme'] .num")
    expect(figure).to_have_text("2/2")

    page.locator("[name=theme]").fill("")
    page.locator("[name=organising]").focus()

    expect(figure).to_have_text("1/2")
    expect(figure).not_to_have_class(re.compile("whole"))


def test_a_drafted_result_is_there_when_one_comes_back(live_server, world, person):
    lying = make.received(world.hue, world.root)
    office = person().signed_in(world.office).go(reverse("review", args=[lying.pk]))
    office.page.locator("#id_note").fill("Thiếu báo cáo")
    office.page.get_by_label("không đủ điều kiện", exact=True).check()
    with office.leaving():
        office.page.locator("header a.brand").click()

    stored = Nomination.objects.get(pk=lying.pk)
    assert (stored.draft_result, stored.draft_result_note) == ("unfit", "Thiếu báo cáo")


def test_what_is_typed_of_a_new_initiative_stays_in_the_browser_until_it_is_sent(live_server, world, person):
    officer = person().signed_in(world.officer).go(reverse("initiative_new"))
    page = officer.page
    page.locator("[name=title]").fill("Sáng kiến đang viết")
    page.locator("[name=summary]").focus()
    expect(page.locator(STATUS)).to_contain_text("trên máy này")

    officer.go(reverse("initiative_new"))
    page.locator("[data-draft-restore]").click()

    assert page.locator("[name=title]").input_value() == "Sáng kiến đang viết"
