"""How a page says why something was not done."""

from __future__ import annotations

from django.contrib import messages
from django.forms.forms import BaseForm
from django.http import HttpRequest

from portal.flow import Refused, shortened
from portal.web import typed_notes

MOST = 20  # reasons on one page


def tell(request: HttpRequest, refusal: Refused, form: BaseForm | None = None) -> None:
    """Each reason above the form that asked, else above the page shown next, where the typed note stands again."""
    reasons = shortened(refusal.objections, MOST)
    if form is not None:
        form.add_error(None, [str(reason) for reason in reasons])
        return
    typed_notes.keep(request)
    for reason in reasons:
        messages.error(request, reason)
