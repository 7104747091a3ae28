"""What the forms of the portal are made of: clean text, days as offices write them, filters of lists, sets of rows."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.text import clean
from portal.web.forms.days import DayField
from portal.web.rendering import ROWS

Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """The form's own field of this name, with what this kind of field has."""
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{name} is a {type(field).__name__}, no {kind.__name__}")
    return field


class CleanCharField(forms.CharField):
    """Text without hidden characters; where the field is one line, no space follows a space."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        text = clean(str(text))
        return text.strip() if isinstance(self.widget, forms.Textarea) else " ".join(text.split())


FIELDS = {models.CharField: CleanCharField, models.TextField: CleanCharField, models.DateField: DayField}


def clean_formfield(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """What stands for a model's field, as `Meta.formfield_callback` of a form asks."""
    if type(field) in FIELDS and not field.choices:
        kwargs.setdefault("form_class", FIELDS[type(field)])
    return field.formfield(**kwargs)


def css_class(widget: forms.Widget) -> str:
    """Bootstrap's class for this kind of control."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect):  # boxes for several choices are radios to Django
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class BootstrapBoundField(BoundField):
    """A field on a page, with the class of its kind and the part of the line that it takes."""

    @property
    def width(self) -> str:
        form: Any = self.form
        return str(form.widths.get(self.name, form.width))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden and "class" not in widget.attrs:
            attrs.setdefault("class", css_class(widget))
        return attrs


class BootstrapFormMixin:
    """A form that the portal's templates draw; `widths` lets short fields share a line of a `row`."""

    bound_field_class: type[BoundField] | None = BootstrapBoundField
    width = ""
    widths: dict[str, str] = {}


class Filter(BootstrapFormMixin, forms.Form):
    """What part of a list is shown; a value that means nothing is passed over."""

    default_renderer = ROWS  # its choices are a hundred lines on every page of the list

    def __init__(self, data: Any):
        super().__init__(data, label_suffix="")

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and makes sense, nothing else."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same as a query string that can be kept and shared."""
        return urlencode({n: "1" if v is True else getattr(v, "code", v) for n, v in self.asked.items()})

    @property
    def in_words(self) -> tuple[str, ...]:
        """The same as people read it, for a list that leaves the portal."""
        return tuple(self._worded(self.fields[name], value) for name, value in self.asked.items())

    @staticmethod
    def _worded(field: Any, value: Any) -> str:
        if value is True:
            return str(field.label)
        known = {
            str(code): label
            for group in getattr(field.widget, "choices", ())
            for code, label in (group[1] if isinstance(group[1], list | tuple) else [group])
        }
        shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else known.get(str(value), value)
        return f"{field.label}: {shown}"


class WholeRows(forms.BaseFormSet):
    """Rows that are taken only as the page sent them: a row that does not come along would be a row deleted."""

    default_error_messages = {
        "missing_management_form": _("Các dòng gửi lên không trọn vẹn. Hãy tải lại trang rồi lưu lại."),
        "too_many_forms": ngettext_lazy(
            "Danh sách có tối đa %(num)d dòng.", "Danh sách có tối đa %(num)d dòng.", "num"
        ),
        "too_few_forms": ngettext_lazy(
            "Danh sách cần ít nhất %(num)d dòng.", "Danh sách cần ít nhất %(num)d dòng.", "num"
        ),
    }

    error_messages: dict[str, Any]  # the stubs leave it out

    def clean(self) -> None:
        super().clean()
        if not self.whole():
            raise forms.ValidationError(self.error_messages["missing_management_form"])

    def whole(self) -> bool:
        """Whether the rows came as the page sent them."""
        return self.management_form.is_valid() and self._sent() == set(range(self.total_form_count()))

    def _sent(self) -> set[int]:
        """The rows of which anything was sent."""
        name = re.compile(rf"{re.escape(str(self.prefix))}-(\d{{1,5}})-")
        return {int(found[1]) for found in map(name.match, self.data) if found}
