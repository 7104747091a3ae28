"""Shapes of what is asked about the ledger and written in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from awards.law.terms import MeritType
from awards.ledger import books
from awards.ledger import services as ledger
from awards.ledger.services import FIRST_YEAR, Rights
from awards.models import Level, PastAward, Rating, SubjectKind
from awards.models.ledger import PastAwardQuerySet
from awards.models.subjects import KEYS
from portal.days import today
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, field_of
from portal.web.forms.numbers import NumberField
from portal.web.forms.picking import PickField, key_of
from portal.web.seen import Versioned
from units.models import Unit, User

REASON = 500
EVERYTHING = [("", _("Tất cả"))]
STATES = {
    "stands": (_("còn hiệu lực"), Q(revoked_on=None)),
    "revoked": (_("đã bị hủy"), Q(revoked_on__isnull=False)),
    "doubted": (_("cần xem lại"), Q(doubted_by__isnull=False)),
}


def year_field(label: Any, **kwargs: Any) -> NumberField:
    """A year of achievement."""
    return NumberField(label=label, min_value=FIRST_YEAR, max_value=2999, **kwargs)


def reason_field(label: Any, **kwargs: Any) -> CleanCharField:
    """Why; the trail keeps it."""
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": REASON})
    messages = {"required": _("Hãy ghi lý do.")}
    return CleanCharField(label=label, max_length=REASON, widget=widget, error_messages=messages, **kwargs)


def award_choices(
    kind: SubjectKind | None = None, levels: Collection[str] | None = None
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Awards by kind of award, as the newest edition names them; for one kind of subject and some levels only."""
    groups: dict[Any, list[tuple[str, str]]] = {}
    for award in books.known_awards().values():
        fits = kind is None or ledger.SUITS[kind] in award.subjects
        if fits and (levels is None or books.LEVELS[award.level] in levels):
            groups.setdefault(award.kind.label, []).append((award.code, award.label))
    return list(groups.items())


class LedgerFilter(Filter):
    """What part of the ledger is shown; a value that means nothing is passed over."""

    q = forms.CharField(label=_("Tìm theo tên, số quyết định"), required=False, max_length=200)
    award = forms.ChoiceField(
        label=_("Danh hiệu, hình thức"), required=False, choices=lambda: [*EVERYTHING, *award_choices()]
    )
    unit = PickField("units_of_any_day", label=_("Đơn vị (cả đơn vị bên dưới)"), required=False)
    kind = forms.ChoiceField(label=_("Đối tượng"), required=False, choices=[*EVERYTHING, *SubjectKind.choices])
    since = year_field(_("Từ năm"), required=False)
    until = year_field(_("Đến năm"), required=False)
    source = forms.ChoiceField(label=_("Nguồn"), required=False, choices=[*EVERYTHING, *PastAward.Source.choices])
    state = forms.ChoiceField(
        label=_("Hiệu lực"),
        required=False,
        choices=[*EVERYTHING, *((code, words) for code, (words, _rows) in STATES.items())],
    )
    sort = forms.ChoiceField(
        label=_("Sắp xếp"), required=False, choices=[("", _("năm mới nhất")), ("entered", _("mới ghi vào sổ"))]
    )

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        field_of(self, "unit", PickField).open_to(user)

    @property
    def more_asked(self) -> bool:
        """Whether anything is asked that the page folds away."""
        return bool(set(self.asked) - set(list(self.fields)[:3]))

    @property
    def order(self) -> tuple[str, ...]:
        """The whole numbers by which the list falls."""
        return ("pk",) if self.asked.get("sort") else ("year", "pk")

    def narrow(self, found: PastAwardQuerySet) -> PastAwardQuerySet:
        """The rows that were asked for."""
        asked = self.asked
        if "kind" in asked:
            found = found.filter(**{f"{KEYS[SubjectKind(asked['kind'])]}__isnull": False})
        if "unit" in asked:
            found = found.within(asked["unit"])
        for name, lookup in (("award", "award"), ("since", "year__gte"), ("until", "year__lte"), ("source", "source")):
            if name in asked:
                found = found.filter(**{lookup: asked[name]})
        if state := asked.get("state"):
            found = found.filter(STATES[state][1])
        return found.matching(asked["q"]) if "q" in asked else found


