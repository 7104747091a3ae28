"""The second person is no straw man: who has the account or a role from the first one decides nothing for that one."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.days import today
from portal.flow import Refused
from portal.models.trail import record
from tests import make
from units.access import accounts
from units.access.second_person import why_dependent
from units.models import Membership, Person, Posting, Reorganisation, Role, User
from units.reorganisation import flow

take = partial(make.take, flow.REORGANISATION)
DAY = timedelta(days=1)


def straw(world, name, by, verb="create"):
    """An administrator of the root whose account has one line of the trail."""
    account = make.user(name, (Role.ADMIN, world.root))
    record(account, verb, by=by)
    return account


def days_pass(monkeypatch, days):
    later = today() + timedelta(days=days)
    monkeypatch.setattr("units.access.second_person.today", lambda: later)


def submitted(world, by):
    plan = make.reorganisation(by, world.root, {"kind": "rename", "sources": ["HUE"], "name_vi": "Tên mới"})
    return take("submit", plan, by=by)


def opened(world, by, name="dung"):
    """A real straw: a person, an account and the role of an administrator, all by one administrator."""
    person = Person.objects.create(staff_code=name.upper(), full_name=f"Người {name}")
    Posting.objects.create(person=person, unit=world.root)
    account = accounts.open_account(User(username=name, email=f"{name}@vks.example", person=person), by=by)
    Membership.objects.create(user=account, unit=world.root, role=Role.ADMIN)
    return account


def test_who_was_opened_by_the_proposer_approves_nothing_of_that_one(world):
    plan = submitted(world, world.admin)
    with pytest.raises(Refused, match="Vũ Quản Trị.*Duyệt được từ ngày"):
        take("approve", plan, by=opened(world, world.admin))

    plan.refresh_from_db()
    assert plan.state == Reorganisation.State.SUBMITTED


@pytest.mark.parametrize(
    "verb", ["create", "invite", "grant", "prolong", "delegate", "reactivate", "address", "owner", "alone"]
)
def test_every_way_of_giving_ties(world, verb):
    assert why_dependent(straw(world, "dung", world.admin, verb), of=[world.admin.pk])


def test_it_ties_both_ways_through_others_and_through_a_third_one(world):
    first = straw(world, "first", world.admin)
    second = straw(world, "second", first, "grant")
    sister = straw(world, "sister", world.admin, "invite")
    apart = make.user("apart", (Role.ADMIN, world.root))

    assert "Vũ Quản Trị" in why_dependent(second, of=[world.admin.pk])
    assert why_dependent(world.admin, of=[second.pk])  # the straw man proposes, its master approves
    assert "cả hai" in why_dependent(sister, of=[second.pk])  # two straw men of one master
    for account in (world.admin, first, second, sister):
        assert not why_dependent(apart, of=[account.pk]) and not why_dependent(account, of=[apart.pk])
    assert why_dependent(second, of=[apart.pk, world.admin.pk])  # one of several who had a hand in it


def test_rings_end(world):
    first = straw(world, "first", world.admin)
    record(world.admin, "invite", by=first)

    assert why_dependent(first, of=[world.admin.pk])
    assert not why_dependent(first, of=[make.user("apart", (Role.ADMIN, world.root)).pk])


def test_after_the_days_of_the_setting_the_tie_is_over(world, monkeypatch, settings):
    account = straw(world, "dung", world.admin)
    free = today() + 31 * DAY
    assert f"từ ngày {free:%d/%m/%Y}" in why_dependent(account, of=[world.admin.pk])

    days_pass(monkeypatch, 30)
    assert why_dependent(account, of=[world.admin.pk])
    days_pass(monkeypatch, 31)
    assert not why_dependent(account, of=[world.admin.pk])

    monkeypatch.undo()
    settings.SECOND_PERSON_DAYS = 0
    assert why_dependent(account, of=[world.admin.pk])  # today still counts
    days_pass(monkeypatch, 1)
    assert not why_dependent(account, of=[world.admin.pk])


def test_whose_role_is_lent_by_the_proposer_is_not_a_second_one_while_it_runs(world):
    other = make.user("other", (Role.ADMIN, world.root))
    span = {"valid_from": today() - 200 * DAY, "valid_to": today() + DAY}
    lent = Membership.objects.create(user=other, unit=world.hue, role=Role.HEAD, delegated_by=world.head, **span)
    assert "theo ủy quyền" in why_dependent(other, of=[world.head.pk])

    Membership.objects.filter(pk=lent.pk).update(valid_to=today() - DAY)
    assert not why_dependent(other, of=[world.head.pk])


def test_two_records_of_one_person_are_one(world):
    twin = make.user("twin", (Role.ADMIN, world.root), full_name="VŨ  QUẢN TRỊ")
    assert not why_dependent(twin, of=[world.admin.pk])
    Person.objects.filter(user__in=(twin, world.admin)).update(birth_year=1980)

    assert "cùng một người" in why_dependent(twin, of=[world.admin.pk])


def test_what_lines_of_the_trail_do_not_give_does_not_tie(world):
    other = make.user("other", (Role.ADMIN, world.root))
    for verb in ("view", "end_sessions", "deactivate", "password"):
        record(other, verb, by=world.admin)
    record(world.hue, "grant", by=world.admin)
    record(other, "grant", by=None)

    assert not why_dependent(other, of=[world.admin.pk])


def test_the_number_of_questions_does_not_grow_with_the_accounts(world):
    account = straw(world, "dung", world.admin)
    record(account, "grant", by=make.user("u"))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            why_dependent(account, of=[world.admin.pk])
        return len(queries)

    before = asked()
    for i in range(30):
        record(account, "grant", by=make.user(f"u{i}"))
        record(make.user(f"v{i}"), "create", by=world.admin)
    assert asked() == before <= 5


def test_the_page_says_why_and_offers_no_button(world, client):
    plan = submitted(world, world.admin)
    client.force_login(straw(world, "dung", world.admin))
    page = client.get(plan.get_absolute_url())
    assert "Duyệt được từ ngày" in page.content.decode()
    assert "approve" not in [step.name for step in page.context["flow_steps"]]
    said = client.post(f"{plan.get_absolute_url()}approve/", {"version": plan.version}, follow=True)
    assert "Duyệt được từ ngày" in said.content.decode()

    client.force_login(make.user("apart", (Role.ADMIN, world.root)))
    assert "approve" in [s.name for s in client.get(plan.get_absolute_url()).context["flow_steps"]]
