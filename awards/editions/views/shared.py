"""Who gets to the drafts of the law, and to which."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from awards.editions.services import may_draft
from awards.models import DraftLaw, LawEdition, LawFigure
from portal.web.requests import Request

S = DraftLaw.State
TONES: dict[str, str] = {S.DRAFT: "draft", S.PROPOSED: "waiting", S.IN_FORCE: "approved", S.DISCARDED: "neutral"}


def gate(request: Request) -> None:
    """The office of the whole sector and those who audit it."""
    if not request.user.may_anywhere("read_law_drafts"):
        raise Http404


def writing_gate(request: Request) -> None:
    """The office of the whole sector."""
    gate(request)
    if not may_draft(request.user):
        raise PermissionDenied


def get_edition(request: Request, pk: int, *, write: bool = False) -> LawEdition:
    """The edition; to write in it, it is a draft."""
    (writing_gate if write else gate)(request)
    editions = LawEdition.objects.select_related("by__person", "put_in_force_by__person")
    found: LawEdition = get_object_or_404(editions, pk=pk)
    if write and not found.editable:
        raise PermissionDenied
    return found


def get_figure(request: Request, pk: int) -> LawFigure:
    """The figure."""
    gate(request)
    figures = LawFigure.objects.select_related("by__person", "put_in_force_by__person")
    found: LawFigure = get_object_or_404(figures, pk=pk)
    return found
