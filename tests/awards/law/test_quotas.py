"""Quotas, leaders, bonuses and the ladder."""

from datetime import date, timedelta

import pytest

from awards.law import bonus, standards
from awards.law import quotas as lists
from awards.law.bonus import Granted, amount, base_salary, payable
from awards.law.case import Case, Held, Idea
from awards.law.ladder import ladder, next_rung
from awards.law.terms import RatingLevel, Reach, Result, Subject, Tag

RS2019, RS2025 = standards.edition("RS-2019"), standards.edition("RS-2025")


@pytest.mark.parametrize(
    ("edition", "award", "base", "most"),
    [
        (RS2025, "TTLDXS", 0, 0),
        (RS2025, "TTLDXS", 1, 1),  # below one counts as one
        (RS2025, "TTLDXS", 9, 1),
        (RS2025, "TTLDXS", 10, 2),
        (RS2025, "TTLDXS", 14, 2),
        (RS2025, "TTLDXS", 15, 3),
        (RS2019, "CSTDCS", 6, 0),  # 15 % of 6 is not one, and this rule grants none
        (RS2019, "CSTDCS", 20, 3),
        (RS2019, "CSTDCS", 19, 2),
        (RS2019, "CTDCP", 4, 0),
        (RS2019, "CTDCP", 5, 1),
    ],
)
def test_a_quota_is_met_at_its_bound_and_broken_one_above(edition, award, base, most):
    award = edition.awards[award]

    assert award.quota.most(base) == most
    assert lists.quota(award, edition, proposed=most, base=base).result == Result.PASS
    over = lists.quota(award, edition, proposed=most + 1, base=base)
    assert over.result == Result.FAIL
    assert over.blocks is (award.quota.tag == Tag.VERIFIED)
    assert over.article and over.says


def test_a_quota_without_its_base_needs_evidence_and_most_awards_have_none():
    assert lists.quota(RS2025.awards["TTLDXS"], RS2025, proposed=1, base=None).result == Result.EVIDENCE
    assert lists.quota(RS2025.awards["LDTT"], RS2025, proposed=99, base=1) is None
    assert {a.code for a in RS2025.awards.values() if a.quota} == {"TTLDXS"}
    assert {a.code for a in RS2019.awards.values() if a.quota} == {"CSTDCS", "CTDCP"}


def test_the_share_of_leaders_warns_only_where_the_office_set_a_figure():
    assert lists.leaders(leading=9, total=10, percent=None) is None
    assert lists.leaders(leading=0, total=0, percent=30) is None
    assert lists.leaders(leading=3, total=10, percent=30).result == Result.PASS
    over = lists.leaders(leading=4, total=10, percent=30)
    assert (over.result, over.blocks) == (Result.FAIL, False)


def test_the_bonus_is_rounded_up_to_ten_thousand():
    for tenths, money in ((3, 710_000), (6, 1_410_000), (10, 2_340_000), (15, 3_510_000), (305, 71_370_000)):
        assert amount(tenths, 2_340_000) == money
    assert amount(10, 2_340_001) == 2_350_000


def test_the_base_salary_is_that_of_the_day_and_unknown_before_the_first():
    for first, before, since in (
        (date(2019, 7, 1), None, 1_490_000),
        (date(2023, 7, 1), 1_490_000, 1_800_000),
        (date(2024, 7, 1), 1_800_000, 2_340_000),
        (date(2026, 7, 1), 2_340_000, 2_530_000),
    ):
        assert (base_salary(first - timedelta(days=1)), base_salary(first)) == (before, since)


@pytest.mark.parametrize(
    ("code", "subject", "before", "since"),
    [
        ("CSTDCS", Subject.INDIVIDUAL, 2_340_000, 2_530_000),
        ("LDTT", Subject.INDIVIDUAL, 710_000, 760_000),
        ("BK_VT", Subject.INDIVIDUAL, 3_510_000, 3_800_000),
        ("CTDCP", Subject.UNIT, 28_080_000, 30_360_000),
        ("AHLD", Subject.INDIVIDUAL, 36_270_000, 39_220_000),
        ("AHLD", Subject.COLLECTIVE, 72_540_000, 78_430_000),
    ],
)
def test_the_bonus_follows_the_base_salary_of_the_day_of_the_decision(code, subject, before, since):
    one = granted(code, subject=subject)

    assert [payable([one], day)[0][1] for day in (date(2026, 6, 30), date(2026, 7, 1))] == [before, since]


