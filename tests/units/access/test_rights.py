"""Roles are given, lent and ended by those who may, never to oneself; who leaves loses the role on that day."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from tests.campaigns.plans.test_races import both
from units.access import accounts, rights, role_ends
from units.models import Membership, Person, PersonStatus, Posting, Role, User
from units.people import duplicates, services

DAY = timedelta(days=1)


@pytest.fixture
def hue_admin(world):
    """An administrator of Hue and what lies below, nothing else."""
    return make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Lý Quản Huế")


def again(user):
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def grant(world, by=None, to=None, unit=None, role=Role.OFFICER, **fields):
    to = to or world.nobody
    fields = {"document": "12/QĐ-VKS", "version": make.seen(to)} | fields
    return rights.grant(to, unit or world.hue, role, by=by or world.admin, **fields)


# --- giving ---


def test_a_role_is_given_by_a_document_and_told_to_the_trails_of_account_and_unit(world):
    role = grant(world)

    assert (Role.OFFICER, world.hue.pk) in again(world.nobody).roles_held()
    for subject in (world.nobody, world.hue, role):
        entry = Entry.objects.about(subject).first()
        assert (entry.verb, entry.by, entry.note) == ("grant", world.admin, "12/QĐ-VKS")


def test_nobody_raises_their_own_rights(world, hue_admin):
    for by in (world.admin, hue_admin):
        with pytest.raises(Refused, match="chính mình"):
            grant(world, by=by, to=by, role=Role.HEAD)
    with pytest.raises(PermissionDenied):
        rights.end(
            hue_admin.memberships.get(), by=hue_admin, note="x", version=make.seen(hue_admin.memberships.get().user)
        )
    with pytest.raises(PermissionDenied):
        accounts.change(hue_admin, by=hue_admin, version=None, email="other@vks.example")


def test_nobody_gives_what_lies_outside_their_units(world, hue_admin):
    Posting.objects.create(person=world.nobody.person, unit=world.kv1)

    assert grant(world, by=hue_admin, unit=world.kv1).unit == world.kv1
    for by, unit in (
        (hue_admin, world.root),
        (hue_admin, world.vinh),
        (world.head, world.hue),
        (world.office, world.hue),
    ):
        with pytest.raises(PermissionDenied):
            grant(world, by=by, unit=unit)
    with pytest.raises(PermissionDenied):  # someone of another province is not looked up
        grant(world, by=hue_admin, to=world.stranger)


def test_what_makes_no_sense_is_refused_with_words(world):
    closed = make.unit("OLD", world.root, valid_to=today() - DAY)
    off = make.user("off", is_active=False)
    left = make.user("left")
    PersonStatus.objects.create(person=left.person, kind="retired", valid_from=today())
    for words, asked in {
        "mở lại tài khoản": {"to": off},
        "văn bản": {"document": "  "},
        "trước hôm nay": {"start": today() - DAY},
        "cùng ngày bắt đầu": {"start": today() + DAY, "end": today()},
        "không hoạt động": {"unit": closed},
        "phải có ngày kết thúc": {"acting": True, "role": Role.HEAD},
        "không quá một năm": {"acting": True, "role": Role.HEAD, "end": today() + 400 * DAY},
        "đã giữ vai trò": {"to": world.officer, "end": today() + DAY},
        "không có hiệu lực": {"to": left},
    }.items():
        with pytest.raises(Refused, match=words):
            grant(world, **asked)
    assert not world.nobody.memberships.exists() and not left.memberships.exists()


def test_an_acting_head_has_the_right_until_the_last_day_and_cannot_lend_it_on(world):
    role = grant(world, role=Role.HEAD, acting=True, end=today() + 10 * DAY)

    assert role.delegated_by == world.admin
    assert (Role.HEAD, world.hue.pk) in again(world.nobody).roles_held()
    assert not rights.may_delegate(again(world.nobody), world.hue)
    assert not Membership.objects.in_force(today() + 11 * DAY).filter(pk=role.pk).exists()


def test_a_change_of_roles_ends_the_sessions_of_that_account_alone(world, client):
    client.force_login(world.nobody)
    assert client.get("/units/").status_code == 200

    grant(world)

    assert client.get("/units/").status_code == 302
    client.force_login(world.officer)
    assert client.get("/units/").status_code == 200


def test_who_saw_an_older_version_is_told_so(world):
    seen = again(world.nobody).version
    grant(world, version=seen)

    with pytest.raises(Refused, match="người khác thay đổi"):
        grant(world, role=Role.COUNCIL, version=seen)


# --- ending ---


def test_a_role_ends_at_once_or_on_a_day_with_a_reason(world):
    role = world.officer.memberships.get()
    with pytest.raises(Refused, match="lý do"):
        rights.end(role, by=world.admin, note=" ", version=make.seen(role.user))

    rights.end(role, by=world.admin, note="chuyển công tác", last_day=today() + 5 * DAY, version=make.seen(role.user))
    assert (Role.OFFICER, world.hue.pk) in again(world.officer).roles_held()
    rights.end(role, by=world.admin, note="sớm hơn", version=make.seen(role.user))
    assert (Role.OFFICER, world.hue.pk) not in again(world.officer).roles_held()
    with pytest.raises(Refused, match="đã kết thúc"):
        rights.end(role, by=world.admin, note="lần nữa", version=make.seen(role.user))


def test_a_role_that_never_counted_a_whole_day_is_taken_out_and_its_lines_remain(world):
    for _time in range(2):  # twice on one day, which no two rows could say
        role = grant(world)
        rights.end(role, by=world.admin, note="nhầm người", version=make.seen(role.user))

    assert not world.nobody.memberships.exists()
    assert [e.verb for e in Entry.objects.about(world.nobody)] == ["end_role", "grant"] * 2


def test_only_administrators_of_the_unit_end_a_role(world, hue_admin):
    for by in (world.head, world.office, world.stranger):
        with pytest.raises(PermissionDenied):
            rights.end(
                world.officer.memberships.get(),
                by=by,
                note="x",
                version=make.seen(world.officer.memberships.get().user),
            )
    with pytest.raises(PermissionDenied):
        rights.end(
            world.stranger.memberships.get(),
            by=hue_admin,
            note="x",
            version=make.seen(world.stranger.memberships.get().user),
        )

    rights.end(
        world.officer.memberships.get(), by=hue_admin, note="x", version=make.seen(world.officer.memberships.get().user)
    )


# --- the last administrator ---


def test_the_last_administrator_of_the_root_stays(world):
    second = make.user("second", (Role.ADMIN, world.root))
    mine, theirs = world.admin.memberships.get(), second.memberships.get()
    Membership.objects.filter(pk=theirs.pk).update(valid_to=today() + 30 * DAY)  # lasts less long

    for deed in (
        lambda: rights.end(mine, by=second, note="x", version=make.seen(mine.user)),
        lambda: rights.end(mine, by=second, note="x", last_day=today() + 90 * DAY, version=make.seen(mine.user)),
        lambda: accounts.deactivate(world.admin, by=second, note="x", version=make.seen(world.admin)),
    ):
        with pytest.raises(Refused, match="quản trị cuối cùng"):
            deed()
    Membership.objects.filter(pk=theirs.pk).update(valid_to=None)
    accounts.deactivate(world.admin, by=second, note="nghỉ phép dài", version=make.seen(world.admin))
    assert not again(world.admin).is_active


def leaving(person, day, *, by):
    fields = {"kind": "retired", "grade": "", "valid_from": day, "valid_to": None, "document": "QĐ nghỉ hưu"}
    return services.begin_status(person, fields, by=by, version=Person.objects.get(pk=person.pk).version)


def test_the_last_administrator_neither_retires_nor_takes_over_a_retirement(world):
    mine = world.admin.person
    posting = Posting.objects.create(person=mine, unit=world.root, valid_from=today() - 900 * DAY)

    for day in (today(), today() + 40 * DAY):
        with pytest.raises(Refused, match="quản trị cuối cùng"):
            leaving(mine, day, by=world.admin)
    old = make.person("Người Đã Nghỉ", world.root)
    leaving(old, today(), by=world.admin)
    with pytest.raises(Refused, match="quản trị cuối cùng"):
        kept, gone = (Person.objects.get(pk=p.pk) for p in (mine, old))
        duplicates.merge(kept, gone, by=world.admin, versions=(kept.version, gone.version), note="x")

    Posting.objects.filter(pk=posting.pk).update(valid_to=today() - DAY)  # an administrator need not work in the unit
    assert again(world.admin).may("keep_accounts", world.root)


def test_of_two_administrators_who_both_will_retire_the_second_is_refused(world):
    second = make.user("second", (Role.ADMIN, world.root))
    for account in (world.admin, second):
        Posting.objects.get_or_create(person=account.person, unit=world.root)

    leaving(world.admin.person, today() + 40 * DAY, by=second)
    with pytest.raises(Refused, match="quản trị cuối cùng"):
        leaving(second.person, today() + 60 * DAY, by=world.admin)
    assert again(world.admin).may("keep_accounts", world.root)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_trail")
def test_two_administrators_who_end_each_other_leave_one(world):
    second = make.user("second", (Role.ADMIN, world.root))
    theirs = second.memberships.get()

    outcomes = both(
        lambda: rights.end(theirs, by=world.admin, note="x", version=make.seen(theirs.user)),
        lambda: accounts.deactivate(world.admin, by=second, note="x", version=make.seen(world.admin)),
    )

    assert sorted(type(o).__name__ for o in outcomes) in (["NoneType", "PermissionDenied"], ["NoneType", "Refused"])
    assert Membership.objects.in_force().filter(role=Role.ADMIN, unit=world.root).count() == 1


def test_whoever_runs_the_server_appoints_the_first_administrator_only(world, capsys):
    with pytest.raises(CommandError, match="đã có quản trị"):
        call_command("administrator", "boss", "boss@vks.example")
    assert not User.objects.filter(username="boss").exists()
    Membership.objects.filter(role=Role.ADMIN).delete()

    call_command("administrator", "boss", "boss@vks.example")

    assert User.objects.get(username="boss").may("keep_accounts", world.kv1)
    assert "/accounts/password/reset/key/" in capsys.readouterr().out


# --- who leaves ---


def test_a_head_or_officer_who_leaves_the_unit_loses_the_role_on_that_day(world):
    for account in (world.head, world.officer):
        Posting.objects.filter(person=account.person).update(valid_to=today())
        role = account.memberships.get()
        assert Membership.objects.in_force(today()).filter(pk=role.pk).exists()
        assert not Membership.objects.in_force(today() + DAY).filter(pk=role.pk).exists()
        Posting.objects.filter(person=account.person).update(valid_to=today() - DAY)
        assert again(account)._held == []
        Posting.objects.create(person=account.person, unit=world.vinh)  # elsewhere: no help
        assert again(account)._held == []
        Posting.objects.create(person=account.person, unit=world.hue)  # back in another position
        assert len(again(account)._held) == 1


def test_who_retired_or_left_holds_nothing(world):
    for account, kind in ((world.head, "retired"), (world.council, "left"), (world.admin, "retired")):
        PersonStatus.objects.create(person=account.person, kind=kind, valid_from=today())
        assert again(account)._held == []
    PersonStatus.objects.create(person=world.officer.person, kind="leave", valid_from=today())
    PersonStatus.objects.create(person=world.kv1_head.person, kind="retired", valid_from=today() + DAY)
    assert len(again(world.officer)._held) == len(again(world.kv1_head)._held) == 1


def test_without_a_person_or_a_posting_there_the_span_alone_counts(world):
    Posting.objects.filter(person=world.council.person).update(valid_to=today() - DAY)  # sits on the council of another
    machine = User.objects.create(username="machine")
    Membership.objects.create(user=machine, unit=world.hue, role=Role.HEAD)
    Membership.objects.create(user=world.nobody, unit=world.hue, role=Role.HEAD)

    for account in (world.council, machine, world.nobody):
        assert len(again(account)._held) == 1


# --- who looks after which account ---


def test_an_administrator_of_a_unit_sees_its_accounts_and_manages_those_of_nowhere_else(world, hue_admin):
    both_places = make.user("both", (Role.OFFICER, world.hue), (Role.OFFICER, world.vinh))
    staff = make.user("staff", (Role.OFFICER, world.hue), is_staff=True)
    seen = set(rights.administered(hue_admin))

    assert seen == {world.head, world.officer, world.kv1_head, hue_admin, both_places, staff}
    assert {a for a in seen if rights.may_manage(hue_admin, a)} == {world.head, world.officer, world.kv1_head}
    assert rights.may_manage(world.admin, both_places) and rights.may_manage(world.admin, world.nobody)
    assert not rights.may_manage(world.admin, world.admin) and not rights.may_manage(world.head, world.officer)
    assert not rights.administered(world.head).exists()


# --- a role runs out ---


def test_holder_and_administrators_are_warned_14_and_3_days_before_each_once(world, hue_admin, monkeypatch):
    role = world.officer.memberships.get()
    Membership.objects.filter(pk=role.pk).update(valid_to=today() + 15 * DAY)
    start, told = today(), []
    for days in range(17):
        monkeypatch.setattr(role_ends, "today", lambda days=days: start + days * DAY)
        role_ends.warn_of_ends()
        told += [days] * role_ends.warn_of_ends()  # the second scheduler has nothing new
        told += [days] if Notice.objects.filter(kind="role").count() > len(told) * 3 else []

    assert told == [1, 12]
    people = Notice.objects.filter(kind="role").values_list("recipient__username", flat=True)
    assert sorted(people) == ["admin", "admin", "hueadmin", "hueadmin", "officer", "officer"]
    last = Notice.objects.filter(kind="role", recipient=world.officer).first()
    assert f"{role.unit.name} hết hạn ngày {start + 15 * DAY:%d/%m/%Y}" in last.title


def test_of_two_warnings_missed_only_the_newer_is_told_and_short_roles_warn_of_nothing_old(world):
    Membership.objects.filter(user=world.officer).update(valid_to=today() + DAY)
    grant(world, end=today() + 2 * DAY)

    assert role_ends.warn_of_ends() == 2  # the officer and the administrator, once
    assert role_ends.warn_of_ends() == 0


def test_the_end_of_the_delegation_form_is_the_same_verb(world, client):
    client.force_login(world.head)
    data = {"user": world.officer.pk, "valid_from": f"{today():%d/%m/%Y}", "valid_to": f"{today():%d/%m/%Y}"}
    for _time in range(2):
        client.post(reverse("delegate", args=[world.hue.pk]), data | {"document": "1"})
        lent = Membership.objects.get(delegated_by=world.head)
        assert client.post(reverse("revoke", args=[lent.pk]), {"version": make.seen(lent.user)}).status_code == 302

    assert [e.verb for e in Entry.objects.about(world.officer)] == ["revoke", "delegate"] * 2


def test_a_head_is_offered_only_who_is_still_of_the_unit(world, client):
    client.force_login(world.head)
    assert "Trần Thị Cán Bộ" in client.get(reverse("delegate", args=[world.hue.pk])).content.decode()
    world.officer.person.postings.update(valid_to=today() - DAY)

    page = client.get(reverse("delegate", args=[world.hue.pk]))

    assert world.officer not in page.context["form"].fields["user"].queryset
    assert "chưa có ai của đơn vị có tài khoản" in page.content.decode()


def test_nobody_is_shown_the_form_for_their_own_roles(world, client):
    client.force_login(world.admin)

    assert client.get(reverse("role_grant", args=[world.admin.pk])).status_code == 403
