"""Who sees which rows: subtree, predecessors, spans; random trees hold the same."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from units.days import today
from units.models import Membership, Role, Succession, Unit, User
from units.models.units import Kind


def test_a_head_reads_the_own_unit_and_those_below(world):
    assert list(Unit.objects.visible_to(world.head)) == [world.hue, world.kv1]


def test_a_code_that_begins_alike_is_another_unit(world):
    make.unit("HUE2", world.root)

    assert list(Unit.objects.visible_to(world.head)) == [world.hue, world.kv1]


def test_a_successor_reads_what_the_predecessors_left(world):
    old, older = make.unit("OLD", world.root), make.unit("OLDER", world.root)
    Succession.objects.create(predecessor=old, successor=world.hue, effective_on=date(2025, 7, 1), kind="merge")
    Succession.objects.create(predecessor=older, successor=old, effective_on=date(2015, 7, 1), kind="continue")

    assert set(Unit.objects.visible_to(world.head)) == {world.hue, world.kv1, old, older}
    assert not world.head.holds(Role.HEAD, over=old)


def test_authority_is_exactly_at_the_unit(world):
    assert world.head.holds(Role.HEAD, over=world.hue)
    assert not world.head.holds(Role.HEAD, over=world.kv1)
    assert not world.head.holds(Role.HEAD, over=world.root)


@pytest.mark.parametrize(("start", "end", "counts"), [(0, 0, True), (-5, -1, False), (1, 9, False), (None, None, True)])
def test_a_role_counts_within_its_days_only(world, start, end, counts):
    day = today()
    span = {
        "valid_from": None if start is None else day + timedelta(days=start),
        "valid_to": None if end is None else day + timedelta(days=end),
    }
    Membership.objects.create(user=world.nobody, unit=world.hue, role=Role.OFFICER, **span)

    assert world.nobody.has_role(Role.OFFICER) is counts
    assert Unit.objects.visible_to(world.nobody).exists() is counts


def test_an_administrator_reads_no_papers(world):
    assert not Unit.objects.visible_to(world.admin).exists()


def test_nobody_reads_nothing(world):
    assert not Unit.objects.visible_to(world.nobody).exists()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 30), min_size=1, max_size=12), seat=st.integers(0, 30))
def test_in_any_tree_sight_is_the_subtree_and_nothing_else(parents, seat, db):
    """Unit i hangs below one of those made before it; the reader sits at one of them."""
    from django.db import transaction

    with transaction.atomic():
        units = []
        for place, parent in enumerate(parents):
            units.append(make.unit(f"U{place}", units[parent % place] if place else None, Kind.REGION))
        own = units[seat % len(units)]
        reader = User.objects.create(username="reader")
        Membership.objects.create(user=reader, unit=own, role=Role.OFFICER)

        def below(unit):
            return unit == own or (unit.parent is not None and below(unit.parent))

        assert set(Unit.objects.visible_to(reader)) == {u for u in units if below(u)}
        transaction.set_rollback(True)
