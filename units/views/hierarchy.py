"""The hierarchy as of any day, a unit's page, and the right to submit lent for a period."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units import rights
from units.days import today
from units.forms import DelegationForm, TreeForm
from units.models import Entry, Membership, Succession, Unit
from units.models.units import Kind, valid_on

PAGE = 50


@require_GET
def unit_tree(request):
    form = TreeForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    day, words = asked.get("on") or today(), asked.get("q") or ""
    units = Unit.objects.as_of(day)
    context = {"form": form if form.is_bound else TreeForm(initial={"on": day}), "day": day, "words": words}
    if words:
        context["page_obj"] = Paginator(units.matching(words).select_related("parent"), PAGE).get_page(
            request.GET.get("page")
        )
        query = request.GET.copy()
        query.pop("page", None)
        context["query"] = query.urlencode()
    else:
        context |= _tree(list(units))
    return render(request, "units/tree.html", context)


def _tree(units: list[Unit]) -> dict:
    """The roots with their children by kind; `below` of a unit is its own branch. One query made it all."""
    below: dict[int | None, list[Unit]] = {}
    known = {u.pk for u in units}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    for unit in units:
        unit.branch = _by_kind(below.get(unit.pk, []))
    totals: dict[str, int] = {}
    for unit in units:
        totals[unit.kind] = totals.get(unit.kind, 0) + 1
    return {
        "roots": below.get(None, []),
        "totals": [(Kind(kind).label, count) for kind, count in totals.items()],
        "total": len(units),
    }


def _by_kind(units: list[Unit]) -> list[tuple[str, list[Unit]]]:
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.kind, []).append(unit)
    return [(str(Kind(kind).label), members) for kind, members in groups.items()]


@require_GET
def unit_detail(request, pk):
    """The hierarchy is open to all who sign in; who holds or held a role, to those who read or administer there."""
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    administers = request.user.administers(unit)
    reads = administers or Unit.objects.visible_to(request.user).filter(pk=pk).exists()
    day = today()
    context = {
        "unit": unit,
        "day": day,
        "exists": unit.exists_on(day),
        "above": Unit.objects.filter(path__in=_paths_above(unit.path)).order_by("path"),
        "before": Succession.objects.filter(successor=unit).select_related("predecessor"),
        "after": Succession.objects.filter(predecessor=unit).select_related("successor"),
        "children": unit.children.filter(valid_on(min(day, unit.valid_to or day)))[:PAGE],
        "memberships": unit.memberships.in_force(day).select_related("user__person", "delegated_by__person")
        if reads
        else [],
        "reads": reads,
        "may_delegate": rights.may_delegate(request.user, unit),
        "administers": administers,
        "entries": Entry.objects.about(unit)[:50],
    }
    return render(request, "units/unit_detail.html", context)


def _paths_above(path: str) -> list[str]:
    codes = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]


@require_http_methods(["GET", "POST"])
def delegate(request, pk):
    """Lend the head's right over the unit; who only acts by delegation cannot lend it on."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not rights.may_delegate(request.user, unit):
        raise PermissionDenied
    form = DelegationForm(request.POST or None, unit=unit, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lent = rights.delegate(form.save(commit=False), by=request.user)
        except rights.Refused as refusal:
            for objection in refusal.objections:
                form.add_error(None, objection)
        else:
            messages.success(request, _("Đã ủy quyền cho %s.") % lent.user)
            return redirect(unit)
    given = Membership.objects.filter(unit=unit, delegated_by__isnull=False, valid_to__gte=today())
    return render(
        request,
        "units/delegate.html",
        {"unit": unit, "form": form, "given": given.select_related("user__person", "delegated_by__person")},
    )


@require_POST
def revoke(request, pk):
    """End a delegation from today on; what was done under it stands."""
    lent = get_object_or_404(
        Membership.objects.visible_to(request.user).filter(delegated_by__isnull=False).select_related("unit", "user"),
        pk=pk,
    )
    try:
        rights.end(lent, by=request.user, note=_("chấm dứt trước thời hạn"))
    except rights.Refused as refusal:
        for objection in refusal.objections:
            messages.error(request, objection)
    else:
        messages.success(request, _("Đã chấm dứt ủy quyền."))
    return redirect("delegate", pk=lent.unit_id)
