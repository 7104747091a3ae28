"""Decisions: written from what has passed, signed, issued, confirmed by the units they reach."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.decisions import flow, queries, services
from awards.decisions.forms import BeginForm, DecisionFilter, DecisionForm, SignedForm
from awards.decisions.jobs import ISSUE
from awards.decisions.papers import papers_of
from awards.models import Decision
from portal.files import stored
from portal.flow import UNSEEN, Refused
from portal.jobs.services import start
from portal.models import Entry
from portal.papers.services import links
from portal.scope import inside
from portal.text import grouped
from portal.web import paging, refusals, seen
from portal.web.parameters import numbers
from portal.web.requests import Request

PAGE = 25
AT_ONCE = 100  # cases issued while one waits; more are issued in the background
TONES = {
    Decision.State.DRAFT: "draft",
    Decision.State.SIGNING: "waiting",
    Decision.State.ISSUED: "approved",
    Decision.State.DROPPED: "neutral",
}


def _decision(request: Request, pk: int) -> Decision:
    found = Decision.objects.visible_to(request.user).select_related("unit", "annuls", "sent_by__person")
    return get_object_or_404(found, pk=pk)


def _prepared(request: Request, pk: int) -> Decision:
    """The decision, for who prepares its unit's."""
    found = _decision(request, pk)
    if not services.may_prepare(request.user, found):
        raise PermissionDenied
    return found


@require_safe
def decision_list(request: Request) -> HttpResponse:
    form = DecisionFilter(request.GET)
    found = form.narrow(Decision.objects.visible_to(request.user))
    page = paging.paginate(request, found, Decision.objects.select_related("unit"), ("pk",), PAGE)
    total, many = paging.count(found)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, TONES[Decision.State(row.state)]) for row in page.rows],
        "query": form.query,
        "total": total,
        "many": many,
        "may_begin": request.user.may_anywhere("prepare_decisions"),
    }
    return render(request, "awards/decisions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_new(request: Request) -> HttpResponse:
    units = request.user.units_where("prepare_decisions")
    if not units:
        raise PermissionDenied
    form = BeginForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        return redirect("decision_pick", services.begin(**form.cleaned_data, by=request.user).pk)
    return render(request, "awards/decisions/new.html", {"form": form}, status=_status(request))


@require_safe
def decision(request: Request, pk: int) -> HttpResponse:
    found = _decision(request, pk)
    prepares = services.may_prepare(request.user, found)
    lines = queries.with_subjects(found.lines.all())
    whole = prepares or request.user.may("read_decisions", found.unit)
    paths = request.user.reading_paths()
    if not whole:  # a unit that the decision reaches reads of its own people
        lines = lines.filter(inside(paths, "past_award__unit__path"))
    receipts = found.receipts.select_related("unit", "confirmed_by__person")
    mine = request.user.units_where("confirm_decisions")
    context = {
        "decision": found,
        "tone": TONES[Decision.State(found.state)],
        "page_obj": paging.numbered(request, lines, PAGE),
        "whole": whole,
        "prepares": prepares,
        "steps": flow.DECISION.open_to(request.user, found),
        "files": found.files.filter(removed_at=None),
        "signed": SignedForm() if prepares and found.state == Decision.State.SIGNING else None,
        "receipts": receipts if whole else receipts.filter(inside(paths, "unit__path")),
        "to_confirm": list(receipts.filter(unit__in=mine, confirmed_at=None)),
        "unconfirmed": receipts.filter(confirmed_at=None).count() if whole else 0,
        "annulled_by": found.annulled_by.filter(state=Decision.State.ISSUED),
        "papers": links(found, papers_of(found)) if whole else [],
        "token": uuid.uuid4(),
        "entries": Entry.objects.about(found)[:50] if whole else [],
    }
    return render(request, "awards/decisions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request: Request, pk: int) -> HttpResponse:
    found = _prepared(request, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        saved = refusals.attempt(
            request, form, lambda: services.write(found, by=request.user, version=typed.pop("version"), **typed)
        )
        if saved:
            messages.success(request, _("Đã lưu."))
            return redirect("decision", pk)
    return render(request, "awards/decisions/edit.html", {"decision": found, "form": form}, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def decision_pick(request: Request, pk: int) -> HttpResponse:
    """What can be decided now, to be put in the draft."""
    found = _prepared(request, pk)
    if request.method == "POST":
        try:
            count = services.add(found, numbers(request.POST.getlist("nomination")), by=request.user)
            messages.success(
                request, ngettext("Đã đưa vào %s trường hợp.", "Đã đưa vào %s trường hợp.", count) % grouped(count)
            )
        except Refused as refusal:
            refusals.tell(request, refusal)
        return redirect("decision", pk)
    rows = queries.decidable(found.unit).order_by("award", "pk")
    page = paging.numbered(request, rows.for_list(), PAGE * 4)
    return render(request, "awards/decisions/pick.html", {"decision": found, "page_obj": page})


@require_POST
def decision_line_remove(request: Request, pk: int, line: int) -> HttpResponse:
    found = _prepared(request, pk)
    row = get_object_or_404(found.lines.select_related("nomination", "past_award"), pk=line)
    try:
        services.remove(row, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("decision", pk)


@require_POST
def decision_attach(request: Request, pk: int) -> HttpResponse:
    found = _prepared(request, pk)
    form = SignedForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ValidationError([str(text) for texts in form.errors.values() for text in texts])
        services.attach(found, form.cleaned_data["file"], by=request.user)
        messages.success(request, _("Đã đính kèm tệp."))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("decision", pk)


@require_safe
def decision_file(request: Request, pk: int, file: int) -> FileResponse:
    return stored.serve(get_object_or_404(_decision(request, pk).files, pk=file))


@require_POST
def decision_annul(request: Request, pk: int) -> HttpResponse:
    """Begin the decision that annuls this one."""
    found = _prepared(request, pk)
    try:
        return redirect(services.annul(found, by=request.user, token=_token(request)))
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect("decision", pk)


def _token(request: Request) -> uuid.UUID:
    """Of the form that makes something; raises Refused where it did not come along."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        raise Refused([UNSEEN]) from None


@require_POST
def decision_confirm(request: Request, pk: int, receipt: int) -> HttpResponse:
    """The unit says that it has received the decision."""
    found = _decision(request, pk)
    row = get_object_or_404(found.receipts.select_related("unit"), pk=receipt)
    if not request.user.may("confirm_decisions", row.unit):
        raise PermissionDenied
    flow.confirm(row, by=request.user)
    messages.success(request, _("Đã xác nhận đã nhận quyết định."))
    return redirect("decision", pk)


@require_POST
def decision_step(request: Request, pk: int, step: str) -> HttpResponse:
    found = _decision(request, pk)
    if step not in {each.name for each in flow.DECISION.steps}:
        raise Http404
    try:
        version = seen.version(request)
        if step == "issue" and found.lines.count() > AT_ONCE:
            if not flow.DECISION["issue"].allowed_to(request.user, found):
                raise PermissionDenied
            return redirect(
                start(ISSUE, _("Ban hành: %s") % found.title, by=request.user, decision=found.pk, version=version)
            )
        flow.take(step, found, by=request.user, version=version, note=request.POST.get("note", "")[:2000])
    except Refused as refusal:
        refusals.tell(request, refusal)
    else:
        messages.success(request, _("Đã thực hiện: %s.") % flow.DECISION[step].label)
    return redirect("decision", pk)


def _status(request: Request) -> int:
    return 422 if request.method == "POST" else 200