@pytest.mark.parametrize("code", ["RS-2024a", "RS-2024b"])
def test_the_editions_of_2024_have_the_bonuses_that_were_read(code):
    """Decree 98/2023/NĐ-CP, articles 54 and 56."""
    edition = standards.edition(code)
    known = {a.code: (a.bonus.individual, a.bonus.collective) for a in edition.awards.values() if a.bonus}

    assert known == {
        "LDTT": (3, None),
        "CSTDCS": (10, None),
        "CSTDN": (30, None),
        "CSTDTQ": (45, None),
        "TTLDTT": (None, 8),
        "TTLDXS": (None, 15),
        "AHLD": (155, None),
        "CSTT": (3, None),
        "DVTT": (None, 8),
        "DVQT": (None, 15),
    }
    title = Granted(edition.awards["LDTT"], Subject.INDIVIDUAL, "2024")
    assert [payable([title], day)[0][1] for day in (date(2024, 6, 30), date(2024, 7, 1))] == [540_000, 710_000]


def granted(code, period="2025", subject=Subject.INDIVIDUAL, edition=RS2025):
    return Granted(edition.awards[code], subject, period)


def test_of_several_titles_of_one_period_only_the_highest_pays():
    awards = [granted("LDTT"), granted("CSTDCS"), granted("BK_VT"), granted("LDTT", "2024"), granted("GK")]

    assert [money for _one, money in payable(awards, date(2025, 12, 1))] == [0, 2_340_000, 3_510_000, 710_000, 710_000]


def test_the_highest_title_pays_in_whatever_order_they_stand():
    awards = [granted("CSTDN"), granted("LDTT"), granted("CSTDN", "2024")]

    assert [money for _one, money in payable(awards, date(2025, 12, 1))] == [7_020_000, 0, 7_020_000]


def test_what_no_source_tells_is_not_paid_out_of_a_guess():
    unknown = [granted("LDTT", edition=RS2019), granted("HC_DUNGCAM", subject=Subject.UNIT)]

    assert [money for _one, money in payable(unknown, date(2025, 12, 1))] == [None, None]
    assert [money for _one, money in payable([granted("LDTT")], date(2019, 6, 30))] == [None]
    assert bonus.payable([], date(2025, 1, 1)) == []


def test_the_ladder_says_what_comes_next_and_what_is_missing():
    case = Case(
        on=date(2025, 12, 1),
        year=2025,
        subject=Subject.INDIVIDUAL,
        ratings={2025: RatingLevel.EXCELLENT},
        held=tuple(Held("CSTDCS", y) for y in (2023, 2024, 2025)) + (Held("LDTT", 2025),),
        initiatives=(Idea(Reach.UNIT, 2025),),
        disciplines=(),
        under_review=False,
    )
    rungs = ladder(RS2025, case)
    coming = next_rung(rungs)

    assert [(r.award.code, r.held, r.run) for r in rungs] == [
        ("LDTT", True, 1),
        ("CSTDCS", True, 3),
        ("CSTDN", False, 0),
        ("CSTDTQ", False, 0),
    ]
    assert (coming.award.code, coming.reachable) == ("CSTDN", False)
    assert [f.condition for f in coming.missing] == ["initiative"]


def test_who_holds_nothing_begins_at_the_foot_and_the_top_has_nothing_above():
    new = Case(on=date(2025, 12, 1), year=2025, subject=Subject.UNIT, held=())
    top = Case(on=date(2025, 12, 1), year=2025, subject=Subject.UNIT, held=(Held("CTDCP", 2025),))

    assert next_rung(ladder(RS2025, new)).award.code == "TTLDTT"
    assert next_rung(ladder(RS2025, new)).reachable  # nothing is known against it
    assert next_rung(ladder(RS2025, top)) is None
