"""Sets of rows in one form."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


class WholeRows(forms.BaseFormSet):
    """Rows that are taken only as the page sent them: a row that does not come along would be a row deleted."""

    default_error_messages = {
        "missing_management_form": _("Các dòng gửi lên không trọn vẹn. Hãy tải lại trang rồi lưu lại."),
        "too_many_forms": ngettext_lazy(
            "Danh sách có tối đa %(num)d dòng.", "Danh sách có tối đa %(num)d dòng.", "num"
        ),
        "too_few_forms": ngettext_lazy(
            "Danh sách cần ít nhất %(num)d dòng.", "Danh sách cần ít nhất %(num)d dòng.", "num"
        ),
    }

    def clean(self) -> None:
        super().clean()
        if not self.management_form.is_valid() or self._sent() != set(range(self.total_form_count())):
            raise forms.ValidationError(self.error_messages["missing_management_form"])  # type: ignore[attr-defined]

    def _sent(self) -> set[int]:
        """The rows of which anything was sent."""
        name = re.compile(rf"{re.escape(str(self.prefix))}-(\d{{1,5}})-")
        return {int(found[1]) for found in map(name.match, self.data) if found}
