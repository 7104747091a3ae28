"""What a template names outright is worked out once for each language; the page is the same as Django's."""

import pytest
from django.template import Context, Engine
from django.template.base import TextNode
from django.utils.translation import override

CONSTANT = """{% load i18n static %}<a class="{% static "x.css" %}"
href="{% url 'home' %}">{% translate "Gửi" %} 100%</a>
{% blocktranslate trimmed %}Không có gì.{% endblocktranslate %}{% icon "bell" "down" %}"""
CHANGING = """{% load i18n %}{% if late %}{% translate "Lưu" %}
{% url "unit_detail" pk %}{% else %}{% translate words %}{% endif %}
{% translate "Lưu" as kept %}{{ kept }}{% for n in counts %}{% translate "Gửi" %}{{ n }}{% icon drawing %}{% endfor %}
{% blocktranslate count n=pk %}{{ n }} người{% plural %}{{ n }} người{% endblocktranslate %}
{% url "home" as home %}{{ home }}
{% translate "Lưu"|upper %}{% include "constant" %}{% with pk=7 %}{% url "unit_detail" pk %}{% endwith %}"""


def engine(loader):
    templates = ("django.template.loaders.locmem.Loader", {"constant": CONSTANT, "changing": CHANGING})
    return Engine(
        loaders=[(loader, [templates])],
        builtins=["portal.templatetags.marks"],
        libraries={"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
    )


@pytest.mark.parametrize("late", [True, False])
def test_a_page_reads_the_same_in_each_language_one_after_the_other(late):
    quick, plain = engine("config.templates.Loader"), engine("django.template.loaders.cached.Loader")
    told = {"late": late, "pk": 3, "words": "Lưu", "counts": [1, 2], "drawing": "<up>"}
    pages = {}
    for language in ("vi", "en", "vi"):
        with override(language):
            for name in ("constant", "changing"):
                page = quick.get_template(name).render(Context(told))
                assert page == plain.get_template(name).render(Context(told))
                pages[language, name] = page
    assert pages["vi", "constant"] != pages["en", "constant"] and pages["vi", "changing"] != pages["en", "changing"]


def test_what_never_changes_is_plain_text():
    with override("vi"):
        nodes = engine("config.templates.Loader").get_template("constant").nodelist
    assert [type(node) for node in nodes[1:]] == [TextNode]
