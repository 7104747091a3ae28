"""Forms of the catalogue: what to show, which editions to compare, how a condition counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.standards import Edition
from awards.law.terms import AwardKind, Severity, Subject
from portal.text import clean
from portal.web.forms import BootstrapFormMixin, CleanCharField, Filter, field_of
from portal.web.seen import Versioned


class CatalogueFilter(Filter):
    """Which awards of one edition are shown."""

    edition = forms.ChoiceField(label=_("Bộ quy định"), required=False)
    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("Tất cả")), *AwardKind.choices], required=False)
    subject = forms.ChoiceField(label=_("Đối tượng"), choices=[("", _("Tất cả")), *Subject.choices], required=False)
    q = CleanCharField(label=_("Tìm theo tên, mã"), max_length=200, required=False)

    def __init__(self, data: QueryDict, *, edition: Edition):
        data = data.copy()
        data.setdefault("edition", edition.code)
        super().__init__(data)
        choices = [(each.code, each.label) for each in reversed(standards.editions())]
        field_of(self, "edition", forms.ChoiceField).choices = choices

    @property
    def asked(self) -> dict[str, Any]:
        """Within the edition, which is always one and narrows nothing."""
        return {name: value for name, value in super().asked.items() if name != "edition"}


class SeverityForm(BootstrapFormMixin, Versioned):
    """How a condition counts from now on, and why."""

    severity = forms.ChoiceField(label=_("Mức độ"), choices=Severity, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lý do hiện trên trang của danh hiệu, ai cũng đọc được."),
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"]).strip()
