"""Whom forms about awards may name: the search asks the same rights as the form does."""

import pytest
from django.urls import reverse

from tests import make
from units.models import Collective


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


def texts(client, source, words, about=""):
    answer = client.get(reverse("pick", args=[source]), {"q": words, "about": about}).json()
    return [choice["text"] for choice in answer["choices"]]


def test_only_who_writes_the_paper_is_offered_whom_its_unit_may_propose(world, paper, client):
    make.person("Lê An", world.kv1, birth_year=1980)
    make.person("Lê An", world.vinh, birth_year=1990)
    Collective.objects.create(unit=world.hue, code="P1", name="Phòng Lê Lợi")
    about = f"submission-{paper.pk}"

    client.force_login(world.officer)
    assert texts(client, "nominees", "le", about) == ["Lê An, 1980, VKSND khu vực 1", "Phòng Lê Lợi, VKSND Huế"]
    assert texts(client, "nominees", "le") == texts(client, "nominees", "le", "submission-0") == []

    for other in (world.stranger, world.office, world.auditor, world.nobody):  # they read it, or not even that
        client.force_login(other)
        assert texts(client, "nominees", "le", about) == []


def test_a_line_of_the_ledger_may_become_that_of_another_of_its_kind(world, client):
    line = make.past_award(make.person("Lê An", world.hue, birth_year=1980))
    make.person("Lê Anh", world.hue)
    Collective.objects.create(unit=world.hue, code="P1", name="Phòng Lê Lợi")
    about = f"pastaward-{line.pk}"

    client.force_login(world.officer)
    assert texts(client, "ledger_subjects", "le", about) == ["Lê An, 1980, VKSND Huế", "Lê Anh, VKSND Huế"]

    client.force_login(world.stranger)
    assert texts(client, "ledger_subjects", "le", about) == []


def test_an_author_who_has_left_the_readers_units_stays_an_author_of_that_initiative_alone(world, client):
    far = make.person("Hồ Nghệ", world.vinh)
    idea = make.initiative(world.hue, "Sáng kiến", far)
    client.force_login(world.officer)

    assert texts(client, "authors", "ho nghe") == []
    assert texts(client, "authors", "ho nghe", f"initiative-{idea.pk}") == ["Hồ Nghệ, VKSND Nghệ An"]

    client.force_login(world.nobody)
    assert texts(client, "authors", "ho nghe", f"initiative-{idea.pk}") == []


def test_a_conflict_is_with_a_unit_or_with_somebody_whom_one_may_look_up(world, client):
    make.person("Lê Nghệ", world.vinh)

    client.force_login(world.office)
    assert texts(client, "conflicts", "nghe") == ["VKSND Nghệ An", "Lê Nghệ, VKSND Nghệ An"]
    client.force_login(world.officer)
    assert texts(client, "conflicts", "nghe") == ["VKSND Nghệ An"]


def test_several_nominees_of_one_name_come_back_as_choices_with_the_award_that_was_chosen(world, paper, client):
    first, second = (make.person("Lê An", world.hue, birth_year=year) for year in (1980, 1990))
    client.force_login(world.officer)
    url = reverse("submission_add", args=[paper.pk])

    page = client.post(url, {"subject": "Lê An", "award": "BK_VT"})

    assert page.status_code == 422
    assert all(f'value="person-{one.pk}"' in page.content.decode() for one in (first, second))
    assert '<option value="BK_VT" selected>' in page.content.decode()
    told = {"subject": "Lê An", "subject-answered": "Lê An", "subject-key": f"person-{second.pk}", "award": "BK_VT"}
    client.post(url, told)
    assert paper.nominations.get().person == second
