"""A new plan takes over what the unit promised before, or what an office shows as an example; nothing typed is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import flow
from campaigns.models import Commitment, Plan
from portal.models import Entry
from tests import make
from units.models import Succession


@pytest.fixture
def before(world):
    """Huế's approved plan of the campaign before, whose second area has another title now."""
    old = make.launched(world.root, world.office, code="PT-CU", title="Phong trào năm trước")
    plan = make.approved(old, world.hue, world.head, office=world.office)
    old.starts_on -= timedelta(days=365)
    old.save()
    plan.commitments.update(due_on=old.starts_on + timedelta(days=30))
    return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def draft(world, before):
    new = make.launched(world.root, world.office, code="PT-MOI")
    second = new.areas.last()
    second.code, second.title = "X", "Nội dung mới"
    second.save()
    return flow.begin(new, world.hue, by=world.officer)


def page_of(draft, source=None):
    return reverse("plan_take_over", args=[draft.pk]) + (f"?from={source.pk}" if source else "")


def sent(page, **changed):
    """What a browser sends when the page is sent as it was opened."""
    form = page.context["form"]
    values = {f.html_name: f.value() for f in form}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (False, None)} | {
        name: value for name, value in changed.items() if value is not None
    }


def test_last_years_plan_comes_over_into_the_areas_of_the_same_title_with_its_days_moved(world, before, draft, client):
    client.force_login(world.officer)
    page = client.get(page_of(draft))  # the only one there is stands open at once
    assert page.context["source"] == before and "Việc ND1" in page.content.decode()

    client.post(page_of(draft, before), sent(page))

    draft.refresh_from_db()
    [row] = draft.commitments.all()
    assert (row.what, row.amount, row.measure, row.responsible) == ("Việc ND1", 100, "%", "Văn phòng")
    assert row.area == draft.campaign.areas.first()
    assert row.due_on == draft.campaign.starts_on + timedelta(days=30)
    assert (draft.theme, draft.organising) == (before.theme, before.organising)
    line = Entry.objects.about(draft).get(verb="take_over")
    assert (line.by, line.note) == (world.officer, "VKSND Huế – Phong trào năm trước")


def test_what_was_typed_stays_unless_it_is_given_up(world, before, draft, client):
    own = Commitment(area=draft.campaign.areas.first(), what="Việc đang soạn")
    typed = {"theme": "Chủ đề đang soạn", "organising": "", "commitments": [own], "reasons": {}}
    draft = flow.write(draft, by=world.officer, version=draft.version, **typed)
    client.force_login(world.officer)
    page = client.get(page_of(draft, before))
    offered = sent(page)
    area = before.campaign.areas.first()
    assert "theme" not in offered and offered[f"area-{area.pk}"] == ""  # nothing of it is chosen beforehand

    client.post(page_of(draft, before), offered | {f"area-{area.pk}": own.area_id})

    draft.refresh_from_db()
    assert draft.theme == "Chủ đề đang soạn" and draft.organising == before.organising
    assert [row.what for row in draft.commitments.all()] == ["Việc đang soạn", "Việc ND1"]

    client.post(page_of(draft, before), {"version": draft.version, "theme": "on"})
    draft.refresh_from_db()
    assert draft.theme == before.theme


def test_a_page_that_is_out_of_date_and_an_empty_choice_take_nothing(world, before, draft, client):
    client.force_login(world.officer)
    data = sent(client.get(page_of(draft)))
    flow.write(draft, theme="Mới", organising="", commitments=[], reasons={}, by=world.head, version=draft.version)

    stale = client.post(page_of(draft, before), data, follow=True)
    nothing = client.post(page_of(draft, before), {"version": make.seen(draft)})

    assert "vừa được sửa ở nơi khác" in stale.content.decode()
    assert "ít nhất một phần" in nothing.content.decode()
    assert not Plan.objects.get(pk=draft.pk).commitments.exists()


def test_another_units_plan_is_taken_only_when_the_office_shows_it_as_an_example(world, before, draft, client):
    other = make.approved(before.campaign, world.vinh, world.stranger, office=world.office)
    client.force_login(world.officer)
    assert client.get(page_of(draft, other)).context["sources"] == [before]
    refused = client.post(page_of(draft, other), {"version": draft.version, "theme": "on"})
    assert refused.context is None or refused.context["source"] == before  # as if it did not exist

    client.force_login(world.office)
    show = reverse("plan_example", args=[other.pk])
    client.post(show, {"version": make.seen(other), "example": "1"})
    client.force_login(world.officer)
    page = client.get(page_of(draft, other))
    assert set(page.context["sources"]) == {before, other} and page.context["source"] == other
    assert client.get(other.get_absolute_url()).status_code == 404  # its papers stay its own

    client.force_login(world.office)
    client.post(show, {"version": make.seen(other), "example": "0"})
    client.force_login(world.officer)
    assert client.get(page_of(draft)).context["sources"] == [before]
    assert [e.verb for e in Entry.objects.about(other)[:2]] == ["hide_example", "show_example"]


def test_only_who_manages_the_campaign_shows_examples_and_only_approved_plans(world, before, draft, client):
    for who, status in ((world.officer, 403), (world.head, 403), (world.stranger, 404), (world.auditor, 403)):
        client.force_login(who)
        answer = client.post(reverse("plan_example", args=[before.pk]), {"version": before.version, "example": "1"})
        assert answer.status_code == status, who
    client.force_login(world.office)
    draft_shown = client.post(
        reverse("plan_example", args=[draft.pk]), {"version": draft.version, "example": "1"}, follow=True
    )
    assert "Chỉ kế hoạch đã duyệt" in draft_shown.content.decode()
    assert not Plan.objects.filter(example=True).exists()


def test_what_went_before_the_unit_counts_as_its_own_and_a_draft_counts_for_nobody(world, before, draft, client):
    gone = make.unit("CU", world.root)
    Succession.objects.create(predecessor=gone, successor=world.hue, kind="merge", effective_on="2025-07-01")
    theirs = Plan.objects.create(campaign=before.campaign, unit=gone, desk=gone, state="approved", round=1)
    older = make.campaign(world.root, code="PT-XUA")
    Plan.objects.create(campaign=older, unit=world.hue, desk=world.hue)
    client.force_login(world.officer)

    assert set(client.get(page_of(draft)).context["sources"]) == {before, theirs}


def test_the_page_asks_as_many_queries_for_one_area_as_for_many(world, before, draft, client):
    client.force_login(world.officer)
    client.get(page_of(draft, before))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(draft, before))
    for row in list(before.commitments.all()):
        for number in range(5):
            row.pk, row.what = None, f"Việc {number}"
            row.save()

    with CaptureQueriesContext(connection) as many:
        client.get(page_of(draft, before))

    assert len(few) == len(many)
