"""What is filled in about councils, sittings and ballots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.models import AgendaItem, Council, CouncilMember, OpenVote, Sitting, SittingMember
from awards.models.councils import SittingQuerySet
from portal.days import local_day, today
from portal.files.uploads import ACCEPT, FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, clean_formfield, field_of
from portal.web.forms.numbers import NumberField
from portal.web.rendering import ROWS
from portal.web.seen import Versioned
from units.access.holders import people_at
from units.models import Unit, User

NOTE = {"rows": 3}
PASSPHRASE_LENGTH = 16
HALF = "col-12 col-md-6"


class CouncilForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    """A council: by which decision, from when to when, and the shares that no text sets."""

    usual_percent = NumberField(
        label=_("Tỷ lệ đồng ý khi quy định không nêu (%)"),
        required=False,
        min_value=1,
        max_value=100,
        percent=True,
        help_text=_("Tính trên tổng số thành viên. Dùng cho danh hiệu, hình thức mà quy định không nêu tỷ lệ."),
    )
    quorum_percent = NumberField(
        label=_("Tỷ lệ thành viên phải dự họp, cho ý kiến (%)"),
        required=False,
        min_value=1,
        max_value=100,
        percent=True,
        help_text=_("Để trống nếu quy chế của Hội đồng không đặt."),
    )
    widths = dict.fromkeys(("number", "dated", "valid_from", "valid_to"), f"{HALF} mb-3")
    width = "col-12"

    class Meta:
        model = Council
        fields = ["unit", "name", "number", "dated", "valid_from", "valid_to", "usual_percent", "quorum_percent"]
        formfield_callback = clean_formfield

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = {unit.pk for unit in user.units_where("prepare_sittings")}
        field = field_of(self, "unit", forms.ModelChoiceField)
        field.queryset, field.empty_label = Unit.objects.filter(pk__in=own), None
        field.disabled = self.instance.pk is not None
        self.initial["version"] = self.instance.version
        self.fields["version"].required = self.instance.pk is not None


class SeatForm(BootstrapFormMixin, forms.ModelForm):
    """A seat for somebody with an account that may sit in the unit's council."""

    width = "col-12"

    class Meta:
        model = CouncilMember
        fields = ["user", "duty", "valid_from", "document"]
        formfield_callback = clean_formfield

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        council = self.instance.council
        seated = set(council.members.filter(valid_to=None).values_list("user", flat=True))
        people = [user for user in people_at(council.unit, "sit_in_council") if user.pk not in seated]
        people.sort(key=lambda user: user.person.sort_key if user.person else user.username)
        field = field_of(self, "user", forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[user.pk for user in people])
        field.choices = [("", _("– chưa chọn –")), *((user.pk, str(user)) for user in people)]
        self.initial.setdefault("valid_from", today())


class EndForm(BootstrapFormMixin, forms.Form):
    on = DayField(label=_("Đến hết ngày"), initial=today)


class SittingForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    """When, where and what about."""

    day = DayField(label=_("Ngày họp, ngày bắt đầu lấy ý kiến"))
    hour = forms.TimeField(
        label=_("Giờ"),
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": _("giờ:phút"), "autocomplete": "off"}),
        error_messages={"invalid": _("Hãy ghi giờ theo dạng giờ:phút, ví dụ 14:00.")},
    )
    widths = {"day": f"{HALF} mb-3", "hour": f"{HALF} mb-3"}
    width = "col-12"
    field_order = ["council", "title", "day", "hour", "in_writing", "place"]

    class Meta:
        model = Sitting
        fields = ["council", "title", "in_writing", "place"]
        formfield_callback = clean_formfield

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = Council.objects.filter(unit__in=user.units_where("prepare_sittings"))
        field = field_of(self, "council", forms.ModelChoiceField)
        field.queryset, field.empty_label = own, _("– chưa chọn –")
        if len(choices := list(own)) == 1:
            field.initial = choices[0]
        field.disabled = self.instance.pk is not None
        if self.instance.starts_at:
            here = timezone.localtime(self.instance.starts_at)
            self.initial.update(day=here.date(), hour=here.time())
        self.initial["version"] = self.instance.version
        self.fields["version"].required = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("day") and data.get("hour"):
            moment = datetime.combine(data["day"], data["hour"], tzinfo=timezone.get_default_timezone())
            self.instance.starts_at = moment
            council = data.get("council")
            if council and not council.members_on(local_day(moment)).exists():
                self.add_error("day", _("Vào ngày này Hội đồng không có thành viên nào."))
        if not data.get("in_writing") and not data.get("place"):
            self.add_error("place", _("Hãy ghi địa điểm họp."))
        return data


