"""The published record: anybody recomputes the counts, and whoever changes one is found out."""

import copy
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from awards.councils import record


@pytest.fixture
def published(room):
    room.open_in_secret()
    for member in room.members[:4]:
        room.vote(member, "yes")
    room.count()
    return json.loads(json.dumps(record.of(room.now())))


def test_the_record_of_a_count_adds_up(published):
    assert record.faults(published) == []
    assert [item["counts"] for item in published["items"]] == [[4, 0, 0]] * 2
    assert published["turnout"] == 4 and published["receipts"] == sorted(published["receipts"])


def test_the_command_checks_a_file_by_itself(published, tmp_path, django_assert_num_queries):
    file = tmp_path / "kiem-phieu.json"
    file.write_text(json.dumps(published))
    said = StringIO()

    with django_assert_num_queries(0):
        call_command("verify_ballot", str(file), stdout=said)
    assert "Lê Một: [4, 0, 0]" in said.getvalue()

    file.write_text(json.dumps(published | {"turnout": 5}))
    with pytest.raises(CommandError):
        call_command("verify_ballot", str(file))
    file.write_text("{")
    with pytest.raises(CommandError):
        call_command("verify_ballot", str(file))


CHANGED = {
    "a count": lambda r: r["items"][0].update(counts=[3, 1, 0]),
    "a sum": lambda r: r["items"][0]["sums"].reverse(),
    "a partial decryption": lambda r: r["parts"]["1"][0].reverse(),
    "a holder": lambda r: r["holders"].update({"1": r["holders"]["2"]}),
    "the key": lambda r: r.update(key=r["holders"]["1"]),
    "a receipt": lambda r: r["receipts"].pop(),
    "the turnout": lambda r: r.update(turnout=3),
    "a part missing": lambda r: r["parts"].pop("1"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_record_that_was_changed_does_not_add_up(published, what):
    changed = copy.deepcopy(published)
    CHANGED[what](changed)

    assert record.faults(changed)


@pytest.mark.parametrize("nonsense", [{}, {"key": "zz"}, {"key": "", "holders": [], "parts": {}, "items": []}])
def test_a_file_of_another_kind_is_told_as_such(nonsense):
    assert len(record.faults(nonsense)) == 1
