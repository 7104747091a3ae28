"""«1.500» is one thousand five hundred, in every field of every form; what could be two numbers is told."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.urls import get_resolver
from django.utils.translation import override

from campaigns.plans.forms import CommitmentForm
from portal.web.forms.numbers import Ambiguous, NumberField, read, written

APPS = ("portal.", "units.", "campaigns.", "awards.")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.500", "1500"),
        ("1.500.000", "1500000"),
        ("1.500,5", "1500.5"),
        ("1.234,56", "1234.56"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 500", "1500"),
        ("1\u00a0500\u202f000", "1500000"),
        ("1 234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("１５００", "1500"),
        ("１．５００", "1500"),
        ("0,500", "0.5"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        (" 7 ", "7"),
        ("007", "7"),
        ("−3", "-3"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert read(text) == Decimal(number)


@pytest.mark.parametrize(("language", "text"), [("vi", "1,500"), ("vi", "12,000"), ("en", "1.500")])
def test_what_is_a_thousand_elsewhere_is_not_guessed(language, text):
    with pytest.raises(Ambiguous):
        read(text, language)


def test_on_an_english_page_the_comma_groups():
    assert (read("1,500", "en"), read("1,500.5", "en"), read("1 500", "en")) == (1500, Decimal("1500.5"), 1500)


@pytest.mark.parametrize(
    "text",
    ["", "nhiều", "1.50.0", "1..5", "1,5,5", "1 50", "1.234.56", "1e5", "NaN", "½", "1'500", "5 triệu", "--1", "."],
)
def test_what_is_no_number_is_none(text):
    with pytest.raises(ValueError):
        read(text)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("number", ["1500", "1500.5", "0.5", "12.25", "1234567", "0"])
def test_what_a_field_shows_it_reads_again(language, number):
    with override(language):
        assert read(written(Decimal(number)), language) == Decimal(number)


def below(kind):
    for made in kind.__subclasses__():
        yield made
        yield from below(made)


def told(text, **options):
    field = NumberField(**options)
    try:
        return field.clean(text)
    except forms.ValidationError as error:
        return " ".join(error.messages)


def test_the_field_says_what_is_wrong():
    assert told("100%", percent=True) == 100 and told("100 ％", percent=True) == 100
    assert "phần trăm" in told("100%")
    assert told("1,500", places=2) == "«1,500» có thể là 1500 hoặc 1,5. Hãy ghi lại một trong hai số này."
    assert "1500" in told("1,500")
    assert told("12,0") == 12 and type(told("1.500")) is int
    assert "số nguyên" in told("12,5")
    assert "2 chữ số" in told("1,2345", places=2)
    assert "trở lên" in told("-1", min_value=0) and "không quá 9" in told("10", max_value=9)
    assert told("", required=False) is None


def test_no_form_reads_numbers_in_another_way():
    _ = get_resolver().url_patterns  # every form of every page
    asked = [
        (made.__module__, made.__qualname__, name, type(field).__name__)
        for made in below(forms.BaseForm)
        if made.__module__.startswith(APPS)
        for name, field in getattr(made, "base_fields", {}).items()
        if isinstance(field, forms.IntegerField) and not field.widget.is_hidden
    ]
    assert asked == []


def test_a_share_says_its_measure_itself():
    area = SimpleNamespace(criteria=SimpleNamespace(all=list))

    def row(**data):
        form = CommitmentForm({"what": "Tiêm đủ", **data}, area=area)
        return form if form.is_valid() else form.errors

    assert row(amount="100%").cleaned_data["measure"] == "%"
    assert row(amount="100 %", measure="%").cleaned_data["amount"] == 100
    assert "người" in row(amount="100%", measure="người")["amount"][0]
