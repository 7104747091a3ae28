"""A unit's paper: begun, written, filled with subjects, sent, exported; and what a campaign opens."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.law import standards
from awards.law.rules import judge
from awards.law.terms import Result
from awards.ledger.services import award_label
from awards.models import Evidence, Nomination, Submission
from awards.models.subjects import key_of_subject
from awards.nominations import cases, checks, content, dossiers, editing, findings, flow, limits, opening, records
from awards.nominations.forms import (
    AddByCodeForm,
    CoverForm,
    EvidenceForm,
    OpenAwardsForm,
    PickFilter,
    StartForm,
    open_awards,
    subjects_of,
)
from awards.nominations.queries import TONES, shown
from awards.nominations.views.shared import done, get_drafted, get_submission
from awards.tasks import MOVE_MANY
from campaigns.models import Campaign
from portal.days import today
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.exchange.forms import UploadForm
from portal.files import uploads
from portal.files.sheets import download
from portal.flow import Refused
from portal.jobs.services import start
from portal.models import Entry
from portal.web import autosave, refusals, seen
from portal.web.middleware import typed_before
from portal.web.paging import numbered
from portal.web.parameters import number, numbers, without
from portal.web.requests import Request

PAGE = 25
ROWS = 25  # nominations on the page of a paper, each with its checks
AT_ONCE = 200  # nominations moved while one waits; more are moved in the background
ALL_AT_ONCE = ("submit", "withdraw", "accept", "forward", "return", "take_up")  # steps for the whole paper


# --- looking ---


@require_safe
def submission_list(request: Request) -> HttpResponse:
    user = request.user
    found = Submission.objects.visible_to(user).select_related("unit", "campaign")
    tab, words = request.GET.get("tab", ""), request.GET.get("q", "")[:200]
    mine = [unit.pk for unit in user.units_where("draft_nominations")]
    if tab == "mine":
        found = found.filter(unit__in=mine)
    elif tab == "open":
        found = found.filter(first_submitted_at=None)
    elif tab == "sent":
        found = found.exclude(first_submitted_at=None)
    campaign = number(request.GET.get("campaign"))
    if campaign is not None:
        found = found.filter(campaign=campaign)
    page = numbered(request, found.matching(words), PAGE)
    counts: dict[int, list[tuple[str, str, int]]] = {}
    states = Nomination.objects.filter(submission__in=[s.pk for s in page.object_list]).order_by()
    for pk, state, count in states.values_list("submission", "state").annotate(Count("pk")):
        counts.setdefault(pk, []).append((Nomination.State(state).label, TONES[Nomination.State(state)], count))
    for submission in page.object_list:
        submission.counts = counts.get(submission.pk, [])
    kept = without(request.GET, "page")
    return render(
        request,
        "awards/submissions/list.html",
        {
            "page_obj": page,
            "query": kept,
            "tab": tab,
            "q": words,
            "campaign": Campaign.objects.visible_to(user).filter(pk=campaign).first() if campaign is not None else None,
            "may_begin": bool(mine),
            "filtered": bool(kept),
        },
    )


@require_safe
def submission_detail(request: Request, pk: int) -> HttpResponse:
    submission = get_submission(request, pk)
    user = request.user
    listing = limits.listing(submission)
    # the figures of the paper have counted them already
    page = numbered(request, submission.nominations.for_checks().order_by("pk"), ROWS, total=listing.total)
    rows = [shown(n) for n in page.object_list]
    for n in rows:
        n.submission = submission
    found = checks.of(rows, reader=user)
    for n in rows:
        n.checked = found[n.pk]
        n.award_label = award_label(n.award)
    drafts = flow.may_draft(user, submission)
    kinds = [(n, 1) for n in rows] if page.paginator.num_pages == 1 else flow.kinds_in(submission)
    cover_open = flow.opens_cover(n.state for n, _count in kinds)
    awards = open_awards(submission) if drafts and cover_open else []
    files = found[rows[0].pk].files if rows else submission.evidence.filter(nomination=None, removed_at=None)
    for meter in listing.meters:
        meter.label = award_label(meter.award)
    return render(
        request,
        "awards/submissions/detail.html",
        {
            "submission": submission,
            "page_obj": page,
            "rows": rows,
            "drafts": drafts,
            "may_edit": drafts and cover_open,
            "may_discard": drafts and cover_open and flow.never_sent(submission),
            "steps": _steps_for_all(user, kinds),
            "version": submission.whole_version,
            "blocked": sum(bool(n.checked.blocking) for n in rows if n.state == Nomination.State.DRAFT),
            "listing": listing,
            "cover": [
                (content.COVER[key], value) for key, value in content.cover(submission).items() if key in SHOWN_COVER
            ],
            "files": [f for f in files if f.nomination_id is None],
            "add_form": AddByCodeForm(awards=awards) if awards else None,
            "evidence_form": EvidenceForm(parts=_parts()) if drafts and cover_open else None,
            "entries": Entry.objects.about(submission)[:50],
        },
    )


SHOWN_COVER = ("number", "dated", "year", "council_on", "council_members", "council_present")


def _parts() -> list[tuple[str, str]]:
    edition = standards.in_force(today())
    return [(part.code, part.label) for part in edition.parts.values()]


def _steps_for_all(user: Any, kinds: list[tuple[Nomination, int]]) -> list[dict[str, Any]]:
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
    units = [u for u in request.user.units_where("draft_nominations") if flow.may_begin(request.user, u)]
    if not units:
        raise Http404
    form = StartForm(request.POST or None, user=request.user, units=units, campaign=number(request.GET.get("campaign")))
    if request.method == "POST" and form.is_valid():
        submission, fresh = editing.begin(by=request.user, **form.content())
        if fresh:
            messages.success(request, _("Đã lập tờ trình. Hãy thêm các cá nhân, tập thể được đề nghị."))
        return redirect(submission)
    return render(request, "awards/submissions/new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def submission_edit(request: Request, pk: int) -> HttpResponse:
    submission = get_drafted(request, pk)
    if not flow.cover_open(submission):
        messages.info(request, editing.CLOSED)
        return redirect(submission)
    typed = request.POST if request.method == "POST" else typed_before(request)
    form = CoverForm(typed, instance=submission, initial={"version": submission.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            submission = editing.write_cover(submission, by=request.user, **form.content())
        except editing.Conflict as clash:
            conflict = _cover_conflict(form, clash.theirs)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect(submission)
        else:
            messages.success(request, _("Đã lưu thông tin tờ trình."))
            return redirect(submission)
    context = {"submission": submission, "form": form, "conflict": conflict}
    return render(request, "awards/submissions/form.html", context)


submission_edit.keeps_text = True


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


def _cover_conflict(form: CoverForm, theirs: Submission) -> dict[str, Any]:
    """Both covers beside each other; saving once more from here is done knowingly."""
    stored, typed = content.cover(theirs), content.cover(form.instance)
    form.data = form.data.copy()
    form.data["version"] = theirs.version
    rows = content.beside(content.cover_lines(stored), content.cover_lines(typed))
    return {"paper": theirs, "rows": [row for row in rows if row.changed]}


@require_POST
def submission_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being typed; answers as portal.js expects."""
    submission = get_drafted(request, pk)
    form = CoverForm(request.POST, instance=submission)
    if not form.is_valid():
        errors = [f"{form.fields[n].label}: {' '.join(t)}" for n, t in form.errors.items() if n in form.fields]
        return autosave.refusal([*form.non_field_errors(), *errors])
    return autosave.answer(
        lambda: editing.write_cover(submission, by=request.user, **form.content()),
        reverse("submission_edit", args=[pk]),
    )


