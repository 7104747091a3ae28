"""The book of a fund: balances that follow, payments once, wrong lines struck out."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from awards.fund import dues, queries, services
from awards.models import BonusPayment, Fund, FundMovement
from portal.flow import EditConflict, Refused
from portal.models import Entry
from tests import make

pytestmark = pytest.mark.django_db
K = FundMovement.Kind


@pytest.fixture
def fund(world):
    return services.begin(world.hue, first_year=2025, opening=10_000_000, by=world.head)


@pytest.fixture
def line(world):
    return make.past_award(make.person("Nguyễn Thị Ánh", world.hue), "LDTT", 2025)


def entered(fund, kind, amount, on, by, **fields):
    fields.setdefault("token", uuid4())
    if kind == K.INCOME:
        fields.setdefault("source", "state")
    return services.enter(FundMovement(fund=fund, kind=kind, amount=amount, on=on, document="C1", **fields), by=by)


def pay(fund, line, by, **fields):
    told = {"chosen": None, "total": 710_000, "on": date(2026, 1, 5), "document": "C2", "token": uuid4(), **fields}
    return services.pay(fund, line, by=by, **told)


def test_every_year_opens_with_what_the_one_before_left(fund, world):
    entered(fund, K.INCOME, 5_000_000, date(2025, 3, 1), world.head)
    entered(fund, K.INCOME, 1_000_000, date(2025, 4, 1), world.head, source="given")
    entered(fund, K.SPENT, 2_000_000, date(2025, 12, 31), world.head)
    entered(fund, K.INCOME, 7, date(2026, 1, 1), world.head)

    first, second = queries.sheet(fund, 2025), queries.sheet(fund, 2026)

    assert (first.opening, first.came_in, first.spent, first.closing) == (10_000_000, 6_000_000, 2_000_000, 14_000_000)
    assert [amount for _source, amount in first.income] == [5_000_000, 1_000_000]
    assert (second.opening, second.closing) == (14_000_000, 14_000_007)


def test_a_budget_is_no_money_and_is_set_against_what_went_out_for_its_campaign(fund, world):
    campaign = make.launched(world.root, world.office)
    entered(fund, K.BUDGET, 3_000_000, date(2025, 2, 1), world.head, campaign=campaign)
    entered(fund, K.SPENT, 1_000_000, date(2025, 5, 1), world.head, campaign=campaign)

    sheet = queries.sheet(fund, 2025)

    assert [(row.budget, row.spent, row.left) for row in sheet.campaigns] == [(3_000_000, 1_000_000, 2_000_000)]
    assert sheet.closing == 9_000_000


def test_a_unit_keeps_one_fund_and_only_its_own_people_write_in_it(fund, world):
    with pytest.raises(Refused, match="đã có quỹ"):
        services.begin(world.hue, first_year=2025, opening=0, by=world.officer)
    for other in (world.stranger, world.auditor, world.kv1_head, world.admin):
        with pytest.raises(PermissionDenied):
            entered(fund, K.INCOME, 1, date(2025, 3, 1), other)
        with pytest.raises(PermissionDenied):
            services.begin(world.hue, first_year=2025, opening=0, by=other)


@pytest.mark.parametrize(("day", "words"), [(date(2099, 1, 1), "tương lai"), (date(2024, 12, 31), "từ năm 2025")])
def test_a_line_outside_the_funds_time_is_refused(fund, world, day, words):
    with pytest.raises(Refused, match=words):
        entered(fund, K.INCOME, 1, day, world.head)


def test_the_same_form_sent_twice_writes_one_line(fund, line, world):
    token = uuid4()
    one, same = (entered(fund, K.INCOME, 5, date(2025, 3, 1), world.head, token=token) for _twice in range(2))
    paid, again = (pay(fund, line, world.head, token=line_token) for line_token in [uuid4()] * 2)

    assert one == same
    assert paid == again
    assert BonusPayment.objects.count() == 1


def test_a_decision_is_paid_once_and_enters_the_balance(fund, line, world):
    movement = pay(fund, line, world.officer)

    assert movement.amount == 710_000
    assert "LDTT-2025/QĐ" in movement.note
    assert queries.sheet(fund, 2026).closing == 10_000_000 - 710_000
    with pytest.raises(Refused, match="Không có khoản thưởng"):
        pay(fund, line, world.officer)
    assert Entry.objects.about(movement).get().verb == "enter_fund"


def test_part_of_a_decision_is_paid_and_the_rest_stays_owed(fund, line, world):
    other = make.past_award(make.person("Lê Hai", world.hue), "LDTT", 2025)

    pay(fund, line, world.head, chosen={other.pk})

    assert list(dues.owed(fund)) == [line]


def test_an_amount_that_is_no_more_what_was_seen_pays_nothing(fund, line, world):
    with pytest.raises(Refused, match="vừa thay đổi"):
        pay(fund, line, world.head, total=700_000)
    with pytest.raises(Refused, match="trước ngày quyết định"):
        pay(fund, line, world.head, on=date(2025, 12, 19))
    assert not BonusPayment.objects.exists()


def test_a_struck_out_payment_counts_nowhere_and_is_owed_again(fund, line, world):
    movement = pay(fund, line, world.head)
    with pytest.raises(EditConflict):
        services.cancel(movement, reason="x", by=world.head, version=movement.version + 1)

    services.cancel(movement, reason="Ghi nhầm", by=world.head, version=movement.version)

    assert list(dues.owed(fund)) == [line]
    assert queries.sheet(fund, 2026).closing == 10_000_000
    assert pay(fund, line, world.head).amount == 710_000
    with pytest.raises(Refused, match="đã được gạch bỏ"):
        services.cancel(movement, reason="x", by=world.head, version=movement.version + 1)


def test_a_revoked_award_gives_its_bonus_back_and_no_more(fund, line, world):
    movement = pay(fund, line, world.head)
    assert not queries.to_recover(fund).exists()
    with pytest.raises(Refused, match="bị hủy"):
        entered(fund, K.RECOVERED, 1, date(2026, 2, 1), world.head, award=line)
    line.revoked_on, line.revoked_by = date(2026, 2, 1), "9/QĐ"
    line.save()

    entered(fund, K.RECOVERED, 700_000, date(2026, 2, 2), world.head, award=line)

    assert queries.to_recover(fund).get().left == 10_000
    with pytest.raises(Refused, match="10.000"):
        entered(fund, K.RECOVERED, 10_001, date(2026, 2, 2), world.head, award=line)
    with pytest.raises(Refused, match="thu hồi trước"):
        services.cancel(movement, reason="x", by=world.head, version=movement.version)
    entered(fund, K.RECOVERED, 10_000, date(2026, 2, 2), world.head, award=line)
    assert not queries.to_recover(fund).exists()
    assert queries.sheet(fund, 2026).closing == 10_000_000


def test_an_opening_is_put_right_with_a_reason_and_every_balance_follows(fund, world):
    entered(fund, K.INCOME, 5, date(2025, 3, 1), world.head)
    with pytest.raises(Refused, match="trước năm 2026"):
        services.correct_opening(fund, first_year=2026, opening=0, reason="x", by=world.head, version=fund.version)

    services.correct_opening(fund, first_year=2025, opening=1, reason="Ghi nhầm", by=world.head, version=fund.version)

    assert queries.sheet(Fund.objects.get(), 2025).closing == 6
    with pytest.raises(EditConflict):
        services.correct_opening(fund, first_year=2025, opening=1, reason="x", by=world.head, version=fund.version)
