"""Changes of accounts that wait for a second person: what is asked, by whom, and the steps of whoever decides."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.flow import Refused
from portal.models import Entry
from portal.signin.reauthentication import asks_again
from portal.text import clean
from portal.web import refusals, seen
from portal.web.paging import numbered
from portal.web.requests import Request
from units.access import flow
from units.access.second_person import why_dependent
from units.models import Proposal

S = Proposal.State
PAGE = 50
TONES: dict[str, str] = {S.WAITING: "waiting", S.CONFIRMED: "approved", S.DECLINED: "returned", S.CANCELLED: "neutral"}
MESSAGES = {
    "confirm": lambda: _("Đã xác nhận; thay đổi có hiệu lực ngay."),
    "decline": lambda: _("Đã từ chối đề nghị; không có gì thay đổi."),
    "cancel": lambda: _("Đã rút đề nghị; không có gì thay đổi."),
}


@require_safe
def proposal_list(request: Request) -> HttpResponse:
    """What waits first, then what was decided."""
    found = flow.visible_to(request.user).order_by("decided_at", "-pk")
    if request.GET.get("state") in S.values:
        found = found.filter(state=request.GET["state"])
    page = numbered(request, found, PAGE)
    rows = [(row, TONES[row.state]) for row in page]
    return render(request, "units/access/proposal_list.html", {"page_obj": page, "rows": rows})


@require_safe
def proposal(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(flow.visible_to(request.user), pk=pk)
    holder = flow.is_holder(request.user, found)
    steps = flow.PROPOSAL.open_to(request.user, found)
    asked = any(step.name == "confirm" for step in steps)
    dependent = why_dependent(request.user, of=[found.by_id]) if asked and not holder else ""
    context = {
        "found": found,
        "tone": TONES[found.state],
        "holder": holder and asked,
        "dependent": dependent,
        "flow_steps": [step for step in steps if step.name != "confirm" or not (dependent or holder)],
        "entries": Entry.objects.about(found)[:50],
    }
    return render(request, "units/access/proposal.html", context)


@asks_again
@require_POST
def proposal_step(request: Request, pk: int, step: str) -> HttpResponse:
    """One move; the holder types the own password again to confirm."""
    found = get_object_or_404(flow.visible_to(request.user), pk=pk)
    try:
        version = seen.version(request)
        if step == "confirm" and flow.is_holder(request.user, found):
            _ask_password(request)
        note = clean(request.POST.get("note", ""))[:1000]
        flow.PROPOSAL.take(step, found, by=request.user, note=note, version=version)
        messages.success(request, MESSAGES[step]())
    except Refused as refusal:
        refusals.tell(request, refusal)
    return redirect("proposal", pk=pk)


def _ask_password(request: Request) -> None:
    """The own password, with the limits of sign-in: an open session alone does not move an address."""
    try:
        right = get_adapter().reauthenticate(request.user, request.POST.get("password", ""))
    except ValidationError as error:  # too many wrong ones
        raise Refused(error.messages) from error
    if not right:
        raise Refused([_("Mật khẩu không đúng.")])
