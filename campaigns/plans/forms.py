"""The shape of a plan: theme, organising, and for each content area its commitments or a reason for having none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import rules
from campaigns.models import Comment, Commitment, ContentArea, Plan
from campaigns.plans import earlier
from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, WholeRows, css_class, errors, field_of
from portal.web.forms.errors import Fault, taken
from portal.web.forms.numbers import NumberField, plain
from portal.web.forms.sections import Section
from portal.web.rendering import ROWS
from portal.web.seen import Versioned

MAX_ROWS = 30  # commitments in one area
MOST = 999_999_999_999  # what the column holds


class PlanForm(BootstrapFormMixin, Versioned, forms.ModelForm):
    theme = CleanCharField(
        label=_("Chủ đề"),
        max_length=300,
        required=False,
        help_text=_("Một câu nói lên việc chính đơn vị sẽ làm để hưởng ứng phong trào."),
    )
    organising = CleanCharField(
        label=_("Hình thức tổ chức"),
        required=False,
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Phát động ở đâu, theo dõi và kiểm tra thế nào, sơ kết và tổng kết khi nào."),
    )

    class Meta:
        model = Plan
        fields = ["theme", "organising"]


class CommitmentForm(BootstrapFormMixin, forms.Form):
    """One row; an empty row is no commitment. A draft may lack fields, but what is there must have its shape."""

    what = CleanCharField(label=_("Việc cam kết"), max_length=500, required=False)
    amount = NumberField(label=_("Chỉ tiêu"), required=False, min_value=0, max_value=MOST, places=2, percent=True)
    measure = CleanCharField(
        label=_("Đơn vị tính"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due_on = DayField(label=_("Hoàn thành trước ngày"), required=False)
    responsible = CleanCharField(label=_("Người, bộ phận chịu trách nhiệm"), max_length=200, required=False)

    def __init__(self, *args, area: ContentArea, **kwargs):
        super().__init__(*args, **kwargs)
        self.area = area
        # the criteria were fetched with the areas: as many rows as there are, not one query more
        self.fields["criterion"] = forms.TypedChoiceField(
            label=_("Theo tiêu chí"),
            required=False,
            empty_value=None,
            coerce=int,
            choices=[("", _("– không theo tiêu chí riêng –")), *((c.pk, c.text) for c in area.criteria.all())],
        )
        for name, field in self.fields.items():
            wrong = " is-invalid" if self.is_bound and name in self.errors else ""
            field.widget.attrs["class"] = css_class(field.widget) + wrong

    def clean(self) -> dict[str, Any]:
        """«100%» says both the number and in what it is told."""
        super().clean()
        data = self.cleaned_data
        if plain(self.data.get(self.add_prefix("amount"), "")).endswith("%") and "amount" not in self.errors:
            measure = plain(data.get("measure", ""))
            if measure not in ("", "%"):
                words = gettext("Chỉ tiêu ghi theo %% nhưng đơn vị tính là «%(measure)s»: hãy sửa một trong hai.")
                self.add_error("amount", words % {"measure": measure})
            else:
                data["measure"] = "%"
        return data

    def commitment(self, stored: Commitment | None) -> Commitment | None:
        """The row as an unsaved commitment, or None when nothing was typed; what is wrong stays as it is stored."""
        kept = {"what": "", "amount": None, "measure": "", "responsible": "", "due_on": None, "criterion": None}
        if stored:
            kept = {name: getattr(stored, name) for name in kept} | {"criterion": stored.criterion_id}
        data = kept | self.cleaned_data
        if data.get("DELETE") or not any(
            data.get(k) not in (None, "") for k in ("what", "amount", "measure", "responsible", "due_on")
        ):
            return None
        return Commitment(
            area=self.area,
            what=data["what"],
            amount=data["amount"],
            measure=data["measure"],
            responsible=data["responsible"],
            due_on=data["due_on"],
            criterion_id=data["criterion"],
        )


RowFormSet = forms.formset_factory(
    CommitmentForm,
    formset=WholeRows,
    extra=0,
    can_delete=True,
    max_num=MAX_ROWS,
    validate_max=True,
    absolute_max=MAX_ROWS + 20,
    renderer=ROWS,  # type: ignore[call-arg]  # the stubs do not know it yet
)


class AreaForm:
    """One content area of the form: its rows and the reason for having none."""

    def __init__(self, area: ContentArea, *, data: Mapping | None, rows: list[Commitment], reason: str, blank: int):
        self.area, self.stored = area, rows
        self.key = f"area-{area.pk}"
        initial: list[dict[str, Any]] | None = [
            {
                "what": c.what,
                "amount": c.amount,
                "measure": c.measure,
                "responsible": c.responsible,
                "due_on": c.due_on,
                "criterion": c.criterion_id,
            }
            for c in rows
        ] + [{}] * (blank if rows else 1)
        if data is not None:  # what was sent stands alone: a row like the stored one is a row all the same
            initial = None
        self.rows = RowFormSet(data, initial=initial, prefix=self.key, form_kwargs={"area": area})
        self.reason = ReasonForm(data, initial={"reason": reason}, prefix=self.key)

    def is_valid(self) -> bool:
        return all([self.rows.is_valid(), self.reason.is_valid()])

    def sound(self) -> bool:
        """Whether the rows came as the page sent them and hold nothing that it did not offer; else none is taken."""
        return not self.rows.non_form_errors() and all(errors.offered(form) for form in self.rows.forms)

    def commitments(self) -> list[Commitment]:
        """Rows have no identity of their own: the stored one with the same words is meant."""
        stored = {c.what: c for c in reversed(self.stored)}
        said = [(form, form.cleaned_data.get("what")) for form in self.rows.forms]
        return [c for form, what in said if (c := form.commitment(stored.get(what)))]

    def section(self) -> Section:
        """A commitment counts when it lacks nothing; a reason for having none stands for one."""
        title = f"{self.area.code}. {self.area.title}"
        if not self.stored:
            return Section(self.key, title, int(bool(self.reason.initial["reason"])), 1)
        return Section(self.key, title, sum(not rules.lacks(c) for c in self.stored), len(self.stored))

    def taken_reason(self) -> str:
        return str(taken(self.reason, "reason", self.reason.initial["reason"]))

    def faults(self) -> Iterator[Fault]:
        yield from errors.of_rows(self.rows, self.area.code, self.key)
        yield from errors.of_form(self.reason, self.area.code)


class ReasonForm(BootstrapFormMixin, forms.Form):
    reason = CleanCharField(
        label=_("Lý do không có cam kết ở nội dung này"),
        max_length=500,
        required=False,
        help_text=_("Chỉ ghi khi đơn vị không có cam kết nào ở nội dung này."),
    )


class WholePlanForm:
    """The whole page as one form: what was typed stays, whatever is wrong."""

    def __init__(self, plan: Plan, data: Mapping | None = None, *, blank_in: int | None = None):
        self.plan = plan
        self.stored = {"theme": plan.theme, "organising": plan.organising}  # the form writes on the plan itself
        self.head = PlanForm(data, instance=plan, initial={"version": plan.version})
        rows: dict[int, list[Commitment]] = {}
        for commitment in plan.commitments.all():
            rows.setdefault(commitment.area_id, []).append(commitment)
        reasons = {n.area_id: n.reason for n in plan.area_notes.all()}
        self.areas = [
            AreaForm(
                area,
                data=data,
                rows=rows.get(area.pk, []),
                reason=reasons.get(area.pk, ""),
                blank=int(area.pk == blank_in),
            )
            for area in plan.campaign.areas.all()
        ]

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(area.is_valid() for area in self.areas)])

    def sound(self) -> bool:
        """Whether it can be saved but for single fields: the version is there, and the rows as the page sent them."""
        self.is_valid()
        return "version" in self.head.cleaned_data and all(area.sound() for area in self.areas)

    def index(self) -> list[Section]:
        """The parts of the page, and how far the stored plan is in each."""
        head = sum(bool(text.strip()) for text in self.stored.values())
        return [
            Section("theme", _("Chủ đề và cách tổ chức"), head, len(self.stored)),
            *(area.section() for area in self.areas),
            Section("attachments", _("Tệp đính kèm")),
        ]

    def content(self) -> dict:
        """What `flow.write` takes, if the form is sound; a field that is wrong stays as it is stored."""
        return {
            **{name: taken(self.head, name, was) for name, was in self.stored.items()},
            "version": self.head.cleaned_data["version"],
            "commitments": [c for area in self.areas for c in area.commitments()],
            "reasons": {area.area.pk: area.taken_reason() for area in self.areas},
        }

    def faults(self) -> list[Fault]:
        """Everything that is wrong, with its place."""
        if not self.head.is_bound:
            return []
        return [*errors.of_form(self.head), *(fault for area in self.areas for fault in area.faults())]


class TakeOverForm(BootstrapFormMixin, Versioned):
    """Which parts of another plan come over, into which areas; what stands in the draft is replaced only if asked."""

    theme = forms.BooleanField(label=_("Chủ đề"), required=False)
    organising = forms.BooleanField(label=_("Hình thức tổ chức"), required=False)

    def __init__(self, data: Mapping | None = None, *, plan: Plan, source: Plan):
        here = list(plan.campaign.areas.all())
        written = {commitment.area_id for commitment in plan.promises()}
        self.target = {str(area.pk): area for area in here}
        self.given: dict[ContentArea, list[Commitment]] = {}
        for commitment in earlier.promised(source):
            self.given.setdefault(commitment.area, []).append(commitment)
        initial: dict[str, Any] = {name: not getattr(plan, name) for name in ("theme", "organising")}
        initial["version"] = plan.version
        for area in self.given:
            fits = earlier.fitting(area, here)
            initial[f"area-{area.pk}"] = str(fits.pk) if fits and fits.pk not in written else ""
        super().__init__(data, initial=initial)
        choices = [("", _("– không lấy –")), *((pk, self._labelled(area, written)) for pk, area in self.target.items())]
        for area in self.given:
            name = _("Đưa vào nội dung")
            self.fields[f"area-{area.pk}"] = forms.ChoiceField(label=name, choices=choices, required=False)

    @staticmethod
    def _labelled(area: ContentArea, written: set[int]) -> str:
        title = f"{area.code}. {area.title}"
        return gettext("%s (đã có cam kết, sẽ thêm vào sau)") % title if area.pk in written else title

    def rows(self) -> list[tuple[ContentArea, list[Commitment], Any]]:
        """Each area of the other plan with what it promises, and the field that asks where this goes."""
        return [(area, given, self[f"area-{area.pk}"]) for area, given in self.given.items()]

    def content(self) -> dict[str, Any]:
        """What `earlier.take_over` takes."""
        data = self.cleaned_data
        chosen = {area.pk: data[f"area-{area.pk}"] for area in self.given}
        areas = {pk: self.target[into] for pk, into in chosen.items() if into}
        return {"areas": areas} | {name: data[name] for name in ("theme", "organising", "version")}


class CommentForm(forms.ModelForm):
    field = forms.ChoiceField(label=_("Mục"))
    text = CleanCharField(label=_("Góp ý"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Comment
        fields = ["field", "text"]

    def __init__(self, *args, places: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "field", forms.ChoiceField).choices = places


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp đính kèm"),
        help_text=_("PDF, DOCX, XLSX hoặc ảnh; tối đa 20 MB mỗi tệp."),
        error_messages=FILE_ERRORS,
    )
