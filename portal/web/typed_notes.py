"""The reason that was typed for a step which was refused: it stands in its field again on the page shown next."""

from __future__ import annotations

from django.http import HttpRequest

KEY = "refused_note"
LONGEST = 10_000  # more than any field takes, so that what was too long comes back whole


def keep(request: HttpRequest, name: str = "note", about: str = "") -> None:
    """Keep what was typed in the field for the form that posts to this address, about this part of the page."""
    if text := request.POST.get(name, "").strip()[:LONGEST]:
        request.session[KEY] = [request.path + about, text]


def take(request: HttpRequest, address: str, about: str = "") -> str:
    """What was kept for the form that posts there, once."""
    where, text = request.session.get(KEY) or ("", "")
    if where != address + about:
        return ""
    del request.session[KEY]
    return text
