"""Editions that the office drafts: the list, one of them, its rows, its files, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.editions import flow, outline, rules, services, tables
from awards.editions.forms.pages import BeginForm, FileForm, TomlForm
from awards.editions.forms.rows import RowForm, faults
from awards.editions.forms.rows import rules as choosable
from awards.editions.views.shared import TONES, gate, get_edition, writing_gate
from awards.law import standards
from awards.law.comparing import compare
from awards.models import LawEdition, LawFile, Trial
from portal.days import today
from portal.files import stored
from portal.flow import Refused, shortened
from portal.models import Entry
from portal.signin.reauthentication import asks_again
from portal.text import clean
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.requests import Request

PAGE = 25
FAULTS = 20  # of a file, as the page lists them


@require_safe
def edition_list(request: Request) -> HttpResponse:
    """The drafts, and what rules or ruled."""
    gate(request)
    page = numbered(request, LawEdition.objects.for_list().defer("text"), PAGE)
    context = {
        "page_obj": page,
        "rows": [(row, TONES[row.state]) for row in page],
        "editions": list(reversed(standards.editions())),
        "ruling": standards.in_force(today()).code,
        "may_draft": services.may_draft(request.user),
    }
    return render(request, "awards/editions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edition_new(request: Request) -> HttpResponse:
    writing_gate(request)
    form = BeginForm(request.POST or None, initial=_begun(request.GET.get("before", "")))
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            made = services.begin(standards.edition(asked.pop("before")), by=request.user, **asked)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã tạo bản soạn. Hãy sửa những chỗ quy định mới đổi."))
            return redirect(made)
    return render(request, "awards/editions/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _begun(code: str) -> dict[str, Any]:
    """What the form proposes for a draft of an edition that the portal ships incomplete."""
    found = next((one for one in standards.editions() if one.code == code), None)
    if found is None:
        return {"before": standards.in_force(today()).code}
    if found.enabled:
        return {"before": code}
    return {
        "before": code,
        "code": code,
        "name": found.name_vi,
        "name_en": found.name_en,
        "valid_from": found.valid_from,
    }


@require_safe
def edition(request: Request, pk: int) -> HttpResponse:
    """One draft or edition of the office: what it changes, what is lacking, what may be done."""
    found = get_edition(request, pk)
    law, read = tables.read(found.text), tables.edition_in(found.text)
    before = next((one for one in standards.editions() if one.code == found.before), None)
    steps = flow.LAW.open_to(request.user, found)
    dependent = flow.dependent(request.user, found) if any(s.name == "put_in_force" for s in steps) else ""
    waits = found.state == LawEdition.State.PROPOSED and request.user.pk in flow.writers(found)
    objections = [] if found.state == LawEdition.State.IN_FORCE else list(rules.objections(found))
    context = {
        "found": found,
        "edition": read,
        "before": before,
        "tone": TONES[found.state],
        "comparisons": compare(before, read) if before else [],
        "sections": outline.sections(law),
        "awards": outline.awards(law),
        "unread": outline.unread(law),
        "files": found.files.filter(removed_at=None),
        "objections": objections,
        "dependent": dependent,
        "waits": waits,
        "flow_steps": [step for step in steps if step.name != "put_in_force" or not dependent],
        "may_write": found.editable and services.may_draft(request.user),
        "may_try": services.may_draft(request.user) and found.state != LawEdition.State.DISCARDED,
        "trial": Trial.objects.filter(edition=found.code, kind=Trial.Kind.PAST).first(),
        "file_form": FileForm(documents=[(d.code, d.label) for d in read.documents.values()]),
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "awards/editions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edition_award(request: Request, pk: int, award: int) -> HttpResponse:
    """One award of the draft with all its rows."""
    found = get_edition(request, pk)
    law = tables.read(found.text)
    try:
        row = tables.row_at(law, f"award/{award}")
    except tables.NoPlace:
        raise Http404 from None
    context = {
        "found": found,
        "award": row,
        "place": f"award/{award}",
        "sections": outline.of_award(law, award, tables.edition_in(found.text)),
        "may_write": found.editable and services.may_draft(request.user),
    }
    return render(request, "awards/editions/award.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edition_row(request: Request, pk: int, place: str) -> HttpResponse:
    """One row of the draft in its form; a new condition is chosen first."""
    found = get_edition(request, pk, write=True)
    law = tables.read(found.text)
    rule = (request.POST.get("rule") or request.GET.get("rule", "")) if place.endswith(tables.NEW) else ""
    rule = rule if rule in dict(choosable()) else ""
    try:
        kind = tables.kind_of(place)
        row = tables.row_at(law, place)
    except tables.NoPlace:
        raise Http404 from None
    up = outline.up(found, place)
    context: dict[str, Any] = {"found": found, "place": place, "name": tables.name_of(law, place), "up": up}
    if place.endswith(tables.NEW) and kind in outline.CONDITIONS and not rule:
        return render(request, "awards/editions/rule.html", context | {"rules": choosable()})
    form = RowForm(request.POST or None, law=law, place=place, rule=rule, version=found.version)
    if form.is_valid():
        try:
            services.write(
                found,
                place,
                form.table(),
                name=form.cleaned_data.get("short", ""),
                changes=form.changes(),
                by=request.user,
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(up)
    context |= {
        "form": form,
        "rule": rule,
        "says": dict(choosable()).get(row.get("rule", rule), ""),
        "options": outline.options(place, row),
        "removable": bool(row) and place.split("/")[-1] not in tables.KEPT,
    }
    return render(request, "awards/editions/row.html", context, status=422 if form.is_bound else 200)


@require_POST
def edition_row_remove(request: Request, pk: int, place: str) -> HttpResponse:
    found = get_edition(request, pk, write=True)
    try:
        services.remove(found, place, by=request.user, version=seen.version(request))
        messages.success(request, _("Đã bỏ."))
    except tables.NoPlace:
        raise Http404 from None
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect(outline.up(found, place))


@asks_again
@require_POST
def edition_step(request: Request, pk: int, step: str) -> HttpResponse:
    found = get_edition(request, pk)
    try:
        note = clean(request.POST.get("note", ""))[:2000]
        flow.LAW.take(step, found, by=request.user, note=note, version=seen.version(request))
        messages.success(request, _("Đã thực hiện: %s.") % flow.LAW[step].label)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("edition_list" if step == "discard_law" else found)


# --- as files ---


@require_http_methods(["GET", "HEAD", "POST"])
def edition_upload(request: Request) -> HttpResponse:
    """A file comes in again: without a change, or as a draft."""
    writing_gate(request)
    form = TomlForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        text = form.cleaned_data["file"]
        try:
            tables.edition_in(text)
            if wrong := list(faults(tables.read(text))):
                raise Refused(shortened(wrong, FAULTS))
            kept, new = services.bring(text, by=request.user)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            if new:
                messages.success(request, _("Đã nạp tệp thành bản soạn."))
            else:
                messages.info(request, _("Tệp giống hệt bộ quy định «%s»: không có gì thay đổi.") % _name(kept))
            return redirect(kept if isinstance(kept, LawEdition) else "edition_list")
    return render(request, "awards/editions/upload.html", {"form": form}, status=422 if form.is_bound else 200)


def _name(edition: standards.Edition | LawEdition) -> str:
    return edition.name if isinstance(edition, LawEdition) else edition.label


@require_safe
def edition_toml(request: Request, code: str) -> HttpResponse:
    """The text of an edition that everybody may read."""
    try:
        found = standards.edition(code)
    except standards.NoEdition:
        raise Http404 from None
    return _as_file(found.code, services.text_in_force(found))


@require_safe
def edition_draft_toml(request: Request, pk: int) -> HttpResponse:
    found = get_edition(request, pk)
    return _as_file(found.code, found.text)


def _as_file(code: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code.lower()}.toml"'
    return response


@require_POST
def edition_attach(request: Request, pk: int) -> HttpResponse:
    """The signed file of one of its documents."""
    found = get_edition(request, pk, write=True)
    documents = [(d.code, d.label) for d in tables.edition_in(found.text).documents.values()]
    form = FileForm(request.POST, request.FILES, documents=documents)
    attach(request, found, form)
    return redirect(f"{found.get_absolute_url()}#files")


def attach(request: Request, paper: Any, form: FileForm) -> None:
    """Keep what was sent along, or say why it cannot be kept."""
    try:
        if not form.is_valid():
            raise ValidationError([str(text) for texts in form.errors.values() for text in texts])
        services.attach(
            paper, form.cleaned_data["file"], document=form.cleaned_data.get("document", ""), by=request.user
        )
        messages.success(request, _("Đã đính kèm tệp."), extra_tags="file")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text, extra_tags="file")


@require_safe
def law_file(request: Request, pk: int) -> HttpResponseBase:
    """A signed file: everybody reads what is in force, the office its drafts too."""
    found = get_object_or_404(LawFile.objects.select_related("edition", "figure"), pk=pk)
    paper: Any = found.paper
    if paper.state != paper.State.IN_FORCE or found.removed_at:
        gate(request)
    return stored.serve(found)


@require_POST
def law_file_remove(request: Request, pk: int) -> HttpResponse:
    writing_gate(request)
    found = get_object_or_404(LawFile.objects.select_related("edition", "figure"), pk=pk)
    try:
        services.detach(found, by=request.user)
        messages.success(request, _("Đã gỡ tệp."), extra_tags="file")
    except ValidationError as error:
        messages.error(request, error.messages[0], extra_tags="file")
    paper: Any = found.paper
    return redirect(f"{paper.get_absolute_url()}#files")
