"""The page of suggestions."""

from uuid import uuid4

import pytest

from awards.models import Nomination, Suggestion
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(world):
    people = [make.person(f"Người {n}", world.hue) for n in range(3)]
    return [Suggestion.objects.create(person=p, unit=world.hue, award="LDTT", year=2025) for p in people]


def chosen(*rows):
    return [f"{row.pk}:{row.version}" for row in rows]


def test_an_officer_proposes_some_and_dismisses_another(client, world, rows):
    client.force_login(world.officer)

    answer = client.post("/suggestions/act/", {"chosen": chosen(*rows[:2]), "token": uuid4(), "propose": "1"})
    client.post(
        "/suggestions/act/", {"chosen": chosen(rows[2]), "token": uuid4(), "dismiss": "1", "reason": "Nghỉ hưu"}
    )

    assert answer.url.startswith("/awards/")
    assert Nomination.objects.filter(award="LDTT", unit=world.hue).count() == 2
    page = client.get("/suggestions/?dismissed=on").content.decode()
    assert "Nghỉ hưu" in page
    client.post(f"/suggestions/{rows[2].pk}/restore/")
    assert Suggestion.objects.get().dismissed_at is None


def test_nothing_chosen_an_old_version_or_no_reason_is_told_in_words(client, world, rows):
    client.force_login(world.head)
    for told in (
        {"propose": "1"},
        {"chosen": [f"{rows[0].pk}:9"], "propose": "1"},
        {"chosen": ["x"], "propose": "1"},
        {"chosen": chosen(rows[0]), "dismiss": "1", "reason": ""},
    ):
        answer = client.post("/suggestions/act/", {"token": uuid4(), **told}, follow=True)
        assert list(answer.context["messages"])
    assert Suggestion.objects.filter(dismissed_at=None).count() == 3


def test_who_drafts_nowhere_has_no_such_page(client, world, rows):
    client.force_login(world.auditor)
    assert client.get("/suggestions/").status_code == 403
    client.force_login(world.stranger)
    assert rows[0].subject_name not in client.get("/suggestions/").content.decode()
