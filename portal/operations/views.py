"""The page on which administrators read how the portal itself is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.access import reads_the_status
from portal.operations import status

if TYPE_CHECKING:
    from portal.web.requests import Request


@require_safe
def system_status(request: Request) -> HttpResponse:
    if not reads_the_status(request.user):
        raise PermissionDenied
    return render(request, "portal/operations/status.html", {"lines": status.lines()})
