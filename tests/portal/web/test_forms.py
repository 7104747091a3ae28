"""Clean text, days, and the class that each control wears on a page."""

from datetime import date

import pytest
from django import forms
from django.utils import timezone

from campaigns.campaigns.forms import CampaignForm
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField
from portal.web.forms.days import MomentField


class Deadline(forms.Form):
    due = MomentField(required=False)


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


def test_a_day_is_read_as_offices_write_it_and_as_the_field_of_browsers_sends_it():
    form = Sample({"day": "01/02/2026"})

    assert form.is_valid() and form.cleaned_data["day"] == date(2026, 2, 1)
    assert Sample({"day": "2026-02-01"}).is_valid()
    assert "15/09/2026" in Sample({"day": "32/01/2026"}).errors["day"][0]


@pytest.mark.parametrize("typed", ["03/02/2026", "3-2-2026", "2026-02-03"])
def test_the_field_of_browsers_shows_a_day_in_whatever_form_it_was_typed(typed):
    shown = str(Sample({"day": typed})["day"])

    assert 'type="date"' in shown and 'value="2026-02-03"' in shown
    assert 'value="2026-02-03"' in str(Sample(initial={"day": date(2026, 2, 3)})["day"])
    assert 'value="32/01/2026"' in str(Sample({"day": "32/01/2026"})["day"])  # a line of text still shows it


@pytest.mark.parametrize(
    ("day", "hour", "means"),
    [
        ("2027-03-31", "17:00", "17:00 31/03/2027"),
        ("31/03/2027", "17:00", "17:00 31/03/2027"),
        ("31/03/2027 17:00", "", "17:00 31/03/2027"),
        ("2027-03-31", "", "23:59 31/03/2027"),
        ("31/03/2027", "", "23:59 31/03/2027"),
    ],
)
def test_a_moment_is_a_day_and_an_hour_and_without_one_the_last_minute(day, hour, means):
    form = Deadline({"due": day, "due-hour": hour})

    assert form.is_valid() and f"{timezone.localtime(form.cleaned_data['due']):%H:%M %d/%m/%Y}" == means
    assert 'value="2027-03-31"' in str(form["due"]) and f'value="{means[:5]}"' in str(form["due"])
    assert f'value="{means[:5]}"' in str(Deadline(initial={"due": form.cleaned_data["due"]})["due"])


def test_an_hour_without_a_day_is_no_moment():
    assert "ngày/tháng/năm" in Deadline({"due": "", "due-hour": "17:00"}).errors["due"][0]
    assert not Deadline({"due": "?", "due-hour": ""}).is_valid()
    assert Deadline({"due": "", "due-hour": ""}).is_valid()


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
