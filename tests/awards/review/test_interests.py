"""Conflicts of interest: former postings, successions, and who had the paper in hand."""

from datetime import date, timedelta

import pytest

from awards.interests import objection_to
from awards.models import Nomination, Submission
from awards.nominations import flow
from awards.review import services as review
from awards.review import turns
from portal.days import today, years_before
from portal.flow import Refused
from portal.models.trail import record
from tests import make
from units.models import Posting, Role, Succession
from units.models.units import Kind


@pytest.fixture
def lying(world):
    return make.received(world.hue, world.root, name="Lê Thị Được")


def posted(user, unit, first, last):
    return Posting.objects.create(person=user.person, unit=unit, valid_from=first, valid_to=last)


def test_who_left_the_nominating_unit_in_the_year_of_the_achievement_may_not_take_it_up(world, lying):
    posted(world.office2, world.hue, date(2025, 7, 1), date(2026, 11, 20))

    assert "đã công tác" in objection_to(world.office2, lying) and "20/11/2026" in objection_to(world.office2, lying)
    with pytest.raises(Refused, match="đã công tác"):
        flow.move("take_up", [lying], by=world.office2, versions=make.seen_each([lying]))
    with pytest.raises(Refused, match="đã công tác"):
        review.judge(lying, by=world.office2, version=1, verdicts={}, result="fit", note="")
    assert review.distribute([lying], [world.office2], by_award=False).given == []
    assert turns.next_for(world.office2) is None
    assert turns.next_for(world.office) == lying


@pytest.mark.parametrize(("years", "gone", "shut"), [(3, 2, True), (3, 4, False), (5, 4, True), (0, 1, False)])
def test_how_many_years_count_is_a_setting(world, lying, settings, years, gone, shut):
    settings.CONFLICT_YEARS = years
    Submission.objects.filter(pk=lying.submission_id).update(year=today().year + 1)
    last = years_before(today(), gone)
    posted(world.office2, world.hue, last - timedelta(days=400), last)

    assert bool(objection_to(world.office2, Nomination.objects.get(pk=lying.pk))) is shut


def test_the_year_of_the_achievement_counts_however_long_ago(world, lying):
    Submission.objects.filter(pk=lying.submission_id).update(year=2015)
    posted(world.office2, world.kv1, date(2014, 1, 1), date(2015, 1, 1))  # a part of Huế

    assert "01/01/2015" in objection_to(world.office2, Nomination.objects.get(pk=lying.pk))


def test_a_posting_that_has_not_begun_is_none_yet(world, lying):
    posted(world.office2, world.hue, today() + timedelta(days=1), None)

    assert objection_to(world.office2, lying) == ""


def test_who_worked_in_a_unit_that_the_nominating_one_succeeded_worked_there(world, lying):
    gone = make.unit("TTHUE", world.root, valid_to=today() - timedelta(days=60))
    part = make.unit("QHUE", gone, Kind.DISTRICT, valid_to=today() - timedelta(days=60))
    beside = make.unit("QVINH", world.vinh, Kind.DISTRICT)
    Succession.objects.create(
        predecessor=gone, successor=world.hue, kind=Succession.Kind.MERGE, effective_on=today() - timedelta(days=59)
    )
    posted(world.office2, part, date(2020, 1, 1), today() - timedelta(days=60))
    posted(world.office, beside, date(2020, 1, 1), today() - timedelta(days=60))

    assert "đã công tác" in objection_to(world.office2, lying)
    assert objection_to(world.office, lying) == ""


@pytest.mark.parametrize("verb", ["create", "edit", "submit", "resubmit", "accept", "forward", "answer"])
@pytest.mark.parametrize("of", ["nomination", "submission"])
def test_who_wrote_sent_or_forwarded_the_paper_may_not_judge_it(world, lying, verb, of):
    other = make.received(world.hue, world.root, name="Lê Khác")
    record(lying if of == "nomination" else lying.submission, verb, by=world.office2)

    assert "đã soạn, gửi hoặc chuyển" in objection_to(world.office2, lying)
    assert objection_to(world.office2, other) == "" == objection_to(world.office, lying)


def test_what_the_desk_does_itself_is_no_conflict(world, lying):
    lying = flow.move("take_up", [lying], by=world.office, versions=make.seen_each([lying]))[0]
    review.judge(lying, by=world.office, version=lying.version, verdicts={}, result="", note="xem")

    assert objection_to(world.office, lying) == ""


def test_who_has_a_conflict_sets_no_finding_aside(world, lying):
    posted(world.office2, world.hue, date(2025, 7, 1), date(2026, 11, 20))

    with pytest.raises(Refused, match="đã công tác"):
        flow.set_aside(lying, condition="x", reason="y", by=world.office2, version=lying.version)


def test_a_conflict_found_later_takes_back_what_was_given(world, lying):
    review.assign_all([(lying, world.office2)], by=world.office)
    posted(world.office2, world.hue, date(2025, 7, 1), date(2026, 11, 20))

    review.declare(world.office2, unit=world.vinh, reason="Người thân")

    assert not lying.assignments.exists()


def test_a_former_officer_of_the_unit_who_came_to_the_office_is_shut_out_on_the_page(world, lying, client):
    moved = make.user("moved", (Role.OFFICE, world.root))
    posted(moved, world.hue, date(2025, 7, 1), today() - timedelta(days=8))
    client.force_login(moved)

    page = client.get(f"/review/{lying.pk}/").content.decode()

    assert "đã công tác tại đơn vị đề nghị" in page and "Lưu và tiếp" not in page
