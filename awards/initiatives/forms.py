"""The shape of an initiative: what it is, who made it, by which document it was recognised."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from awards.initiatives import services as initiatives
from awards.models import Initiative, InitiativeAuthor, Level
from awards.models.initiatives import InitiativeQuerySet
from portal.days import today
from portal.text import grouped
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, WholeRows, errors, field_of
from portal.web.forms.errors import Fault
from portal.web.forms.numbers import NumberField
from portal.web.forms.picking import Choice, PickField, key_of
from portal.web.seen import Versioned
from units.models import Person, Unit, User

MAX_AUTHORS = 30
BLANK_ROWS = 3
EVERYTHING = [("", _("Tất cả"))]


class InitiativeFilter(Filter):
    """What part of the register is shown; a value that means nothing is passed over."""

    q = forms.CharField(label=_("Tìm theo tên, số văn bản"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=[*EVERYTHING, *Initiative.State.choices])
    unit = PickField("units_of_any_day", label=_("Đơn vị (cả đơn vị bên dưới)"), required=False)
    scope = forms.ChoiceField(label=_("Phạm vi"), required=False, choices=[*EVERYTHING, *Level.choices])
    kind = forms.ChoiceField(label=_("Hình thức"), required=False, choices=[*EVERYTHING, *Initiative.Kind.choices])
    year = NumberField(label=_("Năm công nhận"), required=False, min_value=1945, max_value=2999)
    used = forms.ChoiceField(
        label=_("Đã dùng để xét khen thưởng"),
        required=False,
        choices=[*EVERYTHING, ("no", _("chưa dùng")), ("yes", _("đã dùng"))],
    )

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        field_of(self, "unit", PickField).open_to(user)

    @property
    def more_asked(self) -> bool:
        """Whether anything is asked that the page folds away."""
        return bool(set(self.asked) - set(list(self.fields)[:3]))

    def narrow(self, found: InitiativeQuerySet) -> InitiativeQuerySet:
        """The rows that were asked for."""
        asked = self.asked
        for name in ("state", "scope", "kind"):
            if name in asked:
                found = found.filter(**{name: asked[name]})
        if "unit" in asked:
            found = found.within(asked["unit"])
        if "year" in asked:
            found = found.filter(recognised_on__year=asked["year"])
        if "used" in asked:
            found = found.that_are_used(asked["used"] == "yes")
        return found.matching(asked["q"]) if "q" in asked else found


class InitiativeForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    title = CleanCharField(
        label=_("Tên sáng kiến"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
        help_text=_("Ghi đúng tên trong đơn. Cổng tìm các sáng kiến có tên gần giống, dù có dấu hay không dấu."),
    )
    summary = CleanCharField(
        label=_("Nội dung, hiệu quả"), required=False, max_length=10000, widget=forms.Textarea(attrs={"rows": 5})
    )
    first_applied_on = DayField(label=_("Áp dụng lần đầu ngày"), required=False)
    applied_for_on = DayField(label=_("Ngày nộp đơn"), required=False)

    class Meta:
        model = Initiative
        fields = ["unit", "title", "kind", "scope", "summary", "first_applied_on", "applied_for_on"]
        help_texts = {"scope": _("Phạm vi đề nghị công nhận: trong đơn vị, trong ngành hay trong toàn quốc.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        units = {unit.pk for unit in initiatives.units_of(user)} | {self.instance.unit_id}
        field = field_of(self, "unit", forms.ModelChoiceField)
        field.queryset, field.empty_label = Unit.objects.filter(pk__in=units - {None}), None
        self.initial["version"] = self.instance.version
        self.fields["version"].required = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for name in ("first_applied_on", "applied_for_on"):
            if data.get(name) and data[name] > today():
                self.add_error(name, _("Ngày này ở trong tương lai."))
        return data


class AuthorForm(BootstrapFormMixin, forms.Form):
    """One author and the share."""

    who = PickField("authors", label=_("Họ tên"), required=False)
    share = NumberField(label=_("Phần đóng góp (%)"), required=False, min_value=1, max_value=100, percent=True)

    def __init__(self, *args: Any, by: User, about: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field_of(self, "who", PickField).open_to(by, about)


class AuthorRows(WholeRows):
    """The authors; their shares, where told, make no more than the whole."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.found: dict[Person, int | None] = {}

    def clean(self) -> None:
        super().clean()
        written = [form for form in self.forms if form.cleaned_data.get("who") and not _dropped(form)]
        for form in written:
            person = form.cleaned_data["who"]
            if person in self.found:
                form.add_error("who", _("Tác giả này đã có ở trên."))
            else:
                self.found[person] = form.cleaned_data.get("share")
        if any(form.errors for form in self.forms):
            return
        if not self.found:
            raise forms.ValidationError(_("Hãy ghi ít nhất một tác giả."))
        if (total := sum(share or 0 for share in self.found.values())) > 100:
            words = gettext("Tổng phần đóng góp là %(total)s %%, không được quá 100 %%.") % {"total": grouped(total)}
            raise forms.ValidationError(words)


