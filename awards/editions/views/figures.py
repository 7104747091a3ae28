"""Figures with a day, such as the base salary: drafted by one person of the office, put in force by a second one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.editions import flow, rules, services
from awards.editions.forms.pages import FigureForm, FileForm
from awards.editions.services import FIGURE
from awards.editions.views.editions import attach
from awards.editions.views.shared import TONES, gate, get_figure, writing_gate
from awards.law.standards import known
from awards.models import LawFigure, PastAward
from portal.flow import Refused
from portal.models import Entry
from portal.signin.reauthentication import asks_again
from portal.text import clean
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.requests import Request

PAGE = 25
S = LawFigure.State


@require_safe
def figure_list(request: Request) -> HttpResponse:
    """What rules from which day, and what is drafted."""
    gate(request)
    page = numbered(request, LawFigure.objects.for_list(), PAGE)
    context = {
        "page_obj": page,
        "rows": [(row, TONES[row.state]) for row in page],
        "figures": [(LawFigure.Kind(one.kind).label, one) for one in reversed(known.now().figures)],
        "may_draft": services.may_draft(request.user),
    }
    return render(request, "awards/editions/figure_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def figure_new(request: Request) -> HttpResponse:
    writing_gate(request)
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def figure_edit(request: Request, pk: int) -> HttpResponse:
    found = get_figure(request, pk)
    writing_gate(request)
    if not found.editable:
        raise PermissionDenied
    return _form(request, found)


def _form(request: Request, found: LawFigure | None) -> HttpResponse:
    stored = {name: getattr(found, name) for name in (*FIGURE, "version")} if found else {}
    form = FigureForm(request.POST or None, initial=stored)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        version = fields.pop("version") or 0
        try:
            kept = services.write_figure(found, by=request.user, version=version, **fields)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(kept)
    status = 422 if form.is_bound else 200
    return render(request, "awards/editions/figure_form.html", {"form": form, "found": found}, status=status)


@require_safe
def figure(request: Request, pk: int) -> HttpResponse:
    """One figure, and what may be done with it."""
    found = get_figure(request, pk)
    steps = flow.LAW.open_to(request.user, found)
    dependent = flow.dependent(request.user, found) if any(s.name == "put_in_force" for s in steps) else ""
    context: dict[str, Any] = {
        "found": found,
        "tone": TONES[found.state],
        "decided": PastAward.objects.standing().filter(decided_on__gte=found.valid_from).count(),
        "objections": [] if found.state == S.IN_FORCE else list(rules.objections(found)),
        "dependent": dependent,
        "waits": found.state == S.PROPOSED and request.user.pk in flow.writers(found),
        "flow_steps": [step for step in steps if step.name != "put_in_force" or not dependent],
        "may_write": found.editable and services.may_draft(request.user),
        "files": found.files.filter(removed_at=None),
        "file_form": FileForm(),
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "awards/editions/figure.html", context)


@asks_again
@require_POST
def figure_step(request: Request, pk: int, step: str) -> HttpResponse:
    found = get_figure(request, pk)
    try:
        note = clean(request.POST.get("note", ""))[:2000]
        flow.LAW.take(step, found, by=request.user, note=note, version=seen.version(request))
        messages.success(request, _("Đã thực hiện: %s.") % flow.LAW[step].label)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("figure_list" if step == "discard_law" else found)


@require_POST
def figure_attach(request: Request, pk: int) -> HttpResponse:
    found = get_figure(request, pk)
    writing_gate(request)
    attach(request, found, FileForm(request.POST, request.FILES))
    return redirect(f"{found.get_absolute_url()}#files")
