"""The quick rendering of inputs and lists is Django's, to the same letter."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template import Context, Engine, engines
from django.utils import translation

from awards.models import Nomination
from awards.nominations.forms.nominations import FactsForm, HeadForm, NominationFilter, ReportForm
from awards.review.forms import JudgeForm, MoreForm
from campaigns.campaigns.rows import LISTS
from campaigns.models import Plan
from campaigns.plans.forms import RowFormSet
from portal.web.rendering import ROWS, RowRenderer


class Everything(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "<\"&'>", "data-x": None, "readonly": True}))
    long = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}))
    search = forms.CharField(required=False, widget=forms.SearchInput)
    number = forms.DecimalField(min_value=0, localize=True, help_text="giúp")
    count = forms.IntegerField(widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.DateInput(format="%d/%m/%Y"))
    moment = forms.DateTimeField(required=False)
    tick = forms.BooleanField(widget=forms.CheckboxInput(attrs={"disabled": False}))
    choice = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    grouped = forms.ChoiceField(
        choices=[("", "–"), ("Miền <Bắc>", [("<\"&'>", "<b>"), (1, "một")]), ("c", "C")],
        widget=forms.Select(attrs={"class": "form-select", "multiple": False}),
        required=False,
    )
    boxes = forms.MultipleChoiceField(choices=[("a", "<A>"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    one = forms.ChoiceField(choices=[("a", "<A>"), ("b", "B")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])


def test_every_input_is_the_same_as_from_djangos_templates():
    values = {
        "text": '"><script>',
        "long": "</textarea>\n<b>",
        "search": 'a"b',
        "number": 1500.5,
        "count": 0,
        "day": date(2026, 9, 5),
        "tick": True,
        "choice": "b",
        "grouped": "1",
        "boxes": ["b"],
        "one": "a",
    }
    for data, initial in ((None, {}), (None, values), (values | {"number": "x"}, {})):
        quick, slow = (Everything(data, initial=initial, renderer=kind()) for kind in (RowRenderer, DjangoTemplates))
        assert [str(field) for field in quick] == [str(field) for field in slow]
        assert str(quick) == str(slow)
        for name in ("boxes", "one"):
            assert [box.tag() for box in quick[name]] == [box.tag() for box in slow[name]]


def test_the_long_editors_and_the_filters_alone_are_made_by_it():
    editors = [RowFormSet, *(formset for kinds in LISTS.values() for formset in kinds.values())]
    long = [HeadForm, ReportForm, FactsForm, JudgeForm, MoreForm, NominationFilter]

    assert all(formset.renderer is ROWS for formset in editors)
    assert all(form.default_renderer is ROWS for form in long)
    assert type(get_default_renderer()) is DjangoTemplates


WORDS = """{% load i18n %}{% for n in rows %}{% translate "Trạng thái" %}{% translate "Danh mục" as m %}<{{ m }}>
{% translate n %}{% trans "Lọc" %}{% translate "100%% của" %}{% translate "Trạng thái" context "x" %}{% endfor %}"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_words_of_templates_are_the_same_as_from_djangos_tag(language):
    django = Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(WORDS)
    ours = engines["django"].engine.from_string(WORDS)
    with translation.override("vi" if language == "en" else "en"):
        ours.render(Context({"rows": ["Trạng thái", "<b>"]}))  # what one reader was shown is not kept for another

    with translation.override(language):
        for autoescape in (True, False):
            said = Context({"rows": ["Trạng thái", "<b>"]}, autoescape=autoescape)
            assert ours.render(said) == django.render(said)


def test_constant_words_are_looked_up_once_however_many_lines_ask_for_them(monkeypatch):
    asked = []
    template = engines["django"].engine.from_string(
        "{% load i18n %}{% for n in rows %}{% translate 'Trạng thái' %}{% endfor %}"
    )
    lookup = translation._trans.gettext
    monkeypatch.setattr(translation._trans, "gettext", lambda words: asked.append(words) or lookup(words))

    template.render(Context({"rows": range(100)}))
    template.render(Context({"rows": range(100)}))

    assert asked == ["Trạng thái"]


@pytest.mark.parametrize("model", [Nomination, Plan])
def test_a_state_is_told_in_the_words_of_its_choice(model):
    for language in ("vi", "en"):
        with translation.override(language):
            assert [model(state=s).get_state_display() for s in model.State.values] == model.State.labels
