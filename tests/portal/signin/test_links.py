"""Links that set a password are made for one letter, kept nowhere, shown to nobody, and die with what they rest on."""

import re
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.models import Entry, ForgottenPassword, Notice, OutboxMail
from portal.tasks import deliver
from tests import make
from units.access import accounts, rights
from units.access.accounts import StaffAccountAdapter
from units.models import Person, Posting, Role, User

RESET = "/accounts/password/reset/"
LINK = re.compile(r"/accounts/password/reset/key/[^\s/]+-[^\s/]+/")
NEW = "mat-khau-hoan-toan-moi-2026"


class Down(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("không nối được máy chủ thư")


class Slow(BaseEmailBackend):
    """A mail server that takes its time."""

    def open(self):
        time.sleep(3)

    def send_messages(self, messages):
        time.sleep(3)
        return len(messages)


@pytest.fixture
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def link(letter):
    return LINK.search(letter.body)[0]


def opens(path):
    """Whether the link leads to the form."""
    return "password1" in Client().get(path, follow=True).content.decode()


def invited(world, letters):
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    deliver()
    return link(letters[-1])


def asked_for_reset(world, letters):
    Client().post(RESET, {"email": world.officer.email})
    deliver()
    return link(letters[-1])


# --- kept nowhere ---


@pytest.mark.parametrize("ask", [invited, asked_for_reset])
def test_the_database_holds_no_link_that_works(world, letters, ask, settings):
    settings.DEMO = False
    path = ask(world, letters)
    secret = path.rstrip("/").rpartition("-")[2]

    for model in apps.get_models():
        for row in model._base_manager.values():
            assert secret not in str(row), model
            assert "/password/reset/key/" not in str(row), model
    assert opens(path)


def test_letters_kept_outside_the_demo_hold_the_link_masked(world, settings):
    settings.EMAIL_BACKEND, settings.DEMO = "portal.notices.mail.OutboxBackend", False
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    deliver()

    letter = OutboxMail.objects.get()
    assert not LINK.search(letter.body) and "/password/reset/key/…/" in letter.body


@pytest.mark.parametrize(("who", "status"), [("admin", 200), ("office", 404), ("auditor", 404), ("officer", 404)])
def test_only_the_demos_outbox_shows_a_link_and_never_to_the_office(world, settings, client, who, status):
    settings.EMAIL_BACKEND, settings.DEMO = "portal.notices.mail.OutboxBackend", True
    accounts.invite(world.head, by=world.admin, version=make.seen(world.head))
    deliver()
    letter = OutboxMail.objects.get()
    client.force_login(getattr(world, who))

    page = client.get(reverse("outbox_letter", args=[letter.pk]))
    assert page.status_code == status
    if status == 200:
        assert LINK.search(page.content.decode()) and "Chỉ ở bản dùng thử" in page.content.decode()
    settings.DEMO = False  # the rows of a demo, read by what is none any more
    assert not LINK.search(client.get(reverse("outbox_letter", args=[letter.pk])).content.decode())


def test_no_other_page_of_the_portal_shows_a_link(world, settings, client):
    settings.EMAIL_BACKEND, settings.DEMO = "portal.notices.mail.OutboxBackend", True
    accounts.invite(world.head, by=world.admin, version=make.seen(world.head))
    client.post(RESET, {"email": world.head.email})
    deliver()
    for who in (world.admin, world.office, world.auditor, world.head):
        client.force_login(who)
        for name, args in (
            ("home", []),
            ("notices", []),
            ("outbox", []),
            ("reminders_sent", []),
            ("account", [world.head.pk]),
            ("unit_trail", [world.hue.pk]),
            ("person_detail", [world.head.person_id]),
        ):
            assert "reset/key" not in client.get(reverse(name, args=args)).content.decode(), (who, name)


# --- when they die ---


@pytest.mark.parametrize("ask", [invited, asked_for_reset])
@pytest.mark.parametrize("deed", ["use", "invite", "end role", "close", "sign in", "password"])
def test_a_link_dies_with_what_it_rests_on(world, letters, ask, deed):
    path = ask(world, letters)
    assert opens(path)
    account = User.objects.get(pk=world.officer.pk)
    if deed == "use":
        browser = Client()
        page = browser.get(path, follow=True)
        browser.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
        assert User.objects.get(pk=account.pk).check_password(NEW)
    elif deed == "invite":
        accounts.invite(account, by=world.admin, version=make.seen(account))
    elif deed == "end role":
        rights.end(
            account.memberships.get(), by=world.admin, note="x", version=make.seen(account.memberships.get().user)
        )
    elif deed == "close":
        accounts.deactivate(account, by=world.admin, note="x", version=make.seen(account))
        accounts.reactivate(account, by=world.admin, note="x", version=make.seen(account))
    elif deed == "sign in":
        User.objects.filter(pk=account.pk).update(last_login=timezone.now())
    elif deed == "password":
        StaffAccountAdapter().set_password(account, NEW)

    assert not opens(path)


def test_a_role_given_after_the_invitation_leaves_its_link_alive(world, letters):
    path = invited(world, letters)
    rights.grant(
        world.officer, world.kv1, Role.OFFICER, by=world.admin, document="1/QĐ", version=make.seen(world.officer)
    )

    assert opens(path)


def test_a_letter_that_waited_too_long_or_was_overtaken_does_not_leave(world, letters):
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    deliver()
    assert len(letters) == 1

    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    Notice.objects.filter(mail_state="pending").update(created_at=timezone.now() - timedelta(hours=73))
    deliver()
    assert len(letters) == 1


def test_of_two_who_use_one_link_at_once_the_second_is_too_late(world, letters):
    path = invited(world, letters)
    first, second = Client(), Client()
    stale = User.objects.get(pk=world.officer.pk)
    page = first.get(path, follow=True)
    first.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert not opens(path)
    with pytest.raises(Exception) as refusal:  # noqa: B017, PT011 -- named below
        StaffAccountAdapter().set_password(stale, "another-password-2026")
    assert type(refusal.value).__name__ == "PermissionDenied"
    assert second.get(path).status_code == 200


def test_whoever_runs_the_server_prints_a_link_where_no_mail_leaves(world, capsys):
    call_command("password_link", "officer")

    assert opens(LINK.search(capsys.readouterr().out)[0])
    assert Entry.objects.about(world.officer).first().note == "manage.py password_link"
    with pytest.raises(CommandError):
        call_command("password_link", "nobody-of-that-name")


# --- who forgot the password ---


@pytest.mark.parametrize("backend", ["Down", "Slow"])
@pytest.mark.parametrize("address", ["head@vks.example", "khong-co@vks.example"])
def test_a_mail_server_that_is_away_or_slow_is_not_felt_by_who_forgot_the_password(
    world, client, settings, backend, address
):
    settings.EMAIL_BACKEND = f"tests.portal.signin.test_links.{backend}"
    began = time.monotonic()
    answer = client.post(RESET, {"email": address})

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert time.monotonic() - began < 2
    assert ForgottenPassword.objects.get().address == address


def test_known_and_unknown_addresses_cost_the_same_work(world, client):
    def asked(address):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post(RESET, {"email": address})
        return [re.sub(r"'[^']*'", "?", q["sql"]) for q in queries]

    asked("first@vks.example")
    assert asked("head@vks.example") == asked("khong@vks.example")


def test_the_worker_answers_once_and_forgets_who_is_nobody(world, client, letters):
    User.objects.filter(pk=world.officer.pk).update(is_active=False)
    for address in ("HEAD@vks.example", "khong-co@vks.example", "officer@vks.example"):
        client.post(RESET, {"email": address})
    deliver()
    deliver()

    assert [letter.to for letter in letters] == [["head@vks.example"]]
    assert not ForgottenPassword.objects.exists()


def test_the_limits_of_asking_still_count(world, client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,2/m/key"}
    answers = [client.post(RESET, {"email": "head@vks.example"}).status_code for _time in range(3)]

    assert answers == [302, 302, 429]
    assert ForgottenPassword.objects.count() == 2
    cache.clear()


def test_the_sign_in_library_tells_people_through_the_worker(world, client, settings):
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.EMAIL_BACKEND = "tests.portal.signin.test_links.Down"
    client.force_login(world.head)

    said = {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), said).status_code == 302

    assert Notice.objects.filter(recipient=world.head, kind="account", mail_state="pending").exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver()
    assert [letter.to for letter in mail.outbox] == [["head@vks.example"]]


def test_an_account_that_was_opened_gets_its_letter_and_an_account_without_address_none(world, letters):
    person = Person.objects.create(staff_code="CB9", full_name="Đặng Mới")
    Posting.objects.create(person=person, unit=world.hue)
    account = accounts.open_account(User(username="moid", email="moid@vks.example", person=person), by=world.admin)
    deliver()

    assert letters[0].to == ["moid@vks.example"] and account.username in letters[0].body
    User.objects.filter(pk=account.pk).update(email="")
    Client().post(RESET, {"email": "x@vks.example"})
    deliver()
    assert len(letters) == 1
