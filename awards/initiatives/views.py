"""The register of initiatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.initiatives import services as initiatives
from awards.initiatives.forms import BLANK_ROWS, InitiativeFilter, RecognitionForm, WholeInitiative
from awards.initiatives.services import INITIATIVE
from awards.ledger import books, documents
from awards.models import Initiative, Level, PastAward
from portal.access import seat
from portal.days import today
from portal.files.sheets import Head, download
from portal.flow import EditConflict, Refused
from portal.models import Entry
from portal.models.trail import differences
from portal.sittings import last_edit
from portal.web import autosave, paging, refusals, seen
from portal.web.middleware import keeps_text, typed_before
from portal.web.parameters import number
from portal.web.requests import Request

PAGE = 25
TONES = {
    Initiative.State.REGISTERED: "waiting",
    Initiative.State.RECOGNISED: "approved",
    Initiative.State.REFUSED: "returned",
}


def _get(request: Request, pk: int) -> Initiative:
    seen = Initiative.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("unit"), pk=pk)


@dataclass(frozen=True)
class _Line:
    """An initiative in the list."""

    initiative: Initiative
    tone: str


def _tone(initiative: Initiative) -> str:
    return TONES[Initiative.State(initiative.state)]


# --- looking ---


@require_safe
def initiative_list(request: Request) -> HttpResponse:
    form = InitiativeFilter(request.GET, user=request.user)
    found = form.narrow(Initiative.objects.visible_to(request.user))
    page = paging.paginate(request, found, Initiative.objects.for_list(), ("pk",), PAGE)
    total, many = paging.count(found)
    context = {
        "form": form,
        "page": page,
        "rows": [_Line(initiative, _tone(initiative)) for initiative in page.rows],
        "query": form.query,
        "total": total,
        "many": many,
        "may_register": bool(initiatives.units_of(request.user)),
    }
    return render(request, "awards/initiatives/list.html", context)


@require_safe
def initiative_export(request: Request) -> HttpResponse:
    form = InitiativeFilter(request.GET, user=request.user)
    found = form.narrow(Initiative.objects.visible_to(request.user))
    head = Head(_("Danh sách sáng kiến"), unit=seat(request.user), asked=form.in_words)
    book = documents.initiatives_workbook(found.for_list().prefetch_related("used_for").order_by("-pk"), head)
    return download(book, f"sang-kien-{today():%Y-%m-%d}.xlsx")


@require_safe
def initiative_detail(request: Request, pk: int) -> HttpResponse:
    initiative = _get(request, pk)
    citing, more = initiatives.cited_in(initiative, request.user)
    open_steps = INITIATIVE.open_to(request.user, initiative)
    used = list(initiative.used_for.with_subject())
    open_to_reader = set(
        PastAward.objects.visible_to(request.user)
        .filter(pk__in=[award.pk for award in used])
        .values_list("pk", flat=True)
    )
    context = {
        "initiative": initiative,
        "tone": _tone(initiative),
        "authors": initiative.authors.select_related("person"),
        "warnings": list(initiatives.warnings(initiative)),
        "alike": initiatives.alike(initiative.title, request.user, but=initiative.pk),
        "citing": citing,
        "citing_more": more,
        "may_write": initiatives.may_write(request.user, initiative),
        "steps": [step for step in open_steps if not step.name.startswith("recognise")],
        "may_recognise": any(step.name.startswith("recognise") for step in open_steps),
        "uses": [(books.in_words(award), award.pk in open_to_reader, award) for award in used],
        "entries": Entry.objects.about(initiative)[:50],
    }
    return render(request, "awards/initiatives/detail.html", context)


@require_safe
def initiative_alike(request: Request) -> HttpResponse:
    """What has a title like the one that is being typed."""
    if not initiatives.units_of(request.user):
        raise PermissionDenied
    title = request.GET.get("title", "")[:400]
    found = initiatives.alike(title, request.user, but=number(request.GET.get("but"))) if title.strip() else []
    return render(request, "awards/initiatives/_alike.html", {"alike": found})


# --- writing ---


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_new(request: Request) -> HttpResponse:
    units = initiatives.units_of(request.user)
    if not units:
        raise PermissionDenied
    return _form(request, Initiative(unit=units[0]))


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def initiative_edit(request: Request, pk: int) -> HttpResponse:
    initiative = _get(request, pk)
    if not initiatives.may_write(request.user, initiative):
        raise PermissionDenied
    return _form(request, initiative)


def _form(request: Request, initiative: Initiative) -> HttpResponse:
    typed = request.POST if request.method == "POST" else typed_before(request)
    if typed and "more" in typed:
        return render(request, "awards/initiatives/form.html", _with_more_rows(request, initiative, typed))
    if typed and request.method == "GET":
        messages.warning(request, _("Phiên đã hết hạn trước khi lưu. Nội dung vừa nhập còn ở dưới: hãy bấm «Lưu»."))
    form = WholeInitiative(initiative, typed, user=request.user)
    valid = typed is not None and form.is_valid()
    alike = form.alike() if valid or typed is None else []
    context = {"initiative": initiative, "form": form, "alike": alike}
    if request.method == "POST" and valid:
        if form.asks(alike):
            context["ask"] = True
            return render(request, "awards/initiatives/form.html", context)
        try:
            saved = _save(request, initiative, form)
        except EditConflict as clash:
            mine = initiatives.in_words(initiative, initiatives.as_rows(form.authors.found))
            theirs = initiatives.in_words(clash.theirs, clash.theirs.authors.select_related("person"))
            context |= {"clashes": differences(theirs, mine), "version": clash.theirs.version, "own": clash.own}
            context["last"] = last_edit(clash.theirs)
            return render(request, "awards/initiatives/form.html", context, status=409)
        messages.success(request, _("Đã lưu sáng kiến."))
        return redirect(saved)
    return render(request, "awards/initiatives/form.html", context, status=422 if request.method == "POST" else 200)


def _with_more_rows(request: Request, initiative: Initiative, typed: Any) -> dict[str, Any]:
    """The page as it was typed, with room for more authors: what the button does where no script runs."""
    typed = typed.copy()
    total = number(typed.get("authors-TOTAL_FORMS"), most=999)
    if total is not None:
        typed["authors-TOTAL_FORMS"] = total + BLANK_ROWS
        for place in range(total, total + BLANK_ROWS):
            typed[f"authors-{place}-who"] = ""
    return {"initiative": initiative, "form": WholeInitiative(initiative, typed, user=request.user), "alike": []}


def _save(request: Request, initiative: Initiative, form: WholeInitiative) -> Initiative:
    if initiative._state.adding:
        return initiatives.register(initiative, form.authors.found, by=request.user)
    version = form.head.cleaned_data["version"]
    tab = seen.tab(request)
    return initiatives.write(initiative, form.authors.found, by=request.user, version=version, tab=tab)


@require_POST
def initiative_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being typed; answers as portal.js expects. The browser keeps a new one until it is registered."""
    initiative = _get(request, pk)
    if not initiatives.may_write(request.user, initiative):
        raise PermissionDenied
    form = WholeInitiative(initiative, request.POST, user=request.user)
    if not form.sound():
        return autosave.refusal(form.faults())
    authors, version, tab = form.author_shares(), form.head.cleaned_data["version"], seen.tab(request)
    return autosave.answer(
        lambda: initiatives.write(initiative, authors, by=request.user, version=version, tab=tab),
        reverse("initiative_edit", args=[pk]),
        form.faults(),
    )


