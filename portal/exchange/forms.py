"""The shape of an upload: a file. A list may ask for more (`Exchange.form`)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.exchange.reading import kinds
from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin

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

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["once"].initial = uuid.uuid4

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        kinds.check_table(file)
        return file

    def options(self) -> dict[str, Any]:
        """What the importer is told besides the file."""
        return {}
