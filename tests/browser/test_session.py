"""What is typed is not lost: no network, no session, another editor, a second click."""

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from campaigns import flow
from campaigns.models import Plan, PlanVersion
from portal.web import middleware
from tests import make


def at_the_form(one, user, plan):
    one.signed_in(user).go(f"/plans/{plan.pk}/edit/")
    return one.page


def stored(plan):
    return Plan.objects.get(pk=plan.pk).theme


# --- without JavaScript ---


def test_without_scripts_a_plan_is_drafted_sent_and_approved(world, campaign, person):
    officer = person(java_script_enabled=False).signed_in(world.officer)
    officer.go("/").press("Lập kế hoạch")
    page = officer.page
    page.locator("[name=theme]").fill("Không cần mã kịch bản")
    page.locator("[name=organising]").fill("Hội nghị")
    first = page.locator("section[data-formset]").nth(0)
    first.locator("[name$='-0-what']").fill("Việc một")
    page.locator("section[data-formset]").nth(1).locator("[name$='-reason']").fill("Đã làm xong")

    officer.press("Thêm cam kết", first)

    assert page.locator("[name=theme]").input_value() == "Không cần mã kịch bản"
    assert page.locator("section[data-formset]").nth(1).locator("[name$='-reason']").input_value() == "Đã làm xong"
    first = page.locator("section[data-formset]").nth(0)
    assert first.locator("[name$='-0-what']").input_value() == "Việc một"
    for place, what in enumerate(("Việc một", "Việc hai")):
        row = {"what": what, "amount": "1.500", "measure": "người", "responsible": "Văn phòng"}
        row["due_on"] = f"{timezone.localdate():%Y-%m-%d}"
        for name, text in row.items():
            first.locator(f"[name$='-{place}-{name}']").fill(text)
    officer.press("Lưu bản nháp")
    plan = Plan.objects.get(unit=world.hue)
    assert [c.what for c in plan.commitments.all()] == ["Việc một", "Việc hai"]

    person(java_script_enabled=False).signed_in(world.head).go(plan.get_absolute_url()).press("Gửi kế hoạch")
    person(java_script_enabled=False).signed_in(world.office).go(plan.get_absolute_url()).press_and_confirm("Duyệt")
    assert Plan.objects.get(pk=plan.pk).state == "approved"


# --- the draft survives ---


EVERYTHING = "**/*"


def break_line(context):
    """From now on no request leaves; unlike the browser's own offline mode it holds for the very next one."""
    context.route(EVERYTHING, lambda route: route.abort("internetdisconnected"))


def mend_line(context):
    """Requests leave again, and open pages hear of it as the browser would tell them."""
    context.unroute(EVERYTHING)
    for page in context.pages:
        page.evaluate("dispatchEvent(new Event('online'))")


def switch_off(page):
    """As if the machine lost its power: the page cannot send its last words while it closes.

    Those of a closing page are sent to outlive it, so no route of the test would hold them back.
    """
    page.evaluate(
        "for (const name of ['visibilitychange', 'focusout', 'online'])"
        " addEventListener(name, event => event.stopImmediatePropagation(), true)"
    )
    page.close()


def test_a_lost_connection_keeps_the_draft_and_offers_it_again(world, plan, person):
    officer = person()
    officer.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = at_the_form(officer, world.officer, plan)
    break_line(officer.context)
    page.locator("[name=theme]").fill("Viết khi mất mạng")
    page.locator("[name=organising]").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Mất kết nối")
    assert stored(plan) == "Chủ đề của đơn vị"
    switch_off(page)
    mend_line(officer.context)

    officer.page = page = officer.tab()
    officer.go(f"/plans/{plan.pk}/edit/")
    assert page.locator("[name=theme]").input_value() == "Chủ đề của đơn vị"
    expect(page.locator("[data-draft-offer]")).to_be_visible()
    officer.button("Khôi phục").click()
    assert page.locator("[name=theme]").input_value() == "Viết khi mất mạng"
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    assert stored(plan) == "Viết khi mất mạng"
    officer.go(f"/plans/{plan.pk}/edit/")
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_when_the_network_returns_the_draft_saves_itself(world, plan, person):
    officer = person()
    officer.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = at_the_form(officer, world.officer, plan)
    break_line(officer.context)
    page.locator("[name=theme]").fill("Viết khi mất mạng")
    page.locator("[name=organising]").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Mất kết nối")
    mend_line(officer.context)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    assert stored(plan) == "Viết khi mất mạng"


def test_an_expired_session_keeps_the_draft_until_one_is_back(world, plan, person):
    officer = person()
    officer.forgiven += ["status of 401", "status of 403"]
    page = at_the_form(officer, world.officer, plan)
    officer.context.clear_cookies()
    page.locator("[name=theme]").fill("Viết khi hết phiên")
    page.locator("[name=organising]").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Phiên đã hết hạn")

    page.goto(f"{officer.address}/plans/{plan.pk}/edit/")
    page.locator("[name=login]").fill("officer")
    page.locator("[name=password]").fill(make.PASSWORD)
    officer.press("Đăng nhập", page.locator("main"))
    assert page.url.endswith(f"/plans/{plan.pk}/edit/")
    officer.button("Khôi phục").click()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    assert stored(plan) == "Viết khi hết phiên"


def test_another_person_at_the_same_browser_is_not_offered_the_draft(world, plan, person):
    one = person()
    one.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = at_the_form(one, world.officer, plan)
    break_line(one.context)
    page.locator("[name=theme]").fill("Chỉ của cán bộ")
    page.locator("[name=organising]").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Mất kết nối")
    switch_off(page)
    mend_line(one.context)
    one.context.clear_cookies()
    one.page = one.tab()
    page = at_the_form(one, world.head, plan)
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


