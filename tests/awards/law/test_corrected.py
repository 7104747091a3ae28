"""Each row of docs/domain/law-2026-11.md, sections 18 to 20, in each edition that it concerns: just below, just at."""

from dataclasses import replace
from datetime import date

import pytest

from awards.law import standards
from awards.law.case import Case, Held, Idea, Members, months_employed, whole_months
from awards.law.rules import judge
from awards.law.terms import RatingLevel, Reach, Result, Subject, Tag

PERSON = Case(on=date(2026, 8, 1), year=2026, subject=Subject.INDIVIDUAL, held=(), disciplines=())
GROUP = replace(PERSON, subject=Subject.COLLECTIVE)
LAW_2022 = ["RS-2024a", "RS-2024b", "RS-2025"]


def found(edition, award, case, key):
    law = standards.edition(edition)
    return next(f for f in judge(law.awards[award], case, law) if f.condition == key)


def titles(code, *years):
    return tuple(Held(code, year) for year in years)


# --- 18: corrected ---


@pytest.mark.parametrize("edition", LAW_2022)
def test_seventy_of_a_hundred_members_are_asked_since_2024(edition):
    """18(2): Law 06/2022, article 28(1)c."""
    for held, result in ((69, Result.FAIL), (70, Result.PASS)):
        one = found(edition, "TTLDTT", replace(GROUP, members=Members(100, {"LDTT": held})), "members")
        assert (one.result, one.tag) == (result, Tag.VERIFIED)
        assert one.article.endswith("Điều 28(1)c")


def test_fifty_of_a_hundred_members_are_asked_in_2019():
    """18(2): Circular 01/2019, article 18(1)."""
    for held, result in ((49, Result.FAIL), (50, Result.PASS)):
        assert (
            found("RS-2019", "TTLDTT", replace(GROUP, members=Members(100, {"LDTT": held})), "members").result == result
        )


@pytest.mark.parametrize("edition", LAW_2022)
def test_discipline_of_members_is_asked_of_an_advanced_collective_and_not_of_an_excellent_one(edition):
    """18(3)."""
    awards = standards.edition(edition).awards
    for worst, result in (("1", Result.PASS), ("2", Result.FAIL)):
        case = replace(GROUP, members=Members(9, worst_discipline=worst))
        assert found(edition, "TTLDTT", case, "members_discipline").result == result
    assert awards["TTLDXS"].condition("members_discipline") is None
    assert awards["TTLDXS"].preceding == {"TTLDTT": 1}  # through which it reaches it all the same


@pytest.mark.parametrize(
    ("joined", "months"),
    [
        (date(2025, 12, 31), 12),
        (date(2026, 1, 1), 12),
        (date(2026, 1, 2), 11),
        (date(2026, 7, 1), 6),
        (date(2026, 7, 2), 5),
        (date(2026, 7, 15), 5),
        (date(2026, 7, 31), 5),
        (date(2026, 8, 1), 5),
        (date(2026, 12, 2), 0),
        (date(2027, 1, 1), 0),
        (None, None),
    ],
)
def test_a_month_of_employment_counts_when_it_was_worked_whole(joined, months):
    """18(4)."""
    assert months_employed(joined, 2026) == months


@pytest.mark.parametrize("edition", ["RS-2024b", "RS-2025"])
def test_of_those_who_joined_in_july_only_who_came_on_the_first_has_six_full_months(edition):
    """18(4): Circular 02/2024, article 15."""
    for day, result in (
        (date(2026, 7, 1), Result.PASS),
        (date(2026, 7, 2), Result.FAIL),
        (date(2026, 7, 31), Result.FAIL),
    ):
        case = replace(PERSON, months_employed=months_employed(day, 2026))
        assert found(edition, "LDTT", case, "employed").result == result


@pytest.mark.parametrize("edition", ["RS-2019", "RS-2024a"])
def test_ten_full_months_were_asked_before(edition):
    for day, result in ((date(2021, 3, 1), Result.PASS), (date(2021, 3, 2), Result.FAIL)):
        case = replace(PERSON, year=2021, months_employed=months_employed(day, 2021))
        assert found(edition, "LDTT", case, "employed").result == result


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 6, 1), date(2026, 8, 31), 3),
        (date(2026, 2, 1), date(2026, 4, 30), 3),  # 89 days
        (date(2026, 2, 1), date(2026, 4, 29), 2),
        (date(2026, 1, 15), date(2026, 4, 14), 3),
        (date(2026, 1, 15), date(2026, 4, 13), 2),
        (date(2026, 9, 1), date(2026, 9, 14), 0),
        (date(2026, 9, 2), date(2026, 9, 1), 0),
    ],
)
def test_months_from_the_first_day_to_the_last(first, last, months):
    assert whole_months(first, last) == months


