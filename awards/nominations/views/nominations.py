"""One nomination: written, checked, sent, compared, exported; and the list of all that a person may see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from awards.models import Comment, Nomination
from awards.nominations import content, documents, dossiers, editing, flow, permissions
from awards.nominations.checking import cases, checks, completeness, declared, particulars, reports
from awards.nominations.forms.nominations import (
    AchievementForm,
    EvidenceForm,
    NominationFilter,
    SetAsideForm,
    WholeNominationForm,
)
from awards.nominations.forms.submissions import open_awards
from awards.nominations.papers.lists import SHORT_LIST, short_list_of
from awards.nominations.papers.reports import OF_NOMINATIONS
from awards.nominations.queries import NominationRow
from awards.nominations.views.evidence import attach
from awards.nominations.views.shared import done, get_nomination
from awards.review import services as review
from campaigns.remarks import threads
from portal.access import seat
from portal.days import today
from portal.files.sheets import download
from portal.flow import EditConflict, Refused
from portal.jobs.services import start
from portal.models import Entry
from portal.papers.services import AT_ONCE, TYPES, links, make, response
from portal.sittings import last_edit
from portal.web import autosave, paging, refusals, seen, typed_notes
from portal.web.middleware import keeps_text, typed_before
from portal.web.parameters import number
from portal.web.requests import Request

PAGE = 25
STEPS_ELSEWHERE = ("ask_more",)  # it carries more than a note, so the review desk has a form for it
GOES_ON_AT_THE_DESK = ("take_up", "reopen")  # what follows is done on the dossier of the review desk
MOST_ON_PAPER = 5000  # rows of a list as Word or PDF: some five hundred pages
EXPORT_LIMIT = 5000  # rows of a sheet made while one waits
DOSSIER_LIMIT = 30 * 1024 * 1024  # a larger dossier is packed in the background


# --- the list ---


@require_safe
def nomination_list(request: Request) -> HttpResponse:
    form = NominationFilter(request.GET)
    lines = Nomination.objects.for_lines("desk__short_name", "desk__name_en")
    page = paging.paginate(request, form.narrow(request.user), lines, ("pk",), PAGE)
    return render(
        request,
        "awards/nominations/list.html",
        {
            "page": page,
            "rows": [NominationRow(n) for n in page.rows],
            "form": form,
            "query": form.query,
        },
    )


@require_GET
def nomination_export(request: Request) -> HttpResponse:
    """The list on the screen as a sheet, or as an official paper; a long one is made in the background."""
    form = NominationFilter(request.GET)
    found = form.narrow(request.user)
    if (file := request.GET.get("file", "")) in TYPES:
        return _short_list(request, form, found, file)
    purpose = documents.BRIEF if request.GET.get("list") == documents.BRIEF else documents.WHOLE
    pks = list(found.order_by("-pk").values_list("pk", flat=True)[: documents.MOST + 1])
    name = f"{'trich-ngang' if purpose == documents.BRIEF else 'de-nghi-khen-thuong'}-{today():%Y-%m-%d}.xlsx"
    if len(pks) > documents.MOST:
        messages.error(request, _("Danh sách quá dài để xuất một lần: hãy lọc bớt, tối đa %s dòng.") % documents.MOST)
        return redirect(f"{reverse('nomination_list')}?{request.GET.urlencode()}")
    if len(pks) > EXPORT_LIMIT:
        told = {"purpose": purpose, "asked": list(form.in_words)}
        title = _("Xuất danh sách đề nghị khen thưởng")
        return redirect(start("nominations_sheet", title, by=request.user, pks=pks, name=name, **told))
    rows = Nomination.objects.filter(pk__in=pks).for_list().order_by("-pk")
    head = documents.head_of(purpose, unit=seat(request.user), asked=form.in_words)
    return download(documents.nominations_workbook(purpose, rows, head, request.user), name)


def _short_list(request: Request, form: NominationFilter, found: QuerySet[Nomination], file: str) -> HttpResponse:
    unit = next(iter(request.user.units_where("read")), None)
    if unit is None:
        raise Http404
    pks = list(found.order_by("-pk").values_list("pk", flat=True)[: MOST_ON_PAPER + 1])
    if len(pks) > MOST_ON_PAPER:
        words = _("Danh sách quá dài để in một lần: hãy lọc bớt, tối đa %s dòng.") % number_format(MOST_ON_PAPER)
        messages.error(request, words)
        return redirect(f"{reverse('nomination_list')}?{request.GET.urlencode()}")
    name = f"trich-ngang-{today():%Y-%m-%d}.{file}"
    told = {"asked": list(form.in_words), "unit": unit.pk, "form": file, "name": name}
    if len(pks) > AT_ONCE:
        title = _("Danh sách trích ngang đề nghị khen thưởng")
        return redirect(start("nominations_paper", title, by=request.user, pks=pks, **told))
    rows = Nomination.objects.filter(pk__in=pks).for_list().order_by("-pk")
    with translation.override("vi"):
        content = make(SHORT_LIST, file, short_list_of(rows, request.user, unit, form.in_words))
    return response(content, name, file, shown="in" in request.GET)


# --- one ---


@require_safe
def nomination_detail(request: Request, pk: int) -> HttpResponse:
    nomination = get_nomination(request, pk)
    user, submission = request.user, nomination.submission
    checked = checks.check_nominations([nomination], reader=user)[nomination.pk]
    drafts = permissions.may_draft(user, submission)
    writable = editing.writable(nomination) if drafts else set()
    request_for_more = permissions.open_request(nomination)
    prefetch_related_objects([nomination], "commitments")
    said = content.snapshot(nomination)
    comments = Comment.objects.filter(nomination=nomination, audience=Comment.Audience.UNIT).select_related(
        "by__person"
    )
    entries = list(review.trail_of(nomination, request.user)[:50])
    return render(
        request,
        "awards/nominations/detail.html",
        {
            "nomination": nomination,
            "submission": submission,
            "checked": checked,
            "tone": NominationRow(nomination).tone,
            "edition": checked.edition,
            "sections": [
                {"key": s.key, "heading": s.heading, "text": said["report"][s.key]}
                for s in reports.sections(nomination)
            ],
            "facts": _declared(nomination, checked),
            "files": [e for e in nomination.rests_on("evidence") if e.removed_at is None],
            "achievements": nomination.rests_on("achievements"),
            "initiatives": nomination.rests_on("initiatives"),
            "part_labels": {p.code: p.label for p in checked.edition.parts.values()},
            "steps": [s for s in flow.NOMINATION.open_to(user, nomination) if s.name not in STEPS_ELSEWHERE],
            "drafts": drafts,
            "may_edit": drafts and (writable is None or bool(writable)),
            "may_set_aside": bool(checked.blocking) and permissions.may_set_aside(user, nomination),
            "request_for_more": request_for_more,
            "asked_parts": [checks.askable(nomination).get(f, f) for f in request_for_more.fields]
            if request_for_more
            else [],
            "comments": threads(comments) if nomination.round else [],
            "last_return": next((e for e in entries if e.verb == "return"), None)
            if nomination.state == Nomination.State.RETURNED
            else None,
            "entries": entries,
            "meter": completeness.meter(nomination, checked),
            "papers": links(nomination, OF_NOMINATIONS),
        },
    )


def _declared(nomination: Nomination, checked: checks.Checked) -> list[tuple[Any, str]]:
    """What the unit declared, in words."""
    return [
        (label, declared.in_words(key, value))
        for key, label, _kind in declared.facts_of(nomination, checked.award)
        if (value := nomination.facts.get(key)) is not None
    ]


def _form(nomination: Nomination, data: Any = None) -> WholeNominationForm:
    edition = cases.edition_of(nomination)
    choices, chosen = editing.links(nomination)
    begun = data is not None or nomination.report or nomination.version > 1
    return WholeNominationForm(
        nomination,
        data,
        awards=open_awards(nomination.submission),
        award=edition.awards.get(nomination.award),
        choices=choices,
        chosen=chosen,
        only=editing.writable(nomination),
        known=None if begun else particulars.known(nomination),
    )


def _drafted(request: Request, pk: int) -> Nomination:
    nomination = get_nomination(request, pk)
    if not permissions.may_draft(request.user, nomination.submission):
        raise PermissionDenied
    return nomination


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_edit(request: Request, pk: int) -> HttpResponse:
    nomination = _drafted(request, pk)
    if editing.writable(nomination) == set():
        messages.info(request, editing.CLOSED)
        return redirect(nomination)
    typed = request.POST if request.method == "POST" else typed_before(request)
    if typed and request.method == "GET":
        messages.warning(
            request, _("Phiên đã hết hạn trước khi lưu. Nội dung vừa nhập còn ở dưới: hãy bấm «Lưu bản nháp».")
        )
    checked = checks.check_nominations([nomination], reader=request.user)[
        nomination.pk
    ]  # before the form puts typed values on it
    form = _form(nomination, typed)
    conflict, kept = None, False
    if request.method == "POST" and form.sound():
        try:
            nomination = editing.write(nomination, by=request.user, tab=seen.tab(request), **form.content())
        except EditConflict as clash:
            conflict = _conflict(form, clash, request.POST)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect("nomination_edit", pk)
        else:
            if form.is_valid():
                messages.success(request, _("Đã lưu bản nháp."))
                return redirect(nomination)
            kept, form.head.data = True, seen.again(request.POST, nomination.version)
    return _edit_page(request, nomination, checked, form, conflict, kept)


def _edit_page(
    request: Request,
    nomination: Nomination,
    checked: checks.Checked,
    form: WholeNominationForm,
    conflict: Any,
    kept: bool,
) -> HttpResponse:
    stored = nomination
    if form.head.is_bound:  # the form has put typed values on its own instance
        stored = get_nomination(request, nomination.pk)
        checked = checks.check_nominations([stored], reader=request.user)[stored.pk]
    parts = [(p.code, p.label) for p in (checked.award.parts if checked.award else checked.edition.parts.values())]
    if stored.submission.fast:
        parts = [(p.code, p.label) for p in checked.edition.simplified]
    if form.only is not None:
        parts = [(code, label) for code, label in parts if f"evidence.{code}" in form.only]
    request_for_more = permissions.open_request(stored)
    return render(
        request,
        "awards/nominations/form.html",
        {
            "nomination": stored,
            "submission": stored.submission,
            "form": form,
            "conflict": conflict,
            "faults": form.faults(),
            "index": completeness.index(stored, checked),
            "kept": kept,
            "checked": checked,
            "meter": completeness.meter(stored, checked),
            "form_note": reports.form_name(stored, checked.edition, checked.case.subject),
            "files": [e for e in stored.rests_on("evidence") if e.removed_at is None],
            "evidence_form": EvidenceForm(parts=parts) if parts else None,
            "achievement_form": AchievementForm(auto_id="achievement_%s")
            if form.only is None or "links" in form.only
            else None,
            "request_for_more": request_for_more,
            "last_return": Entry.objects.about(stored).filter(verb="return").first()
            if stored.state == Nomination.State.RETURNED
            else None,
        },
    )


def _conflict(form: WholeNominationForm, clash: EditConflict, sent: QueryDict) -> dict[str, Any]:
    """Both versions beside each other; saving once more from here is done knowingly."""
    theirs: Nomination = clash.theirs
    stored = content.snapshot(theirs)
    mine = form.content()
    typed = dict(stored, report={k: mine["report"].get(k, "") for k in stored["report"]}, facts=mine["facts"])
    for name in ("award", "position", "leads", "summary", "votes_for"):
        if name in mine["fields"]:
            typed[name] = mine["fields"][name]
    if field := mine["fields"].get("merit_field"):
        typed["merit_field"] = field.title
    for name, pks in mine["links"].items():
        words = dict(form.choices[name])
        now = set(getattr(theirs, name).values_list("pk", flat=True))
        typed[name] = [words[pk] for pk in pks if pk in words]
        stored[name] = [words.get(pk, "?") for pk in now]
    form.head.data = seen.again(sent, theirs.version)
    rows = [row for row in content.compare(stored, typed) if row.changed]
    return {"last": last_edit(theirs), "own": clash.own, "rows": rows}


@require_POST
def nomination_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being typed; answers as portal.js expects."""
    nomination = _drafted(request, pk)
    if editing.writable(nomination) == set():
        return autosave.refusal([editing.CLOSED])
    form = _form(nomination, request.POST)
    if not form.sound():
        return autosave.refusal(form.faults())
    typed, tab = form.content(), seen.tab(request)
    return autosave.answer(
        lambda: editing.write(nomination, by=request.user, tab=tab, **typed),
        reverse("nomination_edit", args=[pk]),
        form.faults(),
        index=lambda saved: completeness.written(saved, cases.edition_of(saved).awards.get(saved.award)),
    )


