"""Sittings: prepared, led through their steps, read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.councils import agenda, queries, results, services
from awards.councils.flow import SITTING, no_quorum
from awards.councils.forms import AgendaForm, AttendanceForm, CountsForm, MinutesForm, SittingFilter, SittingForm
from awards.councils.papers import papers_of
from awards.councils.views.shared import get_sitting
from awards.models import Council, Nomination, Sitting, SittingFile
from portal.files import stored
from portal.flow import Refused
from portal.models import Entry
from portal.papers.services import links
from portal.signin.reauthentication import asks_again
from portal.text import grouped
from portal.web import paging, refusals, seen
from portal.web.requests import Request

PAGE = 25
WAITING = 300  # nominations offered at once
S = Sitting.State


@require_safe
def sitting_list(request: Request) -> HttpResponse:
    form = SittingFilter(request.GET)
    found = form.narrow(Sitting.objects.visible_to(request.user), request.user)
    page = paging.paginate(request, found, Sitting.objects.for_page(), ("starts_at", "pk"), PAGE)
    context = {
        "form": form,
        "page": page,
        "rows": [(sitting, queries.tone(sitting)) for sitting in page.rows],
        "query": form.query,
        "may_prepare": Council.objects.filter(unit__in=request.user.units_where("prepare_sittings")).exists(),
    }
    return render(request, "awards/councils/sitting_list.html", context)


@require_safe
def sitting(request: Request, pk: int) -> HttpResponse:
    """The sitting for whoever may see it: nothing on it depends on a choice before the ballot is closed."""
    found = get_sitting(request, pk)
    user = request.user
    closed = found.state == S.CLOSED
    prepares = user.may("prepare_sittings", found.unit)
    before = found.state in Sitting.BEFORE
    lines = queries.lines(
        found, votes=closed and found.ballot == Sitting.Ballot.OPEN, questions=prepares and not closed
    )
    members = list(found.members.select_related("user__person"))
    mine = next((m for m in members if m.user_id == user.pk and user.may("sit_in_council", found.unit)), None)
    holders = queries.holders(found) if before or found.secret else []
    undecided = len(results.undecided(found)) if closed and mine and mine.presides else 0
    context = {
        "sitting": found,
        "tone": queries.tone(found),
        "lines": lines,
        "shares": queries.leaders_shares(lines) if before or found.state == S.OPEN else [],
        "members": members,
        "mine": mine,
        "turnout": sum(member.voted for member in members),
        "there": sum(member.attendance != "absent" for member in members),
        "quorum": no_quorum(found) if before else "",
        "holders": holders,
        "holds": next((h for h in holders if h.member.user_id == user.pk), None),
        "before": before,
        "prepares": prepares and before,
        "undecided": undecided,
        "files": found.files.filter(removed_at=None),
        "minutes_form": MinutesForm() if prepares and found.state != S.CANCELLED else None,
        "steps": queries.buttons(found, user),
        "papers": links(found, papers_of(found)),
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "awards/councils/sitting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_new(request: Request) -> HttpResponse:
    if not request.user.may_anywhere("prepare_sittings"):
        raise PermissionDenied
    return _form(request, Sitting())


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_edit(request: Request, pk: int) -> HttpResponse:
    return _form(request, get_sitting(request, pk, prepared=True))


def _form(request: Request, sitting: Sitting) -> HttpResponse:
    form = SittingForm(request.POST if request.method == "POST" else None, instance=sitting, user=request.user)
    if form.is_valid():
        try:
            if sitting._state.adding:
                saved = services.prepare(sitting, by=request.user)
            else:
                saved = services.write(sitting, by=request.user, version=form.cleaned_data["version"])
        except Refused as refusal:
            now = Sitting.objects.for_page().get(pk=sitting.pk)
            form = SittingForm(seen.again(request.POST, now.version), instance=now, user=request.user)
            refusals.tell(request, refusal, form)
        else:
            messages.success(request, _("Đã lưu phiên họp."))
            return redirect(saved)
    status = 422 if form.is_bound else 200
    return render(request, "awards/councils/sitting_form.html", {"sitting": sitting, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_agenda(request: Request, pk: int) -> HttpResponse:
    """Which of the waiting nominations come before the sitting."""
    found = get_sitting(request, pk, prepared=True)
    rows = agenda.waiting_for(found.council)
    waiting = paging.first(rows, Nomination.objects.for_lines("name_key"), ("award", "name_key", "pk"), WAITING)
    form = AgendaForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if form.is_valid():
        data = form.cleaned_data
        try:
            count = services.add_items(found, data["nomination"], by=request.user, version=data["version"])
            words = ngettext("Đã đưa %s đề nghị vào chương trình.", "Đã đưa %s đề nghị vào chương trình.", count)
            messages.success(request, words % grouped(count))
            return redirect("sitting_agenda", pk)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
    context = {"sitting": found, "form": form, "waiting": waiting, "lines": queries.lines(found), "most": WAITING}
    return render(request, "awards/councils/agenda.html", context, status=422 if form.is_bound else 200)


@require_POST
def sitting_take_off(request: Request, pk: int, item: int) -> HttpResponse:
    found = get_sitting(request, pk, prepared=True)
    row = get_object_or_404(found.items.select_related("sitting", "nomination__person"), pk=item)
    try:
        services.take_off(row, by=request.user, version=seen.version(request))
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("sitting_agenda", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_attendance(request: Request, pk: int) -> HttpResponse:
    """Who is there."""
    found = get_sitting(request, pk, prepared=True)
    members = list(found.members.select_related("user__person"))
    initial = {"version": found.version}
    form = AttendanceForm(request.POST if request.method == "POST" else None, members=members, initial=initial)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.note_attendance(found, form.told(), by=request.user, version=version)
            messages.success(request, _("Đã ghi dự họp."))
            return redirect(found)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
    context = {"sitting": found, "form": form}
    return render(request, "awards/councils/attendance.html", context, status=422 if form.is_bound else 200)


@asks_again(when=lambda request, pk, step: step.startswith(("open", "close")))
@require_POST
def sitting_step(request: Request, pk: int, step: str) -> HttpResponse:
    found = get_sitting(request, pk)
    try:
        note = request.POST.get("note", "")[:1000]
        services.take(step, found, by=request.user, version=seen.version(request), note=note)
        messages.success(request, _("Đã thực hiện: %s.") % SITTING[step].label)
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect(found)


@require_POST
def sitting_attach(request: Request, pk: int) -> HttpResponse:
    found = get_sitting(request, pk, prepared=True)
    form = MinutesForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ValidationError([str(text) for texts in form.errors.values() for text in texts])
        services.attach(found, stored.look_into(form.cleaned_data["file"]), by=request.user)
        messages.success(request, _("Đã đính kèm tệp."), extra_tags="file")
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text, extra_tags="file")
    return redirect(f"{found.get_absolute_url()}#minutes")


@require_safe
def sitting_file(request: Request, pk: int) -> FileResponse:
    seen_by = SittingFile.objects.filter(sitting__in=Sitting.objects.visible_to(request.user))
    return stored.serve(get_object_or_404(seen_by, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_counts(request: Request, pk: int) -> HttpResponse:
    """The counts of a ballot on paper."""
    found = get_sitting(request, pk, prepared=True)
    if found.state != S.INVITED:
        messages.info(request, _("Chỉ ghi kết quả trên giấy sau khi đã mời họp và trước khi có kết quả."))
        return redirect(found)
    lines = queries.lines(found)
    sent = request.POST if request.method == "POST" else None
    form = CountsForm(sent, items=[line.item for line in lines], initial={"version": found.version})
    if form.is_valid():
        try:
            services.enter_counts(found, form.counts(), by=request.user, version=form.cleaned_data["version"])
            messages.success(request, _("Đã ghi kết quả kiểm phiếu."))
            return redirect(found)
        except Refused as refusal:
            refusals.tell(request, refusal, form)
    context: dict[str, Any] = {"sitting": found, "form": form}
    return render(request, "awards/councils/counts.html", context, status=422 if form.is_bound else 200)


@require_POST
def sitting_again(request: Request, pk: int) -> HttpResponse:
    """The chair has what missed its share voted on once more."""
    found = get_sitting(request, pk)
    try:
        again = services.second_round(found, by=request.user)
    except Refused as refusal:
        refusals.tell(request, refusal)
        return redirect(found)
    messages.success(request, _("Đã lập phiên bỏ phiếu lần hai. Hãy xem lại ngày, giờ rồi mời họp."))
    return redirect(again)


@require_POST
def sitting_conclude(request: Request, pk: int) -> HttpResponse:
    """The chair ends what missed its share."""
    found = get_sitting(request, pk)
    try:
        count = services.conclude(found, by=request.user)
        words = ngettext("Đã kết luận không thông qua %s đề nghị.", "Đã kết luận không thông qua %s đề nghị.", count)
        messages.success(request, words % grouped(count))
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect(found)
