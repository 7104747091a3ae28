"""Who may do what in a unit, and why: by which role, held where, by which document, given by whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Entry
from portal.models.trail import key_of
from portal.scope import under
from units.access.rights import ACTING
from units.models import Membership, Role, Unit
from units.models.accounts import READING
from units.models.lineage import successors

# what a role opens: over the unit itself, and for the units below it
OPENS = {
    Role.HEAD: (
        gettext_lazy("Đọc, soạn và gửi hồ sơ của đơn vị; phát động và xét duyệt trong phạm vi đơn vị; ủy quyền"),
        gettext_lazy("Đọc hồ sơ"),
    ),
    ACTING: (
        gettext_lazy("Đọc, soạn và gửi hồ sơ của đơn vị; phát động và xét duyệt trong phạm vi đơn vị"),
        gettext_lazy("Đọc hồ sơ"),
    ),
    Role.OFFICER: (gettext_lazy("Đọc và soạn hồ sơ của đơn vị"), gettext_lazy("Đọc hồ sơ")),
    Role.OFFICE: (
        gettext_lazy("Đọc hồ sơ; soạn, phát động, kết thúc phong trào; xét duyệt, gia hạn"),
        gettext_lazy("Đọc hồ sơ; xét duyệt hồ sơ gửi lên, gia hạn"),
    ),
    Role.COUNCIL: (gettext_lazy("Đọc hồ sơ"), gettext_lazy("Đọc hồ sơ")),
    Role.ADMIN: (
        gettext_lazy("Quản lý đơn vị, cán bộ, tài khoản và vai trò"),
        gettext_lazy("Quản lý đơn vị, cán bộ, tài khoản và vai trò"),
    ),
    Role.AUDITOR: (gettext_lazy("Đọc hồ sơ"), gettext_lazy("Đọc hồ sơ")),
}


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
        may = OPENS[ACTING if m.delegated_by_id else Role(m.role)][0 if place == "here" else 1]
        rights.append(Right(m, str(may), place, given.get(key_of(m))))
    order = ("here", "above", "successor")
    return sorted(rights, key=lambda right: (order.index(right.place), -len(right.membership.unit.path)))
