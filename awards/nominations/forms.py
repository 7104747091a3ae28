"""The shape of a paper and of its nominations. A draft may be wrong in law; here only its shape is asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.standards import Award
from awards.law.terms import MeritType, Procedure
from awards.ledger.services import award_label
from awards.models import CampaignAward, Nomination, Submission
from awards.models.subjects import SubjectKind
from awards.nominations import cases, findings, reports
from awards.nominations.declared import GRADES, YES_NO, facts_of
from campaigns.models import Campaign, Milestone
from portal.days import today
from portal.files.uploads import ACCEPT, FILE_ERRORS
from portal.scope import under
from portal.web.filters import Filter
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField
from portal.web.seen import Versioned
from units.models import Collective, Person, Unit, User

FIRST_YEAR = 2000
MAX_LINKS = 200  # options of one group of check boxes
Choices = dict[str, list[tuple[int, str]]]


def _year_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Năm thành tích"),
        min_value=FIRST_YEAR,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


# --- the paper ---


class StartForm(forms.Form):
    """What a paper needs to exist; the rest is written in it."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Đơn vị trình"), empty_label=None)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Phong trào"), required=False, empty_label=_("– không theo phong trào –")
    )
    type = forms.ChoiceField(label=_("Loại hình khen thưởng"), choices=MeritType)
    year = _year_field()
    title = CleanCharField(label=_("Trích yếu"), max_length=300)
    procedure = forms.ChoiceField(
        label=_("Thủ tục"),
        choices=Procedure,
        widget=forms.RadioSelect,
        help_text=_(
            "Thủ tục đơn giản có hồ sơ rút gọn, phải ghi lý do; chỉ cho các trường hợp của Luật 06/2022/QH15, Điều 85."
        ),
    )
    procedure_reason = CleanCharField(
        label=_("Lý do dùng thủ tục đơn giản"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping | None = None, *, user: User, units: list[Unit], campaign: int | None = None):
        super().__init__(
            data,
            initial={
                "token": uuid.uuid4(),
                "year": today().year,
                "type": MeritType.CAMPAIGN if campaign else MeritType.MERIT,
                "procedure": Procedure.NORMAL,
                "campaign": campaign,
            },
        )
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[u.pk for u in units])
        running = Campaign.objects.visible_to(user).filter(state=Campaign.State.LAUNCHED, historical=False)
        self.fields["campaign"].queryset = running
        self.fields["campaign"].choices = list(self.fields["campaign"].choices)[:MAX_LINKS]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_procedure(self, data)
        campaign, unit = data.get("campaign"), data.get("unit")
        if campaign and unit and not under(unit.path, campaign.unit.path):
            self.add_error("campaign", _("Phong trào này không dành cho đơn vị."))
        if campaign and data.get("type") != MeritType.CAMPAIGN and "type" in data:
            self.add_error("type", _("Tờ trình theo phong trào có loại hình «theo phong trào, chuyên đề»."))
        return data

    def content(self) -> dict[str, Any]:
        """What `editing.begin` takes."""
        data = dict(self.cleaned_data)
        campaign = data.get("campaign")
        milestone = campaign.milestones.filter(kind=Milestone.Kind.NOMINATION).first() if campaign else None
        return data | {"milestone": milestone}


def _check_procedure(form: forms.Form, data: dict[str, Any]) -> None:
    if data.get("procedure") == Procedure.SIMPLIFIED and not data.get("procedure_reason", "").strip():
        form.add_error("procedure_reason", _("Hãy ghi lý do dùng thủ tục đơn giản."))


