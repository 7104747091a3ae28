"""Numbers from addresses: plain digits that a column can hold, and nothing else."""

import pytest

from portal.web.parameters import LARGEST, number, numbers


@pytest.mark.parametrize(
    "text", [None, "", "x", "-1", "+1", "1.0", " 1", "1e3", "²", "٣", "1_0", str(LARGEST + 1), "9" * 5000]
)
def test_what_is_no_plain_number_is_none(text):
    assert number(text) is None


def test_plain_digits_are_read():
    assert [number("0"), number("07"), number(5), number(str(LARGEST))] == [0, 7, 5, LARGEST]


def test_beyond_the_most_is_none():
    assert number("12", most=12) == 12
    assert number("13", most=12) is None


def test_of_several_those_that_are_numbers_stay():
    assert numbers(["3", "x", "", "1", str(LARGEST + 1)]) == [3, 1]
