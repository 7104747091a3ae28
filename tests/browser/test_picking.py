"""Who is meant is found by typing part of a name: with the keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests import make
from units.models import Collective, Posting


@pytest.fixture
def posting(live_server, world):
    Collective.objects.create(unit=world.kv1, code="KV1-P1", name="Phòng 1")
    Collective.objects.create(unit=world.vinh, code="VINH-P1", name="Phòng 1")
    return make.person("Nguyễn Thị Hoà", world.vinh, code="H1", birth_year=1980).postings.get()


def test_a_transfer_is_written_with_the_keyboard_alone(world, person, posting):
    admin = person().signed_in(world.admin).go(f"/people/postings/{posting.pk}/transfer/")
    page, unit = admin.page, admin.page.get_by_role("combobox", name="Đến đơn vị")
    unit.focus()
    page.keyboard.type("vksnd")
    offered = page.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_count(5)
    expect(page.locator(".pick [role=status]").first).to_have_text("Có 5 kết quả.")
    assert unit.get_attribute("aria-expanded") == "true"

    page.keyboard.press("Escape")
    expect(offered).to_have_count(0)
    assert (unit.input_value(), unit.get_attribute("aria-expanded")) == ("vksnd", "false")

    page.keyboard.type(" khu vuc")
    expect(offered).to_have_count(1)
    page.keyboard.press("ArrowUp")
    chosen = offered.first
    assert unit.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert unit.input_value() == "VKSND khu vực 1, VKSND Huế"

    page.keyboard.press("Tab")
    page.keyboard.type("phong")  # of the unit that was chosen, no other's
    expect(offered).to_have_text(["Phòng 1, VKSND khu vực 1 Phòng"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("[name=valid_from]").fill("2024-03-01")
    page.locator("[name=document]").fill("7/QĐ")
    with admin.leaving():
        page.locator("[name=document]").press("Enter")

    there = Posting.objects.get(person=posting.person, valid_to=None)
    assert (there.unit, there.collective.code) == (world.kv1, "KV1-P1")


def test_without_scripts_the_form_comes_back_with_what_is_meant(world, person, posting):
    admin = person(java_script_enabled=False).signed_in(world.admin).go(f"/people/postings/{posting.pk}/transfer/")
    page = admin.page
    page.locator("[name=unit]").fill("vksnd")
    page.locator("[name=valid_from]").fill("2024-03-01")
    page.locator("[name=document]").fill("7/QĐ")
    admin.press("Chuyển")
    assert "Hãy chọn một dưới đây" in admin.text
    page.get_by_role("radio", name="VKSND khu vực 1, VKSND Huế").check()
    admin.fits_a_phone().press("Chuyển")

    assert Posting.objects.get(person=posting.person, valid_to=None).unit == world.kv1
