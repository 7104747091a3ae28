"""Addresses, and office or administration of a whole hierarchy, change by two people or are told to all who watch."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from portal.tasks import deliver
from tests import make
from tests.portal.exchange.helpers import taken
from units.access import accounts, rights
from units.access.flow import PROPOSAL
from units.access.second_person import why_dependent
from units.models import Membership, Person, Posting, Proposal, Role, User
from units.people import duplicates, services

DAY = timedelta(days=1)
S = Proposal.State


@pytest.fixture
def second(world):
    return make.user("admin2", (Role.ADMIN, world.root), full_name="Trịnh Thứ Hai")


@pytest.fixture
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def again(user):
    return User.objects.get(pk=user.pk)


def new_address(account, by, email="khac@vks.example"):
    return accounts.change(account, by=by, version=None, email=email, language="vi")


def confirm(made, by):
    return PROPOSAL.take("confirm", made, by=by, version=made.version)


def grant(account, unit, role, by, **fields):
    return rights.grant(account, unit, role, by=by, document="7/QĐ", version=make.seen(account), **fields)


def opened(world, by, name="moid", at=None):
    person = Person.objects.create(staff_code=name.upper(), full_name=f"Người {name}")
    Posting.objects.create(person=person, unit=at or world.hue)
    return accounts.open_account(User(username=name, email=f"{name}@vks.example", person=person), by=by)


# --- addresses ---


def test_an_address_changes_only_when_a_second_administrator_confirms_it(world, second, letters):
    made = new_address(world.officer, world.admin)
    assert again(world.officer).email == "officer@vks.example"
    for nobody in (world.admin, world.office, world.head):
        with pytest.raises(PermissionDenied):
            confirm(made, nobody)

    made = confirm(made, second)

    assert again(world.officer).email == "khac@vks.example"
    assert (made.state, made.decided_by) == (S.CONFIRMED, second)
    entry = Entry.objects.about(world.officer).get(verb="address")
    assert (entry.by, entry.changes) == (world.admin, {"địa chỉ thư": ["officer@vks.example", "khac@vks.example"]})
    assert "Trịnh Thứ Hai" in entry.note
    with pytest.raises(Refused):
        confirm(made, second)


def test_the_old_address_and_the_person_hear_of_it_even_if_it_was_confirmed_before_the_letter_left(
    world, second, letters
):
    made = new_address(world.officer, world.admin)
    confirm(made, second)
    deliver()

    told = [letter for letter in letters if "địa chỉ thư" in letter.subject]
    assert {address for letter in told for address in letter.to} >= {"officer@vks.example", "khac@vks.example"}
    asked = [letter for letter in letters if letter.subject.startswith("Có đề nghị đổi")]
    assert [letter.to for letter in asked] == [["officer@vks.example"]]
    assert Notice.objects.filter(recipient=world.officer, url=made.get_absolute_url()).exists()


def test_the_holder_confirms_with_the_own_password_and_with_nothing_less(world, client):
    made = new_address(world.officer, world.admin)
    client.force_login(world.officer)
    url = reverse("proposal_step", args=[made.pk, "confirm"])
    assert "Mật khẩu hiện nay" in client.get(made.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in client.get("/").content.decode()
    for said in ({}, {"password": "sai"}, {"password": make.PASSWORD, "version": ""}):
        client.post(url, {"version": made.version} | said)
        assert again(world.officer).email == "officer@vks.example"

    client.post(url, {"version": made.version, "password": make.PASSWORD})

    assert again(world.officer).email == "khac@vks.example"


def test_a_straw_man_confirms_no_address_and_hears_why(world, client):
    straw = opened(world, world.admin, at=world.root)
    Membership.objects.create(user=straw, unit=world.root, role=Role.ADMIN)
    made = new_address(world.officer, world.admin)
    with pytest.raises(Refused, match="Duyệt được từ ngày"):
        confirm(made, straw)

    client.force_login(straw)
    assert "Duyệt được từ ngày" in client.get(made.get_absolute_url()).content.decode()
    assert again(world.officer).email == "officer@vks.example"


def test_inviting_anew_while_an_address_waits_sends_the_link_to_the_old_one(world, second, letters):
    new_address(world.officer, world.admin)
    accounts.invite(world.officer, by=world.admin, version=make.seen(world.officer))
    deliver()

    assert [x.to for x in letters if "reset/key" in x.body] == [["officer@vks.example"]]


@pytest.mark.parametrize("step", ["decline", "cancel"])
def test_what_is_declined_or_withdrawn_changes_nothing(world, second, step):
    made = new_address(world.officer, world.admin)
    by = second if step == "decline" else world.admin
    with pytest.raises(Refused, match="lý do"):
        PROPOSAL.take(step, made, by=by, version=make.seen(made))
    PROPOSAL.take(step, made, by=by, note="không phải", version=make.seen(made))

    assert again(world.officer).email == "officer@vks.example"
    new_address(world.officer, world.admin)  # may be asked anew
    with pytest.raises(Refused, match="đang chờ"):
        new_address(world.officer, world.admin, "nua@vks.example")


def test_an_account_that_was_never_anybodys_is_corrected_at_once(world, second):
    account = opened(world, world.admin)
    assert new_address(account, world.admin, "dung@vks.example") is None
    assert again(account).email == "dung@vks.example"

    grant(account, world.hue, Role.OFFICER, world.admin)
    assert new_address(account, world.admin, "sai@vks.example") is not None
    accounts.invite(
        world.nobody, by=world.admin, version=make.seen(world.nobody)
    )  # without a role and now without a password, but not new
    assert new_address(world.nobody, world.admin, "kia@vks.example") is not None


def test_a_proposal_of_somebody_who_lost_the_right_is_not_carried_out(world, second):
    made = new_address(world.officer, world.admin)
    Membership.objects.filter(user=world.admin).delete()

    with pytest.raises(Refused, match="không còn quyền"):
        confirm(made, second)


def test_an_address_that_was_taken_or_changed_in_between_is_refused_in_words(world, second):
    made = new_address(world.officer, world.admin)
    User.objects.filter(pk=world.nobody.pk).update(email="khac@vks.example")
    with pytest.raises(Refused, match="vừa được dùng"):
        confirm(made, second)
    User.objects.filter(pk=world.officer.pk).update(email="")
    with pytest.raises(Refused, match="đã đổi"):
        confirm(made, second)


def test_strangers_do_not_find_a_proposal(world, client):
    made = new_address(world.officer, world.admin)
    for who, status in ((world.admin, 200), (world.officer, 200), (world.head, 404), (world.office, 404)):
        client.force_login(who)
        assert client.get(made.get_absolute_url()).status_code == status
        assert client.get(reverse("proposal_list")).status_code == 200
    client.force_login(world.head)
    assert client.post(reverse("proposal_step", args=[made.pk, "confirm"]), {"version": 1}).status_code == 404
    client.force_login(world.admin)
    assert client.post(reverse("proposal_step", args=[made.pk, "confirm"]), {"version": 1}).status_code == 403
    assert client.get(reverse("proposal_step", args=[made.pk, "confirm"])).status_code == 405


# --- powerful roles ---


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICE])
def test_office_and_administration_of_a_root_need_a_second_administrator(world, second, role, client):
    client.force_login(world.admin)
    data = {"unit": "VKSTC", "role": role, "valid_from": f"{today():%d/%m/%Y}", "document": "7/QĐ"}
    client.post(reverse("role_grant", args=[world.nobody.pk]), data | {"version": again(world.nobody).version})
    made = Proposal.objects.get(account=world.nobody)
    assert not again(world.nobody)._held
    assert "chờ người thứ hai" in client.get(world.nobody.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        confirm(made, world.admin)

    client.force_login(second)
    assert made.get_absolute_url() in client.get("/").content.decode()
    assert Notice.objects.filter(recipient=second, kind="proposal").exists()
    client.post(reverse("proposal_step", args=[made.pk, "confirm"]), {"version": made.version})

    assert (role, world.root.pk) in again(world.nobody).roles_held()
    assert Entry.objects.about(world.nobody).filter(verb="grant", by=world.admin).exists()


def test_other_roles_are_given_at_once(world, second):
    for unit, role in ((world.root, Role.COUNCIL), (world.hue, Role.ADMIN), (world.hue, Role.OFFICE)):
        assert isinstance(grant(world.nobody, unit, role, world.admin), Membership)


def test_where_there_is_one_administrator_it_is_done_at_once_and_told_to_all_who_watch(world):
    assert isinstance(grant(world.nobody, world.root, Role.ADMIN, world.admin), Membership)

    assert Entry.objects.about(world.nobody).filter(verb="alone", by=world.admin).exists()
    assert set(Notice.objects.filter(kind="alone").values_list("recipient__username", flat=True)) == {"auditor"}


@pytest.mark.parametrize("deed", ["end", "close", "invite", "retire", "grant", "straw"])
def test_nobody_makes_oneself_the_only_administrator(world, second, deed):
    if deed == "end":
        rights.end(second.memberships.get(), by=world.admin, note="x", version=make.seen(second.memberships.get().user))
    elif deed == "close":
        accounts.deactivate(second, by=world.admin, note="x", version=make.seen(second))
    elif deed == "invite":
        accounts.invite(second, by=world.admin, version=make.seen(second))
    elif deed == "retire":
        second.person.statuses.create(kind="retired", valid_from=today())
    elif deed == "grant":
        grant(second, world.hue, Role.OFFICER, world.admin)
    else:  # and a straw man beside the real one changes nothing
        straw = opened(world, world.admin, at=world.root)
        Membership.objects.create(user=straw, unit=world.root, role=Role.ADMIN, valid_from=today())

    assert isinstance(grant(world.nobody, world.root, Role.ADMIN, world.admin), Proposal)


def test_a_colleague_who_left_long_ago_does_not_count(world, second):
    second.person.statuses.create(kind="retired", valid_from=today() - 40 * DAY)

    assert isinstance(grant(world.nobody, world.root, Role.ADMIN, world.admin), Membership)


def test_who_was_made_administrator_alone_is_no_second_one_for_the_next(world):
    first = grant(world.nobody, world.root, Role.ADMIN, world.admin).user
    third = make.user("third")

    assert isinstance(grant(third, world.root, Role.ADMIN, world.admin), Membership)  # nobody independent
    assert why_dependent(again(first), of=[world.admin.pk])


def test_an_account_with_such_a_role_is_reopened_by_two(world, second):
    accounts.deactivate(world.office, by=world.admin, note="nghỉ", version=make.seen(world.office))
    made = accounts.reactivate(world.office, by=world.admin, note="đã về", version=make.seen(world.office))
    assert not again(world.office).is_active
    of_hue = make.user("admin3", (Role.ADMIN, world.hue))
    for who in (world.admin, of_hue, world.head):
        with pytest.raises(PermissionDenied):
            confirm(made, who)

    confirm(made, second)

    assert again(world.office).is_active
    accounts.deactivate(world.officer, by=world.admin, note="nghỉ", version=make.seen(world.officer))
    assert accounts.reactivate(world.officer, by=world.admin, note="đã về", version=make.seen(world.officer)) is None
    assert again(world.officer).is_active


def test_a_file_gives_no_such_role_prolongs_none_and_moves_no_address_alone(world, second):
    Membership.objects.filter(user=world.office).update(valid_to=today() + DAY)
    role = world.office.memberships.get()
    person = Person.objects.create(staff_code="CB77", full_name="Đặng Mới")
    Posting.objects.create(person=person, unit=world.root)
    later = f"{today() + 90 * DAY:%d/%m/%Y}"
    taken(
        "accounts",
        ["moid", "moid@vks.example", "CB77", "admin", "VKSTC", f"{today():%d/%m/%Y}", None, "QĐ 1"],
        ["office", None, None, "office", "VKSTC", None, later, "QĐ 2"],
        ["nobody", None, None, "office", "VKSTC", f"{today():%d/%m/%Y}", None, "QĐ 3"],
        ["officer", "khac@vks.example"],
        by=world.admin,
    )
    role.refresh_from_db()
    assert role.valid_to == today() + DAY
    assert not Membership.objects.filter(user__username__in=("moid", "nobody")).exists()
    assert again(world.officer).email == "officer@vks.example"
    assert set(Proposal.objects.values_list("account__username", "kind")) == {
        ("moid", "role"),
        ("office", "prolong"),
        ("nobody", "role"),
        ("officer", "address"),
    }
    for made in Proposal.objects.all():
        confirm(made, second)
    role.refresh_from_db()
    assert role.valid_to == today() + 90 * DAY
    assert User.objects.get(username="moid").may("keep_accounts", world.root)
    assert (Role.OFFICE, world.root.pk) in again(world.nobody).roles_held()
    assert again(world.officer).email == "khac@vks.example"


def test_who_was_opened_by_a_file_is_tied_to_who_brought_it(world):
    taken("accounts", ["moid", "moid@vks.example", None, "council", "HUE", None, None, "QĐ 1"], by=world.admin)
    taken("accounts", ["nobody", None, None, "council", "HUE", None, None, "QĐ 1"], by=world.admin)

    for name in ("moid", "nobody"):
        assert why_dependent(User.objects.get(username=name), of=[world.admin.pk])


def test_an_account_in_use_is_not_fastened_to_another_person_by_a_file(world):
    User.objects.filter(pk=world.nobody.pk).update(person=None)
    Person.objects.create(staff_code="V9", full_name="Lê Xa")
    with pytest.raises(AssertionError):
        taken("accounts", ["nobody", None, "V9"], by=world.admin)

    assert again(world.nobody).person_id is None


def test_a_merge_that_hands_an_account_over_ends_its_sessions_ties_and_is_told(world, client):
    kept = make.person("Hồ Sơ Giữ", world.hue)
    gone = world.officer.person
    client.force_login(world.officer)
    client.get("/units/")
    duplicates.merge(kept, gone, by=world.admin, versions=(kept.version, gone.version), note="một người")

    assert client.get("/units/").status_code == 302
    assert Entry.objects.about(world.officer).first().verb == "owner"
    assert Notice.objects.filter(recipient=world.officer, kind="owner").exists()
    assert why_dependent(again(world.officer), of=[world.admin.pk])


def test_pages_of_proposals_ask_a_constant_number_of_queries(world, client, django_assert_max_num_queries):
    client.force_login(world.admin)
    counts = []
    for extra in (1, 12):
        for i in range(extra):
            new_address(make.user(f"u{extra}x{i}", (Role.OFFICER, world.hue)), world.admin, f"k{extra}x{i}@vks.example")
        for url in (reverse("proposal_list"), "/"):
            client.get(url)
            with django_assert_max_num_queries(30) as asked:
                client.get(url)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("deed", ["remove", "shorten"])
def test_no_such_role_comes_back_by_the_way(world, second, deed):
    third = make.user("third", (Role.ADMIN, world.root))
    person = third.person
    person.statuses.create(kind="retired", valid_from=today() - 90 * DAY)

    def done():
        if deed == "remove":
            services.remove_status(person.statuses.get(), by=world.admin, version=person.version, reason="nhầm")
        else:
            services.edit_status(
                person.statuses.get(), {"valid_to": today() - DAY}, by=world.admin, version=person.version
            )

    with pytest.raises(Refused, match="có hiệu lực trở lại"):
        done()
    assert not again(third)._held
    Membership.objects.filter(user=third).delete()
    done()
