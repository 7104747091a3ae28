"""Requests for more and waiting reviews are told once, on their days, to those whom they concern."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from awards.models import Assignment, MoreRequest, Nomination
from awards.nominations import flow
from awards.review import reminders
from portal.models import Notice
from portal.notices import services as notices
from tests import make

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 12, 2, 8, 30, tzinfo=HERE)  # a Wednesday


@pytest.fixture
def nomination(world):
    paper = make.submission(world.hue, world.officer)
    made = make.nomination(paper, make.person("Lê An", world.hue), world.officer)
    flow.move("submit", [made], by=world.head, versions=make.seen_each([made]))
    flow.move("take_up", [made], by=world.office, versions=make.seen_each([made]))
    return Nomination.objects.get()


@pytest.fixture
def asked(world, nomination):
    request = MoreRequest.objects.create(
        nomination=nomination, fields=["summary"], text="Nêu rõ", due_at=MORNING + timedelta(days=1), by=world.office
    )
    MoreRequest.objects.update(at=MORNING - timedelta(days=10))
    Nomination.objects.update(state="more")
    return request


def told(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def test_the_unit_is_reminded_of_a_request_once_for_each_of_its_days(world, asked):
    for _twice in range(2):
        reminders.remind(MORNING)
    assert {n.recipient for n in told("more_reminder")} == {world.head, world.officer}
    assert len(told("more_reminder")) == 2  # of the days that were missed only the newest is told

    reminders.remind(MORNING + timedelta(days=1))
    assert len(told("more_reminder")) == 4


def test_an_answered_request_is_not_reminded_of_and_its_letter_does_not_leave(world, asked):
    reminders.remind(MORNING)
    MoreRequest.objects.update(answered_at=MORNING)
    Nomination.objects.update(state="review")

    assert reminders.remind(MORNING + timedelta(days=1)) == 0
    notices.deliver(MORNING + timedelta(minutes=5))
    assert {n.mail_state for n in told("more_reminder")} == {"none"}


def test_a_reviewer_hears_once_a_working_day_of_what_waits(world, nomination):
    Assignment.objects.create(nomination=nomination, reviewer=world.office2, by=world.office)
    before_eight, sunday = MORNING.replace(hour=7), MORNING + timedelta(days=4)
    assert reminders.remind(before_eight) == reminders.remind(sunday) == 0

    assert reminders.remind(MORNING) == 1
    assert reminders.remind(MORNING + timedelta(hours=2)) == 0
    [notice] = told("review_digest")
    assert notice.recipient == world.office2 and "1" in notice.title
    Assignment.objects.update(done_at=MORNING)
    assert reminders.remind(MORNING + timedelta(days=1)) == 0