class SubjectSearch(BootstrapFormMixin, forms.Form):
    """Whom or what a line is to be about."""

    q = forms.CharField(
        label=_("Tên của cá nhân, tập thể, đơn vị"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def _choose_of(form: forms.ModelForm, units: QuerySet[Unit]) -> None:
    """Offer these units as the one to which the subject belonged then."""
    field = field_of(form, "unit", forms.ModelChoiceField)
    field.queryset, field.empty_label, field.label = units, None, _("Đơn vị khi đó")


class LineForm(BootstrapFormMixin, forms.ModelForm):
    """One award of a subject that is known."""

    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"))
    year = year_field(_("Năm thành tích"), help_text=_("Năm đạt thành tích, không phải năm ra quyết định."))
    type = forms.ChoiceField(
        label=_("Loại hình khen thưởng"),
        required=False,
        choices=[("", _("chưa rõ")), *MeritType.choices],
        help_text=_("Khen đột xuất, khen theo chuyên đề không làm căn cứ cho khen theo công trạng."),
    )
    decision_number = CleanCharField(label=_("Số quyết định"), max_length=60)
    decided_on = DayField(label=_("Ngày quyết định"), required=False)
    decided_by = CleanCharField(label=_("Cấp quyết định"), required=False, max_length=200)
    note = CleanCharField(
        label=_("Thành tích"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = PastAward
        fields = ["award", "year", "type", "unit", "decision_number", "decided_on", "decided_by", "note"]

    def __init__(self, *args: Any, rights: Rights, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        kind = self.instance.subject_kind
        levels = None if rights.office else {Level.UNIT}
        award_field = field_of(self, "award", forms.ChoiceField)
        award_field.choices = [("", _("– chọn –")), *award_choices(kind, levels)]
        _choose_of(self, units)


class CorrectForm(Versioned, LineForm):
    """The same line put right, perhaps about another subject, with the reason."""

    subject = PickField("ledger_subjects", label=_("Cá nhân, tập thể hoặc đơn vị được khen"))
    reason = reason_field(_("Lý do sửa"))

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "subject", PickField).open_to(user, key_of(self.instance))
        self.initial.update(version=self.instance.version, subject=self.instance.subject)


class RevokeForm(BootstrapFormMixin, Versioned):
    """The decision by which an award was revoked, and why."""

    number = CleanCharField(label=_("Số quyết định hủy"), max_length=200)
    day = DayField(label=_("Ngày quyết định hủy"))
    why = reason_field(_("Lý do hủy"))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(_("Ngày này ở trong tương lai."))
        return day


class ReasonForm(BootstrapFormMixin, Versioned):
    """A reason, for what the button says."""

    reason = reason_field(_("Lý do"))


class RatingForm(BootstrapFormMixin, forms.ModelForm):
    """How the subject was classified in a year."""

    year = year_field(_("Năm"))
    months_worked = NumberField(label=_("Số tháng làm việc trong năm"), required=False, min_value=0, max_value=12)
    document = CleanCharField(label=_("Văn bản"), required=False, max_length=200)
    reason = reason_field(_("Lý do, nếu sửa mức đã ghi"), required=False)

    class Meta:
        model = Rating
        fields = ["year", "grade", "unit", "months_worked", "document"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        _choose_of(self, units)
        if self.instance.subject_kind != SubjectKind.PERSON:
            del self.fields["months_worked"]

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > today().year:
            raise forms.ValidationError(gettext("Năm %s chưa tới.") % year)
        return year
