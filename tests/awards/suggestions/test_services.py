"""Whom the ledger lets a unit propose: found anew, proposed or dismissed, never asked twice."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Nomination, Suggestion
from awards.suggestions import services
from portal.flow import Refused
from portal.models import Entry
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 10)


@pytest.fixture
def an(world):
    person = make.person("Nguyễn Thị Ánh", world.hue, joined_on=date(2015, 1, 1), leads=False)
    make.rating(person, 2025, "excellent")
    return person


def suggested(unit, year=2025):
    services.refresh_unit(unit, DAY)
    rows = Suggestion.objects.filter(unit=unit, year=year, dismissed_at=None, person__isnull=False)
    return {row.award for row in rows}


def test_who_was_rated_and_is_proposed_by_nobody_is_suggested(an, world):
    assert {"LDTT", "CSTDCS"} <= suggested(world.hue)
    assert not suggested(world.hue, 2026)  # nobody was rated yet
    assert not suggested(world.vinh)


def test_a_title_that_rests_on_years_in_a_row_waits_for_the_last_of_them(an, world):
    for year in (2024, 2025):
        make.past_award(an, "CSTDCS", year)
    idea = make.initiative(world.hue, "Sáng kiến ngành", an, recognised=True, scope="sector")
    idea.recognised_on = date(2025, 3, 1)
    idea.save()
    assert "CSTDN" not in suggested(world.hue)

    make.past_award(an, "CSTDCS", 2023)

    assert "CSTDN" in suggested(world.hue)


def test_what_is_held_or_proposed_is_not_suggested_and_goes_from_the_list(an, world):
    assert "LDTT" in suggested(world.hue)
    make.past_award(an, "LDTT", 2025)
    paper = make.submission(world.hue, world.officer, year=2025)
    make.nomination(paper, an, world.officer, award="CSTDCS")

    assert not {"LDTT", "CSTDCS"} & suggested(world.hue)


def test_a_discipline_of_the_year_stands_against_it(an, world):
    an.statuses.create(kind="disciplined", grade="1", valid_from="2025-05-01", valid_to="2025-08-01")

    assert "LDTT" not in suggested(world.hue)


def test_the_chosen_go_into_a_new_paper_and_leave_the_list(an, world):
    suggested(world.hue)
    rows = list(Suggestion.objects.filter(unit=world.hue, award__in=["LDTT", "CSTDCS"]))

    paper = services.propose(rows, paper=None, token=uuid4(), by=world.officer)

    assert (paper.unit, paper.year) == (world.hue, 2025)
    assert {n.award for n in Nomination.objects.filter(submission=paper)} == {"LDTT", "CSTDCS"}
    assert not Suggestion.objects.filter(pk__in=[row.pk for row in rows]).exists()
    with pytest.raises(Refused):
        services.propose(rows, paper=None, token=uuid4(), by=world.officer)


def test_a_paper_of_another_year_takes_none(an, world):
    suggested(world.hue)
    rows = list(Suggestion.objects.filter(unit=world.hue, award="LDTT"))

    with pytest.raises(Refused, match="năm khác"):
        paper = make.submission(world.hue, world.officer, year=2024)
        services.propose(rows, paper=paper, token=uuid4(), by=world.officer)


def test_what_is_dismissed_needs_a_reason_and_is_not_suggested_again_until_reopened(an, world):
    suggested(world.hue)
    [row] = Suggestion.objects.filter(unit=world.hue, award="LDTT")
    with pytest.raises(Refused, match="lý do"):
        services.dismiss([row], reason=" ", by=world.head)

    services.dismiss([row], reason="Đã thôi việc", by=world.head)

    assert "LDTT" not in suggested(world.hue)
    row.refresh_from_db()
    assert Entry.objects.about(row).get().note == "Đã thôi việc"
    services.restore(row, by=world.head)
    assert "LDTT" in suggested(world.hue)


def test_only_who_drafts_for_the_unit_acts_and_sees(an, world):
    suggested(world.hue)
    rows = list(Suggestion.objects.filter(unit=world.hue, award="LDTT"))

    for other in (world.stranger, world.office, world.auditor):
        with pytest.raises(PermissionDenied):
            services.dismiss(rows, reason="x", by=other)
        assert not services.open_to(other).exists()
    assert services.open_to(world.officer).exists()


def test_many_people_ask_no_more_than_few(an, world, django_assert_num_queries):
    services.refresh_unit(world.hue, DAY)
    with CaptureQueriesContext(connection) as few:
        services.refresh_unit(world.hue, DAY)
    for n in range(7):
        make.rating(make.person(f"Người {n}", world.hue), 2025)
    services.refresh_unit(world.hue, DAY)

    with django_assert_num_queries(len(few)):
        services.refresh_unit(world.hue, DAY)
