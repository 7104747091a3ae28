"""Each row of docs/domain/law-2026-11.md, sections 18 to 20, in each edition that it concerns: just below, just at."""

from dataclasses import replace
from datetime import date

import pytest

from awards.law import standards
from awards.law.bonus import Granted, payable
from awards.law.case import Case, Discipline, Former, Held, Idea, Members, months_employed, whole_months
from awards.law.rules import judge
from awards.law.terms import MeritType, Post, RatingLevel, Reach, Result, Subject, Tag

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
def test_the_transition_to_the_law_of_2026_has_its_article(edition, db):
    """18(12)."""
    known = standards.edition(edition)
    said = [*known.principles, *filter(None, [known.transition])]
    assert any(p.article.endswith("Điều 4(4)") and "thẩm định" in p.text for p in said)


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


@pytest.mark.parametrize("edition", LAW_2022)
@pytest.mark.parametrize("award", ["BK_TTG", "HCLD_3"])
def test_five_good_years_on_end_with_three_fighter_titles_in_them(edition, award):
    """19(4), 19(5): Law 06/2022, articles 73(1)b and 44(1)e."""
    below = {"BK_TTG": "BK_VT", "HCLD_3": "BK_TTG"}[award]
    good = dict.fromkeys(range(2022, 2027), RatingLevel.GOOD)
    fighter = titles("CSTDCS", 2022, 2024, 2026)
    case = replace(PERSON, type=MeritType.MERIT, ratings=good, held=fighter + titles(below, 2020))
    for one, key, result in (
        (case, "preceding", Result.PASS),
        (replace(case, held=fighter), "preceding", Result.FAIL),
        (case, "years", Result.PASS),
        (replace(case, ratings=good | {2022: RatingLevel.DONE}), "years", Result.FAIL),  # four on end
        (replace(case, ratings={y: r for y, r in good.items() if y > 2022}), "years", Result.EVIDENCE),
        (replace(case, held=titles("CSTDCS", 2022, 2024)), "years", Result.FAIL),
        (replace(case, held=titles("CSTDCS", 2021, 2024, 2026)), "years", Result.FAIL),  # 2021 is not among them
        (
            replace(case, held=titles("CSTDCS", 2021, 2024, 2026), ratings=good | {2021: RatingLevel.GOOD}),
            "years",
            Result.PASS,
        ),
    ):
        answer = found(edition, award, one, key)
        assert (answer.result, answer.tag) == (result, Tag.VERIFIED), (key, answer.words)


@pytest.mark.parametrize("edition", LAW_2022)
def test_the_third_class_asks_one_excellent_year_and_the_certificate_does_not(edition):
    """19(5)."""
    good = dict.fromkeys(range(2022, 2027), RatingLevel.GOOD)
    case = replace(PERSON, type=MeritType.MERIT, ratings=good)
    assert found(edition, "HCLD_3", case, "excellent").result == Result.FAIL
    excellent = replace(case, ratings=good | {2022: RatingLevel.EXCELLENT})
    assert found(edition, "HCLD_3", excellent, "excellent").result == Result.PASS
    assert standards.edition(edition).awards["BK_TTG"].condition("excellent") is None


@pytest.mark.parametrize(
    ("post", "years", "below"),
    [(Post.GENERAL_HEAD, 3, 5), (Post.GENERAL_DEPUTY, 5, 8), (Post.HEAD, 6, 10), (Post.DEPUTY, 10, 15)],
)
def test_long_service_by_post_and_years(post, years, below):
    """19(6), 19(14): Decree 152/2025, articles 21 and 4(7)."""
    case = replace(PERSON, type=MeritType.LONG_SERVICE, woman=False)
    for months, woman, later, result in (
        (years * 12 - 1, False, False, Result.FAIL),
        (years * 12, False, False, Result.PASS),
        (below * 12 - 1, False, False, Result.PASS),
        (below * 12, False, False, Result.EVIDENCE),  # the next higher class begins
        (years * 8 - 1, True, False, Result.FAIL),  # a woman: one third less
        (years * 8, True, False, Result.PASS),
        (years * 12 - 1, True, True, Result.FAIL),  # whose age of retirement is higher
        (years * 12, True, True, Result.PASS),
    ):
        one = replace(case, service={post: months}, woman=woman, retires_later=later)
        assert found("RS-2025", "HCLD_3", one, "service").result == result, (months, woman, later)


