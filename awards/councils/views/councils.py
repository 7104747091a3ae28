"""Councils, and who sits in them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards.councils import services
from awards.councils.forms import CouncilForm, EndForm, SeatForm
from awards.councils.views.shared import get_council
from awards.models import Council, CouncilMember
from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.web import paging, refusals, seen
from portal.web.requests import Request

PAGE = 25


@require_safe
def council_list(request: Request) -> HttpResponse:
    found = Council.objects.visible_to(request.user).select_related("unit")
    context = {
        "page_obj": paging.numbered(request, found, PAGE),
        "may_found": request.user.may_anywhere("prepare_sittings"),
    }
    return render(request, "awards/councils/council_list.html", context)


@require_safe
def council(request: Request, pk: int) -> HttpResponse:
    found = get_council(request, pk)
    context = {
        "council": found,
        "members": list(found.members_on(today())),
        "sittings": found.sittings.all()[:10],
        "keeps": request.user.may("prepare_sittings", found.unit),
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "awards/councils/council.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def council_new(request: Request) -> HttpResponse:
    units = request.user.units_where("prepare_sittings")
    if not units:
        raise PermissionDenied
    return _form(request, Council(unit=units[0], valid_from=today()))


@require_http_methods(["GET", "HEAD", "POST"])
def council_edit(request: Request, pk: int) -> HttpResponse:
    return _form(request, get_council(request, pk, kept=True))


def _form(request: Request, council: Council) -> HttpResponse:
    form = CouncilForm(request.POST if request.method == "POST" else None, instance=council, user=request.user)
    if form.is_valid():
        try:
            if council._state.adding:
                services.found(council, by=request.user)
            else:
                services.rewrite(council, by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            stored = Council.objects.get(pk=council.pk)
            form = CouncilForm(seen.again(request.POST, stored.version), instance=stored, user=request.user)
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu Hội đồng."))
            return redirect(council)
    status = 422 if form.is_bound else 200
    return render(request, "awards/councils/council_form.html", {"council": council, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def council_seat(request: Request, pk: int) -> HttpResponse:
    found = get_council(request, pk, kept=True)
    form = SeatForm(request.POST if request.method == "POST" else None, instance=CouncilMember(council=found))
    if form.is_valid():
        member = services.seat(form.instance, by=request.user)
        messages.success(request, _("Đã ghi: %s.") % member)
        return redirect(found)
    context = {"council": found, "form": form, "title": _("Thêm thành viên")}
    return render(request, "awards/councils/seat_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def council_unseat(request: Request, pk: int, member: int) -> HttpResponse:
    found = get_council(request, pk, kept=True)
    seat = get_object_or_404(found.members.filter(valid_to=None).select_related("user__person"), pk=member)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.cleaned_data["on"] < seat.valid_from:
        form.add_error("on", _("Ngày này ở trước ngày bắt đầu."))
    if form.is_valid():
        services.unseat(seat, on=form.cleaned_data["on"], by=request.user)
        messages.success(request, _("Đã ghi ngày thôi tham gia Hội đồng của %s.") % seat.user)
        return redirect(found)
    context = {"council": found, "form": form, "title": _("Thôi tham gia: %s") % seat.user}
    return render(request, "awards/councils/seat_form.html", context, status=422 if form.is_bound else 200)
