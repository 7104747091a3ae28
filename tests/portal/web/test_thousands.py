"""Numbers of people, papers and money are grouped as the language groups them; years are not."""

import ast

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext as _

from portal.text import grouped
from tests.portal.test_words import parsed


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


# --- messages of the code ---

TRANSLATIONS = {"gettext", "ngettext", "gettext_lazy", "ngettext_lazy", "_"}
COUNTS = {"len", "sum", "count"}
NAMES = {"count", "total", "n"}


def called(node):
    return isinstance(node, ast.Call) and (getattr(node.func, "attr", "") or getattr(node.func, "id", ""))


def ungrouped(function):
    """The counts that a function puts into words as they are."""
    nodes = list(ast.walk(function))
    told = {ast.unparse(node.args[2]) for node in nodes if called(node) == "ngettext" and len(node.args) > 2}
    words, said = {"words", "more"}, {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name):
            if any(called(inner) in TRANSLATIONS for inner in ast.walk(node.value)):
                words.add(target.id)
            if isinstance(node.value, ast.Dict):
                said[target.id] = node.value
    for node in nodes:
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)):
            continue
        if not any(called(n) in TRANSLATIONS or getattr(n, "id", "") in words for n in ast.walk(node.left)):
            continue
        for given in ast.walk(node.right):
            given = said.get(getattr(given, "id", ""), given)
            values = given.values if isinstance(given, ast.Dict) else given.elts if isinstance(given, ast.Tuple) else []
            for value in [node.right, *values]:
                if called(value) in COUNTS or getattr(value, "id", "") in NAMES or ast.unparse(value) in told:
                    yield f"{value.lineno}: {ast.unparse(value)}"


def test_every_count_in_a_message_of_the_code_is_grouped():
    found = {
        f"{path}, {place}"
        for path, tree in parsed().items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for place in ungrouped(function)
    }
    assert found == set()


@pytest.mark.parametrize(("language", "shown"), [("vi", "Hơn 1.234 hồ sơ"), ("en", "1,234")])
def test_a_message_with_a_count_says_it_as_the_language_does(language, shown):
    with translation.override(language):
        assert shown in _("Hơn %s hồ sơ chờ thẩm định") % grouped(1234)
