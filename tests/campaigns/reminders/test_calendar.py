"""Deadlines as a calendar behind a secret address, and the pages of what was and will be sent."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from campaigns.models import Milestone, Obligation
from campaigns.reminders import calendars
from campaigns.reminders.services import remind
from portal.days import at_hour, end_of
from portal.models import Notice
from portal.models.notices import MailState
from tests import make
from units.models import Membership
from units.models.units import Kind

DUE = end_of(date(2026, 12, 15))


@pytest.fixture
def running(world):
    campaign = make.launched(world.root, world.office, kinds=(Kind.PROVINCE, Kind.REGION), code="PT-2026")
    Milestone.objects.update(due_at=DUE)
    Obligation.objects.update(opened_at=at_hour(date(2026, 11, 2), 8))
    Notice.objects.all().delete()
    return campaign


def address(token):
    return reverse("calendar_feed", args=[token])


def events(client, token):
    answer = client.get(address(token))
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content).walk("VEVENT")


# --- the calendar ---


def test_the_feed_holds_the_open_obligations_of_ones_own_units(client, world, running):
    token = calendars.renew(world.head)
    answer = client.get(address(token))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"  # kept to be asked about, never used unasked
    assert "sessionid" not in answer.cookies
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    (event,) = events(client, token)
    obligation = Obligation.objects.get(unit=world.hue)
    assert event["UID"].startswith(f"obligation-{obligation.pk}@")
    assert event.decoded("DTSTART") == DUE
    assert "VKSND Huế" in event["SUMMARY"]
    assert event["URL"].endswith(running.get_absolute_url())
    assert event.walk("VALARM")[0].decoded("TRIGGER") == timedelta(days=-1)


def test_an_event_keeps_its_name_and_follows_an_extension_and_goes_when_done(client, world, running):
    token = calendars.renew(world.head)
    before = events(client, token)[0]["UID"]
    Obligation.objects.filter(unit=world.hue).update(extended_to=DUE + timedelta(days=5))
    (event,) = events(client, token)
    assert (event["UID"], event.decoded("DTSTART")) == (before, DUE + timedelta(days=5))
    Obligation.objects.filter(unit=world.hue).update(met_at=timezone.now())
    assert events(client, token) == []


def test_the_office_sees_each_milestone_once(client, world, running):
    (event,) = events(client, calendars.renew(world.office))
    assert event["UID"].startswith("milestone-")


def test_the_address_is_long_stored_as_a_hash_and_dies_when_renewed(client, world, running):
    old = calendars.renew(world.head)
    assert len(old) >= 32
    world.head.refresh_from_db()
    assert old not in world.head.calendar_hash
    new = calendars.renew(world.head)
    assert client.get(address(old)).status_code == 404
    assert client.get(address(new)).status_code == 200
    assert client.get(address(world.head.calendar_hash)).status_code == 404
    calendars.switch_off(world.head)
    assert client.get(address(new)).status_code == 404


def test_no_account_or_no_role_no_calendar(client, world, running):
    token = calendars.renew(world.head)
    Membership.objects.filter(user=world.head).update(valid_to=timezone.localdate() - timedelta(days=1))
    assert client.get(address(token)).status_code == 404
    Membership.objects.filter(user=world.head).update(valid_to=None)
    world.head.is_active = False
    world.head.save()
    assert client.get(address(token)).status_code == 404
    assert client.get(address("x")).status_code == 404
    assert client.post(address(token)).status_code in (403, 404, 405)


def test_the_page_shows_the_address_once(client, world, running):
    client.force_login(world.head)
    page = reverse("calendar_page")
    made = client.post(page, {"action": "renew"}).context["address"]
    token = made.rsplit("/", 1)[1].removesuffix(".ics")
    assert client.get(address(token)).status_code == 200
    assert token not in client.get(page).content.decode()
    client.post(page, {"action": "off"})
    assert client.get(address(token)).status_code == 404


def test_who_can_have_no_deadline_gets_no_address(client, world):
    client.force_login(world.auditor)
    assert client.post(reverse("calendar_page"), {"action": "renew"}).context["address"] == ""
    world.auditor.refresh_from_db()
    assert world.auditor.calendar_hash == ""


# --- what was sent ---


def seen_by(client, person, **query):
    client.force_login(person)
    answer = client.get(reverse("reminders_sent"), query)
    assert answer.status_code == 200
    return {n.recipient.username for n in answer.context["page_obj"]}


def test_sight_of_what_was_sent_follows_the_tree(client, world, running):
    remind(at_hour(date(2026, 12, 15), 8))
    everybody = {"head", "officer", "stranger", "kv1head", "office", "office2"}
    assert seen_by(client, world.office) == seen_by(client, world.auditor) == seen_by(client, world.admin) == everybody
    assert seen_by(client, world.head) == {"head", "officer", "kv1head"}
    assert seen_by(client, world.stranger) == {"stranger"}
    for person in (world.officer, world.council, world.nobody):
        client.force_login(person)
        assert client.get(reverse("reminders_sent")).status_code == 404
        assert client.get(reverse("reminders_planned")).status_code == 404


def test_what_awards_tell_is_named_in_the_readers_words(client, world):
    for kind in ("nom_submit", "more_reminder", "review_digest", "no longer told"):
        Notice.objects.create(key=kind, recipient=world.head, kind=kind, title="t", body="b")
    client.force_login(world.office)
    found = client.get(reverse("reminders_sent")).context["page_obj"]
    assert {notice.kind_words for notice in found} == {
        "gửi đề nghị khen thưởng",
        "nhắc bổ sung hồ sơ",
        "tổng hợp hồ sơ chờ thẩm định",
        "no longer told",
    }


def test_a_role_in_two_places_shows_neither_head_the_other_place(client, world, running):
    Membership.objects.create(user=world.officer, unit=world.vinh, role="officer")
    remind(at_hour(date(2026, 12, 15), 8))
    client.force_login(world.stranger)
    found = client.get(reverse("reminders_sent")).context["page_obj"].object_list
    assert all("Nghệ An" in n.title for n in found)


def test_filters_find_without_accents_by_campaign_and_state(client, world, running):
    remind(at_hour(date(2026, 12, 15), 8))
    Notice.objects.filter(recipient=world.stranger).update(mail_state=MailState.FAILED)
    assert seen_by(client, world.office, q="nghe an") == {"stranger"}
    assert seen_by(client, world.office, q="bui khu vuc") == {"kv1head"}
    assert seen_by(client, world.office, state="failed") == {"stranger"}
    assert seen_by(client, world.office, campaign=running.pk) == {"head", "officer", "stranger", "kv1head"}
    assert len(seen_by(client, world.office, campaign="x", state="x", page="x")) == 6


def test_a_failed_letter_can_be_sent_again_by_the_office_only(client, world, running):
    remind(at_hour(date(2026, 12, 15), 8))
    notice = Notice.objects.get(recipient=world.stranger)
    Notice.objects.filter(pk=notice.pk).update(mail_state=MailState.FAILED, attempts=6, error="SMTPException: đứt")
    url = reverse("reminder_again", args=[notice.pk])
    client.force_login(world.head)
    assert client.post(url).status_code == 404
    client.force_login(world.office)
    page = client.get(reverse("reminders_sent"), {"state": "failed"}).content.decode()
    assert "SMTPException: đứt" in page and "6/6" in page and url in page
    assert client.get(url).status_code == 405
    client.post(url)
    notice.refresh_from_db()
    assert (notice.mail_state, notice.attempts) == (MailState.PENDING, 0)
    assert client.post(url).status_code == 404


def test_the_pages_stay_cheap(client, world, running, django_assert_max_num_queries):
    for n in range(60):
        unit = make.unit(f"P{n}", world.root)
        make.user(f"head{n}", ("head", unit))
        Obligation.objects.create(milestone=running.milestones.get(), unit=unit)
    Milestone.objects.update(due_at=timezone.now() + timedelta(days=10))
    remind(timezone.now())
    client.force_login(world.office)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("reminders_sent"), {"q": "head"}).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(reverse("reminders_planned")).status_code == 200


def test_the_planned_page_flags_units_without_anybody(client, world, running):
    Milestone.objects.update(due_at=timezone.now() + timedelta(days=12))
    Membership.objects.filter(unit=world.vinh).delete()
    client.force_login(world.office)
    answer = client.get(reverse("reminders_planned"))
    assert answer.context["unheard"] == [world.vinh]
    client.force_login(world.head)
    assert client.get(reverse("reminders_planned")).context["unheard"] == []
