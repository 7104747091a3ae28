"""Accounts are opened by invitation, closed with a reason, and no way leads around the rules."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, OutboxMail, UserSession
from portal.notices import services as notices
from portal.tasks import clear_sessions, deliver
from tests import make
from units.access import accounts
from units.access.flow import PROPOSAL
from units.models import Membership, Person, PersonStatus, Posting, Proposal, Role, User

NEW = "mat-khau-hoan-toan-moi-2026"


@pytest.fixture
def outbox(settings):
    """Letters become rows, whole as in a demo."""
    settings.EMAIL_BACKEND = "portal.notices.mail.OutboxBackend"
    settings.DEMO = True


@pytest.fixture
def newcomer(world):
    person = Person.objects.create(staff_code="CB01", full_name="Đặng Thị Mới", birth_year=1985)
    Posting.objects.create(person=person, unit=world.hue, position="Kiểm sát viên")
    return person


def again(user):
    return User.objects.get(pk=user.pk)


def opened(world, person, by=None):
    return accounts.open_account(User(username="moidt", email="moi@vks.example", person=person), by=by or world.admin)


def last_link():
    """The link of the newest letter in the outbox."""
    notices.deliver()
    letter = OutboxMail.objects.first()
    return re.search(rf"{re.escape(settings.BASE_URL)}(/accounts/password/reset/key/\S+)", letter.body)[1]


def use(link, password=NEW):
    """Open the link in a fresh browser and set the password; whether the form was there."""
    browser = Client()
    page = browser.get(link, follow=True)
    if "password1" not in page.content.decode():
        return False
    browser.post(page.request["PATH_INFO"], {"password1": password, "password2": password})
    return True


# --- inviting ---


def test_an_invitation_lands_in_the_outbox_and_sets_the_password_once(world, newcomer, outbox):
    account = opened(world, newcomer)
    link = last_link()
    letter = OutboxMail.objects.first()

    assert (letter.to, "moidt" in letter.body, "Vũ Quản Trị" in letter.body) == ("moi@vks.example", True, True)
    assert use(link) and again(account).check_password(NEW)
    assert not use(link, "another-one-2026-x")
    assert [e.verb for e in Entry.objects.about(account)] == ["password", "invite", "create"]
    assert {"create", "invite"} <= {e.verb for e in Entry.objects.about(world.hue)}
    assert not account.notices.unread().exists()  # a dead link waits for nobody


def test_the_link_expires(world, newcomer, monkeypatch, outbox):
    opened(world, newcomer)
    link = last_link()
    late = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)  # noqa: DTZ005 -- as Django counts
    monkeypatch.setattr(type(default_token_generator), "_now", lambda self: late)

    assert not use(link)


def test_a_new_invitation_ends_the_former_link_password_and_sessions(world, client, outbox):
    client.force_login(world.officer)
    client.get("/units/")
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    first = last_link()
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))

    assert not again(world.officer).has_usable_password()
    assert client.get("/units/").status_code == 302
    assert not use(first) and use(last_link())


def test_only_people_at_work_in_ones_units_and_without_account_get_one(world, newcomer):
    local = make.user("hueadmin", (Role.ADMIN, world.hue))
    elsewhere = Person.objects.create(staff_code="CB02", full_name="Trần Ở Nghệ An")
    Posting.objects.create(person=elsewhere, unit=world.vinh)
    retired = Person.objects.create(staff_code="CB03", full_name="Lê Đã Nghỉ")
    Posting.objects.create(person=retired, unit=world.hue)
    PersonStatus.objects.create(person=retired, kind="retired", valid_from=today())

    assert list(accounts.without_account(local)) == [newcomer]
    assert set(accounts.without_account(world.admin)) == {newcomer, elsewhere}
    for person in (elsewhere, retired, world.officer.person):
        with pytest.raises(Refused):
            opened(world, person, by=local)
    Posting.objects.create(person=newcomer, unit=world.vinh)  # belongs to others too: not for Hue alone to open
    assert not accounts.without_account(local).exists()


def test_names_to_sign_in_are_suggested_without_accents_and_never_twice(world, newcomer):
    assert accounts.suggested_username(newcomer) == "moidt"
    opened(world, newcomer)
    namesake = Person.objects.create(staff_code="CB04", full_name="Đào Thu Mới")
    assert accounts.suggested_username(namesake) == "moidt2"


def test_one_address_belongs_to_one_account(world, newcomer):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", email="HEAD@vks.example")
    with pytest.raises(Refused, match="vừa được dùng"):
        accounts.open_account(User(username="x", email="head@vks.example", person=newcomer), by=world.admin)
    assert not User.objects.filter(username="x").exists()


def test_the_pages_open_an_account_and_a_second_click_opens_no_other(world, newcomer, client):
    client.force_login(world.admin)
    found = client.get(reverse("account_new"), {"q": "dang moi"}).content.decode()
    url = f"{reverse('account_new')}?person={newcomer.pk}"
    assert "Đặng Thị Mới" in found and 'value="moidt"' in client.get(url).content.decode()

    for _click in range(2):
        client.post(url, {"username": "MoiDT", "email": "Moi@vks.example", "language": "vi"})
    account = User.objects.get(person=newcomer)
    assert (account.username, account.email, account.is_staff) == ("moidt", "moi@vks.example", False)
    assert Entry.objects.about(account).filter(verb="create").count() == 1
    for field, value in (
        ("username", "thủ trưởng"),
        ("username", "head"),
        ("email", "head@vks.example"),
        ("email", "x"),
    ):
        other = Person.objects.create(staff_code=f"X{field}{value}"[:20], full_name="Ai Đó")
        data = {"username": "moi9", "email": "moi9@vks.example", "language": "vi"} | {field: value}
        assert client.post(f"{reverse('account_new')}?person={other.pk}", data).context["form"].errors[field]


# --- changing, closing ---


def test_after_the_address_changed_the_former_one_opens_nothing(world, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post("/accounts/password/reset/", {"email": "officer@vks.example"})
    deliver()
    assert len(mail.outbox) == 1
    link = re.search(r"http://[^\s]+(/accounts/password/reset/key/[^\s]+)", mail.outbox[0].body)[1]

    made = accounts.change(world.officer, by=world.admin, version=None, email="new@vks.example", language="vi")
    EmailAddress.objects.create(user=world.officer, email=world.officer.email)
    second = make.user("admin2", (Role.ADMIN, world.root))
    PROPOSAL.take("confirm", made, by=second, version=made.version)

    assert not use(link)
    assert not EmailAddress.objects.filter(user=world.officer).exists()
    deliver()
    mail.outbox[1:] = []
    client.post("/accounts/password/reset/", {"email": "officer@vks.example"})
    deliver()
    assert len(mail.outbox) == 1
    entry = Entry.objects.about(world.officer).filter(verb="address").get()
    assert (entry.by, entry.note) == (world.admin, "Admin2 xác nhận")
    assert list(entry.changes.values()) == [["officer@vks.example", "new@vks.example"]]


def test_a_closed_account_is_out_at_once_and_opens_again_without_its_old_sessions(world, client):
    client.force_login(world.officer)
    client.get("/units/")
    with pytest.raises(Refused, match="lý do"):
        accounts.deactivate(world.officer, by=world.admin, note="", version=make.seen(world.officer))
    accounts.deactivate(world.officer, by=world.admin, note="biệt phái", version=make.seen(world.officer))
    assert client.get("/units/").status_code == 302
    assert not Client().login(username="officer", password=make.PASSWORD)

    accounts.reactivate(world.officer, by=world.admin, note="đã về", version=make.seen(world.officer))
    assert client.get("/units/").status_code == 302
    assert (Role.OFFICER, world.hue.pk) in again(world.officer).roles_held()
    notes = Entry.objects.about(world.officer).values_list("verb", "note")
    assert list(notes) == [("reactivate", "đã về"), ("deactivate", "biệt phái")]
    assert Entry.objects.about(world.hue).filter(verb="deactivate").exists()


@pytest.mark.parametrize("step", ["invite", "deactivate", "sessions"])
def test_the_buttons_ask_for_the_version_and_the_right(world, client, step):
    url = reverse("account_step", args=[world.officer.pk, step])
    before = again(world.officer).version
    client.force_login(world.admin)
    said = client.post(url, {"version": before + 7, "note": "x"}, follow=True).content.decode()
    assert "người khác thay đổi" in said and again(world.officer).version == before
    client.post(url, {"version": before, "note": "x"})
    assert again(world.officer).version == before + 1

    local = make.user("hueadmin", (Role.ADMIN, world.hue))
    Membership.objects.create(user=world.officer, unit=world.root, role=Role.COUNCIL)
    client.force_login(local)
    told = {"note": "x", "version": before + 1}
    assert client.post(url, told).status_code == 403
    client.force_login(world.head)
    assert client.post(url, told).status_code == 404


def test_hostile_forms_change_nothing(world, client):
    client.force_login(world.admin)
    data = {"email": "o@vks.example", "language": "vi", "is_superuser": "1", "is_staff": "1", "person": "1"}
    client.post(
        reverse("account_edit", args=[world.officer.pk]),
        data | {"username": "root", "version": make.seen(world.officer)},
    )
    changed = again(world.officer)
    assert Proposal.objects.get(account=changed).asked["address"] == "o@vks.example"  # waits for a second person
    assert (changed.email, changed.username, changed.is_superuser, changed.is_staff, changed.person_id) == (
        "officer@vks.example",
        "officer",
        False,
        False,
        world.officer.person_id,
    )
    grant = reverse("role_grant", args=[world.officer.pk])
    whole = {"unit": "HUE", "role": "head", "valid_from": f"{today():%d/%m/%Y}", "document": "1"}
    for field, value in (("unit", "XYZ"), ("unit", "viện kiểm sát"), ("role", "god"), ("valid_from", "31/02/2026")):
        assert client.post(grant, whole | {field: value}).context["form"].errors[field]
    assert client.post(reverse("account_step", args=[world.officer.pk, "explode"])).status_code == 404
    for chosen in ("x", "9" * 30, str(world.officer.person_id)):
        assert client.get(reverse("account_new"), {"person": chosen}).status_code in (200, 302)
    assert client.post(grant, whole | {"unit": "vksnd hue", "version": make.seen(world.officer)}).status_code == 302
    assert (Role.HEAD, world.hue.pk) in again(world.officer).roles_held()


def test_there_is_no_back_office_where_a_superuser_could_change_accounts_and_roles(world, client):
    client.force_login(world.admin)  # a superuser
    role = world.officer.memberships.get()
    for url in ("", "login/", "password_change/", "units/user/", f"units/membership/{role.pk}/change/"):
        for answer in (client.get(f"/admin/{url}"), client.post(f"/admin/{url}", {"role": "head"})):
            assert answer.status_code == 404, url


def test_links_in_the_outbox_are_not_read_by_administrators_of_a_part(world, client):
    client.force_login(make.user("hueadmin", (Role.ADMIN, world.hue)))

    assert client.get(reverse("outbox")).status_code == 404
    assert reverse("outbox") not in client.get("/").content.decode()


# --- the pages ---


def test_the_list_is_searched_blind_to_accents_and_narrowed(world, client):
    accounts.invite(world.kv1_head, by=world.admin, version=make.seen(world.kv1_head))
    User.objects.filter(pk=world.stranger.pk).update(is_active=False)
    Membership.objects.filter(user=world.council).update(valid_to=today() + timedelta(days=5))
    client.force_login(world.admin)
    for query, names in {
        "q=tran can": {"officer"},
        "q=HEAD@vks": {"head", "kv1head"},
        "unit=hue": {"head", "officer", "kv1head"},
        "unit=nghe an": {"stranger"},
        "role=office": {"office", "office2"},
        "state=invited": {"kv1head"},
        "state=inactive": {"stranger"},
        "state=roleless": {"nobody"},
        "state=ending": {"council1"},
        "q=%25_'<script>": set(),
        "role=god&state=x&sort=y&page=zz&unit=()": None,
    }.items():
        page = client.get(f"{reverse('account_list')}?{query}")
        assert names is None or {a.username for a in page.context["page_obj"]} == names, query


@pytest.mark.parametrize("name", ["account_list", "account", "unit_rights", "account_new"])
def test_pages_ask_a_constant_number_of_queries(world, newcomer, client, django_assert_max_num_queries, name):
    client.force_login(world.admin)
    args = {"account": [world.officer.pk], "unit_rights": [world.hue.pk]}.get(name, [])
    url = reverse(name, args=args) + ("?q=cb" if name == "account_new" else "")
    client.get(url)
    counts = []
    for extra in (0, 15):
        for i in range(extra):
            make.user(f"more{i}", (Role.OFFICER, world.hue), (Role.COUNCIL, world.root))
            Membership.objects.create(user=world.officer, unit=make.unit(f"Z{i}", world.root), role=Role.OFFICER)
            person = Person.objects.create(staff_code=f"CB-{i}", full_name=f"Người thêm {i}")
            Posting.objects.create(person=person, unit=world.hue)
        with django_assert_max_num_queries(10 + make.SESSION_READ) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the own sessions ---


def test_one_sees_where_one_is_signed_in_and_ends_it_there(world):
    here, there = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537"})
    for browser in (here, there):
        browser.force_login(world.head)
        browser.get("/units/")
    page = here.get(reverse("sessions")).content.decode()
    assert "Chrome · Windows" in page and "phiên này" in page
    other = UserSession.objects.get(user=world.head, agent__contains="Windows")

    assert Client().post(reverse("session_end", args=[other.pk])).status_code == 302  # not without signing in
    stranger = Client()
    stranger.force_login(world.stranger)
    assert stranger.post(reverse("session_end", args=[other.pk])).status_code == 404
    here.post(reverse("session_end", args=[other.pk]))

    assert there.get("/units/").status_code == 302 and here.get("/units/").status_code == 200


def test_all_other_sessions_end_with_one_button_or_a_new_password(world):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.force_login(world.head)
        browser.get("/units/")
    here.post(reverse("sessions_end"))
    assert there.get("/units/").status_code == 302 and here.get("/units/").status_code == 200

    there.force_login(world.head)
    there.get("/units/")
    here.post(reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": NEW, "password2": NEW})
    assert there.get("/units/").status_code == 302 and here.get("/units/").status_code == 200
    assert len(here.get(reverse("sessions")).context["sessions"]) == 1


def test_sessions_that_are_over_are_forgotten(world):
    UserSession.objects.create(user=world.head, key="long-gone", began_at=timezone.now())

    clear_sessions()

    assert not UserSession.objects.exists()


def test_who_lost_the_right_in_between_is_refused(world):
    second = make.user("second", (Role.ADMIN, world.root))
    Membership.objects.filter(user=second).delete()  # after the page was opened; the request still holds the old rights

    with pytest.raises(PermissionDenied):
        accounts.deactivate(world.officer, by=second, note="x", version=make.seen(world.officer))
