"""Where a master is brought."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.files.uploads import FILE_ERRORS
from portal.web.forms import BootstrapFormMixin, CleanCharField


class MasterForm(BootstrapFormMixin, forms.Form):
    file = forms.FileField(
        label=_("Tệp mẫu Word"),
        help_text=_("Tệp .docx, tối đa 2 MB, không có macro và liên kết ra ngoài."),
        error_messages=FILE_ERRORS,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    note = CleanCharField(label=_("Vì sao thay mẫu"), max_length=500)
