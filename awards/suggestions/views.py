"""Whom a unit could propose and has not: one list, to propose from or to dismiss with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from awards.models import Submission, Suggestion
from awards.suggestions import services
from awards.suggestions.forms import ActForm, SuggestionFilter
from portal.flow import Refused
from portal.text import grouped
from portal.web import paging, refusals, seen
from portal.web.requests import Request
from units.models import User

PAGE = 25


@require_safe
def suggestion_list(request: Request) -> HttpResponse:
    _drafts(request)
    form = SuggestionFilter(request.GET)
    found = form.narrow(services.open_to(request.user))
    lines = Suggestion.objects.with_subject().select_related("dismissed_by__person")
    page = paging.paginate(request, found, lines, ("year", "pk"), PAGE)
    total, many = paging.count(found)
    context = {
        "form": form,
        "act": ActForm(papers=_papers(request.user)),
        "page": page,
        "rows": page.rows,
        "query": form.query,
        "total": total,
        "many": many,
    }
    return render(request, "awards/suggestions/list.html", context)


@require_POST
def suggestion_act(request: Request) -> HttpResponse:
    """Propose those that were ticked, or dismiss them."""
    _drafts(request)
    form = ActForm(request.POST, papers=_papers(request.user))
    try:
        versions = seen.versions(request, "chosen", PAGE)
        if not versions:
            raise Refused([_("Hãy chọn ít nhất một gợi ý.")])
        if not form.is_valid():
            raise Refused([message for errors in form.errors.values() for message in errors])
        rows = list(services.open_to(request.user).filter(pk__in=versions))
        for row in rows:
            row.version = versions[row.pk]
        told = form.cleaned_data
        if "dismiss" in request.POST:
            services.dismiss(rows, reason=told["reason"], by=request.user)
            done = ngettext("Đã bỏ qua %s gợi ý.", "Đã bỏ qua %s gợi ý.", len(rows)) % grouped(len(rows))
            messages.success(request, done)
            return redirect("suggestion_list")
        paper = services.propose(rows, paper=told["paper"], token=told["token"], by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect("suggestion_list")
    messages.success(request, _("Đã đưa vào tờ trình. Hãy ghi tóm tắt và báo cáo thành tích của từng đề nghị."))
    return redirect(paper)


@require_POST
def suggestion_restore(request: Request, pk: int) -> HttpResponse:
    _drafts(request)
    row = get_object_or_404(services.open_to(request.user), pk=pk, dismissed_at__isnull=False)
    services.restore(row, by=request.user)
    messages.success(request, _("Gợi ý được mở lại."))
    return redirect("suggestion_list")


def _drafts(request: Request) -> None:
    if not request.user.may_anywhere("draft_nominations"):
        raise PermissionDenied


def _papers(user: User) -> QuerySet[Submission]:
    """Papers of the person's units that are still being written."""
    return Submission.objects.filter(unit__in=user.units_where("draft_nominations"), first_submitted_at=None)
