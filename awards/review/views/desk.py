"""The office's review desk: the queue, one dossier at a time, conflicts of one's own, opinions of departments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.models import Check, Comment, Nomination
from awards.nominations import content, flow
from awards.nominations.checking import checks
from awards.review import opinions, queries, talk, turns
from awards.review import services as review
from awards.review.forms import (
    AnswerForm,
    CommentForm,
    ConflictForm,
    JudgeForm,
    MoreForm,
    OpinionForm,
    QueueFilter,
)
from awards.review.queries import described
from awards.review.views.shared import get_desks, get_dossier, get_own_desk
from campaigns.answering import take_answer
from campaigns.remarks import threads
from portal.days import end_of
from portal.flow import OVERTAKEN, OVERTAKEN_SELF, EditConflict, Refused
from portal.web import autosave, paging, refusals, seen
from portal.web.forms import errors
from portal.web.parameters import number
from portal.web.requests import Request

PAGE = 25
N = Nomination.State
SESSION = "review-filter"


# --- looking ---


@require_safe
def review_list(request: Request) -> HttpResponse:
    """The queue; the filter that was used last opens again."""
    get_desks(request)
    if "clear" in request.GET:
        request.session.pop(SESSION, None)
        return redirect("review_list")
    if not request.GET and request.session.get(SESSION):
        return redirect(f"{request.path}?{request.session[SESSION]}")
    form = QueueFilter(request.GET, request.user)
    if request.session.get(SESSION, "") != form.query:
        request.session[SESSION] = form.query
    found = form.narrow(review.queue(request.user))
    lines = Nomination.objects.for_review_list()
    page = paging.paginate(request, found, lines, ("received_at", "pk"), PAGE, rising=True)
    total, many = paging.count(found)
    context = {
        "form": form,
        "query": form.query,
        "page": page,
        "rows": described(page.rows),
        "total": total,
        "many": many,
        "standing": review.standing_of(request.user),
        "works": request.user.may_anywhere("review"),
    }
    return render(request, "awards/review/list.html", context)


@require_safe
def review_figures(request: Request) -> HttpResponse:
    """The counts of each campaign: they ask of every nomination, so the queue fetches them (`part`) when opened."""
    get_desks(request)
    template = "awards/review/_figures.html" if "part" in request.GET else "awards/review/figures.html"
    return render(request, template, {"campaigns": queries.by_campaign(request.user)})


@require_safe
def review_next(request: Request) -> HttpResponse:
    get_own_desk(request)
    return _next(request, number(request.GET.get("after", "")))


# --- one dossier ---


def _items(checked: Any) -> list[tuple[str, str]]:
    """The checklist of the award: its conditions and the parts of its dossier, each once."""
    return list({finding.condition: finding.says for finding in checked.findings}.items())


def _judge_form(nomination: Nomination, items: list[tuple[str, str]], data: Any = None) -> JudgeForm:
    stored: dict[str, Check] = {check.item: check for check in nomination.checks.all()}
    initial: dict[str, Any] = {
        "version": nomination.version,
        "result": nomination.draft_result,
        "note": nomination.draft_result_note,
    }
    for place, (key, _words) in enumerate(items):
        if key in stored:
            initial |= {f"v{place}": stored[key].verdict, f"n{place}": stored[key].note}
    return JudgeForm(data, items=items, initial=initial, begun=bool(stored))


@require_http_methods(["GET", "HEAD", "POST"])
def review_one(request: Request, pk: int) -> HttpResponse:
    """The dossier with its findings beside the form; saving may lead to the next one at once."""
    nomination = get_dossier(request, pk)
    checked = checks.check_nominations([nomination], reader=request.user)[nomination.pk]
    form = _judge_form(nomination, _items(checked), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            review.judge(
                nomination,
                by=request.user,
                version=data["version"],
                verdicts=form.verdicts(),
                result=data["result"],
                note=data["note"],
                tab=seen.tab(request),
            )
        except EditConflict as conflict:
            refusals.tell(request, Refused([OVERTAKEN_SELF if conflict.own else OVERTAKEN]), form)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu kết quả thẩm định %s.") % nomination.subject_name)
            return _next(request, pk) if "next" in request.POST else redirect("review", pk)
    return _dossier(request, nomination, checked, form)


@require_POST
def review_autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is being judged; answers as portal.js expects."""
    nomination = get_dossier(request, pk)
    checked = checks.check_nominations([nomination], reader=request.user)[nomination.pk]
    form = _judge_form(nomination, _items(checked), request.POST)
    if not form.sound():
        return autosave.refusal(errors.of_form(form))
    result, note = form.drafted(nomination)
    version, tab = form.cleaned_data["version"], seen.tab(request)
    return autosave.answer(
        lambda: review.judge(
            nomination, by=request.user, version=version, verdicts=form.verdicts(), result=result, note=note, tab=tab
        ),
        reverse("review", args=[pk]),
        errors.of_form(form),
    )


