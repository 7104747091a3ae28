"""The trail of the whole portal, for those who administer or audit all of it."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.models import Entry
from portal.web import paging
from units.trail.forms import TrailFilter

PAGE = 50


@require_safe
def system_trail(request):
    """Who did what to what, and when.

    What was and what is, and why, stand at the object alone, for who may read it there: a line of a record or of a
    paper says more than everyone who looks after the portal may know.
    """
    if not request.user.may_anywhere("read_system_trail"):
        raise Http404
    form = TrailFilter(request.GET)
    found = form.narrow(Entry.objects.shown())
    lines = Entry.objects.select_related("by__person").defer("changes", "note")
    page = paging.paginate(request, found, lines, ("pk",), PAGE)
    total, many = paging.count(found)
    context = {"form": form, "page": page, "query": form.query, "total": total, "many": many}
    return render(request, "units/trail/list.html", context)
