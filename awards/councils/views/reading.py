"""What members read before they vote: one dossier after another, and those proposed for one award side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.councils import queries, services
from awards.councils.forms import QuestionForm, RecusalForm
from awards.councils.views.shared import get_item, get_own_item
from awards.models import AgendaItem, Nomination, Sitting
from awards.nominations import content
from portal.flow import Refused
from portal.web import paging, refusals
from portal.web.requests import Request

SIDE_BY_SIDE = 12


@require_safe
def agenda_item(request: Request, pk: int) -> HttpResponse:
    return _page(request, get_item(request, pk))


def _page(
    request: Request,
    item: AgendaItem,
    *,
    question: QuestionForm | None = None,
    recusal: RecusalForm | None = None,
) -> HttpResponse:
    sitting = item.sitting
    nomination = Nomination.objects.for_page("submission__unit").get(pk=item.nomination_id)
    member = sitting.seat_of(request.user)
    beside = list(sitting.items.values_list("pk", flat=True))
    at = beside.index(item.pk)
    seen = request.user.may("prepare_sittings", sitting.unit)
    asked = item.questions.select_related("by__person")
    before = sitting.state in Sitting.BEFORE
    context = {
        "item": item,
        "sitting": sitting,
        "nomination": nomination,
        "place": at + 1,
        "all": len(beside),
        "previous": beside[at - 1] if at else None,
        "next": beside[at + 1] if at + 1 < len(beside) else None,
        "sections": [pair for pair in content.lines(content.snapshot(nomination)).values() if pair[1]],
        "evidence": nomination.evidence.filter(removed_at=None),
        "vote": item.vote_by_law,
        "asked": asked if seen else asked.filter(by=request.user),
        "own_recusal": member.recusals.filter(item=item).first() if member else None,
        "asks": before and member is not None,
        "question_form": question or QuestionForm(),
        "recusal_form": recusal or RecusalForm(),
    }
    return render(request, "awards/councils/item.html", context, status=422 if question or recusal else 200)


@require_POST
def agenda_ask(request: Request, pk: int) -> HttpResponse:
    item = get_own_item(request, pk)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, item, question=form)
    try:
        services.ask(item, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Đã ghi điều cần hỏi; Thư ký Hội đồng thấy được."))
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("agenda_item", pk)


@require_POST
def agenda_recuse(request: Request, pk: int) -> HttpResponse:
    item = get_own_item(request, pk)
    form = RecusalForm(request.POST)
    if not form.is_valid():
        return _page(request, item, recusal=form)
    try:
        services.recuse(item, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Đã ghi nhận: đồng chí không biểu quyết đề nghị này."))
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("agenda_item", pk)


@require_safe
def agenda_compare(request: Request, pk: int) -> HttpResponse:
    """Those proposed for the award of this item, side by side."""
    item = get_item(request, pk)
    award = item.nomination.award
    lines = [line for line in queries.lines(item.sitting) if line.item.nomination.award == award]
    page = paging.numbered(request, lines, SIDE_BY_SIDE)
    context = {"sitting": item.sitting, "item": item, "award": lines[0].item.nomination, "page_obj": page}
    return render(request, "awards/councils/compare.html", context)
