"""Forms of the pages around an edition: a new one, a file of one, figures, what of a trial is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from awards.law import standards
from awards.models import LawFigure, Nomination, TrialLine
from awards.models.editions import CODE
from portal.files.uploads import ACCEPT, FILE_ERRORS
from portal.text import clean
from portal.web.forms import BootstrapFormMixin, CleanCharField, DayField, Filter, field_of
from portal.web.forms.numbers import NumberField
from portal.web.seen import SeenField

LARGEST_TEXT = 1_000_000  # bytes; ten times the longest edition


class BeginForm(BootstrapFormMixin, forms.Form):
    """A new draft, from the edition before."""

    before = forms.ChoiceField(label=_("Soạn từ bộ"))
    code = CleanCharField(
        label=_("Mã"),
        max_length=10,
        validators=[CODE],
        help_text=_("Ví dụ QD-2027; hồ sơ ghi mã này để biết được xét theo bộ nào."),
    )
    name = CleanCharField(label=_("Tên bộ quy định"), max_length=200)
    name_en = CleanCharField(label=_("Tên tiếng Anh"), max_length=200)
    valid_from = DayField(label=_("Có hiệu lực từ ngày"))

    def __init__(self, data: QueryDict | None = None, **more: Any):
        super().__init__(data, **more)
        choices = [(each.code, each.label) for each in reversed(standards.editions())]
        field_of(self, "before", forms.ChoiceField).choices = choices


class TomlForm(BootstrapFormMixin, forms.Form):
    """An edition as a file, as the portal gives one out."""

    file = forms.FileField(
        label=_("Tệp TOML"), widget=forms.FileInput(attrs={"accept": ".toml"}), error_messages=FILE_ERRORS
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TEXT:
            raise ValidationError(_("Tệp quá lớn so với một bộ quy định."))
        try:
            text = str(file.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ValidationError(_("Tệp không phải văn bản UTF-8.")) from error
        if clean(text).replace("\n", "") != text.replace("\r\n", "\n").replace("\n", ""):
            raise ValidationError(_("Tệp có ký tự ẩn; hãy lưu lại thành văn bản thường."))
        return text


class FileForm(BootstrapFormMixin, forms.Form):
    """The signed file of a document."""

    document = forms.ChoiceField(label=_("Văn bản"), required=False)
    file = forms.FileField(
        label=_("Tệp đã ký"),
        help_text=_("PDF, DOCX hoặc ảnh; tối đa 20 MB mỗi tệp."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages=FILE_ERRORS,
    )

    def __init__(self, data: Any = None, files: Any = None, *, documents: list[tuple[str, str]] | None = None):
        super().__init__(data, files, auto_id="attached_%s")
        if documents:
            field_of(self, "document", forms.ChoiceField).choices = documents
        else:
            del self.fields["document"]


class FigureForm(BootstrapFormMixin, forms.Form):
    """A figure with its day and the document that sets it."""

    kind = forms.ChoiceField(label=_("Số liệu"), choices=LawFigure.Kind)
    amount = NumberField(label=_("Mức"), min_value=1, max_value=10**12)
    valid_from = DayField(label=_("Áp dụng từ ngày"))
    basis = CleanCharField(label=_("Căn cứ (văn bản, điều)"), max_length=300)
    version = SeenField(required=False)


class TrialFilter(Filter):
    """Which of the nominations that are judged otherwise are shown."""

    outcome = forms.ChoiceField(
        label=_("Kết quả"), choices=[("", _("Tất cả")), *TrialLine.Outcome.choices], required=False
    )
    award = forms.ChoiceField(label=_("Danh hiệu, hình thức"), required=False)
    q = CleanCharField(label=_("Tên, đơn vị"), max_length=100, required=False)

    def __init__(self, data: QueryDict):
        super().__init__(data)
        names = {code: award.label for edition in standards.editions() for code, award in edition.awards.items()}
        field_of(self, "award", forms.ChoiceField).choices = [("", _("Tất cả")), *names.items()]

    def narrow(self, lines: QuerySet[TrialLine]) -> QuerySet[TrialLine]:
        """The lines that were asked for."""
        asked = self.asked
        if outcome := asked.get("outcome"):
            lines = lines.filter(outcome=outcome)
        if award := asked.get("award"):
            lines = lines.filter(nomination__award=award)
        if words := asked.get("q"):
            lines = lines.filter(nomination__in=Nomination.objects.matching(words))
        return lines


class BeginningFilter(TrialFilter):
    """The same of the day on which an edition begins."""

    rule = forms.ChoiceField(label=_("Áp dụng"), choices=[("", _("Tất cả")), *TrialLine.Rule.choices], required=False)
    field_order = ["rule", "outcome", "award", "q"]

    def narrow(self, lines: QuerySet[TrialLine]) -> QuerySet[TrialLine]:
        lines = super().narrow(lines)
        return lines.filter(rule=rule) if (rule := self.asked.get("rule")) else lines