@require_POST
def nomination_achievement(request: Request, pk: int) -> HttpResponse:
    """Note an achievement of the subject on which the nomination rests."""
    nomination = _drafted(request, pk)
    form = AchievementForm(request.POST)
    if form.is_valid():
        try:
            editing.achieve(nomination, by=request.user, **form.cleaned_data)
            messages.success(request, _("Đã ghi thành tích và gắn với đề nghị."))
        except Refused as refusal:
            refusals.tell(request, refusal)
    else:
        messages.error(request, _("Hãy ghi thành tích, tối đa 300 ký tự."))
    return redirect(f"{reverse('nomination_edit', args=[pk])}#links")


@require_POST
def nomination_attach(request: Request, pk: int) -> HttpResponse:
    nomination = _drafted(request, pk)
    edition = cases.edition_of(nomination)
    parts = {p.code: p.label for p in (*edition.parts.values(), *edition.simplified)}
    attach(request, nomination.submission, nomination, list(parts.items()))
    return redirect(f"{reverse('nomination_edit', args=[pk])}#evidence")


@require_POST
def nomination_step(request: Request, pk: int, step: str) -> HttpResponse:
    nomination = get_nomination(request, pk)
    if step not in {s.name for s in flow.NOMINATION.steps}:
        raise Http404
    try:
        [moved] = flow.move(
            step,
            [nomination],
            by=request.user,
            note=request.POST.get("note", "")[:2000],
            versions={nomination.pk: seen.version(request)},
        )
    except Refused as refusal:
        refusals.tell(request, refusal)
    else:
        messages.success(request, done(step, [moved]))
    at_the_desk = step in GOES_ON_AT_THE_DESK and review.works_at(request.user, nomination)
    return redirect("review", pk) if at_the_desk else redirect(nomination)