def _dossier(
    request: Request, nomination: Nomination, checked: checks.Checked, form: JudgeForm, more: MoreForm | None = None
) -> HttpResponse:
    """The page of the dossier; a form that is not right comes back as it was typed."""
    versions = [v.content for v in nomination.versions.order_by("-number")[:2]]
    more_form = more or MoreForm(parts=_askable(nomination), initial={"version": nomination.version})
    more_form.auto_id = "more_%s"  # two forms on one page have fields of one name
    context = {
        "checked": checked,
        "form": form,
        "more_form": more_form,
        "steps": [
            step for step in flow.NOMINATION.open_to(request.user, nomination) if step.name in (*review.BULK, "reopen")
        ],
        "sections": [pair for pair in content.lines(versions[0]).values() if pair[1]] if versions else [],
        "evidence": checked.files,
        "changed": [row for row in content.compare(versions[1], versions[0]) if row.changed] if versions[1:] else [],
    }
    bad = any(one.is_bound and one.errors for one in (form, more_form))
    return _answer(request, nomination, "awards/review/detail.html", context, bad=bad)


def _answer(
    request: Request, nomination: Nomination, template: str, context: dict[str, Any], *, bad: bool
) -> HttpResponse:
    """A page of the dossier with what all of them show; 422 when a form on it is not right."""
    shared = {
        "nomination": nomination,
        "row": described([nomination])[0],
        "submission": nomination.submission,
        "said": talk.count(nomination),
        "conflict": review.objection_to(request.user, nomination),
        "judging": nomination.state in review.WAITING,
    }
    return render(request, template, shared | context, status=422 if bad else 200)


def _next(request: Request, pk: int | None) -> HttpResponse:
    found = turns.next_for(request.user, but=pk)
    if found:
        if found.pk == pk:
            messages.info(request, _("Chỉ còn hồ sơ này chờ đồng chí thẩm định."))
        return redirect("review", found.pk)
    messages.info(request, _("Không còn hồ sơ nào chờ đồng chí thẩm định."))
    return redirect("review_list")


def _talk(request: Request, nomination: Nomination, **bound: Any) -> HttpResponse:
    """What is said about the dossier, and the forms to say more; a bound form comes back as it was typed."""
    empty = {
        "comment_form": CommentForm(),
        "opinion_form": OpinionForm(by=request.user),
    }
    for name, form in (empty | bound).items():  # two forms on one page have fields of one name
        form.auto_id = f"{name}_%s"
    context = {
        "comments": threads(nomination.comments.select_related("by__person")),
        "talks": True,
        "opinions": nomination.opinions.select_related("unit", "answered_by__person"),
        "requests": nomination.requests.select_related("by__person"),
        "assignments": nomination.assignments.select_related("reviewer__person"),
        "reviewers": review.reviewers_at(nomination.desk),
        "entries": review.trail_of(nomination, request.user)[:50],
    }
    return _answer(request, nomination, "awards/review/talk.html", context | empty | bound, bad=bool(bound))


@require_safe
def review_talk(request: Request, pk: int) -> HttpResponse:
    return _talk(request, get_dossier(request, pk))


def _askable(nomination: Nomination) -> list[tuple[str, Any]]:
    return list(checks.askable(nomination).items())


