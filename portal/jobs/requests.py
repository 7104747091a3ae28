"""Which job a request may have, and the page that says it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.models import Job

if TYPE_CHECKING:
    from portal.web.requests import Request


def own_job(request: Request, jobs: QuerySet[Job], pk: int) -> Job:
    """The person's own job, with the rights of this request; another's does not exist."""
    found = get_object_or_404(jobs.filter(by=request.user), pk=pk)
    found.by = request.user
    return found


def closed(request: Request) -> HttpResponse:
    """Roles ended, or what the job was made of moved out of sight: its page and its file are shut from then on."""
    return render(request, "portal/jobs/closed.html", status=403)
