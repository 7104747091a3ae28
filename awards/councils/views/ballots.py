"""The ballot paper, the keys and the count. What is sent to these pages is kept nowhere but in the encrypted sum."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards.councils import agenda, ballots, queries, record
from awards.councils.forms import NewPassphraseForm, PaperForm, PassphraseForm
from awards.councils.views.shared import get_seat, get_sitting
from awards.models import Sitting
from portal.flow import Refused
from portal.signin.reauthentication import asks_again
from portal.web import refusals
from portal.web.middleware import unechoed
from portal.web.requests import Request

PAPER_SECONDS = 30 * 60  # a long paper takes its time; the proof was given when it was opened
S = Sitting.State


@asks_again(opened=True, seconds=PAPER_SECONDS)
@unechoed
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_paper(request: Request, pk: int) -> HttpResponse:
    """The member's own paper; the answer to a secret one shows the receipt, once."""
    found, member = get_seat(request, pk)
    if found.state != S.OPEN or member.voted:
        words = _("Đồng chí đã bỏ phiếu.") if member.voted else _("Phiên họp hiện không nhận phiếu.")
        messages.info(request, words)
        return redirect(found)
    out = set(member.recusals.values_list("item", flat=True))
    lines = [line for line in queries.lines(found) if line.item.pk not in out]
    form = PaperForm(request.POST if request.method == "POST" else None, items=[line.item for line in lines])
    if form.is_valid():
        try:
            receipt = ballots.cast(found, form.choices(), by=request.user)
        except Refused as refusal:
            refusals.tell(request, refusal)
            return redirect(found)
        return render(request, "awards/councils/voted.html", {"sitting": found, "receipt": receipt})
    context = {"sitting": found, "form": form, "out": len(out)}
    return render(request, "awards/councils/paper.html", context, status=422 if form.is_bound else 200)


@asks_again(opened=True)
@unechoed
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_key(request: Request, pk: int) -> HttpResponse:
    """A holder sets the passphrase before the ballot opens."""
    found, member = get_seat(request, pk)
    if found.state not in Sitting.BEFORE or member.pk not in {h.pk for h in agenda.holders(found).values()}:
        messages.info(request, _("Chỉ người giữ khóa đặt cụm mật khẩu, trước khi mở bỏ phiếu."))
        return redirect(found)
    form = NewPassphraseForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            ballots.set_passphrase(found, form.cleaned_data["passphrase"], by=request.user)
            messages.success(request, _("Đã đặt cụm mật khẩu. Cổng không giữ cụm này: hãy ghi nhớ đến khi kiểm phiếu."))
        except Refused as refusal:
            refusals.tell(request, refusal)
        return redirect(found)
    return render(request, "awards/councils/key.html", {"sitting": found, "form": form}, status=_status(form))


@asks_again(opened=True)
@unechoed
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_unlock(request: Request, pk: int) -> HttpResponse:
    """A holder gives the passphrase; with the second one the ballot is counted."""
    found, member = get_seat(request, pk)
    mine = found.key_parts.filter(holder=member).first()
    if found.state != S.COUNTING or mine is None or mine.parts:
        messages.info(request, _("Hiện không cần cụm mật khẩu của đồng chí."))
        return redirect(found)
    form = PassphraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            counted = ballots.unlock(found, form.cleaned_data["passphrase"], by=request.user)
        except Refused as refusal:
            form.add_error("passphrase", [str(reason) for reason in refusal.objections])
        else:
            done = counted.state == S.CLOSED
            messages.success(
                request, _("Đã kiểm phiếu xong.") if done else _("Đã mở phần khóa; cần thêm một người nữa.")
            )
            return redirect(found)
    return render(request, "awards/councils/unlock.html", {"sitting": found, "form": form}, status=_status(form))


def _status(form: PassphraseForm) -> int:
    return 422 if form.is_bound else 200


@require_safe
def sitting_record(request: Request, pk: int) -> HttpResponse:
    """The published record of a secret ballot, and whether its counts are those of the sums."""
    found = get_sitting(request, pk)
    if not (found.secret and found.state == S.CLOSED):
        messages.info(request, _("Hồ sơ kiểm phiếu có sau khi kiểm phiếu kín."))
        return redirect(found)
    published = record.of(found)
    if request.GET.get("format") == "json":
        headers = {"Content-Disposition": f'attachment; filename="kiem-phieu-{found.pk}.json"'}
        return JsonResponse(published, headers=headers, json_dumps_params={"indent": 1, "ensure_ascii": False})
    context = {"sitting": found, "record": published, "wrong": record.faults(published)}
    return render(request, "awards/councils/record.html", context)
