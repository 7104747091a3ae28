"""Rows are named by part of their name, with and without scripts; nobody is offered what the form would not take."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from portal.web import views
from tests import make
from units.models import Collective, Posting, Role

DECOMPOSED = "Nguye\u0302\u0303n Thi\u0323 Hoa\u0300"  # as some keyboards write «Nguyễn Thị Hoà»
TOLD = {"valid_from": "01/03/2024", "document": "7/QĐ"}


@pytest.fixture
def staffed(world):
    world.hue_admin = make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Quản Trị Huế")
    world.hoa = make.person("Nguyễn Thị Hoà", world.kv1, code="H1", birth_year=1980, position="Kiểm sát viên")
    world.other = make.person("Nguyễn Thị Hoa", world.hue, code="H2", birth_year=1991)
    world.far = make.person("Nguyễn Thị Hoa", world.vinh, code="H3", birth_year=1985)
    world.room = Collective.objects.create(unit=world.kv1, code="KV1-P1", name="Phòng 1")
    Collective.objects.create(unit=world.vinh, code="VINH-P1", name="Phòng 1")
    return world


def inputs(page):
    return [dict(one.attrib) for one in html.fromstring(page.content).xpath("//form//input[@name]")]


def asked(client, source, words, about=""):
    return client.get(reverse("pick", args=[source]), {"q": words, "about": about}).json()


def texts(answer):
    return [choice["text"] for choice in answer["choices"]]


@pytest.mark.parametrize("words", ["nguyen thi hoa", "HOA NGUYEN", "Nguyễn Thị Hòa", DECOMPOSED, "  hoà   thị "])
def test_two_people_of_one_name_are_told_apart_by_year_and_unit_however_it_is_typed(staffed, client, words):
    client.force_login(staffed.hue_admin)

    answer = asked(client, "people_kept", words)

    assert sorted(texts(answer)) == ["Nguyễn Thị Hoa, 1991, VKSND Huế", "Nguyễn Thị Hoà, 1980, VKSND khu vực 1"]
    assert [choice["note"] for choice in answer["choices"] if "1980" in choice["text"]] == ["Kiểm sát viên · H1"]
    assert answer["said"] == "Có 2 kết quả."


@pytest.mark.parametrize("words", ["hoa 1980", "Hoa, khu vực 1", "Nguyễn Thị Hoà, 1980, VKSND khu vực 1", "h1"])
def test_year_unit_or_code_beside_the_name_say_which_of_them_it_is(staffed, client, words):
    client.force_login(staffed.hue_admin)

    assert texts(asked(client, "people_kept", words)) == ["Nguyễn Thị Hoà, 1980, VKSND khu vực 1"]


def test_what_begins_with_the_words_comes_first(staffed, client):
    make.person("Trần Thị An", staffed.hue, code="A1")
    client.force_login(staffed.admin)

    assert texts(asked(client, "units_staffed", "vksnd h"))[0] == "VKSND Huế"
    assert texts(asked(client, "people_kept", "an"))[0] == "Trần Thị An, VKSND Huế"


def test_each_is_offered_only_whom_they_may_name(staffed, client):
    client.force_login(staffed.hue_admin)
    assert "1985" not in str(texts(asked(client, "people_kept", "hoa")))  # Vinh's
    assert texts(asked(client, "units_staffed", "vksnd")) == ["VKSND Huế", "VKSND khu vực 1, VKSND Huế"]

    client.force_login(staffed.admin)
    assert "1985" in str(texts(asked(client, "people_kept", "hoa")))
    assert "VKSND Nghệ An" in texts(asked(client, "units_staffed", "vksnd"))

    client.force_login(staffed.head)  # reads, but keeps no records
    assert asked(client, "people_kept", "hoa") == {"choices": [], "said": "Không tìm thấy."}
    assert asked(client, "units_staffed", "vksnd")["choices"] == []


def test_a_picker_that_nobody_named_and_a_visitor_get_nothing(staffed, client):
    visitor = client.get(reverse("pick", args=["people_kept"]), {"q": "hoa"})
    client.force_login(staffed.admin)

    assert visitor.status_code == 302
    assert client.get(reverse("pick", args=["everything"]), {"q": "hoa"}).status_code == 404


def test_what_the_form_is_about_narrows_what_is_offered(staffed, client):
    client.force_login(staffed.admin)

    assert texts(asked(client, "collectives_staffed", "phong", f"unit-{staffed.kv1.pk}")) == [
        "Phòng 1, VKSND khu vực 1"
    ]
    assert len(asked(client, "collectives_staffed", "phong")["choices"]) == 2
    assert asked(client, "collectives_staffed", "phong", "unit-x")["choices"] == []


def test_a_search_takes_as_many_queries_for_one_as_for_many_and_shows_a_page_at_most(
    staffed, client, django_assert_num_queries
):
    client.force_login(staffed.admin)
    url = reverse("pick", args=["people_kept"])
    client.get(url, {"q": "nguyen thi hoa"})
    with CaptureQueriesContext(connection) as few:
        client.get(url, {"q": "nguyen thi hoa"})
    for number in range(20):
        make.person("Nguyễn Thị Hoa", staffed.kv1, code=f"M{number}", birth_year=1970)

    with django_assert_num_queries(len(few)):
        answer = client.get(url, {"q": "nguyen thi hoa"}).json()

    assert len(few) <= 10  # of which SQLite's trigrams ask two
    assert len(answer["choices"]) == 15 and "Hãy ghi thêm" in answer["said"]


def test_whoever_asks_too_often_waits_a_minute(staffed, client, monkeypatch):
    monkeypatch.setattr(views, "SEARCHES", 2)
    client.force_login(staffed.admin)

    answers = [client.get(reverse("pick", args=["people_kept"]), {"q": "hoa"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


# --- without scripts ---


def transfer(client, posting, **told):
    return client.post(reverse("posting_transfer", args=[posting.pk]), {"version": 1} | TOLD | told)


def test_several_hits_come_back_as_choices_and_nothing_else_that_was_typed_is_lost(staffed, client):
    client.force_login(staffed.admin)
    posting = staffed.far.postings.get()

    page = transfer(client, posting, unit="vksnd", position="Phó Viện trưởng")

    sent = inputs(page)
    offered = [one["value"] for one in sent if one.get("name") == "unit-key"]
    assert f"unit-{staffed.kv1.pk}" in offered and {one["type"] for one in sent if one["name"] == "unit-key"} == {
        "radio"
    }
    assert "Có nhiều kết quả khớp với «vksnd»" in page.content.decode()
    assert [one["value"] for one in sent if one["name"] in ("position", "document")] == ["Phó Viện trưởng", "7/QĐ"]

    transfer(client, posting, **{"unit": "vksnd", "unit-answered": "vksnd", "unit-key": f"unit-{staffed.kv1.pk}"})

    assert Posting.objects.get(person=staffed.far, valid_to=None).unit == staffed.kv1


def test_a_choice_counts_only_for_the_words_to_which_it_answered(staffed, client):
    client.force_login(staffed.admin)
    stale = {"unit": "vksnd hue", "unit-answered": "vksnd", "unit-key": f"unit-{staffed.kv1.pk}"}

    transfer(client, staffed.far.postings.get(), **stale)

    assert Posting.objects.get(person=staffed.far, valid_to=None).unit == staffed.hue


def test_a_choice_that_was_never_offered_is_not_taken(staffed, client):
    client.force_login(staffed.hue_admin)
    forged = {"unit": "x", "unit-answered": "x", "unit-key": f"unit-{staffed.vinh.pk}"}

    page = transfer(client, staffed.other.postings.get(), **forged)
    nonsense = transfer(client, staffed.other.postings.get(), **forged | {"unit-key": "unit-'1"})

    assert "Không tìm thấy «x»" in page.content.decode() and "Không tìm thấy «x»" in nonsense.content.decode()
    assert Posting.objects.get(person=staffed.other).unit == staffed.hue


@pytest.mark.parametrize("words", ["KV1", "kv1", "khu vuc 1", "VKSND khu vực 1, VKSND Huế"])
def test_a_code_or_words_that_fit_one_alone_are_taken_at_once(staffed, client, words):
    client.force_login(staffed.admin)

    transfer(client, staffed.far.postings.get(), unit=words, collective="phong 1")

    there = Posting.objects.get(person=staffed.far, valid_to=None)
    assert (there.unit, there.collective) == (staffed.kv1, staffed.room)


def test_what_was_understood_is_shown_with_its_name_when_the_form_comes_back(staffed, client):
    client.force_login(staffed.admin)

    page = transfer(client, staffed.far.postings.get(), unit="kv1", document="")

    shown = {one["name"]: one.get("value") for one in inputs(page) if one["name"].startswith("unit")}
    assert shown == {
        "unit": "VKSND khu vực 1, VKSND Huế",
        "unit-answered": "VKSND khu vực 1, VKSND Huế",
        "unit-key": f"unit-{staffed.kv1.pk}",
    }


def test_a_record_that_ended_elsewhere_is_still_told_by_its_last_place(staffed, client):
    Posting.objects.filter(person=staffed.hoa).update(valid_to=date(2024, 1, 1))
    client.force_login(staffed.admin)

    assert texts(asked(client, "people_kept", "hoa 1980")) == ["Nguyễn Thị Hoà, 1980, VKSND khu vực 1"]


def test_a_filter_keeps_the_code_alone_in_addresses_that_people_share(staffed, client):
    client.force_login(staffed.admin)

    page = client.get(reverse("person_list"), {"unit": "khu vuc 1"})

    assert page.context["query"] == "unit=KV1"
    assert re.search(r'name="unit" value="VKSND khu vực 1, VKSND Huế"', page.content.decode())
