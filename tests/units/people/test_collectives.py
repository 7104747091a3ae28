"""A collective is made, renamed, joined and closed by whoever administers its unit."""

from datetime import date

import pytest
from django.urls import reverse

from portal.models import Entry
from tests.units.people.helpers import LONG_AGO, post
from units.models import Collective


def test_a_collective_is_made_renamed_joined_and_closed(staffed, client):
    client.force_login(staffed.hue_admin)
    post(client, "collective_new", unit="KV1", code="KV1-P1", name="Phòng  1", kind="division")
    room = Collective.objects.get(code="KV1-P1")
    assert (room.name, room.unit) == ("Phòng 1", staffed.kv1)

    post(client, "collective_edit", room.pk, version=1, name="Phòng Một", kind="division")
    stale = post(client, "collective_edit", room.pk, version=1, name="Phòng Hai", kind="division")
    post(client, "collective_join", room.pk, version=2, person="lan", valid_from="01/02/2024", document="3/QĐ")
    post(client, "collective_close", room.pk, version=2, valid_to="31/12/2024", reason="sắp xếp lại")

    room.refresh_from_db()
    assert "vừa được người khác thay đổi" in stale.content.decode()
    assert (room.name, room.valid_to) == ("Phòng Một", date(2024, 12, 31))
    ledger = [(p.collective, p.valid_from, p.valid_to) for p in staffed.lan.postings.order_by("valid_from")]
    assert ledger == [
        (None, LONG_AGO, date(2024, 1, 31)),
        (room, date(2024, 2, 1), date(2024, 12, 31)),
        (None, date(2025, 1, 1), None),
    ]
    assert [e.verb for e in Entry.objects.about(room)] == ["close", "edit", "create"]


@pytest.mark.parametrize(
    ("field", "value"), [("code", "có dấu"), ("code", "CO"), ("unit", "VINH"), ("name", " "), ("kind", "x")]
)
def test_a_collective_that_cannot_be_is_told_beside_its_field(staffed, client, field, value):
    Collective.objects.create(unit=staffed.vinh, code="CO", name="Có rồi")
    client.force_login(staffed.hue_admin)
    told = {"unit": "KV1", "code": "M", "name": "Phòng", "kind": "team"}

    page = post(client, "collective_new", **told | {field: value})

    assert page.status_code == 200 and field in page.context["form"].errors
    assert Collective.objects.count() == 1


def test_a_strangers_collective_does_not_exist_and_who_reads_it_does_not_keep_it(staffed, client):
    room = Collective.objects.create(unit=staffed.kv1, code="R", name="Phòng")
    for who, read, keep in (("stranger", 404, 404), ("kv1_head", 200, 403), ("hue_admin", 200, 200)):
        client.force_login(getattr(staffed, who))
        assert client.get(reverse("collective_detail", args=[room.pk])).status_code == read
        for name in ("collective_edit", "collective_close", "collective_join"):
            assert client.get(reverse(name, args=[room.pk])).status_code == keep


def test_only_people_of_the_unit_join_its_collective(staffed, client):
    room = Collective.objects.create(unit=staffed.hue, code="R", name="Phòng")
    client.force_login(staffed.hue_admin)

    elsewhere = post(client, "collective_join", room.pk, version=1, person="LAN", valid_from="01/02/2024")
    foreign = post(client, "collective_join", room.pk, version=1, person="TAM", valid_from="01/02/2024")

    assert "Không tìm thấy «LAN»" in elsewhere.content.decode()
    assert "Không tìm thấy «TAM»" in foreign.content.decode()
