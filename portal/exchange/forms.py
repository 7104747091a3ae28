"""The shape of an upload: a file. A list may ask for more (`Exchange.form`)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.exchange.columns import Column, Unreadable
from portal.exchange.reading import kinds
from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField

if TYPE_CHECKING:
    from units.models import User


class UploadForm(BootstrapFormMixin, forms.Form):
    """`once` is made with the page, so that a form sent twice is one import."""

    file = forms.FileField(
        label=_("Tệp Excel (.xlsx) hoặc CSV"),
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPT}),
        error_messages=FILE_ERRORS,
        max_length=255,
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, asked: Sequence[Column] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        self.asked_columns = {f"all_{column.key}": column for column in asked}
        for name, column in self.asked_columns.items():
            self.fields[name] = _field(column)
        self.fields["once"].initial = uuid.uuid4

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        kinds.check_table(file)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, column in self.asked_columns.items():
            if data.get(name) and column.kind != "date":
                try:
                    column.reader()(data[name])
                except Unreadable as words:
                    self.add_error(name, str(words))
        return data

    def asked(self) -> list[Any]:
        """The fields for what is said once for all rows."""
        return [self[name] for name in self.asked_columns]

    def options(self) -> dict[str, Any]:
        """What the importer is told besides the file."""
        said = {column.key: self.cleaned_data.get(name) for name, column in self.asked_columns.items()}
        given = {key: f"{v:%d/%m/%Y}" if isinstance(v, date) else str(v) for key, v in said.items() if v}
        return {"given": given} if given else {}


def _field(column: Column) -> forms.Field:
    """What asks for a column once for the whole file; nothing is an answer too."""
    label = str(column.heading)
    if column.kind == "date":
        return DayField(label=label, required=False)
    if column.kind == "choice":
        choices = [("", _("theo từng dòng của tệp")), *((value, str(name)) for value, name in column.choices)]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    return CleanCharField(label=label, required=False, max_length=column.limit)
