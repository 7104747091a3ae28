"""The forms of a campaign: begin, clone, and the editor with its lists of rows."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.campaigns import editing
from campaigns.campaigns.editing import Content
from campaigns.campaigns.rows import FIRST_DAY, HALF, LAST_DAY, LISTS, LONG, SPAN, WHOLE, Rows, day_field
from campaigns.models import Campaign, Milestone
from campaigns.models.campaign import DEFAULT_OFFSETS, CampaignQuerySet
from portal.scope import under
from portal.text import grouped
from portal.web.forms import BootstrapFormMixin, CleanCharField, Filter, clean_formfield, errors, field_of
from portal.web.forms.days import MomentField
from portal.web.forms.errors import Fault, taken
from portal.web.forms.numbers import plain
from units.models import Unit, User
from units.models.units import Kind

OFFSET_LIMIT = 60


class CampaignFilter(Filter):
    """Which campaigns are shown; how they stand is chosen by the tabs above."""

    STANDINGS = (
        ("", _("Tất cả")),
        ("launched", _("Đang diễn ra")),
        ("upcoming", _("Sắp diễn ra")),
        ("draft", _("Đang soạn")),
        ("closed", _("Đã kết thúc")),
        ("cancelled", _("Đã hủy")),
        ("historical", _("Hồ sơ lịch sử")),
    )

    q = CleanCharField(label=_("Tìm theo tên, mã"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Hình thức"), required=False, choices=[("", _("Mọi hình thức")), *Campaign.Kind.choices]
    )
    state = forms.ChoiceField(required=False, choices=STANDINGS, widget=forms.HiddenInput)

    def narrow(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        """The campaigns that were asked for."""
        asked = self.asked
        if "state" in asked:
            campaigns = campaigns.standing(asked["state"])
        if "kind" in asked:
            campaigns = campaigns.filter(kind=asked["kind"])
        return campaigns.matching(asked.get("q", ""))


class DeadlineField(MomentField):
    """A moment in the years of which campaigns are."""

    def clean(self, value: Any) -> datetime | None:
        moment = super().clean(value)
        if moment and not FIRST_DAY.year < moment.year < LAST_DAY.year:
            raise ValidationError(_("Hãy ghi ngày từ 01/01/1945 đến 31/12/2100."))
        return moment


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return unit.label


class ParentChoice(forms.ModelChoiceField):
    def label_from_instance(self, campaign: Campaign) -> str:
        return f"{campaign.code} – {campaign.title[:100]}"


class OwnUnit(BootstrapFormMixin, forms.ModelForm):
    """A form that asks for which of the person's own units; no other unit is a choice."""

    width = WHOLE

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = editing.own_units(user)
        queryset = Unit.objects.filter(pk__in=[u.pk for u in own])
        self.fields["unit"] = UnitChoice(queryset, label=_("Đơn vị phát động"), empty_label=None)
        if len(own) == 1:
            self.initial.setdefault("unit", own[0].pk)


def _parents(user: User, current: int | None = None) -> CampaignQuerySet:
    """Campaigns under which another may stand: running ones that the person sees, and the one it stands under."""
    found = Campaign.objects.visible_to(user).filter(state=Campaign.State.LAUNCHED, historical=False)
    if current is not None:
        found |= Campaign.objects.filter(pk=current)
    return found.select_related("unit")


def _check_parent(form: Any, unit: Unit | None) -> None:
    parent = form.cleaned_data.get("parent")
    if parent and unit and not under(unit.path, parent.unit.path):
        form.add_error("parent", gettext("Đơn vị phát động không thuộc phạm vi của phong trào này."))


