"""A unit's paper: begun, written, sent, exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.models import Nomination, Submission
from awards.nominations import content, desks, documents, editing, flow, permissions
from awards.nominations.checking import checks, limits
from awards.nominations.forms.nominations import EvidenceForm
from awards.nominations.forms.submissions import (
    AddForm,
    CoverForm,
    StartForm,
    SubmissionFilter,
    open_awards,
)
from awards.nominations.jobs import MOVE_MANY
from awards.nominations.papers.lists import papers_of
from awards.nominations.queries import TONES, NominationRow
from awards.nominations.views.evidence import parts_of_paper
from awards.nominations.views.shared import done, get_drafted, get_submission
from portal.days import today
from portal.files.sheets import download
from portal.flow import EditConflict, Refused
from portal.jobs.services import start
from portal.models import Entry
from portal.papers.services import links
from portal.sittings import last_edit
from portal.text import grouped
from portal.web import autosave, paging, refusals, seen
from portal.web.forms import errors
from portal.web.middleware import keeps_text, typed_before
from portal.web.paging import numbered
from portal.web.parameters import number, without
from portal.web.requests import Request
from units.models import User

PAGE = 25
ROWS = 25  # nominations on the page of a paper, each with its checks
AT_ONCE = 200  # nominations moved while one waits; more are moved in the background
ALL_AT_ONCE = (  # steps for the whole paper
    *("submit", "put_to_head", "hand_back", "take_back"),
    *("withdraw", "accept", "forward", "return", "take_up"),
)


@dataclass(frozen=True)
class _PaperRow:
    """A paper in the list, and how many of its nominations are how far: (state, tone, count)."""

    paper: Submission
    counts: list[tuple[str, str, int]]


@dataclass(frozen=True)
class _CheckedRow(NominationRow):
    """A nomination on the page of its paper, with what was found against it."""

    checked: checks.Checked = field(kw_only=True)

    @property
    def verdict(self) -> tuple[str, str]:
        """What the checks come to, in words, and the tone of it."""
        if many := len(self.checked.blocking):
            return ngettext("%(shown)s điểm chặn", "%(shown)s điểm chặn", many) % {"shown": grouped(many)}, "late"
        if many := len(self.checked.advisory):
            return ngettext("%(shown)s điểm lưu ý", "%(shown)s điểm lưu ý", many) % {"shown": grouped(many)}, "returned"
        return _("đạt"), "approved"


# --- looking ---


@require_safe
def submission_list(request: Request) -> HttpResponse:
    user = request.user
    form = SubmissionFilter(request.GET, user=user)
    found = form.narrow(Submission.objects.visible_to(user))
    lines = Submission.objects.select_related("unit", "campaign")
    page = paging.paginate(request, found, lines, ("pk",), PAGE)
    total, many = paging.count(found)
    counts: dict[int, list[tuple[str, str, int]]] = {}
    states = Nomination.objects.filter(submission__in=[s.pk for s in page.rows]).order_by()
    for pk, state, count in states.values_list("submission", "state").annotate(Count("pk")):
        counts.setdefault(pk, []).append((str(Nomination.State(state).label), TONES[Nomination.State(state)], count))
    return render(
        request,
        "awards/submissions/list.html",
        {
            "page": page,
            "rows": [_PaperRow(paper, counts.get(paper.pk, [])) for paper in page.rows],
            "total": total,
            "many": many,
            "query": without(request.GET, "before", "after"),
            "form": form,
            "campaign": form.asked.get("campaign"),
            "may_begin": user.may_anywhere("draft_nominations"),
        },
    )


@require_safe
def submission_detail(request: Request, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    user = request.user
    listing = limits.listing(submission)
    # the figures of the paper have counted them already
    lines = submission.nominations.for_page("collective", "whole_unit", "merit_field").order_by("pk")
    page = numbered(request, lines, ROWS, total=listing.total)
    nominations: list[Nomination] = list(page.object_list)
    for n in nominations:
        n.submission = submission
    found = checks.check_nominations(nominations, reader=user)
    rows = [_CheckedRow(n, checked=found[n.pk]) for n in nominations]
    drafts = permissions.may_draft(user, submission)
    kinds = [(n, 1) for n in nominations] if page.paginator.num_pages == 1 else desks.kinds_in(submission)
    cover_open = permissions.opens_cover(n.state for n, _count in kinds)
    awards = open_awards(submission) if drafts and cover_open else []
    files = rows[0].checked.files if rows else submission.evidence.filter(nomination=None, removed_at=None)
    return render(
        request,
        "awards/submissions/detail.html",
        {
            "submission": submission,
            "page_obj": page,
            "rows": rows,
            "drafts": drafts,
            "may_edit": drafts and cover_open,
            "may_discard": drafts and cover_open and permissions.never_sent(submission),
            "steps": _steps_for_all(user, kinds),
            "version": submission.whole_version,
            "blocked": sum(
                bool(row.checked.blocking) for row in rows if row.nomination.state == Nomination.State.DRAFT
            ),
            "listing": listing,
            "cover": [
                (content.COVER[key], value) for key, value in content.cover(submission).items() if key in SHOWN_COVER
            ],
            "files": [f for f in files if f.nomination_id is None],
            "add_form": AddForm(awards=awards, submission=submission, by=user) if awards else None,
            "evidence_form": EvidenceForm(parts=parts_of_paper()) if drafts and cover_open else None,
            "entries": Entry.objects.about(submission)[:50],
            "papers": links(submission, papers_of(submission)),
        },
    )


SHOWN_COVER = ("number", "dated", "year", "council_on", "council_members", "council_present")


def _steps_for_all(user: User, kinds: list[tuple[Nomination, int]]) -> list[dict[str, Any]]:
    """The steps this person could take with several of the paper's nominations at once, and with how many."""
    found = []
    for name in ALL_AT_ONCE:
        step = flow.NOMINATION[name]
        count = sum(many for n, many in kinds if step.open_for(n) and step.allowed_to(user, n))
        if count:
            found.append({"step": step, "count": count})
    return found


