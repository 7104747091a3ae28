"""Every state × every step, who may take it, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from awards.models import Nomination, NominationVersion, Submission
from awards.nominations import desks, flow
from awards.nominations.checking import checks
from campaigns.models import Milestone, Obligation
from portal.flow import Refused
from portal.models import Entry, Notice
from portal.permissions import actions
from tests import make

N = Nomination.State


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


@pytest.fixture
def draft(world, paper):
    return make.nomination(paper, make.person("Lê Văn An", world.hue), world.officer)


def actor_of(world, step, nomination):
    at = getattr(nomination, step.at)
    if step.action == "put_to_head":
        return world.officer
    if "office" in actions()[step.action].roles and at == world.root:
        return world.office
    return {world.hue.pk: world.head, world.kv1.pk: world.kv1_head}.get(at.pk, world.office)


def stand(nomination, world, state):
    """The nomination as if it had come to this state the usual way."""
    above = state not in (N.DRAFT, N.RETURNED, N.WITHDRAWN)
    result = "fit" if state == N.REVIEW else ""
    now = timezone.now()
    nomination.versions.all().delete()
    nomination.requests.all().delete()
    Nomination.objects.filter(pk=nomination.pk).update(
        state=state,
        round=0 if state == N.DRAFT else 1,
        desk=world.root if above else world.hue,
        received_at=now if above else None,
        edition="RS-2025" if above else "",
        draft_result=result,
        before_head_at=None,
    )
    if state in (N.REVIEW, N.MORE):
        nomination.requests.create(fields=["summary"], text="x", due_at=now + timedelta(days=5), by=world.office)
    return Nomination.objects.for_checks().get(pk=nomination.pk)


def test_only_the_table_moves_a_nomination(world, draft):
    """What is lawful leaves one line in the trail; what is not leaves none."""
    for state in N.values:
        for step in flow.NOMINATION.steps:
            nomination = stand(draft, world, state)
            before = Entry.objects.about(nomination).count()
            lawful = step.open_for(nomination)
            try:
                moved = flow.move(
                    step.name,
                    [nomination],
                    by=actor_of(world, step, nomination),
                    note="lý do",
                    versions=make.seen_each([nomination]),
                )
            except Refused:
                assert not lawful, (state, step.name)
                assert Entry.objects.about(nomination).count() == before
            else:
                assert lawful and moved[0].state == (step.target or state), (state, step.name)
                assert Entry.objects.about(nomination).count() == before + 1


EXPECTED = {
    N.DRAFT: {"submit", "drop", "put_to_head"},
    N.RETURNED: {"resubmit", "drop", "put_to_head"},
    N.SUBMITTED: {"withdraw", "return", "take_up"},
    N.REVIEW: {"return", "ask_more", "release_fit"},
    N.MORE: {"answer", "put_to_head"},
    N.FIT: {"reopen", "pass_up"},
    N.UNFIT: {"reopen"},
    N.PASSED: set(),
    N.WITHDRAWN: {"restore"},
}


def test_the_steps_that_are_open_in_each_state(world, draft):
    for state, names in EXPECTED.items():
        nomination = stand(draft, world, state)

        assert {s.name for s in flow.NOMINATION.steps if s.open_for(nomination)} == names, state


def test_each_step_asks_its_role_exactly_at_the_desk(world, draft):
    everybody = ("office", "auditor", "council", "admin", "head", "officer", "stranger", "kv1_head", "nobody")
    heads = {"submit", "resubmit", "withdraw", "answer"}
    drafters = {"drop", "restore"}
    for state, names in EXPECTED.items():
        for name in names:
            allowed = {"head"} if name in heads else {"head", "officer"} if name in drafters else {"office"}
            allowed = {"officer"} if name == "put_to_head" else allowed
            for who in everybody:
                nomination = stand(draft, world, state)
                may = flow.NOMINATION[name].allowed_to(getattr(world, who), nomination)
                assert may == (who in allowed), (name, who)


def test_a_step_by_the_wrong_person_is_forbidden_and_changes_nothing(world, draft):
    for who in (world.officer, world.office, world.stranger, world.kv1_head):
        with pytest.raises(PermissionDenied):
            flow.move("submit", [draft], by=who, versions=make.seen_each([draft]))
    assert Nomination.objects.get().state == N.DRAFT


def test_a_paper_of_a_region_climbs_to_its_province_and_then_to_the_office(world):
    paper = make.submission(world.kv1, world.kv1_head)
    nomination = make.nomination(paper, make.person("Bùi Thị Hoa", world.kv1), world.kv1_head)

    [nomination] = flow.move("submit", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))
    assert (nomination.desk, nomination.received_at, nomination.edition) == (world.hue, None, "")
    assert [s.name for s in flow.NOMINATION.open_to(world.head, nomination)] == ["accept", "forward", "return"]
    assert flow.NOMINATION.open_to(world.office, nomination) == []

    [nomination] = flow.move("forward", [nomination], by=world.head, versions=make.seen_each([nomination]))
    assert nomination.desk == world.root and nomination.received_at and nomination.edition
    assert {s.name for s in flow.NOMINATION.open_to(world.office, nomination)} == {"take_up", "return"}
    assert flow.NOMINATION.open_to(world.kv1_head, nomination) == []  # the superior has sent it on


def test_the_superior_returns_one_or_all_to_the_unit_that_bore_them(world):
    paper = make.submission(world.kv1, world.kv1_head)
    two = [make.nomination(paper, make.person(f"Người {i}", world.kv1), world.kv1_head) for i in (1, 2)]
    flow.move_all("submit", paper, by=world.kv1_head, version=paper.whole_version)

    moved = flow.move("return", two, by=world.head, note="Thiếu số liệu", versions=make.seen_each(two))

    assert {(n.state, n.desk.pk) for n in moved} == {(N.RETURNED, world.kv1.pk)}
    notices = Notice.objects.filter(kind="nom_return")
    assert [(n.recipient, "Thiếu số liệu" in n.body) for n in notices] == [(world.kv1_head, True)]


def test_what_was_taken_up_cannot_be_withdrawn(world):
    paper = make.submission(world.kv1, world.kv1_head)
    nomination = make.nomination(paper, make.person("Bùi Thị Hoa", world.kv1), world.kv1_head)
    flow.move("submit", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))
    [back] = flow.move("withdraw", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))
    assert (back.state, back.desk) == (N.DRAFT, world.kv1)
    flow.move("submit", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))
    flow.move("accept", [nomination], by=world.head, versions=make.seen_each([nomination]))

    with pytest.raises(Refused):
        flow.move("withdraw", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))


def test_all_are_sent_or_none(world, paper, draft):
    make.nomination(paper, make.person("Chưa Viết", world.hue), world.officer, summary="")

    with pytest.raises(Refused) as refusal:
        flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    assert "Chưa Viết" in str(refusal.value)
    assert set(Nomination.objects.values_list("state", flat=True)) == {N.DRAFT}
    assert not Notice.objects.exists() and not NominationVersion.objects.exists()


def test_a_double_click_sends_once(world, paper, draft):
    flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    with pytest.raises(Refused):
        flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    assert NominationVersion.objects.count() == 1
    assert Notice.objects.filter(kind="nom_submit", recipient=world.office).count() == 1


def test_an_edit_in_between_refuses_the_sending(world, draft):
    with pytest.raises(Refused):
        flow.move("submit", [draft], by=world.head, versions={draft.pk: draft.version + 1})


def test_every_sending_keeps_a_version(world, draft):
    flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    flow.move("return", [draft], by=world.office, note="Sửa", versions=make.seen_each([draft]))
    Nomination.objects.update(summary="Bản hai")
    flow.move("resubmit", [draft], by=world.head, versions=make.seen_each([draft]))

    assert [(v.number, v.content["summary"]) for v in NominationVersion.objects.all()] == [
        (1, "Có thành tích, có số liệu."),
        (2, "Bản hai"),
    ]


def test_a_request_for_more_opens_what_it_names_and_goes_back_to_the_office(world, draft):
    flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    flow.move("take_up", [draft], by=world.office, versions=make.seen_each([draft]))
    due = timezone.now() + timedelta(days=3)
    with pytest.raises(PermissionDenied):
        flow.ask_more(draft, fields=["summary"], text="Nêu rõ", due_at=due, by=world.head, version=make.seen(draft))
    with pytest.raises(Refused):
        flow.ask_more(draft, fields=["state"], text="Nêu rõ", due_at=due, by=world.office, version=make.seen(draft))
    with pytest.raises(Refused):
        flow.ask_more(
            draft, fields=["summary"], text="Nêu rõ", due_at=timezone.now(), by=world.office, version=make.seen(draft)
        )

    asked = flow.ask_more(
        draft, fields=["summary"], text="Nêu rõ", due_at=due, by=world.office, version=make.seen(draft)
    )
    assert (asked.state, asked.desk) == (N.MORE, world.root)
    assert Notice.objects.filter(kind="nom_ask_more", recipient=world.head).count() == 1

    [answered] = flow.move("answer", [asked], by=world.head, versions=make.seen_each([asked]))
    assert answered.state == N.REVIEW and answered.requests.get().answered_at
    assert Notice.objects.filter(kind="nom_answer").get().recipient == world.office
    assert answered.round == 2


def test_an_answer_that_leaves_the_named_part_empty_is_refused(world, draft):
    nomination = stand(draft, world, N.MORE)
    Nomination.objects.update(summary="")

    with pytest.raises(Refused):
        flow.move("answer", [nomination], by=world.head, versions=make.seen_each([nomination]))


def test_a_result_needs_its_draft_and_is_told_once_for_the_paper(world, paper, draft):
    second = make.nomination(paper, make.person("Trần Văn Bê", world.hue), world.officer)
    for n in (draft, second):
        stand(n, world, N.REVIEW)
    moved = flow.move(
        "release_fit",
        Nomination.objects.for_checks(),
        by=world.office,
        versions=make.seen_each(Nomination.objects.for_checks()),
    )

    assert {n.state for n in moved} == {N.FIT} and all(n.released_at for n in moved)
    assert Notice.objects.filter(kind="nom_release_fit", recipient=world.head).count() == 1


def test_the_units_obligation_is_met_by_the_first_sending_and_open_again_when_all_came_back(world):
    campaign = make.campaign(world.root)
    Milestone.objects.create(campaign=campaign, kind="nomination", owed_by=["province"])
    from campaigns.flow import CAMPAIGN

    campaign = CAMPAIGN.take("launch", campaign, by=world.office, version=make.seen(campaign))
    paper = make.submission(world.hue, world.officer, campaign)
    two = [make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer) for i in (1, 2)]
    owed = Obligation.objects.get(unit=world.hue, milestone__kind="nomination")

    flow.move_all("submit", paper, by=world.head, version=paper.whole_version)
    owed.refresh_from_db()
    assert owed.met_at == Submission.objects.get().first_submitted_at is not None
    registration = Obligation.objects.get(unit=world.hue, milestone__kind="registration")
    assert registration.met_at is None

    flow.move("return", two[:1], by=world.office, note="x", versions=make.seen_each(two[:1]))
    owed.refresh_from_db()
    assert owed.met_at
    flow.move("return", two[1:], by=world.office, note="x", versions=make.seen_each(two[1:]))
    owed.refresh_from_db()
    assert owed.met_at is None


def test_a_deadline_that_passed_meanwhile_is_said_and_the_paper_is_sent_all_the_same(world):
    campaign = make.campaign(world.root)
    late = timezone.now() - timedelta(hours=1)
    Milestone.objects.create(campaign=campaign, kind="nomination", owed_by=["province"], due_at=late)
    from campaigns.flow import CAMPAIGN

    campaign = CAMPAIGN.take("launch", campaign, by=world.office, version=make.seen(campaign))
    paper = make.submission(world.hue, world.officer, campaign)
    nomination = make.nomination(paper, make.person("Người Muộn", world.hue), world.officer)
    [found] = Nomination.objects.for_checks().filter(pk=nomination.pk)
    assert "deadline" in {f.condition for f in checks.check_nominations([found])[found.pk].advisory}

    moved = flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    assert moved[0].state == N.SUBMITTED and "sau hạn" in desks.sent_late(moved)
    [sent] = Nomination.objects.for_checks().filter(pk=nomination.pk)
    [told] = [f for f in checks.check_nominations([sent])[sent.pk].advisory if f.condition == "deadline"]
    assert "Gửi lần đầu lúc" in told.words  # whoever reviews it reads that it came late
    Obligation.objects.filter(milestone__campaign=campaign).update(extended_to=timezone.now() + timedelta(days=1))
    [sent] = Nomination.objects.for_checks().filter(pk=nomination.pk)
    assert "deadline" not in {f.condition for f in checks.check_nominations([sent])[sent.pk].findings}


def test_only_the_office_sets_a_blocking_finding_aside_and_says_why(world, paper, draft):
    person = draft.person
    person.statuses.create(kind="reviewed", valid_from="2026-01-01")
    with pytest.raises(Refused):
        flow.move_all("submit", paper, by=world.head, version=paper.whole_version)
    for who in (world.head, world.officer, world.stranger, world.auditor):
        with pytest.raises(PermissionDenied):
            flow.set_aside(draft, condition="under_review", reason="Đã có kết luận", by=who, version=make.seen(draft))
    with pytest.raises(Refused):
        flow.set_aside(draft, condition="under_review", reason=" ", by=world.office, version=make.seen(draft))
    with pytest.raises(Refused):
        flow.set_aside(draft, condition="rating", reason="Không chặn", by=world.office, version=make.seen(draft))
    with pytest.raises(Refused, match="người khác"):
        flow.set_aside(draft, condition="under_review", reason="Đã có kết luận", by=world.office, version=0)

    flow.set_aside(draft, condition="under_review", reason="Đã có kết luận", by=world.office, version=make.seen(draft))

    assert flow.move_all("submit", paper, by=world.head, version=paper.whole_version)[0].state == N.SUBMITTED
    assert Entry.objects.about(draft).filter(verb="set_aside").get().note == "Đã có kết luận"
