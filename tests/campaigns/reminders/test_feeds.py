"""The calendar that programs subscribe to: what changed is told as a revision, what did not is not told again."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from icalendar import Calendar

from campaigns.models import CalendarFeed, Campaign, Milestone, Obligation
from campaigns.obligations import services as obligations
from campaigns.reminders import calendars, feeds
from portal.days import at_hour, end_of
from tests import make
from units.models import Membership, Unit
from units.models.units import Kind

DUE = end_of(date(2026, 12, 11))
OPENED = at_hour(date(2026, 11, 2), 8)


@pytest.fixture
def running(world):
    campaign = make.launched(world.root, world.office, kinds=(Kind.PROVINCE, Kind.REGION))
    for kind in ("interim", "final"):
        Milestone.objects.create(campaign=campaign, kind=kind, owed_by=[Kind.PROVINCE])
    obligations.reconcile(campaign)
    Milestone.objects.update(due_at=DUE)
    Obligation.objects.update(opened_at=OPENED)
    return campaign


@pytest.fixture
def address(world, running):
    return reverse("calendar_feed", args=[calendars.renew(world.head)])


def parts(answer):
    """The text of each event by its name."""
    assert answer.status_code == 200
    found = answer.content.removesuffix(b"END:VCALENDAR\r\n").split(b"BEGIN:VEVENT")[1:]
    return {Calendar.from_ical(b"BEGIN:VEVENT" + p)["UID"].split("@")[0]: p for p in found}


def event(answer, uid):
    return next(e for e in Calendar.from_ical(answer.content).walk("VEVENT") if e["UID"].startswith(f"{uid}@"))


def owed(world, kind="registration"):
    return Obligation.objects.get(unit=world.hue, milestone__kind=kind)


def extend(world, until, kind="registration"):
    row = owed(world, kind)
    rows = Obligation.objects.filter(pk=row.pk)
    obligations.extend(rows, until, by=world.office, reason="bão lũ", versions=make.seen_each(rows))
    return f"obligation-{row.pk}"


def test_an_extension_raises_the_revision_of_its_event_and_leaves_the_others_byte_for_byte(client, world, address):
    before = client.get(address)
    moment = timezone.now()

    uid = extend(world, DUE + timedelta(days=7))

    after = client.get(address)
    was, now = event(before, uid), event(after, uid)
    assert now.decoded("DTSTART") == DUE + timedelta(days=7)
    assert (was["SEQUENCE"], now["SEQUENCE"]) == (0, 1)
    assert was.decoded("LAST-MODIFIED") == was.decoded("DTSTAMP") == OPENED
    assert now.decoded("LAST-MODIFIED") == now.decoded("DTSTAMP")
    assert abs(now.decoded("LAST-MODIFIED") - moment) <= timedelta(seconds=2)
    unchanged = {name: text for name, text in parts(after).items() if name != uid}
    assert unchanged == {name: text for name, text in parts(before).items() if name != uid}
    assert len(unchanged) == 2
    assert [e["STATUS"] for e in Calendar.from_ical(after.content).walk("VEVENT")] == ["CONFIRMED"] * 3


def test_each_further_change_is_a_further_revision_also_back_to_an_earlier_day(client, world, address):
    stamps = [event(client.get(address), f"obligation-{owed(world).pk}").decoded("LAST-MODIFIED")]
    for days, sequence in ((9, 1), (5, 2), (9, 3)):
        uid = extend(world, DUE + timedelta(days=days))
        told = event(client.get(address), uid)
        assert told["SEQUENCE"] == sequence
        stamps.append(told.decoded("LAST-MODIFIED"))
    assert sorted(set(stamps)) == stamps


def test_whatever_an_event_says_its_change_is_a_revision(client, world, running, address):
    client.get(address)
    Unit.objects.filter(pk=world.hue.pk).update(short_name="VKSND Huế mới")
    answer = client.get(address)
    assert {e["SEQUENCE"] for e in Calendar.from_ical(answer.content).walk("VEVENT")} == {1}
    Milestone.objects.filter(kind="final").update(due_at=DUE + timedelta(days=1))
    assert event(client.get(address), f"obligation-{owed(world, 'final').pk}")["SEQUENCE"] == 2
    world.head.language = "en"
    world.head.save()
    answer = client.get(address)
    told = {e["UID"].split("@")[0]: e["SEQUENCE"] for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert sorted(told.values()) == [2, 2, 3]


def test_the_calendar_says_how_often_to_ask(client, address):
    lines = client.get(address).content.split(b"\r\n")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in lines
    assert b"X-PUBLISHED-TTL:PT4H" in lines


def test_an_unchanged_calendar_is_answered_in_one_line(client, world, address):
    first = client.get(address)
    again = client.get(address)
    assert first.content == again.content
    assert (first["ETag"], first["Last-Modified"]) == (again["ETag"], again["Last-Modified"])
    for asked in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"x", W/{first["ETag"]}'},
        {"If-Modified-Since": first["Last-Modified"]},
        {"If-Modified-Since": http_date(timezone.now().timestamp() + 60)},
    ):
        answer = client.get(address, headers=asked)
        assert (answer.status_code, answer.content) == (304, b""), asked
        assert answer["ETag"] == first["ETag"] and answer["Cache-Control"] == "private, no-cache"
        assert answer["Referrer-Policy"] == "no-referrer"
    extend(world, DUE + timedelta(days=7))
    for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get(address, headers=asked).status_code == 200, asked
    changed = client.get(address)
    assert client.get(address, headers={"If-None-Match": changed["ETag"]}).status_code == 304
    owed_now = owed(world, "final")
    Obligation.objects.filter(pk=owed_now.pk).update(met_at=timezone.now())
    assert client.get(address, headers={"If-Modified-Since": changed["Last-Modified"]}).status_code == 200


def test_asking_again_writes_nothing(client, address, django_assert_num_queries):
    client.get(address)
    kept = CalendarFeed.objects.values().get()
    with django_assert_num_queries(5):  # owner, roles, duties, milestones of no campaign, what was told
        client.get(address)
    assert CalendarFeed.objects.values().get() == kept


def test_an_event_that_was_called_off_says_so_to_who_had_seen_it_and_goes_in_time(client, world, running, address):
    uid = f"obligation-{owed(world).pk}"
    client.get(address)
    Obligation.objects.filter(pk=owed(world).pk).update(released_at=timezone.now(), reason="giải thể")
    answer = client.get(address)
    told = event(answer, uid)
    assert (told["STATUS"], told["SEQUENCE"]) == ("CANCELLED", 1) and not told.walk("VALARM")
    assert client.get(address).content == answer.content
    later = timezone.now() + timedelta(days=61)
    assert uid.encode() not in feeds.feed(world.head, later).content

    Obligation.objects.filter(pk=owed(world).pk).update(released_at=None)
    told = event(client.get(address), uid)
    assert (told["STATUS"], told["SEQUENCE"]) == ("CONFIRMED", 2)


@pytest.mark.parametrize("state", [Campaign.State.CANCELLED, Campaign.State.CLOSED])
def test_a_campaign_that_ended_calls_its_events_off_for_units_and_office(client, world, running, address, state):
    office = reverse("calendar_feed", args=[calendars.renew(world.office)])
    for where in (address, office):
        client.get(where)
    Campaign.objects.update(state=state, closed_at=timezone.now())
    for where in (address, office):
        found = Calendar.from_ical(client.get(where).content).walk("VEVENT")
        assert [e["STATUS"] for e in found] == ["CANCELLED"] * 3
    new = reverse("calendar_feed", args=[calendars.renew(world.stranger)])
    assert parts(client.get(new)) == {}


def test_what_is_done_goes_and_comes_back_as_a_later_revision(client, world, address):
    uid = f"obligation-{owed(world).pk}"
    client.get(address)
    Obligation.objects.filter(pk=owed(world).pk).update(met_at=timezone.now())
    assert uid not in parts(client.get(address))
    Obligation.objects.filter(pk=owed(world).pk).update(met_at=None)
    assert event(client.get(address), uid)["SEQUENCE"] == 1


def test_a_role_that_ended_shows_nothing_of_its_unit_any_more(client, world, running, address):
    client.get(address)
    Membership.objects.filter(user=world.head).update(unit=world.vinh)
    Obligation.objects.filter(unit=world.hue).update(released_at=timezone.now())
    assert "Huế" not in Calendar.from_ical(client.get(address).content).to_ical().decode().replace("\r\n ", "")


def test_a_new_address_goes_on_with_the_same_revisions(client, world, address):
    client.get(address)
    uid = extend(world, DUE + timedelta(days=7))
    client.get(address)
    new = reverse("calendar_feed", args=[calendars.renew(world.head)])
    assert event(client.get(new), uid)["SEQUENCE"] == 1
