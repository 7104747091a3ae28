"""Random sequences of steps: whatever is done, the tree stays a tree on every day, and undo puts every row back."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.flow import Refused
from tests import make
from units.models import (
    Collective,
    EmulationOffice,
    Membership,
    Posting,
    Reorganisation,
    ReorganisationStep,
    Role,
    Succession,
    Unit,
)
from units.reorganisation import execute
from units.reorganisation.planning import plan

START = date(2026, 1, 1)
KINDS = [k.value for k in ReorganisationStep.Kind]
CODES = ["A", "A1", "A2", "A11", "B", "B1", "C", "R", "N1", "N2", "N3", "A.26", "B.26"]


def written(kind, sources, code, parent, named, people):
    return ReorganisationStep(
        kind=kind,
        sources=[] if kind == "create" else sources[: 1 if kind in ("rename", "move", "split") else 3],
        code="" if kind == "dissolve" else code,
        name_vi=f"Tên {code}" if named and kind not in ("dissolve", "move") else "",
        parent_code=parent if kind in ("create", "move", "merge", "split") else "",
        unit_kind="province",
        people=people,
    )


single = st.builds(
    written,
    kind=st.sampled_from([k for k in KINDS if k != "split"]),
    sources=st.lists(st.sampled_from(CODES[:8]), min_size=1, max_size=3, unique=True),
    code=st.sampled_from([*CODES[8:11], "B", ""]),
    parent=st.sampled_from(["R", "A", "B", "N1", "C", ""]),
    named=st.sampled_from([True, True, True, False]),
    people=st.sampled_from([None, None, True]),
)
split = st.builds(
    lambda source, parent: [
        written("split", [source], "S1", parent, True, True),
        written("split", [source], "S2", parent, True, None),
    ],
    source=st.sampled_from(CODES[1:8]),
    parent=st.sampled_from(["", "R", "C"]),
)
groups = st.lists(st.one_of(single.map(lambda s: [s]), single.map(lambda s: [s]), split), min_size=1, max_size=8)


def lawful(units, found, day):
    """As many of the steps as can be done together, in their order."""
    kept = []
    for group in found:
        if not plan(units, [*kept, *group], day).objections:
            kept += group
    return kept


def little_tree():
    root = Unit(pk=1, code="R", kind="supreme", name_vi="Đơn vị R")
    root.derive()
    made = {"R": root}
    for pk, (code, parent) in enumerate(
        [("A", "R"), ("A1", "A"), ("A2", "A"), ("A11", "A1"), ("B", "R"), ("B1", "B"), ("C", "R")], start=2
    ):
        unit = Unit(pk=pk, code=code, parent=made[parent], kind="province", name_vi=f"Đơn vị {code}", order=pk)
        unit.derive()
        made[code] = unit
    return list(made.values())


def applied(units, outcome, day):
    """The tree after, as execution writes it."""
    after = {u.pk: u for u in units}
    for unit in outcome.ended:
        after[unit.pk].valid_to = day - timedelta(days=1)
    for pk, unit in enumerate(outcome.begun, start=max(after) + 1):
        unit.pk, unit.parent_id = pk, unit.parent.pk
        after[pk] = unit
    return list(after.values())


def hold(units):
    """The invariants of a tree in time."""
    by_key = {u.pk: u for u in units}
    assert max(Counter(u.code for u in units).values()) == 1
    for unit in units:
        parent = by_key.get(unit.parent_id)
        assert unit.path == f"{parent.path if parent else '/'}{unit.code}/"
        assert unit.valid_from is None or unit.valid_to is None or unit.valid_from <= unit.valid_to
        if parent:  # it exists during its child's whole span
            assert (parent.valid_from or date.min) <= (unit.valid_from or date.min)
            assert (parent.valid_to or date.max) >= (unit.valid_to or date.max)


def conserved(before, outcome, after, day):
    """Nobody vanishes: whoever stood the day before stands on, has heirs on the day, or was dissolved by a step."""
    standing = {u.code for u in after if u.exists_on(day)}
    ended = {u.code for u in outcome.ended}
    assert {u.code for u in before} - ended <= standing
    for unit in outcome.ended:
        assert all(h.unit.code in standing for h in outcome.heirs[unit.code])
    fresh = {u.code for u in outcome.begun}
    assert standing == ({u.code for u in before} - ended) | fresh


@settings(max_examples=150, deadline=None)
@given(first=groups, second=groups)
def test_plans_that_raise_no_objection_leave_a_tree(first, second):
    units, day = little_tree(), START
    for found in (first, second):
        sequence = lawful(units, found, day)
        outcome = plan(units, sequence, day)
        if sequence:
            before = [u for u in units if u.exists_on(day - timedelta(days=1))]
            dissolved = {c for s in sequence if s.kind == "dissolve" for c in s.sources}
            assert {u.code for u in outcome.ended if not outcome.heirs[u.code]} == dissolved
            units = applied(units, outcome, day)
            conserved(before, outcome, units, day)
            hold(units)
        day += timedelta(days=200)


ROWS = (Unit, Succession, Membership, Posting, Collective, EmulationOffice)


def rows():
    return {m: list(m.objects.order_by("pk").values()) for m in ROWS}


@pytest.fixture
def populated(db):
    units = {}
    for code, parent in [("R", None), ("A", "R"), ("A1", "A"), ("A2", "A"), ("A11", "A1"), ("B", "R"), ("B1", "B")]:
        units[code] = make.unit(code, units.get(parent))
    units["C"] = make.unit("C", units["R"])
    admin = make.user("admin", (Role.ADMIN, units["R"]))
    for code in ("A", "A1", "A11", "B", "B1"):
        make.user(f"head{code}", (Role.HEAD, units[code]))
        make.user(f"officer{code}", (Role.OFFICER, units[code]), (Role.OFFICER, units["B"]))
    Membership.objects.update(valid_from=None)
    head = Membership.objects.filter(unit=units["A"], role=Role.HEAD).get().user
    later = Membership(user=admin, unit=units["A"], role=Role.HEAD, valid_from=START + timedelta(days=30))
    later.valid_to, later.delegated_by, later.document = START + timedelta(days=60), head, "1/UQ"
    later.save()
    group = Collective.objects.create(unit=units["A"], code="A-P1", name="Phòng 1")
    Collective.objects.create(unit=units["B"], code="B-P9", name="Phòng 9", valid_from=START + timedelta(days=9))
    Posting.objects.filter(person=head.person).update(collective=group)
    EmulationOffice.objects.create(serves=units["R"], unit=units["A1"])
    EmulationOffice.objects.create(serves=units["B"], unit=units["B1"])
    return admin


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=groups)
def test_undo_puts_every_row_back(populated, found):
    root = Unit.objects.get(code="R")
    sequence = lawful(Unit.objects.all(), found, START)
    made = make.reorganisation(populated, root, day=START)
    for place, step in enumerate(sequence, start=1):
        step.pk, step.reorganisation, step.order = None, made, place
        step.save()
    before = rows()
    try:
        execute.execute(made, populated)
    except Refused:
        assert rows() == before
        return
    hold(list(Unit.objects.all()))
    ended = Unit.objects.filter(pk__in=made.effects["ended"])
    for model in (Membership, Posting, Collective):  # no right, no person, no group outlives its unit
        left = model.objects.filter(unit__in=ended, valid_to=None)
        assert not left.exclude(valid_from__gte=START).exists()

    execute.undo(made, populated)

    assert rows() == before
    Reorganisation.objects.filter(pk=made.pk).delete()
