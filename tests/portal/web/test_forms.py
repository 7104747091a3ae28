"""Clean text, days, and the class that each control wears on a page."""

from datetime import date

import pytest
from django import forms

from campaigns.campaigns.forms import CampaignForm
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField

ZERO_WIDTH, DECOMPOSED = "\u200b", "Ha\u0300 No\u0323\u0302i"


class Sample(BootstrapFormMixin, forms.Form):
    widths = {"day": "col-sm-6"}

    line = CleanCharField(required=False)
    area = CleanCharField(required=False, widget=forms.Textarea)
    day = DayField(required=False)
    one = forms.ChoiceField(choices=[("a", "A")], required=False)
    several = forms.MultipleChoiceField(
        choices=[("a", "A")], required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "own"})
    )
    radio = forms.ChoiceField(choices=[("a", "A")], required=False, widget=forms.RadioSelect)
    tick = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def test_a_line_has_single_spaces_and_nothing_hidden():
    form = Sample({"line": f"  {DECOMPOSED} {ZERO_WIDTH}  x\t ", "area": "một  hai\r\nba"})

    assert form.is_valid()
    assert form.cleaned_data["line"] == "Hà Nội x"
    assert form.cleaned_data["area"] == "một  hai\nba"


@pytest.mark.parametrize("name", ["line", "area"])
def test_what_holds_nothing_but_hidden_characters_is_empty(name):
    class Asked(forms.Form):
        text = CleanCharField(widget=Sample.base_fields[name].widget)

    assert not Asked({"text": ZERO_WIDTH + " "}).is_valid()


def test_a_day_is_read_and_written_as_offices_do():
    form = Sample({"day": "01/02/2026"})

    assert form.is_valid() and form.cleaned_data["day"] == date(2026, 2, 1)
    assert 'value="03/02/2026"' in str(Sample(initial={"day": date(2026, 2, 3)})["day"])
    assert "15/09/2026" in Sample({"day": "32/01/2026"}).errors["day"][0]


def test_each_control_wears_the_class_of_its_kind_unless_it_has_one_or_is_hidden():
    form = Sample()
    form.fields["late"] = forms.CharField()  # a form may add fields when it is made

    classes = ("form-control", "form-select", "form-check-input", "own")
    worn = {name: [word for word in classes if f'class="{word}"' in str(form[name])] for name in form.fields}

    assert worn == {
        "line": ["form-control"],
        "area": ["form-control"],
        "day": ["form-control"],
        "one": ["form-select"],
        "several": ["own"],
        "radio": ["form-check-input"],
        "tick": ["form-check-input"],
        "version": [],
        "late": ["form-control"],
    }
    assert (form["day"].width, form["line"].width) == ("col-sm-6", "")


def test_the_fields_of_a_model_are_clean_too():
    fields = CampaignForm.base_fields

    assert isinstance(fields["title"], CleanCharField) and isinstance(fields["objective"], CleanCharField)
    assert type(fields["kind"]) is forms.TypedChoiceField
