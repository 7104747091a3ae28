"""The desk of the office that launched a campaign: who has answered, what waits, what is done about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import flow
from campaigns.desk import bulk as bulk_verbs
from campaigns.desk import coverage
from campaigns.desk.documents import coverage_workbook
from campaigns.desk.forms import DeskFilter, ExtendForm, ReceiveForm, RemindNote
from campaigns.models import Campaign, Milestone, Obligation
from campaigns.obligations import services as obligations
from portal.days import end_of, today
from portal.files.sheets import download
from portal.flow import Refused
from portal.text import grouped
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.parameters import numbers
from portal.web.requests import Request

ROWS_A_PAGE, GRID_ROWS_A_PAGE = 25, 50
VOLUNTEERS_SHOWN = 20
SEEN_MOST = 5000  # obligations that one form may name


# --- the gate ---


def _campaign(request: Request, pk: int) -> Campaign:
    """The campaign, for who acts for its unit and for who inspects there; to others it has no desk.

    A historical record has none at all: nobody answered it here, so «not sent» would be untrue.
    """
    campaigns = Campaign.objects.visible_to(request.user).filter(historical=False)
    campaign = get_object_or_404(campaigns.for_list(), pk=pk)
    if not flow.may_manage(request.user, campaign) and not request.user.may("inspect_campaigns", campaign.unit):
        raise Http404
    return campaign


def _managed(request: Request, pk: int) -> Campaign:
    """The campaign, for who acts for its unit."""
    campaign = _campaign(request, pk)
    if not flow.may_manage(request.user, campaign):
        raise PermissionDenied
    return campaign


# --- looking ---


def _last_filter(request: Request, campaign: Campaign) -> HttpResponse | None:
    """Where to go when the page was opened without a word: to the filter that was used last, if there is one."""
    name = f"desk:{campaign.pk}"
    if "clear" in request.GET:
        request.session.pop(name, None)
        return redirect(request.path)
    if not request.GET and request.session.get(name):
        return redirect(f"{request.path}?{request.session[name]}")
    return None


def _keep_filter(request: Request, campaign: Campaign, query: str) -> None:
    name = f"desk:{campaign.pk}"
    if request.session.get(name, "") != query:
        request.session[name] = query


def _page(request: Request, campaign: Campaign, areas: list[Any], size: int) -> dict[str, Any]:
    """What the list and the grid have in common: the filter, one page of rows with their words."""
    now = timezone.now()
    form = DeskFilter(request.GET, areas)
    _keep_filter(request, campaign, form.query)
    found = coverage.narrowed(coverage.rows(campaign, now), form.asked)
    page = numbered(request, coverage.for_list(found), size)
    return {
        "campaign": campaign,
        "form": form,
        "page_obj": page,
        "lines": coverage.described(page, now),
        "query": form.query,
        "areas": areas,
        "manages": flow.may_manage(request.user, campaign),
        "others": _others(campaign),
    }


def _others(campaign: Campaign) -> list[Milestone]:
    """The milestones beside the registration of plans, each with a list of its own."""
    return list(campaign.milestones.exclude(kind=Milestone.Kind.REGISTRATION))


@require_safe
def desk(request: Request, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    if elsewhere := _last_filter(request, campaign):
        return elsewhere
    context = _page(request, campaign, list(coverage.by_area(campaign)), ROWS_A_PAGE)
    kinds = coverage.by_kind(campaign, timezone.now())
    figures = coverage.total(kinds)
    columns = [name for name in coverage.STANDINGS if name != coverage.RECEIVED or figures[name]]
    for line in kinds:
        line["standings"] = [(name, coverage.STANDINGS[name][0], line[name]) for name in columns]
    context |= {
        "kinds": kinds,
        "figures": figures,
        "tiles": _tiles(figures),
        "segments": coverage.segments(figures),
        "columns": [coverage.STANDINGS[name][0] for name in columns],
        "in_hand": figures["submitted"] + figures["approved"],
        "volunteers": coverage.volunteers(campaign)[:VOLUNTEERS_SHOWN],
    }
    return render(request, "campaigns/desk/desk.html", context)


def _tiles(figures: dict[str, int]) -> list[dict[str, Any]]:
    tiles = [{"value": figures["owing"], "label": _("đơn vị phải gửi kế hoạch"), "url": "?clear=1"}]
    for name, (label, tone) in coverage.STANDINGS.items():
        if figures[name] or name != coverage.RECEIVED:
            tiles.append({"value": figures[name], "label": label, "tone": tone, "url": f"?state={name}"})
    if figures["begun"]:
        tiles[1]["hint"] = _("trong đó %s đang soạn") % figures["begun"]
    late = "late" if figures["overdue"] else "neutral"
    return [*tiles, {"value": figures["overdue"], "label": _("quá hạn"), "tone": late, "url": "?late=1"}]


@require_safe
def grid(request: Request, pk: int) -> HttpResponse:
    campaign = _campaign(request, pk)
    if elsewhere := _last_filter(request, campaign):
        return elsewhere
    areas = list(campaign.areas.all())
    context = _page(request, campaign, areas, GRID_ROWS_A_PAGE)
    context["rows"] = coverage.with_cells(context["lines"], areas)
    return render(request, "campaigns/desk/grid.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request: Request, pk: int, kind: str) -> HttpResponse:
    """Who has handed in what is sent outside the portal, such as an interim report; the office notes many at once."""
    posted = request.method == "POST"
    campaign, now = (_managed if posted else _campaign)(request, pk), timezone.now()
    others = _others(campaign)
    shown = next((m for m in others if m.kind == kind), None)
    if shown is None:
        raise Http404
    found, form = coverage.at_milestone(shown), ReceiveForm(request.POST if posted else None)
    if posted:
        chosen = list(found.filter(unit__in=numbers(request.POST.getlist("unit")), met_at=None))
        if not campaign.running:
            messages.warning(request, _("Phong trào không còn diễn ra."))
            return redirect(request.path)
        if not chosen:
            messages.warning(request, _("Hãy chọn ít nhất một đơn vị trong danh sách."))
        elif form.is_valid():
            try:
                versions = seen.versions(request, "seen", SEEN_MOST)
                with transaction.atomic():
                    for obligation in chosen:
                        version = seen.of(versions, obligation)
                        obligations.receive(
                            obligation, by=request.user, note=form.cleaned_data["note"], version=version
                        )
            except Refused as refusal:
                refusals.tell(request, refusal, form)
            else:
                words = ngettext("Đã ghi nhận %s đơn vị đã nộp.", "Đã ghi nhận %s đơn vị đã nộp.", len(chosen))
                messages.success(request, words % grouped(len(chosen)))
                return redirect(request.path)
    standings = {
        "open": (_("Chưa nhận"), found.filter(met_at=None)),
        "late": (_("Quá hạn"), found.filter(Q(met_at=None, due__lt=now))),
        "met": (_("Đã nhận"), found.exclude(met_at=None)),
    }
    state = request.GET.get("state", "")
    rows = standings[state][1] if state in standings else found
    page = numbered(request, rows, GRID_ROWS_A_PAGE)
    context = {
        "campaign": campaign,
        "milestone": shown,
        "others": others,
        "page_obj": page,
        "rows": [(owed, *coverage.due_words(owed, now)) for owed in page],
        "state": state if state in standings else "",
        "query": f"state={state}" if state in standings else "",
        "standings": [(name, label) for name, (label, _rows) in standings.items()],
        "manages": campaign.running and flow.may_manage(request.user, campaign),
        "form": form,
        "ticked": numbers(request.POST.getlist("unit")),
    }
    return render(request, "campaigns/desk/milestone.html", context)


@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    campaign, now = _campaign(request, pk), timezone.now()
    areas = list(campaign.areas.all())
    form = DeskFilter(request.GET, areas)
    found = coverage.narrowed(coverage.rows(campaign, now), form.asked)
    rows = coverage.with_cells(coverage.described(coverage.for_list(found), now), areas)
    name = f"{slugify(campaign.code) or campaign.pk}-{today():%Y-%m-%d}.xlsx"
    return download(coverage_workbook(campaign, rows, areas, form.in_words), name)


# --- acting on many ---


@require_POST
def bulk(request: Request, pk: int) -> HttpResponse:
    campaign, action = _managed(request, pk), request.POST.get("action")
    lines = _chosen(request, campaign)
    if action not in ("approve", "remind", "extend"):
        raise Http404
    if not lines:
        messages.warning(request, _("Hãy chọn ít nhất một đơn vị trong danh sách."))
        return redirect("desk", pk)
    if action == "extend":
        query = urlencode([("unit", line.unit.pk) for line in lines])
        return redirect(f"{reverse('desk_extend', args=[pk])}?{query}")
    note = RemindNote(request.POST if "confirm" in request.POST else None)
    if "confirm" in request.POST and (action == "approve" or note.is_valid()):
        return _approve(request, campaign) if action == "approve" else _remind(request, campaign, lines, note)
    preview = getattr(bulk_verbs, f"{action}_preview")(campaign, lines, request.user)
    context = {"campaign": campaign, "action": action, "preview": preview, "form": note, "notes": action == "remind"}
    return render(request, "campaigns/desk/bulk.html", context)


def _chosen(request: Request, campaign: Campaign) -> list[coverage.Line]:
    """The rows that were ticked, or all that the filter shows."""
    now = timezone.now()
    found = coverage.rows(campaign, now)
    if "every" in request.POST:
        asked = DeskFilter(QueryDict(request.POST.get("query", "")), list(campaign.areas.all())).asked
        found = coverage.narrowed(found, asked)
    else:
        found = coverage.narrowed(found.filter(unit__in=numbers(request.POST.getlist("unit"))), {})
    return coverage.described(coverage.for_list(found), now)


def _approve(request: Request, campaign: Campaign) -> HttpResponse:
    try:
        done, refusals = bulk_verbs.approve(campaign, seen.versions(request, "plan", SEEN_MOST), request.user)
    except Refused as refusal:
        done, refusals = 0, [str(words) for words in refusal.objections]
    if done:
        messages.success(request, ngettext("Đã duyệt %s kế hoạch.", "Đã duyệt %s kế hoạch.", done) % grouped(done))
    for words in refusals or ([] if done else [_("Không có kế hoạch nào được duyệt.")]):
        messages.warning(request, words)
    return redirect("desk", campaign.pk)


def _remind(request: Request, campaign: Campaign, lines: list[coverage.Line], form: RemindNote) -> HttpResponse:
    count = bulk_verbs.remind(campaign, lines, request.user, form.cleaned_data["note"])
    if count:
        messages.success(request, ngettext("Đã nhắc %s đơn vị.", "Đã nhắc %s đơn vị.", count) % grouped(count))
    else:
        messages.warning(request, _("Không có đơn vị nào được nhắc."))
    return redirect("desk", campaign.pk)


# --- acting on one ---


@require_safe
def next_plan(request: Request, pk: int) -> HttpResponse:
    campaign = _managed(request, pk)
    waiting = coverage.queue(campaign, request.user)
    passed = campaign.plans.filter(pk__in=numbers([request.GET.get("after", "")])).first()
    plan = coverage.after(waiting, passed).first() or waiting.first()  # round and round, so that none is left out
    if plan is None:
        messages.info(request, _("Không còn kế hoạch nào chờ đồng chí xem xét."))
        return redirect("desk", pk)
    if plan == passed:
        messages.info(request, _("Chỉ còn kế hoạch này chờ đồng chí xem xét."))
    return redirect(plan)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: Request, pk: int) -> HttpResponse:
    campaign = _managed(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ExtendForm(data, campaign=campaign, initial={"unit": request.GET.getlist("unit")})
    if data is not None and form.is_valid():
        told = form.cleaned_data
        chosen = Obligation.objects.open().filter(pk__in=[o.pk for o in form.chosen])
        try:
            count = obligations.extend(
                chosen,
                end_of(told["until"]),
                by=request.user,
                reason=told["reason"],
                versions=seen.versions(request, "seen", SEEN_MOST),
            )
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            words = ngettext("Đã gia hạn cho %s đơn vị.", "Đã gia hạn cho %s đơn vị.", count) % grouped(count)
            messages.success(request, words)
            return redirect("desk", pk)
    return render(request, "campaigns/desk/extend.html", {"campaign": campaign, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request, pk: int) -> HttpResponse:
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).for_list(), pk=pk)
    campaign = _managed(request, obligation.milestone.campaign_id)
    if not obligation.open or not campaign.running:
        messages.warning(request, _("Nghĩa vụ này đã hoàn thành hoặc không còn phải thực hiện."))
        return redirect("desk", campaign.pk)
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            note, version = form.cleaned_data["note"], seen.version(request)
            obligations.receive(obligation, by=request.user, note=note, version=version)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã ghi nhận: %s.") % obligation.unit.label)
            return redirect("desk", campaign.pk)
    context = {"campaign": campaign, "obligation": obligation, "form": form}
    return render(request, "campaigns/desk/receive.html", context)
