"""The tree editor on a unit's page: one change from a day on, details put right, siblings in order."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.days import today
from portal.flow import Refused
from portal.models.trail import differences, record
from portal.scope import under
from portal.signin.reauthentication import asks_again
from portal.web import refusals, seen
from portal.web.parameters import number
from units.hierarchy import offices
from units.hierarchy.forms import ChangeForm, OfficeForm, UnitForm
from units.hierarchy.views.hierarchy import CHANGES
from units.models import ReorganisationStep, Unit
from units.models.units import valid_on
from units.reorganisation import flow
from units.reorganisation.execute import affected_by, lock_hierarchy
from units.reorganisation.planning import plan

K = ReorganisationStep.Kind
OVERTAKEN = gettext_lazy("Đơn vị vừa được người khác thay đổi. Hãy xem lại rồi thực hiện.")


@asks_again(when=lambda request, pk, kind: "confirm" in request.POST)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_change(request, pk, kind):
    """Ask, show what the change would touch, then do it: at once, or on its day."""
    if kind not in ChangeForm.FIELDS:
        raise Http404
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    scope = unit if kind == K.CREATE else unit.parent
    if scope is None or not request.user.may("reorganise", scope):
        raise PermissionDenied
    form = ChangeForm(request.POST or None, kind=kind, unit=unit, by=request.user, initial=_initial(unit, kind))
    context = {"unit": unit, "kind": kind, "label": CHANGES[K(kind)], "form": form}
    context["version"] = request.POST.get("version", unit.version)  # what was seen first goes along to the last page
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        step, day = form.step(), form.cleaned_data["effective_on"]
        scope = _scope(unit, scope, step, request.user)
        outcome = plan(Unit.objects.all(), [step], day, within=scope)
        context |= {"outcome": outcome, "objections": [o.words for o in outcome.objections], "day": day}
        if not outcome.objections:
            if "confirm" in request.POST and (answer := _apply(request, form, step, unit, scope, context)):
                return answer
            context["affected"] = affected_by(outcome.ended)
            context["second"] = flow.needs_second([step], outcome.ended)
    return render(request, "units/hierarchy/change.html", context)


def _apply(request, form, step, unit, scope, context):
    try:
        with transaction.atomic():
            lock_hierarchy()
            unit.refresh_from_db(fields=["version"])
            if unit.version != seen.version(request):
                raise Refused([OVERTAKEN])
            made = flow.change(
                step,
                scope=scope,
                day=form.cleaned_data["effective_on"],
                document=form.cleaned_data["document"],
                title=f"{K(step.kind).label.capitalize()}: {step.name_vi or unit.name_vi}",
                by=request.user,
            )
    except Refused as refusal:
        context["objections"] = [getattr(o, "words", o) for o in refusal.objections]
        context["version"] = unit.version
        return None
    if made.state == made.State.SUBMITTED:
        messages.info(request, _("Đã gửi duyệt. Thay đổi chỉ có hiệu lực khi một quản trị khác duyệt."))
        return redirect(made)
    if made.state == made.State.EXECUTED:
        messages.success(request, _("Đã áp dụng thay đổi."))
    else:
        messages.success(request, _("Đã ghi; thay đổi tự có hiệu lực từ %s.") % f"{made.effective_on:%d/%m/%Y}")
    return redirect(unit)


def _initial(unit, kind):
    said = {"effective_on": today()}
    if kind == K.RENAME:
        said |= {"name_vi": unit.name_vi, "short_name": unit.short_name, "name_en": unit.name_en}
    return said


def _scope(unit, scope, step, user):
    """The unit above all that the change touches; with a new parent or an heir elsewhere it lies higher."""
    other = step.parent_code if step.kind == K.MOVE else step.code if step.kind == K.MERGE else ""
    elsewhere = Unit.objects.filter(code=other).first() if other else None
    if elsewhere is None or under(elsewhere.path, scope.path):
        return scope
    shared = [a for a, b in zip(scope.path.split("/"), elsewhere.path.split("/"), strict=False) if a == b]
    found = Unit.objects.filter(path="/".join(shared).rstrip("/") + "/").first()
    return found if found and user.may("reorganise", found) else scope  # the plan then says what lies outside


@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request, pk):
    """Put details right in place, without a new row; somebody else's edit in between is told, not overwritten."""
    unit = get_object_or_404(Unit, pk=pk)
    if not request.user.may("keep_units", unit):
        raise PermissionDenied
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        try:
            _save_details(request, form, pk)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("unit_detail", pk=pk)
    version = Unit.objects.values_list("version", flat=True).get(pk=pk)
    return render(request, "units/hierarchy/edit.html", {"unit": unit, "form": form, "version": version})


