"""What a person chooses about how the portal speaks to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from portal.models.notices import MailMode


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["mail_mode", "language"]
        widgets = {"mail_mode": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {"mail_mode": _("Cách nhận thư"), "language": _("Ngôn ngữ của cổng và của thư")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        modes: Any = self.fields["mail_mode"]
        modes.choices = [
            (MailMode.EACH, _("Gửi thư từng việc, ngay khi có việc")),
            (MailMode.DIGEST, _("Gộp một thư mỗi ngày làm việc, khoảng 08:10")),
            (MailMode.PORTAL, _("Chỉ báo trên cổng, không gửi thư")),
        ]
        languages: Any = self.fields["language"]
        languages.choices = [("vi", "Tiếng Việt"), ("en", "English")]
