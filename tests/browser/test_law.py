"""The office drafts an edition and a salary, a second person puts both in force for tomorrow, and tomorrow comes."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from awards.law import standards
from awards.law.bonus import base_salary
from awards.models import LawEdition, Nomination
from awards.nominations import flow as nominations
from portal.days import today
from tests import make
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.slow


def sent(world, name):
    made = make.nomination(make.submission(world.hue, world.officer), make.person(name, world.hue), world.officer)
    [moved] = nominations.move("submit", [made], by=world.head, versions={made.pk: made.version})
    return moved


def photograph(one, name):
    if folder := os.environ.get("SCREENSHOTS"):
        for size in (WIDE, NARROW):
            one.page.set_viewport_size(size)
            one.page.screenshot(path=Path(folder, f"{name}-{size['width']}.png"), full_page=True)
        one.page.set_viewport_size(WIDE)


def test_a_percentage_and_a_salary_change_tomorrow(world, person, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    tomorrow, salary = today() + timedelta(days=1), base_salary(today())
    before = sent(world, "Người Trước")
    august = make.person("Người Tháng Tám", world.hue, joined_on=today().replace(month=8, day=1))
    make.received(world.hue, world.root, award="LDTT", state="review", person=august)
    office, second = person().signed_in(world.office), person().signed_in(world.office2)

    office.go("/awards/editions/").follow("Soạn bộ quy định")
    office.page.locator("[name=before]").select_option("RS-2025")
    for name, text in (("code", "QD-2027"), ("name", "Quy định mới"), ("name_en", "New rules")):
        office.page.locator(f"[name={name}]").fill(text)
    office.page.locator("[name=valid_from]").fill(f"{tomorrow:%Y-%m-%d}")
    office.press("Tạo bản soạn")
    draft = LawEdition.objects.get()
    photograph(office, "edition")

    office.page.locator("#awards").get_by_role("link", name="Tập thể lao động tiên tiến").click()
    office.page.locator("a", has_text="Sửa").filter(has_text="70%").first.click()
    expect(office.page.locator("[name=percent]")).to_have_value("70")
    office.page.locator("[name=percent]").fill("75")
    photograph(office, "edition-row")
    office.press("Lưu")
    office.in_both()
    office.go(f"/awards/editions/{draft.pk}/")
    assert "70%" in office.page.locator("del").first.inner_text()
    assert "75%" in office.page.locator("ins").first.inner_text()
    office.go(f"/awards/editions/{draft.pk}/award/0/")
    office.page.locator("a", has_text="Sửa").filter(has_text="6 tháng").first.click()
    office.page.locator("[name=months]").fill("5")
    office.press("Lưu")

    office.go(f"/awards/editions/{draft.pk}/").press("Thử trên hồ sơ đã nhận")
    office.go("/awards/editions/trial/QD-2027/").in_both()
    expect(office.page.locator("main")).to_contain_text("Người Tháng Tám")
    photograph(office, "edition-trial")
    office.go(f"/awards/editions/{draft.pk}/").press("Đề nghị ban hành")
    assert office.button("Cho có hiệu lực").count() == 0

    office.go("/awards/figures/new/")
    office.page.locator("[name=amount]").fill("2.700.000")
    office.page.locator("[name=valid_from]").fill(f"{tomorrow:%Y-%m-%d}")
    office.page.locator("[name=basis]").fill("Nghị định thử, Điều 3")
    office.press("Lưu").press("Đề nghị ban hành")

    for path in (f"/awards/editions/{draft.pk}/", office.page.url):
        second.go(path).in_both().press_and_confirm("Cho có hiệu lực")
    assert (standards.in_force(today()).code, base_salary(today())) == ("RS-2025", salary)
    moment = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    assert (standards.in_force(today()).code, base_salary(today())) == ("QD-2027", 2_700_000)
    after = sent(world, "Người Sau")
    assert (Nomination.objects.get(pk=before.pk).edition, after.edition) == ("RS-2025", "QD-2027")
    second.signed_in(world.office2).go("/awards/editions/begins/QD-2027/").in_both()  # a day ends every session
    assert second.say("đã có hiệu lực") in second.text
    photograph(second, "edition-begins")
