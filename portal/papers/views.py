"""Papers at their addresses, and the masters that the office may replace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import keeps_papers
from portal.files import uploads
from portal.flow import Refused
from portal.jobs.services import start
from portal.models import Entry, PaperMaster
from portal.papers import checking, masters, services, word
from portal.papers.base import Field, Paper, papers
from portal.papers.forms import MasterForm
from portal.web import refusals, seen
from portal.web.parameters import number

if TYPE_CHECKING:
    from portal.web.requests import Request


@require_safe
def paper(request: Request, kind: str, pk: int, form: str) -> HttpResponse:
    """A paper of a row that the person may see: a file to keep, or with `?in` a page to print."""
    asked = papers().get(kind)
    if asked is None or form not in services.TYPES:
        raise Http404
    row = get_object_or_404(asked.rows(request.user), pk=pk)
    if asked.size(row) > services.AT_ONCE:
        title = _("%(paper)s: %(row)s") % {"paper": asked.title, "row": row}
        return redirect(start("paper", title, by=request.user, paper=kind, row=pk, form=form))
    content = services.taken(asked, form, row, request.user)
    return services.response(content, services.name_of(asked, form, pk), form, shown="in" in request.GET)


# --- masters ---


def _kept(request: Request, kind: str) -> Paper:
    """The paper, for who keeps its masters."""
    if not keeps_papers(request.user):
        raise PermissionDenied
    if kind not in papers():
        raise Http404
    return papers()[kind]


def _master(request: Request, pk: int) -> tuple[PaperMaster, Paper]:
    if not keeps_papers(request.user):
        raise PermissionDenied
    master = get_object_or_404(PaperMaster.objects.select_related("by__person"), pk=pk)
    return master, _kept(request, master.kind)


@require_safe
def paper_list(request: Request) -> HttpResponse:
    if not keeps_papers(request.user):
        raise PermissionDenied
    used = {master.kind: master for master in PaperMaster.objects.filter(in_use=True)}
    rows = [{"paper": each, "master": used.get(kind)} for kind, each in papers().items()]
    return render(request, "portal/papers/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def paper_masters(request: Request, kind: str) -> HttpResponse:
    """The versions of one master, the fields that it may name, and the place where another is brought."""
    kept = _kept(request, kind)
    form = MasterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = masters.bring(kept, form.cleaned_data["file"], form.cleaned_data["note"], by=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("Đã nạp mẫu. Hãy xem bản thử, rồi bấm «Dùng mẫu này»."))
            return redirect(made)
    rows = list(PaperMaster.objects.filter(kind=kind).select_related("by__person"))
    used = next((row for row in rows if row.in_use), None)
    context = {
        "paper": kept,
        "form": form,
        "rows": rows,
        "used": used,
        "version": used.number if used else 0,
        "fields": list(_lines(kept.fields)),
    }
    return render(request, "portal/papers/masters.html", context)


def _lines(fields: tuple[Field, ...], prefix: str = "") -> Iterator[dict[str, Any]]:
    """The fields one after the other; those of a list below it, named as in a loop over it."""
    for each in fields:
        example = _("có") if each.example is True else each.example or ""
        listed = isinstance(each.shape, list)
        yield {"field": each, "name": f"{prefix}{each.name}", "listed": listed, "example": "" if listed else example}
        yield from _lines(each.rows, "dong.")


@require_safe
def paper_master(request: Request, pk: int) -> HttpResponse:
    """One version, tried with an example."""
    master, kept = _master(request, pk)
    content, found = masters.tried(master, kept)
    used = masters.in_use(master.kind)
    context = {
        "master": master,
        "paper": kept,
        "version": used.number if used else 0,
        "faults": found.faults,
        "unused": [each for each in kept.fields if each.name not in found.named],
        "outline": [] if found.faults else checking.outline(word.fill(content, kept.example)),
        "entries": Entry.objects.about(master)[:50],
    }
    return render(request, "portal/papers/master.html", context)


@require_safe
def paper_master_file(request: Request, pk: int, which: str) -> HttpResponseBase:
    """The version itself, or the example made of it."""
    master, kept = _master(request, pk)
    if which == "master":
        return uploads.serve(master.file, master.name, uploads.DOCX)
    content, found = masters.tried(master, kept)
    if found.faults:
        raise Http404
    return services.response(word.fill(content, kept.example), f"{kept.file}-thu.docx", "docx")


@require_safe
def paper_shipped(request: Request, kind: str) -> HttpResponse:
    """The master that the portal ships, to begin one's own with."""
    kept = _kept(request, kind)
    return services.response(word.shipped(kind), f"mau-{kept.file}.docx", "docx")


@require_POST
def paper_choose(request: Request, kind: str) -> HttpResponse:
    """Take a version into use, or go back to the one that the portal ships."""
    kept = _kept(request, kind)
    master = None
    if pk := request.POST.get("master"):
        master = get_object_or_404(PaperMaster, kind=kind, pk=number(pk) or 0)
    try:
        note, version = request.POST.get("note", "")[:500], seen.version(request)
        if master and masters.tried(master, kept)[1].faults:
            raise Refused([_("Mẫu này không còn dùng được với các trường hiện có. Hãy nạp mẫu khác.")])
        masters.choose(kind, master, by=request.user, note=note, version=version)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(master) if master else redirect("paper_masters", kind=kind)
    words = _("Từ nay văn bản Word được lập theo mẫu số %s.") % master.number if master else ""
    messages.success(request, words or _("Đã trở về mẫu kèm theo cổng."))
    return redirect("paper_masters", kind=kind)
