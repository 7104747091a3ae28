"""Shapes of a change of the hierarchy: one change on a unit's page, and the head and steps of a reorganisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import modelformset_factory
from django.utils.translation import gettext_lazy as _

from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, Filter, WholeRows, clean_formfield, field_of
from portal.web.forms.numbers import NumberField
from units.models import Reorganisation, ReorganisationStep, Unit, User
from units.models.reorganisation import ReorganisationQuerySet
from units.models.units import Kind, UnitQuerySet
from units.picking import CodesField

K = ReorganisationStep.Kind
HALF, WHOLE = "col-12 col-md-6", "col-12"  # of a line
LAST = 1_000_000  # a row without a number stands at the end


class ReorganisationFilter(Filter):
    """Which reorganisations are shown."""

    q = CleanCharField(label=_("Tên phương án"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Trạng thái"), required=False, choices=[("", _("Tất cả")), *Reorganisation.State.choices]
    )

    def narrow(self, rows: ReorganisationQuerySet) -> ReorganisationQuerySet:
        """The reorganisations that were asked for."""
        asked = self.asked
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        return rows.matching(asked.get("q", ""))


class HeadForm(BootstrapFormMixin, forms.ModelForm):
    """Title, document and day of a reorganisation."""

    width, widths = HALF, dict.fromkeys(("title", "note", "unit"), WHOLE)

    class Meta:
        formfield_callback = clean_formfield
        model = Reorganisation
        fields = ["title", "document_number", "document_date", "document_issuer", "effective_on", "unit", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        mine = {u.pk for u in by.units_where("reorganise")} | ({self.instance.unit_id} if self.instance.pk else set())
        unit = field_of(self, "unit", forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(pk__in=mine - {None})
        unit.empty_label = None
        unit.help_text = _("Phương án chỉ thay đổi các đơn vị nằm dưới đơn vị này.")


class StepForm(BootstrapFormMixin, forms.ModelForm):
    """One step as a row; several present units stand in one field."""

    width, widths = HALF, dict.fromkeys(("sources", "name_vi"), WHOLE)

    FLAGS = [("", _("theo loại việc")), ("yes", _("có")), ("no", _("không"))]

    order = NumberField(label=_("Thứ tự"), min_value=1, max_value=LAST, required=False)
    sources = CodesField(
        several=True,
        label=_("Đơn vị hiện nay"),
        required=False,
        max_length=20000,
        help_text=_("Mỗi dòng một phần tên, có dấu hay không dấu."),
    )
    parent_code = CodesField(
        several=False,
        label=_("Đơn vị cấp trên"),
        required=False,
        max_length=200,
        help_text=_("Một phần tên; đơn vị do bước khác lập thì ghi mã mới của nó."),
    )
    people = forms.TypedChoiceField(
        label=_("Cán bộ, tập thể đi theo"),
        choices=FLAGS,
        required=False,
        coerce=lambda v: v == "yes",
        empty_value=None,
    )
    papers = forms.TypedChoiceField(
        label=_("Hồ sơ đang làm đi theo"),
        choices=FLAGS,
        required=False,
        coerce=lambda v: v == "yes",
        empty_value=None,
    )

    class Meta:
        formfield_callback = clean_formfield
        model = ReorganisationStep
        fields = [
            "kind",
            "order",
            "sources",
            "code",
            "parent_code",
            "name_vi",
            "short_name",
            "name_en",
            "unit_kind",
            "seat",
            "people",
            "roles",
            "papers",
        ]

    def __init__(self, *args: Any, units: UnitQuerySet, plan: str, texts: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("sources", "parent_code"):
            field_of(self, name, CodesField).open_to(units, plan)
        if self.instance.pk:
            flag = {True: "yes", False: "no", None: ""}
            self.initial.update(
                sources="\n".join(texts.get(code, code) for code in self.instance.sources),
                parent_code=texts.get(self.instance.parent_code, self.instance.parent_code),
                people=flag[self.instance.people],
                papers=flag[self.instance.papers],
            )
        else:
            self.initial["order"] = None
        for name in ("roles", "unit_kind"):
            choices = {"roles": ReorganisationStep.Roles, "unit_kind": Kind}[name].choices
            blank = _("theo loại việc") if name == "roles" else _("như hiện nay")
            field_of(self, name, forms.ChoiceField).choices = [("", blank), *choices]

    def clean_parent_code(self) -> str:
        codes: list[str] = self.cleaned_data["parent_code"]
        if len(codes) > 1:
            raise forms.ValidationError(_("Hãy ghi một đơn vị."))
        return "".join(codes)

    def clean_order(self) -> int:
        return self.cleaned_data["order"] or LAST


class StepRows(WholeRows, forms.BaseModelFormSet):
    def clean(self) -> None:
        super().clean()
        stored = sum(bool(self.data.get(f"{form.prefix}-id")) for form in self.forms)
        if stored != self.initial_form_count():  # a stored step counted among the new ones would be stored twice
            raise forms.ValidationError(self.error_messages["missing_management_form"])


StepFormSet = modelformset_factory(ReorganisationStep, form=StepForm, formset=StepRows, extra=1, can_delete=True)


class SheetForm(BootstrapFormMixin, forms.Form):
    """A sheet of steps."""

    file = forms.FileField(
        label=_("Bảng tính (.xlsx hoặc .csv)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages=FILE_ERRORS,
    )
