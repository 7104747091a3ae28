"""A unit's plan: written, sent, read, compared, commented."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import content, flow, rules
from campaigns.answering import take_answer
from campaigns.models import Attachment, Campaign, Comment, Plan
from campaigns.plans import earlier, editing, talk
from campaigns.plans.forms import AttachForm, CommentForm, TakeOverForm, WholePlanForm
from campaigns.remarks import Thread, threads
from portal.files import stored
from portal.flow import EditConflict, Refused
from portal.models import Entry
from portal.models.trail import record
from portal.papers.services import links
from portal.sittings import last_edit
from portal.web import autosave, refusals, seen, typed_notes
from portal.web.middleware import keeps_text, typed_before
from portal.web.parameters import number
from portal.web.requests import Request
from units.models import Unit


def _plan(request, pk) -> Plan:
    """The plan, a draft too, if the person reads for its unit or for one above."""
    plans = Plan.objects.visible_to(request.user).whole()
    return get_object_or_404(plans, pk=pk)


def _editable(request, pk) -> Plan:
    plan = _plan(request, pk)
    if not flow.may_draft(request.user, plan):
        raise PermissionDenied
    return plan


@require_POST
def plan_begin(request, pk):
    """Open the plan of one's unit, and make it if there is none."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    mine = Unit.objects.filter(pk__in=[u.pk for u in request.user.units_where("draft_plans")])
    unit = get_object_or_404(mine, pk=number(request.POST.get("unit")))
    try:
        plan = flow.begin(campaign, unit, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect("home")
    return redirect("plan_edit" if plan.editable else "plan_detail", pk=plan.pk)


@require_safe
def plan_detail(request, pk):
    plan = _plan(request, pk)
    shown = content.lines(content.snapshot(plan))
    every = list(plan.comments.all())
    reviewing = flow.may_review(request.user, plan)
    entries = list(_history(plan, reviewing)[:50])
    if not reviewing and plan.state == Plan.State.SUBMITTED:
        every = [c for c in every if c.round < plan.round]  # what is being written is not for the unit yet
    comments = threads(every)
    context = {
        "plan": plan,
        "campaign": plan.campaign,
        "sections": [
            {"key": key, "heading": heading, "text": text, "comments": _at(key, comments)}
            for key, (heading, text) in shown.items()
            if key in ("theme", "organising")
        ],
        "areas": _areas(plan, comments),
        "attachments": [a for a in plan.attachments.all() if a.removed_at is None],
        "file_comments": _at("attachments", comments),
        "talks": reviewing or flow.may_draft(request.user, plan),
        "steps": flow.PLAN.open_to(request.user, plan),
        "may_edit": plan.editable and flow.may_draft(request.user, plan),
        "reviewing": reviewing,
        "objections": list(rules.plan_objections(plan)) if _about_to_send(request.user, plan) else [],
        "versions": list(plan.versions.select_related("by__person")),
        "last_return": Entry.objects.about(plan).filter(verb="return").first()
        if plan.state == Plan.State.RETURNED
        else None,
        "handed_back": _handed_back(plan),
        "entries": entries,
        "last_edit": next((e for e in entries if e.verb in WRITING), None),
        "manages": flow.may_manage(request.user, plan.campaign),
        "papers": links(plan, ("plan",)),
    }
    return render(request, "campaigns/plans/detail.html", context)


def _handed_back(plan) -> Entry | None:
    """What the head said who handed it back, until it is put before the head again or sent."""
    last = Entry.objects.about(plan).filter(verb__in=("hand_back", "put_to_head", "submit", "resubmit")).first()
    return last if last and last.verb == "hand_back" else None


WRITING = ("create", "edit", "attach", "detach")  # what changes a plan, and is no step of it


def _history(plan, reviewing):
    """The trail of the plan; comments stand at their fields, where the unit reads them once the plan is returned."""
    entries = Entry.objects.about(plan)
    return entries if reviewing else entries.exclude(verb="comment")


def _about_to_send(user, plan) -> bool:
    return plan.editable and flow.may_draft(user, plan)


def _at(key: str, comments: list[Thread]) -> list[Thread]:
    return [thread for thread in comments if thread.remark.field == key]


def _areas(plan, comments):
    notes = {n.area_id: n.reason for n in plan.area_notes.all()}
    rows = {}
    for commitment in plan.promises():
        rows.setdefault(commitment.area_id, []).append(commitment)
    return [
        {
            "key": f"area-{area.pk}",
            "area": area,
            "commitments": rows.get(area.pk, []),
            "reason": notes.get(area.pk, ""),
            "comments": _at(f"area-{area.pk}", comments),
        }
        for area in plan.campaign.areas.all()
    ]


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request, pk):
    plan = _editable(request, pk)
    if not plan.editable:
        messages.info(request, editing.CLOSED)
        return redirect(plan)
    typed = request.POST if request.method == "POST" else typed_before(request)
    if typed and request.method == "GET":
        messages.warning(
            request, _("Phiên đã hết hạn trước khi lưu. Nội dung vừa nhập còn ở dưới: hãy bấm «Lưu bản nháp».")
        )
    form = WholePlanForm(plan, typed, blank_in=number(request.GET.get("add")))
    conflict, kept = None, False
    if request.method == "POST" and form.sound():
        try:
            plan = flow.write(plan, by=request.user, tab=seen.tab(request), **form.content())
        except EditConflict as clash:
            conflict = _conflict(form, clash)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect(plan)
        else:
            if form.is_valid():
                return _after_saving(request, plan)
            kept, form.head.data = True, seen.again(request.POST, plan.version)
    context = _form_context(request, plan, form, conflict) | {"kept": kept}
    return render(request, "campaigns/plans/form.html", context)


