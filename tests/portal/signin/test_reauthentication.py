"""What hands out power asks who is there when the last proof is older than five minutes, and loses nothing."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from portal.days import today
from portal.models import Entry
from tests import make
from tests.addresses import address
from tests.test_doors import everything
from units.models import Membership, Role, User

AGAIN = "/accounts/reauthenticate/"
GUARDED = {
    "account_change_password",
    "account_edit",
    "account_new",
    "account_step",
    "delegate",
    "duplicate_compare",
    "edition_step",
    "exchange_apply",
    "figure_step",
    "merge_undo",
    "proposal_step",
    "reorganisation_step",
    "revoke",
    "role_end",
    "role_grant",
    "sitting_key",
    "sitting_paper",
    "sitting_step",
    "sitting_unlock",
    "unit_change",
    "unit_office",
}
FACTORS = ("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes")


@pytest.fixture
def admin(world, client):
    """The administrator, signed in a while ago."""
    client.force_login(world.admin)
    client.get("/")
    make.old_session(client)
    return client


def grant(world, **said):
    return {
        "unit": "HUE",
        "role": "auditor",
        "valid_from": f"{today():%d/%m/%Y}",
        "document": "QĐ 1",
        "version": User.objects.get(pk=world.nobody.pk).version,
    } | said


def guarded(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from guarded(pattern)
        elif getattr(pattern.callback, "asks_again", False):
            yield pattern.name


def test_the_list_of_what_asks_again_is_this():
    assert set(guarded()) == GUARDED


def test_with_an_old_session_no_such_form_is_carried_out(world, rows, admin):  # noqa: F811
    sent = {"version": "1", "note": "Lý do", "confirm": "1", "action": "apply", "oldpassword": make.PASSWORD}
    admin.get("/")
    before = everything()
    for name in GUARDED - {"exchange_apply", "unit_change", "sitting_paper"}:
        try:
            opens = reverse(name, args=[rows["sitting"], "open_secret"]) if name == "sitting_step" else ""
            where = opens or address(name, rows)
        except (NoReverseMatch, KeyError):
            where = reverse(name)
        answer = admin.post(where, sent | grant(world))
        assert answer.status_code == 302 and answer.url.startswith(AGAIN), name
        assert everything() == before, name


def test_with_an_old_session_no_factor_changes(world, client):
    client.force_login(world.head)
    make.old_session(client)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(AGAIN)
    make.factor(world.head)
    client.force_login(world.head)
    make.old_session(client)
    for name in FACTORS[1:]:
        for ask in (client.get, client.post):
            assert ask(reverse(name)).url.startswith(reverse("mfa_reauthenticate")), name
    assert world.head.authenticator_set.count() == 1


def test_what_was_sent_is_done_once_the_person_has_proved_who_they_are(world, admin):
    where = reverse("role_grant", args=[world.nobody.pk])
    asked = admin.post(where, grant(world))
    assert not Membership.objects.filter(user=world.nobody).exists()
    wrong = admin.post(AGAIN, {"password": "sai", "next": where})
    assert wrong.status_code == 200 and not Membership.objects.filter(user=world.nobody).exists()
    done = admin.post(asked.url, {"password": make.PASSWORD, "next": where})

    assert done.url == world.nobody.get_absolute_url()
    assert Membership.objects.get(user=world.nobody).role == Role.AUDITOR
    assert admin.post(reverse("role_end", args=[Membership.objects.get(user=world.nobody).pk])).status_code == 200


def test_what_the_form_refuses_then_stands_in_it_as_it_was_typed(world, admin):
    where = reverse("role_grant", args=[world.nobody.pk]) + "?unit=HUE"
    asked = admin.post(where, grant(world, document="QĐ số 17 vừa gõ", unit="khong-co"))
    back = admin.post(asked.url, {"password": make.PASSWORD, "next": where})
    page = admin.get(back.url).content.decode()

    assert back.url == where and "QĐ số 17 vừa gõ" in page and "chưa thực hiện" in page
    assert "QĐ số 17 vừa gõ" not in admin.get(where).content.decode()
    assert not Membership.objects.filter(user=world.nobody).exists()


def test_what_was_asked_for_and_dropped_is_not_done_by_a_later_proof(world, admin):
    admin.post(reverse("role_grant", args=[world.nobody.pk]), grant(world))
    admin.post(AGAIN, {"password": make.PASSWORD, "next": reverse("mfa_activate_totp")})

    assert not Membership.objects.filter(user=world.nobody).exists()


def test_a_button_with_a_reason_is_carried_on_with_too(world, admin):
    where = reverse("account_step", args=[world.nobody.pk, "deactivate"])
    asked = admin.post(where, {"version": world.nobody.version, "note": "Chuyển ngành"})
    admin.post(asked.url, {"password": make.PASSWORD, "next": where})

    assert not User.objects.get(pk=world.nobody.pk).is_active
    assert Entry.objects.about(world.nobody).first().note == "Chuyển ngành"


def test_who_has_a_second_step_proves_it_with_that(world, client):
    make.factor(world.admin)
    client.force_login(world.admin)
    make.old_session(client)
    where = reverse("role_grant", args=[world.nobody.pk])
    asked = client.post(where, grant(world))
    by_password = client.post(AGAIN, {"password": make.PASSWORD, "next": where})
    assert by_password.url.startswith(reverse("mfa_reauthenticate"))
    assert not Membership.objects.filter(user=world.nobody).exists()

    assert client.post(asked.url, {"code": make.code(), "next": where}).url == world.nobody.get_absolute_url()
    assert Membership.objects.filter(user=world.nobody).exists()


def test_no_password_waits_in_the_session(world, client):
    client.force_login(world.head)
    make.old_session(client)
    where = reverse("account_change_password")
    new = "Thuyen-mat-cau-xanh-2031"
    asked = client.post(where, {"oldpassword": make.PASSWORD, "password1": new, "password2": new})

    assert make.PASSWORD not in str(dict(client.session)) and new not in str(dict(client.session))
    assert client.post(asked.url, {"password": make.PASSWORD, "next": where}).url == where
    client.post(where, {"oldpassword": make.PASSWORD, "password1": new, "password2": new})
    assert User.objects.get(pk=world.head.pk).check_password(new)


def test_signing_in_is_a_proof_and_guessing_the_password_again_is_slowed_down(world, settings):
    client = Client()
    client.post("/accounts/login/", {"login": "admin", "password": make.PASSWORD})
    assert client.post(reverse("role_grant", args=[world.nobody.pk]), grant(world)).url.startswith("/rights/")

    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "3/m/user"}
    answers = [client.post(AGAIN, {"password": "sai"}).status_code for _ in range(5)]
    assert answers[:3] == [200] * 3 and answers[4] == 429