def _dropped(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


# the factory's types forget which formset it was given
AuthorFormSet = cast(
    type[AuthorRows],
    forms.formset_factory(
        AuthorForm,
        formset=AuthorRows,
        extra=0,
        max_num=MAX_AUTHORS,
        validate_max=True,
        absolute_max=MAX_AUTHORS + 20,
    ),
)


def _as_typed(row: InitiativeAuthor) -> dict[str, Any]:
    return {"who": Choice(row.person), "share": row.share}


class WholeInitiative:
    """The page as one form: what was typed stays, whatever is wrong."""

    def __init__(self, initiative: Initiative, data: Any = None, *, user: User):
        self.user, self.data = user, data
        people = Prefetch("person", Person.objects.for_choice())
        rows = list(initiative.authors.prefetch_related(people)) if initiative.pk else []
        self.head = InitiativeForm(data, instance=initiative, user=user)
        self.authors = AuthorFormSet(
            data,
            prefix="authors",
            initial=None if data is not None else [*map(_as_typed, rows), *[{}] * BLANK_ROWS],
            form_kwargs={"by": user, "about": key_of(initiative) if initiative.pk else ""},
        )
        self.stored = {row.person: row.share for row in rows}
        self.title = initiative.title  # as it is stored: the form writes on the initiative itself
        self.seen_alike = bool(data) and "seen_alike" in data

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), self.authors.is_valid()])

    def sound(self) -> bool:
        """Whether a draft can take it but for single fields; a title like others waits for the answer of its writer."""
        self.is_valid()
        if "title" in self.head.cleaned_data and self.asks(self.alike()):
            self.head.add_error("title", _("Có sáng kiến tên gần giống: hãy xem rồi bấm «Lưu»."))
            self.head.instance.title = self.title
        return not self.head.non_field_errors() and errors.offered(self.head)

    def author_shares(self) -> dict[Person, int | None]:
        """The authors, as they are stored while one of their rows is wrong."""
        return self.authors.found if self.authors.is_valid() else self.stored

    def faults(self) -> list[Fault]:
        """Everything that is wrong, with its place."""
        return [*errors.of_form(self.head), *errors.of_rows(self.authors, gettext("Tác giả"), "authors")]

    def asks(self, alike: list[initiatives.Like]) -> bool:
        """Whether these have to be looked at before the title is kept."""
        return bool(alike) and not self.seen_alike and self.head.cleaned_data["title"] != self.title

    def alike(self) -> list[initiatives.Like]:
        """What has a like title, once there is one."""
        title = self.head.cleaned_data.get("title", "") if self.head.is_bound else self.head.instance.title
        return initiatives.alike(title, self.user, but=self.head.instance.pk) if title else []


class RecognitionForm(BootstrapFormMixin, Versioned):
    """The document by which an initiative was recognised."""

    recognition_number = CleanCharField(label=_("Số văn bản công nhận"), max_length=60)
    recognised_on = DayField(label=_("Ngày của văn bản"))
    recognised_by = CleanCharField(label=_("Cấp công nhận"), max_length=200)

    def clean_recognised_on(self) -> date:
        day: date = self.cleaned_data["recognised_on"]
        if day > today():
            raise forms.ValidationError(_("Ngày này ở trong tương lai."))
        return day