class AgendaForm(Versioned):
    """Which of the waiting nominations come before the sitting."""

    nomination = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Hãy chọn ít nhất một đề nghị.")}
    )

    def __init__(self, *args: Any, waiting: list[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "nomination", forms.TypedMultipleChoiceField).choices = [(n.pk, str(n)) for n in waiting]


class AttendanceForm(BootstrapFormMixin, Versioned):
    """One line for each member."""

    default_renderer = ROWS

    def __init__(self, *args: Any, members: list[SittingMember], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.members = members
        for member in members:
            self.fields[f"m{member.pk}"] = forms.ChoiceField(
                label=str(member), choices=SittingMember.Attendance.choices, initial=member.attendance
            )

    def lines(self) -> list[dict[str, Any]]:
        return [{"member": member, "field": self[f"m{member.pk}"]} for member in self.members]

    def told(self) -> dict[int, str]:
        """Member → attendance."""
        return {member.pk: self.cleaned_data[f"m{member.pk}"] for member in self.members}


class RecusalForm(BootstrapFormMixin, forms.Form):
    reason = CleanCharField(label=_("Lý do"), max_length=300, widget=forms.Textarea(attrs=NOTE))


class QuestionForm(BootstrapFormMixin, forms.Form):
    text = CleanCharField(label=_("Điều cần hỏi"), max_length=1000, widget=forms.Textarea(attrs=NOTE))


class MinutesForm(BootstrapFormMixin, forms.Form):
    file = forms.FileField(
        label=_("Bản quét biên bản có chữ ký"),
        error_messages=FILE_ERRORS,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class PassphraseForm(BootstrapFormMixin, forms.Form):
    """The holder's passphrase; typed twice where it is set."""

    passphrase = forms.CharField(
        label=_("Cụm mật khẩu"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class NewPassphraseForm(PassphraseForm):
    again = forms.CharField(
        label=_("Nhập lại cụm mật khẩu"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["passphrase"].help_text = (
            _("Ít nhất %s ký tự, ví dụ năm từ không liên quan nhau.") % PASSPHRASE_LENGTH
        )

    def clean_passphrase(self) -> str:
        typed: str = self.cleaned_data["passphrase"]
        if len(typed) < PASSPHRASE_LENGTH:
            raise forms.ValidationError(_("Hãy dùng ít nhất %s ký tự.") % PASSPHRASE_LENGTH)
        if self.user.check_password(typed):
            raise forms.ValidationError(_("Hãy dùng cụm khác với mật khẩu đăng nhập."))
        return typed

    def clean(self) -> Any:
        data = super().clean()
        if "passphrase" in self.cleaned_data and self.cleaned_data.get("again") != self.cleaned_data["passphrase"]:
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        return data


class PaperForm(BootstrapFormMixin, forms.Form):
    """The ballot paper: one choice for each item on which the member has a vote."""

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"i{item.pk}"] = forms.ChoiceField(
                label=item.nomination.subject_name,
                choices=OpenVote.Choice.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Hãy chọn một ý kiến cho đề nghị này.")},
            )

    def lines(self) -> list[dict[str, Any]]:
        return [{"item": item, "field": self[f"i{item.pk}"]} for item in self.items]

    def choices(self) -> dict[int, str]:
        """Item → choice."""
        return {item.pk: self.cleaned_data[f"i{item.pk}"] for item in self.items}


class CountsForm(BootstrapFormMixin, Versioned):
    """The counts of a ballot on paper."""

    default_renderer = ROWS
    KINDS = (("yes", _("đồng ý")), ("no", _("không đồng ý")), ("none", _("không có ý kiến")))

    def __init__(self, *args: Any, items: list[AgendaItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            for kind, label in self.KINDS:
                self.fields[f"{kind}{item.pk}"] = NumberField(label=label, min_value=0, max_value=999)

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"item": item, "fields": [self[f"{kind}{item.pk}"] for kind, _label in self.KINDS]} for item in self.items
        ]

    def counts(self) -> dict[int, tuple[int, int, int]]:
        """Item → in favour, against, no opinion."""
        data = self.cleaned_data
        return {i.pk: (data[f"yes{i.pk}"], data[f"no{i.pk}"], data[f"none{i.pk}"]) for i in self.items}


class SittingFilter(Filter):
    """Which sittings are shown."""

    state = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=[("", _("Tất cả")), *Sitting.State.choices]
    )
    mine = forms.BooleanField(label=_("Chỉ phiên tôi là thành viên"), required=False)

    def narrow(self, rows: SittingQuerySet, user: User) -> SittingQuerySet:
        """The sittings that were asked for."""
        asked = self.asked
        if "state" in asked:
            rows = rows.filter(state=asked["state"])
        if "mine" in asked:
            rows = rows.filter(pk__in=SittingMember.objects.filter(user=user).values("sitting"))
        return rows