class CoverForm(Versioned, forms.ModelForm):
    title = CleanCharField(label=_("Trích yếu"), max_length=300)
    number = CleanCharField(label=_("Số tờ trình"), max_length=60, required=False)
    dated = DayField(label=_("Ngày tờ trình"), required=False)
    year = _year_field()
    procedure = forms.ChoiceField(label=_("Thủ tục"), choices=Procedure, widget=forms.RadioSelect)
    procedure_reason = CleanCharField(
        label=_("Lý do dùng thủ tục đơn giản"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    council_on = DayField(label=_("Ngày họp Hội đồng của đơn vị"), required=False)
    council_members = forms.IntegerField(
        label=_("Tổng số thành viên Hội đồng"), min_value=1, max_value=999, required=False
    )
    council_present = forms.IntegerField(
        label=_("Số thành viên dự họp, cho ý kiến"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=_("Người vắng mặt cho ý kiến bằng văn bản thì tính vào đây."),
    )

    class Meta:
        model = Submission
        fields = [
            "title",
            "number",
            "dated",
            "year",
            "procedure",
            "procedure_reason",
            "council_on",
            "council_members",
            "council_present",
            "declared_true",
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_procedure(self, data)
        members, present = data.get("council_members"), data.get("council_present")
        if members is not None and present is not None and present > members:
            self.add_error("council_present", _("Số thành viên dự họp không thể nhiều hơn tổng số thành viên."))
        return data

    def content(self) -> dict[str, Any]:
        """What `editing.write_cover` takes."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "version")}


# --- adding subjects ---


class AddByCodeForm(forms.Form):
    """One subject by the code that everybody knows it by."""

    code = CleanCharField(
        label=_("Số hiệu cán bộ, mã tập thể hoặc mã đơn vị"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"))

    def __init__(self, data: Mapping | None = None, *, awards: list[Award]):
        super().__init__(data, auto_id="add_%s")
        self.fields["award"].choices = [(a.code, a.label) for a in awards]


class PickFilter(Filter):
    """Whom of the unit to look at, and for what."""

    kind = forms.ChoiceField(label=_("Đối tượng"), choices=SubjectKind, required=False)
    award = forms.ChoiceField(label=_("Đề nghị"), required=False)
    q = forms.CharField(label=_("Tìm theo tên hoặc mã"), max_length=100, required=False)

    def __init__(self, data: Mapping, *, awards: list[Award]):
        super().__init__(data)
        self.fields["award"].choices = [(a.code, a.label) for a in awards]
        self.is_valid()
        kind = self.cleaned_data.get("kind")
        self.kind_chosen = kind if kind in SubjectKind.values else SubjectKind.PERSON
        chosen = self.cleaned_data.get("award")
        fitting = [a for a in awards if cases.SUBJECTS[self.kind_chosen] in a.subjects]
        self.award_chosen = next((a for a in fitting if a.code == chosen), fitting[0] if fitting else None)
        self.words = self.cleaned_data.get("q", "")
        self.fields["award"].choices = [(a.code, a.label) for a in fitting]


def open_awards(submission: Submission) -> list[Award]:
    """What the paper may propose: what its campaign opened, else all that the edition of today knows."""
    edition = standards.in_force(today())
    codes = {row.award for rows in findings.opened_by([submission]).values() for row in rows}
    return [a for a in edition.awards.values() if not codes or a.code in codes]


# --- one nomination ---


class FactsForm(BootstrapFormMixin, forms.Form):
    """What the unit declares; each answer is stored as JSON, an empty one is not known."""

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
        if kind == "number":
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            return forms.IntegerField(label=label, required=False, min_value=0, max_value=100000, widget=widget)
        if kind == "yes":
            return forms.BooleanField(label=label, required=False)
        choices = YES_NO if kind == "choice" else GRADES
        return forms.ChoiceField(label=label, required=False, choices=choices)

    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, kind in self.kinds.items():
            value = self.cleaned_data[key]
            if kind == "choice" and value:
                found[key] = value == "yes"
            elif kind == "grade" and value:
                found[key] = "" if value == "none" else value
            elif kind == "yes" and value:
                found[key] = True
            elif kind == "number" and value is not None:
                found[key] = value
        return found


class ReportForm(BootstrapFormMixin, forms.Form):
    """The sections of the achievement report."""

    def __init__(self, data: Mapping | None, *, nomination: Nomination):
        super().__init__(data, prefix="report", initial=nomination.report)
        for section in reports.sections(nomination):
            self.fields[section.key] = CleanCharField(
                label=section.heading,
                help_text=section.hint,
                required=False,
                max_length=20000,
                widget=forms.Textarea(attrs={"rows": 8 if section is reports.ACHIEVEMENTS else 4}),
            )


class HeadForm(Versioned, forms.ModelForm):
    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"))
    position = CleanCharField(label=_("Chức vụ khi đề nghị"), max_length=100, required=False)
    summary = CleanCharField(
        label=_("Tóm tắt thành tích"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ba đến năm câu có số liệu; phần này đi vào danh sách và tờ trình."),
    )
    votes_for = forms.IntegerField(
        label=_("Số phiếu đồng ý của Hội đồng đơn vị"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Nomination
        fields = ["award", "merit_field", "position", "leads", "summary", "votes_for"]

    def __init__(self, *args: Any, awards: list[Award], **kwargs: Any):
        super().__init__(*args, **kwargs)
        n = self.instance
        fitting = [(a.code, a.label) for a in awards if cases.SUBJECTS[n.subject_kind] in a.subjects]
        if n.award not in dict(fitting):
            fitting.insert(0, (n.award, award_label(n.award)))
        self.fields["award"].choices = fitting
        campaign = n.submission.campaign
        if campaign:
            self.fields["merit_field"].queryset = campaign.merit_fields.all()
            self.fields["merit_field"].empty_label = _("– chưa chọn –")
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
    ):
        self.nomination, self.only = nomination, only
        self.head = HeadForm(data, instance=nomination, initial={"version": nomination.version}, awards=awards)
        self.report = ReportForm(data, nomination=nomination)
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

    def content(self) -> dict[str, Any]:
        """What `editing.write` takes, after is_valid()."""
        head = self.head.cleaned_data
        kept = {key: value for key, value in self.nomination.facts.items() if key not in self.facts.kinds}
        return {
            "version": head["version"],
            "fields": {name: head[name] for name in self.head.fields if name != "version"},
            "report": {**self.nomination.report, **self.report.cleaned_data},
            "facts": kept | self.facts.content(),
            "links": {name: self.links.cleaned_data[name] for name in self.links.fields},
        }

    def errors(self) -> list[str]:
        """Every problem in words, with its place."""
        return [
            f"{form.fields[name].label}: {' '.join(texts)}" if name in form.fields else " ".join(texts)
            for form in self.parts
            for name, texts in form.errors.items()
        ]


class AchievementForm(forms.Form):
    title = CleanCharField(label=_("Thành tích"), max_length=300)
    figures = CleanCharField(
        label=_("Số liệu cụ thể"),
        max_length=500,
        required=False,
        help_text=_("Ví dụ: giải quyết 120 vụ, nhiều hơn năm trước 15 vụ."),
    )


class EvidenceForm(forms.Form):
    part = forms.ChoiceField(label=_("Thành phần hồ sơ"))
    file = forms.FileField(
        label=_("Tệp"),
        help_text=_("PDF, DOCX, XLSX hoặc ảnh; tối đa 20 MB mỗi tệp. Không tải lên tài liệu có bí mật nhà nước."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages=FILE_ERRORS,
    )

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, auto_id="evidence_%s", **kwargs)
        self.fields["part"].choices = parts


class SetAsideForm(Versioned):
    condition = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = CleanCharField(label=_("Lý do"), max_length=500)


# --- what a campaign opens ---


class OpenAwardsForm(BootstrapFormMixin, forms.Form):
    """Which awards the campaign opens, for which fields of merit, and how many each unit may propose."""

    def __init__(self, data: Mapping | None = None, *, campaign: Campaign):
        super().__init__(data)
        self.campaign = campaign
        self.merit_fields = list(campaign.merit_fields.all())
        self.awards = list(standards.in_force(today()).awards.values())
        stored: dict[str, list[CampaignAward]] = {}
        for row in campaign.open_awards.all():
            stored.setdefault(row.award, []).append(row)
        choices = [("", _("mọi lĩnh vực")), *((str(f.pk), f.title) for f in self.merit_fields)]
        for award in self.awards:
            rows = stored.get(award.code, [])
            self.fields[f"{award.code}-fields"] = forms.MultipleChoiceField(
                label=award.label,
                choices=choices,
                required=False,
                initial=[str(r.merit_field_id or "") for r in rows],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"{award.code}-places"] = forms.IntegerField(
                label=_("Tối đa mỗi đơn vị"),
                required=False,
                min_value=1,
                max_value=100000,
                initial=rows[0].places if rows else None,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def rows(self) -> list[tuple[Award, Any, Any]]:
        """Each award with its two fields, for the page."""
        return [(a, self[f"{a.code}-fields"], self[f"{a.code}-places"]) for a in self.awards]

    def content(self) -> list[tuple[str, int | None, int | None]]:
        """(award, merit field or None for all, places)."""
        found: list[tuple[str, int | None, int | None]] = []
        for award in self.awards:
            picked = self.cleaned_data[f"{award.code}-fields"]
            places = self.cleaned_data[f"{award.code}-places"]
            wanted = [None] if "" in picked else [int(pk) for pk in picked]
            found += [(award.code, field, places) for field in wanted]
        return found


def subjects_of(unit: Unit, kind: str, words: str, user: User) -> Any:
    """The people, collectives or units that a unit may propose: its own, found by name or code."""
    if kind == SubjectKind.PERSON:
        return Person.objects.visible_to(user).in_unit(unit).matching(words)
    if kind == SubjectKind.COLLECTIVE:
        return Collective.objects.visible_to(user).within(unit).matching(words)
    return Unit.objects.as_of(today()).within(unit).matching(words).order_by("path")
