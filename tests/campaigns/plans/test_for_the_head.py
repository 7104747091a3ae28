"""From the officer to the head and back; a plan approved and opened again; whose it is when it comes again."""

import pytest
from django.core.exceptions import PermissionDenied

from campaigns import flow
from campaigns.desk import coverage
from campaigns.models import Plan
from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Membership, User


@pytest.fixture
def draft(world, campaign):
    return make.plan(campaign, world.hue, world.officer)


def take(name, plan, by, **more):
    return make.take(flow.PLAN, name, plan, by=by, **more)


def told(user, kind):
    return list(Notice.objects.filter(recipient=user, kind=kind).values_list("body", flat=True))


def test_the_officer_puts_a_plan_before_the_head_who_sends_it(world, draft):
    draft = take("put_to_head", draft, world.officer)

    assert (draft.state, draft.before_head_by) == ("draft", world.officer)
    [notice] = Notice.objects.filter(kind="before_head")
    assert (notice.recipient, notice.url, notice.mail_state) == (world.head, draft.get_absolute_url(), "pending")
    assert world.officer.display_name in notice.body
    sent = take("submit", draft, world.head)
    assert (sent.state, sent.before_head_at, sent.before_head_by) == ("submitted", None, None)
    assert list(Entry.objects.about(draft).values_list("verb", flat=True)[:2]) == ["submit", "put_to_head"]


def test_the_head_hands_it_back_with_words_that_the_officer_hears(world, draft):
    draft = take("put_to_head", draft, world.officer)
    with pytest.raises(Refused, match="lý do"):
        take("hand_back", draft, world.head)

    draft = take("hand_back", draft, world.head, note="Nêu rõ chỉ tiêu")

    assert draft.before_head_at is None and draft.state == "draft"
    [words] = told(world.officer, "handed_back")
    assert "Nêu rõ chỉ tiêu" in words
    again = take("put_to_head", draft, world.officer)
    assert len(told(world.head, "before_head")) == 2 and again.before_head_at


def test_the_officer_takes_it_back(world, draft):
    draft = take("take_back", take("put_to_head", draft, world.officer), world.officer)

    assert draft.before_head_at is None
    assert [s.name for s in flow.PLAN.open_to(world.officer, draft)] == ["put_to_head"]


def test_each_may_do_their_own_part_alone(world, draft):
    names = lambda who, plan: [s.name for s in flow.PLAN.open_to(who, plan)]  # noqa: E731
    assert names(world.officer, draft) == ["put_to_head"]
    assert names(world.head, draft) == ["submit"]
    for who in (world.head, world.office, world.stranger, world.kv1_head):
        with pytest.raises(PermissionDenied):
            take("put_to_head", draft, who)
    draft = take("put_to_head", draft, world.officer)
    assert names(world.officer, draft) == ["take_back"]
    assert names(world.head, draft) == ["submit", "hand_back"]
    with pytest.raises(PermissionDenied):
        take("hand_back", draft, world.officer, note="x")


def test_a_returned_plan_goes_the_same_way(world, campaign):
    plan = make.submitted(campaign, world.hue, world.head)
    plan = take("return", plan, world.office, note="bổ sung")

    plan = take("put_to_head", plan, world.officer)

    assert (plan.state, bool(plan.before_head_at)) == ("returned", True)
    assert take("resubmit", plan, world.head).before_head_at is None


def test_a_unit_without_a_head_says_so(world, draft):
    world.head.memberships.all().delete()

    with pytest.raises(Refused, match="chưa có thủ trưởng"):
        take("put_to_head", draft, world.officer)


def test_a_campaign_of_the_unit_is_put_before_the_head_too(world):
    draft = make.campaign(world.hue, code="PT-HUE")

    draft = make.take(flow.CAMPAIGN, "put_to_head", draft, by=world.officer)

    assert draft.title in Notice.objects.get(recipient=world.head, kind="before_head").title
    draft = make.take(flow.CAMPAIGN, "hand_back", draft, by=world.head, note="Sửa mục tiêu")
    assert "Sửa mục tiêu" in told(world.officer, "handed_back")[0]


