"""Papers at their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.jobs.services import start
from portal.papers import services
from portal.papers.base import papers

if TYPE_CHECKING:
    from portal.web.requests import Request


@require_GET
def paper(request: Request, kind: str, pk: int, form: str) -> HttpResponse:
    """A paper of a row that the person may see: a file to keep, or with `?in` a page to print."""
    asked = papers().get(kind)
    if asked is None or form not in services.TYPES:
        raise Http404
    row = get_object_or_404(asked.rows(request.user), pk=pk)
    if asked.size(row) > services.AT_ONCE:
        title = _("%(paper)s: %(row)s") % {"paper": asked.title, "row": row}
        return redirect(start("paper", title, by=request.user, paper=kind, row=pk, form=form))
    content = services.taken(asked, form, row, request.user)
    return services.response(content, services.name_of(asked, form, pk), form, shown="in" in request.GET)
