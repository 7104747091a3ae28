"""An administrator opens an account by invitation and gives a role; it opens the unit's desk at once."""

import re

from playwright.sync_api import expect

from portal.models import OutboxMail
from portal.notices import services as notices
from tests import make
from units.models import Membership, Person, Posting

NEW = "mat-khau-hoan-toan-moi-2026"


def test_the_new_head_of_a_unit_sees_its_desk(world, person):
    make.launched(world.root, world.office)
    someone = person().sign_in("nobody")
    assert "chưa có vai trò" in someone.text
    admin = person().sign_in("admin")
    page = admin.page
    with admin.leaving():
        page.locator(".nav-wide").get_by_role("link", name=admin.say("Quản trị")).click()
    page.locator("[name=q]").fill("nguoi khong vai")
    admin.press("Lọc").follow("Người Không Vai").follow("Cấp vai trò")
    page.locator("[name=unit]").fill("vksnd hue")
    page.get_by_label(admin.say("Thủ trưởng đơn vị"), exact=True).check()
    page.locator("[name=document]").fill("12/QĐ-VKS")
    admin.press("Cấp vai trò", page.locator("main form"))
    assert "12/QĐ-VKS" in admin.text
    assert Membership.objects.filter(user=world.nobody, unit=world.hue, role="head").exists()

    someone.page.goto(someone.address)  # the change ended the session
    someone.sign_in("nobody")
    assert "VKSND Huế" in someone.text
    expect(someone.button("Lập kế hoạch")).to_be_visible()


def test_who_is_invited_sets_a_password_and_is_in(world, person, settings):
    settings.EMAIL_BACKEND, settings.DEMO = (
        "portal.notices.mail.OutboxBackend",
        True,
    )  # only there letters hold the link
    newcomer = Person.objects.create(staff_code="CB01", full_name="Đặng Thị Mới")
    Posting.objects.create(person=newcomer, unit=world.hue)
    admin = person().signed_in(world.admin).go("/rights/accounts/new/")
    admin.page.locator("[name=q]").fill("dang moi")
    with admin.leaving():
        admin.button("Tìm").click()
    with admin.leaving():
        admin.page.locator("main table a").click()
    admin.page.locator("[name=email]").fill("moi@vks.example")
    admin.press("Mở tài khoản và gửi lời mời")
    assert "đã mời" in admin.text
    notices.deliver()

    guest = person()
    path = re.search(re.escape(settings.BASE_URL) + r"(/accounts/\S+)", OutboxMail.objects.first().body)[1]
    guest.go(path)
    guest.page.locator("[name=password1]").fill(NEW)
    guest.page.locator("[name=password2]").fill(NEW)
    guest.press("Lưu mật khẩu mới")
    guest.page.goto(f"{guest.address}/accounts/login/")
    guest.page.locator("[name=login]").fill("moidt")
    guest.page.locator("[name=password]").fill(NEW)
    guest.press("Đăng nhập", guest.page.locator("main"))
    assert "Đặng Thị Mới" in guest.text
