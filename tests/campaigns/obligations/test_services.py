"""Who owes what, while units come and go."""

from datetime import timedelta

from campaigns import flow
from campaigns.models import Obligation, Plan
from campaigns.obligations import services as obligations
from portal.days import today
from portal.models import Entry
from tests import make
from units.models import Succession
from units.models.units import Kind


def owing(campaign):
    return sorted(
        Obligation.objects.filter(milestone__campaign=campaign, released_at=None).values_list("unit__code", flat=True)
    )


def end(unit, *heirs, kind="merge"):
    unit.valid_to = today() - timedelta(days=1)
    unit.save()
    for heir in heirs or (None,):
        Succession.objects.create(predecessor=unit, successor=heir, effective_on=today(), kind=kind)


def test_units_of_the_kinds_owe_and_no_others(world):
    assert owing(make.launched(world.root, world.office)) == ["HUE", "VINH"]


def test_a_part_answers_through_the_unit_of_the_same_kind_above(world):
    make.unit("V16.1", world.v16, Kind.DEPARTMENT)

    assert owing(make.launched(world.root, world.office, kinds=[Kind.DEPARTMENT])) == ["V16"]


def test_a_unit_made_later_owes_too_and_the_trail_says_so(world):
    campaign = make.launched(world.root, world.office)
    make.unit("MOI", world.root)

    obligations.reconcile(campaign)
    obligations.reconcile(campaign)

    assert owing(campaign) == ["HUE", "MOI", "VINH"]
    assert [e.note for e in Entry.objects.about(campaign).filter(verb="owe")] == [
        "VKSND MOI: Đăng ký kế hoạch hưởng ứng"
    ]


def test_what_a_merged_unit_owed_goes_to_the_successor(world):
    campaign = make.launched(world.root, world.office)
    heir = make.unit("MOI", world.root)
    end(world.hue, heir)
    end(world.vinh, heir)

    obligations.reconcile(campaign)

    assert owing(campaign) == ["MOI"]
    assert Entry.objects.about(campaign).filter(verb="hand_over").count() == 2


def test_a_dissolved_unit_owes_nothing(world):
    campaign = make.launched(world.root, world.office)
    end(world.hue, kind="dissolve")

    obligations.reconcile(campaign)

    assert owing(campaign) == ["VINH"]
    assert Entry.objects.about(campaign).filter(verb="release").count() == 1


def test_a_draft_and_a_sent_plan_go_to_the_successor_and_what_was_met_stays_met(world):
    campaign = make.launched(world.root, world.office)
    draft = make.plan(campaign, world.hue, world.officer)
    sent = make.submitted(campaign, world.vinh, world.stranger)
    heir, other = make.unit("MOI", world.root), make.unit("KHAC", world.root)
    end(world.hue, heir)
    end(world.vinh, other)

    obligations.reconcile(campaign)

    assert Plan.objects.get(pk=draft.pk).unit == heir
    gone = Plan.objects.get(pk=sent.pk)
    assert (gone.unit, gone.desk, gone.state) == (other, world.root, "submitted")
    assert Obligation.objects.get(unit=other).met_at
    assert not Obligation.objects.get(unit=heir).met_at


def test_an_approved_plan_stays_after_a_merger_and_goes_on_under_a_new_name(world):
    campaign = make.launched(world.root, world.office)
    merged = make.approved(campaign, world.hue, world.head, office=world.office)
    renamed = make.approved(campaign, world.vinh, world.stranger, office=world.office)
    heir, other = make.unit("MOI", world.root), make.unit("KHAC", world.root)
    end(world.hue, heir)
    end(world.vinh, other, kind="continue")

    obligations.reconcile(campaign)

    assert Plan.objects.get(pk=merged.pk).unit == world.hue
    assert Plan.objects.get(pk=renamed.pk).unit == other
    assert not Obligation.objects.get(unit=heir).met_at
    assert Obligation.objects.get(unit=other).met_at


def test_a_sub_campaign_reaches_the_own_subtree_only(world):
    parent = make.launched(world.root, world.office)
    sub = make.campaign(world.hue, parent=parent, kinds=[Kind.REGION, Kind.PROVINCE], code="CON")
    sub = flow.CAMPAIGN.take("launch", sub, by=world.head, version=make.seen(sub))

    assert owing(sub) == ["KV1"]
    plan = make.submitted(sub, world.kv1, world.kv1_head)
    assert plan.desk == world.hue
    assert flow.PLAN.take("approve", plan, by=world.head, version=make.seen(plan)).state == "approved"
