"""The shape of a paper and of whom it proposes. A draft may be wrong in law; here only its shape is asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.law.standards import Award
from awards.law.terms import MeritType, Procedure
from awards.models import CampaignAward, Nomination, Submission
from awards.models.subjects import SubjectKind
from awards.nominations import outsiders
from awards.nominations.checking import cases, findings
from campaigns.models import Campaign, Milestone
from portal.days import today
from portal.scope import SearchedQuerySet, under
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, errors, field_of
from portal.web.forms.errors import taken
from portal.web.forms.numbers import NumberField
from portal.web.forms.picking import PickField, key_of
from portal.web.rendering import ROWS
from portal.web.seen import Versioned
from units.models import Unit, User
from units.models.units import Kind

FIRST_YEAR = 2000
MAX_LINKS = 200  # options of one group of check boxes


class SubmissionFilter(Filter):
    """Which papers are shown; the campaign comes from the campaign's page and stays."""

    MINE, OPEN, SENT = "mine", "open", "sent"

    q = CleanCharField(label=_("Tìm theo trích yếu, số hoặc đơn vị"), required=False, max_length=200)
    tab = forms.ChoiceField(
        label=_("Hiển thị"),
        required=False,
        choices=[("", _("Tất cả")), (MINE, _("Của đơn vị tôi")), (OPEN, _("Đang soạn")), (SENT, _("Đã gửi"))],
    )
    campaign = forms.ModelChoiceField(Campaign.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        self.user = user
        field_of(self, "campaign", forms.ModelChoiceField).queryset = Campaign.objects.visible_to(user)

    def narrow(self, papers: SearchedQuerySet[Submission]) -> SearchedQuerySet[Submission]:
        """The papers that were asked for."""
        asked = self.asked
        if "campaign" in asked:
            papers = papers.filter(campaign=asked["campaign"])
        tab = asked.get("tab")
        if tab == self.MINE:
            papers = papers.filter(unit__in=[unit.pk for unit in self.user.units_where("draft_nominations")])
        elif tab == self.OPEN:
            papers = papers.filter(first_submitted_at=None)
        elif tab == self.SENT:
            papers = papers.exclude(first_submitted_at=None)
        return papers.matching(asked.get("q", ""))


def _year_field() -> NumberField:
    return NumberField(label=_("Năm thành tích"), min_value=FIRST_YEAR, max_value=2100)


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
        field_of(self, "unit", forms.ModelChoiceField).queryset = Unit.objects.filter(pk__in=[u.pk for u in units])
        running = Campaign.objects.visible_to(user).filter(state=Campaign.State.LAUNCHED, historical=False)
        chosen = field_of(self, "campaign", forms.ModelChoiceField)
        chosen.queryset = running
        chosen.choices = [("", chosen.empty_label or ""), *((c.pk, str(c)) for c in running[: MAX_LINKS - 1])]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
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


class CoverForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    title = CleanCharField(label=_("Trích yếu"), max_length=300)
    number = CleanCharField(label=_("Số tờ trình"), max_length=60, required=False)
    dated = DayField(label=_("Ngày tờ trình"), required=False)
    year = _year_field()
    procedure = forms.ChoiceField(label=_("Thủ tục"), choices=Procedure, widget=forms.RadioSelect)
    procedure_reason = CleanCharField(
        label=_("Lý do dùng thủ tục đơn giản"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    council_on = DayField(label=_("Ngày họp Hội đồng của đơn vị"), required=False)
    council_members = NumberField(label=_("Tổng số thành viên Hội đồng"), min_value=1, max_value=999, required=False)
    council_present = NumberField(
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
        super().clean()
        data = self.cleaned_data
        _check_procedure(self, data)
        members, present = data.get("council_members"), data.get("council_present")
        if members is not None and present is not None and present > members:
            self.add_error("council_present", _("Số thành viên dự họp không thể nhiều hơn tổng số thành viên."))
        self._check_votes(members, present)
        return data

    def _check_votes(self, members: int | None, present: int | None) -> None:
        """Votes that nominations of the paper have already are not more than those who can have voted."""
        voters = members if present is None else present
        if voters is None or self.errors.keys() & {"council_members", "council_present"}:
            return
        standing = self.instance.nominations.exclude(state=Nomination.State.WITHDRAWN)
        most = standing.aggregate(most=Max("votes_for"))["most"]
        if most is not None and most > voters:
            place = "council_members" if present is None else "council_present"
            self.add_error(place, _("Đã có đề nghị được %s phiếu đồng ý trong tờ trình này.") % most)

    TOGETHER = (("procedure", "procedure_reason"), ("council_members", "council_present"))  # each fits the other only

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # the form writes on its instance
        self.stored = {name: getattr(self.instance, name) for name in self.Meta.fields}

    def sound(self) -> bool:
        """Whether it can be saved but for single fields."""
        self.is_valid()
        return "version" in self.cleaned_data and errors.offered(self)

    def content(self) -> dict[str, Any]:
        """What `editing.write_cover` takes, if the form is sound; a field that is wrong stays as it is stored."""
        kept = {name: taken(self, name, self.stored[name]) for name in self.Meta.fields}
        for pair in self.TOGETHER:
            if any(name in self.errors for name in pair):
                kept |= {name: self.stored[name] for name in pair}
        return kept | {"version": self.cleaned_data["version"]}


# --- adding subjects ---


class AddForm(BootstrapFormMixin, forms.Form):
    """One subject by its name."""

    default_renderer = ROWS  # all awards of the law

    subject = PickField("nominees", label=_("Cán bộ, tập thể hoặc đơn vị"))
    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"))

    def __init__(self, data: Mapping | None = None, *, awards: list[Award], submission: Submission, by: User):
        super().__init__(data, auto_id="add_%s")
        field_of(self, "subject", PickField).open_to(by, key_of(submission))
        field_of(self, "award", forms.ChoiceField).choices = [(a.code, a.label) for a in awards]


class OutsiderForm(BootstrapFormMixin, forms.Form):
    """Somebody outside the sector: who, of which body and country, for what."""

    kind = forms.ChoiceField(label=_("Đối tượng"), choices=outsiders.Kind)
    name = CleanCharField(label=_("Họ tên hoặc tên tập thể"), max_length=100)
    organisation = CleanCharField(label=_("Cơ quan, tổ chức"), max_length=200, required=False)
    country = CleanCharField(label=_("Quốc gia"), max_length=60, initial=_("Việt Nam"))
    award = forms.ChoiceField(label=_("Hình thức khen thưởng"))

    def __init__(self, data: Mapping | None = None, *, awards: list[Award]):
        super().__init__(data, auto_id="outsider_%s")
        self.awards = awards
        offered = outsiders.awards_for(awards)
        field_of(self, "award", forms.ChoiceField).choices = [(a.code, a.label) for a in offered]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"kind", "award"} <= data.keys():
            if data["award"] not in {a.code for a in outsiders.awards_for(self.awards, data["kind"])}:
                self.add_error("award", _("Hình thức này không dành cho đối tượng đã chọn."))
        return data


class PickFilter(Filter):
    """Whom of the unit to look at, and for what."""

    kind = forms.ChoiceField(label=_("Đối tượng"), choices=SubjectKind, required=False)
    award = forms.ChoiceField(label=_("Đề nghị"), required=False)
    q = forms.CharField(label=_("Tìm theo tên hoặc mã"), max_length=100, required=False)

    def __init__(self, data: Mapping, *, awards: list[Award]):
        super().__init__(data)
        offered = field_of(self, "award", forms.ChoiceField)
        offered.choices = [(a.code, a.label) for a in awards]
        self.is_valid()
        kind = self.cleaned_data.get("kind")
        self.kind_chosen = SubjectKind(kind) if kind in SubjectKind.values else SubjectKind.PERSON
        chosen = self.cleaned_data.get("award")
        fitting = [a for a in awards if cases.SUBJECTS[self.kind_chosen] in a.subjects]
        self.award_chosen = next((a for a in fitting if a.code == chosen), fitting[0] if fitting else None)
        self.words = self.cleaned_data.get("q", "")
        offered.choices = [(a.code, a.label) for a in fitting]


def open_awards(submission: Submission) -> list[Award]:
    """What the paper may propose: what its campaign opened, else what today's edition has for its type and unit."""
    edition = standards.in_force(today())
    codes = {row.award for rows in findings.opened_by([submission]).values() for row in rows}
    type, military = MeritType(submission.type), submission.unit.kind == Kind.MILITARY
    return [a for a in edition.awards.values() if (not codes or a.code in codes) and a.fits(type, military)]


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
            self.fields[f"{award.code}-places"] = NumberField(
                label=_("Tối đa mỗi đơn vị"),
                required=False,
                min_value=1,
                max_value=100000,
                initial=rows[0].places if rows else None,
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
            wanted: list[int | None] = [None] if "" in picked else [int(pk) for pk in picked]
            found += [(award.code, field, places) for field in wanted]
        return found
