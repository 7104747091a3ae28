"""Which awards a campaign opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards.models import Submission
from awards.models.ledger import award_label
from awards.nominations import opening
from awards.nominations.forms.submissions import (
    OpenAwardsForm,
)
from campaigns.models import Campaign
from portal.flow import Refused
from portal.web import refusals, seen
from portal.web.requests import Request


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_awards(request: Request, pk: int) -> HttpResponse:
    """Which awards a campaign opens and for which fields of merit: read by all, set by who runs the campaign."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user)
        .select_related("unit")
        .prefetch_related("merit_fields", "open_awards"),
        pk=pk,
    )
    may_open = opening.may_open(request.user, campaign)
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    form = OpenAwardsForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            opening.open_for(campaign, form.content(), by=request.user, version=seen.version(request))
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu các hình thức khen thưởng của phong trào."))
            return redirect("campaign_awards", pk)
    titles = {f.pk: f.title for f in campaign.merit_fields.all()}
    opened: dict[str, dict[str, Any]] = {}
    for row in campaign.open_awards.all():
        one = opened.setdefault(row.award, {"label": award_label(row.award), "fields": [], "places": row.places})
        if row.merit_field_id:
            one["fields"].append(titles[row.merit_field_id])
    for one in opened.values():
        if len(one["fields"]) == len(titles):  # each by its own row, all of them together
            one["fields"] = []
    milestone = campaign.milestones.filter(kind="nomination").first()
    return render(
        request,
        "awards/law/campaign_awards.html",
        {
            "campaign": campaign,
            "form": form if may_open else None,
            "opened": list(opened.values()),
            "milestone": milestone,
            "may_begin": campaign.running and request.user.may_anywhere("draft_nominations"),
            "papers": Submission.objects.visible_to(request.user).filter(campaign=campaign).count(),
        },
    )
