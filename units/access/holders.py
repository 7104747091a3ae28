"""Who may do something at a unit: the same table of permissions, asked from the unit's side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from portal.permissions import actions
from units.models import Membership, Unit, User
from units.models.accounts import MembershipQuerySet


def holding(action: str, day: date | None = None) -> MembershipQuerySet:
    """The memberships of the day (today if none is named) that let their holders do it at their unit."""
    row = actions()[action]
    where = Q(role__in=row.roles)
    if row.root:
        where &= Q(unit__parent=None)
    if not row.lent:
        where &= Q(delegated_by=None)
    return Membership.objects.in_force(day).filter(where)


def people_who(action: str) -> list[User]:
    """Who may do it anywhere today, each person once."""
    held = holding(action).select_related("user__person")
    return list({m.user_id: m.user for m in held}.values())


def people_at(unit: Unit, action: str) -> list[User]:
    """Who may do it today by a role exactly over the unit, each person once."""
    held = holding(action).filter(unit=unit).select_related("user__person")
    return list({m.user_id: m.user for m in held}.values())


def people_over(unit: Unit, action: str) -> list[User]:
    """Who may do it today by a role over the unit or one above it, each person once."""
    codes = unit.path.strip("/").split("/")
    paths = ["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]
    held = holding(action).filter(unit__path__in=paths).select_related("user__person")
    return list({m.user_id: m.user for m in held}.values())


def people_by_unit(units: Iterable[int], action: str, day: date) -> dict[int, list[User]]:
    """Who may do it on the day by a role exactly over each of these units, each person once: one query."""
    held = holding(action, day).filter(unit__in=set(units))
    people: dict[int, dict[int, User]] = defaultdict(dict)
    for membership in held.select_related("user__person").order_by("pk"):
        people[membership.unit_id][membership.user_id] = membership.user
    return {unit: list(those.values()) for unit, those in people.items()}
