"""A later deadline, and what came by another way."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Obligation
from portal.days import end_of, today
from portal.models import Entry
from tests import make
from tests.campaigns.desk.helpers import day, owed, url, words


def extension(world, **fields):
    milestone, unit = world.campaign.milestones.get(), world.hue.pk
    seen = [f"{o.pk}:{o.version}" for o in milestone.obligations.all()]
    asked = {"milestone": milestone.pk, "who": "chosen", "unit": [unit], "until": day(60), "reason": "Bão số 3"}
    return asked | {"seen": seen} | fields


def test_chosen_units_get_a_later_end_of_day(office, client):
    answer = client.post(url("desk_extend", office), extension(office))

    assert answer.status_code == 302
    assert owed(office, office.hue).extended_to == end_of(today() + timedelta(days=60))
    assert owed(office, office.vinh).extended_to is None
    assert Entry.objects.about(office.campaign).first().note == "Bão số 3"


def test_all_open_units_get_a_later_moment(office, client):
    make.submitted(office.campaign, office.vinh, office.stranger)

    client.post(url("desk_extend", office), extension(office, who="all", unit=[]))

    assert owed(office, office.hue).extended_to is not None
    assert owed(office, office.vinh).extended_to is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": ""}, "until"),
        ({"until": "31/02/2027"}, "until"),
        ({"until": "ngày mai"}, "until"),
        ({"until": "01/01/2020"}, "until"),
        ({"until": "5/5/99999"}, "until"),
        ({"until": day(3)}, "until"),  # before the present moment of the unit
        ({"reason": ""}, "reason"),
        ({"reason": " \u200b "}, "reason"),
        ({"reason": "a" * 301}, "reason"),
        ({"unit": []}, "unit"),
        ({"unit": ["abc"]}, "unit"),
        ({"unit": ["9" * 30]}, "unit"),
        ({"who": "nobody"}, "who"),
        ({"milestone": "x"}, "milestone"),
    ],
)
def test_a_bad_extension_is_answered_beside_the_field(office, client, wrong, field):
    answer = client.post(url("desk_extend", office), extension(office, **wrong))

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Obligation.objects.exclude(extended_to=None).exists()


def test_there_is_nothing_to_extend_when_all_is_met(office, client):
    Obligation.objects.update(met_at=timezone.now())

    assert "Không còn đơn vị nào để gia hạn" in client.get(url("desk_extend", office)).content.decode()
    assert client.post(url("desk_extend", office), extension(office)).status_code == 200


def test_what_came_on_paper_is_met_with_a_note(office, client):
    door = reverse("desk_receive", args=[owed(office, office.hue).pk])

    assert client.get(door).status_code == 200
    assert client.post(door, {"note": " "}).context["form"].errors["note"]
    client.post(door, {"note": "Công văn 12/CV", "version": make.seen(owed(office, office.hue))})

    assert owed(office, office.hue).reason == "Công văn 12/CV"
    assert client.get(url("desk", office, state="received")).context["page_obj"].paginator.count == 1
    again = client.post(door, {"note": "Lần nữa", "version": 1}, follow=True)
    assert words(again) == ["Nghĩa vụ này đã hoàn thành hoặc không còn phải thực hiện."]


def test_an_obligation_that_is_not_there_cannot_be_received(office, client):
    assert client.get(reverse("desk_receive", args=[10**12])).status_code == 404
