"""Every state × every step: lawful ones move and leave one line, the others leave none."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from campaigns import flow
from campaigns.models import Campaign, Obligation, Plan
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Membership, Role, User

STEPS = [step.name for step in flow.PLAN.steps]
LAWFUL = {
    ("draft", "submit"): "submitted",
    ("returned", "resubmit"): "submitted",
    ("submitted", "withdraw"): "draft",
    ("submitted", "take_up"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("approved", "reopen"): "submitted",
    ("draft", "put_to_head"): "draft",
    ("returned", "put_to_head"): "returned",
}
OF_THE_OFFICER = ("put_to_head", "take_back")


def fresh(user):
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def plan_in(state, world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    if state != "draft":
        plan = flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))
    if state == "returned":
        plan = flow.PLAN.take("return", plan, by=world.office, note="bổ sung", version=make.seen(plan))
    if state == "approved":
        plan = flow.PLAN.take("approve", plan, by=world.office, version=make.seen(plan))
    return plan


@pytest.mark.parametrize("state", Plan.State.values)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_table_moves_a_plan(world, campaign, state, step):
    plan = plan_in(state, world, campaign)
    actor = world.head if flow.PLAN[step].at == "unit" else world.office
    actor = world.officer if step in OF_THE_OFFICER else actor
    before = Entry.objects.about(plan).count()

    if (state, step) in LAWFUL:
        moved = flow.PLAN.take(step, plan, by=actor, note="vì sao", version=make.seen(plan))
        assert moved.state == LAWFUL[state, step]
        assert Entry.objects.about(plan).count() == before + 1
    else:
        with pytest.raises((Refused, PermissionDenied)):
            flow.PLAN.take(step, plan, by=actor, note="vì sao", version=make.seen(plan))
        assert Entry.objects.about(plan).count() == before
        assert Plan.objects.get(pk=plan.pk).state == state


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["officer", "stranger", "kv1_head", "auditor", "council", "admin", "nobody"])
def test_a_step_by_the_wrong_person_is_refused(world, campaign, step, who):
    source = flow.PLAN[step].sources[0]
    plan = plan_in(source, world, campaign)
    if step in ("hand_back", "take_back"):
        plan = flow.PLAN.take("put_to_head", plan, by=world.officer, version=make.seen(plan))
    if who == "officer" and step in OF_THE_OFFICER:
        who = "head"

    with pytest.raises(PermissionDenied):
        flow.PLAN.take(step, plan, by=getattr(world, who), note="vì sao", version=make.seen(plan))


def test_a_step_that_the_table_does_not_know_is_nobodys(world, campaign):
    plan = plan_in("draft", world, campaign)

    with pytest.raises(PermissionDenied):
        flow.PLAN.take("burn", plan, by=world.head, version=make.seen(plan))


def test_who_is_not_of_the_unit_writes_nothing_in_its_plan(world, campaign):
    plan = plan_in("draft", world, campaign)
    typed = {"theme": "x", "organising": "x", "commitments": [], "reasons": {}}

    with pytest.raises(PermissionDenied):
        flow.write(plan, **typed, by=world.stranger, version=make.seen(plan))

    assert Plan.objects.get(pk=plan.pk).theme == plan.theme


def test_a_commitment_due_after_the_campaign_is_named_with_its_last_day(world, campaign):
    plan = plan_in("draft", world, campaign)
    plan.commitments.filter(area__code="ND2").update(due_on=campaign.ends_on + timedelta(days=1))

    with pytest.raises(Refused) as refused:
        flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))

    [words] = refused.value.objections
    assert words.startswith("ND2") and f"{campaign.ends_on:%d/%m/%Y}" in words


def test_a_plan_that_lacks_something_is_not_sent_and_says_what(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer, whole=False)

    with pytest.raises(Refused) as refusal:
        flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))

    told = " ".join(map(str, refusal.value.objections))
    assert "Chủ đề" in told and "ND1" in told and "ND2" in told
    assert Plan.objects.get(pk=plan.pk).state == "draft"


def test_a_reason_stands_for_an_area_without_commitments(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    first, second = campaign.areas.all()
    kept = list(plan.commitments.filter(area=first))
    plan = flow.write(
        plan,
        theme="x",
        organising="y",
        commitments=kept,
        reasons={second.pk: "không có"},
        by=world.officer,
        version=plan.version,
    )

    assert flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan)).state == "submitted"


def test_what_the_person_saw_must_be_what_is_stored(world, campaign):
    plan = plan_in("submitted", world, campaign)
    flow.PLAN.take("take_up", plan, by=world.office, version=make.seen(plan))

    with pytest.raises(Refused):
        flow.PLAN.take("approve", plan, by=world.office2, version=plan.version)


def test_nobody_withdraws_what_was_taken_up(world, campaign):
    plan = plan_in("submitted", world, campaign)
    flow.PLAN.take("take_up", plan, by=world.office, version=make.seen(plan))

    with pytest.raises(Refused):
        flow.PLAN.take("withdraw", plan, by=world.head, version=make.seen(plan))


def test_a_return_needs_a_reason(world, campaign):
    plan = plan_in("submitted", world, campaign)

    with pytest.raises(Refused):
        flow.PLAN.take("return", plan, by=world.office, note="  ", version=make.seen(plan))


def test_each_submission_is_kept(world, campaign):
    plan = plan_in("returned", world, campaign)
    rows = list(plan.commitments.all())
    plan = flow.write(
        plan, theme="Chủ đề mới", organising="x", commitments=rows, reasons={}, by=world.officer, version=plan.version
    )
    plan = flow.PLAN.take("resubmit", plan, by=world.head, version=make.seen(plan))

    assert [v.content["theme"] for v in plan.versions.all()] == ["Chủ đề của đơn vị", "Chủ đề mới"]


def test_the_obligation_follows_the_plan(world, campaign):
    met = lambda: Obligation.objects.get(unit=world.hue).met_at is not None  # noqa: E731
    plan = make.plan(campaign, world.hue, world.officer)
    seen = [met()]
    for step, by in (
        ("submit", world.head),
        ("return", world.office),
        ("resubmit", world.head),
        ("approve", world.office),
    ):
        plan = flow.PLAN.take(step, plan, by=by, note="vì sao", version=make.seen(plan))
        seen.append(met())

    assert seen == [False, True, False, True, True]


def test_two_editors_never_overwrite_each_other(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    rows = list(plan.commitments.all())
    flow.write(
        plan, theme="của cán bộ", organising="x", commitments=rows, reasons={}, by=world.officer, version=plan.version
    )

    with pytest.raises(flow.EditConflict) as clash:
        flow.write(
            plan,
            theme="của thủ trưởng",
            organising="x",
            commitments=[],
            reasons={},
            by=world.head,
            version=plan.version,
        )

    assert clash.value.theirs.theme == "của cán bộ"
    assert Plan.objects.get(pk=plan.pk).theme == "của cán bộ"


def test_saving_the_same_twice_is_saving_once(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    again = flow.write(
        plan,
        theme=plan.theme,
        organising=plan.organising,
        commitments=list(plan.commitments.all()),
        reasons={},
        by=world.officer,
        version=plan.version,
    )

    assert again.version == plan.version
    assert again.commitments.count() == 2


def test_a_double_click_begins_one_plan(world, campaign):
    assert flow.begin(campaign, world.hue, by=world.head) == flow.begin(campaign, world.hue, by=world.officer)
    assert Plan.objects.count() == 1


def test_nobody_begins_a_plan_for_another_unit(world, campaign):
    for unit in (world.vinh, world.kv1, world.root):
        with pytest.raises(PermissionDenied):
            flow.begin(campaign, unit, by=world.head)


def test_a_delegate_submits_within_the_days_only(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    with pytest.raises(PermissionDenied):
        flow.PLAN.take("submit", plan, by=world.officer, version=make.seen(plan))
    Membership.objects.create(
        user=world.officer, unit=world.hue, role=Role.HEAD, delegated_by=world.head, document="1/GUQ"
    )

    assert flow.PLAN.take("submit", plan, by=fresh(world.officer), version=make.seen(plan)).state == "submitted"


def test_those_concerned_are_told_once(world, campaign):
    plan_in("approved", world, campaign)
    told = lambda who: sorted(Notice.objects.filter(recipient=who).values_list("kind", flat=True))  # noqa: E731

    assert told(world.head) == ["approved", "launch"]
    assert told(world.officer) == ["approved", "launch"]
    assert told(world.office) == ["submitted"]
    assert told(world.stranger) == ["launch"]


def test_a_closed_campaign_takes_no_plan(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    flow.CAMPAIGN.take("close", campaign, by=world.office, note="tổng kết xong", version=make.seen(campaign))

    with pytest.raises(Refused):
        flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))


CAMPAIGN_LAWFUL = {("draft", "launch"), ("draft", "cancel"), ("launched", "close"), ("launched", "cancel")}


@pytest.mark.parametrize("state", Campaign.State.values)
@pytest.mark.parametrize("step", [s.name for s in flow.CAMPAIGN.steps])
def test_only_the_table_moves_a_campaign(world, state, step):
    campaign = make.campaign(world.root)
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    campaign.refresh_from_db()

    if (state, step) in CAMPAIGN_LAWFUL:
        assert (
            flow.CAMPAIGN.take(step, campaign, by=world.office, note="vì sao", version=make.seen(campaign)).state
            != state
        )
    else:
        with pytest.raises((Refused, PermissionDenied)):
            flow.CAMPAIGN.take(step, campaign, by=world.office, note="vì sao", version=make.seen(campaign))
