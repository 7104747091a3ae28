"""Many dossiers at once: given to reviewers, moved, released."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from awards.models import Nomination
from awards.nominations import flow, letters
from awards.review import queries
from awards.review import services as review
from awards.review.forms import (
    AssignForm,
    QueueFilter,
)
from awards.review.views.shared import get_dossier, get_own_desk
from portal.flow import Refused
from portal.text import grouped
from portal.web import refusals, seen
from portal.web.parameters import numbers
from portal.web.requests import Request
from units.models import User

BULK_MOST = 500  # rows of one bulk action, of one assignment, of one release


def _unassigned(request: Request) -> list[Nomination]:
    """What the queue's filter shows of what nobody has yet, the longest waiting first."""
    form = QueueFilter(request.GET, request.user)
    rows = form.narrow(review.queue(request.user)).filter(state__in=review.WAITING, assignments=None)
    return list(rows.for_list().order_by("received_at", "pk")[:BULK_MOST])


@require_http_methods(["GET", "HEAD", "POST"])
def review_assign(request: Request) -> HttpResponse:
    """Spread the waiting dossiers: first who would get what, then the deed."""
    desk = get_own_desk(request)
    reviewers = review.reviewers_at(desk)
    if request.method == "POST" and request.POST.get("confirm"):
        return _assign(request, reviewers)
    rows = _unassigned(request)
    form = AssignForm(request.POST if request.method == "POST" else None, reviewers=reviewers)
    spread = None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        spread = review.distribute(rows, form.chosen(), by_award=data["group"] == "award", cap=data["cap"])
    held = review.loads(reviewers)
    after = spread.after() if spread else held
    context = {
        "form": form,
        "rows": rows,
        "most_at_once": BULK_MOST if len(rows) == BULK_MOST else 0,
        "spread": spread,
        "left": _by_reason(spread.left) if spread else [],
        "loads": [{"reviewer": r, "held": held[r.pk], "after": after.get(r.pk, 0)} for r in reviewers],
        "query": request.GET.urlencode(),
        "most": max([*after.values(), *held.values(), 1]),
    }
    return render(request, "awards/review/assign.html", context, status=422 if form.is_bound and form.errors else 200)


def _by_reason(left: list[tuple[Nomination, Any]]) -> list[tuple[str, str]]:
    """Why some were not given, each reason once, with the first of them by name."""
    found: dict[str, list[Nomination]] = {}
    for nomination, why in left:
        found.setdefault(str(why), []).append(nomination)
    return [(why, letters.names_of(those)) for why, those in found.items()]


def _assign(request: Request, reviewers: list[User]) -> HttpResponse:
    """Do what was shown; `pair` holds nomination:reviewer."""
    known = {str(r.pk): r for r in reviewers}
    asked = dict(pair.split(":", 1) for pair in request.POST.getlist("pair")[:BULK_MOST] if pair.count(":") == 1)
    rows = review.queue(request.user).filter(pk__in=numbers(asked))
    pairs = [(n, known[asked[str(n.pk)]]) for n in rows if asked[str(n.pk)] in known]
    try:
        count = review.assign_all(pairs, by=request.user)
        words = ngettext("Đã giao %(n)s hồ sơ.", "Đã giao %(n)s hồ sơ.", count) % {"n": grouped(count)}
        messages.success(request, words)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("review_list")


@require_POST
def review_give(request: Request, pk: int) -> HttpResponse:
    """Give one dossier to one reviewer by hand."""
    nomination = get_dossier(request, pk)
    reviewers = {str(r.pk): r for r in review.reviewers_at(nomination.desk)}
    reviewer = reviewers.get(request.POST.get("reviewer", ""))
    if reviewer is None:
        raise Http404
    try:
        held = set(numbers(request.POST.getlist("held")))
        review.assign_all([(nomination, reviewer)], by=request.user, held=held)
        messages.success(request, _("Đã giao hồ sơ cho %s.") % reviewer)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("review_talk", pk)


@require_POST
def review_bulk(request: Request) -> HttpResponse:
    """One step with the ticked rows: first what would change, then the deed, all or none."""
    get_own_desk(request)
    action = request.POST.get("action", "")
    if action not in review.BULK:
        raise Http404
    if request.POST.get("confirm"):
        return _do_bulk(request, action)
    chosen = numbers(request.POST.getlist("nomination")[:BULK_MOST])
    rows = list(review.queue(request.user).filter(pk__in=chosen).for_list())
    if not rows:
        messages.info(request, _("Hãy chọn ít nhất một hồ sơ."))
        return redirect("review_list")
    return _bulk_page(request, action, rows)


def _bulk_page(request: Request, action: str, rows: list[Nomination]) -> HttpResponse:
    """What the step would change; after a refusal as things are now, with the reason that was typed."""
    context = {
        "action": action,
        "step": flow.NOMINATION[action],
        "preview": queries.preview(action, rows, request.user),
        "note": request.POST.get("note", ""),
    }
    return render(request, "awards/review/bulk.html", context)


def _do_bulk(request: Request, action: str) -> HttpResponse:
    versions: dict[int, int] = {}
    try:
        versions = seen.versions(request, "seen", BULK_MOST)
        rows = list(review.queue(request.user).filter(pk__in=versions).select_related("unit", "desk", "submission"))
        moved = flow.move(action, rows, by=request.user, note=request.POST.get("note", "")[:2000], versions=versions)
        words = ngettext("Đã chuyển %(n)s hồ sơ.", "Đã chuyển %(n)s hồ sơ.", len(moved)) % {"n": grouped(len(moved))}
        messages.success(request, words)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return _bulk_page(request, action, list(review.queue(request.user).filter(pk__in=versions).for_list()))
    return redirect("review_list")


@require_http_methods(["GET", "HEAD", "POST"])
def review_release(request: Request) -> HttpResponse:
    """All drafted results on one page; the ticked ones are released together."""
    get_own_desk(request)
    if request.method == "POST":
        try:
            count = review.release(seen.versions(request, "seen", BULK_MOST), by=request.user)
            words = ngettext("Đã công bố %(n)s kết quả.", "Đã công bố %(n)s kết quả.", count) % {"n": grouped(count)}
            messages.success(request, words)
            return redirect("review_list")
        except Refused as refusal:
            refusals.tell(request, refusal)
    rows = list(review.with_draft_result(request.user).for_review_list().order_by("unit__order", "pk")[:BULK_MOST])
    return render(request, "awards/review/release.html", {"rows": rows})
