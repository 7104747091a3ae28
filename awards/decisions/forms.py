"""Shapes of decisions: which are shown, what one says, which cases it takes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.models import Decision
from awards.models.decisions import DecisionQuerySet
from portal.files.uploads import ACCEPT
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, clean_formfield, field_of
from portal.web.seen import Versioned
from units.models import Unit


class DecisionFilter(Filter):
    """Which decisions are shown."""

    q = CleanCharField(label=_("Tìm theo số, trích yếu"), required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Tất cả")), *Decision.State.choices]
    )

    def narrow(self, found: DecisionQuerySet) -> DecisionQuerySet:
        """The decisions that were asked for."""
        if state := self.asked.get("state"):
            found = found.filter(state=state)
        return found.matching(self.asked.get("q", ""))


class BeginForm(BootstrapFormMixin, forms.Form):
    """What a decision needs to exist."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Đơn vị ban hành"), empty_label=None)
    title = CleanCharField(
        label=_("Trích yếu"),
        max_length=300,
        help_text=_("Ví dụ: Tặng danh hiệu Chiến sĩ thi đua cơ sở năm 2026."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, units: Sequence[Unit]):
        super().__init__(data, initial={"token": uuid.uuid4()})
        field_of(self, "unit", forms.ModelChoiceField).queryset = Unit.objects.filter(pk__in=[u.pk for u in units])


class DecisionForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    """What the decision says."""

    dated = DayField(label=_("Ngày quyết định"), required=False)

    class Meta:
        model = Decision
        fields = ["title", "number", "dated", "issuer", "signatory", "bases", "reason"]
        formfield_callback = clean_formfield
        widgets = {"bases": forms.Textarea(attrs={"rows": 6}), "reason": forms.Textarea(attrs={"rows": 3})}

    widths = {"number": "col-md-6", "dated": "col-md-6", "issuer": "col-md-6", "signatory": "col-md-6"}
    width = "col-12"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name, words in (("title", _("Trích yếu")), ("number", _("Số quyết định")), ("bases", _("Căn cứ"))):
            self.fields[name].label = words
        self.fields["issuer"].label, self.fields["signatory"].label = _("Người, cơ quan quyết định"), _("Người ký")
        self.fields["bases"].help_text = _("Mỗi căn cứ một dòng.")
        self.fields["reason"].label = _("Lý do hủy")
        if not self.instance.annuls_id:
            del self.fields["reason"]
        if not self.instance.editable:
            for name in set(self.fields) & {"title", "issuer", "bases", "reason"}:
                self.fields[name].disabled = True


class SignedForm(BootstrapFormMixin, forms.Form):
    file = forms.FileField(
        label=_("Bản đã ký"),
        help_text=_("PDF hoặc ảnh quét; tối đa 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
