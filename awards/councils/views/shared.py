"""Whom the pages of councils and sittings let in."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from awards.models import AgendaItem, Council, Sitting, SittingMember
from portal.web.requests import Request


def get_council(request: Request, pk: int, *, kept: bool = False) -> Council:
    """The council, if the person may see it; `kept`: for who keeps it."""
    council = get_object_or_404(Council.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if kept and not request.user.may("prepare_sittings", council.unit):
        raise PermissionDenied
    return council


def get_sitting(request: Request, pk: int, *, prepared: bool = False) -> Sitting:
    """The sitting, if the person may see it; `prepared`: for who prepares it."""
    sitting: Sitting = get_object_or_404(Sitting.objects.visible_to(request.user).for_page(), pk=pk)
    if prepared and not request.user.may("prepare_sittings", sitting.unit):
        raise PermissionDenied
    return sitting


def get_seat(request: Request, pk: int) -> tuple[Sitting, SittingMember]:
    """The sitting and the person's own place in it, for its members."""
    sitting = get_sitting(request, pk)
    member = sitting.seat_of(request.user)
    if member is None or not request.user.may("sit_in_council", sitting.unit):
        raise PermissionDenied
    return sitting, member


def get_item(request: Request, pk: int) -> AgendaItem:
    """An item of a sitting's agenda, for those who may read what comes before the council."""
    seen = AgendaItem.objects.filter(sitting__in=Sitting.objects.visible_to(request.user))
    item: AgendaItem = get_object_or_404(seen.select_related("sitting__council__unit"), pk=pk)
    return item


def get_own_item(request: Request, pk: int) -> AgendaItem:
    """The same for members of the sitting alone."""
    item = get_item(request, pk)
    if item.sitting.seat_of(request.user) is None or not request.user.may("sit_in_council", item.sitting.unit):
        raise PermissionDenied
    return item
