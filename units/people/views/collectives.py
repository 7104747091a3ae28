"""Collectives below a unit: found, named, joined and closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.text import grouped
from portal.web import refusals
from portal.web.paging import numbered
from portal.web.requests import Request
from units.models import Collective, Posting
from units.models.units import valid_on
from units.people import collectives
from units.people.forms import CloseForm, CollectiveFilter, EditCollectiveForm, JoinForm, NewCollectiveForm

PAGE = 25


@dataclass(frozen=True)
class CollectiveRow:
    """A collective in the list: how many belong to it today, and whether it has not ended."""

    collective: Collective
    members: int
    running: bool


@require_safe
def collective_list(request: Request) -> HttpResponse:
    user, day = request.user, today()
    if not user.staff_paths():
        raise PermissionDenied
    form = CollectiveFilter(request.GET, user=user)
    asked = form.asked
    found = Collective.objects.visible_to(user).matching(asked.get("q", ""))
    if not asked.get("closed"):
        found = found.filter(valid_on(day))
    if "unit" in asked:
        found = found.within(asked["unit"])
    page = numbered(request, found.order_by("unit__path", "name", "pk").select_related("unit"), PAGE)
    counts = Posting.objects.filter(valid_on(day), collective__in=[row.pk for row in page], person__merged_into=None)
    heads = dict(counts.values_list("collective").annotate(Count("person", distinct=True)).order_by())
    context = {
        "form": form,
        "page_obj": page,
        "rows": [CollectiveRow(c, heads.get(c.pk, 0), (c.valid_to or day) >= day) for c in page],
        "query": form.query,
        "may_add": bool(user.paths_where("keep_people")),
    }
    return render(request, "units/people/collective_list.html", context)


def _collective(request: Request, pk: int) -> Collective:
    return get_object_or_404(Collective.objects.visible_to(request.user).select_related("unit"), pk=pk)


def _kept(request: Request, pk: int) -> Collective:
    collective = _collective(request, pk)
    if not request.user.may("keep_people", collective.unit):
        raise PermissionDenied
    return collective


@require_safe
def collective_detail(request: Request, pk: int) -> HttpResponse:
    """The collective and who belongs to it today."""
    collective, day = _collective(request, pk), today()
    members = collective.postings.filter(valid_on(day), person__merged_into=None).select_related("person")
    members = members.order_by("-leads", "person__sort_key", "pk")
    context = {
        "collective": collective,
        "keeps": request.user.may("keep_people", collective.unit),
        "running": collective.exists_on(day),
        "page_obj": numbered(request, members, PAGE),
        "entries": Entry.objects.about(collective)[:PAGE],
    }
    return render(request, "units/people/collective_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def collective_new(request: Request) -> HttpResponse:
    if not request.user.paths_where("keep_people"):
        raise PermissionDenied
    initial = {"unit": request.GET.get("unit", "")[:100]}
    form = NewCollectiveForm(_data(request), by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            collective = collectives.create(form.told, by=request.user)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã thêm %s.") % collective.name)
            return redirect(collective)
    page = {"heading": _("Thêm tập thể"), "button": _("Thêm tập thể")}
    return render(request, "units/people/collective_act.html", {"form": form} | page)


@require_http_methods(["GET", "HEAD", "POST"])
def collective_edit(request: Request, pk: int) -> HttpResponse:
    collective = _kept(request, pk)
    copy = Collective.objects.get(pk=pk)  # the form writes into a copy of its own
    form = EditCollectiveForm(_data(request), instance=copy, initial={"version": collective.version})
    page = {"heading": _("Sửa tập thể"), "lead": collective.name, "button": _("Lưu")}

    def verb(told: dict[str, Any]) -> str:
        collectives.edit(collective, form.told, by=request.user, version=told["version"])
        return _("Đã lưu tập thể.")

    return _act(request, collective, form, verb, page)


@require_http_methods(["GET", "HEAD", "POST"])
def collective_close(request: Request, pk: int) -> HttpResponse:
    collective = _kept(request, pk)
    form = CloseForm(_data(request), initial={"version": collective.version})
    staying = collective.postings.filter(Q(valid_to=None) | Q(valid_to__gte=today())).count()
    page = {
        "heading": _("Kết thúc tập thể"),
        "lead": collective.name,
        "button": _("Kết thúc"),
        "words": ngettext(
            "%(count)s người đang ở tập thể này sẽ thuộc thẳng đơn vị từ ngày hôm sau; lịch sử được giữ nguyên.",
            "%(count)s người đang ở tập thể này sẽ thuộc thẳng đơn vị từ ngày hôm sau; lịch sử được giữ nguyên.",
            staying,
        )
        % {"count": grouped(staying)},
    }

    def verb(told: dict[str, Any]) -> str:
        collectives.close(collective, told["valid_to"], by=request.user, version=told["version"], reason=told["reason"])
        return _("Đã ghi ngày kết thúc của tập thể.")

    return _act(request, collective, form, verb, page)


@require_http_methods(["GET", "HEAD", "POST"])
def collective_join(request: Request, pk: int) -> HttpResponse:
    """Somebody who works in the unit belongs to the collective from a day on."""
    collective = _kept(request, pk)
    initial = {"valid_from": today(), "version": collective.version}
    form = JoinForm(_data(request), by=request.user, collective=collective, initial=initial)
    page = {"heading": _("Đưa người vào tập thể"), "lead": collective.name, "button": _("Đưa vào")}

    def verb(told: dict[str, Any]) -> str:
        person, day, document, position = (told[n] for n in ("person", "valid_from", "document", "position"))
        collectives.join(collective, person, day, document, by=request.user, version=told["version"], position=position)
        return _("Đã đưa %s vào tập thể.") % person.full_name

    return _act(request, collective, form, verb, page)


def _act(request: Request, collective: Collective, form: Any, verb: Any, page: dict[str, Any]) -> HttpResponse:
    """Ask a form about a collective and do what it says; refusals and lost races are told above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            words = verb(form.cleaned_data)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        except collectives.Overtaken:
            form.add_error(None, _("Tập thể vừa được người khác thay đổi. Hãy xem lại rồi gửi một lần nữa."))
            form.data = form.data.copy()
            form.data["version"] = Collective.objects.get(pk=collective.pk).version
        else:
            messages.success(request, words)
            return redirect(collective)
    return render(request, "units/people/collective_act.html", {"collective": collective, "form": form} | page)


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None
