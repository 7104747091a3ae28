"""Likely duplicates: shown side by side, confirmed or set apart by a person, and taken apart again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.flow import Refused
from portal.signin.reauthentication import asks_again
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.requests import Request
from units.models import Person, PersonMerge
from units.people import duplicates, privacy, services
from units.people.forms import MergeForm, ReasonForm, WithForm

PAGE, COUNTED = 20, 1000
OVERTAKEN = gettext_lazy("Hồ sơ vừa được người khác thay đổi. Hãy xem lại rồi quyết định.")


@require_safe
def duplicate_list(request: Request) -> HttpResponse:
    user = request.user
    if not user.paths_where("keep_people"):
        raise PermissionDenied
    year_known = request.GET.get("years") != "unknown"
    found = duplicates.candidates(user, year_known=year_known)
    page = numbered(request, found, PAGE, total=found.order_by()[: COUNTED + 1].count())
    pairs = [
        (person, [(twin, duplicates.likeness(person, twin)) for twin in twins])
        for person, twins in duplicates.with_twins(list(page.object_list), user, year_known=year_known)
    ]
    context = {
        "page_obj": page,
        "pairs": pairs,
        "year_known": year_known,
        "query": "" if year_known else "years=unknown",
    }
    return render(request, "units/people/duplicate_list.html", context)


def _pair(request: Request, pk: int, other: int) -> tuple[Person, Person]:
    """Both records, for who keeps both."""
    both = privacy.records(request.user).select_related("user")
    pair = get_object_or_404(both, pk=pk), get_object_or_404(both, pk=other)
    if pk == other or not all(privacy.keeps(request.user, person) for person in pair):
        raise PermissionDenied
    return pair


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_compare(request: Request, pk: int, other: int) -> HttpResponse:
    """Two records side by side; a person decides which one stays, and says why."""
    pair = _pair(request, pk, other)
    form = MergeForm(request.POST if request.method == "POST" else None, pair=pair)
    if request.method == "POST" and form.is_valid():
        kept, gone, versions = form.told
        try:
            duplicates.merge(kept, gone, by=request.user, versions=versions, note=form.cleaned_data["reason"])
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        except services.EditConflict:
            messages.warning(request, OVERTAKEN)
            return redirect("duplicate_compare", pk, other)
        else:
            messages.success(request, _("Đã gộp hai hồ sơ. Có thể tách lại ở trang hồ sơ này."))
            return redirect(kept)
    prefetch_related_objects(pair, "postings__unit", "postings__collective", "statuses")
    for person in pair:
        privacy.note_view(request.user, person, privacy.FIELDS)
    context = {"pair": pair, "form": form, "likeness": duplicates.likeness(*pair)}
    return render(request, "units/people/duplicate_compare.html", context)


@require_POST
def duplicate_apart(request: Request, pk: int, other: int) -> HttpResponse:
    """These are two people: the pair is not shown again."""
    one, two = _pair(request, pk, other)
    try:
        versions = seen.version(request, "one"), seen.version(request, "two")
        duplicates.set_apart(one, two, by=request.user, versions=versions)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect("duplicate_compare", pk, other)
    except services.EditConflict:
        messages.warning(request, OVERTAKEN)
        return redirect("duplicate_compare", pk, other)
    words = _("Đã ghi nhớ: %(one)s và %(two)s là hai người khác nhau.")
    messages.success(request, words % {"one": one.full_name, "two": two.full_name})
    return redirect("duplicate_list")


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_with(request: Request, pk: int) -> HttpResponse:
    """Name the other record by its staff code, when the machine did not find it."""
    person = get_object_or_404(privacy.records(request.user), pk=pk)
    if not privacy.keeps(request.user, person):
        raise PermissionDenied
    form = WithForm(request.POST if request.method == "POST" else None, by=request.user, person=person)
    if request.method == "POST" and form.is_valid():
        return redirect("duplicate_compare", pk, form.cleaned_data["other"].pk)
    page = {
        "heading": _("Gộp với hồ sơ khác của cùng một người"),
        "lead": _("Hai hồ sơ sẽ được đặt cạnh nhau; chưa có gì thay đổi cho đến khi đồng chí xác nhận."),
        "button": _("So sánh"),
    }
    return render(request, "units/people/act.html", {"person": person, "form": form} | page)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def merge_undo(request: Request, pk: int) -> HttpResponse:
    """Take a merge apart: what went over goes back."""
    done = get_object_or_404(PersonMerge.objects.select_related("kept", "gone"), pk=pk)
    person = get_object_or_404(privacy.records(request.user), pk=done.kept_id)
    if not privacy.keeps(request.user, person):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": person.version})
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            gone = duplicates.undo(done, by=request.user, note=told["reason"], version=told["version"])
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        except services.EditConflict as conflict:
            form.add_error(None, OVERTAKEN)
            data = request.POST.copy()
            data["version"] = conflict.theirs.version
            form.data = data
        else:
            messages.success(request, _("Đã tách lại hồ sơ %s.") % gone.full_name)
            return redirect(gone)
    page = {
        "heading": _("Tách lại hồ sơ đã gộp"),
        "lead": f"{done.gone.full_name} · {done.gone.staff_code}",
        "button": _("Tách lại"),
        "objections": duplicates.undo_objections(done),
    }
    return render(request, "units/people/act.html", {"person": person, "form": form} | page)