def test_the_page_shows_it_with_the_words_of_the_head(world, draft, client):
    client.force_login(world.officer)
    assert "Trình thủ trưởng" in client.get(draft.get_absolute_url()).content.decode()
    client.post(f"/plans/{draft.pk}/step/put_to_head/", {"version": make.seen(draft)})
    assert "đã trình thủ trưởng lúc" in client.get(draft.get_absolute_url()).content.decode()
    client.force_login(world.head)
    client.post(f"/plans/{draft.pk}/step/hand_back/", {"version": make.seen(draft), "note": "Thiếu số liệu"})
    client.force_login(world.officer)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Thủ trưởng chuyển lại." in page and "Thiếu số liệu" in page
    client.post(f"/plans/{draft.pk}/step/put_to_head/", {"version": make.seen(draft)})
    assert "Thủ trưởng chuyển lại." not in client.get(draft.get_absolute_url()).content.decode()


# --- opened again ---


def test_an_approved_plan_is_opened_again_with_a_reason_and_told(world, campaign):
    plan = make.approved(campaign, world.hue, world.head, office=world.office)
    former = make.user("former")
    Notice.objects.create(key="a:b", recipient=former, kind="approved", subject_key=f"plan:{plan.pk}", title="x")
    with pytest.raises(Refused, match="lý do"):
        take("reopen", plan, world.office2)
    with pytest.raises(PermissionDenied):
        take("reopen", plan, world.head, note="x")

    plan = take("reopen", plan, world.office2, note="Duyệt nhầm")

    assert (plan.state, plan.approved_at, plan.taken_up_by) == ("submitted", None, world.office2)
    for person in (world.head, world.officer, former):
        assert "Duyệt nhầm" in told(person, "plan_reopened")[0]
    assert Entry.objects.about(plan)[0].note == "Duyệt nhầm"
    take("approve", plan, world.office2)
    assert len(told(world.head, "approved")) == 2


def test_a_plan_of_a_campaign_that_is_over_stays_approved(world, campaign):
    plan = make.approved(campaign, world.hue, world.head, office=world.office)
    make.take(flow.CAMPAIGN, "close", campaign, by=world.office, note="hết hạn")

    with pytest.raises(Refused):
        take("reopen", Plan.objects.get(pk=plan.pk), world.office, note="x")


def test_approving_is_asked_once(world, campaign, client):
    plan = make.submitted(campaign, world.hue, world.head)
    client.force_login(world.office)

    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Duyệt kế hoạch này?" in page
    client.post(f"/plans/{plan.pk}/step/approve/", {"version": make.seen(plan)})

    assert Plan.objects.get().state == "approved"


# --- who has it when it comes again ---


def resubmitted(world, campaign):
    plan = make.submitted(campaign, world.hue, world.head)
    plan = take("take_up", plan, world.office2)
    return take("return", plan, world.office2, note="bổ sung")


def test_what_is_sent_again_comes_to_its_earlier_reviewer(world, campaign):
    plan = resubmitted(world, campaign)
    before = Notice.objects.filter(recipient=world.office, kind="submitted").count()

    plan = take("resubmit", plan, world.head)

    assert (plan.reviewer, plan.taken_up_by) == (world.office2, None)
    assert Notice.objects.filter(recipient=world.office, kind="submitted").count() == before
    assert len(told(world.office2, "submitted")) == 2
    assert list(coverage.queue(campaign, world.office2)) == [plan]
    assert list(coverage.queue(campaign, world.office)) == []
    assert "withdraw" in [s.name for s in flow.PLAN.open_to(world.head, plan)]  # nobody has taken it up yet


def test_an_earlier_reviewer_who_may_not_any_more_has_it_no_longer(world, campaign):
    plan = resubmitted(world, campaign)
    Membership.objects.filter(user=world.office2).delete()

    plan = take("resubmit", plan, world.head)

    assert plan.reviewer is None
    assert len(told(world.office, "submitted")) == 2
    assert list(coverage.queue(campaign, world.office)) == [plan]


def test_a_reviewer_who_leaves_later_holds_nothing_back(world, campaign):
    plan = take("resubmit", resubmitted(world, campaign), world.head)
    taken = take("take_up", make.submitted(campaign, world.vinh, world.stranger), world.office2)
    Membership.objects.filter(user=world.office2).update(
        valid_from=today().replace(year=2020), valid_to=today().replace(year=2021)
    )

    assert set(coverage.queue(campaign, User.objects.get(pk=world.office.pk))) == {plan, taken}
