"""The page on which administrators read how the portal itself is."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import reads_the_status
from portal.operations import status


@require_safe
def system_status(request):
    if not reads_the_status(request.user):
        raise PermissionDenied
    return render(request, "portal/operations/status.html", {"lines": status.lines()})
