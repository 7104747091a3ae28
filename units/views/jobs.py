"""The page on which a person sees how far their long work is."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from units.jobs import progress_of
from units.models import Job
from units.uploads import serve, type_of

PAGE = 25


@require_GET
def job_list(request):
    page = Paginator(Job.objects.filter(by=request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "units/job_list.html", {"page_obj": page})


@require_GET
def job(request, pk):
    """How far the work is; asked for a fragment (the page's script does) the answer is the state alone."""
    found = get_object_or_404(Job.objects.filter(by=request.user), pk=pk)
    done, total = progress_of(found)
    template = "units/_job_state.html" if "fragment" in request.GET else "units/job.html"
    return render(request, template, {"job": found, "done": done, "total": total})


@require_GET
def job_output(request, pk):
    """The file that the work made."""
    found = get_object_or_404(Job.objects.filter(by=request.user).exclude(output=""), pk=pk)
    return serve(found.output, found.output_name, type_of(found.output_name))
