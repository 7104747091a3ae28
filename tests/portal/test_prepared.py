"""The query of every request is built once and always asks for the person and the day at hand."""

from datetime import timedelta

from portal.days import today
from units.models import Membership, PersonStatus, Role, User
from units.models.accounts import _held_on


def held(user, day):
    return [(row.pk, row.has_below) for row in _held_on(user.pk, day)]


def test_it_asks_for_the_person_and_the_day_it_is_given(world):
    tomorrow = today() + timedelta(days=1)
    lent = Membership.objects.create(user=world.officer, unit=world.hue, role=Role.HEAD, valid_from=tomorrow)
    own = world.officer.memberships.get(role=Role.OFFICER)

    assert held(world.head, today()) == [(world.head.memberships.get().pk, True)]
    assert held(world.officer, today()) == [(own.pk, True)]
    assert {pk for pk, _below in held(world.officer, tomorrow)} == {own.pk, lent.pk}
    assert held(world.kv1_head, today()) == [(world.kv1_head.memberships.get().pk, False)]
    assert held(world.nobody, today()) == []


def test_it_holds_what_the_one_rule_of_rights_says(world):
    PersonStatus.objects.create(person=world.head.person, kind="left", valid_from=today() - timedelta(days=1))

    for user in User.objects.all():
        plain = user.memberships.in_force(today())
        assert [pk for pk, _below in held(user, today())] == [m.pk for m in plain]


def test_the_unit_comes_whole(world, django_assert_num_queries):
    user = User.objects.get(pk=world.head.pk)
    with django_assert_num_queries(1):
        [unit] = user.units_where("send_plans")
        assert (unit, unit.name_vi, unit.path, unit.kind) == (world.hue, world.hue.name_vi, "/VKSTC/HUE/", "province")