# --- two at once ---


def test_the_second_of_two_editors_sees_both_texts(world, plan, person):
    officer, head = person(), person()
    head.forgiven += ["status of 409"]
    mine, theirs = at_the_form(officer, world.officer, plan), at_the_form(head, world.head, plan)
    mine.locator("[name=theme]").fill("Bản của cán bộ")
    officer.press("Lưu bản nháp")

    theirs.locator("[name=theme]").fill("Bản của thủ trưởng")
    theirs.locator("[name=organising]").focus()
    expect(theirs.locator("[data-autosave-status]")).to_contain_text("Người khác vừa sửa")
    head.press("Lưu bản nháp")

    clash = theirs.locator("section[role=alert]")
    expect(clash).to_contain_text("Trần Thị Cán Bộ")
    assert "cán bộ" in clash.locator("del").first.inner_text()
    assert "thủ trưởng" in clash.locator("ins").first.inner_text()
    assert stored(plan) == "Bản của cán bộ"
    assert theirs.locator("[name=theme]").input_value() == "Bản của thủ trưởng"
    head.fits_a_phone().press("Lưu bản nháp")  # now knowingly
    assert stored(plan) == "Bản của thủ trưởng"


def test_two_tabs_of_one_person_do_not_overwrite_each_other(world, plan, person):
    officer = person()
    officer.forgiven += ["status of 409"]
    first = at_the_form(officer, world.officer, plan)
    second = officer.tab()
    second.goto(first.url)
    first.locator("[name=theme]").fill("Thẻ thứ nhất")
    first.locator("[name=organising]").focus()
    expect(first.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc")
    second.locator("[name=theme]").fill("Thẻ thứ hai")
    second.locator("[name=organising]").focus()
    expect(second.locator("[data-autosave-status]")).to_contain_text("So sánh hai bản")
    expect(second.locator("[data-autosave-status]")).to_contain_text("Đồng chí vừa lưu")
    assert stored(plan) == "Thẻ thứ nhất"
    with officer.leaving(second):
        second.get_by_role("link", name="So sánh hai bản").click()
    second.locator("[data-draft-restore]").click()
    with officer.leaving(second):
        second.locator(".form-bar").get_by_role("button", name="Lưu bản nháp").click()
    assert "nhất" in second.locator("section[role=alert] del").first.inner_text()
    assert "hai" in second.locator("section[role=alert] ins").first.inner_text()


def test_a_double_click_sends_once(world, plan, person):
    head = person().signed_in(world.head).go(plan.get_absolute_url())
    with head.leaving():
        head.button("Gửi kế hoạch").dblclick()
    assert "Đã gửi kế hoạch" in head.text
    assert head.page.locator("main .alert").count() == 1, head.text
    assert PlanVersion.objects.filter(plan=plan).count() == 1


# --- the end of a session ---


@pytest.fixture
def idle(settings):
    """`idle(62)`: the browser counts so many seconds without work."""

    def set_to(seconds):
        settings.SESSION_COOKIE_AGE = seconds + middleware.RENEW_SECONDS

    assert django_settings.SESSION_COOKIE_AGE > 600
    return set_to


def test_before_the_session_ends_one_is_asked_and_may_go_on(world, plan, person, idle):
    idle(61)
    officer = person()
    page = at_the_form(officer, world.officer, plan)
    dialog = page.locator("#idle")
    expect(dialog).to_be_visible()
    figure = dialog.locator("[data-idle-left]")
    before = int(figure.inner_text())
    expect(officer.button("Tiếp tục làm việc")).to_be_focused()
    expect(figure).not_to_have_text(str(before))
    assert int(figure.inner_text()) < before <= 60
    with page.expect_response("**/session/keep/") as kept:
        officer.button("Tiếp tục làm việc").click()
    assert kept.value.status == 200
    expect(dialog).to_be_hidden(timeout=900)  # until the next second of this very short session
    officer.check().go(f"/plans/{plan.pk}/edit/")
    assert "login" not in page.url


def test_a_session_that_ran_out_says_so_and_keeps_the_draft(world, plan, person, idle):
    idle(3)
    officer = person()
    officer.forgiven += ["ERR_INTERNET_DISCONNECTED"]
    page = at_the_form(officer, world.officer, plan)
    break_line(officer.context)
    page.locator("[name=theme]").evaluate(  # the dialog lies over the form
        "field => { field.value = 'Viết dở'; field.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(page.locator("[data-idle-ended]")).to_be_visible()
    expect(page.locator("[data-idle-ended]")).to_contain_text("Phiên làm việc đã kết thúc")
    expect(page.locator("[data-idle-warning]")).to_be_hidden()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Phiên đã hết hạn")
    mend_line(officer.context)
    page.keyboard.press("Escape")
    expect(page.locator("#idle")).to_be_visible()
    officer.follow("Đăng nhập lại", page.locator("#idle"))


def test_a_draft_under_review_is_no_longer_a_form(world, plan, person):
    officer = person()
    officer.forgiven += ["status of 422"]
    page = at_the_form(officer, world.officer, plan)
    flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))
    page.locator("[name=theme]").fill("Quá muộn")
    page.locator("[name=organising]").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Chưa lưu lên cổng")
    assert stored(plan) == "Chủ đề của đơn vị"


def test_who_signs_out_leaves_no_draft_in_the_browser(world, person):
    one = person().signed_in(world.officer).go("/")
    one.page.evaluate("localStorage.setItem('draft:plan-1-1', '{}')")
    one.page.locator("header details[data-menu] summary").first.click()

    one.press("Đăng xuất", one.page.locator("header .menu-box").first)

    assert one.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []
