"""The rows of a campaign: documents, areas, solutions, fields of merit, phases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.files import uploads
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, WholeRows
from portal.web.forms.numbers import NumberField
from portal.web.rendering import ROWS

FIRST_DAY, LAST_DAY = date(1945, 1, 1), date(2100, 12, 31)


LONG = 20_000  # characters of a free text


WHOLE, HALF, SHORT, REST = "col-12", "col-sm-6", "col-sm-3", "col-sm-9"  # of a line


SPAN = {"starts_on": HALF, "ends_on": HALF}


CODED = {"code": SHORT, "title": REST}


CRITERIA = 50
LAST_PLACE = 9999


def day_field(label: Any, **kwargs: Any) -> DayField:
    """A day within reason, which may be unknown."""
    far = _("Hãy ghi ngày từ 01/01/1945 đến 31/12/2100.")
    bounds = [MinValueValidator(FIRST_DAY, far), MaxValueValidator(LAST_DAY, far)]
    return DayField(label=label, required=False, validators=bounds, **kwargs)


class Row(BootstrapFormMixin, forms.Form):
    """One row of a list; `id` names the stored row it came from."""

    width = WHOLE

    id = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)


class SpanRow(Row):
    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", gettext("Ngày kết thúc phải sau hoặc cùng ngày bắt đầu."))
        return data


class DocumentRow(Row):
    widths = {"number": HALF, "dated": HALF}
    current_file: dict[str, str] | None = None  # the one that is stored already

    number = CleanCharField(label=_("Số, ký hiệu"), max_length=60)
    dated = day_field(_("Ngày ban hành"))
    issuer = CleanCharField(label=_("Cơ quan ban hành"), max_length=200)
    title = CleanCharField(label=_("Trích yếu"), max_length=500)
    file = forms.FileField(
        label=_("Tệp"),
        required=False,
        help_text=_("PDF, Word, Excel hoặc ảnh."),
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
    )
    is_plan = forms.BooleanField(label=_("Là kế hoạch phát động phong trào này"), required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file:
            uploads.check_upload(file)
        return file


class AreaRow(Row):
    widths = CODED

    code = CleanCharField(label=_("Mã"), max_length=10)
    title = CleanCharField(label=_("Nội dung"), max_length=300)
    summary = CleanCharField(
        label=_("Yêu cầu cụ thể"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )
    criteria = CleanCharField(
        label=_("Tiêu chí, mỗi dòng một tiêu chí"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_criteria(self) -> list[str]:
        found = [" ".join(line.split()) for line in self.cleaned_data["criteria"].split("\n")]
        found = [line for line in found if line]
        if len(found) > CRITERIA:
            raise ValidationError(_("Tối đa %s tiêu chí cho một nội dung.") % CRITERIA)
        if any(len(line) > 400 for line in found):
            raise ValidationError(_("Mỗi tiêu chí tối đa 400 ký tự."))
        return found


class SolutionRow(Row):
    title = CleanCharField(label=_("Giải pháp"), max_length=200)
    text = CleanCharField(
        label=_("Cách làm"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class MeritRow(Row):
    widths = CODED

    code = CleanCharField(label=_("Mã"), max_length=10)
    title = CleanCharField(label=_("Lĩnh vực thành tích"), max_length=400)


class PhaseRow(SpanRow):
    widths = SPAN

    title = CleanCharField(label=_("Giai đoạn"), max_length=200)
    starts_on = day_field(_("Từ ngày"))
    ends_on = day_field(_("Đến ngày"))


class Rows(WholeRows):
    """A list whose rows can be put in order and deleted; `once` names the column that no two rows share."""

    once = ""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        order = form.fields["ORDER"]
        form.fields["ORDER"] = NumberField(
            label=_("Thứ tự"), required=False, min_value=1, max_value=LAST_PLACE, initial=order.initial
        )
        form.fields["DELETE"].label = _("Xóa dòng này")

    def clean(self) -> None:
        super().clean()
        if self.once and not any(self.errors):
            values = [row[self.once] for row in self.rows()]
            if twice := {v for v in values if values.count(v) > 1}:
                raise ValidationError(_("Mã bị trùng: %s.") % ", ".join(sorted(twice)))

    def rows(self) -> list[dict[str, Any]]:
        """What stays, in the order that was chosen."""
        return [form.cleaned_data for form in self.ordered_forms if form.cleaned_data]

    def taken(self, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What a draft keeps: a wrong column stays as it is stored, a new row that lacks one waits on the page."""
        if self.is_valid():
            return self.rows()
        if self.non_form_errors() or any("id" in form.errors for form in self.forms):
            return stored
        known = {row["id"]: row for row in stored}
        found = []
        for place, form in enumerate(self.forms, start=1):
            row = form.cleaned_data
            if row and not row.get("DELETE") and _filled(form, known.get(row.get("id"))):
                found.append((row["ORDER"] or LAST_PLACE + 1 if "ORDER" in row else place, row))
        rows = [row for _order, row in sorted(found, key=lambda pair: pair[0])]
        codes = [row[self.once] for row in rows] if self.once else []
        return rows if len(set(codes)) == len(codes) else stored


def _filled(form: forms.Form, was: dict[str, Any] | None) -> bool:
    """Put what is stored where something is wrong; False for a new row that lacks what it must have."""
    row = form.cleaned_data
    for name in form.errors:
        if name in ("ORDER", "DELETE", "file") or name not in form.fields:
            continue
        if was is None and form.fields[name].required:
            return False
        row[name] = was[name] if was else [] if name == "criteria" else form.fields[name].to_python("")
    if row.get("starts_on") and row.get("ends_on") and row["ends_on"] < row["starts_on"]:
        row |= {name: was[name] if was else None for name in ("starts_on", "ends_on")}
    return True


class CodedRows(Rows):
    once = "code"


def _rows(row: type[Row], base: type[Rows] = Rows) -> dict[int, type[Rows]]:
    kinds: dict[int, type[Rows]] = {}
    for extra in (0, 1):
        kinds[extra] = formset_factory(  # type: ignore[call-arg, assignment]  # the stubs lag behind Django
            row,
            formset=base,
            extra=extra,
            can_order=True,
            can_delete=True,
            max_num=100,
            absolute_max=150,
            validate_max=True,
            renderer=ROWS,
        )
    return kinds


LISTS = {
    "documents": _rows(DocumentRow),
    "areas": _rows(AreaRow, CodedRows),
    "solutions": _rows(SolutionRow),
    "merit_fields": _rows(MeritRow, CodedRows),
    "phases": _rows(PhaseRow),
}
