"""What is wrong with a form, as a list with links: it stands above every form, and autosave tells it field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict

from portal.web.forms import Filter


@dataclass(frozen=True)
class Fault:
    """One thing to mend: in which element of the page, what it is called there, and what is wrong with it."""

    id: str
    label: str
    words: str

    def __str__(self) -> str:
        return f"{self.label}: {self.words}" if self.label else self.words


def of_form(form: forms.BaseForm, place: str = "") -> Iterator[Fault]:
    """Of one form; `place` says where on the page it stands."""
    errors: ErrorDict = form.errors
    for name, texts in errors.items():
        field = form.fields.get(name)
        words = " ".join(map(str, texts))
        if field is None or field.widget.is_hidden:
            yield Fault("", place, words)
        else:
            label = str(form[name].label)
            yield Fault(anchor(form[name]), f"{place} – {label}" if place else label, words)


def of_rows(rows: forms.BaseFormSet, place: str, section: str = "") -> Iterator[Fault]:
    """Of a set of rows that stands in `section` of the page."""
    yield from (Fault(section, place, str(text)) for text in rows.non_form_errors())
    for number, form in enumerate(rows.forms, start=1):
        yield from of_form(form, f"{place}, {number}")


def anchor(field: BoundField) -> str:
    """The id of the control, or of the first of several."""
    if isinstance(field.field.widget, forms.RadioSelect):  # boxes for several choices are radios to Django
        return f"{field.auto_id}_0" if len(field) else ""
    return field.id_for_label or field.auto_id


def found(values: Iterable[Any], depth: int = 3) -> Iterator[Fault]:
    """Of all the forms among what a page was given; those of lists that are narrowed down tell their own."""
    for value in values:
        kind = type(value)  # not isinstance: what is fetched only when it is asked for shall stay so
        if issubclass(kind, forms.BaseForm):
            if value.is_bound and not issubclass(kind, Filter):
                yield from (fault for fault in of_form(value) if fault.id)
        elif issubclass(kind, forms.BaseFormSet):
            if value.is_bound:
                for form in value.forms:
                    yield from (fault for fault in of_form(form) if fault.id)
        elif depth and kind in (list, tuple):
            yield from found(value, depth - 1)
        elif depth and kind is dict:
            yield from found(value.values(), depth - 1)


def offered(form: forms.BaseForm) -> bool:
    """Whether every choice is one that the page offered; a form with another was not filled in on the page."""
    codes = {error.code for several in form.errors.as_data().values() for error in several}
    return not codes & {"invalid_choice", "invalid_pk_value"}


def taken(form: forms.BaseForm, name: str, stored: Any) -> Any:
    """What a draft keeps of this field: what was typed if it is right, else what is stored."""
    return form.cleaned_data.get(name, stored)