@require_POST
def review_comment(request: Request, pk: int) -> HttpResponse:
    nomination = get_dossier(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _talk(request, nomination, comment_form=form)
    talk.comment(nomination, by=request.user, **form.cleaned_data)
    messages.success(request, _("Đã ghi góp ý."))
    return redirect("review_talk", pk)


@require_POST
def nomination_comment_answer(request: Request, pk: int) -> HttpResponse:
    """The unit or the office answers a comment, or says whether it is done."""
    nominations = Nomination.objects.visible_to(request.user)
    comments = Comment.objects.filter(nomination__in=nominations, answers=None).select_related(
        "nomination__unit", "nomination__desk", "nomination__submission__unit", "by__person"
    )
    comment = get_object_or_404(comments, pk=pk)
    take_answer(request, comment, answer=talk.answer, settle=talk.settle)
    if review.works_at(request.user, comment.nomination):
        return redirect("review_talk", comment.nomination_id)
    return redirect(f"{comment.nomination.get_absolute_url()}#comments")


@require_POST
def review_more(request: Request, pk: int) -> HttpResponse:
    nomination = get_dossier(request, pk)
    form = MoreForm(request.POST, parts=_askable(nomination))
    if form.is_valid() and _asked_more(request, nomination, form):
        return redirect("review", pk)
    checked = checks.check_nominations([nomination], reader=request.user)[nomination.pk]
    return _dossier(request, nomination, checked, _judge_form(nomination, _items(checked)), form)


def _asked_more(request: Request, nomination: Nomination, form: MoreForm) -> bool:
    data = form.cleaned_data
    try:
        flow.ask_more(
            nomination,
            fields=data["fields_asked"],
            text=data["text"],
            due_at=end_of(data["due"]),
            by=request.user,
            version=data["version"],
        )
    except Refused as refusal:
        refusals.tell(request, refusal, form)
        return False
    messages.success(request, _("Đã gửi yêu cầu bổ sung tới %s.") % nomination.unit.label)
    return True


@require_POST
def review_opinion(request: Request, pk: int) -> HttpResponse:
    nomination = get_dossier(request, pk)
    form = OpinionForm(request.POST, by=request.user)
    if not form.is_valid():
        return _talk(request, nomination, opinion_form=form)
    data = form.cleaned_data
    try:
        opinions.ask_opinion(
            nomination, data["unit"], question=data["question"], due_at=end_of(data["due"]), by=request.user
        )
        messages.success(request, _("Đã gửi đề nghị cho ý kiến tới %s.") % data["unit"].label)
    except Refused as refusal:
        refusals.tell(request, refusal, form)
        return _talk(request, nomination, opinion_form=form)
    return redirect("review_talk", pk)


# --- conflicts of one's own ---


@require_http_methods(["GET", "HEAD", "POST"])
def review_conflicts(request: Request) -> HttpResponse:
    get_own_desk(request)
    form = ConflictForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        review.declare(request.user, **form.told)
        messages.success(request, _("Đã ghi nhận. Các hồ sơ liên quan không giao cho đồng chí nữa."))
        return redirect("review_conflicts")
    rows = request.user.conflicts.filter(ended_at=None).select_related("unit", "person")
    return render(
        request,
        "awards/review/conflicts.html",
        {"form": form, "rows": rows, "years": settings.CONFLICT_YEARS},
        status=422 if form.is_bound and form.errors else 200,
    )


@require_POST
def review_conflict_end(request: Request, pk: int) -> HttpResponse:
    get_own_desk(request)
    review.undeclare(get_object_or_404(request.user.conflicts.filter(ended_at=None), pk=pk), by=request.user)
    return redirect("review_conflicts")


# --- opinions of other departments ---


@require_safe
def opinion_list(request: Request) -> HttpResponse:
    rows = opinions.opinions_for(request.user).select_related(
        "nomination__person", "nomination__collective", "nomination__whole_unit", "unit"
    )
    return render(request, "awards/review/opinion_list.html", {"rows": rows[:100]})


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: Request, pk: int) -> HttpResponse:
    """What a unit is asked: the summary of the nomination, and the answer."""
    found = get_object_or_404(
        opinions.opinions_for(request.user).select_related(
            "unit", "nomination__unit", "nomination__person", "nomination__collective", "nomination__whole_unit"
        ),
        pk=pk,
    )
    may_answer = request.user.may("answer_opinions", found.unit) and not found.answered_at
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not request.user.may("answer_opinions", found.unit):
            raise PermissionDenied
        if form.is_valid():
            try:
                opinions.answer_opinion(found, by=request.user, **form.cleaned_data)
                messages.success(request, _("Đã gửi ý kiến."))
            except Refused as refusal:
                refusals.tell(request, refusal)
            return redirect("opinion", pk)
    context = {"opinion": found, "nomination": found.nomination, "form": form, "may_answer": may_answer}
    return render(request, "awards/review/opinion.html", context, status=422 if form.is_bound and form.errors else 200)
