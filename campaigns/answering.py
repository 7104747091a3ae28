"""What the pages of papers do with what was posted to answer a remark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from portal.flow import Refused
from portal.web import refusals, typed_notes
from portal.web.requests import Request


def take_answer(request: Request, remark: Any, *, answer: Callable[..., Any], settle: Callable[..., None]) -> None:
    """Mark the remark as done or open, or write the answer; what was refused is told, and stands in its field again."""
    try:
        if "done" in request.POST:
            settle(remark, done=request.POST["done"] == "1", by=request.user)
        else:
            answer(remark, request.POST.get("text", ""), by=request.user)
            messages.success(request, _("Đã gửi trả lời."))
    except Refused as refusal:
        refusals.tell(request, refusal)
        typed_notes.keep(request, "text")
