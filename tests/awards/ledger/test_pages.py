"""The ledger in the browser's eyes: who sees what, and what it costs."""

from datetime import date

import pytest
from django.urls import reverse

from awards.models import PastAward
from portal.days import today
from portal.models import Job
from tests import make
from units.models import Collective, Posting, Succession


def rows_of(response):
    return [line.pk for line in response.context["rows"]]


# --- the list ---


def test_the_ledger_shows_the_lines_of_the_own_units_and_of_those_below(world, an, client):
    mine = make.past_award(an)
    below = make.past_award(make.person("Lê Văn Dưới", world.kv1), year=2023)
    make.past_award(make.person("Hồ Nghệ", world.vinh))

    client.force_login(world.head)
    assert rows_of(client.get(reverse("ledger"))) == [mine.pk, below.pk]
    client.force_login(world.stranger)
    assert mine.pk not in rows_of(client.get(reverse("ledger")))
    client.force_login(world.nobody)
    assert rows_of(client.get(reverse("ledger"))) == []


def test_an_award_travels_with_the_person_and_stays_with_the_unit_of_its_day(world, an, client):
    line = make.past_award(an)
    Posting.objects.create(person=an, unit=world.vinh, valid_from=date(2026, 1, 1))

    for who in (world.head, world.stranger):
        client.force_login(who)
        assert rows_of(client.get(reverse("ledger"))) == [line.pk]
        assert client.get(line.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_queries_for_few_and_many(world, client, count, django_assert_num_queries):
    for i in range(count):
        make.past_award(make.person(f"Nguyễn Văn {i}", world.hue))
    client.force_login(world.head)
    client.get(reverse("ledger"))

    with django_assert_num_queries(7 + make.SESSION_READ):
        client.get(reverse("ledger"), {"q": "nguyen", "since": 2020})


def test_leafing_shows_every_line_once_in_falling_order(world, client):
    made = [make.past_award(make.person(f"Người {i}", world.hue), year=2015 + i % 4) for i in range(60)]
    client.force_login(world.head)

    seen, after = [], ""
    for _page in range(4):
        response = client.get(reverse("ledger"), {"after": after})
        seen += rows_of(response)
        after = response.context["page"].next
        if not after:
            break

    assert seen == [line.pk for line in sorted(made, key=lambda line: (-line.year, -line.pk))]


def test_every_filter_narrows_and_nonsense_is_passed_over(world, an, client):
    team = Collective.objects.create(unit=world.hue, code="HUE-P1", name="Phòng 1")
    person, group, unit = (
        make.past_award(an),
        make.past_award(team, "TTLDTT", 2023),
        make.past_award(world.kv1, "GK", 2022),
    )
    PastAward.objects.filter(pk=unit.pk).update(revoked_on=date(2025, 1, 1), revoked_by="1/QĐ", source="imported")
    PastAward.objects.filter(pk=group.pk).update(doubted_by=unit)
    client.force_login(world.head)
    ids = {"p": person.pk, "g": group.pk, "u": unit.pk}

    for query, expected in [
        ({"kind": "collective"}, "g"),
        ({"award": "CSTDCS"}, "p"),
        ({"unit": "KV1"}, "u"),
        ({"unit": "HUE"}, "pgu"),
        ({"since": "2023"}, "pg"),
        ({"until": "2023"}, "gu"),
        ({"source": "imported"}, "u"),
        ({"state": "stands"}, "pg"),
        ({"state": "revoked"}, "u"),
        ({"state": "doubted"}, "g"),
        ({"q": "nguyen thi anh"}, "p"),
        ({"q": "TTLDTT-2023"}, "g"),
        ({"q": "chien si thi dua 2024"}, "p"),
        ({"q": "khu vuc"}, "u"),
        ({"kind": "x", "since": "y", "after": "9-9-9", "award": "' OR 1", "until": "99999"}, "pgu"),
        ({"after": "999999999999999999-999999999999999999"}, "pgu"),
    ]:
        assert rows_of(client.get(reverse("ledger"), query)) == [ids[k] for k in expected], query


def test_a_person_is_found_by_the_name_of_today(world, an, client):
    line = make.past_award(an)
    an.full_name = "Nguyễn Thị Hồng Ánh"
    an.save()
    client.force_login(world.head)

    assert rows_of(client.get(reverse("ledger"), {"q": "hong anh"})) == [line.pk]


def test_the_sheet_holds_what_the_filter_shows(world, an, client):
    make.past_award(an, note="=1+1")
    make.past_award(an, year=2020)
    client.force_login(world.head)

    answer = client.get(reverse("ledger_export"), {"since": 2024})

    _sheet, cells = make.listed(answer.content)
    rows = [tuple(cell.value for cell in row) for row in cells]
    assert len(rows) == 3 and rows[2][0] == "Tổng cộng: 1"
    assert rows[1][1:3] == ("H001", "Nguyễn Thị Ánh")
    assert rows[1][6:8] == ("Chiến sĩ thi đua cơ sở", 2024)
    assert rows[1][13] == "=1+1"


def test_a_long_sheet_is_made_in_the_background(
    world, an, client, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("awards.ledger.views.AT_ONCE", 1)
    make.past_award(an)
    make.past_award(an, year=2020)
    make.past_award(make.person("Hồ Nghệ", world.vinh))
    client.force_login(world.head)

    with django_capture_on_commit_callbacks(execute=True):
        client.get(reverse("ledger_export"))

    job = Job.objects.get()
    with job.output.open() as file:
        assert len(make.listed(file.read())[1]) == 4  # heading, two lines, how many


# --- a subject's book ---


def test_a_book_is_open_to_those_who_see_the_subject_and_to_nobody_else(world, an, client):
    team = Collective.objects.create(unit=world.hue, code="HUE-P1", name="Phòng 1")
    pages = [("person", an.pk), ("collective", team.pk), ("unit", world.hue.pk)]

    for who, status in [
        (world.head, 200),
        (world.office, 200),
        (world.admin, 200),
        (world.stranger, 404),
        (world.kv1_head, 404),
    ]:
        client.force_login(who)
        for page in pages:
            assert client.get(reverse("ledger_subject", args=page)).status_code == status, (who, page)
    assert client.get(reverse("ledger_subject", args=("nonsense", an.pk))).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_a_book_asks_the_same_queries_for_few_and_many(world, an, client, count, django_assert_num_queries):
    for i in range(count):
        make.past_award(an, year=2010 + i)
        make.rating(an, 2010 + i)
        make.initiative(world.hue, f"Sáng kiến {i}", an, recognised=True)
    client.force_login(world.head)
    client.get(reverse("ledger_subject", args=["person", an.pk]))

    with django_assert_num_queries(14 + make.SESSION_READ):
        client.get(reverse("ledger_subject", args=["person", an.pk]))


def test_the_strip_shows_years_in_a_row_and_what_is_missing_for_the_next_title(world, an, client):
    last = today().year - 1
    for year in (last - 3, last - 1, last):
        make.past_award(an, year=year)
    make.rating(an, last)
    client.force_login(world.head)

    response = client.get(reverse("ledger_subject", args=["person", an.pk]))

    assert response.context["rows"][1].runs == f"{last - 1}–{last} (2 năm liên tục); {last - 3}"
    by_code = {p.award.code: p for p in response.context["prospects"].near}
    assert by_code["CSTDN"].failing[0].words.startswith("«Chiến sĩ thi đua cơ sở»: 2 năm liên tục.")
    assert "Điều 22" in by_code["CSTDN"].failing[0].article
    assert by_code["BK_VT"].reachable


def test_a_successor_sees_what_was_left_and_counts_it_only_where_it_goes_on_whole(world, client):
    renamed, merged = make.unit("OLD", world.root), make.unit("PART", world.root)
    Succession.objects.create(predecessor=renamed, successor=world.hue, effective_on=date(2025, 7, 1), kind="continue")
    Succession.objects.create(predecessor=merged, successor=world.hue, effective_on=date(2025, 7, 1), kind="merge")
    for unit in (renamed, merged, world.hue):
        make.past_award(unit, "TTLDXS", 2024 if unit != world.hue else 2025)
    client.force_login(world.head)

    book = client.get(reverse("ledger_subject", args=["unit", world.hue.pk])).context["book"]

    assert {(line.row.unit, line.counts, line.before) for line in book.lines} == {
        (world.hue, True, False),
        (renamed, True, True),
        (merged, False, True),
    }
    assert PastAward.objects.get(unit=renamed).whole_unit == renamed


def test_the_pages_of_units_lead_to_the_book_of_those_who_may_open_it(world, client):
    link = reverse("ledger_subject", args=["unit", world.hue.pk])
    for who, shown in ((world.head, True), (world.stranger, False)):
        client.force_login(who)
        assert (link in client.get(reverse("unit_detail", args=[world.hue.pk])).content.decode()) is shown
