"""Which bonuses are owed, and how much each is."""

from datetime import date
from uuid import uuid4

import pytest

from awards.fund import dues, services
from awards.models import Fund, FundMovement
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(world):
    return Fund.objects.create(unit=world.hue, first_year=2024, opening=0)


@pytest.fixture
def an(world):
    return make.person("Nguyễn Thị Ánh", world.hue)


def amounts(*lines):
    return [due.amount for due in dues.dues(lines)]


def paid(fund, line, by, *, chosen=None):
    total = sum(due.amount or 0 for due in dues.dues(list(dues.of_decision(dues.owed(fund), line))))
    return services.pay(
        fund, line, chosen=chosen, total=total, on=date(2026, 1, 5), document="C1", token=uuid4(), by=by
    )


def test_of_titles_of_one_year_only_the_highest_pays_whatever_the_decision(an):
    lower, higher = make.past_award(an, "LDTT", 2025), make.past_award(an, "CSTDCS", 2025)

    low, high = dues.dues([lower, higher])

    assert (low.amount, high.amount) == (0, 2_340_000)
    assert "Chiến sĩ thi đua cơ sở" in low.why
    assert amounts(make.past_award(an, "LDTT", 2024, decided_on=date(2025, 7, 2)), make.past_award(an, "GK", 2025)) == [
        710_000,
        710_000,
    ]


def test_the_base_salary_is_that_of_the_decisions_day(an):
    line = make.past_award(an, "CSTDCS", 2025, decided_on=date(2025, 7, 1))

    [due] = dues.dues([line])

    assert (due.times, due.salary, due.amount) == (1.0, 2_340_000, 2_340_000)


def test_a_higher_title_of_the_year_pays_what_the_lower_left(fund, an, world):
    lower = make.past_award(an, "LDTT", 2025)
    paid(fund, lower, world.head)
    higher = make.past_award(an, "CSTDCS", 2025)

    [due] = dues.dues([higher])

    assert due.amount == 2_340_000 - 710_000
    assert "trừ" in due.why


def test_what_no_edition_tells_is_not_guessed(an):
    [due] = dues.dues([make.past_award(an, "LDTT", 2010, decided_on=date(2010, 12, 1))])

    assert due.amount is None
    assert due.why


def test_a_collective_gets_its_own_multiple(world):
    assert amounts(make.past_award(world.hue, "TTLDXS", 2025)) == [3_510_000]


def test_each_award_is_owed_by_the_nearest_fund_and_those_of_the_sector_by_the_highest(fund, an, world):
    root = Fund.objects.create(unit=world.root, first_year=2024, opening=0)
    below = make.past_award(make.person("Lê Khu Vực", world.kv1), "LDTT", 2025)
    elsewhere = make.past_award(make.person("Võ Nghệ An", world.vinh), "LDTT", 2025)
    own, high = make.past_award(an, "LDTT", 2025), make.past_award(an, "CSTDN", 2025)

    assert set(dues.owed(fund)) == {below, own}
    assert set(dues.owed(root)) == {elsewhere, high}


def test_what_was_revoked_paid_or_decided_before_the_funds_first_year_is_not_owed(fund, an, world):
    make.past_award(an, "LDTT", 2023)
    make.past_award(an, "GK", 2025, revoked_on=date(2025, 12, 30), revoked_by="9/QĐ")
    line = make.past_award(an, "LDTT", 2025)
    paid(fund, line, world.head)

    assert not dues.owed(fund).exists()


def test_decisions_of_one_number_and_another_day_are_two(fund, an, world):
    make.past_award(an, "LDTT", 2025, decision_number="5/QĐ")
    make.past_award(an, "LDTT", 2024, decision_number="5/QĐ")
    make.past_award(make.person("Lê Hai", world.hue), "LDTT", 2025, decision_number="5/QĐ")

    found = list(dues.decisions(dues.owed(fund)))

    assert [(row["decided_on"].year, row["count"]) for row in found] == [(2025, 2), (2024, 1)]


def test_many_lines_ask_no_more_than_few(an, world, django_assert_num_queries):
    lines = [make.past_award(make.person(f"Người {n}", world.hue), "LDTT", 2025) for n in range(5)]
    for few in (lines[:1], lines):
        with django_assert_num_queries(2):
            dues.dues(few)


def test_kinds_that_change_the_balance_have_a_sign():
    assert {kind: FundMovement(kind=kind, amount=5).signed for kind in FundMovement.Kind} == {
        "income": 5,
        "recovered": 5,
        "paid": -5,
        "spent": -5,
        "budget": 0,
    }


def test_a_bonus_of_nothing_is_nothing(an, monkeypatch):
    monkeypatch.setattr(dues.bonus, "amount", lambda tenths, salary: 0)

    [due] = dues.dues([make.past_award(an, "GK", 2025)])

    assert (due.amount, due.why) == (0, "")