def _after_saving(request, plan):
    if add := number(request.POST.get("add")):
        return redirect(f"{reverse('plan_edit', args=[plan.pk])}?add={add}#area-{add}")
    messages.success(request, _("Đã lưu bản nháp."))
    return redirect(plan)


def _conflict(form, clash):
    """Both versions beside each other; saving once more from here is done knowingly."""
    theirs = clash.theirs
    mine = form.content()
    stored = content.snapshot(theirs)
    typed = dict(stored, theme=mine["theme"], organising=mine["organising"])
    typed["areas"] = [
        dict(
            area,
            reason=mine["reasons"].get(area["id"], ""),
            commitments=[content.plain(c) for c in mine["commitments"] if c.area_id == area["id"]],
        )
        for area in stored["areas"]
    ]
    form.head.data = form.head.data.copy()
    form.head.data["version"] = theirs.version
    rows = [row for row in content.compare(stored, typed) if row.changed]
    return {"last": last_edit(theirs), "own": clash.own, "rows": rows}


def _form_context(request, plan, form, conflict):
    comments = [t for t in threads(plan.comments.all()) if t.remark.round == plan.round]
    by_field = {}
    for comment in comments:
        by_field.setdefault(comment.remark.field, []).append(comment)
    for area in form.areas:
        area.comments = by_field.get(area.key, [])
    return {
        "plan": plan,
        "campaign": plan.campaign,
        "form": form,
        "conflict": conflict,
        "takes_over": earlier.sources(plan).exists(),
        "faults": form.faults(),
        "index": form.index(),
        "attachments": [a for a in plan.attachments.all() if a.removed_at is None],
        "comments": by_field,
        "theme_comments": by_field.get("theme", []),
        "organising_comments": by_field.get("organising", []),
        "file_comments": by_field.get("attachments", []),
        "attach_form": AttachForm(),
        "last_return": Entry.objects.about(plan).filter(verb="return").first()
        if plan.state == Plan.State.RETURNED
        else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def plan_take_over(request: Request, pk: int) -> HttpResponse:
    """What another plan would bring into this draft; it is taken part by part."""
    plan = _editable(request, pk)
    if not plan.editable:
        messages.info(request, editing.CLOSED)
        return redirect(plan)
    found = list(earlier.sources(plan)[: earlier.SHOWN])
    asked = number(request.GET.get("from"))
    chosen = next((one for one in found if one.pk == asked), found[0] if len(found) == 1 else None)
    context = {"plan": plan, "campaign": plan.campaign, "sources": found, "source": chosen}
    if chosen is None:
        return render(request, "campaigns/plans/take_over.html", context)
    form = TakeOverForm(request.POST if request.method == "POST" else None, plan=plan, source=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            plan = earlier.take_over(plan, chosen, by=request.user, **form.content())
        except Refused as refusal:
            refusals.tell(request, refusal, form)
        except EditConflict:
            messages.error(request, _("Bản nháp vừa được sửa ở nơi khác. Hãy xem lại rồi chọn một lần nữa."))
            return redirect(request.get_full_path())
        else:
            messages.success(request, _("Đã lấy vào bản nháp. Hãy xem lại từng mục cho đúng với năm nay."))
            return redirect("plan_edit", plan.pk)
    return render(request, "campaigns/plans/take_over.html", context | {"form": form})


@require_POST
def plan_example(request: Request, pk: int) -> HttpResponse:
    """Let other units take this plan over, or no longer."""
    plan = _plan(request, pk)
    shown = request.POST.get("example") == "1"
    try:
        earlier.show_as_example(plan, shown, by=request.user, version=seen.version(request))
    except Refused as refusal:
        refusals.tell(request, refusal)
    except EditConflict:
        messages.error(request, _("Kế hoạch vừa được thay đổi. Hãy xem lại."))
    else:
        messages.success(request, _("Đã đưa làm bản mẫu cho các đơn vị.") if shown else _("Không còn là bản mẫu."))
    return redirect(plan)


@require_POST
def plan_autosave(request, pk):
    """Keep what is being typed; answers as portal.js expects."""
    plan = _editable(request, pk)
    form = WholePlanForm(plan, request.POST)
    if not form.sound():
        return autosave.refusal(form.faults())
    typed, tab = form.content(), seen.tab(request)
    return autosave.answer(
        lambda: flow.write(plan, by=request.user, tab=tab, **typed),
        reverse("plan_edit", args=[pk]),
        form.faults(),
        index=lambda saved: WholePlanForm(_editable(request, pk)).index(),
    )


@require_POST
def plan_step(request, pk, step):
    plan = _plan(request, pk)
    try:
        plan = flow.PLAN.take(
            step,
            plan,
            by=request.user,
            note=request.POST.get("note", "")[:2000],
            version=seen.version(request),
        )
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(plan)
    messages.success(request, MESSAGES[step](plan))
    return redirect(plan)


MESSAGES = {
    "submit": lambda plan: _("Đã gửi kế hoạch tới %s. Đơn vị sẽ được báo khi có kết quả.") % plan.desk.label,
    "resubmit": lambda plan: _("Đã gửi lại kế hoạch (lần %s).") % plan.round,
    "withdraw": lambda plan: _("Đã rút lại; kế hoạch trở về bản nháp."),
    "take_up": lambda plan: _("Đã nhận xem xét kế hoạch của %s.") % plan.unit.label,
    "approve": lambda plan: _("Đã duyệt kế hoạch của %s.") % plan.unit.label,
    "return": lambda plan: _("Đã trả lại kế hoạch của %s.") % plan.unit.label,
    "reopen": lambda plan: _("Đã mở lại kế hoạch của %s; kế hoạch chờ duyệt lại.") % plan.unit.label,
    "put_to_head": lambda plan: _("Đã trình thủ trưởng đơn vị."),
    "hand_back": lambda plan: _("Đã chuyển lại cán bộ kèm ý kiến."),
    "take_back": lambda plan: _("Đã lấy lại từ thủ trưởng."),
}


@require_safe
def plan_compare(request, pk):
    plan = _plan(request, pk)
    versions = {v.number: v for v in plan.versions.select_related("by__person")}
    if len(versions) < 2:
        messages.info(request, _("Chưa có hai lần gửi để so sánh."))
        return redirect(plan)
    right = versions.get(number(request.GET.get("b")), versions[max(versions)])
    left = versions.get(number(request.GET.get("a")), versions[max(n for n in versions if n != right.number)])
    return render(
        request,
        "campaigns/plans/compare.html",
        {
            "plan": plan,
            "campaign": plan.campaign,
            "versions": list(versions.values()),
            "left": left,
            "right": right,
            "rows": content.compare(left.content, right.content),
        },
    )


@require_POST
@transaction.atomic
def plan_comment(request, pk):
    """A reviewer's word at a field, kept with the round of the submission."""
    plan = _plan(request, pk)
    if not flow.may_review(request.user, plan):
        raise PermissionDenied
    places = [(key, heading) for key, (heading, _text) in content.lines(content.snapshot(plan)).items()]
    form = CommentForm(request.POST, places=places)
    if form.is_valid():
        comment = form.save(commit=False)
        comment.plan, comment.round, comment.by = plan, plan.round, request.user
        comment.save()
        record(plan, "comment", by=request.user, changes={dict(places)[comment.field]: ["", comment.text]})
        messages.success(request, _("Đã ghi góp ý."))
    else:
        typed_notes.keep(request, "text", about=request.POST.get("field", ""))
        for texts in form.errors.values():
            messages.error(request, " ".join(texts))
    return redirect(f"{plan.get_absolute_url()}#{request.POST.get('field', '')[:40]}")


@require_POST
def plan_comment_answer(request: Request, pk: int) -> HttpResponse:
    """The unit or the desk answers a comment, or says whether it is done."""
    seen_plans = Plan.objects.visible_to(request.user)
    comments = Comment.objects.filter(plan__in=seen_plans, answers=None).select_related(
        "plan__unit", "plan__desk", "plan__campaign", "by__person"
    )
    comment = get_object_or_404(comments, pk=pk)
    take_answer(request, comment, answer=talk.answer, settle=talk.settle)
    return redirect(f"{comment.plan.get_absolute_url()}#{comment.field}")


@require_POST
def plan_attach(request, pk):
    plan = _editable(request, pk)
    form = AttachForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["file"])
        editing.attach(plan, form.cleaned_data["file"], by=request.user)
        messages.success(request, _("Đã đính kèm tệp."), extra_tags="file")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text, extra_tags="file")
    return redirect(f"{reverse('plan_edit', args=[plan.pk])}#attachments")


@require_safe
def attachment_file(request, pk):
    files = Attachment.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    found = get_object_or_404(files, pk=pk)
    return stored.serve(found)


@require_POST
def attachment_remove(request, pk):
    files = Attachment.objects.filter(plan__in=Plan.objects.visible_to(request.user), removed_at=None)
    found = get_object_or_404(files.select_related("plan__campaign", "plan__unit"), pk=pk)
    editing.detach(found, by=request.user)
    messages.success(request, _("Đã gỡ tệp khỏi bản nháp."))
    return redirect(f"{reverse('plan_edit', args=[found.plan_id])}#attachments")