# --- judging ---


@require_POST
def initiative_step(request: Request, pk: int, step: str) -> HttpResponse:
    initiative = _get(request, pk)
    try:
        INITIATIVE.take(
            step,
            initiative,
            by=request.user,
            note=request.POST.get("note", "")[:1000],
            version=seen.version(request),
        )
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect(initiative)


@require_http_methods(["GET", "HEAD", "POST"])
def initiative_recognise(request: Request, pk: int) -> HttpResponse:
    """The document by which it was recognised."""
    initiative = _get(request, pk)
    steps = [s.name for s in INITIATIVE.open_to(request.user, initiative) if s.name.startswith("recognise")]
    if not steps:
        if request.method == "POST" and initiative.state != Initiative.State.REGISTERED:
            messages.info(request, _("Sáng kiến này vừa được xem xét xong."))
            return redirect(initiative)
        raise PermissionDenied
    initial = {"version": initiative.version, "recognised_by": _recogniser(initiative)}
    form = RecognitionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            initiatives.recognise(
                initiative, steps[0], form.cleaned_data, by=request.user, version=form.cleaned_data["version"]
            )
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã ghi nhận: sáng kiến được công nhận."))
            return redirect(initiative)
    context = {"initiative": initiative, "form": form, "warnings": list(initiatives.warnings(initiative))}
    status = 422 if request.method == "POST" else 200
    return render(request, "awards/initiatives/recognise.html", context, status=status)


def _recogniser(initiative: Initiative) -> str:
    """Who recognises it, as the document will say."""
    if initiative.scope == Level.UNIT:
        return _("Thủ trưởng %(unit)s") % {"unit": initiative.unit.short_name}
    return _("Viện trưởng VKSND tối cao")
