"""Days as the offices count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.days import at_hour, end_of, is_working_day, local_day, working_day_after, working_day_before

DAYS = st.dates(date(2024, 1, 1), date(2034, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 1), False),  # the day beside National Day
        (date(2026, 9, 2), False),  # National Day
        (date(2026, 9, 3), True),
        (date(2026, 4, 26), False),  # Hung Kings, a Sunday
        (date(2026, 4, 30), False),  # Reunification
        (date(2026, 5, 1), False),  # Labour Day
        (date(2026, 2, 17), False),  # first day of the lunar year
        (date(2026, 2, 24), True),
        (date(2026, 8, 1), False),  # a Saturday
    ],
)
def test_weekends_and_public_holidays_are_no_working_days(day, works):
    assert is_working_day(day) is works


def test_the_working_day_before_the_lunar_new_year_lies_before_the_whole_holiday():
    assert working_day_before(date(2026, 2, 18)) == date(2026, 2, 13)
    assert working_day_after(date(2026, 2, 18)) == date(2026, 2, 23)


@given(DAYS)
def test_before_and_after_are_working_days_and_leave_working_days_alone(day):
    before, after = working_day_before(day), working_day_after(day)
    assert is_working_day(before) and is_working_day(after)
    assert before <= day <= after
    assert (before == day) == (after == day) == is_working_day(day)
    assert after - before <= timedelta(days=16)


@given(DAYS)
def test_the_hour_is_vietnamese_and_the_day_comes_back(day):
    assert at_hour(day, 8).isoformat().endswith("08:00:00+07:00")
    assert local_day(at_hour(day, 0)) == local_day(end_of(day)) == day
