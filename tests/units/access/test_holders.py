"""The table asked from the unit's side."""

from portal.days import today
from tests import make
from units.access.holders import holding, people_at, people_by_unit, people_over, people_who
from units.models import Membership, Role


def test_people_at_a_unit_are_those_whose_role_is_over_it_exactly(world):
    assert set(people_at(world.hue, "draft_plans")) == {world.head, world.officer}
    assert people_at(world.hue, "send_plans") == [world.head]
    assert people_at(world.hue, "keep_people") == []


def test_whoever_may_by_two_roles_is_named_once(world):
    Membership.objects.create(user=world.head, unit=world.hue, role=Role.OFFICER)
    found = people_by_unit([world.hue.pk, world.kv1.pk], "draft_plans", today())
    assert sorted(user.pk for user in found[world.hue.pk]) == sorted([world.head.pk, world.officer.pk])
    assert found[world.kv1.pk] == [world.kv1_head]
    assert len(people_at(world.hue, "draft_plans")) == 2


def test_people_over_a_unit_are_those_of_the_units_above_too(world):
    keeper = make.user("keeper", (Role.ADMIN, world.hue))
    assert set(people_over(world.kv1, "keep_people")) == {world.admin, keeper}
    assert people_over(world.root, "keep_people") == [world.admin]


def test_rows_that_ask_a_root_or_an_own_role_count_no_other(world):
    make.user("keeper", (Role.ADMIN, world.hue))
    assert [m.user for m in holding("administer_everything")] == [world.admin]
    assert people_who("keep_seals") == [world.auditor]
    Membership.objects.filter(user=world.head).update(delegated_by=world.admin)
    assert people_at(world.hue, "delegate") == []
    assert people_at(world.hue, "end_delegation") == [world.head]
