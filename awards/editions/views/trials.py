"""Who would be judged otherwise, and the day on which an edition begins."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from awards.editions import beginning, jobs, trials
from awards.editions.forms.pages import BeginningFilter, TrialFilter
from awards.editions.services import may_draft
from awards.editions.views.shared import gate
from awards.law import standards
from awards.law.standards import Edition
from awards.models import LawEdition, Nomination, Trial, TrialLine
from portal.days import today
from portal.web.paging import numbered
from portal.web.parameters import without
from portal.web.requests import Request

PAGE = 25
UNITS = 50
TONES: dict[str, str] = {
    TrialLine.Outcome.MILDER: "approved",
    TrialLine.Outcome.STRICTER: "late",
    TrialLine.Outcome.OTHER: "neutral",
}
WITH = ("nomination__person", "nomination__collective", "nomination__whole_unit", "nomination__unit")


def _edition(code: str) -> Edition:
    try:
        return trials.edition_called(code)
    except standards.NoEdition:
        raise Http404 from None


@require_POST
def edition_try(request: Request, code: str, kind: str) -> HttpResponse:
    """Let the nominations be judged by both editions."""
    gate(request)
    if not may_draft(request.user):
        raise PermissionDenied
    edition = _edition(code)
    if kind not in Trial.Kind.values:
        raise Http404
    return redirect(jobs.start_trial(edition.code, kind, by=request.user))


@require_safe
def edition_trial(request: Request, code: str) -> HttpResponse:
    """The past nominations that the edition would judge otherwise."""
    gate(request)
    edition = _edition(code)
    trial = Trial.objects.filter(edition=code, kind=Trial.Kind.PAST).select_related("by__person").first()
    draft = LawEdition.objects.exclude(state=LawEdition.State.DISCARDED).filter(code=code).defer("text").first()
    form = TrialFilter(request.GET)
    lines = form.narrow(trial.lines.all()) if trial else TrialLine.objects.none()
    page = numbered(request, lines.select_related(*WITH).order_by("pk"), PAGE)
    context = {
        "edition": edition,
        "draft": draft,
        "trial": trial,
        "stale": bool(trial and draft and trial.text_version != draft.version),
        "form": form,
        "page_obj": page,
        "rows": [(row, TONES[row.outcome]) for row in page],
        "query": without(request.GET, "page"),
    }
    return render(request, "awards/editions/trial.html", context)


@require_safe
def edition_beginning(request: Request, code: str) -> HttpResponse:
    """What becomes of open dossiers when the edition begins, and what each unit has to do."""
    try:
        edition = standards.edition(code)
    except standards.NoEdition:
        raise Http404 from None
    trial = beginning.trial_of(code)
    form = BeginningFilter(request.GET)
    seen = Nomination.objects.visible_to(request.user)
    lines = form.narrow(trial.lines.filter(nomination__in=seen)) if trial else TrialLine.objects.none()
    page = numbered(request, lines.select_related(*WITH).order_by("pk"), PAGE)
    before = [one for one in standards.editions() if one.enabled and one.valid_from < edition.valid_from]
    context = {
        "edition": edition,
        "before": before[-1] if before else None,
        "begun": edition.valid_from <= today(),
        "trial": trial,
        "waiting": beginning.waiting(trial).count() if trial else 0,
        "duties": numbered(request, beginning.duties(request.user, edition, trial), UNITS),
        "may_apply": may_draft(request.user),
        "form": form,
        "page_obj": page,
        "rows": [(row, TONES[row.outcome]) for row in page],
        "query": without(request.GET, "page"),
    }
    return render(request, "awards/editions/beginning.html", context)


@require_POST
def edition_apply(request: Request, code: str) -> HttpResponse:
    """Let the new edition rule where its transition says so."""
    gate(request)
    if not may_draft(request.user):
        raise PermissionDenied
    try:
        edition = standards.edition(code)
    except standards.NoEdition:
        raise Http404 from None
    return redirect(jobs.start_applying(edition.code, by=request.user))
