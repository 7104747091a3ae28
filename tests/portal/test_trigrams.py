"""SQLite's index of trigrams finds what PostgreSQL's finds, and stays true whoever writes."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from portal.search import trigrams
from tests import make
from units.models import Person

sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has an index of its own")
NAMES = ("Nguyễn Văn Phúc", "Nguyễn Thị Phúc", "Lê An", "Trần Ngọc Quang Mai", "Đỗ “Ba” O'Neil", "Vũ 100% *")


def found(words):
    return {person.full_name for person in Person.objects.matching(words)}


def plainly(words):
    rows = Person.objects.all()
    for word in words.split():
        rows = rows.filter(search__contains=word)
    return {person.full_name for person in rows}


@pytest.fixture
def people(world):
    return [make.person(name, world.hue, code=f"TG{i}") for i, name in enumerate(NAMES)]


@pytest.mark.parametrize("few", [0, 1, trigrams.FEW])
@pytest.mark.parametrize(
    "words",
    ["phuc", "nguyen phuc", "guye uc", "le", "an le", "quang mai tran", "tg3", "neil", "100%", '"ba"', "* vu", "phucx"],
)
def test_every_word_is_found_wherever_it_stands_in_a_text(people, words, few, monkeypatch):
    monkeypatch.setattr(trigrams, "FEW", few)

    assert found(words) == plainly(words)


def test_accents_are_passed_over(people):
    assert found("nguyen THỊ phuc") == {"Nguyễn Thị Phúc"}


def test_the_index_follows_every_way_of_writing(people, world):
    first, second, third, *_others = people
    first.full_name = "Hoàng Đức Giang"
    first.save()
    Person.objects.filter(pk=second.pk).update(full_name="X", search="duong bich ngoc")
    third.delete()
    Person.objects.bulk_create([Person(staff_code="TG99", full_name="Tôn Nữ Hạ", search="ton nu ha ninh")])

    assert not found("phuc") and not found("lean")
    assert found("giang duc") == {"Hoàng Đức Giang"}
    assert found("duong bich") == {"X"}
    assert found("ninh") == {"Tôn Nữ Hạ"}


@sqlite
def test_few_rows_are_named_to_the_list_and_many_are_not(people, monkeypatch):
    with CaptureQueriesContext(connection) as asked:
        assert found("nguyen phuc") == {"Nguyễn Văn Phúc", "Nguyễn Thị Phúc"}
    _newest, counted, rows = asked.captured_queries
    assert "LIMIT 20001" in counted["sql"] and "json_each" in rows["sql"]
    assert "USING INTEGER PRIMARY KEY" in Person.objects.matching("nguyen phuc").order_by("pk").explain()

    monkeypatch.setattr(trigrams, "FEW", 1)
    assert trigrams.near(Person, ["nguyen"], "default") is None  # two
    assert trigrams.near(Person, ["le"], "default") is None  # shorter than three letters
    assert trigrams.near(Person, ["neil"], "default") is not None


@sqlite
@pytest.mark.parametrize(
    ("words", "trigrams"),
    [("quang", {"qua", "ang"}), ("neil tg3", {"nei", "eil", "tg3"}), ("ngo", {"ngo"}), ("quang tg3", {"qua", "ang"})],
)
def test_what_every_row_has_is_not_looked_up_beside_what_tells_more(people, words, trigrams):
    if words == "quang tg3":
        Person.objects.update(search=Concat("search", Value(" tg3")))
    with CaptureQueriesContext(connection) as asked:
        found(words)
    assert set(re.findall(r'"(\w{3})"', asked.captured_queries[1]["sql"])) == trigrams


@sqlite
@pytest.mark.parametrize("trigger", ["insert", "update", "delete"])
def test_an_index_whose_triggers_went_with_a_table_made_anew_is_made_again(people, trigger):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER units_person_trigrams_{trigger}")
        Person.objects.bulk_create([Person(staff_code="TG98", full_name="Y", search="nam quan")])
        Person.objects.filter(pk=people[0].pk).update(search="ton nu ha")
        people[1].delete()

        trigrams.keep(apps.get_app_config("units"), "default")

        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'units_person'")
        assert cursor.fetchone()[0] == 3
    assert (found("nam quan"), found("nu ha"), found("phuc")) == ({"Y"}, {"Nguyễn Văn Phúc"}, set())


@sqlite
def test_no_table_of_another_app_gets_an_index(db):
    with connection.cursor() as cursor:
        trigrams.keep(apps.get_app_config("portal"), "default")
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%%fts5%%' ORDER BY name")
        names = [name for (name,) in cursor.fetchall()]
    assert names == ["awards_nomination_trigrams", "awards_submission_trigrams", "units_person_trigrams"]
