"""What is handed in outside the portal: the office sees who has, notes it for many, and nobody is reminded of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Obligation
from campaigns.reminders import services as reminders
from portal.models import Entry, Notice
from tests import make


@pytest.fixture
def report(world):
    """The final report that Hue and Vinh owe, a month late."""
    world.campaign = make.launched(world.root, world.office)
    milestone = make.owing_report(world.campaign, due_in=-30)
    opened = timezone.now() - timedelta(days=60)
    Obligation.objects.filter(milestone=milestone).update(opened_at=opened)
    return milestone


def page_of(report, **query):
    return reverse("desk_milestone", args=[report.campaign_id, report.kind], query=query)


def seen(report):
    return [f"{o.pk}:{o.version}" for o in report.obligations.all()]


def test_many_are_noted_at_once_with_the_way_they_came(world, report, client):
    client.force_login(world.office)
    units = [world.hue.pk, world.vinh.pk]

    client.post(page_of(report), {"unit": units, "note": "công văn số 12", "seen": seen(report)})

    owed = Obligation.objects.filter(milestone=report)
    assert owed.filter(met_at__isnull=False, reason="công văn số 12").count() == 2
    assert Entry.objects.about(world.campaign).filter(verb="receive").count() == 2
    assert not Obligation.objects.filter(milestone__kind="registration", met_at__isnull=False).exists()
    reminders.remind()
    assert not Notice.objects.filter(kind="reminder").exists()


def test_without_a_word_or_a_unit_nothing_is_noted_and_ticks_stay(world, report, client):
    client.force_login(world.office)

    no_word = client.post(page_of(report), {"unit": world.hue.pk, "note": "  "})
    no_unit = client.post(page_of(report), {"unit": ["x", world.kv1.pk], "note": "công văn"})

    assert "Hãy ghi lý do." in no_word.content.decode() and " checked" in no_word.content.decode()
    assert "Hãy chọn ít nhất một đơn vị" in no_unit.content.decode()
    assert not Obligation.objects.filter(met_at__isnull=False).exists()


def test_the_list_is_narrowed_by_how_units_stand(world, report, client):
    client.force_login(world.office)
    client.post(page_of(report), {"unit": world.hue.pk, "note": "thư", "seen": seen(report)})

    def codes(**query):
        return [row.unit.code for row in client.get(page_of(report, **query)).context["page_obj"]]

    assert codes(state="met") == ["HUE"]
    assert codes(state="open") == codes(state="late") == ["VINH"]
    assert codes() == codes(state="nonsense", page="x") == ["HUE", "VINH"]


@pytest.mark.parametrize("who, status", [("auditor", 403), ("council", 403), ("head", 404), ("stranger", 404)])
def test_only_the_office_notes_anything(world, report, client, who, status):
    client.force_login(getattr(world, who))

    assert client.post(page_of(report), {"unit": world.hue.pk, "note": "x"}).status_code == status
    assert not Obligation.objects.filter(met_at__isnull=False).exists()


def test_a_closed_campaign_receives_nothing_and_a_missing_milestone_has_no_page(world, report, client):
    Campaign.objects.filter(pk=report.campaign_id).update(state="closed")
    client.force_login(world.office)

    client.post(page_of(report), {"unit": world.hue.pk, "note": "x"})

    assert not Obligation.objects.filter(met_at__isnull=False).exists()
    for kind in ("interim", "registration", "x"):
        assert client.get(reverse("desk_milestone", args=[report.campaign_id, kind])).status_code == 404


def test_the_page_asks_the_same_for_few_and_many_rows(world, report, client, django_assert_num_queries):
    client.force_login(world.office)
    client.get(page_of(report))
    for more in (0, 30):  # rows beside those of Hue and Vinh
        for n in range(more):
            Obligation.objects.create(milestone=report, unit=make.unit(f"P{n}", world.root))
        with django_assert_num_queries(6 + make.SESSION_READ):
            client.get(page_of(report))