# --- whom it proposes ---


@require_POST
def submission_add(request: Request, pk: int) -> HttpResponse:
    """One subject by its code."""
    submission = get_drafted(request, pk)
    form = AddByCodeForm(request.POST, awards=open_awards(submission))
    if not form.is_valid():
        messages.error(request, _("Hãy ghi mã và chọn danh hiệu, hình thức."))
        return redirect(submission)
    code = form.cleaned_data["code"].strip()
    subject = editing.by_code(code, submission.unit, request.user)
    if subject is None:
        messages.error(request, _("Không có cán bộ, tập thể hoặc đơn vị nào mang mã «%s» trong đơn vị.") % code)
        return redirect(submission)
    try:
        [nomination], fresh = editing.add(submission, [subject], form.cleaned_data["award"], by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    if fresh:
        messages.success(request, _("Đã thêm %s. Hãy ghi tóm tắt và báo cáo thành tích.") % nomination.subject_name)
    else:
        messages.info(request, _("%s đã có trong tờ trình với hình thức này.") % nomination.subject_name)
    return redirect("nomination_edit", nomination.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_pick(request: Request, pk: int) -> HttpResponse:
    """The unit's people or collectives with what each could be proposed for; many are taken at once."""
    submission = get_drafted(request, pk)
    asked = PickFilter(request.POST if request.method == "POST" else request.GET, awards=open_awards(submission))
    if request.method == "POST":
        return _take_picked(request, submission, asked)
    found = subjects_of(submission.unit, asked.kind_chosen, asked.words, request.user)
    page = numbered(request, found, PAGE)
    kept = without(request.GET, "page")
    return render(
        request,
        "awards/submissions/pick.html",
        {
            "submission": submission,
            "form": asked,
            "page_obj": page,
            "rows": _candidates(submission, list(page.object_list), asked),
            "query": kept,
        },
    )


def _candidates(submission: Submission, subjects: list[Any], asked: PickFilter) -> list[dict[str, Any]]:
    """Each subject judged for the award that was asked about, and for which others nothing stands against it."""
    known = cases.of_subjects(
        subjects,
        unit=submission.unit,
        year=submission.year,
        type=submission.type,
        procedure=submission.procedure,
    )
    edition, changed = standards.in_force(today()), findings.severities()
    there = {
        (records.key_of(n), n.award)
        for n in submission.nominations.exclude(state=Nomination.State.WITHDRAWN)
        if any(records.key_of(n) == key for key in known)
    }
    awards = [a for a in open_awards(submission) if cases.SUBJECTS[asked.kind_chosen] in a.subjects]
    rows = []
    for subject in subjects:
        key = (key_of_subject(subject), subject.pk)
        case = known[key]
        found = {a.code: judge(a, case, edition, changed) for a in awards}
        own = found.get(asked.award_chosen.code, []) if asked.award_chosen else []
        rows.append(
            {
                "subject": subject,
                "code": getattr(subject, "staff_code", None) or subject.code,
                "taken": asked.award_chosen and (key, asked.award_chosen.code) in there,
                "against": [f for f in own if f.result == Result.FAIL],
                "blocked": any(f.blocks for f in own),
                "unknown": sum(f.result == Result.EVIDENCE for f in own),
                "could": [a.label for a in awards if not any(f.result == Result.FAIL for f in found[a.code])],
            }
        )
    return rows


def _take_picked(request: Request, submission: Submission, asked: PickFilter) -> HttpResponse:
    chosen = numbers(request.POST.getlist("subject"))
    subjects = list(subjects_of(submission.unit, asked.kind_chosen, "", request.user).filter(pk__in=chosen))
    if not subjects or asked.award_chosen is None:
        messages.warning(request, _("Hãy chọn ít nhất một đối tượng."))
        return redirect("submission_pick", submission.pk)
    try:
        _nominations, fresh = editing.add(submission, subjects, asked.award_chosen.code, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    messages.success(request, ngettext("Đã thêm %s đề nghị.", "Đã thêm %s đề nghị.", fresh) % fresh)
    return redirect(submission)


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
    places = [submission.unit, flow.desk_above(submission.unit), flow.office_desk(submission.unit)]
    return any(request.user.may(action, unit) for unit in places)


# --- evidence of the paper ---


@require_POST
def submission_attach(request: Request, pk: int) -> HttpResponse:
    submission = get_drafted(request, pk)
    attach(request, submission, None, _parts())
    return redirect(f"{submission.get_absolute_url()}#evidence")


def attach(
    request: Request, submission: Submission, nomination: Nomination | None, parts: list[tuple[str, str]]
) -> None:
    """Keep the file that was sent along, or say why it cannot be kept."""
    form = EvidenceForm(request.POST, request.FILES, parts=parts)
    try:
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        editing.attach(submission, nomination, by=request.user, **form.cleaned_data)
        messages.success(request, _("Đã đính kèm tệp."), extra_tags="file")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text, extra_tags="file")


def _evidence(request: Request, pk: int) -> Evidence:
    files = Evidence.objects.filter(submission__in=Submission.objects.visible_to(request.user))
    return get_object_or_404(files.select_related("submission__unit", "nomination"), pk=pk)


@require_safe
def evidence_file(request: Request, pk: int) -> HttpResponse:
    found = _evidence(request, pk)
    return uploads.serve(found.file, found.name, found.content_type)


@require_POST
def evidence_remove(request: Request, pk: int) -> HttpResponse:
    found = _evidence(request, pk)
    try:
        editing.detach(found, by=request.user)
        messages.success(request, _("Đã gỡ tệp khỏi hồ sơ."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    if found.nomination_id:
        return redirect(f"{reverse('nomination_edit', args=[found.nomination_id])}#evidence")
    return redirect(f"{found.submission.get_absolute_url()}#evidence")


# --- exports ---


@require_safe
def submission_export(request: Request, pk: int) -> HttpResponse:
    """The paper's list as a sheet, with every column a letter needs."""
    submission = get_submission(request, pk)
    rows = submission.nominations.exclude(state=Nomination.State.WITHDRAWN).for_list().order_by("pk")
    return sheet(rows, f"to-trinh-{submission.pk}-{today():%Y-%m-%d}.xlsx")


def sheet(rows: Any, name: str) -> HttpResponse:
    """Nominations as a download."""
    return download(dossiers.nominations_workbook(rows), name)


# --- what a campaign opens ---


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_awards(request: Request, pk: int) -> HttpResponse:
    """Which awards a campaign opens and for which fields of merit: read by all, set by who runs the campaign."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user)
        .select_related("unit")
        .prefetch_related("merit_fields", "open_awards"),
        pk=pk,
    )
    may_open = opening.may_open(request.user, campaign)
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    form = OpenAwardsForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            opening.open_for(campaign, form.content(), by=request.user, version=seen.version(request))
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu các hình thức khen thưởng của phong trào."))
            return redirect("campaign_awards", pk)
    titles = {f.pk: f.title for f in campaign.merit_fields.all()}
    opened: dict[str, dict[str, Any]] = {}
    for row in campaign.open_awards.all():
        one = opened.setdefault(row.award, {"label": award_label(row.award), "fields": [], "places": row.places})
        if row.merit_field_id:
            one["fields"].append(titles[row.merit_field_id])
    for one in opened.values():
        if len(one["fields"]) == len(titles):  # each by its own row, all of them together
            one["fields"] = []
    milestone = campaign.milestones.filter(kind="nomination").first()
    return render(
        request,
        "awards/law/campaign_awards.html",
        {
            "campaign": campaign,
            "form": form if may_open else None,
            "opened": list(opened.values()),
            "milestone": milestone,
            "may_begin": campaign.running and request.user.may_anywhere("draft_nominations"),
            "papers": Submission.objects.visible_to(request.user).filter(campaign=campaign).count(),
        },
    )


# --- a spreadsheet of nominations ---


@require_safe
def submission_template(request: Request, pk: int) -> HttpResponse:
    """An empty list to fill in, with its explanations."""
    get_drafted(request, pk)
    return download(exchanges()["nominations"].sheet.template(request.user), "mau-de-nghi-khen-thuong.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def submission_import(request: Request, pk: int) -> HttpResponse:
    """Bring the nominations of the paper in by a file: checked and shown first, then all or nothing."""
    submission = get_drafted(request, pk)
    if not flow.cover_open(submission):
        messages.info(request, editing.CLOSED)
        return redirect(submission)
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        job = work.start_check(
            exchanges()["nominations"],
            form.cleaned_data["file"],
            by=request.user,
            options={"submission": submission.pk},
            once=str(form.cleaned_data["once"]),
        )
        return redirect(job)
    status = 422 if form.errors else 200
    return render(request, "awards/submissions/import.html", {"submission": submission, "form": form}, status=status)
