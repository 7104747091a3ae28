"""Signing in, staying in, being shown out; one answer for known and unknown names."""

import re
import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.tasks import deliver
from tests import make
from units.access import accounts, rights
from units.models import Role, User

LOGIN = "/accounts/login/"


def sign_in(client, login="head", password=make.PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def test_the_right_password_opens_the_home_page(world, client):
    client.get(LOGIN)
    response = sign_in(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_one_may_sign_in_by_mail_address(world, client):
    assert sign_in(client, "head@vks.example").status_code == 302


def test_the_answer_to_a_wrong_name_and_a_wrong_password_is_the_same(world, client):
    said = lambda response: response.context["form"].non_field_errors()  # noqa: E731

    assert said(sign_in(client, "head", "sai")) == said(sign_in(client, "nobody-of-that-name", "sai"))


def test_guessing_is_slowed_down(world, client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,3/5m/key"}
    for _ in range(3):
        sign_in(client, "head", "sai")

    response = sign_in(client)

    assert response.status_code == 200 and "quá nhiều lần" in response.content.decode()
    cache.clear()


def test_the_session_key_changes_at_sign_in(world, client):
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)

    assert client.cookies["sessionid"].value != before


def test_cookies_are_closed_to_scripts_and_other_sites(world, client):
    sign_in(client)
    cookie = client.cookies["sessionid"]

    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_after_a_working_day_the_session_ends_whatever_one_does(world, client, settings):
    client.force_login(world.head)
    session = client.session
    session["signed_in_at"] = int(time.time()) - settings.SESSION_ABSOLUTE_SECONDS - 1
    session.save()

    assert client.get("/campaigns/").status_code == 302


def test_an_account_that_was_switched_off_is_out_at_the_next_request(world, client):
    client.force_login(world.head)
    User.objects.filter(pk=world.head.pk).update(is_active=False)

    assert client.get("/").status_code == 302


def test_nobody_registers(world, client):
    response = client.post("/accounts/signup/", {"username": "new", "email": "n@x.example", "password1": "x" * 12})

    assert not User.objects.filter(username="new").exists()
    assert response.status_code in (200, 302, 403)


def test_a_password_is_reset_by_mail_once(world, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post("/accounts/password/reset/", {"email": "head@vks.example"})
    deliver()
    link = re.search(r"http://[^\s]+(/accounts/password/reset/key/[^\s]+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    new = "mat-khau-hoan-toan-moi-2026"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert User.objects.get(pk=world.head.pk).check_password(new)
    client.logout()
    again = client.get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_an_unknown_address_gets_the_same_answer(world, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    known = client.post("/accounts/password/reset/", {"email": "head@vks.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "khong-co@vks.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


@pytest.mark.parametrize("accept", ["en-US,en;q=0.9", "fr", ""])
def test_vietnamese_comes_first_whatever_the_browser_wishes(world, client, accept):
    assert '<html lang="vi">' in client.get(LOGIN, headers={"accept-language": accept}).content.decode()


def test_the_language_can_be_switched(world, client):
    client.post(reverse("set_language"), {"language": "en", "next": LOGIN})

    assert '<html lang="en">' in client.get(LOGIN).content.decode()


def test_the_portal_sends_nobody_elsewhere(world, client):
    response = client.post(
        LOGIN + "?next=https://evil.example/",
        {"login": "head", "password": make.PASSWORD, "next": "https://evil.example/"},
    )

    assert response["Location"] == "/"


def test_the_policy_forbids_scripts_and_styles_inside_the_page(world, client):
    policy = client.get(LOGIN)["Content-Security-Policy"]

    assert "unsafe-inline" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("key", ['"abcdefgh\\000ijkl"', "../../etc/passwd", "x" * 5000, "é" * 20, "abcdefgh'--", ""])
def test_a_made_up_session_key_is_nobody_s(world, client, key):
    client.cookies.load({"sessionid": "x"})
    client.cookies["sessionid"].set("sessionid", key, key)

    assert client.get("/").status_code == 302


def _replay(cookie):
    """Whether the cookie of a session still opens a page in another browser."""
    thief = Client()
    thief.cookies["sessionid"] = cookie
    return thief.get("/").status_code == 200


def test_a_cookie_that_was_copied_is_dead_after_sign_out(world, client):
    sign_in(client)
    copied = client.cookies["sessionid"].value
    assert _replay(copied)
    client.post("/accounts/logout/")

    assert not _replay(copied)


def test_the_session_key_changes_with_the_second_step_too(world, client):
    make.factor(world.head)
    sign_in(client)
    before = client.cookies["sessionid"].value
    client.post("/accounts/second-step/", {"code": make.code()})

    assert client.cookies["sessionid"].value != before and not _replay(before)


@pytest.mark.parametrize("deed", ["password", "factor", "deactivate", "invite", "grant"])
def test_every_other_session_is_dead_after_what_changes_the_account(world, client, deed):
    copies = []
    for browser in (client, Client()):
        sign_in(browser)
        browser.get("/")
        copies.append(browser.cookies["sessionid"].value)
    new = "Thuyen-mat-cau-xanh-2031"
    said = {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    own = {
        "password": lambda: client.post(reverse("account_change_password"), said),
        "factor": lambda: client.post(
            reverse("mfa_activate_totp"),
            {"code": make.code(secret=client.get(reverse("mfa_activate_totp")).context["form"].secret)},
        ),
    }
    theirs = {
        "deactivate": lambda: accounts.deactivate(
            world.head, by=world.admin, note="Lý do", version=make.seen(world.head)
        ),
        "invite": lambda: accounts.invite(world.head, by=world.admin, version=make.seen(world.head)),
        "grant": lambda: rights.grant(
            world.head, world.kv1, Role.AUDITOR, by=world.admin, document="QĐ 1", version=make.seen(world.head)
        ),
    }
    (own | theirs)[deed]()

    assert not any(_replay(copy) for copy in copies)
    assert (client.get("/").status_code == 200) == (deed in own)