@pytest.mark.parametrize("edition", LAW_2022)
def test_what_a_head_decides_rests_on_article_80(edition):
    """18(5)."""
    awards = standards.edition(edition).awards
    of_heads = {code for code, award in awards.items() if award.deciding.article.endswith("Điều 80(1)")}

    assert {"LDTT", "CSTDCS", "TTLDTT", "GK"} <= of_heads
    assert all(awards[code].deciding.tag == Tag.VERIFIED for code in of_heads)


@pytest.mark.parametrize("edition", LAW_2022)
def test_a_flag_of_the_government_has_a_third_way(edition):
    """18(11): Law 06/2022, article 25(2)."""
    none = {"clean": False, "led_campaign": False, "led_central_cluster": False}
    case = replace(GROUP, leads_cluster=False, target_percent=100, confirmed=none)
    assert found(edition, "CTDCP", case, "choice").result == Result.FAIL

    third = replace(case, confirmed=none | {"led_central_cluster": True})
    assert found(edition, "CTDCP", third, "choice").result == Result.PASS


@pytest.mark.parametrize("edition", ["RS-2025", "RS-2026"])
def test_the_transition_to_the_law_of_2026_has_its_article(edition):
    """18(12)."""
    assert any(p.article.endswith("Điều 4(4)") and "thẩm định" in p.text for p in standards.edition(edition).principles)


def test_the_circular_on_initiatives_is_among_the_documents():
    """18(13)."""
    edition = standards.edition("RS-2025")
    assert "TT 15/2025" in edition.documents
    assert any(p.short == "TT 15/2025, Điều 9" for p in edition.principles)


@pytest.mark.parametrize("edition", LAW_2022)
def test_the_articles_of_three_awards(edition):
    """18(14)."""
    awards = standards.edition(edition).awards
    assert [awards[code].basis[0].place for code in ("GK", "AHLD", "HC_DUNGCAM")] == ["75", "63", "52"]


# --- 19: found ---


def test_in_2019_a_fighter_needs_an_initiative_whatever_the_rating():
    """19(1): Decree 91/2017, article 9(3)."""
    case = replace(PERSON, on=date(2021, 12, 1), year=2021, ratings={2021: RatingLevel.EXCELLENT})
    held = replace(case, held=titles("LDTT", 2021), initiatives=(Idea(Reach.UNIT, 2021),))
    for one, key, result in (
        (held, "advanced", Result.PASS),
        (replace(held, held=titles("LDTT", 2020)), "advanced", Result.FAIL),
        (held, "initiative", Result.PASS),
        (replace(held, initiatives=()), "initiative", Result.FAIL),
    ):
        answer = found("RS-2019", "CSTDCS", one, key)
        assert (answer.result, answer.tag) == (result, Tag.VERIFIED), key


@pytest.mark.parametrize("edition", LAW_2022)
def test_since_2024_an_excellent_year_or_an_initiative_makes_a_fighter(edition):
    """20: Law 06/2022, article 23."""
    good = replace(PERSON, ratings={2026: RatingLevel.GOOD}, initiatives=())
    for case, result in (
        (good, Result.FAIL),
        (replace(good, initiatives=(Idea(Reach.UNIT, 2026),)), Result.PASS),
        (replace(good, ratings={2026: RatingLevel.EXCELLENT}), Result.PASS),
    ):
        assert found(edition, "CSTDCS", case, "merit").result == result


@pytest.mark.parametrize("edition", ["RS-2019", "RS-2024a", "RS-2024b", "RS-2025"])
def test_the_medal_asks_fifteen_years_and_is_given_once(edition):
    """19(2)."""
    for years, result in ((14, Result.FAIL), (15, Result.PASS)):
        assert found(edition, "KNC", replace(PERSON, years_in_sector=years), "years").result == result
    for held, result in (((), Result.PASS), (titles("KNC", 2010), Result.FAIL)):
        assert found(edition, "KNC", replace(PERSON, held=held), "once").result == result
