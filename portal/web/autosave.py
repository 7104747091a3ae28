"""A form that saves itself while one types, and what its script is told (`static/js/portal.js`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from portal.flow import EditConflict, Refused


def refusal(errors: Iterable[Any]) -> JsonResponse:
    """Why nothing was saved; what was typed stays in the browser."""
    return JsonResponse({"errors": [str(error) for error in errors]}, status=422)


def answer(write: Callable[[], Any], editor_url: str) -> JsonResponse:
    """Save, and say which version it is now; a conflict is settled in the editor."""
    try:
        row = write()
    except EditConflict as conflict:
        return JsonResponse({"conflict_url": editor_url, "own": conflict.own}, status=409)
    except Refused as refused:
        return refusal(refused.objections)
    return JsonResponse({"version": row.version, "saved_at": date_format(timezone.localtime(), "H:i")})
