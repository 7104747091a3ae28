"""The page on which administrators read how the portal itself is."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from units import status
from units.models import Role


@require_safe
def system_status(request):
    if not request.user.has_role(Role.ADMIN):
        raise PermissionDenied
    return render(request, "units/status.html", {"lines": status.lines()})
