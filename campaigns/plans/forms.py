"""The shape of a plan: theme, organising, and for each content area its commitments or a reason for having none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Comment, Commitment, ContentArea, Plan
from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, WholeRows, css_class, field_of
from portal.web.numbers import NumberField, plain
from portal.web.rendering import ROWS
from portal.web.seen import Versioned

MAX_ROWS = 30  # commitments in one area
MOST = 999_999_999_999  # what the column holds


class PlanForm(Versioned, forms.ModelForm):
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

    def commitment(self) -> Commitment | None:
        """The row as an unsaved commitment, or None when nothing was typed."""
        data = self.cleaned_data
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
        self.area = area
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

    def commitments(self) -> list[Commitment]:
        return [c for form in self.rows.forms if (c := form.commitment())]


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

    def content(self) -> dict:
        """What `flow.write` takes, after is_valid()."""
        return {
            "theme": self.head.cleaned_data["theme"],
            "organising": self.head.cleaned_data["organising"],
            "version": self.head.cleaned_data["version"],
            "commitments": [c for area in self.areas for c in area.commitments()],
            "reasons": {area.area.pk: area.reason.cleaned_data["reason"] for area in self.areas},
        }

    def errors(self) -> list[str]:
        """Every problem in words, with its place."""
        found = [str(text) for text in self.head.non_field_errors()] + [
            f"{self.head.fields[name].label}: {', '.join(map(str, texts))}"
            for name, texts in self.head.errors.items()
            if name in self.head.fields
        ]
        for area in self.areas:
            if not area.rows.is_bound:
                continue
            for place, form in enumerate(area.rows.forms, start=1):
                found += [
                    f"{area.area.code}, {place} – {form.fields[name].label}: {', '.join(map(str, texts))}"
                    for name, texts in form.errors.items()
                    if name in form.fields
                ]
            found += [str(text) for text in area.rows.non_form_errors()]
            found += [f"{area.area.code}: {', '.join(map(str, texts))}" for texts in area.reason.errors.values()]
        return found


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
