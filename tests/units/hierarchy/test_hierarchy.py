"""The real hierarchy on both days, the trail that cannot be rewritten, and the pages that show them."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Count
from django.urls import reverse

from portal.models import Entry
from portal.models.trail import record
from tests import make
from units.hierarchy.importers import load_hierarchy
from units.models import EmulationOffice, Membership, Role, Succession, Unit


def kinds_on(day):
    return dict(Unit.objects.as_of(day).order_by().values_list("kind").annotate(Count("pk")))


@pytest.fixture
def real(db):
    load_hierarchy()


def test_the_totals_of_both_days_are_those_of_the_snapshots(real):
    assert kinds_on(date(2021, 10, 28)) == {
        "supreme": 1,
        "department": 2,
        "high": 3,
        "military": 1,
        "province": 63,
        "district": 696,
    }
    assert kinds_on(date(2025, 6, 30)) == kinds_on(date(2021, 10, 28))
    assert kinds_on(date(2025, 7, 1)) == {"supreme": 1, "department": 2, "military": 1, "province": 34}


def test_loading_again_changes_nothing(real):
    before = list(Unit.objects.values()), Succession.objects.count(), Entry.objects.count()

    assert load_hierarchy() == 0
    assert (list(Unit.objects.values()), Succession.objects.count(), Entry.objects.count()) == before


def test_every_unit_that_ended_has_a_successor_or_was_dissolved(real):
    ended = Unit.objects.filter(valid_to=date(2025, 6, 30)).exclude(kind="district")

    assert not ended.filter(succeeded_by=None).exists()


def test_the_emulation_office_is_data_with_dates(real):
    root = Unit.objects.get(code="VKSTC")

    assert EmulationOffice.of(root, date(2021, 10, 28)).code == "V16"
    assert EmulationOffice.of(root, date(2025, 7, 1)).code == "P.TDKT"


def test_the_trail_refuses_to_be_changed_or_deleted(world):
    entry = record(world.hue, "edit", note="as it was")
    for attempt in (lambda: Entry.objects.filter(pk=entry.pk).update(note="other"), lambda: entry.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert Entry.objects.get(pk=entry.pk).note == "as it was"


def test_the_tree_page_reads_right_on_both_days(real, client):
    client.force_login(make.user("reader"))

    then = client.get(reverse("unit_tree"), {"on": "30/06/2025"}).content.decode()
    now = client.get(reverse("unit_tree"), {"on": "01/07/2025"}).content.decode()

    assert "VKSND cấp cao" in then and "Hà Giang" in then
    assert "Hà Giang" not in now and "Tuyên Quang" in now


def test_search_is_blind_to_accents(real, client):
    client.force_login(make.user("reader"))

    page = client.get(reverse("unit_tree"), {"on": "01/07/2025", "q": "DA nang"})

    assert [u.code for u in page.context["page_obj"]] == ["T48.25"]


@pytest.mark.parametrize(
    "query", [{"on": "31/02/2025"}, {"on": "x"}, {"q": "%_'\"<script>"}, {"page": "abc", "q": "a"}]
)
def test_nonsense_in_the_address_is_no_fault(world, client, query):
    client.force_login(world.head)

    assert client.get(reverse("unit_tree"), query).status_code == 200


def test_an_administrator_finds_the_units_for_which_nobody_could_send_a_paper(world, client):
    gone = make.unit("CU", world.root, valid_to="2020-01-01")
    client.force_login(world.admin)
    home = client.get("/")
    page = client.get(reverse("unit_tree"), {"headless": "on"})

    headless = list(page.context["page_obj"])
    assert world.v16 in headless and not {world.hue, world.vinh, world.kv1, gone} & set(headless)
    assert home.context["admin_desk"]["headless"] == page.context["page_obj"].paginator.count == len(headless)
    assert [u.code for u in client.get(reverse("unit_tree"), {"headless": "on", "q": "v16"}).context["page_obj"]] == [
        "V16"
    ]
    for address in ("?headless=on", ""):
        assert f'href="{reverse("unit_tree")}{address}"' in home.content.decode()


def test_units_without_a_head_are_told_to_their_administrators_alone(world, client):
    ward = make.unit("KV9", world.vinh)
    for who in (world.head, world.office):
        client.force_login(who)
        assert "page_obj" not in client.get(reverse("unit_tree"), {"headless": "on"}).context
    client.force_login(make.user("vinhadmin", (Role.ADMIN, world.vinh)))
    page = client.get(reverse("unit_tree"), {"headless": "on"})
    assert list(page.context["page_obj"]) == [ward]
    assert client.get("/").context["admin_desk"]["headless"] == 1


@pytest.mark.parametrize("name", ["unit_tree", "unit_detail"])
def test_pages_ask_a_constant_number_of_queries(world, client, django_assert_max_num_queries, name):
    client.force_login(world.head)
    url = reverse(name, args=[world.hue.pk] if name == "unit_detail" else [])
    client.get(url)
    counts = []
    for extra in (0, 40):
        for i in range(extra):
            make.unit(f"X{i}", world.hue)
        with django_assert_max_num_queries(15) as asked:
            client.get(url)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def delegation(world, **changes):
    return {
        "user": world.officer.pk,
        "valid_from": "01/01/2099",
        "valid_to": "05/01/2099",
        "document": "12/GUQ",
    } | changes


def test_a_head_lends_the_right_to_submit_and_takes_it_back(world, client):
    client.force_login(world.head)

    client.post(reverse("delegate", args=[world.hue.pk]), delegation(world))

    lent = Membership.objects.get(delegated_by=world.head)
    assert (lent.user, lent.unit, lent.role) == (world.officer, world.hue, Role.HEAD)
    client.post(reverse("revoke", args=[lent.pk]), {"version": make.seen(lent.user)})
    assert not Membership.objects.filter(pk=lent.pk).exists()  # it had not begun
    assert [e.verb for e in Entry.objects.about(world.hue)] == ["revoke", "delegate"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", "01/01/2020"),
        ("valid_to", "31/12/2098"),
        ("valid_to", "01/01/2101"),
        ("valid_from", "hôm nay"),
        ("document", ""),
        ("user", "999999"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_told_beside_the_field(world, client, field, value):
    client.force_login(world.head)

    page = client.post(reverse("delegate", args=[world.hue.pk]), delegation(world, **{field: value}))

    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert not Membership.objects.filter(delegated_by__isnull=False).exists()


def test_who_acts_by_delegation_cannot_lend_it_on(world, client):
    Membership.objects.create(user=world.officer, unit=world.hue, role=Role.HEAD, delegated_by=world.head)
    client.force_login(world.officer)

    assert client.post(reverse("delegate", args=[world.hue.pk]), delegation(world)).status_code == 403
