"""The office's review: nobody judges their own, everybody gets their share, results come out together."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from awards.models import Assignment, Comment, Nomination, Opinion, Submission
from awards.nominations import flow
from awards.review import opinions, queries, talk, turns
from awards.review import services as review
from portal.days import working_days_later
from portal.flow import EditConflict, Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Posting, Role

N = Nomination.State


# --- conflicts ---


def test_nobody_judges_themselves_their_own_unit_or_what_they_declared(world, three):
    reviewer = world.office2
    own = make.received(world.vinh, world.root, person=reviewer.person)
    assert review.objection_to(reviewer, three[0]) == ""
    assert "chính là" in review.objection_to(reviewer, own)

    Posting.objects.create(person=reviewer.person, unit=world.kv1)  # a part of Huế
    assert "công tác" in review.objection_to(reviewer, three[0])
    assert review.objection_to(reviewer, three[2]) == ""

    review.declare(reviewer, unit=world.vinh, reason="Vợ công tác tại đó")
    assert "đã khai" in review.objection_to(reviewer, three[2])
    assert review.objection_to(world.office, three[2]) == ""


def test_a_declared_conflict_takes_back_what_it_touches_and_may_end(world, three):
    review.assign_all([(n, world.office2) for n in three], by=world.office)

    conflict = review.declare(world.office2, unit=world.hue, reason="Người thân")

    assert list(Assignment.objects.values_list("nomination", flat=True)) == [three[2].pk]
    with pytest.raises(PermissionDenied):
        review.undeclare(conflict, by=world.office)
    review.undeclare(conflict, by=world.office2)
    assert review.objection_to(world.office2, three[0]) == ""


def test_a_conflict_is_shut_out_at_every_door(world, three):
    review.declare(world.office2, person=three[0].person, reason="Bạn học")

    with pytest.raises(Refused, match="đã khai"):
        review.assign(three[0], world.office2, by=world.office, held=set())
    with pytest.raises(Refused, match="đã khai"):
        review.judge(three[0], by=world.office2, version=1, verdicts={}, result="fit", note="")
    spread = review.distribute(three, [world.office2], by_award=False)
    assert [why for _n, why in spread.left] == ["mọi người thẩm định đều có xung đột lợi ích"]
    assert turns.next_for(world.office2) == three[1]


# --- assignment ---


def test_dossiers_of_one_unit_stay_together_and_loads_are_even(world, three):
    spread = review.distribute(three, [world.office, world.office2], by_award=False)

    by_unit = {(n.unit_id, who.pk) for n, who in spread.given}
    assert len(spread.given) == 3
    assert len(by_unit) == 2
    assert sorted(spread.after().values()) == [1, 2]


def test_nobody_gets_more_than_the_cap(world, three):
    spread = review.distribute(three, [world.office, world.office2], by_award=True, cap=1)

    assert sorted(spread.after().values()) == [1, 1]
    assert [why for _n, why in spread.left] == ["mọi người thẩm định đều đã đủ hồ sơ"]


def test_what_one_holds_already_counts(world, three):
    review.assign_all([(three[0], world.office), (three[1], world.office)], by=world.office)

    spread = review.distribute([three[2]], [world.office, world.office2], by_award=False)

    assert spread.given == [(three[2], world.office2)]


def test_assigning_tells_the_reviewer_once_and_moves_what_another_held(world, three):
    review.assign_all([(n, world.office2) for n in three], by=world.office)
    assert Notice.objects.filter(recipient=world.office2, kind="assigned").count() == 1

    review.assign_all([(three[0], world.office)], by=world.office2, held={world.office2.pk})

    assert [a.reviewer for a in three[0].assignments.all()] == [world.office]
    assert review.assign_all([(three[0], world.office)], by=world.office) == 0  # again changes nothing


def test_only_the_office_assigns_and_only_to_its_own(world, three):
    with pytest.raises(PermissionDenied):
        review.assign(three[0], world.office2, by=world.head, held=set())
    with pytest.raises(Refused):
        review.assign(three[0], world.head, by=world.office, held=set())


def test_the_distribution_costs_the_same_for_few_and_many(world, three, django_assert_num_queries):
    with django_assert_num_queries(4):
        review.distribute(three[:1], [world.office], by_award=False)
    many = three + [make.received(world.vinh, world.root) for _ in range(5)]
    with django_assert_num_queries(4):
        review.distribute(many, [world.office, world.office2], by_award=False)


# --- next ---


def test_the_next_dossier_is_ones_own_that_waits_longest_then_one_that_nobody_has(world, three):
    review.assign_all([(three[1], world.office2), (three[0], world.office)], by=world.office)

    assert turns.next_for(world.office2) == three[1]
    assert turns.next_for(world.office2, but=three[1].pk) == three[2]
    assert turns.next_for(world.office, but=three[0].pk) == three[2]


def test_progress_counts_what_was_given(world, three):
    review.assign_all([(n, world.office2) for n in three], by=world.office)
    assert review.standing_of(world.office2) == (0, 3)

    review.judge(three[0], by=world.office2, version=1, verdicts={}, result="fit", note="")

    assert review.standing_of(world.office2) == (1, 3)


# --- judging ---


def test_a_drafted_result_takes_up_the_dossier_and_keeps_the_checklist(world, three):
    made = review.judge(
        three[0],
        by=world.office,
        version=three[0].version,
        verdicts={"minutes": ("yes", ""), "report": ("no", "thiếu số liệu")},
        result="unfit",
        note="Thiếu số liệu",
    )

    assert (made.state, made.draft_result, made.draft_result_by) == (N.REVIEW, "unfit", world.office)
    assert {(c.item, c.verdict) for c in made.checks.all()} == {("minutes", "yes"), ("report", "no")}
    assert set(Entry.objects.about(made).values_list("verb", flat=True)) == {"take_up", "check", "pencil"}


def test_an_unfit_result_needs_its_reason(world, three):
    with pytest.raises(Refused, match="lý do"):
        review.judge(three[0], by=world.office, version=1, verdicts={}, result="unfit", note=" ")


def test_two_reviewers_never_overwrite_each_other_unseen(world, three):
    review.judge(three[0], by=world.office, version=1, verdicts={}, result="fit", note="")

    with pytest.raises(EditConflict):
        review.judge(three[0], by=world.office2, version=1, verdicts={}, result="unfit", note="x")

    three[0].refresh_from_db()
    assert three[0].draft_result == "fit"


def test_who_does_not_work_at_the_desk_judges_nothing(world, three):
    for who in (world.head, world.auditor, world.stranger):
        with pytest.raises(PermissionDenied):
            review.judge(three[0], by=who, version=1, verdicts={}, result="fit", note="")


# --- comments ---


def test_a_word_for_the_office_is_not_told_to_the_unit(world, three):
    talk.comment(three[0], by=world.office, audience="office", text="Cần hỏi lại")
    assert not Notice.objects.filter(recipient=world.head).exists()

    talk.comment(three[0], by=world.office, audience="unit", text="Bổ sung số liệu")
    assert Notice.objects.filter(recipient=world.head, kind="nomination_comment").count() == 1
    assert Comment.objects.count() == 2


# --- opinions ---


def test_a_department_is_asked_once_and_its_head_answers_once(world, three):
    head = make.user("v16head", (Role.HEAD, world.v16))
    due = timezone.now() + timedelta(days=5)
    asked = opinions.ask_opinion(three[0], world.v16, question="Có vi phạm không?", due_at=due, by=world.office)

    assert Notice.objects.filter(recipient=head, kind="opinion").count() == 1
    with pytest.raises(Refused, match="Đã hỏi"):
        opinions.ask_opinion(three[0], world.v16, question="?", due_at=due, by=world.office)
    with pytest.raises(PermissionDenied):
        opinions.answer_opinion(asked, answer="agree", text="", by=world.office)
    with pytest.raises(Refused, match="lý do"):
        opinions.answer_opinion(asked, answer="disagree", text="", by=head)
    opinions.answer_opinion(asked, answer="agree", text="Nhất trí.", by=head)
    with pytest.raises(Refused, match="đã trả lời"):
        opinions.answer_opinion(asked, answer="disagree", text="x", by=head)

    assert Opinion.objects.get().answered_by == head
    assert Notice.objects.filter(recipient=world.office, kind="opinion_answered").count() == 1


def test_the_nominating_unit_is_not_asked_about_itself(world, three):
    with pytest.raises(Refused):
        opinions.ask_opinion(three[0], world.hue, question="?", due_at=timezone.now(), by=world.office)


# --- release ---


@pytest.fixture
def judged(world, three, monkeypatch):
    """All three have a result; what the law says of these bare cases is not the matter here."""
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    monkeypatch.setattr(flow.checks, "objections", lambda nomination: [])
    results = [("fit", ""), ("unfit", "Thiếu biên bản"), ("fit", "Tốt")]
    return [
        review.judge(n, by=world.office, version=n.version, verdicts={}, result=result, note=note)
        for n, (result, note) in zip(three, results, strict=True)
    ]


def seen(rows):
    return {n.pk: n.version for n in rows}


def test_results_come_out_together_and_units_are_told(world, judged):
    assert not Notice.objects.filter(recipient=world.head).exists()

    count = review.release(seen(judged), by=world.office)

    assert count == 3
    assert [n.state for n in Nomination.objects.order_by("pk")] == [N.FIT, N.UNFIT, N.FIT]
    assert Notice.objects.filter(recipient=world.head).count() == 2  # fit and unfit of one paper each
    assert Notice.objects.filter(recipient=world.stranger).count() == 1


def test_one_that_changed_in_between_holds_all_back(world, judged):
    rows = seen(judged)
    review.judge(judged[1], by=world.office, version=judged[1].version, verdicts={}, result="fit", note="")

    with pytest.raises(Refused):
        review.release(rows, by=world.office)

    assert set(Nomination.objects.values_list("state", flat=True)) == {N.REVIEW}


def test_a_result_released_twice_is_refused_in_words(world, judged):
    rows = seen(judged)
    review.release(rows, by=world.office)

    with pytest.raises(Refused, match="không còn chờ công bố"):
        review.release(rows, by=world.office2)


# --- many at once ---


def test_the_preview_tells_what_moves_and_why_the_rest_does_not(world, three):
    review.declare(world.office, person=three[0].person, reason="x")
    Nomination.objects.filter(pk=three[1].pk).update(state=N.FIT)
    rows = list(Nomination.objects.order_by("pk").select_related("unit", "desk"))

    found = queries.preview("take_up", rows, world.office)

    assert [n for n, _words in found.will] == [three[2]]
    assert [why for _n, why in found.left] == ["đã khai có liên quan đến người được đề nghị", "đủ điều kiện"]


# --- clocks and figures ---


def test_the_clock_counts_working_days_and_the_fast_lane_has_the_offices_own(world, three, settings):
    friday = date(2026, 11, 6)
    assert working_days_later(friday, 1) == date(2026, 11, 9)
    assert working_days_later(friday, 5) == date(2026, 11, 13)
    nomination = three[0]
    nomination.received_at = datetime(2026, 11, 6, 9, tzinfo=timezone.get_default_timezone())

    assert timezone.localtime(review.look_by(nomination)).date() == date(2026, 11, 13)
    nomination.submission.procedure = "simplified"
    assert review.look_by(nomination) is None  # no figure was found in the law, and the office has set none
    settings.FAST_LANE_WORKING_DAYS = 2
    assert timezone.localtime(review.look_by(nomination)).date() == date(2026, 11, 10)
    nomination.state = N.FIT
    assert review.look_by(nomination) is None


def test_figures_add_up_for_each_campaign(world, three):
    campaign = make.launched(world.root, world.office)
    Submission.objects.filter(pk=three[2].submission_id).update(campaign=campaign)
    for nomination, state in zip(three, (N.PASSED, N.RETURNED, N.UNFIT), strict=True):
        Nomination.objects.filter(pk=nomination.pk).update(state=state)

    of_campaign, rest = queries.by_campaign(world.office)

    assert {k: of_campaign[k] for k in ("proposed", "review", "returned", "fit", "unfit", "passed")} == {
        "proposed": 1, "review": 0, "returned": 0, "fit": 0, "unfit": 1, "passed": 0,
    }  # fmt: skip
    assert {k: rest[k] for k in ("proposed", "review", "returned", "fit", "unfit", "passed")} == {
        "proposed": 2, "review": 0, "returned": 1, "fit": 1, "unfit": 0, "passed": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["take_up", "return"])
def test_no_step_is_open_to_a_reviewer_with_a_conflict(world, three, name):
    review.declare(world.office, person=three[0].person, reason="x")

    with pytest.raises(Refused, match="đã khai có liên quan"):
        flow.move(name, [three[0]], by=world.office, note="x", versions=make.seen_each([three[0]]))

    three[0].refresh_from_db()
    assert three[0].state == N.SUBMITTED
    flow.move(name, [three[1]], by=world.office, note="x", versions=make.seen_each([three[1]]))


def test_the_trail_of_a_review_speaks_in_words(world, three):
    nomination = flow.move("take_up", [three[0]], by=world.office, versions=make.seen_each([three[0]]))[0]
    verdicts = {"under_review": ("no", "có đơn thư")}
    review.judge(nomination, by=world.office, version=nomination.version, verdicts=verdicts, result="unfit", note="x")

    drafted, check = Entry.objects.about(nomination).filter(verb__in=("pencil", "check"))[:2]
    assert drafted.changes == {"kết quả dự kiến": ["", "không đủ điều kiện"]}
    [(says, change)] = check.changes.items()
    assert says.startswith("Không đang bị xem xét kỷ luật") and change == ["", "không đạt – có đơn thư"]