def test_time_in_a_higher_post_is_added_to_the_next():
    """19(7): Decree 152/2025, article 9."""
    case = replace(PERSON, type=MeritType.LONG_SERVICE, woman=False)
    for deputy, result in ((83, Result.FAIL), (84, Result.PASS)):  # with 36 as head: 119 and 120 months
        one = replace(case, service={Post.HEAD: 36, Post.DEPUTY: deputy})
        assert found("RS-2025", "HCLD_3", one, "service").result == result


def test_long_service_is_for_those_who_retire_and_were_never_disciplined():
    """19(7)."""
    case = replace(PERSON, type=MeritType.LONG_SERVICE)
    over = Discipline("1", date(2001, 1, 1), date(2002, 1, 1))
    for edition_award in ("HCLD_1", "HCLD_2", "HCLD_3"):
        assert found("RS-2025", edition_award, case, "undisciplined").result == Result.PASS
        assert (
            found("RS-2025", edition_award, replace(case, disciplines=(over,)), "undisciplined").result == Result.FAIL
        )
        for told, result in ((True, Result.PASS), (False, Result.FAIL)):
            assert found("RS-2025", edition_award, replace(case, confirmed={"notice": told}), "notice").result == result


@pytest.mark.parametrize("edition", LAW_2022)
def test_the_initiatives_of_two_excellent_years_are_of_these_years(edition):
    """19(8): Law 06/2022, article 74(1)d; the case law-two-years-initiatives."""
    excellent = dict.fromkeys((2025, 2026), RatingLevel.EXCELLENT)
    case = replace(PERSON, type=MeritType.MERIT, ratings=excellent)
    for years, result in (
        ((2025, 2026), Result.PASS),
        ((2026, 2026), Result.PASS),
        ((2024, 2026), Result.FAIL),
        ((2016, 2017), Result.FAIL),
        ((2026,), Result.FAIL),
        ((2026, 2027), Result.FAIL),
    ):
        ideas = tuple(Idea(Reach.UNIT, year) for year in years)
        assert found(edition, "BK_VT", replace(case, initiatives=ideas), "merit").result == result, years


@pytest.mark.parametrize("edition", LAW_2022)
def test_the_certificate_of_a_collective_asks_two_excellent_years_or_titles(edition):
    """19(8)."""
    case = replace(GROUP, type=MeritType.MERIT, ratings={2025: RatingLevel.GOOD, 2026: RatingLevel.EXCELLENT})
    for one, result in (
        (case, Result.FAIL),
        (replace(case, ratings=dict.fromkeys((2025, 2026), RatingLevel.EXCELLENT)), Result.PASS),
        (replace(case, held=titles("TTLDXS", 2026)), Result.FAIL),
        (replace(case, held=titles("TTLDXS", 2025, 2026)), Result.PASS),
    ):
        assert found(edition, "BK_VT", one, "collective").result == result
    assert found(edition, "BK_VT", case, "within").result == Result.EVIDENCE


@pytest.mark.parametrize("edition", LAW_2022)
@pytest.mark.parametrize(
    ("award", "type", "key"),
    [
        ("BK_VT", MeritType.CAMPAIGN, "campaign"),
        ("BK_VT", MeritType.SUDDEN, "sudden"),
        ("BK_VT", MeritType.EXTERNAL, "contribution"),
        ("GK", MeritType.CAMPAIGN, "campaign"),
        ("GK", MeritType.SUDDEN, "results"),
        ("GK", MeritType.MERIT, "results"),
        ("AHLD", MeritType.MERIT, "standard"),
    ],
)
def test_what_no_figure_can_answer_is_for_a_person(edition, award, type, key):
    """19(8), 19(9), 19(10)."""
    case = replace(PERSON, type=type)
    assert found(edition, award, case, key).result == Result.EVIDENCE
    for told, result in ((True, Result.PASS), (False, Result.FAIL)):
        assert found(edition, award, replace(case, confirmed={key: told}), key).result == result


