"""Who may do what in a unit, and why: by which role, held where, by which document, given by whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.models import Entry
from portal.models.trail import key_of
from portal.permissions import actions
from portal.scope import under
from units.models import Membership, Unit
from units.models.accounts import READING
from units.models.lineage import successors


@dataclass(frozen=True)
class Right:
    """What one person may do in a unit: by which role, held where, by which document, given by whom."""

    membership: Membership
    may: str
    place: str  # here, above, successor
    given: Entry | None

    @property
    def where(self) -> str:
        """Through which unit the right comes, in words."""
        words = {
            "here": _("tại đơn vị này"),
            "above": _("từ đơn vị cấp trên: %(unit)s"),
            "successor": _("từ đơn vị kế tục: %(unit)s"),
        }
        return words[self.place] % {"unit": self.membership.unit}


def _opened(membership: Membership, place: str) -> str:
    """What the table of permissions lets the role do, seen from this place, in few words."""
    deeds = [str(row.summed_up(place)) for row in actions().values() if row.granted_by(membership)]
    return capfirst("; ".join(dict.fromkeys(filter(None, deeds))))


def rights_over(unit: Unit) -> list[Right]:
    """Everyone with a right in the unit today: first by its own roles, then from above, then from successors."""
    codes = unit.path.strip("/").split("/")
    chain = list(Unit.objects.filter(path__in=["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]))
    heirs = successors([u.pk for u in chain])
    held = (
        Membership.objects.in_force()
        .filter(Q(unit__in=chain) | Q(unit__in=heirs, role__in=READING))
        .select_related("unit", "user__person", "delegated_by__person")
        .order_by("unit__path", "role", "user__person__sort_key", "pk")
    )
    given = {
        entry.subject: entry for entry in Entry.objects.about(*held).filter(verb__in=("create", "grant", "delegate"))
    }
    rights = []
    for m in held:
        place = "here" if m.unit_id == unit.pk else "above" if under(unit.path, m.unit.path) else "successor"
        rights.append(Right(m, _opened(m, place), place, given.get(key_of(m))))
    order = ("here", "above", "successor")
    return sorted(rights, key=lambda right: (order.index(right.place), -len(right.membership.unit.path)))
