"""Shapes of what is asked about units and rights, and of one change on a unit's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.codes import UNIT_CODE
from portal.days import today
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, clean_formfield, field_of
from portal.web.forms.picking import PickField, key_of
from units.access.rights import MAX_DELEGATION_DAYS
from units.models import Membership, ReorganisationStep, Role, Unit, User
from units.models.reorganisation import EARLIEST
from units.models.units import CODE_TAKEN, Kind, valid_on

K = ReorganisationStep.Kind
HALF, WHOLE = "col-12 col-md-6", "col-12"  # of a line


class TreeDayForm(BootstrapFormMixin, forms.Form):
    """The day for which the tree is asked."""

    on = DayField(label=_("Theo ngày"), required=False)


class TreeForm(TreeDayForm):
    """The same, with words to find."""

    q = forms.CharField(
        label=_("Tìm đơn vị"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("tên hoặc mã, có dấu hay không dấu")}),
    )
    headless = forms.BooleanField(
        label=_("Chưa có thủ trưởng trên cổng"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class DelegationForm(forms.ModelForm):
    """A head lends the right to submit to someone of the same unit, from one day to another, by a document."""

    class Meta:
        model = Membership
        fields = ["user", "valid_from", "valid_to", "document"]
        formfield_callback = clean_formfield

    def __init__(self, *args, unit: Unit, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit, self.by = unit, by
        day = today()
        staff = User.objects.filter(is_active=True).exclude(pk=by.pk)
        here = Q(memberships__in=unit.memberships.in_force(day)) | Q(
            person__postings__in=unit.postings.filter(valid_on(day))
        )
        field_of(self, "user", forms.ModelChoiceField).queryset = staff.filter(here).select_related("person").distinct()
        self.fields["user"].label = _("Người được ủy quyền")
        for name in ("valid_from", "valid_to", "document"):
            self.fields[name].required = True

    def clean(self):
        data = super().clean()
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and start < today():
            self.add_error("valid_from", _("Ngày bắt đầu không được ở trước hôm nay."))
        if start and end and end < start:
            self.add_error("valid_to", _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
        if start and end and (end - start).days > MAX_DELEGATION_DAYS:
            self.add_error("valid_to", _("Mỗi lần ủy quyền không quá một năm."))
        self.instance.unit, self.instance.role, self.instance.delegated_by = self.unit, Role.HEAD, self.by
        overlap = Membership.objects.filter(user=data.get("user"), unit=self.unit, role=Role.HEAD)
        if (
            start
            and end
            and overlap.filter(
                Q(valid_from=None) | Q(valid_from__lte=end), Q(valid_to=None) | Q(valid_to__gte=start)
            ).exists()
        ):
            self.add_error("user", _("Người này đã giữ quyền thủ trưởng trong khoảng thời gian đó."))
        return data


class ChangeForm(BootstrapFormMixin, forms.Form):
    """One change of one unit: create below it, rename, move or dissolve it, from a day on."""

    FIELDS: dict[str, tuple[str, ...]] = {
        K.CREATE: ("name_vi", "code", "unit_kind", "short_name", "name_en", "seat"),
        K.RENAME: ("name_vi", "short_name", "name_en", "code"),
        K.MOVE: ("parent", "code"),
        K.DISSOLVE: ("heir",),
    }
    width, widths = HALF, dict.fromkeys(("name_vi", "parent", "heir"), WHOLE)

    name_vi = CleanCharField(label=_("Tên tiếng Việt"), max_length=200)
    code = CleanCharField(label=_("Mã đơn vị"), max_length=20, validators=[UNIT_CODE])
    # nothing is chosen beforehand: the first kind is the supreme one, which a hurried person would leave standing
    unit_kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=[("", _("– chọn –"))] + list(Kind.choices))
    short_name = CleanCharField(label=_("Tên gọi tắt"), max_length=100, required=False)
    name_en = CleanCharField(label=_("Tên tiếng Anh"), max_length=200, required=False)
    seat = CleanCharField(label=_("Trụ sở"), max_length=100, required=False)
    parent = PickField(
        "units_of_today", label=_("Đơn vị cấp trên mới"), help_text=_("Ghi một phần tên, có dấu hay không dấu.")
    )
    heir = PickField(
        "units_of_today",
        label=_("Sáp nhập vào đơn vị"),
        required=False,
        help_text=_("Để trống nếu giải thể mà không có đơn vị kế tục."),
    )
    effective_on = DayField(label=_("Từ ngày"), validators=[MinValueValidator(EARLIEST)])
    document = CleanCharField(label=_("Văn bản (số, ngày, cơ quan ban hành)"), max_length=60, required=False)

    def __init__(self, *args: Any, kind: str, unit: Unit, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("parent", "heir"):
            field_of(self, name, PickField).open_to(by)
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
        heir, parent = said.pop("heir", None), said.pop("parent", None)
        said.pop("effective_on"), said.pop("document")
        if self.kind == K.CREATE:
            return ReorganisationStep(kind=K.CREATE, parent_code=self.unit.code, **said)
        if heir:
            return ReorganisationStep(kind=K.MERGE, sources=[self.unit.code], code=heir.code)
        if parent:
            said["parent_code"] = parent.code
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

    office = PickField(
        "units_of_today", label=_("Cơ quan thi đua"), help_text=_("Ghi một phần tên, có dấu hay không dấu.")
    )
    since = DayField(label=_("Từ ngày"), validators=[MinValueValidator(EARLIEST)])
    source = CleanCharField(label=_("Văn bản (số, ngày, cơ quan ban hành)"), max_length=200)

    def __init__(self, *args: Any, unit: Unit, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "office", PickField).open_to(by, key_of(unit))
