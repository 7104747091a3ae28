"""Shapes of a change of the hierarchy: one change on a unit's page, and the head and steps of a reorganisation."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.forms import modelformset_factory
from django.utils.translation import gettext_lazy as _

from portal.codes import UNIT_CODE
from portal.days import today
from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, WholeRows, clean_formfield
from units.models import Reorganisation, ReorganisationStep, Unit, User
from units.models.reorganisation import EARLIEST
from units.models.units import CODE_TAKEN, Kind
from units.people.forms import UnitField

K = ReorganisationStep.Kind
HALF, WHOLE = "col-12 col-md-6", "col-12"  # of a line
LAST = 1_000_000  # a row without a number stands at the end


class ChangeForm(BootstrapFormMixin, forms.Form):
    """One change of one unit: create below it, rename, move or dissolve it, from a day on."""

    FIELDS = {
        K.CREATE: ("name_vi", "code", "unit_kind", "short_name", "name_en", "seat"),
        K.RENAME: ("name_vi", "short_name", "name_en", "code"),
        K.MOVE: ("parent_code", "code"),
        K.DISSOLVE: ("heir",),
    }
    width, widths = HALF, dict.fromkeys(("name_vi", "heir"), WHOLE)

    name_vi = CleanCharField(label=_("Tên tiếng Việt"), max_length=200)
    code = CleanCharField(label=_("Mã đơn vị"), max_length=20, validators=[UNIT_CODE])
    # nothing is chosen beforehand: the first kind is the supreme one, which a hurried person would leave standing
    unit_kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=[("", _("– chọn –"))] + list(Kind.choices))
    short_name = CleanCharField(label=_("Tên gọi tắt"), max_length=100, required=False)
    name_en = CleanCharField(label=_("Tên tiếng Anh"), max_length=200, required=False)
    seat = CleanCharField(label=_("Trụ sở"), max_length=100, required=False)
    parent_code = CleanCharField(
        label=_("Mã đơn vị cấp trên mới"),
        max_length=20,
        help_text=_("Tìm mã ở trang Đơn vị."),
        widget=forms.TextInput(attrs={"list": "parents"}),
    )
    heir = CleanCharField(
        label=_("Sáp nhập vào đơn vị (mã)"),
        max_length=20,
        required=False,
        help_text=_("Để trống nếu giải thể mà không có đơn vị kế tục."),
        widget=forms.TextInput(attrs={"list": "parents"}),
    )
    effective_on = DayField(label=_("Từ ngày"), validators=[MinValueValidator(EARLIEST)])
    document = CleanCharField(label=_("Văn bản (số, ngày, cơ quan ban hành)"), max_length=60, required=False)

    def __init__(self, *args: Any, kind: str, unit: Unit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind, self.unit = kind, unit
        shown = (*self.FIELDS[kind], "effective_on", "document")
        self.fields = {name: self.fields[name] for name in shown}
        if kind != K.CREATE and "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].label = _("Mã mới")
            self.fields["code"].help_text = _("Để trống thì cổng đặt mã theo năm, ví dụ T46 thành T46.25.")

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code and Unit.objects.coded(code):
            raise ValidationError(CODE_TAKEN)
        return code

    def step(self) -> ReorganisationStep:
        """The change as the one step of a reorganisation."""
        said = dict(self.cleaned_data)
        heir = said.pop("heir", "")
        said.pop("effective_on"), said.pop("document")
        if self.kind == K.CREATE:
            return ReorganisationStep(kind=K.CREATE, parent_code=self.unit.code, **said)
        if heir:
            return ReorganisationStep(kind=K.MERGE, sources=[self.unit.code], code=heir)
        return ReorganisationStep(kind=self.kind, sources=[self.unit.code], **said)


class UnitForm(BootstrapFormMixin, forms.ModelForm):
    """Correcting what was written wrong; a real change of name is a rename from a day on."""

    width, widths = HALF, dict.fromkeys(("name_vi",), WHOLE)

    class Meta:
        formfield_callback = clean_formfield
        model = Unit
        fields = ["name_vi", "short_name", "name_en", "seat", "source"]


class OfficeForm(BootstrapFormMixin, forms.Form):
    """Which unit is the emulation office from a day on, and by which document."""

    width, widths = HALF, dict.fromkeys(("office", "source"), WHOLE)

    office = UnitField(
        label=_("Cơ quan thi đua"), max_length=100, help_text=_("Ghi mã hoặc tên đơn vị, có dấu hay không dấu.")
    )
    since = DayField(label=_("Từ ngày"), validators=[MinValueValidator(EARLIEST)])
    source = CleanCharField(label=_("Văn bản (số, ngày, cơ quan ban hành)"), max_length=200)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["office"].rows = Unit.objects.as_of(today()).within(unit)


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
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=mine - {None})
        self.fields["unit"].empty_label = None
        self.fields["unit"].help_text = _("Phương án chỉ thay đổi các đơn vị nằm dưới đơn vị này.")


class StepForm(BootstrapFormMixin, forms.ModelForm):
    """One step as a row; several present units stand in one field."""

    width, widths = HALF, dict.fromkeys(("sources", "name_vi"), WHOLE)

    FLAGS = [("", _("theo loại việc")), ("yes", _("có")), ("no", _("không"))]

    order = forms.IntegerField(label=_("Thứ tự"), min_value=1, max_value=LAST, required=False)
    sources = CleanCharField(
        label=_("Đơn vị hiện nay (mã, cách nhau bằng dấu phẩy)"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 1}),
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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            flag = {True: "yes", False: "no", None: ""}
            self.initial |= {
                "sources": ", ".join(self.instance.sources),
                "people": flag[self.instance.people],
                "papers": flag[self.instance.papers],
            }
        else:
            self.initial["order"] = None
        for name in ("roles", "unit_kind"):
            self.fields[name].choices = [("", _("theo loại việc") if name == "roles" else _("như hiện nay"))] + [
                choice for choice in self.fields[name].choices if choice[0]
            ]

    def clean_sources(self) -> list[str]:
        return [code for code in re.split(r"[\s,;]+", self.cleaned_data["sources"]) if code]

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
