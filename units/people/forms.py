"""Shapes of what is asked about people, their postings and statuses, and collectives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.exchange.forms import UploadForm
from portal.web.forms import CleanCharField, DayField, Filter, field_of
from portal.web.forms.numbers import NumberField
from portal.web.forms.picking import PickField, key_of
from portal.web.seen import UNSEEN, Versioned
from units.models import Collective, Person, PersonStatus, Posting, Unit, User
from units.models.units import valid_on

COLLECTIVES_SHOWN = 200
OLDEST = 1900
PART_OF_NAME = _("Ghi một phần tên, có dấu hay không dấu.")


class Told:
    """What a form was told, as the verbs take it."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """Every field but the version, which is asked for by itself."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "version"}


# --- lists ---


class PeopleFilter(Filter):
    """What part of the people is shown; a value that means nothing is passed over and told beside its field."""

    NOW, ALL = "", "all"

    q = CleanCharField(label=_("Tên hoặc số hiệu"), required=False, max_length=100)
    unit = PickField("units_looked_up", label=_("Đơn vị"), required=False)
    state = forms.ChoiceField(label=_("Tình trạng"), required=False)
    leads = forms.ChoiceField(
        label=_("Chức vụ"),
        required=False,
        choices=[("", _("Tất cả")), ("yes", _("Lãnh đạo")), ("no", _("Không phải lãnh đạo"))],
    )
    collective = CleanCharField(label=_("Tập thể"), required=False, max_length=30, widget=forms.Select)
    only = forms.BooleanField(label=_("Chỉ riêng đơn vị này"), required=False)

    def __init__(self, data: Any, *, user: User, statuses: bool):
        super().__init__(data)
        field_of(self, "unit", PickField).open_to(user)
        states: list[tuple[str, str | Promise]] = [
            (self.NOW, _("Đang công tác")),
            (self.ALL, _("Tất cả, kể cả đã chuyển, đã nghỉ")),
        ]
        field_of(self, "state", forms.ChoiceField).choices = states + (
            list(PersonStatus.Kind.choices) if statuses else []
        )
        self.full_clean()
        self.chosen: Unit | None = self.cleaned_data.get("unit")
        places: list[tuple[str, str | Promise]] = [("", _("Tất cả"))]
        if self.chosen:
            here = Collective.objects.filter(valid_on(today()), unit=self.chosen)[:COLLECTIVES_SHOWN]
            places += [(row.code, row.name) for row in here]
        self.fields["collective"].widget.choices = places


class CollectiveFilter(Filter):
    q = CleanCharField(label=_("Tên hoặc mã"), required=False, max_length=100)
    unit = PickField("units_looked_up", label=_("Đơn vị"), required=False)
    closed = forms.BooleanField(label=_("Kể cả đã kết thúc"), required=False)

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        field_of(self, "unit", PickField).open_to(user)
        self.full_clean()


# --- the record ---


class PersonForm(Told, forms.ModelForm):
    """What a record says of the person; postings and statuses have forms of their own."""

    full_name = CleanCharField(label=_("Họ và tên"), max_length=100)
    staff_code = CleanCharField(
        label=_("Số hiệu cán bộ"),
        max_length=20,
        error_messages={"unique": _("Số hiệu cán bộ này đã có trong hệ thống.")},
    )
    rank = CleanCharField(label=_("Ngạch, chức danh"), max_length=100, required=False)
    joined_on = DayField(label=_("Ngày vào ngành"), required=False)
    gender = forms.ChoiceField(
        label=_("Giới tính"), required=False, choices=[("", _("chưa rõ")), *Person.Gender.choices]
    )
    birth_year = NumberField(label=_("Năm sinh"), required=False)

    class Meta:
        model = Person
        fields = ["full_name", "staff_code", "birth_year", "gender", "rank", "joined_on"]

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if year is not None and not OLDEST <= year <= today().year - 16:
            raise ValidationError(
                _("Năm sinh phải từ %(first)s đến %(last)s."), params={"first": OLDEST, "last": today().year - 16}
            )
        return year

    def clean_joined_on(self):
        day, year = self.cleaned_data["joined_on"], self.cleaned_data.get("birth_year")
        if day and day > today():
            raise ValidationError(_("Ngày vào ngành không được ở sau hôm nay."))
        if day and day.year < (year + 16 if year else OLDEST):
            raise ValidationError(_("Ngày vào ngành quá sớm so với năm sinh."))
        return day


