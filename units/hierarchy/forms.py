"""Shapes of what is asked about units and rights."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.web.forms import BootstrapFormMixin, DayField, clean_formfield
from units.access.rights import MAX_DELEGATION_DAYS
from units.models import Membership, Role, Unit, User
from units.models.units import valid_on


class TreeForm(BootstrapFormMixin, forms.Form):
    """The day for which the tree is asked, and words to find."""

    on = DayField(label=_("Theo ngày"), required=False)
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
        self.fields["user"].queryset = staff.filter(here).select_related("person").distinct()
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