@require_POST
def nomination_set_aside(request: Request, pk: int) -> HttpResponse:
    """The office lets a nomination go on in spite of a blocking finding, with the reason."""
    nomination = get_nomination(request, pk)
    form = SetAsideForm(request.POST)
    if not permissions.may_set_aside(request.user, nomination):
        raise PermissionDenied
    if form.is_valid():
        try:
            flow.set_aside(nomination, by=request.user, **form.cleaned_data)
            messages.success(request, _("Đã cho qua điểm này; lý do nằm trong nhật ký."))
        except Refused as refusal:
            typed_notes.keep(request, "reason", form.cleaned_data["condition"])
            refusals.tell(request, refusal)
    else:
        typed_notes.keep(request, "reason", request.POST.get("condition", ""))
        for words in form.non_field_errors() or [_("Hãy ghi lý do.")]:
            messages.error(request, str(words))
    return redirect(f"{nomination.get_absolute_url()}#findings")


@require_safe
def nomination_compare(request: Request, pk: int) -> HttpResponse:
    nomination = get_nomination(request, pk)
    versions = {v.number: v for v in nomination.versions.select_related("by__person")}
    if len(versions) < 2:
        messages.info(request, _("Chưa có hai lần gửi để so sánh."))
        return redirect(nomination)
    right = versions.get(number(request.GET.get("b")) or 0, versions[max(versions)])
    left = versions.get(number(request.GET.get("a")) or 0, versions[max(n for n in versions if n != right.number)])
    return render(
        request,
        "awards/nominations/compare.html",
        {
            "nomination": nomination,
            "versions": list(versions.values()),
            "left": left,
            "right": right,
            "rows": [r for r in content.compare(left.content, right.content) if r.changed],
        },
    )


@require_GET
def nomination_dossier(request: Request, pk: int) -> HttpResponseBase:
    """The dossier as a ZIP; a large one is packed in the background."""
    nomination = get_nomination(request, pk)
    files = dossiers.files_of(nomination)
    if sum(f.size for f in files) > DOSSIER_LIMIT:
        title = _("Đóng gói hồ sơ đề nghị số %s") % nomination.pk  # stays in a list that outlives roles
        return redirect(start("dossier", title, by=request.user, nomination=nomination.pk))
    return dossiers.dossier_response(nomination)