class SpanForm(Told, Versioned):
    """Two days, the last one open or not before the first."""

    def clean(self):
        data = super().clean()
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
        return data


class PostingFields(Told, forms.Form):
    """Where somebody works from a day on, and as what; unit and collective are named by code or name."""

    unit = PickField("units_staffed", label=_("Đơn vị"), help_text=PART_OF_NAME)
    collective = PickField(
        "collectives_staffed",
        beside="unit",
        label=_("Tập thể"),
        required=False,
        help_text=_("Nếu có: một phần tên phòng, tổ thuộc đơn vị."),
    )
    position = CleanCharField(label=_("Chức vụ"), max_length=100, required=False)
    leads = forms.BooleanField(
        label=_("Là lãnh đạo"), required=False, help_text=_("Cấp trưởng, cấp phó của đơn vị hoặc tập thể.")
    )
    valid_from = DayField(label=_("Từ ngày"))
    document = CleanCharField(
        label=_("Văn bản"),
        max_length=200,
        required=False,
        help_text=_("Số, ngày của quyết định tuyển dụng, điều động, bổ nhiệm."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "unit", PickField).open_to(by)
        field_of(self, "collective", PickField).open_to(by, lambda: key_of(self.cleaned_data.get("unit")))


class NewPostingForm(SpanForm, PostingFields):
    """A posting beside those that run."""

    valid_to = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết."))


class TransferForm(Versioned, PostingFields):
    """Where the person goes, from which day, by which document."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = _("Đến đơn vị")
        self.fields["document"].required = True


class PostingForm(SpanForm):
    """A posting put right; its unit stays."""

    collective = forms.ModelChoiceField(
        label=_("Tập thể"),
        required=False,
        queryset=Collective.objects.none(),
        empty_label=_("(không thuộc tập thể nào)"),
    )
    position = CleanCharField(label=_("Chức vụ"), max_length=100, required=False)
    leads = forms.BooleanField(label=_("Là lãnh đạo"), required=False)
    valid_from = DayField(label=_("Từ ngày"), required=False, help_text=_("Để trống nếu chưa rõ."))
    valid_to = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu đang giữ vị trí này."))
    document = CleanCharField(label=_("Văn bản"), max_length=200, required=False)

    def __init__(self, *args: Any, posting: Posting, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "collective", forms.ModelChoiceField).queryset = Collective.objects.filter(unit=posting.unit)


class StatusForm(SpanForm):
    """What is so of a person for a time; discipline has a grade, nothing else has."""

    kind = forms.ChoiceField(label=_("Tình trạng"), choices=PersonStatus.Kind.choices)
    grade = forms.ChoiceField(
        label=_("Hình thức kỷ luật"),
        required=False,
        choices=[("", _("(chỉ khi bị kỷ luật)")), *PersonStatus.Grade.choices],
    )
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết."))
    document = CleanCharField(label=_("Văn bản"), max_length=200, required=False)

    def clean(self):
        data = super().clean()
        if data.get("kind") != PersonStatus.Kind.DISCIPLINED:
            data["grade"] = ""
        elif not data.get("grade"):
            self.add_error("grade", _("Hãy chọn hình thức kỷ luật."))
        return data


def _reason(**kwargs: Any) -> CleanCharField:
    area = forms.Textarea(attrs={"rows": 3})
    return CleanCharField(
        label=_("Lý do"), max_length=300, widget=area, error_messages={"required": _("Hãy ghi lý do.")}, **kwargs
    )


class ReasonForm(Versioned):
    """Why something is taken back."""

    reason = _reason()


class AnonymiseForm(ReasonForm):
    """For good: the reason, and the words that one knows."""

    sure = forms.BooleanField(
        label=_("Tôi hiểu rằng việc này không thể hoàn tác."),
        error_messages={"required": _("Hãy đánh dấu ô này nếu chắc chắn.")},
    )


# --- duplicates ---


class WithForm(forms.Form):
    """The other record of the same person."""

    other = PickField("people_kept", label=_("Hồ sơ kia"), help_text=PART_OF_NAME)

    def __init__(self, *args: Any, by: User, person: Person, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person
        field_of(self, "other", PickField).open_to(by)

    def clean_other(self) -> Person:
        other: Person = self.cleaned_data["other"]
        if other.pk == self.person.pk:
            raise ValidationError(_("Đây chính là hồ sơ đang mở. Hãy chọn hồ sơ kia."))
        return other


class MergeForm(forms.Form):
    """Which of two records stays, and why they are one person."""

    keep = forms.ChoiceField(label=_("Giữ hồ sơ"), widget=forms.RadioSelect)
    versions = forms.RegexField(r"^\d{1,10}-\d{1,10}$", widget=forms.HiddenInput)
    reason = _reason()

    def __init__(self, *args: Any, pair: tuple[Person, Person], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.pair = pair
        field_of(self, "keep", forms.ChoiceField).choices = [
            (str(p.pk), f"{p.full_name} · {p.staff_code}") for p in pair
        ]
        self.initial["versions"] = "-".join(str(p.version) for p in pair)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "versions" in self.errors:
            del self.errors["versions"]
            self.add_error(None, UNSEEN)
        return self.cleaned_data

    @property
    def told(self) -> tuple[Person, Person, tuple[int, int]]:
        """The record that stays, the one that goes, and the versions that the person saw of them."""
        first, second = map(int, self.cleaned_data["versions"].split("-"))
        one, other = self.pair
        if self.cleaned_data["keep"] == str(one.pk):
            return one, other, (first, second)
        return other, one, (second, first)


# --- collectives ---


class CollectiveForm(Told, forms.ModelForm):
    """A collective put right; its unit and its code stay."""

    name = CleanCharField(label=_("Tên tập thể"), max_length=200)
    valid_from = DayField(label=_("Từ ngày"), required=False, help_text=_("Để trống nếu chưa rõ."))

    class Meta:
        model = Collective
        fields = ["name", "kind", "valid_from"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        beyond = (Collective.Kind.OUTSIDE, Collective.Kind.HOUSEHOLD)  # begun where they are proposed
        own = [pair for pair in Collective.Kind.choices if pair[0] not in beyond or pair[0] == self.instance.kind]
        field_of(self, "kind", forms.TypedChoiceField).choices = own


class EditCollectiveForm(Versioned, CollectiveForm):
    pass


class NewCollectiveForm(CollectiveForm):
    """A collective that begins: below which unit, under which code."""

    unit = PickField("units_staffed", label=_("Đơn vị"), help_text=PART_OF_NAME)

    class Meta(CollectiveForm.Meta):
        fields = ["code", "name", "kind", "valid_from"]

    field_order = ["unit", "code", "name", "kind", "valid_from"]

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "unit", PickField).open_to(by)


class CloseForm(Versioned):
    """The last day, and why."""

    valid_to = DayField(label=_("Ngày cuối cùng"))
    reason = _reason()


class JoinForm(Versioned):
    """Who joins a collective, from which day; the version is the collective's."""

    person = PickField("people_kept", label=_("Cán bộ"), help_text=PART_OF_NAME)
    valid_from = DayField(label=_("Từ ngày"))
    position = CleanCharField(
        label=_("Chức vụ"), max_length=100, required=False, help_text=_("Để trống nếu giữ nguyên chức vụ.")
    )
    document = CleanCharField(label=_("Văn bản"), max_length=200, required=False)

    def __init__(self, *args: Any, by: User, collective: Collective, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "person", PickField).open_to(by, key_of(collective.unit))


class WholeListForm(UploadForm):
    """Who is missing from the whole list of a unit leaves it; so it is only said on purpose."""

    whole = forms.BooleanField(
        label=_("Tệp là danh sách đầy đủ của một đơn vị: ai không có trong tệp thì thôi công tác ở đó"),
        required=False,
    )
    unit = PickField("units_staffed", label=_("Đơn vị (gồm cả các đơn vị trực thuộc)"), required=False)
    day = DayField(label=_("Kể từ ngày"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "unit", PickField).open_to(self.by)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.root: Unit | None = None
        if not data.get("whole"):
            return data
        if "day" not in self.errors and not data.get("day"):
            self.add_error("day", _("Hãy ghi ngày mà danh sách này đúng."))
        elif data.get("day") and data["day"] > today():
            self.add_error("day", _("Ngày không được ở sau hôm nay."))
        if not data.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Hãy ghi đơn vị có danh sách này."))
        self.root = data.get("unit")
        return data

    def options(self) -> dict[str, Any]:
        if self.root is None:
            return {}
        return {"whole": {"code": self.root.code, "path": self.root.path, "day": self.cleaned_data["day"].isoformat()}}