@pytest.mark.parametrize("edition", LAW_2022)
@pytest.mark.parametrize("award", ["HCLD_1", "HCLD_2", "HCLD_3", "GK", "BK_TTG"])
def test_an_award_is_given_for_its_types_and_no_other(edition, award):
    """18(10)."""
    given = {MeritType.MERIT, MeritType.SUDDEN, MeritType.CAMPAIGN, MeritType.LONG_SERVICE}
    for type in MeritType:
        answer = found(edition, award, replace(PERSON, type=type), "type")
        assert answer.result == (Result.PASS if type in given else Result.FAIL), type
    assert found(edition, award, PERSON, "type").result == Result.EVIDENCE


def test_the_first_class_of_2019():
    """19(3)."""
    excellent = dict.fromkeys(range(2017, 2022), RatingLevel.EXCELLENT)
    case = Case(on=date(2021, 12, 1), year=2021, subject=Subject.COLLECTIVE, type=MeritType.MERIT, ratings=excellent)
    case = replace(case, held=titles("HCLD_2", 2016))
    for one, key, result in (
        (case, "preceding", Result.PASS),
        (replace(case, held=()), "preceding", Result.FAIL),
        (case, "years", Result.PASS),
        (replace(case, ratings=excellent | {2017: RatingLevel.GOOD}), "years", Result.FAIL),
        (case, "reach", Result.NOT_APPLICABLE),
        (replace(case, subject=Subject.INDIVIDUAL), "reach", Result.EVIDENCE),
        (replace(case, subject=Subject.INDIVIDUAL, type=MeritType.LONG_SERVICE), "service", Result.EVIDENCE),
        (replace(case, type=MeritType.SUDDEN), "sudden", Result.EVIDENCE),
    ):
        assert found("RS-2019", "HCLD_1", one, key).result == result, key


@pytest.mark.parametrize(
    ("award", "subject", "type", "number"),
    [
        ("CTDCP", Subject.UNIT, MeritType.MERIT, "02"),
        ("CSTDTQ", Subject.INDIVIDUAL, MeritType.MERIT, "03"),
        ("BK_VT", Subject.COLLECTIVE, MeritType.MERIT, "04"),
        ("LDTT", Subject.INDIVIDUAL, MeritType.MERIT, "05"),
        ("BK_VT", Subject.INDIVIDUAL, MeritType.SUDDEN, "06"),
        ("HCLD_3", Subject.INDIVIDUAL, MeritType.LONG_SERVICE, "07"),
        ("BK_TTG", Subject.COLLECTIVE, MeritType.CAMPAIGN, "08"),
        ("AHLD", Subject.COLLECTIVE, MeritType.MERIT, "09"),
        ("AHLD", Subject.INDIVIDUAL, MeritType.MERIT, "10"),
        ("KNC", Subject.INDIVIDUAL, MeritType.EXTERNAL, "11, 12"),
    ],
)
def test_the_form_of_the_report_follows_award_type_and_subject(award, subject, type, number):
    """18(6)."""
    assert standards.edition("RS-2025").report_form(award, subject, type).number == f"Mẫu {number}"
    assert standards.edition("RS-2024b").report_form(award, subject, type) is None  # of that decree none was found


@pytest.mark.parametrize("edition", LAW_2022)
def test_a_ballot_is_proved_only_where_there_is_one(edition):
    """18(8)."""
    awards = standards.edition(edition).awards.values()
    assert {a.code for a in awards if "ballot" in [p.code for p in a.parts]} == {
        *("CSTDCS", "CSTDN", "CSTDTQ", "CTDN", "CTDCP", "AHLD")
    }
    assert all(a.vote and a.vote.ballot for a in awards if "ballot" in [p.code for p in a.parts])
    minutes = next(p for a in awards for p in a.parts if p.code == "minutes")
    assert "phiếu" not in minutes.label


