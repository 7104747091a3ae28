"""The pages of a campaign: list, reading, editor, preview, clone, sub-campaign, steps, documents."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import flow, rules
from campaigns.campaigns import cloning, editing
from campaigns.campaigns.editor import code_taken, get_campaign, get_prepared
from campaigns.campaigns.forms import CampaignFilter, CloneForm, StartForm
from campaigns.campaigns.queries import content_of, mine_in, state_of
from campaigns.flow import CAMPAIGN
from campaigns.models import Campaign, LegalDocument, Obligation
from campaigns.obligations import services as obligations
from portal.days import today
from portal.files import uploads
from portal.flow import Refused
from portal.models import Entry
from portal.text import grouped
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.parameters import without
from portal.web.requests import Request
from units.models import Unit

PER_PAGE = 25


# --- list ---


@require_safe
def campaign_list(request: Request) -> HttpResponse:
    form = CampaignFilter(request.GET)
    found = form.narrow(Campaign.objects.visible_to(request.user).for_list())
    state = form.asked.get("state", "")
    page = numbered(request, found, PER_PAGE)
    shown = list(page.object_list)
    mine = mine_in(request.user, shown)
    return render(
        request,
        "campaigns/campaigns/list.html",
        {
            "page": page,
            "rows": [(campaign, state_of(campaign), mine.get(campaign.pk, [])) for campaign in shown],
            "tabs": [{"key": key, "label": label, "current": key == state} for key, label in form.STANDINGS],
            "form": form,
            "query": without(request.GET, "page"),
            "query_apart": without(request.GET, "page", "state"),
            "drafts": request.user.may_anywhere("draft_plans"),
            "may_begin": request.user.may_anywhere("prepare_campaigns"),
        },
    )


# --- reading ---


@require_safe
def campaign_detail(request: Request, pk: int) -> HttpResponse:
    campaign, user = get_campaign(request, pk), request.user
    prepares = flow.may_prepare(user, campaign)
    draft = campaign.state == Campaign.State.DRAFT
    steps = CAMPAIGN.open_to(user, campaign)
    children = Campaign.objects.none()
    if not draft:
        children = (
            Campaign.objects.visible_to(user)
            .filter(parent=campaign)
            .select_related("unit")
            .order_by("unit__order", "pk")
        )
    under = [u for u in user.units_where("launch_under") if cloning.may_launch_under(user, campaign, u)]
    return render(
        request,
        "campaigns/campaigns/detail.html",
        content_of(campaign)
        | {
            "mine": mine_in(user, [campaign]).get(campaign.pk, []),
            "children": [(child, state_of(child)) for child in children],
            "entries": Entry.objects.about(campaign)[:100],
            "prepares": prepares,
            "edits": prepares and draft,
            "manages": flow.may_manage(user, campaign) and not draft,
            "may_clone": user.may_anywhere("prepare_campaigns") and not draft,
            # launching is confirmed on a page of its own, which says who will owe what
            "launches": any(step.name == "launch" for step in steps),
            "steps": [step for step in steps if step.name != "launch"],
            "under": [u for u in under if u.has_below],
            "checklist": rules.launch_checklist(campaign) if draft else [],
            "article": rules.LAUNCH_ARTICLE,
        },
    )


@require_safe
def campaign_preview(request: Request, pk: int) -> HttpResponse:
    campaign = get_prepared(request, pk)
    if campaign.state != Campaign.State.DRAFT:
        return redirect(campaign)
    return render(request, "campaigns/campaigns/preview.html", content_of(campaign))


@require_safe
def document_file(request: Request, pk: int) -> FileResponse:
    document = get_object_or_404(LegalDocument.objects.exclude(file=""), pk=pk)
    get_object_or_404(Campaign.objects.visible_to(request.user), pk=document.campaign_id)
    name = document.file_name or PurePosixPath(document.file.name).name
    return uploads.serve(document.file, name, uploads.type_of(document.file.name))


# --- writing ---


def _new_for(request: Request) -> None:
    if not editing.own_units(request.user):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: Request) -> HttpResponse:
    _new_for(request)
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                campaign = editing.create(by=request.user, **form.cleaned_data)
        except IntegrityError:
            code_taken(form)
        else:
            messages.success(request, _("Đã tạo bản nháp. Hãy điền nội dung phong trào."))
            return redirect("campaign_edit", campaign.pk)
    return render(request, "campaigns/campaigns/new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_clone(request: Request, pk: int) -> HttpResponse:
    source = get_campaign(request, pk)
    _new_for(request)
    form = CloneForm(request.POST or None, user=request.user, initial={"title": source.title})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                made, dropped = cloning.clone(
                    source,
                    unit=data["unit"],
                    code=data["code"],
                    title=data["title"],
                    starts_on=data["starts_on"],
                    by=request.user,
                )
        except IntegrityError:
            code_taken(form)
        else:
            messages.success(request, _("Đã sao chép thành bản nháp «%s».") % made.code)
            if dropped:
                words = _("Không còn loại đơn vị này trong phạm vi phát động nên đã bỏ khỏi các mốc: %s.")
                messages.warning(request, words % ", ".join(dropped))
            return redirect("campaign_edit", made.pk)
    return render(request, "campaigns/campaigns/clone.html", {"campaign": source, "form": form})


@require_POST
def campaign_sub(request: Request, pk: int) -> HttpResponse:
    parent = get_campaign(request, pk)
    units = [u for u in request.user.units_where("launch_under") if cloning.may_launch_under(request.user, parent, u)]
    wanted = request.POST.get("unit")
    unit = next((u for u in units if wanted in (None, str(u.pk))), None)
    if unit is None:
        raise Http404
    try:
        draft, fresh = cloning.sub_campaign(parent, unit, by=request.user)
    except Refused as refused:
        refusals.tell(request, refused)
        return redirect(parent)
    if fresh:
        messages.success(request, _("Đã tạo bản nháp phong trào của đơn vị. Hãy sửa nội dung, tiêu chí và mốc."))
    else:
        messages.info(request, _("Đơn vị đang có bản nháp dưới phong trào này."))
    return redirect("campaign_edit", draft.pk)


# --- steps ---


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_step(request: Request, pk: int, step: str) -> HttpResponse:
    campaign = get_campaign(request, pk)
    if step not in {s.name for s in CAMPAIGN.steps}:
        raise Http404
    if request.method != "POST" and step != "launch":  # which alone has a page
        return HttpResponseNotAllowed(["POST"])
    if not CAMPAIGN[step].allowed_to(request.user, campaign):
        raise PermissionDenied
    if request.method != "POST":
        if campaign.state == Campaign.State.DRAFT:
            return _confirm_launch(request, campaign)
        return redirect(campaign)
    try:
        campaign = CAMPAIGN.take(
            step,
            campaign,
            by=request.user,
            note=request.POST.get("note", "")[:2000],
            version=seen.version(request),
        )
    except Refused as refused:
        refusals.tell(request, refused)
        return redirect(campaign)
    if step == "launch":
        count = Obligation.objects.filter(milestone__campaign=campaign).values("unit").distinct().count()
        words = ngettext("Đã phát động, giao việc cho %s đơn vị.", "Đã phát động, giao việc cho %s đơn vị.", count)
        messages.success(request, words % grouped(count))
    else:
        messages.success(request, _("Đã thực hiện: %s.") % CAMPAIGN[step].label)
    return redirect(campaign)


def _confirm_launch(request: Request, campaign: Campaign) -> HttpResponse:
    """Who will owe what, by kind of unit, before anybody is told."""
    plans = []
    for milestone in campaign.milestones.all():
        by_kind: dict[str, list[Unit]] = {}
        for unit in obligations.owing_units(milestone, today()):
            by_kind.setdefault(unit.get_kind_display(), []).append(unit)
        count = sum(map(len, by_kind.values()))
        plans.append({"milestone": milestone, "kinds": list(by_kind.items()), "count": count})
    return render(
        request,
        "campaigns/campaigns/launch.html",
        {
            "campaign": campaign,
            "objections": list(rules.launch_objections(campaign)),
            "plans": plans,
        },
    )