@transaction.atomic
def _save_details(request, form, pk):
    """Raises Refused where the unit is not as it was seen."""
    now = Unit.objects.select_for_update(of=("self",), no_key=True).select_related("parent").get(pk=pk)
    if now.version != seen.version(request):
        raise Refused([_("Người khác vừa sửa đơn vị này. Chưa lưu; hãy xem lại rồi bấm Lưu nếu vẫn muốn.")])
    before = {name: getattr(now, name) for name in form.fields}
    for name in form.fields:
        setattr(now, name, form.cleaned_data[name])
    if changed := differences(before, {name: getattr(now, name) for name in form.fields}):
        now.version += 1
        now.save()
        labels = {str(Unit._meta.get_field(name).verbose_name): pair for name, pair in changed.items()}
        record(now, "edit", by=request.user, changes=labels)


@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def unit_office(request, pk):
    """Who has been the emulation office of the unit, and who is from a day on."""
    unit = get_object_or_404(Unit, pk=pk)
    if not request.user.may("keep_units", unit):
        raise PermissionDenied
    form = OfficeForm(request.POST or None, unit=unit, by=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            offices.appoint(
                said["office"],
                serves=unit,
                since=said["since"],
                source=said["source"],
                by=request.user,
                version=seen.version(request),
            )
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã giao «%s» làm cơ quan thi đua.") % said["office"].label)
            return redirect("unit_office", pk=pk)
    return render(
        request, "units/hierarchy/office.html", {"unit": unit, "form": form, "offices": offices.history(unit)}
    )


@require_POST
@transaction.atomic
def unit_order(request, pk):
    """One place up or down among the siblings of its kind."""
    unit = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    if unit.parent is None or not request.user.may("keep_units", unit.parent):
        raise PermissionDenied
    lock_hierarchy()
    unit.refresh_from_db(fields=["version"])
    try:
        if unit.version != seen.version(request):
            raise Refused([OVERTAKEN])
    except Refused as refusal:
        refusals.tell(request, refusal)
        return _siblings(request, unit)
    siblings = list(Unit.objects.filter(valid_on(today()), parent=unit.parent, kind=unit.kind))
    place = next((i for i, u in enumerate(siblings) if u.pk == unit.pk), None)
    other = None if place is None else place + (-1 if request.POST.get("to") == "up" else 1)
    if other is not None and 0 <= other < len(siblings):
        orders = sorted({u.order for u in siblings})
        if len(orders) < len(siblings):  # some share a number: number them all, from the first on
            orders = list(range(orders[0], orders[0] + len(siblings)))
        siblings[place], siblings[other] = siblings[other], siblings[place]
        for sibling, order in zip(siblings, orders, strict=True):
            sibling.version += sibling.order != order
            sibling.order = order
        Unit.objects.bulk_update(siblings, ["order", "version"])
        record(unit, "order", by=request.user, changes={_("thứ tự"): [place + 1, other + 1]})
    return _siblings(request, unit)


def _siblings(request, unit):
    page = number(request.POST.get("page"), most=9999) or 1
    return redirect(f"{unit.parent.get_absolute_url()}?order=1&page={page}#u{unit.pk}")
