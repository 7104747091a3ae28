"""Figures and rows of the desk: what is counted, what is found, in which order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import flow
from campaigns.desk import coverage
from campaigns.models import AreaNote, Obligation
from campaigns.obligations import services as obligations
from tests import make
from units.models import Role
from units.models.units import Kind


@pytest.fixture
def spread(world):
    """Six units owe: one approved, one waiting, one returned, one writing, one that did not begin, one on paper."""
    kinds = (Kind.PROVINCE, Kind.DEPARTMENT)
    world.campaign = make.launched(world.root, world.office, kinds=kinds)
    for code in ("CTHO", "DNA", "HPG"):
        world.__dict__[code] = make.unit(code, world.root)
        world.__dict__[f"{code}_head"] = make.user(f"head-{code}", (Role.HEAD, world.__dict__[code]))
    obligations.reconcile(world.campaign)
    world.approved = make.submitted(world.campaign, world.hue, world.head)
    flow.PLAN.take("approve", world.approved, by=world.office, version=make.seen(world.approved))
    world.waiting = make.submitted(world.campaign, world.vinh, world.stranger)
    world.returned = make.submitted(world.campaign, world.CTHO, world.CTHO_head)
    flow.PLAN.take("return", world.returned, by=world.office, note="Bổ sung", version=make.seen(world.returned))
    make.plan(world.campaign, world.DNA, world.DNA_head)
    paper = Obligation.objects.get(unit=world.HPG, milestone__campaign=world.campaign)
    obligations.receive(paper, by=world.office, note="Công văn giấy", version=make.seen(paper))
    return world


def found(world, **asked):
    rows = coverage.narrowed(coverage.rows(world.campaign, timezone.now()), asked)
    return [row.unit.code for row in rows]


def set_due(world, **delta):
    world.campaign.milestones.update(due_at=timezone.now() + timedelta(**delta))


def test_every_owing_unit_stands_somewhere_once(spread):
    lines = coverage.by_kind(spread.campaign, timezone.now())
    figures = coverage.total(lines)

    assert {name: figures[name] for name in coverage.STANDINGS} == {
        "draft": 2,
        "submitted": 1,
        "returned": 1,
        "approved": 1,
        "received": 1,
    }
    assert sum(figures[name] for name in coverage.STANDINGS) == figures["owing"] == 6
    assert figures["begun"] == 1
    assert [(line["kind"], line["owing"]) for line in lines] == [("department", 1), ("province", 5)]


def test_late_are_those_that_still_owe_past_their_moment(spread):
    assert coverage.total(coverage.by_kind(spread.campaign, timezone.now()))["overdue"] == 0
    set_due(spread, days=-1)

    assert coverage.total(coverage.by_kind(spread.campaign, timezone.now()))["overdue"] == 3
    assert found(spread, late=True) == ["CTHO", "DNA", "V16"]


def test_an_extension_of_its_own_makes_a_unit_punctual_again(spread):
    set_due(spread, days=-1)
    owed = Obligation.objects.filter(unit=spread.DNA)
    obligations.extend(
        owed, timezone.now() + timedelta(days=2), by=spread.office, reason="Bão", versions=make.seen_each(owed)
    )

    assert found(spread, late=True) == ["CTHO", "V16"]


def test_a_closed_campaign_has_no_late_units(spread):
    set_due(spread, days=-1)
    spread.campaign = flow.CAMPAIGN.take(
        "close", spread.campaign, by=spread.office, note="Xong", version=make.seen(spread.campaign)
    )

    assert found(spread, late=True) == []


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"state": "draft"}, ["DNA", "V16"]),
        ({"state": "submitted"}, ["VINH"]),
        ({"state": "returned"}, ["CTHO"]),
        ({"state": "approved"}, ["HUE"]),
        ({"state": "received"}, ["HPG"]),
        ({"kind": "department"}, ["V16"]),
        ({"kind": "district"}, []),
        ({"q": "hue"}, ["HUE"]),
        ({"q": "HUẾ"}, ["HUE"]),
        ({"q": "nghe an"}, ["VINH"]),
        ({"q": "chu de cua don vi"}, ["HUE", "VINH"]),  # words of plans in hand, never of drafts
        ({"q": "khong co dau"}, []),
        ({"sort": "submitted", "state": "submitted"}, ["VINH"]),
    ],
)
def test_filters_and_search(spread, asked, codes):
    assert found(spread, **asked) == codes


def test_rows_can_be_ordered_by_the_day_of_submission(spread):
    assert found(spread, sort="submitted")[:3] == ["HUE", "VINH", "CTHO"]


def test_rows_can_be_ordered_by_due_moment(spread):
    owed = Obligation.objects.filter(unit=spread.CTHO)
    obligations.extend(
        owed, timezone.now() + timedelta(days=90), by=spread.office, reason="Bão", versions=make.seen_each(owed)
    )

    assert found(spread, sort="due")[-1] == "CTHO"


def test_areas_count_plans_in_hand_their_promises_and_their_reasons(spread):
    first, second = spread.campaign.areas.all()
    spread.waiting.commitments.filter(area=second).delete()
    AreaNote.objects.create(plan=spread.waiting, area=second, reason="Không có án loại này")

    counted = [(a.code, a.plans, a.promises, a.reasons) for a in coverage.by_area(spread.campaign)]

    assert counted == [("ND1", 2, 2, 0), ("ND2", 1, 1, 1)]
    assert found(spread, area=str(second.pk)) == ["HUE"]
    assert found(spread, area=str(second.pk), promise="without") == ["VINH"]
    assert found(spread, area=str(first.pk)) == ["HUE", "VINH"]


def test_the_grid_shows_promises_reasons_and_nothing_of_drafts(spread):
    areas = list(spread.campaign.areas.all())
    spread.waiting.commitments.filter(area=areas[1]).delete()
    AreaNote.objects.create(plan=spread.waiting, area=areas[1], reason="Không có án")
    now = timezone.now()
    lines = coverage.described(coverage.for_list(coverage.narrowed(coverage.rows(spread.campaign, now), {})), now)

    rows = coverage.with_cells(lines, areas)

    told = {line.unit.code: [(c.seen, c.promises, c.reason) for c in cells] for line, cells in rows}
    assert told["HUE"] == [(True, 1, ""), (True, 1, "")]
    assert told["VINH"] == [(True, 1, ""), (True, 0, "Không có án")]
    assert told["DNA"] == told["CTHO"] == told["V16"] == [(False, 0, ""), (False, 0, "")]


def test_the_bar_is_whole(spread):
    parts = coverage.segments(coverage.total(coverage.by_kind(spread.campaign, timezone.now())))

    assert sum(part["value"] for part in parts) == 6
    assert 99.9 < sum(part["width"] for part in parts) < 100.1


def test_the_bar_of_nobody_is_empty(world):
    campaign = make.campaign(world.root)
    parts = coverage.segments(coverage.total(coverage.by_kind(campaign, timezone.now())))

    assert [part["width"] for part in parts] == [0.0] * 4


def test_a_released_unit_is_not_counted(spread):
    Obligation.objects.filter(unit=spread.v16).update(released_at=timezone.now())

    assert coverage.total(coverage.by_kind(spread.campaign, timezone.now()))["owing"] == 5


def test_a_unit_that_owes_nothing_stands_apart(spread):
    make.submitted(spread.campaign, spread.kv1, spread.kv1_head)

    assert [plan.unit for plan in coverage.volunteers(spread.campaign)] == [spread.kv1]
    assert coverage.total(coverage.by_kind(spread.campaign, timezone.now()))["owing"] == 6
    assert [a.plans for a in coverage.by_area(spread.campaign)] == [2, 2]


def test_the_queue_is_ordered_by_waiting_and_leaves_out_what_a_colleague_holds(spread):
    flow.PLAN.take("resubmit", spread.returned, by=spread.CTHO_head, version=make.seen(spread.returned))
    first = spread.campaign.plans.get(unit=spread.CTHO).reviewer  # who returned it has it again
    assert [p.unit.code for p in coverage.queue(spread.campaign, first)] == ["VINH", "CTHO"]
    spread.campaign.plans.update(reviewer=None)
    assert [p.unit.code for p in coverage.queue(spread.campaign, spread.office)] == ["VINH", "CTHO"]

    flow.PLAN.take("take_up", spread.waiting, by=spread.office2, version=make.seen(spread.waiting))

    assert [p.unit.code for p in coverage.queue(spread.campaign, spread.office)] == ["CTHO"]
    assert [p.unit.code for p in coverage.queue(spread.campaign, spread.office2)] == ["VINH", "CTHO"]
    spread.waiting.refresh_from_db()
    after = coverage.after(coverage.queue(spread.campaign, spread.office2), spread.waiting)
    assert [p.unit.code for p in after] == ["CTHO"]
