"""How a page says why something was not done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.flow import EditConflict, Refused, shortened
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


def attempt(request: HttpRequest, form: BaseForm, verb: Callable[[], Any]) -> Any:
    """What the verb returns; None and words in the form when it is refused, or when somebody else was quicker."""
    try:
        return verb()
    except Refused as refusal:
        tell(request, refusal, form)
    except EditConflict:
        form.add_error(None, _("Nội dung này vừa được sửa ở nơi khác. Hãy tải lại trang rồi quyết định lại."))
    return None
