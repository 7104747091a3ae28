"""Days and moments are asked with the browser's own calendar; what is typed or pasted as dd/mm/yyyy is read as well.

A browser that has no such field shows a line of text, and whatever does not ask a browser may send dd/mm/yyyy.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import to_current_timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.days import end_of

UNFINISHED = "?"  # sent by portal.js for a day of which a part is missing
LAST = "9999-12-31"  # else a year may have six digits


class DayInput(forms.DateInput):
    """The value is ISO, as HTML asks; each browser shows it as its reader writes days."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        usual = {"placeholder": _("ngày/tháng/năm"), "autocomplete": "off", "max": LAST}
        super().__init__(attrs=usual | (attrs or {}), format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What is no day is shown as it was typed, in a line of text; a browser's own field would show nothing."""
        context = super().get_context(name, "" if value == UNFINISHED else value, attrs)
        if isinstance(value, str) and value not in ("", UNFINISHED):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """A day."""

    widget = DayInput
    default_error_messages = {"invalid": _("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/09/2026.")}

    def prepare_value(self, value: Any) -> Any:
        """What was typed as a day is shown as one; what is no day stays as it was typed."""
        if isinstance(value, str):
            try:
                return self.to_python(value) or value
            except ValidationError:
                return value
        return value


class MomentInput(DayInput):
    """A day, and beside it an hour that may be left out."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return " ".join(part for part in (data.get(name), data.get(f"{name}-hour")) if part)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        day, hour = (value, f"{value:%H:%M}") if isinstance(value, datetime) else (value, "")
        own = {"id": f"{(attrs or {}).get('id', name)}_hour", "class": "form-control", "aria-label": _("Giờ")}
        time = forms.TimeInput(attrs=own | {"autocomplete": "off"}, format="%H:%M")
        time.input_type = "time"
        return format_html(
            '<div class="moment">{} {}</div>',
            super().render(name, day, attrs, renderer),
            time.render(f"{name}-hour", hour, renderer=renderer),
        )


class MomentField(forms.DateTimeField):
    """A day and perhaps an hour; a day alone means its last minute."""

    widget = MomentInput
    default_error_messages = {"invalid": _("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/09/2026.")}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = self.clean(value) or value
            except ValidationError:
                return value
        return to_current_timezone(value) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        return moment if moment is None or ":" in str(value) else end_of(moment.date())
