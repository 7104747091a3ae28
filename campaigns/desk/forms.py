"""What the office asks and tells at its desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.desk.coverage import STANDINGS
from campaigns.models import Campaign, ContentArea, Obligation
from portal.days import end_of
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, field_of
from units.models.units import Kind

REASON_LENGTH = 300  # as long as Obligation.reason


class DeskFilter(Filter):
    """What part of the desk is shown; a value that means nothing is passed over."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Trạng thái"), required=False)
    kind = forms.ChoiceField(label=_("Loại đơn vị"), required=False)
    area = forms.ChoiceField(label=_("Nội dung thi đua"), required=False)
    promise = forms.ChoiceField(
        label=_("Cam kết"),
        required=False,
        choices=[("", _("có cam kết")), ("without", _("không có cam kết"))],
    )
    sort = forms.ChoiceField(
        label=_("Sắp xếp"),
        required=False,
        choices=[("", _("theo đơn vị")), ("due", _("theo hạn")), ("submitted", _("theo ngày gửi"))],
    )
    late = forms.BooleanField(label=_("Chỉ đơn vị quá hạn"), required=False)

    def __init__(self, data: Any, areas: list[ContentArea]):
        super().__init__(data)
        self._offer("state", [(name, label) for name, (label, _tone) in STANDINGS.items()])
        self._offer("kind", Kind.choices)
        self._offer("area", [(str(a.pk), f"{a.code}. {a.title}") for a in areas])

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        field_of(self, name, forms.ChoiceField).choices = [("", _("Tất cả")), *choices]


def _reason(label: Any) -> CleanCharField:
    return CleanCharField(
        label=label,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class RemindNote(BootstrapFormMixin, forms.Form):
    """A word of the office beside the reminder."""

    note = CleanCharField(
        label=_("Lời nhắn kèm (không bắt buộc)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExtendForm(BootstrapFormMixin, forms.Form):
    """A later moment for some units or for all that still owe, with a reason."""

    milestone = forms.ChoiceField(label=_("Mốc"))
    who = forms.ChoiceField(
        label=_("Gia hạn cho"),
        initial="chosen",
        widget=forms.RadioSelect,
        choices=[("chosen", _("các đơn vị chọn dưới đây")), ("all", _("tất cả đơn vị chưa hoàn thành mốc này"))],
    )
    unit = forms.MultipleChoiceField(
        label=_("Đơn vị"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until = DayField(
        label=_("Hạn mới"),
        help_text=_("Hạn là 23:59 của ngày này."),
        error_messages={"required": _("Hãy ghi hạn mới.")},
    )
    reason = _reason(_("Lý do gia hạn"))

    def __init__(self, data: Any = None, *, campaign: Campaign, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.campaign = campaign
        self.open = list(
            Obligation.objects.open()
            .filter(milestone__campaign=campaign)
            .for_list()
            .order_by("unit__order", "unit__code", "milestone")
        )
        milestones = {o.milestone_id: o.milestone for o in self.open}
        field_of(self, "milestone", forms.ChoiceField).choices = [(str(pk), str(m)) for pk, m in milestones.items()]
        units = {o.unit_id: o.unit for o in self.open}
        field_of(self, "unit", forms.MultipleChoiceField).choices = [(str(pk), u.label) for pk, u in units.items()]

    def clean_until(self):
        until = self.cleaned_data["until"]
        if end_of(until) <= timezone.now():
            raise forms.ValidationError(_("Hạn mới phải ở trong tương lai."))
        return until

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "milestone" not in data or "who" not in data:
            return data
        if data["who"] == "chosen" and not data.get("unit"):
            if "unit" not in self.errors:
                self.add_error("unit", _("Hãy chọn ít nhất một đơn vị."))
            return data
        self.chosen = [
            o
            for o in self.open
            if str(o.milestone_id) == data["milestone"] and (data["who"] == "all" or str(o.unit_id) in data["unit"])
        ]
        if not self.chosen:
            self.add_error("unit", _("Không đơn vị nào được chọn còn phải thực hiện mốc này."))
        if "until" in data:
            later = [o.unit.label for o in self.chosen if o.due_at and o.due_at >= end_of(data["until"])]
            if later:
                self.add_error("until", gettext("Hạn mới phải sau hạn hiện tại của: %s.") % ", ".join(later[:5]))
        return data


class ReceiveForm(BootstrapFormMixin, forms.Form):
    """By which way the office has it."""

    note = _reason(_("Đã nhận bằng cách nào"))
