"""The emulation office of a unit: one at a time, from a day on, by a document."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.days import today
from portal.models import Entry
from tests import make
from units.models import EmulationOffice, Role

WORDS = {"version": 1, "office": "HUE", "since": "01/01/2030", "source": "Quyết định số 1/QĐ-VKSTC"}


@pytest.fixture
def admin(world, client):
    client.force_login(world.admin)
    EmulationOffice.objects.filter(serves=world.root).update(valid_from=date(2020, 1, 1), valid_to=None)
    return client


def address(unit):
    return reverse("unit_office", args=[unit.pk])


def test_a_new_office_from_a_day_ends_the_one_before_it(world, admin):
    before = EmulationOffice.objects.get(serves=world.root)

    assert admin.post(address(world.root), WORDS).status_code == 302

    before.refresh_from_db()
    assert before.valid_to == date(2029, 12, 31)
    assert EmulationOffice.of(world.root, date(2029, 12, 31)) == before.unit
    assert EmulationOffice.of(world.root, date(2030, 1, 1)) == world.hue
    [entry] = Entry.objects.about(world.root).filter(verb="office")
    assert entry.by == world.admin and entry.note == WORDS["source"]
    page = admin.get(address(world.root)).content.decode()
    assert world.hue.name in page and "31/12/2029" in page


def test_a_unit_without_an_office_is_given_one(world, admin):
    assert (
        admin.post(address(world.hue), WORDS | {"office": "HUE", "since": "01/02/2026", "version": 0}).status_code
        == 302
    )
    assert EmulationOffice.of(world.hue, today()) == world.hue


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"since": "01/01/2020"}, "ngày này hoặc ngày sau đó"),
        ({"since": "31/02/2030"}, "ngày/tháng/năm, ví dụ"),
        ({"since": "01/01/0001"}, ""),
        ({"office": "KHONGCO"}, "Không tìm thấy"),
        ({"source": ""}, ""),
        ({"source": "\u202e\x01"}, ""),
        ({"ended": True}, "không hoạt động vào ngày này"),
        ({"again": True}, "đang là cơ quan thi đua"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(world, admin, said, words):
    if said.pop("ended", None):
        world.hue.valid_to = date(2029, 1, 1)
        world.hue.save()
    if said.pop("again", None):
        EmulationOffice.objects.filter(serves=world.root).update(unit=world.hue)
    before = list(EmulationOffice.objects.values())

    page = admin.post(address(world.root), WORDS | said)

    assert page.status_code == 200 and words in page.content.decode()
    assert list(EmulationOffice.objects.values()) == before


def test_only_who_administers_the_unit_appoints(world, client):
    client.force_login(make.user("below", (Role.ADMIN, world.hue)))
    assert client.get(address(world.hue)).status_code == 200
    assert client.post(address(world.root), WORDS).status_code == 403


def test_an_appointment_of_today_counts_today(world, admin):
    day = f"{today():%d/%m/%Y}"
    assert admin.post(address(world.root), WORDS | {"since": day}).status_code == 302
    assert EmulationOffice.of(world.root) == world.hue
    assert EmulationOffice.of(world.root, today() - timedelta(days=1)) != world.hue
