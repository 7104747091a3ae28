"""The second step of signing in: who needs it, what opens it, what becomes of it."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.days import today
from portal.models import Entry, Notice
from portal.tasks import deliver
from tests import make
from units.access import accounts
from units.access.second_person import why_dependent
from units.models import Role, User
from units.people import services

LOGIN = "/accounts/login/"
STEP = "/accounts/second-step/"


def sign_in(client, login="head", password=make.PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def verbs(user):
    return list(Entry.objects.about(user).values_list("verb", flat=True))


def set_up(client):
    """Add an app through its page; returns the recovery codes that were shown."""
    page = client.get(reverse("mfa_activate_totp"))
    code = make.code(secret=page.context["form"].secret)
    page = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    return re.findall(r"<code>(\d{8})</code>", page.content.decode())


def test_a_password_alone_opens_nothing_where_there_is_a_second_step(world, client):
    make.factor(world.head)

    assert sign_in(client).url == STEP
    assert client.get("/").url.startswith(LOGIN)
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert client.get("/").url.startswith(LOGIN)
    assert client.post(STEP, {"code": make.code()}).url == "/"
    assert client.get("/").status_code == 200


def test_a_code_opens_once_whatever_the_cache_forgets(world):
    make.factor(world.head)
    answers = []
    for code in (make.code(), make.code(), make.code(-1), make.code(1)):
        client = Client()
        sign_in(client)
        answers.append(client.post(STEP, {"code": code}).status_code)
        cache.clear()

    assert answers == [302, 200, 200, 302]


def test_the_code_that_proved_the_app_does_not_sign_in(world, client):
    client.force_login(world.head)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = make.code(secret=secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = Client()
    sign_in(other)

    assert other.post(STEP, {"code": code}).status_code == 200


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "0" * 5000, "\x01", "123 456"])
def test_a_strange_code_is_refused_in_words(world, client, code):
    make.factor(world.head)
    sign_in(client)
    page = client.post(STEP, {"code": code})

    assert page.status_code == 200 and page.context["form"].errors


def test_guessing_codes_is_slowed_down(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,3/5m/key"}
    make.factor(world.head)
    sign_in(client)
    for _ in range(3):
        client.post(STEP, {"code": "000000"})
    page = client.post(STEP, {"code": make.code()})

    assert page.status_code == 200 and "quá nhiều lần" in page.content.decode()


def test_a_new_password_by_mail_does_not_skip_the_second_step(world, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make.factor(world.head)
    client.post("/accounts/password/reset/", {"email": "head@vks.example"})
    deliver()
    letter = next(letter for letter in mail.outbox if "/reset/key/" in letter.body)
    page = client.get(re.search(r"http://[^\s]+(/accounts/password/reset/key/[^\s]+)", letter.body)[1], follow=True)
    new = "mat-khau-hoan-toan-moi-2026"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert client.get("/").url.startswith(LOGIN)
    assert sign_in(client, password=new).url == STEP
    assert client.get("/").url.startswith(LOGIN)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_role_that_needs_it_leads_to_the_set_up_and_to_nothing_else(world, client, settings, language):
    settings.MFA_ROLES = ["office"]
    client.cookies["django_language"] = language
    client.force_login(world.office)

    for name in ("home", "campaign_list", "preferences", "sessions", "account_change_password", "system_trail"):
        assert client.get(reverse(name)).url == reverse("mfa_index"), name
    assert client.post(reverse("notices_read")).url == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert ("cần bước xác thực thứ hai" in page) == (language == "vi") and reverse("campaign_list") not in page
    assert client.post(reverse("keep_session")).status_code == 200
    assert len(set_up(client)) == 10
    assert client.get("/").status_code == 200


def test_other_roles_and_those_who_have_one_go_on_as_before(world, client, settings):
    settings.MFA_ROLES = ["office"]
    make.factor(world.office2)

    for who in (world.head, world.office2):
        client.force_login(who)
        assert client.get("/").status_code == 200


def test_who_is_led_to_the_set_up_goes_on_where_they_wanted(world, client, settings):
    settings.MFA_ROLES = ["office"]
    client.force_login(world.office)
    client.get("/campaigns/?q=thi")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    page = client.post(reverse("mfa_activate_totp"), {"code": make.code(secret=secret)}, follow=True)

    assert 'href="/campaigns/?q=thi"' in page.content.decode()


def test_what_was_typed_before_the_set_up_is_not_lost(world, client, settings):
    campaign = make.launched(world.root, world.office)
    plan = make.plan(campaign, world.hue, world.officer)
    settings.MFA_ROLES = ["officer"]
    client.force_login(world.officer)
    edit = reverse("plan_edit", args=[plan.pk])
    client.post(edit, {"theme": "Chủ đề vừa gõ", "version": plan.version, "person": world.officer.pk})
    set_up(client)

    assert "Chủ đề vừa gõ" in client.get(edit).content.decode()


def test_recovery_codes_are_shown_once_and_open_once(world, client):
    client.force_login(world.head)
    codes = set_up(client)
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    answers = []
    for code in (codes[0], codes[0], codes[1]):
        other = Client()
        sign_in(other)
        answers.append(other.post(STEP, {"code": code}).status_code)

    assert len(codes) == 10 and not any(code in again for code in codes)
    assert answers == [302, 200, 302]
    assert verbs(world.head).count("recovery_used") == 2


def test_new_recovery_codes_end_the_old_ones(world, client):
    client.force_login(world.head)
    old = set_up(client)
    page = client.post(reverse("mfa_generate_recovery_codes"), follow=True).content.decode()
    new = re.findall(r"<code>(\d{8})</code>", page)
    answers = []
    for code in (old[0], new[0]):
        other = Client()
        sign_in(other)
        answers.append(other.post(STEP, {"code": code}).status_code)

    assert answers == [200, 302] and f"{new[0]}%0A" in page


def test_a_factor_that_changes_ends_all_other_sessions_and_is_told(world, client):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(world.head)
        browser.get("/")
    set_up(here)
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    there.force_login(world.head)
    here.post(reverse("mfa_deactivate_totp"))

    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    assert not Authenticator.objects.filter(user=world.head).exists()
    assert verbs(world.head) == ["factor_remove", "recovery_codes", "factor_add"]
    assert Notice.objects.filter(recipient=world.head, kind="factor").count() == 3


def test_the_database_does_not_tell_the_secrets(world, client, settings):
    settings.SECRET_KEY = "mot-khoa-cu-" * 5
    client.force_login(world.head)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": make.code(secret=secret)})
    app = Authenticator.objects.get(user=world.head, type="totp")
    assert secret not in str(app.data)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "mot-khoa-moi" * 5
    client.logout()
    sign_in(client)
    assert client.post(STEP, {"code": make.code(1, secret)}).status_code == 302


def test_the_account_knows_whether_it_has_a_second_step_without_a_question_more(world, django_assert_num_queries):
    make.factor(world.head)
    for user, has in ((world.head, True), (world.office, False)):
        [found] = accounts._signed_in(user.pk)
        with django_assert_num_queries(0):
            assert bool(found.has_factor) is has
        assert User.objects.get(pk=user.pk).has_factor is has


JUNK = ["", "x", "[]", "{}", "null", '{"id": "a"}', '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
        '{"id": "é", "rawId": "é", "type": "x", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", '
        '"authenticatorData": "AA", "signature": "AA"}}', "9" * 5000, '{"id": ' + "[" * 5000 + "}"]  # fmt: skip


@pytest.mark.parametrize("answer", JUNK)
def test_what_is_no_answer_of_a_key_is_refused_in_words(world, client, answer):
    client.force_login(world.head)
    client.get(reverse("mfa_add_webauthn"))
    page = client.post(reverse("mfa_add_webauthn"), {"name": "Khóa", "credential": answer})
    assert page.status_code == 200 and page.context["form"].errors
    make.factor(world.head)
    client.logout()
    sign_in(client)
    client.get(STEP)
    assert client.post(STEP, {"credential": answer}).status_code == 200
    client.post(STEP, {"code": make.code()})
    client.get(reverse("mfa_reauthenticate_webauthn"))
    assert client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": answer}).status_code == 302
    assert world.head.authenticator_set.count() == 1


def test_nobody_touches_the_key_of_somebody_else(world, client):
    theirs = Authenticator.objects.create(user=world.head, type="webauthn", data={"name": "Khóa", "credential": {}})
    client.force_login(world.admin)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        for ask in (client.get, client.post):
            assert ask(reverse(name, args=[theirs.pk]), {"name": "x"}).status_code == 404
    assert Authenticator.objects.get(pk=theirs.pk).data["name"] == "Khóa"


def test_an_administrator_takes_off_what_its_holder_has_lost(world, client):
    make.factor(world.head)
    there = Client()
    there.force_login(world.head)
    there.get("/")
    client.force_login(world.admin)
    where = reverse("account_step", args=[world.head.pk, "factors"])
    send = lambda note: client.post(where, {"note": note, "version": User.objects.get(pk=world.head.pk).version})  # noqa: E731

    assert "Gỡ bước xác thực thứ hai" in client.get(world.head.get_absolute_url()).content.decode()
    send("  ")
    assert world.head.authenticator_set.exists()
    send("Mất điện thoại, đã gặp")

    assert not world.head.authenticator_set.exists() and there.get("/").status_code == 302
    line = Entry.objects.about(world.head).first()
    assert (line.verb, line.by, line.note) == ("factor_remove", world.admin, "Mất điện thoại, đã gặp")
    told = Notice.objects.filter(recipient=world.head, kind="factor").latest("pk")
    assert "Vũ Quản Trị" in told.body and "Mất điện thoại" in told.body and told.mail_state == "pending"
    send("Lần nữa")
    assert Entry.objects.about(world.head).filter(verb="factor_remove").count() == 1


def test_nobody_takes_off_the_own_second_step_as_administrator_nor_one_outside(world, client):
    local = make.user("local", (Role.ADMIN, world.vinh))
    for account in (world.admin, world.head, local):
        make.factor(account)
    for who, whose in (
        (world.admin, world.admin),
        (local, world.head),
        (world.head, world.officer),
        (world.office, local),
    ):
        client.force_login(who)
        said = {"note": "Lý do", "version": User.objects.get(pk=whose.pk).version}
        assert client.post(reverse("account_step", args=[whose.pk, "factors"]), said).status_code in (403, 404)
    assert Authenticator.objects.count() == 3


def test_who_had_it_taken_off_is_no_second_person_to_that_administrator(world):
    second = make.user("admin2", (Role.ADMIN, world.root))
    assert not why_dependent(second, of=[world.admin.pk])
    make.factor(second)
    accounts.remove_factors(second, by=world.admin, note="Mất điện thoại", version=make.seen(second))

    assert why_dependent(second, of=[world.admin.pk])


def test_a_record_made_anonymous_keeps_no_key(world):
    make.factor(world.head)
    person = world.head.person
    accounts.deactivate(world.head, by=world.admin, note="Nghỉ hưu", version=make.seen(world.head))
    person.statuses.create(kind="retired", valid_from=today() - timedelta(days=4000))
    person.postings.update(valid_to=today() - timedelta(days=1))
    services.anonymise(person, by=world.admin, version=person.version, reason="Hết thời hạn")

    assert not Authenticator.objects.filter(user=world.head).exists()
