"""An administrator gives a role, and it opens the unit's desk at once."""

from playwright.sync_api import expect

from tests import make
from units.models import Membership


def choose(page, field, typed, label):
    """In a select of the Django admin that searches as one types."""
    page.locator(f".field-{field} .select2-selection").click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=label).first.click()


def test_the_new_head_of_a_unit_sees_its_desk(world, person):
    make.launched(world.root, world.office)
    someone = person().sign_in("nobody")
    assert "chưa có vai trò" in someone.text
    admin = person().sign_in("admin")
    admin.forgiven += ["/admin/: Failed to load resource: the server responded with a status of 404"]  # favicon.ico
    page = admin.page
    with admin.leaving():
        page.locator(".nav-wide").get_by_role("link", name=admin.say("Quản trị")).click()
    with admin.leaving():
        page.locator(".model-membership .addlink").first.click()
    choose(page, "user", "nobody", "Người Không Vai")
    choose(page, "unit", "Huế", "Huế")
    page.locator("[name=role]").select_option("head")
    with admin.leaving():
        page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Membership.objects.filter(user=world.nobody, unit=world.hue, role="head").exists()

    someone.go("/")
    assert "VKSND Huế" in someone.text
    expect(someone.button("Lập kế hoạch")).to_be_visible()
