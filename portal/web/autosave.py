"""A form that saves itself while one types, and what its script is told (`static/js/portal.js`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from portal.flow import EditConflict, Refused
from portal.web.forms.errors import Fault


def refusal(errors: Iterable[Any]) -> JsonResponse:
    """Why nothing was saved; what was typed stays in the browser."""
    return JsonResponse({"errors": [str(error) for error in errors]}, status=422)


def answer(
    write: Callable[[], Any],
    editor_url: str,
    faults: Iterable[Fault] = (),
    ids: Callable[[], dict[str, int]] | None = None,
) -> JsonResponse:
    """Save, and say which version it is now and what was not taken; a conflict is settled in the editor.

    `ids` tells, after the saving, which rows the page has got, by the names of their hidden fields.
    """
    try:
        row = write()
    except EditConflict as conflict:
        return JsonResponse({"conflict_url": editor_url, "own": conflict.own}, status=409)
    except Refused as refused:
        return refusal(refused.objections)
    told = {"version": row.version, "saved_at": date_format(timezone.localtime(), "H:i")}
    if wrong := [{"id": f.id, "label": f.label, "words": f.words} for f in faults]:
        told["faults"] = wrong
    if ids:
        told["ids"] = ids()
    return JsonResponse(told)
