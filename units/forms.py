"""Shapes of what is asked about units and rights."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from units.days import today
from units.models import Membership, Role, Unit, User
from units.models.units import valid_on
from units.rights import MAX_DELEGATION_DAYS
from units.text import clean


class Filter(forms.Form):
    """What part of a list is shown; a value that means nothing is passed over."""

    def __init__(self, data: Any):
        super().__init__(data, label_suffix="")

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and makes sense, nothing else."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same as a query string that can be kept and shared."""
        return urlencode({n: "1" if v is True else getattr(v, "code", v) for n, v in self.asked.items()})


class WholeRows(forms.BaseFormSet):
    """Rows that are taken only as the page sent them: a row that does not come along would be a row deleted."""

    default_error_messages = {
        "missing_management_form": _("Các dòng gửi lên không trọn vẹn. Hãy tải lại trang rồi lưu lại."),
        "too_many_forms": ngettext_lazy(
            "Danh sách có tối đa %(num)d dòng.", "Danh sách có tối đa %(num)d dòng.", "num"
        ),
        "too_few_forms": ngettext_lazy(
            "Danh sách cần ít nhất %(num)d dòng.", "Danh sách cần ít nhất %(num)d dòng.", "num"
        ),
    }

    def clean(self) -> None:
        super().clean()
        if not self.management_form.is_valid() or self._sent() != set(range(self.total_form_count())):
            raise forms.ValidationError(self.error_messages["missing_management_form"])

    def _sent(self) -> set[int]:
        """The rows of which anything was sent."""
        name = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,5}})-")
        return {int(found[1]) for found in map(name.match, self.data) if found}


class TreeForm(forms.Form):
    """The day for which the tree is asked, and words to find."""

    on = forms.DateField(
        label=_("Theo ngày"),
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": _("ngày/tháng/năm"), "class": "form-control"}),
    )
    q = forms.CharField(
        label=_("Tìm đơn vị"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("tên hoặc mã, có dấu hay không dấu")}),
    )


class DelegationForm(forms.ModelForm):
    """A head lends the right to submit to someone of the same unit, from one day to another, by a document."""

    class Meta:
        model = Membership
        fields = ["user", "valid_from", "valid_to", "document"]
        widgets = {
            name: forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": _("ngày/tháng/năm")})
            for name in ("valid_from", "valid_to")
        }

    def __init__(self, *args, unit: Unit, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit, self.by = unit, by
        day = today()
        staff = User.objects.filter(is_active=True).exclude(pk=by.pk)
        here = Q(memberships__in=unit.memberships.in_force(day)) | Q(
            person__postings__in=unit.postings.filter(valid_on(day))
        )
        self.fields["user"].queryset = staff.filter(here).select_related("person").distinct()
        self.fields["user"].label = _("Người được ủy quyền")
        for name in ("valid_from", "valid_to", "document"):
            self.fields[name].required = True

    def clean_document(self):
        return clean(self.cleaned_data["document"])

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