@pytest.mark.parametrize("edition", LAW_2022)
def test_a_fighter_proves_an_initiative_or_the_excellent_rating(edition):
    """18(7): always due, whether or not there is an initiative."""
    for parts, result in ((frozenset(), Result.FAIL), (frozenset(["merit_proof"]), Result.PASS)):
        case = replace(PERSON, initiatives=(), parts=parts)
        answer = found(edition, "CSTDCS", case, "part_merit_proof")
        assert (answer.result, answer.tag) == (result, Tag.VERIFIED)


@pytest.mark.parametrize("edition", ["RS-2019", "RS-2024a", "RS-2024b", "RS-2025"])
def test_the_medal_for_people_outside_is_read_by_a_person(edition):
    """18(9)."""
    outside = replace(PERSON, outside=True, years_in_sector=0)
    assert found(edition, "KNC", outside, "outside").result == Result.PASS
    assert found(edition, "KNC", outside, "years").result == Result.NOT_APPLICABLE
    assert found(edition, "KNC", outside, "outside_standard").result == Result.EVIDENCE
    own = replace(PERSON, years_in_sector=14)
    assert found(edition, "KNC", own, "years").result == Result.FAIL
    assert found(edition, "KNC", own, "outside_standard").result == Result.NOT_APPLICABLE


def test_titles_are_not_for_people_outside_and_other_commendations_are_asked_about():
    external = replace(PERSON, type=MeritType.EXTERNAL)
    assert found("RS-2025", "LDTT", external, "outside").blocks
    assert found("RS-2025", "HCDL_1", external, "outside").result == Result.EVIDENCE
    assert "outside" not in {
        f.condition for f in judge(standards.edition("RS-2025").awards["LDTT"], PERSON, standards.edition("RS-2025"))
    }


# --- article 4 of Decree 152/2025, and the cases that were met ---


def test_a_running_discipline_stops_and_one_that_ended_within_the_year_asks():
    """19(13): article 4(4); the case law-discipline-running."""
    decided = date(2025, 12, 20)
    for ended, on, result in (
        (date(2026, 12, 19), date(2026, 11, 28), Result.FAIL),  # it runs
        (date(2026, 12, 19), date(2027, 1, 15), Result.FAIL),  # no whole month of the year is left
        (None, date(2026, 11, 28), Result.FAIL),
        (date(2026, 11, 30), date(2027, 1, 15), Result.EVIDENCE),  # December is left
        (date(2026, 1, 1), date(2026, 11, 28), Result.EVIDENCE),
        (date(2025, 12, 31), date(2026, 11, 28), Result.PASS),
    ):
        case = replace(PERSON, on=on, disciplines=(Discipline("2", decided, ended),))
        for award in ("LDTT", "CSTDCS", "BK_VT", "KNC"):
            answer = found("RS-2025", award, case, "discipline_running")
            assert (answer.result, answer.article.endswith("Điều 4(4)")) == (result, True), (award, ended)


def test_a_breach_that_was_counted_before_asks_where_its_discipline_runs():
    one = Discipline("2", date(2026, 3, 1), date(2027, 2, 28), counted_before=True)
    assert found("RS-2025", "LDTT", replace(PERSON, disciplines=(one,)), "discipline_running").result == Result.EVIDENCE


def test_the_medal_stops_while_a_discipline_runs_and_asks_after_it():
    for ended, result in ((None, Result.FAIL), (PERSON.on, Result.FAIL), (date(2026, 7, 31), Result.EVIDENCE)):
        case = replace(PERSON, disciplines=(Discipline("1", date(2020, 1, 1), ended),))
        assert found("RS-2025", "KNC", case, "discipline").result == result
    assert found("RS-2025", "KNC", PERSON, "discipline").result == Result.PASS