class StartForm(OwnUnit):
    """What a draft begins with; the rest is written in the editor."""

    widths = SPAN | {"kind": HALF, "parent": HALF}

    starts_on = day_field(_("Ngày bắt đầu"))
    ends_on = day_field(_("Ngày kết thúc"))

    class Meta:
        formfield_callback = clean_formfield
        model = Campaign
        fields = ["unit", "code", "title", "kind", "parent", "starts_on", "ends_on"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.fields["parent"] = ParentChoice(
            _parents(user), label=_("Thuộc phong trào"), required=False, empty_label=_("không thuộc phong trào nào")
        )
        self.fields["code"].help_text = _("Ngắn, không trùng với phong trào khác; ví dụ: PT-2027.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        _check_parent(self, self.cleaned_data.get("unit"))
        return self.cleaned_data


class CloneForm(OwnUnit):
    """A new name for what is copied, and perhaps a new beginning."""

    starts_on = day_field(
        _("Ngày bắt đầu mới"),
        help_text=_("Các ngày khác dời theo cùng số ngày. Để trống thì bản mới chưa có ngày nào."),
    )

    class Meta:
        formfield_callback = clean_formfield
        model = Campaign
        fields = ["unit", "code", "title", "starts_on"]


class CampaignForm(BootstrapFormMixin, forms.ModelForm):
    """The campaign itself, without its rows."""

    width = WHOLE
    widths = SPAN | {"kind": HALF, "parent": HALF}

    starts_on = day_field(_("Ngày bắt đầu"))
    ends_on = day_field(_("Ngày kết thúc"))

    class Meta:
        formfield_callback = clean_formfield
        model = Campaign
        fields = list(editing.FIELDS)

    def __init__(self, *args: Any, user: Any, instance: Campaign, **kwargs: Any):
        # the form writes into its own copy: the page goes on showing what is stored
        kwargs["instance"] = copy.copy(instance)
        super().__init__(*args, **kwargs)
        self.fields["parent"] = ParentChoice(
            _parents(user, instance.parent_id),
            label=_("Thuộc phong trào"),
            required=False,
            empty_label=_("không thuộc phong trào nào"),
        )
        for name in ("objective", "scope", "subjects", "context"):
            field = field_of(self, name, forms.CharField)
            field.max_length = LONG
            field.validators.append(forms.CharField(max_length=LONG).validators[0])

    def clean(self) -> dict[str, Any]:
        super().clean()
        _check_parent(self, self.instance.unit)
        return self.cleaned_data


class MilestoneForm(BootstrapFormMixin, forms.Form):
    """One of the four milestones a campaign may have."""

    width = WHOLE

    use = forms.BooleanField(label=_("Phong trào có mốc này"), required=False)
    due_at = DeadlineField(
        label=_("Hạn"),
        required=False,
        help_text=_("Không ghi giờ là hết ngày; để trống là chưa xác định."),
    )
    owed_by = forms.MultipleChoiceField(
        label=_("Loại đơn vị phải thực hiện"), required=False, widget=forms.CheckboxSelectMultiple
    )
    offsets = CleanCharField(
        label=_("Ngày nhắc"),
        required=False,
        max_length=200,
        help_text=_("Số ngày so với hạn, cách nhau bằng dấu phẩy: -7 là trước 7 ngày, 0 là đúng hạn, 3 là sau 3 ngày."),
    )

    def __init__(self, *args: Any, kind: str, kinds: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind, self.title = kind, Milestone.Kind(kind).label
        field_of(self, "owed_by", forms.MultipleChoiceField).choices = [(k, Kind(k).label) for k in kinds]

    def clean_offsets(self) -> list[int]:
        parts = [p for p in plain(self.cleaned_data["offsets"]).replace(";", ",").split(",") if p.strip()]
        try:
            days = sorted({int(part) for part in parts})
        except ValueError as error:
            raise ValidationError(_("Hãy ghi các số nguyên cách nhau bằng dấu phẩy.")) from error
        if any(abs(day) > OFFSET_LIMIT for day in days):
            raise ValidationError(_("Mỗi số từ -%(limit)s đến %(limit)s.") % {"limit": grouped(OFFSET_LIMIT)})
        return days

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if not data.get("use") and (data.get("owed_by") or data.get("due_at")):
            self.add_error("use", gettext("Hãy đánh dấu «Phong trào có mốc này», hoặc bỏ hạn và loại đơn vị."))
        return data

    def row(self, was: dict[str, Any] | None) -> dict[str, Any] | None:
        """The milestone, if the campaign has it; what is wrong stays as it is stored."""
        if "use" in self.errors:
            return was
        if not self.cleaned_data["use"]:
            return None
        kept = was or {"kind": self.kind, "due_at": None, "owed_by": [], "offsets": list(DEFAULT_OFFSETS)}
        return {name: self.cleaned_data.get(name, value) for name, value in kept.items()}


TITLES = {
    "documents": _("Văn bản"),
    "areas": _("Nội dung thi đua và tiêu chí"),
    "solutions": _("Biện pháp, giải pháp tổ chức"),
    "merit_fields": _("Lĩnh vực khen thưởng"),
    "phases": _("Giai đoạn"),
}


class Editor:
    """All the forms of the editor's page as one: bound to what was sent, or filled with what is stored."""

    def __init__(self, campaign: Campaign, user: Any, data: Any = None, files: Any = None, more: str = ""):
        self.campaign = campaign
        stored = editing.read(campaign)
        self.form = CampaignForm(data, user=user, instance=campaign)
        self.lists: dict[str, Rows] = {}
        for name, kinds in LISTS.items():
            rows = [_as_typed(row) for row in getattr(stored, name)]
            formset = kinds[int(not rows or more == name)]
            # what was sent stands alone: rows that another person added meanwhile must not be mixed in
            self.lists[name] = formset(data, files, prefix=name, initial=None if data is not None else rows)
        there = editing.kinds_below(campaign.unit)
        kept = {m["kind"]: m for m in stored.milestones}
        self.milestones = []
        for kind in Milestone.Kind.values:
            row = kept.get(kind)
            kinds_shown = [k for k in Kind.values if k in there or (row and k in row["owed_by"])]
            initial = {
                "use": bool(row),
                "due_at": row and row["due_at"],
                "owed_by": row["owed_by"] if row else [],
                "offsets": ", ".join(map(str, row["offsets"] if row else DEFAULT_OFFSETS)),
            }
            self.milestones.append(
                MilestoneForm(data, prefix=f"milestone-{kind}", initial=initial, kind=kind, kinds=kinds_shown)
            )
        self._name_files(stored)

    def _name_files(self, stored: Content) -> None:
        """Each document row knows the file that it already has."""
        names = {str(row["id"]): row["file_name"] for row in stored.documents if row["file_name"]}
        for form in self.lists["documents"]:
            key = str(form["id"].value() or "")
            if key in names:
                form.current_file = {"id": key, "name": names[key]}

    @property
    def parts(self) -> list[Any]:
        return [self.form, *self.lists.values(), *self.milestones]

    def is_valid(self) -> bool:
        valid = [part.is_valid() for part in self.parts]  # every part, so that each shows its own errors
        return all(valid)

    def sound(self) -> bool:
        """Whether it can be saved but for single fields: the rows came as the page sent them."""
        self.is_valid()
        single = (self.form, *self.milestones)
        return all(formset.whole() for formset in self.lists.values()) and all(map(errors.offered, single))

    def content(self) -> Content:
        """What was typed, of a sound editor; what is wrong stays as it is stored."""
        stored = editing.read(self.campaign)
        rows = {name: formset.taken(getattr(stored, name)) for name, formset in self.lists.items()}
        names = {row["id"]: row["file_name"] for row in stored.documents}
        for row in rows["documents"]:
            row["file_name"] = names.get(row.get("id"), "")
        there = {row["kind"]: row for row in stored.milestones}
        milestones = [kept for form in self.milestones if (kept := form.row(there.get(form.kind)))]
        fields = {name: taken(self.form, name, was) for name, was in stored.fields.items()}
        if self.form.non_field_errors():  # each is right alone, and they do not go together
            fields |= {name: stored.fields[name] for name in ("code", "starts_on", "ends_on")}
        return Content(fields=fields, milestones=milestones, **rows)

    def faults(self) -> list[Fault]:
        """Everything that is wrong, with its place."""
        if not self.form.is_bound:
            return []
        lists = ((TITLES[name], name, formset) for name, formset in self.lists.items())
        return [
            *errors.of_form(self.form),
            *(fault for title, name, formset in lists for fault in errors.of_rows(formset, str(title), name)),
            *(fault for form in self.milestones for fault in errors.of_form(form, str(form.title))),
        ]

    def ids(self) -> dict[str, int]:
        """Of the rows that were saved, by the names of their hidden fields: the page must know them from now on."""
        forms_ = [form for formset in self.lists.values() for form in formset.forms]
        return {form.add_prefix("id"): pk for form in forms_ if (pk := form.cleaned_data.get("id"))}

    def rebind(self, data: Any) -> None:
        """Show this instead of what was sent."""
        for part in self.parts:
            part.data = data
            for form in getattr(part, "forms", ()):
                form.data = data


def _as_typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"criteria": "\n".join(row["criteria"])} if "criteria" in row else row
