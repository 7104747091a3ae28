"""Whom the pages of the review desk let in."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from awards.models import Nomination
from awards.nominations.queries import with_own_unit
from awards.review import services as review
from portal.web.requests import Request
from units.models import Unit


def get_desks(request: Request) -> list[Unit]:
    """The review desks of this person; to others the pages do not exist."""
    found = review.desks(request.user)
    if not found:
        raise Http404
    return found


def get_own_desk(request: Request) -> Unit:
    """The desk at which this person works."""
    get_desks(request)
    for unit in request.user.units_where("review"):
        return unit
    raise PermissionDenied


def get_dossier(request: Request, pk: int) -> Nomination:
    """One of the desk's nominations, for whoever may judge it."""
    found = review.queue(request.user).for_page("submission__campaign")
    nomination = with_own_unit(get_object_or_404(found, pk=pk))
    if not review.works_at(request.user, nomination):
        raise PermissionDenied
    return nomination
