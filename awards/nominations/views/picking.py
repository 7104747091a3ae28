"""Whom a paper proposes: by name, from lists, from a sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.law import standards
from awards.law.rules import judge
from awards.law.terms import Result
from awards.ledger import books
from awards.models import Nomination, Submission
from awards.models.subjects import Commended, key_of_subject
from awards.nominations import editing, outsiders, permissions
from awards.nominations.checking import cases, findings, records
from awards.nominations.forms.submissions import (
    AddForm,
    OutsiderForm,
    PickFilter,
    open_awards,
)
from awards.nominations.views.shared import get_drafted
from portal.days import today
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.exchange.forms import UploadForm
from portal.files.sheets import download
from portal.flow import Refused
from portal.text import grouped
from portal.web import refusals
from portal.web.paging import numbered
from portal.web.parameters import numbers, without
from portal.web.requests import Request

PAGE = 25


@require_POST
def submission_add(request: Request, pk: int) -> HttpResponse:
    """One subject by its name."""
    submission = get_drafted(request, pk)
    form = AddForm(request.POST, awards=open_awards(submission), submission=submission, by=request.user)
    if not form.is_valid():
        return render(request, "awards/submissions/add.html", {"submission": submission, "form": form}, status=422)
    try:
        [nomination], fresh = editing.add(
            submission, [form.cleaned_data["subject"]], form.cleaned_data["award"], by=request.user
        )
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    if fresh:
        messages.success(request, _("Đã thêm %s. Hãy ghi tóm tắt và báo cáo thành tích.") % nomination.subject_name)
    else:
        messages.info(request, _("%s đã có trong tờ trình với hình thức này.") % nomination.subject_name)
    return redirect("nomination_edit", nomination.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_outsider(request: Request, pk: int) -> HttpResponse:
    """Somebody outside the sector, by name, body and country."""
    submission = get_drafted(request, pk)
    form = OutsiderForm(request.POST or None, awards=open_awards(submission))
    if form.is_valid():
        try:
            nomination, fresh = outsiders.add(submission, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect(submission)
        if fresh:
            messages.success(request, _("Đã thêm %s. Hãy ghi tóm tắt và báo cáo thành tích.") % nomination.subject_name)
        else:
            messages.info(request, _("%s đã có trong tờ trình với hình thức này.") % nomination.subject_name)
        return redirect("nomination_edit", nomination.pk)
    context = {"submission": submission, "form": form}
    return render(request, "awards/submissions/outsider.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def submission_pick(request: Request, pk: int) -> HttpResponse:
    """The unit's people or collectives with what each could be proposed for; many are taken at once."""
    submission = get_drafted(request, pk)
    asked = PickFilter(request.POST if request.method == "POST" else request.GET, awards=open_awards(submission))
    if request.method == "POST":
        return _take_picked(request, submission, asked)
    found = editing.subjects_of(submission.unit, asked.kind_chosen, request.user).matching(asked.words)
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


def _candidates(submission: Submission, subjects: list[Commended], asked: PickFilter) -> list[dict[str, Any]]:
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
                "code": books.code_of(subject),
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
    subjects = list(editing.subjects_of(submission.unit, asked.kind_chosen, request.user).filter(pk__in=chosen))
    if not subjects or asked.award_chosen is None:
        messages.warning(request, _("Hãy chọn ít nhất một đối tượng."))
        return redirect("submission_pick", submission.pk)
    try:
        _nominations, fresh = editing.add(submission, subjects, asked.award_chosen.code, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(submission)
    messages.success(request, ngettext("Đã thêm %s đề nghị.", "Đã thêm %s đề nghị.", fresh) % grouped(fresh))
    return redirect(submission)


@require_safe
def submission_template(request: Request, pk: int) -> HttpResponse:
    """An empty list to fill in, with its explanations."""
    get_drafted(request, pk)
    return download(exchanges()["nominations"].sheet.template(request.user), "mau-de-nghi-khen-thuong.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def submission_import(request: Request, pk: int) -> HttpResponse:
    """Bring the nominations of the paper in by a file: checked and shown first, then all or nothing."""
    submission = get_drafted(request, pk)
    if not permissions.cover_open(submission):
        messages.info(request, editing.CLOSED)
        return redirect(submission)
    exchange = exchanges()["nominations"]
    asked = exchange.asked_columns()
    form = UploadForm(request.POST or None, request.FILES or None, by=request.user, asked=asked)
    if request.method == "POST" and form.is_valid():
        job = work.start_check(
            exchange,
            form.cleaned_data["file"],
            by=request.user,
            options={"submission": submission.pk} | form.options(),
            once=str(form.cleaned_data["once"]),
        )
        return redirect(job)
    status = 422 if form.errors else 200
    return render(request, "awards/submissions/import.html", {"submission": submission, "form": form}, status=status)
