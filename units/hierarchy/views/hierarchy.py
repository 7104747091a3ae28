"""The hierarchy as of any day, a unit's page, and the right to submit lent for a period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.scope import inside, under
from portal.signin.reauthentication import asks_again
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.parameters import number, without
from units.access import rights
from units.hierarchy.forms import DelegationForm, TreeForm
from units.models import Membership, Reorganisation, ReorganisationStep, Unit, User
from units.models.accounts import holders, units_without_head
from units.models.units import Kind, UnitQuerySet, successions_of, valid_on

PAGE = 50
K = ReorganisationStep.Kind
CHANGES = {
    K.CREATE: gettext_lazy("Lập đơn vị trực thuộc"),
    K.RENAME: gettext_lazy("Đổi tên"),
    K.MOVE: gettext_lazy("Chuyển cấp trên"),
    K.DISSOLVE: gettext_lazy("Giải thể, sáp nhập"),
}


@require_safe
def unit_tree(request):
    form = TreeForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    day, words = asked.get("on") or today(), asked.get("q") or ""
    units = Unit.objects.as_of(day)
    reorganises = request.user.may_anywhere("reorganise")
    if headless := bool(asked.get("headless") and reorganises):
        units = units_without_head(day).filter(inside(request.user.paths_where("reorganise"), "path"))
    context = {"form": form if form.is_bound else TreeForm(initial={"on": day}), "day": day}
    context |= {"reorganises": reorganises, "listed": bool(words) or headless}
    if context["listed"]:
        context["page_obj"] = numbered(request, units.matching(words).select_related("parent"), PAGE)
        context["query"] = without(request.GET, "page")
    else:
        context |= _tree(units, day, request.GET.get("open", ""))
    return render(request, "units/hierarchy/tree.html", context)


@dataclass
class Branch:
    """A unit in the tree: how many lie directly below it on the day, and those of them that are shown, by kind."""

    unit: Unit
    below_count: int
    groups: list[tuple[str, list[Branch]]] = field(default_factory=list)


def _tree(units: UnitQuerySet, day: date, opened: str) -> dict:
    """The roots with what lies directly below, and the branch that leads to the unit asked for; the rest on demand."""
    totals: Counter[str] = Counter()
    numbers: Counter[int | None] = Counter()
    for parent, kind, count in units.order_by().values_list("parent", "kind").annotate(count=Count("pk")):
        totals[kind] += count
        numbers[parent] += count
    found = units.filter(Q(parent=None) | Q(parent__parent=None) | Q(parent__in=_way_to(opened)))
    shown = {unit.pk: Branch(unit, numbers[unit.pk]) for unit in found}
    below: dict[int | None, list[Branch]] = {}
    for branch in shown.values():
        parent = branch.unit.parent_id
        below.setdefault(parent if parent in shown else None, []).append(branch)
    for pk, branch in shown.items():
        branch.groups = _by_kind(below.get(pk, []))
    return {
        "roots": below.get(None, []),
        "totals": [(kind.label, totals[kind]) for kind in Kind if kind in totals],
        "total": totals.total(),
        "here": f"?on={day:%d/%m/%Y}",
    }


def _way_to(opened: str) -> list[int]:
    """The unit whose branch is asked for, and those above it."""
    unit = Unit.objects.filter(pk=pk).first() if (pk := number(opened)) is not None else None
    if unit is None:
        return []
    return list(Unit.objects.filter(path__in=[*_paths_above(unit.path), unit.path]).values_list("pk", flat=True))


@require_safe
def unit_branch(request, pk):
    """What lies directly below a unit, as a fragment for the tree; without scripts the tree itself opens the branch."""
    unit = get_object_or_404(Unit, pk=pk)
    form = TreeForm(request.GET)
    day = (form.cleaned_data.get("on") if form.is_valid() else None) or today()
    units = Unit.objects.as_of(day)
    numbers = dict(units.filter(parent__parent=unit).order_by().values_list("parent").annotate(Count("pk")))
    children = [Branch(child, numbers.get(child.pk, 0)) for child in units.filter(parent=unit)]
    return render(
        request, "units/hierarchy/_children.html", {"groups": _by_kind(children), "here": f"?on={day:%d/%m/%Y}"}
    )


def _by_kind(branches: list[Branch]) -> list[tuple[str, list[Branch]]]:
    groups: dict[str, list[Branch]] = {}
    for branch in branches:
        groups.setdefault(branch.unit.kind, []).append(branch)
    return [(str(Kind(kind).label), members) for kind, members in groups.items()]


@require_safe
def unit_detail(request, pk):
    """The hierarchy is open to all who sign in; who holds or held a role, to those who read or administer there."""
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    administers, reads = request.user.may("keep_units", unit), _reads(request.user, unit)
    day = today()
    changes = successions_of(unit)
    context = {
        "unit": unit,
        "day": day,
        "exists": unit.exists_on(day),
        "above": _above(unit),
        "before": [change for change in changes if change.successor_id == unit.pk],
        "after": [change for change in changes if change.predecessor_id == unit.pk],
        "page_obj": numbered(request, unit.children.filter(valid_on(min(day, unit.valid_to or day))), PAGE),
        "memberships": holders(unit, day) if reads else [],
        "reads": reads,
        "staffed": under(unit.path, *request.user.staff_paths()) and unit.exists_on(day),
        "may_delegate": rights.may_delegate(request.user, unit),
        "administers": administers,
        "ordering": "order" in request.GET and administers,
    } | _for_administrators(request.user, unit)
    return render(request, "units/hierarchy/detail.html", context)


def _reads(user: User, unit: Unit) -> bool:
    return user.may("keep_units", unit) or Unit.objects.visible_to(user).filter(pk=unit.pk).exists()


@require_safe
def unit_trail(request, pk):
    """What happened to the unit, for who reads or administers there; its page fetches it (`part`) when it is opened."""
    unit = get_object_or_404(Unit, pk=pk)
    if not _reads(request.user, unit):
        raise PermissionDenied
    template = "portal/parts/timeline.html" if "part" in request.GET else "units/hierarchy/trail.html"
    return render(request, template, {"unit": unit, "entries": Entry.objects.about(unit)[:50]})


def _for_administrators(user: User, unit: Unit) -> dict:
    """What an administrator may change here, and what is planned for the unit already."""
    if not user.may("reorganise", unit):
        return {}
    kinds = [K.CREATE] if unit.valid_to is None else []
    if kinds and unit.parent and user.may("reorganise", unit.parent):
        kinds += [K.RENAME, K.MOVE, K.DISSOLVE]
    planned = (
        Reorganisation.objects.visible_to(user)
        .naming(unit.code)
        .filter(state__in=(Reorganisation.State.SUBMITTED, Reorganisation.State.APPROVED))
    )
    return {
        "administers": True,
        "changes": [(kind.value, CHANGES[kind]) for kind in kinds],
        "planned": list(planned.order_by("effective_on")[:PAGE]),
    }


def _above(unit: Unit) -> list[Unit]:
    """The units above it, the root first; its parent has come with it."""
    if unit.parent is None or unit.parent.parent_id is None:
        return [unit.parent] if unit.parent else []
    return list(Unit.objects.filter(path__in=_paths_above(unit.path)).order_by("path"))


def _paths_above(path: str) -> list[str]:
    codes = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request, pk):
    """Lend the head's right over the unit; who only acts by delegation cannot lend it on."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if not rights.may_delegate(request.user, unit):
        raise PermissionDenied
    form = DelegationForm(request.POST or None, unit=unit, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lent = rights.delegate(form.save(commit=False), by=request.user)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã ủy quyền cho %s.") % lent.user)
            return redirect(unit)
    given = Membership.objects.filter(unit=unit, delegated_by__isnull=False, valid_to__gte=today())
    return render(
        request,
        "units/hierarchy/delegate.html",
        {
            "unit": unit,
            "form": form,
            "somebody": form.fields["user"].queryset.exists(),
            "given": given.select_related("user__person", "delegated_by__person"),
        },
    )


@asks_again
@require_POST
def revoke(request, pk):
    """End a delegation from today on; what was done under it stands."""
    lent = get_object_or_404(
        Membership.objects.visible_to(request.user).filter(delegated_by__isnull=False).select_related("unit", "user"),
        pk=pk,
    )
    try:
        rights.end(lent, by=request.user, note=_("chấm dứt trước thời hạn"), version=seen.version(request))
    except Refused as refusal:
        refusals.tell(request, refusal)
    else:
        messages.success(request, _("Đã chấm dứt ủy quyền."))
    return redirect("delegate", pk=lent.unit_id)
