"""What units lead, owe and write goes with a reorganisation, and comes back when it is undone; two at once."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from campaigns import flow
from campaigns.models import Campaign, Obligation, Plan
from campaigns.obligations import services as obligations
from portal.days import today
from portal.flow import Refused
from portal.models import Notice
from tests import make
from units.models import Reorganisation, ReorganisationStep, Role, Unit, User
from units.models.units import Kind
from units.reorganisation import flow as reorganisations
from units.reorganisation.execute import affected_by

take = partial(make.take, reorganisations.REORGANISATION)


@pytest.fixture
def second(world):
    return make.user("admin2", (Role.ADMIN, world.root))


def rename(unit):
    return {"kind": "rename", "sources": [unit.code], "name_vi": f"Tên mới của {unit.code}"}


def snapshot():
    plans = list(Plan.objects.order_by("pk").values("pk", "unit", "desk", "state", "search", "theme"))
    return plans, list(Obligation.objects.order_by("pk").values()), list(Campaign.objects.values("pk", "unit"))


def owing(campaign):
    """Who owes, and whether it is still open."""
    rows = Obligation.objects.filter(milestone__campaign=campaign, released_at=None).select_related("unit")
    return sorted((o.unit.code, o.open) for o in rows)


def test_a_draft_goes_to_the_successor_and_its_writers_are_told(world, second):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    make.executed(world.admin, second, world.root, rename(world.hue))

    draft.refresh_from_db()
    assert draft.unit.code.startswith("HUE.") and draft.desk == draft.unit
    assert Notice.objects.filter(kind="hand_over", recipient__in=[world.head, world.officer]).count() == 2
    assert owing(campaign) == [(draft.unit.code, True), ("VINH", True)]
    head = User.objects.get(pk=world.head.pk)
    assert flow.PLAN.take("submit", draft, by=head, version=make.seen(draft)).state == "submitted"


def test_a_renamed_unit_keeps_its_approved_plan(world, second):
    campaign = make.launched(world.root, world.office)
    plan = make.approved(campaign, world.hue, world.head, office=world.office)
    make.executed(world.admin, second, world.root, rename(world.hue))

    plan.refresh_from_db()
    assert plan.unit.code.startswith("HUE.")
    assert owing(campaign) == [(plan.unit.code, False), ("VINH", True)]


def test_of_two_merging_units_what_was_sent_goes_before_what_is_written(world, second):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    sent = make.submitted(campaign, world.vinh, world.stranger)
    step = {"kind": "merge", "sources": ["HUE", "VINH"], "code": "HV", "name_vi": "Viện kiểm sát nhân dân HV"}
    make.executed(world.admin, second, world.root, step)

    assert Plan.objects.get(pk=sent.pk).unit.code == "HV"
    assert Plan.objects.get(pk=draft.pk).unit == world.hue  # stays, and the successor reads it
    assert owing(campaign) == [("HV", False)]
    assert Plan.objects.visible_to(User.objects.get(pk=world.officer.pk)).count() == 2


def test_who_takes_the_papers_of_a_split_unit_is_said_in_its_step(world, second):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.vinh, world.stranger)
    steps = [
        {"kind": "split", "sources": ["VINH"], "code": code, "name_vi": f"Tên {code}", "papers": papers}
        for code, papers in (("V1", None), ("V2", True))
    ]
    make.executed(world.admin, second, world.root, *steps)

    assert Plan.objects.get(pk=draft.pk).unit.code == "V2"
    assert owing(campaign) == [("HUE", True), ("V1", True), ("V2", True)]  # both owe


def test_a_campaign_that_a_unit_leads_is_led_on(world, second):
    parent = make.launched(world.root, world.office)
    sub = make.campaign(world.hue, parent=parent, kinds=[Kind.REGION], code="CON")
    sub = flow.CAMPAIGN.take("launch", sub, by=world.head, version=make.seen(sub))
    sent = make.submitted(sub, world.kv1, world.kv1_head)
    before = snapshot()
    made = make.executed(world.admin, second, world.root, rename(world.hue))

    sub.refresh_from_db(), sent.refresh_from_db()
    head = User.objects.get(pk=world.head.pk)
    assert (sub.unit.code, sent.desk) == (sent.desk.code, sub.unit)
    assert sent.unit.path.startswith(sub.unit.path)
    take("undo", made, by=world.admin, note="nhầm")
    assert snapshot() == before
    sent.refresh_from_db()
    head = User.objects.get(pk=world.head.pk)
    assert flow.PLAN.take("approve", sent, by=head, version=make.seen(sent)).state == "approved"


@pytest.mark.parametrize("kind", ["rename", "merge", "dissolve"])
def test_undone_everything_lies_where_it_lay(world, second, kind):
    campaign = make.launched(world.root, world.office)
    make.plan(campaign, world.hue, world.officer)
    make.submitted(campaign, world.vinh, world.stranger)
    obligations.extend(
        Obligation.objects.filter(unit=world.hue),
        campaign.milestones.get().due_at + timedelta(days=3),
        by=world.office,
        reason="bão lũ",
        versions=make.seen_each(Obligation.objects.filter(unit=world.hue)),
    )
    before = snapshot()
    steps = {
        "rename": [rename(world.hue), rename(world.vinh)],
        "merge": [{"kind": "merge", "sources": ["HUE", "VINH"], "code": "HV", "name_vi": "Tên HV"}],
        "dissolve": [{"kind": "dissolve", "sources": ["HUE", "KV1", "VINH"]}],
    }[kind]
    made = make.executed(world.admin, second, world.root, *steps)
    assert snapshot() != before

    take("undo", made, by=world.admin, note="nhầm")

    assert snapshot() == before


def test_an_answer_since_then_stands_against_undoing(world, second):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    made = make.executed(world.admin, second, world.root, rename(world.hue))
    draft.refresh_from_db()
    flow.PLAN.take("submit", draft, by=User.objects.get(pk=world.head.pk), version=make.seen(draft))

    with pytest.raises(Refused, match="kế hoạch của đơn vị mới"):
        take("undo", made, by=world.admin, note="nhầm")


def test_before_it_is_done_the_page_tells_what_it_touches(world):
    campaign = make.launched(world.root, world.office)
    make.plan(campaign, world.hue, world.officer)
    make.submitted(campaign, world.vinh, world.stranger)

    assert affected_by([world.hue, world.vinh]) == [
        ("cán bộ", 3, ""),
        ("vai trò", 3, ""),
        ("nghĩa vụ chưa hoàn thành", 1, ""),
        ("kế hoạch đang soạn hoặc được trả lại", 1, ""),
        ("kế hoạch đã gửi, chờ duyệt", 1, ""),
    ]


# --- two at once, on connections of their own ---

racing = pytest.mark.usefixtures("emptied_trail")


def both(*deeds):
    barrier, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        barrier.wait()
        try:
            outcomes[place] = deed()
        except (Refused, PermissionDenied) as refusal:
            outcomes[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, d)) for i, d in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def approved(world, *steps):
    admin2 = make.user("admin2", (Role.ADMIN, world.root))
    made = make.reorganisation(world.admin, world.root, *steps)
    return take("approve", take("submit", made, by=world.admin), by=admin2)


@racing
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_a_plan_sent_while_its_unit_is_renamed_is_neither_lost_nor_doubled(world, attempt):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    made = approved(world, rename(world.hue))

    submitted, _done = both(
        lambda: flow.PLAN.take("submit", draft, by=User.objects.get(username="head"), version=draft.version),
        reorganisations.run_due,
    )

    made.refresh_from_db()
    plan = Plan.objects.get()
    assert made.state == Reorganisation.State.EXECUTED
    assert plan.unit.code.startswith("HUE.")
    met = Obligation.objects.get(unit=plan.unit).met_at is not None
    if isinstance(submitted, Refused):  # the reorganisation came first: the text is the successor's draft
        assert (plan.state, plan.desk, met) == ("draft", plan.unit, False)
        assert "vừa được người khác thay đổi" in str(submitted)
        assert (
            flow.PLAN.take("submit", plan, by=User.objects.get(username="head"), version=make.seen(plan)).state
            == "submitted"
        )
    else:  # the plan came first: it went with its unit
        assert (plan.state, plan.desk, met) == ("submitted", world.root, True)
        assert plan.versions.count() == 1


@racing
@pytest.mark.django_db(transaction=True)
def test_each_order_has_its_defined_outcome(world):
    """The same two deeds, one after the other: both branches of the race above are walked for certain."""
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    sent = make.plan(campaign, world.vinh, world.stranger)
    flow.PLAN.take("submit", sent, by=world.stranger, version=sent.version)
    approved(world, rename(world.hue), rename(world.vinh))
    assert reorganisations.run_due() == 1

    with pytest.raises(Refused, match="vừa được người khác thay đổi"):
        flow.PLAN.take("submit", draft, by=world.head, version=draft.version)
    assert Plan.objects.get(pk=sent.pk).unit.code.startswith("VINH.")


@racing
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_execute_once(world):
    approved(world, rename(world.hue))

    outcomes = both(*[reorganisations.run_due] * 3)

    assert sum(outcomes) == 1
    assert Unit.objects.filter(code__startswith="HUE.").count() == 1


@racing
@pytest.mark.django_db(transaction=True)
def test_a_plan_begun_while_its_unit_ends_is_the_successors_or_refused(world):
    campaign = make.launched(world.root, world.office)
    approved(world, rename(world.hue))

    begun, _done = both(
        lambda: flow.begin(campaign, world.hue, by=User.objects.get(username="officer")),
        reorganisations.run_due,
    )

    assert isinstance(begun, Refused | PermissionDenied) or Plan.objects.get().unit.valid_to is None
    assert today() not in (u.valid_to for u in Unit.objects.all())


@racing
@pytest.mark.django_db(transaction=True)
def test_two_reorganisations_of_one_unit_leave_one(world):
    step = {"scope": world.root, "day": today(), "document": "", "title": "x"}
    outcomes = both(
        *[
            lambda name=name: reorganisations.change(
                ReorganisationStep(kind="rename", sources=["HUE"], name_vi=name),
                by=User.objects.get(username="admin"),
                **step,
            )
            for name in ("Tên một", "Tên hai")
        ]
    )

    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "Reorganisation"]
    assert Unit.objects.filter(code__startswith="HUE.").count() == 1
