"""Forms of the catalogue: what to show, which editions to compare, how a condition counts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.law.terms import AwardKind, Severity, Subject
from portal.text import clean
from portal.web.forms import BootstrapFormMixin
from portal.web.seen import Versioned


class CatalogueForm(forms.Form):
    """Which awards of one edition are shown."""

    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("Tất cả")), *AwardKind.choices], required=False)
    subject = forms.ChoiceField(label=_("Đối tượng"), choices=[("", _("Tất cả")), *Subject.choices], required=False)
    q = forms.CharField(label=_("Tìm theo tên, mã"), max_length=200, required=False)


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
