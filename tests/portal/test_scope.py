"""Who sees which rows: subtree, predecessors, spans; random trees hold the same."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as portal
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards.models import Nomination
from portal.days import today
from portal.scope import bounds, under
from tests import make
from units.models import Membership, Person, Posting, Role, Succession, Unit, User
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
    assert (Role.HEAD, old.pk) not in world.head.roles_held()


def test_authority_is_exactly_at_the_unit(world):
    assert (Role.HEAD, world.hue.pk) in world.head.roles_held()
    assert (Role.HEAD, world.kv1.pk) not in world.head.roles_held()
    assert (Role.HEAD, world.root.pk) not in world.head.roles_held()


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


# whatever LIKE, a collation or a careless comparison reads as something else than it is
ALPHABET = "aAtTzZ09_%.-*?[\\\\' !0\u0301\u00e1Á"
names = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=3)


twisted = st.sampled_from(["{0}", "_{1}", "%{1}", "{2}0", "{2}."])


@st.composite
def trees(draw):
    """Paths, each below one of those made before it; many are named almost as one that stands beside them."""
    paths = [f"/{draw(names)}/"]
    for _i in range(draw(st.integers(1, 11))):
        nearby = draw(st.sampled_from(paths))
        above, name = nearby[:-1].rsplit("/", 1)
        if draw(st.booleans()):
            path = f"{nearby}{draw(names)}/"
        else:
            path = f"{above}/{draw(twisted).format(name.swapcase(), name[1:], name)}/"
        if path not in paths:
            paths.append(path)
    return paths


def planted(paths):
    """Units with these paths; no form and no constraint would let all of them in, so the rows are written outright."""
    made = [
        Unit(code=f"U{n}", kind=Kind.REGION, name_vi=f"U{n}", short_name=f"U{n}", path=path)
        for n, path in enumerate(paths)
    ]
    by_path = {unit.path: unit for unit in Unit.objects.bulk_create(made)}
    for unit in made:
        unit.parent = by_path.get(unit.path[: unit.path.rindex("/", 0, -1) + 1])
    Unit.objects.bulk_update(made, ["parent"])
    return made


def a_row_of_each_model(units, reader):
    """For each model that says who sees it: the ids of one row in each unit."""
    other = User.objects.create(username="other")
    subjects = {"year": 2026, "award": "GK"}
    special = {
        "units.Person": lambda u: {"staff_code": f"P{u.pk}", "full_name": "Người"},
        "units.Collective": lambda u: {"code": f"C{u.pk}", "name": "Phòng", "unit": u},
        "units.Posting": lambda u: {"unit": u, "person": Person.objects.get(staff_code=f"P{u.pk}")},
        "units.Membership": lambda u: {"unit": u, "user": other, "role": Role.AUDITOR},
        "units.Reorganisation": lambda u: {"unit": u, "effective_on": today(), "by": other},
        "campaigns.Campaign": lambda u: {"unit": u, "code": f"K{u.pk}", "state": "launched"},
        "campaigns.Obligation": lambda u: {"unit": u, "milestone": milestone()},
        "campaigns.Plan": lambda u: {"unit": u, "desk": u, "campaign": campaign()},
        "awards.PastAward": lambda u: {"unit": u, "whole_unit": u, **subjects},
        "awards.Rating": lambda u: {"unit": u, "whole_unit": u, "year": 2026},
        "awards.Achievement": lambda u: {"unit": u, "whole_unit": u, "year": 2026},
        "awards.Initiative": lambda u: {"unit": u, "title": "Sáng kiến"},
        "awards.Submission": lambda u: {"unit": u, "type": "merit", "year": 2026},
        "awards.Suggestion": lambda u: {"unit": u, "whole_unit": u, **subjects},
        "awards.Fund": lambda u: {"unit": u, "first_year": 2026, "opening": 0},
        "awards.Council": lambda u: {
            "unit": u,
            "name": "Hội đồng",
            "number": "1",
            "dated": today(),
            "valid_from": today(),
        },
        "awards.Sitting": lambda u: {"council": u.councils.get(), "title": "Họp", "starts_at": timezone.now()},
        "awards.Decision": lambda u: {
            "unit": u,
            "created_by": other,
            "token": uuid4(),
            "title": "Tặng",
            "issuer": "x",
            "state": "issued",
            "number": "1",
            "dated": today(),
        },
        "awards.Nomination": lambda u: {"unit": u, "desk": u, "whole_unit": u, "submission": paper(), "award": "GK"},
    }
    campaign = apps.get_model("campaigns.Campaign").objects.first
    paper = apps.get_model("awards.Submission").objects.first

    def milestone():
        return apps.get_model("campaigns.Milestone").objects.get_or_create(campaign=campaign(), kind="final")[0]

    rows = {"units.Unit": {u.pk: u.pk for u in units}}
    for label, fields in special.items():
        made = apps.get_model(label)._default_manager.bulk_create([apps.get_model(label)(**fields(u)) for u in units])
        rows[label] = {row.pk: unit.pk for row, unit in zip(made, units, strict=True)}
    return rows


def test_every_model_that_says_who_sees_it_is_in_the_test_of_random_trees(world):
    scoped = {m._meta.label for m in apps.get_models() if hasattr(m._default_manager.all(), "visible_to")}

    assert scoped == set(a_row_of_each_model([world.hue], world.head))


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=trees(), seat=st.integers(0, 30), role=st.sampled_from([Role.OFFICER, Role.ADMIN]))
def test_in_any_tree_sight_is_the_subtree_and_nothing_else(paths, seat, role, db):
    with transaction.atomic():
        units = planted(paths)
        own = units[seat % len(units)]
        reader = User.objects.create(username="reader")
        Membership.objects.create(user=reader, unit=own, role=role)

        def below(unit):
            return unit == own or (unit.parent is not None and below(unit.parent))

        def above(unit, other):
            return unit == other or (other.parent is not None and above(unit, other.parent))

        mine = {u.pk for u in units if below(u)}
        ways = {u.pk for u in units if above(u, own)}
        for label, unit_of in a_row_of_each_model(units, reader).items():
            seen = apps.get_model(label)._default_manager.visible_to(reader).values_list("pk", flat=True)
            # administrators look after people and plans of change, the others read papers
            kept = label in ("units.Person", "units.Collective", "units.Reorganisation") or label in LEDGER
            expected = mine if kept or role == Role.OFFICER else set()
            if label == "units.Reorganisation" and role == Role.OFFICER:
                expected = set()
            if label == "campaigns.Campaign" and role == Role.OFFICER:
                expected = mine | ways
            found = {unit_of[pk] for pk in seen if pk in unit_of}
            assert found == expected, label
        transaction.set_rollback(True)


LEDGER = ("awards.Suggestion", "awards.PastAward", "awards.Rating", "awards.Achievement", "awards.Initiative")


@settings(max_examples=100, deadline=None)
@given(paths=trees(), seat=st.integers(0, 30))
def test_below_is_what_begins_with_the_path(paths, seat):
    own = paths[seat % len(paths)]

    assert {path for path in paths if under(path, own)} == {path for path in paths if path.startswith(own)}


def test_a_path_without_its_closing_slash_is_no_root_of_a_scope():
    with pytest.raises(ValueError, match="closing slash"):
        bounds("/VKSTC/T4")


@pytest.mark.parametrize("lookup", ["startswith", "istartswith", "contains", "iexact", "regex", "gte"])
def test_a_path_is_asked_no_other_question_than_whether_it_is_below(lookup):
    with pytest.raises(FieldError):
        Posting.objects.filter(**{f"unit__path__{lookup}": "/VKSTC/"}).exists()


def test_no_code_compares_the_beginning_of_paths_by_itself():
    tells = re.compile(r"path__(i?startswith|i?contains|i?endswith|i?regex)|path\.startswith\(|path\"\]\.startswith\(")
    found = [
        f"{file.name}:{number}"
        for app in ("portal", "units", "campaigns", "awards", "config")
        for file in Path(portal.BASE_DIR, app).rglob("*.py")
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if tells.search(line) and file.name not in ("menu.py", "errors.py")  # addresses of pages
    ]

    assert found == []


def test_the_index_of_the_paths_finds_what_is_below(world):
    made = {"kind": Kind.REGION, "name_vi": "N", "short_name": "N", "parent": world.hue}
    units = [Unit(code=f"N{n}", path=f"/VKSTC/N{n % 60}/N{n}/", **made) for n in range(3000)]
    Unit.objects.bulk_create(units)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    way = Unit.objects.filter(path__under="/VKSTC/N7/").order_by().explain()

    by_range = r"INDEX \S+ \(path>\? AND path<\?\)|Index Scan (using|on) units_unit_path"
    assert re.search(by_range, way), way


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a setting of PostgreSQL")
def test_postgresql_weighs_no_orders_of_more_than_four_tables(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")
        assert cursor.fetchone() == ("4",)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone is told")
def test_sqlite_is_told_that_nearly_every_row_is_below_the_top(world):
    asked = {user: str(Nomination.objects.visible_to(user).query) for user in (world.office, world.officer)}
    assert "likely(" in asked[world.office] and "likely(" not in asked[world.officer]
