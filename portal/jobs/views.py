"""The page on which a person sees how far their long work is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.files.uploads import serve, type_of
from portal.jobs.requests import closed, own_job
from portal.jobs.services import progress_of, readable
from portal.models import Job
from portal.web.paging import numbered

if TYPE_CHECKING:
    from portal.web.requests import Request

PAGE = 25


@require_safe
def job_list(request: Request) -> HttpResponse:
    mine = Job.objects.filter(by=request.user).defer("params", "result", "holds")
    page = numbered(request, mine, PAGE)
    return render(request, "portal/jobs/list.html", {"page_obj": page})


@require_safe
def job(request: Request, pk: int) -> HttpResponse:
    """How far the work is; asked for a fragment (the page's script does) the answer is the state alone."""
    found = own_job(request, Job.objects.all(), pk)
    if found.ended and not readable(found):
        return closed(request)
    done, total = progress_of(found)
    template = "portal/jobs/_state.html" if "fragment" in request.GET else "portal/jobs/job.html"
    return render(request, template, {"job": found, "done": done, "total": total})


@require_safe
def job_output(request: Request, pk: int) -> HttpResponseBase:
    """The file that the work made."""
    found = own_job(request, Job.objects.exclude(output=""), pk)
    if not readable(found):
        return closed(request)
    return serve(found.output, found.output_name, type_of(found.output_name))
