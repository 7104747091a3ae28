"""The shape of an upload: a file, and perhaps the claim that it is the whole list of a unit."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from units.days import today
from units.exchange import reading
from units.models import Unit, User
from units.uploads import FILE_ERRORS


class UploadForm(forms.Form):
    """`once` is made with the page, so that a form sent twice is one import."""

    file = forms.FileField(
        label=_("Tệp Excel (.xlsx) hoặc CSV"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": reading.ACCEPT}),
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
        reading.check_table(file)
        return file

    def options(self) -> dict[str, Any]:
        """What the importer is told besides the file."""
        return {}


class WholeListForm(UploadForm):
    """Who is missing from the whole list of a unit leaves it; so it is only said on purpose."""

    whole = forms.BooleanField(
        label=_("Tệp là danh sách đầy đủ của một đơn vị: ai không có trong tệp thì thôi công tác ở đó"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    unit = forms.CharField(
        label=_("Mã đơn vị (gồm cả các đơn vị trực thuộc)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    day = forms.DateField(
        label=_("Kể từ ngày"),
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "form-control", "placeholder": _("ngày/tháng/năm")}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.root = None
        if not data.get("whole"):
            return data
        if "day" not in self.errors and not data.get("day"):
            self.add_error("day", _("Hãy ghi ngày mà danh sách này đúng."))
        elif data.get("day") and data["day"] > today():
            self.add_error("day", _("Ngày không được ở sau hôm nay."))
        unit = Unit.objects.filter(code=(data.get("unit") or "").strip()).first()
        if unit is None or not self.by.administers(unit):
            self.add_error("unit", _("Hãy ghi đúng mã một đơn vị thuộc phạm vi quản trị của đồng chí."))
        self.root = unit
        return data

    def options(self) -> dict[str, Any]:
        if not self.cleaned_data.get("whole"):
            return {}
        return {"whole": {"code": self.root.code, "path": self.root.path, "day": self.cleaned_data["day"].isoformat()}}
