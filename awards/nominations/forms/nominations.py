"""The shape of a nomination. A draft may be wrong in law; here only its shape is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.standards import Award
from awards.models import Nomination
from awards.models.ledger import award_label
from awards.models.nominations import NominationQuerySet
from awards.models.subjects import SubjectKind
from awards.nominations.checking import cases, reports
from awards.nominations.checking.declared import GRADES, MEMBERS, YES_NO, facts_of
from awards.nominations.forms.submissions import MAX_LINKS
from portal.days import today
from portal.files.uploads import ACCEPT, FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, Filter, errors, field_of
from portal.web.forms.errors import Fault, taken
from portal.web.forms.numbers import NumberField
from portal.web.rendering import ROWS
from portal.web.seen import Versioned
from units.models import User

Choices = dict[str, list[tuple[int, str]]]


class NominationFilter(Filter):
    """What part of the nominations is shown; a value that means nothing is passed over."""

    q = forms.CharField(
        label=_("Tìm theo tên, đơn vị, nội dung"), required=False, max_length=200, widget=forms.SearchInput
    )
    tab = forms.ChoiceField(
        label=_("Hiển thị"),
        required=False,
        choices=[("", _("Tất cả")), ("mine", _("Của đơn vị tôi")), ("desk", _("Đang ở bàn của tôi"))],
    )
    state = forms.ChoiceField(
        label=_("Trạng thái"), required=False, choices=[("", _("Mọi trạng thái")), *Nomination.State.choices]
    )
    # also awards that are in force no more, where an address names one
    award = forms.CharField(label=_("Danh hiệu, hình thức"), required=False, max_length=20, widget=forms.Select)
    year = NumberField(label=_("Năm thành tích"), required=False, max_value=2999)

    def __init__(self, data: Any):
        super().__init__(data)
        awards = standards.in_force(today()).awards.values()
        self.fields["award"].widget.choices = [("", _("Mọi hình thức")), *((a.code, a.label) for a in awards)]

    def narrow(self, user: User) -> NominationQuerySet:
        """The nominations that were asked for, of those that the person sees."""
        found, asked = Nomination.objects.visible_to(user), self.asked
        if asked.get("tab") == "desk":
            lying = found.filter(
                desk__in=user.units_where("accept_nominations", "review"), state__in=Nomination.ON_THE_WAY
            )
            found = lying.exclude(unit__in=user.units_where("draft_nominations"))
        elif asked.get("tab") == "mine":
            found = found.filter(unit__in=user.units_where("draft_nominations"))
        for name, lookup in (("state", "state"), ("award", "award"), ("year", "submission__year")):
            if name in asked:
                found = found.filter(**{lookup: asked[name]})
        return found.matching(asked.get("q", ""))


class FactsForm(BootstrapFormMixin, forms.Form):
    """What the unit declares; each answer is stored as JSON, an empty one is not known."""

    default_renderer = ROWS

    def __init__(self, data: Mapping | None, *, nomination: Nomination, award: Award | None):
        self.kinds = {key: kind for key, _label, kind in facts_of(nomination, award)}
        stored = nomination.facts
        super().__init__(data, prefix="facts", initial={k: self._shown(k, stored.get(k)) for k in self.kinds})
        for key, label, kind in facts_of(nomination, award):
            self.fields[key] = self._field(label, kind)

    def _shown(self, key: str, value: Any) -> Any:
        if self.kinds[key] == "choice":
            return {True: "yes", False: "no"}.get(value, "")
        if self.kinds[key] == "grade":
            return {None: "", "": "none"}.get(value, value)
        return value

    def _field(self, label: Any, kind: str) -> forms.Field:
        if kind in ("number", "percent"):
            percent = kind == "percent"
            return NumberField(label=label, required=False, min_value=0, max_value=100000, percent=percent)
        if kind == "yes":
            return forms.BooleanField(label=label, required=False)
        choices = YES_NO if kind == "choice" else GRADES
        return forms.ChoiceField(label=label, required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for key in list(data):
            whole = data.get("cluster_total" if key == "cluster_yes" else "members_total")
            if key == "cluster_yes" or key == "members_done" or key.startswith(MEMBERS):
                if whole is not None and data[key] is not None and data[key] > whole:
                    self.add_error(key, _("Nhiều hơn tổng số thành viên (%s).") % whole)
        return data

    def content(self, stored: dict[str, Any]) -> dict[str, Any]:
        """What is declared; an answer that is wrong stays as it is stored."""
        found = {key: stored[key] for key in self.kinds if key in stored and key not in self.cleaned_data}
        for key, kind in self.kinds.items():
            value = self.cleaned_data.get(key)
            if kind == "choice" and value:
                found[key] = value == "yes"
            elif kind == "grade" and value:
                found[key] = "" if value == "none" else value
            elif kind == "yes" and value:
                found[key] = True
            elif kind in ("number", "percent") and value is not None:
                found[key] = value
        return found


class ReportForm(BootstrapFormMixin, forms.Form):
    """The sections of the achievement report."""

    default_renderer = ROWS

    def __init__(self, data: Mapping | None, *, nomination: Nomination, known: Mapping[str, str]):
        super().__init__(data, prefix="report", initial={**known, **nomination.report})
        for section in reports.sections(nomination):
            self.fields[section.key] = CleanCharField(
                label=section.heading,
                help_text=section.hint,
                required=False,
                max_length=20000,
                widget=forms.Textarea(attrs={"rows": 8 if section is reports.ACHIEVEMENTS else 4}),
            )


class HeadForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    default_renderer = ROWS

    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"))
    position = CleanCharField(label=_("Chức vụ khi đề nghị"), max_length=100, required=False)
    summary = CleanCharField(
        label=_("Tóm tắt thành tích"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ba đến năm câu có số liệu; phần này đi vào danh sách và tờ trình."),
    )
    votes_for = NumberField(label=_("Số phiếu đồng ý của Hội đồng đơn vị"), min_value=0, max_value=999, required=False)

    class Meta:
        model = Nomination
        fields = ["award", "merit_field", "position", "leads", "summary", "votes_for"]

    def __init__(self, *args: Any, awards: list[Award], **kwargs: Any):
        super().__init__(*args, **kwargs)
        n = self.instance
        fitting = [(a.code, a.label) for a in awards if cases.SUBJECTS[n.subject_kind] in a.subjects]
        if n.award not in dict(fitting):
            fitting.insert(0, (n.award, award_label(n.award)))
        field_of(self, "award", forms.ChoiceField).choices = fitting
        campaign = n.submission.campaign
        if campaign:
            merit_field = field_of(self, "merit_field", forms.ModelChoiceField)
            merit_field.queryset, merit_field.empty_label = campaign.merit_fields.all(), _("– chưa chọn –")
        else:
            del self.fields["merit_field"]
        if n.subject_kind != SubjectKind.PERSON:
            del self.fields["position"], self.fields["leads"]


class LinksForm(BootstrapFormMixin, forms.Form):
    """On what the nomination rests: choices that were fetched with the page."""

    def __init__(self, data: Mapping | None, *, choices: Choices, chosen: dict[str, list[int]]):
        super().__init__(data, prefix="links", initial=chosen)
        for name, label in (
            ("commitments", _("Cam kết trong kế hoạch hưởng ứng đã duyệt")),
            ("achievements", _("Thành tích")),
            ("initiatives", _("Sáng kiến")),
        ):
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=label,
                choices=choices[name][:MAX_LINKS],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )


class WholeNominationForm:
    """The whole page as one form: what was typed stays, whatever is wrong."""

    def __init__(
        self,
        nomination: Nomination,
        data: Mapping | None = None,
        *,
        awards: list[Award],
        award: Award | None,
        choices: Choices,
        chosen: dict[str, list[int]],
        only: set[str] | None = None,
        known: Mapping[str, str] | None = None,
    ):
        self.filled_in = bool(known)
        self.nomination, self.only, self.choices, self.chosen = nomination, only, choices, chosen
        written = ("award", "merit_field", "position", "leads", "summary", "votes_for")
        self.stored = {name: getattr(nomination, name) for name in written}  # the form writes on the nomination itself
        self.head = HeadForm(data, instance=nomination, initial={"version": nomination.version}, awards=awards)
        self.report = ReportForm(data, nomination=nomination, known=known or {})
        self.facts = FactsForm(data, nomination=nomination, award=award)
        self.links = LinksForm(data, choices=choices, chosen=chosen)
        self.parts = (self.head, self.report, self.facts, self.links)
        if only is not None:
            self._close_all_but(only)

    def _close_all_but(self, only: set[str]) -> None:
        """A request for more opens what it names; all else is shown and not taken, whatever is sent along."""
        for name, field in self.head.fields.items():
            field.disabled = name not in only and name != "version"
        for name, field in self.report.fields.items():
            field.disabled = f"report.{name}" not in only
        for field in self.facts.fields.values():
            field.disabled = "facts" not in only
        for field in self.links.fields.values():
            field.disabled = "links" not in only

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(form.is_valid() for form in self.parts[1:])])

    def sound(self) -> bool:
        """Whether it can be saved but for single fields."""
        self.is_valid()
        return "version" in self.head.cleaned_data and all(errors.offered(form) for form in self.parts)

    def content(self) -> dict[str, Any]:
        """What `editing.write` takes, if the form is sound; a field that is wrong stays as it is stored."""
        names = [name for name in self.head.fields if name != "version"]
        kept = {key: value for key, value in self.nomination.facts.items() if key not in self.facts.kinds}
        return {
            "version": self.head.cleaned_data["version"],
            "fields": {name: taken(self.head, name, self.stored[name]) for name in names},
            "report": {**self.nomination.report, **self.report.cleaned_data},
            "facts": kept | self.facts.content(self.nomination.facts),
            "links": {name: taken(self.links, name, self.chosen[name]) for name in self.links.fields},
        }

    def faults(self) -> list[Fault]:
        """Everything that is wrong, with its place."""
        return [fault for form in self.parts if form.is_bound for fault in errors.of_form(form)]


class AchievementForm(BootstrapFormMixin, forms.Form):
    default_renderer = ROWS

    title = CleanCharField(label=_("Thành tích"), max_length=300)
    figures = CleanCharField(
        label=_("Số liệu cụ thể"),
        max_length=500,
        required=False,
        help_text=_("Ví dụ: giải quyết 120 vụ, nhiều hơn năm trước 15 vụ."),
    )


class EvidenceForm(BootstrapFormMixin, forms.Form):
    default_renderer = ROWS  # all parts of a dossier

    part = forms.ChoiceField(label=_("Thành phần hồ sơ"))
    file = forms.FileField(
        label=_("Tệp"),
        help_text=_("PDF, DOCX, XLSX hoặc ảnh; tối đa 20 MB mỗi tệp. Không tải lên tài liệu có bí mật nhà nước."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages=FILE_ERRORS,
    )

    def __init__(self, data: Mapping | None = None, files: Any = None, *, parts: list[tuple[str, str]]):
        super().__init__(data, files, auto_id="evidence_%s")
        field_of(self, "part", forms.ChoiceField).choices = parts


class SetAsideForm(Versioned):
    condition = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = CleanCharField(label=_("Lý do"), max_length=500)
