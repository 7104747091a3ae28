"""Numbers of people, papers and money are grouped as the language groups them; years are not."""

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("vi", 1234567, "1.234.567"),
        ("en", 1234567, "1,234,567"),
        ("vi", 999, "999"),
        ("vi", "1234", "1234"),
        ("en", None, "None"),
    ],
)
def test_a_number_is_grouped(language, number, shown):
    with translation.override(language):
        assert Template("{{ n|thousands }}").render(Context({"n": number})) == shown


@pytest.mark.parametrize(("language", "shown"), [("vi", "1.234"), ("en", "1,234")])
def test_totals_of_lists_and_tiles_are_grouped(language, shown):
    with translation.override(language):
        for template, told in (
            ('{% include "portal/parts/stat.html" %}', {"value": 1234, "label": "x"}),
            ('{% include "portal/frame/found.html" %}', {"total": 1234, "many": False}),
            ('{% include "portal/frame/found.html" %}', {"total": 1234, "many": True}),
            (
                "{% load i18n %}{% blocktranslate trimmed count n=n with shown=n|thousands %}{{ shown }} đơn vị"
                "{% plural %}{{ shown }} đơn vị{% endblocktranslate %}",
                {"n": 1234},
            ),
        ):
            assert shown in Template(template).render(Context(told))
