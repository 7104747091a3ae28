"""Reorganisations: written, read from a sheet, previewed, approved by a second administrator, done and undone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.days import today
from portal.files.sheets import download
from portal.files.uploads import safe_name
from portal.flow import Refused
from portal.models import Entry
from portal.signin.reauthentication import asks_again
from portal.text import fold, grouped
from portal.web import refusals, seen
from portal.web.forms.picking import key_of
from portal.web.paging import numbered
from portal.web.parameters import without
from units.access.second_person import why_dependent
from units.models import Reorganisation, Unit
from units.picking import texts_of, units_reorganised
from units.reorganisation import flow, sheet
from units.reorganisation.execute import affected_by
from units.reorganisation.forms import HeadForm, ReorganisationFilter, SheetForm, StepFormSet
from units.reorganisation.planning import plan
from units.reorganisation.preview import before_and_after

S = Reorganisation.State
PAGE = 25
OPEN_STEPS = 3  # more of them are folded, or the form of a reform is as long as forty screens of a phone
TONES = {
    S.DRAFT: "draft",
    S.SUBMITTED: "waiting",
    S.APPROVED: "waiting",
    S.EXECUTED: "approved",
    S.UNDONE: "returned",
    S.CANCELLED: "neutral",
}
MESSAGES = {
    "submit": lambda: _("Đã gửi duyệt. Một quản trị khác cần duyệt phương án."),
    "approve": lambda: _("Đã duyệt phương án."),
    "apply": lambda: _("Đã áp dụng thay đổi."),
    "return": lambda: _("Đã trả lại phương án."),
    "execute": lambda: _("Đã thực hiện phương án."),
    "undo": lambda: _("Đã hoàn tác: mọi đơn vị, vai trò và hồ sơ trở về như trước."),
    "reopen": lambda: _("Đã mở lại phương án để soạn tiếp."),
    "cancel": lambda: _("Đã hủy phương án."),
}


def _gate(request):
    if not request.user.may_anywhere("reorganise"):
        raise Http404


def _found(request, pk, draft=False):
    """The reorganisation, if the person administers its scope; to write in it, it must be a draft."""
    visible = Reorganisation.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("unit", "by__person", "approved_by__person"), pk=pk)
    if draft and found.state != S.DRAFT:
        raise PermissionDenied
    return found


@require_safe
def reorganisation_list(request):
    _gate(request)
    form = ReorganisationFilter(request.GET)
    page = numbered(request, form.narrow(Reorganisation.objects.visible_to(request.user)).for_list(), PAGE)
    context = {"page_obj": page, "rows": [(row, TONES[row.state]) for row in page]}
    context |= {"query": without(request.GET, "page"), "form": form}
    return render(request, "units/reorganisation/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_new(request):
    _gate(request)
    form = HeadForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        made = flow.create(by=request.user, **form.cleaned_data)
        messages.success(request, _("Đã tạo phương án. Hãy ghi các bước hoặc tải lên từ bảng tính."))
        return redirect(made)
    return render(request, "units/reorganisation/head.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_edit(request, pk):
    found = _found(request, pk, draft=True)
    version = found.version
    form = HeadForm(request.POST or None, instance=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = flow.write_head(found, by=request.user, version=seen.version(request), **form.cleaned_data)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(saved)
    return render(request, "units/reorganisation/head.html", {"form": form, "found": found, "version": version})


@require_safe
def reorganisation_detail(request, pk):
    found = _found(request, pk)
    steps = flow.REORGANISATION.open_to(request.user, found)
    dependent = why_dependent(request.user, of=flow.drafters(found)) if "approve" in [s.name for s in steps] else ""
    objections = list(flow.objections(found)) if found.state in (S.DRAFT, S.SUBMITTED, S.APPROVED) else []
    page = numbered(request, found.steps.all(), PAGE)
    context = {
        "found": found,
        "tone": TONES[found.state],
        "objections": objections,
        "page_obj": page,
        "flow_steps": [step for step in steps if step.name != "approve" or not dependent],
        "dependent": dependent,
        "entries": Entry.objects.about(found)[:50],
        "waits": found.state == S.SUBMITTED and request.user.pk in flow.drafters(found),
    }
    return render(request, "units/reorganisation/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_steps(request, pk):
    """The steps as rows, a page at a time; what is typed is kept on the page until it can be saved."""
    found = _found(request, pk, draft=True)
    page = numbered(request, found.steps.all(), PAGE)
    texts = texts_of([code for step in page for code in (*step.sources, step.parent_code)])
    units = units_reorganised(request.user, key_of(found))[0]
    told = {"prefix": "step", "form_kwargs": {"units": units, "plan": key_of(found), "texts": texts}}
    if request.method != "POST":
        formset = StepFormSet(queryset=found.steps.filter(pk__in=[step.pk for step in page]), **told)
    else:
        formset = StepFormSet(request.POST, queryset=found.steps.all(), **told)
        if formset.is_valid():
            kept = formset.save(commit=False)
            removed = [step.pk for step in formset.deleted_objects]
            try:
                flow.write_steps(
                    found,
                    by=request.user,
                    version=seen.version(request),
                    kept=[step for step in kept if step.pk not in removed],
                    removed=removed,
                )
            except Refused as refusal:
                refusals.tell(request, refusal)
            else:
                messages.success(request, _("Đã lưu các bước."))
                return redirect(found)
    context = {"found": found, "formset": formset, "page_obj": page, "folded": len(page) > OPEN_STEPS}
    return render(request, "units/reorganisation/steps.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_upload(request, pk):
    """All steps anew from a sheet; where there is one problem nothing is changed."""
    found = _found(request, pk, draft=True)
    form = SheetForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        reading = sheet.read(file)
        problems = reading.problems
        if not problems:
            try:
                flow.replace_steps(
                    found,
                    reading.steps,
                    by=request.user,
                    version=seen.version(request),
                    note=safe_name(file.name),
                )
            except Refused as refusal:
                problems = refusal.objections
            else:
                messages.success(request, _("Đã nạp %s bước từ bảng tính.") % grouped(len(reading.steps)))
                for words in reading.notes:
                    messages.info(request, words)
                return redirect(found)
    shown = {"problems": problems[:200], "more": max(0, len(problems) - 200)}
    return render(request, "units/reorganisation/upload.html", {"found": found, "form": form} | shown)


@require_safe
def reorganisation_template(request):
    _gate(request)
    return download(sheet.workbook(), "mau-phuong-an-sap-xep.xlsx")


@require_safe
def reorganisation_sheet(request, pk):
    found = _found(request, pk)
    return download(sheet.workbook(found.steps.all()), f"{fold(found.title).replace(' ', '-')[:60]}.xlsx")


@require_safe
def reorganisation_preview(request, pk):
    """The tree before and after, and what hangs on the units that end."""
    found = _found(request, pk)
    if found.state in (S.EXECUTED, S.UNDONE, S.CANCELLED):
        raise Http404
    units = list(Unit.objects.all())
    outcome = plan(units, found.steps.all(), found.effective_on, within=found.unit)
    before, after = before_and_after(units, outcome, found.effective_on)
    context = {
        "found": found,
        "before": before,
        "after": after,
        "outcome": outcome,
        "objections": outcome.objections,
        "affected": affected_by(outcome.ended),
        "today": today(),
    }
    return render(request, "units/reorganisation/preview.html", context)


@asks_again
@require_POST
def reorganisation_step(request, pk, step):
    """One move of the table; what was approved when its day had come is done at once."""
    found = _found(request, pk)
    try:
        found = flow.REORGANISATION.take(
            step,
            found,
            by=request.user,
            note=request.POST.get("note", "")[:2000],
            version=seen.version(request),
        )
        messages.success(request, MESSAGES[step]())
        if step == "approve" and found.due:
            flow.REORGANISATION.take("execute", found, by=request.user, version=found.version)
            messages.success(request, MESSAGES["execute"]())
    except Refused as refusal:
        refusals.tell(request, refusal)
        if step == "execute":
            flow.fall_back(found)
    return redirect("reorganisation_detail", pk=pk)
