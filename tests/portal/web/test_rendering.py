"""The quick rendering of inputs and lists is Django's, to the same letter."""

from datetime import date

from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer

from campaigns.campaigns.rows import LISTS
from campaigns.plans.forms import RowFormSet
from portal.web.rendering import ROWS, RowRenderer


class Everything(forms.Form):
    text = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "<\"&'>", "data-x": None, "readonly": True}))
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
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])


def test_every_input_is_the_same_as_from_djangos_templates():
    values = {
        "text": '"><script>',
        "number": 1500.5,
        "count": 0,
        "day": date(2026, 9, 5),
        "tick": True,
        "choice": "b",
        "grouped": "1",
    }
    for data, initial in ((None, {}), (None, values), (values | {"number": "x"}, {})):
        quick, slow = (Everything(data, initial=initial, renderer=kind()) for kind in (RowRenderer, DjangoTemplates))
        assert [str(field) for field in quick] == [str(field) for field in slow]
        assert str(quick) == str(slow)


def test_the_rows_of_the_long_editors_alone_are_made_by_it():
    editors = [RowFormSet, *(formset for kinds in LISTS.values() for formset in kinds.values())]

    assert all(formset.renderer is ROWS for formset in editors)
    assert type(get_default_renderer()) is DjangoTemplates
