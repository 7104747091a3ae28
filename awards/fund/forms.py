"""Shapes of what is written in a fund's book."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.ledger.services import FIRST_YEAR
from awards.models import FundMovement
from campaigns.models import Campaign
from portal.days import today
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, field_of
from portal.web.forms.numbers import NumberField
from portal.web.seen import Versioned
from units.models import Unit, User

MOST = 10**13  # đồng: beyond what any fund holds
CHOICES = 200
REASON = 500
K = FundMovement.Kind


def money(label: Any, *, least: int = 1) -> NumberField:
    """An amount in whole đồng."""
    return NumberField(label=label, min_value=least, max_value=MOST)


class Once(BootstrapFormMixin, forms.Form):
    """A form that writes a new row once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial={"token": uuid.uuid4(), **(initial or {})})


class OpeningForm(BootstrapFormMixin, forms.Form):
    """What a fund begins with."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Đơn vị giữ quỹ"), empty_label=None)
    first_year = NumberField(label=_("Năm đầu ghi trên cổng"), min_value=FIRST_YEAR, max_value=2100)
    opening = money(_("Số dư đầu năm đó (đồng)"), least=0)

    def __init__(self, data: Mapping[str, Any] | None = None, *, units: Sequence[Unit]):
        super().__init__(data, initial={"first_year": today().year})
        field_of(self, "unit", forms.ModelChoiceField).queryset = Unit.objects.filter(pk__in=[u.pk for u in units])


class CorrectOpeningForm(BootstrapFormMixin, Versioned):
    first_year = NumberField(label=_("Năm đầu ghi trên cổng"), min_value=FIRST_YEAR, max_value=2100)
    opening = money(_("Số dư đầu năm đó (đồng)"), least=0)
    reason = CleanCharField(label=_("Lý do sửa"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}))


class MovementForm(Once):
    """One line of the book; which fields it has hangs on its kind."""

    source = forms.ChoiceField(label=_("Nguồn thu"), choices=FundMovement.Source)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Phong trào"), required=False, empty_label=_("– không theo phong trào –")
    )
    amount = money(_("Số tiền (đồng)"))
    on = DayField(label=_("Ngày"))
    document = CleanCharField(label=_("Chứng từ (số, ngày)"), max_length=200)
    note = CleanCharField(label=_("Nội dung"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    widths = {"source": "col-md-6", "campaign": "col-12", "amount": "col-md-6", "on": "col-md-6"}
    width = "col-12"

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: str, user: User, **initial: Any):
        super().__init__(data, initial={"on": today(), **initial})
        self.kind = kind
        if kind != K.INCOME:
            del self.fields["source"]
        if kind in (K.INCOME, K.RECOVERED):
            del self.fields["campaign"]
            return
        field = field_of(self, "campaign", forms.ModelChoiceField)
        known = Campaign.objects.visible_to(user).exclude(state=Campaign.State.DRAFT)
        field.queryset, field.required = known, kind == K.BUDGET
        blank = [] if field.required else [("", field.empty_label or "")]
        field.choices = [*blank, *((c.pk, str(c)) for c in known[:CHOICES])]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("Ngày này ở trong tương lai."))
        return day


class PayForm(Once):
    """By which document the bonuses of a decision are paid."""

    on = DayField(label=_("Ngày chi"))
    document = CleanCharField(label=_("Chứng từ (số, ngày)"), max_length=200)
    widths = {"on": "col-md-4", "document": "col-md-8"}


class CancelForm(BootstrapFormMixin, Versioned):
    reason = CleanCharField(
        label=_("Lý do gạch bỏ"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )
