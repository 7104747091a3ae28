"""What part of the sent notices is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from portal.models.notices import MailState
from portal.web.forms import CleanCharField, Filter, field_of
from units.models import User


class _CampaignField(forms.ModelChoiceField):
    def label_from_instance(self, campaign: Campaign) -> str:
        return campaign.title


class SentFilter(Filter):
    """Which notices are shown: about which campaign, how far their letters are, told to whom."""

    campaign = _CampaignField(Campaign.objects.none(), label=_("Phong trào"), required=False, empty_label=_("Tất cả"))
    state = forms.ChoiceField(label=_("Thư"), required=False, choices=[("", _("Tất cả")), *MailState.choices])
    q = CleanCharField(label=_("Người nhận hoặc đơn vị"), required=False, max_length=100)

    def __init__(self, data: Any, *, user: User):
        super().__init__(data)
        campaigns = Campaign.objects.visible_to(user).filter(historical=False).exclude(state=Campaign.State.DRAFT)
        field_of(self, "campaign", forms.ModelChoiceField).queryset = campaigns
