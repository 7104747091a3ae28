"""A passkey in a real browser: added, asked for at sign-in and before a deed, taken away."""

from django.urls import reverse
from playwright.sync_api import expect

from portal.days import today
from portal.models import Entry
from tests import make
from tests.browser.test_accessibility import examine
from units.models import Membership

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_signs_in_and_proves_who_is_there(world, person, client):
    one = person()
    cdp = one.context.new_cdp_session(one.page)
    cdp.send("WebAuthn.enable")
    device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    one.sign_in("admin")
    one.go(reverse("mfa_index")).follow("Thêm khóa truy cập")
    found = examine(one, "mfa_add_webauthn", set())
    one.page.locator("[name=name]").fill("Máy cơ quan")
    one.press("Thêm khóa truy cập")
    assert one.page.locator(".codes li").count() == 10
    found += examine(one, "mfa_view_recovery_codes", set())
    one.go(reverse("mfa_index"))
    assert "Máy cơ quan" in one.text
    found += examine(one, "mfa_index with a key", set())

    # at sign-in
    one.context.clear_cookies()
    one.sign_in("admin")
    assert one.page.url.endswith(reverse("mfa_authenticate"))
    found += examine(one, "mfa_authenticate with a key", set())
    one.press("Dùng khóa truy cập")
    expect(one.page).to_have_url(f"{one.address}/")

    # before a deed, by the key alone
    cookie = next(c for c in one.context.cookies() if c["name"] == "sessionid")
    client.cookies["sessionid"] = cookie["value"]
    make.old_session(client)
    one.go(reverse("role_grant", args=[world.nobody.pk]))
    one.page.locator("[name=unit]").fill("HUE")
    one.page.locator("[name=role][value=auditor]").check()
    one.page.locator("[name=valid_from]").fill(f"{today():%Y-%m-%d}")
    one.page.locator("[name=document]").fill("QĐ 1")
    one.press("Cấp vai trò", one.page.locator("main"))
    assert not Membership.objects.filter(user=world.nobody).exists()
    found += examine(one, "mfa_reauthenticate_webauthn", set())
    one.press("Dùng khóa truy cập")
    assert Membership.objects.get(user=world.nobody).role == "auditor"

    # a key that is not there is told in words
    cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    for act in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        one.go(reverse(act, args=[world.admin.authenticator_set.get(type="webauthn").pk]))
        found += examine(one, act, set())
    one.press("Gỡ khóa truy cập")
    assert not world.admin.authenticator_set.exists()
    assert "factor_remove" in Entry.objects.about(world.admin).values_list("verb", flat=True)
    assert not found, "\n".join(found)
