"""Where a rule has more to it than one bound."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from awards.law import standards
from awards.law.case import Case, Discipline, Held, Idea, Votes
from awards.law.rules import judge
from awards.law.terms import MeritType, Procedure, RatingLevel, Reach, Result, Severity, Subject, Tag
from awards.law.vocabulary import RULES, run_of_years

EDITION = standards.edition("RS-2025")
PERSON = Case(on=date(2025, 12, 1), year=2025, subject=Subject.INDIVIDUAL, held=(), disciplines=())


def found(award, case, key, edition=EDITION, settings=()):
    return next(f for f in judge(edition.awards[award], case, edition, settings) if f.condition == key)


def titles(code, *years):
    return tuple(Held(code, year) for year in years)


@pytest.mark.parametrize(
    ("years", "until", "run"),
    [((2022, 2023, 2024), 2024, 3), ((2021, 2023, 2024), 2024, 2), ((2022, 2023), 2024, 0), ((), 2024, 0)],
)
def test_a_year_without_the_award_begins_the_count_anew(years, until, run):
    assert run_of_years(years, until) == run


def test_years_in_a_row_may_end_with_the_year_before():
    for years, result in (
        ((2022, 2023, 2024), Result.PASS),
        ((2023, 2024, 2025), Result.PASS),
        ((2021, 2023, 2024), Result.FAIL),
        ((2021, 2022, 2023), Result.FAIL),
    ):
        assert found("CSTDN", replace(PERSON, held=titles("CSTDCS", *years)), "preceding").result == result, years


def test_a_title_proposed_in_the_same_paper_is_evidence_to_come():
    proposed = replace(PERSON, proposed=frozenset(["LDTT", "CSTDCS"]), held=titles("CSTDCS", 2023, 2024))

    assert found("CSTDCS", proposed, "advanced").result == Result.EVIDENCE
    assert found("CSTDN", proposed, "preceding").result == Result.EVIDENCE
    assert found("CSTDN", replace(proposed, held=titles("CSTDCS", 2024)), "preceding").result == Result.FAIL


def test_two_times_in_a_row_in_years_apart_are_for_a_person_to_read():
    apart = replace(PERSON, held=titles("CSTDN", 2021, 2024))

    assert found("CSTDTQ", apart, "preceding").result == Result.EVIDENCE


def test_maternity_and_treated_injury_count_as_work():
    for months, counts, result in (
        (2, False, Result.PASS),
        (3, False, Result.FAIL),
        (5, False, Result.FAIL),
        (5, True, Result.PASS),
        (6, False, Result.EVIDENCE),  # the text that was read ends below six months
        (6, True, Result.PASS),
    ):
        absent = replace(PERSON, months_absent=months, absence_counts_as_work=counts)
        assert found("LDTT", absent, "absence").result == result, (months, counts)


def test_a_breach_counted_in_an_earlier_year_is_not_counted_again():
    decision = Discipline("2", date(2025, 3, 1))
    for one, result in (
        (decision, Result.FAIL),
        (replace(decision, counted_before=True), Result.PASS),
        (replace(decision, decided_on=date(2024, 12, 31)), Result.PASS),
        (replace(decision, decided_on=date(2025, 12, 31)), Result.FAIL),
    ):
        assert found("LDTT", replace(PERSON, disciplines=(one,)), "discipline").result == result, one


def test_time_counts_from_the_end_of_a_discipline():
    for ended, result in (
        (None, Result.FAIL),
        (date(2024, 1, 1), Result.FAIL),
        (date(2023, 6, 1), Result.EVIDENCE),  # within the first of the three years
        (date(2022, 12, 31), Result.PASS),
    ):
        one = Discipline("1", date(2022, 1, 10), ended)
        assert found("CSTDN", replace(PERSON, disciplines=(one,)), "since_discipline").result == result, ended


def test_a_head_stands_or_falls_with_the_unit():
    head = replace(PERSON, is_head=True, unit_rating=RatingLevel.GOOD, unit_held=frozenset())
    for case, result in (
        (replace(head, is_head=False), Result.NOT_APPLICABLE),
        (head, Result.FAIL),
        (replace(head, unit_held=frozenset(["TTLDXS"])), Result.PASS),
        (replace(head, unit_held=None), Result.EVIDENCE),
        (replace(head, unit_rating=None, unit_held=frozenset(["CTDN"])), Result.PASS),
        (replace(head, unit_rating=RatingLevel.EXCELLENT, unit_held=None), Result.PASS),
    ):
        assert found("CSTDCS", case, "head").result == result, case


@pytest.mark.parametrize(
    ("yes", "total", "percent", "enough"),
    [(8, 9, 90, False), (9, 9, 90, True), (12, 15, 80, True), (11, 15, 80, False), (0, 0, 80, False)],
)
def test_votes_are_counted_in_whole_numbers_of_all_members(yes, total, percent, enough):
    assert Votes(yes, total).reach(percent) is enough


def test_a_failed_vote_says_how_many_are_needed():
    short = found("CSTDTQ", replace(PERSON, votes=Votes(8, 9)), "vote")

    assert (short.result, short.what_to_do.split(";")[0]) == (Result.FAIL, "Cần ít nhất 9 phiếu")


def test_initiatives_count_from_the_reach_that_is_asked_and_only_when_recognised():
    for ideas, result in (
        ((Idea(Reach.UNIT, 2025),), Result.FAIL),
        ((Idea(Reach.SECTOR, 2025, recognised=False),), Result.FAIL),
        ((Idea(Reach.SECTOR, 2025),), Result.PASS),
        ((Idea(Reach.NATION, 2025),), Result.PASS),
    ):
        assert found("CSTDN", replace(PERSON, initiatives=ideas), "initiative").result == result, ideas


def test_the_certificate_of_an_initiative_is_due_only_where_one_is_relied_on():
    bare = replace(PERSON, initiatives=(), parts=frozenset())

    assert found("CSTDN", bare, "part_initiative").result == Result.NOT_APPLICABLE
    relying = replace(bare, initiatives=(Idea(Reach.UNIT, 2025),))
    assert found("CSTDN", relying, "part_initiative").result == Result.FAIL


def test_the_simplified_procedure_asks_for_two_papers_and_its_case():
    sudden = replace(PERSON, type=MeritType.SUDDEN, procedure=Procedure.SIMPLIFIED, parts=frozenset(["petition"]))
    findings = judge(EDITION.awards["BK_VT"], sudden, EDITION)
    papers = {f.condition: f.result for f in findings if f.condition.startswith("part_")}

    assert papers == {"part_petition": Result.PASS, "part_summary": Result.FAIL}
    assert found("BK_VT", sudden, "simplified_case").result == Result.EVIDENCE
    assert "simplified_case" not in {f.condition for f in judge(EDITION.awards["BK_VT"], PERSON, EDITION)}


def test_verified_text_blocks_and_all_else_warns():
    for edition in standards.editions():
        for award in edition.awards.values():
            for condition in award.conditions:
                assert (condition.severity == Severity.BLOCK) is (condition.tag == Tag.VERIFIED)
    bad = replace(PERSON, months_employed=5, ratings={2025: RatingLevel.DONE})

    assert found("LDTT", bad, "employed").blocks
    assert found("LDTT", bad, "rating").blocks
    unread = replace(PERSON, leads_cluster=False)
    assert found("CTDN", unread, "leader").result == Result.FAIL
    assert not found("CTDN", unread, "leader").blocks
    assert not found("LDTT", PERSON, "employed").blocks  # unknown is not failed


@dataclass
class Setting:
    edition: str
    award: str
    condition: str
    severity: str


def test_the_office_may_let_a_condition_warn_or_block():
    new = replace(PERSON, months_employed=5)

    assert not found("LDTT", new, "employed", settings=[Setting("RS-2025", "LDTT", "employed", "warn")]).blocks
    for elsewhere in (("RS-2024b", "LDTT", "employed"), ("RS-2025", "CSTDCS", "employed")):
        assert found("LDTT", new, "employed", settings=[Setting(*elsewhere, "warn")]).blocks
    bad = replace(PERSON, leads_cluster=False)
    assert found("CTDN", bad, "leader", settings=[Setting("RS-2025", "CTDN", "leader", "block")]).blocks


def test_while_the_new_law_is_not_complete_the_last_one_stands_in_and_says_so():
    late = replace(PERSON, on=date(2026, 10, 1), year=2026)
    edition = standards.in_force(late.on)
    first = judge(edition.awards["LDTT"], late, edition)[0]

    assert edition.code == "RS-2025"
    assert (first.condition, first.result, first.blocks) == ("edition", Result.EVIDENCE, False)
    assert "01/10/2026" in first.words
    within = replace(late, on=date(2026, 9, 30))
    assert judge(edition.awards["LDTT"], within, edition)[0].condition == "subject"


def test_the_same_person_in_2021_2024_and_2026_is_judged_by_three_editions():
    """Hired eight months before, head of a unit rated good, under inspection, 12 of 15 votes, no initiative."""
    facts = Case(
        on=date(2021, 12, 1),
        year=2021,
        subject=Subject.INDIVIDUAL,
        months_employed=8,
        months_absent=4,
        is_head=True,
        unit_rating=RatingLevel.GOOD,
        unit_held=frozenset(),
        under_review=True,
        votes=Votes(12, 15),
        initiatives=(),
        disciplines=(),
        held=(),
        parts=frozenset(["petition", "report", "minutes"]),
    )
    answers = {}
    for day in (date(2021, 12, 1), date(2024, 12, 1), date(2026, 6, 1)):
        rating = {day.year: RatingLevel.EXCELLENT}
        case = replace(facts, on=day, year=day.year, ratings=rating, held=(Held("LDTT", day.year),))
        edition = standards.in_force(day)
        for code in ("LDTT", "CSTDCS"):
            findings = judge(edition.awards[code], case, edition)
            answers[edition.code, code] = {
                f.condition: (f.result.value, f.severity.value) for f in findings if not f.condition.startswith("part_")
            }
            assert all(f.article and f.words for f in findings)

    assert answers == {
        # 2021: ten months are asked, second-hand, and an initiative (Decree 91/2017/NĐ-CP, article 9(3))
        ("RS-2019", "LDTT"): {
            "subject": ("pass", "warn"),
            "standard": ("evidence", "warn"),
            "employed": ("fail", "warn"),
        },
        ("RS-2019", "CSTDCS"): {
            "subject": ("pass", "block"),
            "advanced": ("pass", "block"),
            "initiative": ("fail", "block"),
        },
        # 2024: six months suffice; four months of absence block; a head falls with the unit; 80 % of the council
        ("RS-2024b", "LDTT"): {
            "subject": ("pass", "block"),
            "rating": ("pass", "block"),
            "employed": ("pass", "block"),
            "absence": ("fail", "block"),
            "discipline": ("pass", "block"),
            "initiative_once": ("pass", "warn"),
        },
        ("RS-2024b", "CSTDCS"): {
            "subject": ("pass", "block"),
            "advanced": ("pass", "block"),
            "merit": ("pass", "block"),
            "head": ("fail", "block"),
            "initiative_once": ("pass", "warn"),
            "vote": ("pass", "block"),
        },
        # 2026: the same, and who is under inspection waits (Decree 152/2025/NĐ-CP, article 4)
        ("RS-2025", "LDTT"): {
            "subject": ("pass", "block"),
            "rating": ("pass", "block"),
            "employed": ("pass", "block"),
            "absence": ("fail", "block"),
            "discipline": ("pass", "block"),
            "under_review": ("fail", "block"),
            "initiative_once": ("pass", "warn"),
            "discipline_running": ("pass", "block"),
        },
        ("RS-2025", "CSTDCS"): {
            "subject": ("pass", "block"),
            "advanced": ("pass", "block"),
            "merit": ("pass", "block"),
            "head": ("fail", "block"),
            "under_review": ("fail", "block"),
            "initiative_once": ("pass", "warn"),
            "discipline_running": ("pass", "block"),
            "vote": ("pass", "block"),
        },
    }


def test_a_ground_of_unknown_type_needs_evidence():
    merit = replace(PERSON, type=MeritType.MERIT, held=(Held("BK_VT", 2023, relied_on=True),))

    assert found("BK_VT", merit, "rests_on_merit").result == Result.EVIDENCE


def test_any_one_of_the_alternatives_is_enough_and_all_are_told():
    rule = EDITION.awards["CSTDCS"].condition("merit")
    good = replace(PERSON, ratings={2025: RatingLevel.GOOD}, initiatives=())

    assert "(1)" in rule.says and "(2)" in rule.says
    assert rule.requirement.outcome(good).result == Result.FAIL
    assert rule.requirement.outcome(replace(good, initiatives=None)).result == Result.EVIDENCE
    assert rule.requirement.outcome(replace(good, initiatives=(Idea(Reach.UNIT, 2025),))).result == Result.PASS


def test_rules_refuse_parameters_that_they_do_not_take():
    assert RULES["served"].objection_to({"years": 15}) == ""
    assert "months" in RULES["served"].objection_to({"years": 15, "months": 1})
    assert "years" in RULES["served"].objection_to({})


def test_a_finding_carries_the_wording_of_its_article_where_the_edition_holds_it():
    award = EDITION.awards["LDTT"]
    worded = replace(award, conditions=tuple(replace(c, provision=f"Điều {c.key}") for c in award.conditions))
    edition = replace(EDITION, awards=EDITION.awards | {"LDTT": worded})

    assert found("LDTT", PERSON, "rating", edition=edition).provision == "Điều rating"
    assert found("LDTT", PERSON, "rating").provision == ""
