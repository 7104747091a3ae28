"""Who is reminded of what, when, and how often: once."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns import flow
from campaigns.models import Milestone, Obligation
from campaigns.models.campaign import DEFAULT_OFFSETS
from campaigns.obligations import services as obligations
from campaigns.reminders.services import moments, newest, planned, remind
from portal.days import at_hour, end_of, is_working_day, local_day
from portal.models import Notice
from portal.models.notices import MailMode, MailState
from portal.notices.services import deliver
from tests import make
from units.models import Membership, Role
from units.models.units import Kind

DUE = date(2026, 12, 15)  # a Tuesday with no public holiday near it
LONG_AGO = at_hour(date(2026, 11, 2), 8)


@pytest.fixture(autouse=True)
def letters_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def running(world):
    """A campaign whose provinces owe their registration by the end of 15/12/2026."""
    campaign = make.launched(world.root, world.office, code="PT-2026", title="Phong trào năm 2026")
    Milestone.objects.filter(campaign=campaign).update(due_at=end_of(DUE))
    Obligation.objects.update(opened_at=LONG_AGO)
    Notice.objects.all().delete()
    return campaign


def told(person, kind="reminder"):
    return list(Notice.objects.filter(recipient=person, kind=kind).order_by("created_at"))


def each_day(first, days, hour=8, minute=3):
    for n in range(days):
        yield at_hour(first + timedelta(days=n), hour) + timedelta(minutes=minute)


# --- when ---


def test_the_moments_of_a_plain_due_day():
    found = [(offset, local_day(moment).isoformat()) for offset, moment in moments(end_of(DUE), DEFAULT_OFFSETS)]
    assert found == [
        (-14, "2026-12-01"),
        (-7, "2026-12-08"),
        (-3, "2026-12-11"),  # the 12th is a Saturday
        (-1, "2026-12-14"),
        (0, "2026-12-15"),
        (1, "2026-12-16"),
        (3, "2026-12-18"),
        (7, "2026-12-22"),
    ]


def test_before_the_lunar_new_year_everything_moves_forward_and_nobody_is_late_too_early():
    found = moments(end_of(date(2026, 2, 13)), DEFAULT_OFFSETS)
    after = [(offset, local_day(moment)) for offset, moment in found if offset > 0]
    assert after == [(1, date(2026, 2, 23))]


def test_a_due_sunday_is_reminded_on_friday_once():
    found = [(offset, local_day(moment)) for offset, moment in moments(end_of(date(2026, 12, 13)), (-1, 0, 1))]
    assert found == [(0, date(2026, 12, 11)), (1, date(2026, 12, 14))]


@given(
    st.integers(0, 11 * 365 * 24 * 60).map(lambda n: LONG_AGO + timedelta(minutes=n - 3 * 365 * 24 * 60)),
    st.lists(st.integers(-60, 60), max_size=12),
)
def test_moments_are_mornings_of_working_days_in_order_each_once(due_at, offsets):
    found = moments(due_at, offsets)
    times = [moment for _offset, moment in found]
    assert times == sorted(set(times))
    assert [offset for offset, _moment in found] == sorted(offset for offset, _moment in found)
    for offset, moment in found:
        assert offset in offsets
        assert moment == at_hour(local_day(moment), 8)
        assert is_working_day(local_day(moment))
        if offset > 0:
            assert local_day(moment) > local_day(due_at)
        else:
            assert local_day(moment) <= local_day(due_at) + timedelta(days=offset)
    assert bool(found) == bool(offsets)


def test_the_newest_moment_is_later_than_the_obligation_and_not_in_the_future(world, running):
    obligation = Obligation.objects.for_list().get(unit=world.hue)
    assert newest(obligation, at_hour(date(2026, 12, 9), 10)) == (-7, at_hour(date(2026, 12, 8), 8))
    obligation.opened_at = at_hour(date(2026, 12, 9), 9)
    assert newest(obligation, at_hour(date(2026, 12, 9), 10)) is None
    assert newest(obligation, at_hour(date(2026, 12, 11), 8)) == (-3, at_hour(date(2026, 12, 11), 8))


# --- once ---


def test_over_a_month_each_moment_is_told_once_to_head_and_officer(world, running):
    for now in each_day(date(2026, 11, 28), 32):
        for again in range(3):
            remind(now + timedelta(minutes=5 * again))
    expected = [-14, -7, -3, -1, 0, 1, 3, 7]
    for person in (world.head, world.officer, world.stranger):
        assert [int(n.key.split(":")[3]) for n in told(person)] == expected
    for person in (world.kv1_head, world.auditor, world.council, world.admin, world.nobody, world.office):
        assert told(person) == []


def test_before_eight_nothing_is_said(world, running):
    remind(at_hour(date(2026, 12, 8), 8) - timedelta(minutes=1))
    assert [n.key.split(":")[3] for n in told(world.head)] == ["-14"]


def test_after_two_days_of_silence_only_the_newest_is_told(world, running):
    remind(at_hour(date(2026, 12, 13), 9))
    remind(at_hour(date(2026, 12, 16), 9))
    assert [n.key.split(":")[3] for n in told(world.head)] == ["-3", "1"]


def test_whoever_submitted_hears_nothing_more(world, running, mailoutbox):
    remind(at_hour(DUE, 8))
    assert told(world.head)[0].mail_state == MailState.PENDING
    make.submitted(running, world.hue, world.head)
    assert told(world.head)[0].mail_state == MailState.NONE
    for now in each_day(DUE, 12):
        remind(now)
    assert len(told(world.head)) == 1
    deliver(at_hour(DUE, 12))
    assert [m for m in mailoutbox if m.to == [world.head.email] and "kế hoạch" in m.subject.lower()] == []


def test_a_letter_written_just_before_the_deed_does_not_leave(world, running, mailoutbox):
    remind(at_hour(DUE, 8))
    Obligation.objects.update(met_at=timezone.now())  # without withdrawing the letters
    deliver(at_hour(DUE, 9))
    assert {m.to[0] for m in mailoutbox} == {world.office.email, world.office2.email}  # the day's list
    assert {n.mail_state for n in Notice.objects.filter(kind="reminder")} == {MailState.NONE}


def test_letters_of_a_closed_campaign_and_of_people_who_left_stay(world, running, mailoutbox):
    remind(at_hour(DUE, 8))
    Notice.objects.exclude(kind="reminder").delete()
    Membership.objects.filter(user=world.officer).update(valid_to=timezone.localdate() - timedelta(days=1))
    world.stranger.is_active = False
    world.stranger.save()
    deliver(at_hour(DUE, 8))
    assert [m.to for m in mailoutbox] == [[world.head.email]]
    Notice.objects.update(mail_state=MailState.PENDING)
    flow.CAMPAIGN.take("close", running, by=world.office, note="Xong", version=make.seen(running))
    deliver(at_hour(DUE, 9))
    assert len(mailoutbox) == 1


def test_an_extension_makes_new_reminders_for_this_unit_only(world, running):
    remind(at_hour(DUE, 9))
    obligations.extend(
        Obligation.objects.filter(unit=world.hue),
        end_of(date(2026, 12, 29)),
        by=world.office,
        reason="Bão lũ",
        versions=make.seen_each(Obligation.objects.filter(unit=world.hue)),
    )
    remind(at_hour(DUE, 10))
    assert [n.key.split(":")[2:4] for n in told(world.head)] == [["2026-12-15", "0"], ["2026-12-29", "-14"]]
    remind(at_hour(date(2026, 12, 16), 8))
    assert [n.key.split(":")[3] for n in told(world.head)] == ["0", "-14"]
    assert [n.key.split(":")[3] for n in told(world.stranger)] == ["0", "1"]


def test_no_due_moment_no_reminder(world, running):
    Milestone.objects.update(due_at=None)
    assert remind(at_hour(DUE, 9)) == 0


def test_historical_and_draft_campaigns_remind_nobody(world, running):
    running.historical = True
    running.save()
    assert remind(at_hour(DUE, 9)) == 0


# --- words ---


def test_the_words_say_what_when_and_where_in_the_readers_language(world, running):
    remind(at_hour(date(2026, 12, 11), 8))
    notice = told(world.head)[0]
    assert notice.title.startswith("VKSND Huế – Đăng ký kế hoạch hưởng ứng: còn 4 ngày")
    assert "Phong trào năm 2026" in notice.title
    assert "Hạn: 15/12/2026 23:59 (còn 4 ngày)" in notice.body
    assert notice.url == running.get_absolute_url()


def test_the_link_leads_to_the_plan_once_there_is_one(world, running):
    plan = make.plan(running, world.hue, world.head)
    remind(at_hour(DUE, 8))
    assert told(world.head)[0].url == plan.get_absolute_url()
    assert "hạn hôm nay" in told(world.head)[0].title
    remind(at_hour(date(2026, 12, 18), 8))
    assert "quá hạn 3 ngày" in told(world.head)[1].title


# --- modes ---


def test_the_last_warning_leaves_even_for_those_who_want_no_mail(world, running, mailoutbox):
    for mode in (MailMode.PORTAL, MailMode.DIGEST):
        world.head.mail_mode = mode
        world.head.save()
        Notice.objects.all().delete()
        remind(at_hour(date(2026, 12, 11), 8))
        remind(at_hour(date(2026, 12, 14), 8))
        early, last = told(world.head)
        assert (early.mail_state == MailState.NONE) if mode == MailMode.PORTAL else early.digest
        assert (last.mail_state, last.digest) == (MailState.PENDING, False)


def test_a_digest_is_one_letter_in_the_morning(world, running, mailoutbox):
    second = make.launched(world.root, world.office, code="PT-2", title="Phong trào hai")
    Milestone.objects.filter(campaign=second).update(due_at=end_of(DUE))
    Obligation.objects.update(opened_at=LONG_AGO)
    Notice.objects.all().delete()
    world.head.mail_mode = MailMode.DIGEST
    world.head.save()
    Membership.objects.exclude(user=world.head).delete()
    morning = at_hour(date(2026, 12, 8), 8)
    remind(morning + timedelta(minutes=4))
    assert Notice.objects.count() == 2
    assert deliver(morning + timedelta(minutes=5)) == 0
    assert deliver(morning + timedelta(minutes=11)) == 1
    assert deliver(morning + timedelta(minutes=12)) == 0
    assert len(mailoutbox) == 1
    assert "Phong trào hai" in mailoutbox[0].body and "Phong trào năm 2026" in mailoutbox[0].body


# --- those above ---


def test_the_superior_head_hears_of_the_late_units_once_a_day(world):
    boss = make.user("boss", (Role.HEAD, world.root))
    campaign = make.launched(world.root, world.office, kinds=(Kind.PROVINCE, Kind.REGION))
    Milestone.objects.update(due_at=end_of(DUE))
    Obligation.objects.update(opened_at=LONG_AGO)
    assert campaign.running
    for now in each_day(date(2026, 11, 28), 32):
        remind(now)
        remind(now + timedelta(hours=5))
    days = [n.key.split(":")[1] for n in told(boss, "escalation")]
    assert days == ["2026-12-16", "2026-12-18", "2026-12-22"]
    assert "VKSND Huế" in told(boss, "escalation")[0].body and "VKSND Nghệ An" in told(boss, "escalation")[0].body
    assert "khu vực 1" not in told(boss, "escalation")[0].body  # the region answers to the head of Hue
    assert [n.key.split(":")[1] for n in told(world.head, "escalation")] == days
    assert told(world.office, "escalation") == []


def test_a_slept_escalation_is_told_once_when_the_machine_wakes(world, running):
    boss = make.user("boss", (Role.HEAD, world.root))
    remind(at_hour(date(2026, 12, 20), 10))
    remind(at_hour(date(2026, 12, 20), 11))
    assert [n.key.split(":")[1] for n in told(boss, "escalation")] == ["2026-12-18"]


def test_the_office_gets_one_list_a_working_day_and_none_when_all_is_quiet(world, running):
    for now in each_day(date(2026, 11, 28), 25):
        remind(now - timedelta(minutes=30))
        remind(now)
        remind(now + timedelta(hours=4))
    days = [n.key.split(":")[1] for n in told(world.office, "digest")]
    assert days[0] == "2026-12-09"  # the first morning with the due moment within seven days
    assert days == sorted(set(days))
    assert all(is_working_day(date.fromisoformat(day)) for day in days)
    bodies = {n.key.split(":")[1]: n.body for n in told(world.office, "digest")}
    assert "Đến hạn trong 7 ngày tới: 2" in bodies["2026-12-14"]
    assert "Mới quá hạn: 2" in bodies["2026-12-16"]
    assert "Vẫn quá hạn: 2" in bodies["2026-12-17"]
    assert len(told(world.office2, "digest")) == len(days)
    assert told(world.auditor, "digest") == []


def test_the_offices_list_names_twenty_and_counts_the_rest(world, running):
    for n in range(30):
        unit = make.unit(f"P{n}", world.root)
        Obligation.objects.create(milestone=running.milestones.get(), unit=unit, opened_at=LONG_AGO)
    remind(at_hour(date(2026, 12, 17), 8))
    body = told(world.office, "digest")[0].body
    assert "Vẫn quá hạn: 32" in body and "… và 12 đơn vị nữa" in body
    assert body.count("\n- ") == 20


def test_waiting_plans_are_in_the_offices_list(world, running):
    plan = make.submitted(running, world.hue, world.head)
    type(plan).objects.update(submitted_at=LONG_AGO)
    remind(at_hour(date(2026, 12, 1), 8))
    assert "Kế hoạch chờ duyệt: 1" in told(world.office, "digest")[0].body


def test_a_head_who_leads_a_campaign_gets_the_list_and_no_second_one(world):
    campaign = make.launched(world.hue, world.head, kinds=(Kind.REGION,), code="PT-HUE")
    Milestone.objects.filter(campaign=campaign).update(due_at=end_of(DUE))
    Obligation.objects.update(opened_at=LONG_AGO)
    remind(at_hour(date(2026, 12, 16), 8))
    assert len(told(world.head, "digest")) == 1
    assert told(world.head, "escalation") == []
    assert len(told(world.kv1_head)) == 1


# --- how dear ---


@pytest.mark.parametrize("late", [False, True])
def test_a_run_asks_as_much_for_a_hundred_obligations_as_for_ten(world, running, late):
    now = at_hour(date(2026, 12, 18) if late else DUE, 9)
    counts = []
    for first, last in ((0, 8), (8, 98)):
        for n in range(first, last):
            unit = make.unit(f"P{n}", world.root)
            make.user(f"head{n}", (Role.HEAD, unit))
            Obligation.objects.create(milestone=running.milestones.get(), unit=unit, opened_at=LONG_AGO)
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            remind(now)
        # SQLite takes many rows in several INSERTs
        counts.append(len([q for q in queries if not q["sql"].startswith("INSERT")]))
        assert Notice.objects.filter(kind="reminder").count() == last + 3
    assert counts[0] == counts[1]
    assert counts[0] <= 25


# --- ahead, and by hand ---


def test_what_is_planned_is_what_goes_out(world, running):
    now = at_hour(date(2026, 12, 2), 9)
    groups = planned(Obligation.objects.all(), now)
    assert [(g.offset, local_day(g.moment).day, g.people) for g in groups] == [
        (-7, 8, 3),
        (-3, 11, 3),
        (-1, 14, 3),
        (0, 15, 3),
        (1, 16, 3),
    ]
    for group in groups:
        before = Notice.objects.filter(kind="reminder").count()
        remind(group.moment)
        assert Notice.objects.filter(kind="reminder").count() - before == group.people


def test_units_without_anybody_are_flagged(world, running):
    Membership.objects.filter(unit=world.vinh).delete()
    groups = planned(Obligation.objects.all(), at_hour(date(2026, 12, 2), 9))
    assert [g.unheard for g in groups] == [[world.vinh]] * 5


def test_the_command_takes_a_clock(world, running, mailoutbox):
    out = StringIO()
    call_command("remind", at="2026-12-15 08:00", deliver=True, stdout=out)
    assert "letters sent" in out.getvalue()
    assert {m.to[0] for m in mailoutbox} >= {world.head.email, world.officer.email}
