"""Shapes of what administrators fill in about accounts and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.models import ForgottenPassword
from portal.web.forms import CleanCharField, DayField, Filter, field_of
from portal.web.forms.picking import PickField
from units.access.rights import ACTING
from units.models import Membership, Posting, Role, Unit, User
from units.models.units import valid_on

NO_PASSWORD = Q(("password__startswith", UNUSABLE_PASSWORD_PREFIX))


class AccountFilter(Filter):
    """What the list of accounts is narrowed to; each choice is a condition of the database."""

    STATES = {
        "active": (_("đang dùng"), Q(is_active=True) & ~NO_PASSWORD),
        "invited": (_("đã mời, chưa đặt mật khẩu"), Q(is_active=True) & NO_PASSWORD),
        "inactive": (_("đã ngừng"), Q(is_active=False)),
        "roleless": (_("chưa có vai trò"), Q(is_active=True)),
        "ending": (_("vai trò sắp hết hạn"), Q()),
        "unused": (_("chưa đăng nhập lần nào"), Q(is_active=True, last_login=None)),
    }
    SORTS = {
        "name": (_("Tên"), ["person__sort_key", "username", "pk"]),
        "seen": (_("Đăng nhập gần nhất"), ["-last_login", "pk"]),
        "new": (_("Mới mở"), ["-date_joined", "-pk"]),
    }

    q = forms.CharField(label=_("Tên, tên đăng nhập, thư"), required=False, max_length=100)
    unit = PickField("units_administered", label=_("Đơn vị"), required=False)
    role = forms.ChoiceField(label=_("Vai trò"), required=False, choices=[("", _("Tất cả")), *Role.choices])
    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Tất cả")), *((k, v[0]) for k, v in STATES.items())]
    )
    sort = forms.ChoiceField(label=_("Xếp theo"), required=False, choices=[(k, v[0]) for k, v in SORTS.items()])

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        field_of(self, "unit", PickField).open_to(user)


class AccountForm(forms.ModelForm):
    """The account of a person: the name to sign in with, the address of letters and links, the language."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        min_length=3,
        max_length=30,
        validators=[ASCIIUsernameValidator()],
        help_text=_("Chữ không dấu, số và các dấu . _ - @ +"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Địa chỉ thư công vụ"),
        max_length=200,
        help_text=_("Lời mời và đường dẫn đặt mật khẩu gửi tới đây; phải là thư của chính người này."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = User
        fields = ["username", "email", "language"]
        widgets = {"language": forms.RadioSelect}
        labels = {"language": _("Ngôn ngữ của thư và của cổng")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "language", forms.ChoiceField).choices = [("vi", "Tiếng Việt"), ("en", "English")]
        if self.instance.pk:
            del self.fields["username"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Tên đăng nhập này đã được dùng."))
        return name

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Địa chỉ thư này đã thuộc một tài khoản khác."))
        return address


class ForgottenForm(forms.Form):
    """Keeps the address and asks nobody whose it is, so that any name costs the same; the worker answers."""

    email = forms.EmailField(max_length=254)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address: str = self.cleaned_data["email"]
        ForgottenPassword.objects.create(address=address)
        return address


class RoleForm(forms.Form):
    """A role over a unit from day to day, and the document that says so; `acting` lends the head's right for a time."""

    unit = PickField("units_administered", label=_("Đơn vị"), help_text=_("Ghi một phần tên, có dấu hay không dấu."))
    role = forms.ChoiceField(
        label=_("Vai trò"),
        widget=forms.RadioSelect,
        choices=[*Role.choices, (ACTING, _("Phụ trách, quyền thủ trưởng có thời hạn (được giao thay)"))],
    )
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Để trống nếu chưa định ngày kết thúc. Quyền giao thay phải có ngày kết thúc."),
    )
    document = CleanCharField(
        label=_("Văn bản làm căn cứ"),
        max_length=200,
        help_text=_("Số, ký hiệu, ngày của quyết định hoặc giấy giao việc."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "unit", PickField).open_to(by)


class RoleEndForm(forms.Form):
    last_day = DayField(
        label=_("Ngày cuối"),
        required=False,
        help_text=_("Để trống để chấm dứt ngay."),
    )
    note = CleanCharField(label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


def at_unit(unit: Unit) -> Q:
    """Accounts of the unit and of all below it."""
    over = Q(unit__path__under=unit.path)
    roles = Membership.objects.in_force().filter(over, user=OuterRef("pk"))
    postings = Posting.objects.filter(valid_on(today()), over, person=OuterRef("person"))
    return Q(Exists(roles)) | Q(Exists(postings))
