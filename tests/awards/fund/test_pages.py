"""The pages of the fund: what is typed, what is paid, who may look."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from awards.fund import dues, services
from awards.models import Fund, FundMovement
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(world):
    return services.begin(world.hue, first_year=2025, opening=10_000_000, by=world.head)


def lines(world, number):
    return [make.past_award(make.person(f"Người {n}", world.hue), "LDTT", 2025) for n in range(number)]


def test_a_head_begins_the_fund_types_income_and_sees_the_balance(client, world):
    client.force_login(world.head)
    made = client.post("/fund/new/", {"unit": world.hue.pk, "first_year": "2025", "opening": "1.500.000"})
    fund = Fund.objects.get()
    typed = {"source": "state", "amount": "2.000.000", "on": "05/03/2025", "document": "Số 1", "token": uuid4()}

    client.post(f"/fund/{fund.pk}/enter/income/", typed)
    page = client.get(f"/fund/{fund.pk}/?year=2025")

    assert made.url == fund.get_absolute_url()
    assert page.context["sheet"].closing == 3_500_000
    assert "3.500.000" in page.content.decode()


def test_a_bad_amount_is_told_beside_its_field_and_what_was_typed_stays(client, fund, world):
    client.force_login(world.officer)
    typed = {"source": "given", "amount": "-5", "on": "31/02/2025", "document": "Số 1", "token": uuid4()}

    page = client.post(f"/fund/{fund.pk}/enter/income/", typed)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"amount", "on"}
    assert 'value="-5"' in page.content.decode()
    assert not FundMovement.objects.exists()


def test_a_decision_is_paid_from_its_page_without_the_lines_that_were_unticked(client, fund, world):
    first, second, third = lines(world, 3)
    client.force_login(world.head)
    page = client.get(f"/fund/{fund.pk}/dues/{first.pk}/")
    ticked = [f"{due.line.pk}:{due.amount}" for due in page.context["rows"]][:2]

    told = {"lines": ticked, "on": "05/01/2026", "document": "UNC 7", "token": uuid4()}
    client.post(f"/fund/{fund.pk}/dues/{first.pk}/", told)

    assert FundMovement.objects.get().amount == 1_420_000
    assert list(dues.owed(fund)) == [third]


def test_the_accountants_list_adds_up(client, fund, world):
    first, *_rest = lines(world, 3)
    client.force_login(world.officer)

    answer = client.get(f"/fund/{fund.pk}/dues/{first.pk}/export/")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)).active
    values = [value for row in sheet.iter_rows(values_only=True) for value in row]
    assert values.count(710_000) == 3
    assert 2_130_000 in values


def test_a_reader_sees_the_book_and_writes_nothing(client, fund, world):
    first, *_rest = lines(world, 1)
    client.force_login(world.auditor)

    assert client.get(f"/fund/{fund.pk}/").status_code == 200
    told = {"lines": [f"{first.pk}:710000"], "on": "05/01/2026", "document": "x", "token": uuid4()}
    assert client.post(f"/fund/{fund.pk}/dues/{first.pk}/", told).status_code == 403
    client.force_login(world.stranger)
    assert client.get(f"/fund/{fund.pk}/").status_code == 404


def test_a_line_of_another_fund_is_not_found_under_this_one(client, fund, world):
    other = Fund.objects.create(unit=world.vinh, first_year=2025, opening=0)
    line = other.movements.create(
        kind="spent", amount=1, on=date(2025, 2, 1), document="x", token=uuid4(), entered_by=world.stranger
    )
    client.force_login(world.head)

    assert client.get(f"/fund/{fund.pk}/lines/{line.pk}/").status_code == 404


def test_pages_ask_as_much_for_many_rows_as_for_few(client, fund, world):
    few = lines(world, 2)
    client.force_login(world.head)
    addresses = [f"/fund/{fund.pk}/", f"/fund/{fund.pk}/dues/", f"/fund/{fund.pk}/dues/{few[0].pk}/"]
    asked = []
    client.get(addresses[0])  # what is kept from now on is asked once
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            for address in addresses:
                assert client.get(address).status_code == 200
        asked.append(len(found))
        for line in lines(world, 9):
            make.past_award(line.person, "GK", 2025)

    assert asked[0] == asked[1] <= 45