# --- writing the cover ---


@require_http_methods(["GET", "HEAD", "POST"])
def submission_new(request: Request) -> HttpResponse:
    units = [u for u in request.user.units_where("draft_nominations") if permissions.may_begin(request.user, u)]
    if not units:
        raise Http404
    form = StartForm(request.POST or None, user=request.user, units=units, campaign=number(request.GET.get("campaign")))
    if request.method == "POST" and form.is_valid():
        submission, fresh = editing.begin(by=request.user, **form.content())
        if fresh:
            messages.success(request, _("Đã lập tờ trình. Hãy thêm các cá nhân, tập thể được đề nghị."))
        return redirect(submission)
    return render(request, "awards/submissions/new.html", {"form": form})


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: Request, pk: int) -> HttpResponse:
    submission = get_drafted(request, pk)
    if not permissions.cover_open(submission):
        messages.info(request, editing.CLOSED)
        return redirect(submission)
    typed = request.POST if request.method == "POST" else typed_before(request)
    form = CoverForm(typed, instance=submission, initial={"version": submission.version})
    conflict, kept = None, False
    if request.method == "POST" and form.sound():
        try:
            submission = editing.write_cover(submission, by=request.user, tab=seen.tab(request), **form.content())
        except EditConflict as clash:
            conflict = _cover_conflict(form, clash, request.POST)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect(submission)
        else:
            if form.is_valid():
                messages.success(request, _("Đã lưu thông tin tờ trình."))
                return redirect(submission)
            kept, form.data = True, seen.again(request.POST, submission.version)
    context = {"submission": submission, "form": form, "conflict": conflict, "kept": kept}
    return render(request, "awards/submissions/form.html", context)


@require_POST
def submission_discard(request: Request, pk: int) -> HttpResponse:
    """Remove a paper that was never sent."""
    submission = get_drafted(request, pk)
    try:
        note, version = request.POST.get("note", "")[:500], seen.version(request)
        editing.discard(submission, by=request.user, note=note, version=version)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    messages.success(request, _("Đã hủy tờ trình «%s».") % submission.title)
    return redirect("submission_list")


def _cover_conflict(form: CoverForm, clash: EditConflict, sent: QueryDict) -> dict[str, Any]:
    """Both covers beside each other; saving once more from here is done knowingly."""
    theirs: Submission = clash.theirs
    stored, typed = content.cover(theirs), content.cover(form.instance)
    form.data = seen.again(sent, theirs.version)
    rows = content.compare_rows(content.cover_lines(stored), content.cover_lines(typed))
    return {"last": last_edit(theirs), "own": clash.own, "rows": [row for row in rows if row.changed]}


@require_POST
def submission_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being typed; answers as portal.js expects."""
    submission = get_drafted(request, pk)
    form = CoverForm(request.POST, instance=submission)
    sound, faults = form.sound(), list(errors.of_form(form))
    if not sound:
        return autosave.refusal(faults)
    return autosave.answer(
        lambda: editing.write_cover(submission, by=request.user, tab=seen.tab(request), **form.content()),
        reverse("submission_edit", args=[pk]),
        faults,
    )


# --- moving ---


@require_POST
def submission_step(request: Request, pk: int, step: str) -> HttpResponse:
    """One step with all the nominations of the paper for which it is open, or with none."""
    submission = get_submission(request, pk)
    if step not in ALL_AT_ONCE:
        raise Http404
    note = request.POST.get("note", "")[:2000]
    try:
        version = seen.version(request)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    chosen = flow.open_in(submission, step, request.user)
    if len(chosen) > AT_ONCE:
        title = _("%(step)s: %(paper)s") % {"step": flow.NOMINATION[step].label, "paper": submission.title}
        return redirect(start(MOVE_MANY, title, by=request.user, submission=pk, step=step, note=note, version=version))
    if not chosen and not _holds_anywhere(request, submission, step):
        raise PermissionDenied
    try:
        moved = flow.move_all(step, submission, by=request.user, note=note, version=version)
    except Refused as refusal:
        refusals.tell(request, refusal)
    else:
        messages.success(request, done(step, moved))
    return redirect(submission)


def _holds_anywhere(request: Request, submission: Submission, step: str) -> bool:
    """Whether the person may take the step at the place where it is asked, though nothing is open to it now."""
    action = flow.NOMINATION[step].action
    places = [submission.unit, desks.desk_above(submission.unit), desks.office_desk(submission.unit)]
    return any(request.user.may(action, unit) for unit in places)


# --- exports ---


@require_safe
def submission_export(request: Request, pk: int) -> HttpResponse:
    """The paper's list as a sheet: the one that goes with the letter, or every column."""
    submission = get_submission(request, pk)
    rows = submission.nominations.exclude(state=Nomination.State.WITHDRAWN).for_list().order_by("pk")
    purpose = documents.WHOLE if request.GET.get("list") == documents.WHOLE else documents.BRIEF
    head = documents.head_of(purpose, unit=submission.unit.name, about=documents.about_paper(submission))
    name = f"to-trinh-{submission.pk}" if purpose == documents.WHOLE else f"trich-ngang-{submission.pk}"
    book = documents.nominations_workbook(purpose, rows, head, request.user)
    return download(book, f"{name}-{today():%Y-%m-%d}.xlsx")
