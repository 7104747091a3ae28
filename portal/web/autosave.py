"""A form that saves itself while one types, and what its script is told (`static/js/portal.js`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from portal.flow import EditConflict, Refused
from portal.web.forms.errors import Fault
from portal.web.forms.sections import Section


def refusal(errors: Iterable[Any]) -> JsonResponse:
    """Why nothing was saved; what was typed stays in the browser."""
    return JsonResponse({"errors": [str(error) for error in errors]}, status=422)


def answer(
    write: Callable[[], Any],
    editor_url: str,
    faults: Iterable[Fault] = (),
    ids: Callable[[], dict[str, int]] | None = None,
    index: Callable[[Any], Iterable[Section]] | None = None,
) -> JsonResponse:
    """Save, and say which version it is now and what was not taken; a conflict is settled in the editor.

    `ids` tells, after the saving, which rows the page has got, by the names of their hidden fields; `index` how far
    the parts of the page are, once what was saved is there.
    """
    try:
        row = write()
    except EditConflict as conflict:
        return JsonResponse({"conflict_url": editor_url, "own": conflict.own}, status=409)
    except Refused as refused:
        return refusal(refused.objections)
    told: dict[str, Any] = {"version": row.version, "saved_at": date_format(timezone.localtime(), "H:i")}
    if wrong := [{"id": f.id, "label": f.label, "words": f.words} for f in faults]:
        told["faults"] = wrong
    if ids:
        told["ids"] = ids()
    if index:
        told["sections"] = {section.id: [section.done, section.total] for section in index(row)}
    return JsonResponse(told)