def test_counted_leave_is_told_apart_from_other_leave():
    """19(15): article 4(5); the case law-maternity-and-leave."""
    case = replace(PERSON, months_absent=0, days_absent=14, months_counted=5)
    answer = found("RS-2025", "LDTT", case, "absence")
    assert answer.result == Result.PASS
    assert "14 ngày" in answer.words and "5 tháng khác được tính là công tác" in answer.words
    assert "Điều 4(5)" in answer.article
    assert found("RS-2025", "LDTT", replace(case, months_absent=3), "absence").result == Result.FAIL


def test_study_secondment_and_military_service_are_asked_about_for_a_title_of_the_year():
    for months, result in ((2, Result.PASS), (3, Result.EVIDENCE)):
        case = replace(PERSON, months_absent=0, months_elsewhere=months)
        assert found("RS-2025", "LDTT", case, "absence").result == result


def test_an_initiative_bars_a_title_and_a_commendation_and_asks_for_two_of_a_kind():
    idea = Idea(Reach.UNIT, 2026)
    for one, result in (
        (idea, Result.PASS),
        (replace(idea, used_for="Bằng khen 2025"), Result.FAIL),
        (replace(idea, used_alike="Chiến sĩ thi đua cơ sở 2025"), Result.EVIDENCE),
    ):
        answer = found("RS-2025", "CSTDCS", replace(PERSON, initiatives=(one,)), "initiative_once")
        assert (answer.result, answer.blocks) == (result, False)


def test_six_months_at_the_old_unit_ask_for_its_opinion():
    """19(18): the case law-transfer-in-year."""
    for months, parts, result in (
        (5, frozenset(), Result.NOT_APPLICABLE),
        (6, frozenset(), Result.FAIL),
        (6, frozenset(["old_unit"]), Result.PASS),
    ):
        former = (Former("VKSND Huế", date(2026, 9, 14), months),)
        answer = found("RS-2025", "LDTT", replace(PERSON, former=former, parts=parts), "part_old_unit")
        assert (answer.result, answer.blocks) == (result, False)
    missing = found("RS-2025", "LDTT", replace(PERSON, former=former, parts=frozenset()), "part_old_unit")
    assert "VKSND Huế" in missing.words and "14/09/2026" in missing.words and "TANDTC" in missing.article


def test_titles_of_the_military_procuracy_are_for_its_own():
    """19(17)."""
    for award, case in (("CSTT", PERSON), ("DVTT", GROUP), ("DVQT", GROUP)):
        for military, result in ((None, Result.EVIDENCE), (False, Result.FAIL), (True, Result.PASS)):
            assert found("RS-2025", award, replace(case, military=military), "military").result == result
    soldier = replace(PERSON, held=titles("CSTT", 2026))
    assert found("RS-2025", "CSTDCS", soldier, "advanced").result == Result.PASS


def test_a_household_gets_one_and_a_half_of_what_a_person_gets():
    """19(16): Decree 152/2025, article 54."""
    edition = standards.edition("RS-2025")
    for code, money in (("GK", 1_140_000), ("BK_VT", 5_700_000), ("BK_TTG", 13_290_000)):
        one = Granted(edition.awards[code], Subject.HOUSEHOLD, "2026")
        assert payable([one], date(2026, 7, 1)) == [(one, money)]


def test_a_text_that_was_repealed_says_so_wherever_it_is_cited():
    for edition, document, day in (
        ("RS-2024b", "NĐ 98/2023", "01/07/2025"),
        ("RS-2024b", "NĐ 28/2024", "01/07/2025"),
        ("RS-2019", "Luật 2003", "01/01/2024"),
        ("RS-2019", "TT 01/2019", "01/10/2024"),
        ("RS-2025", "TT 01/2024/BNV", "05/08/2025"),
    ):
        assert f"(hết hiệu lực từ {day})" in standards.edition(edition).documents[document].label
    assert "hết hiệu lực" in standards.edition("RS-2024b").awards["CSTDN"].vote.article
    assert "hết hiệu lực" not in standards.edition("RS-2025").awards["LDTT"].article


def test_a_reviewers_reading_answers_what_a_condition_asks():
    case = replace(GROUP, leads_cluster=False, target_percent=100, confirmed={"choice": True})
    assert found("RS-2025", "CTDCP", case, "choice").result == Result.PASS
