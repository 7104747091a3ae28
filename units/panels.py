"""What waits on the first page around units and accounts, and what an auditor keeps an eye on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.models import Entry, Seal
from portal.models.trail import key_of
from portal.web.panels import Link, Panel
from portal.web.work import Work
from units.access.flow import visible_to
from units.models import Proposal, Reorganisation, User
from units.models.accounts import name_columns
from units.reorganisation.flow import WROTE

SHOWN = 12
LINES = 8  # of the trail, on an auditor's first page


def links(user: User, subject: object) -> list[Link]:
    """Nothing: the pages of units and people are of this app itself."""
    return []


def waiting(user: User) -> list[Panel]:
    """What needs the person as the second one; the trail, its seals and what left the portal, for who audits it."""
    found = [Panel(work=_proposals(user))]
    if user.may_anywhere("reorganise"):
        found.append(Panel(work=_reorganisations(user)))
    if user.may_anywhere("keep_seals"):
        found.append(Panel("units/trail/_home_audit.html", _audit()))
    return found


def _proposals(user: User) -> list[Work]:
    """The newest first; one's own waits for somebody else."""
    shown = ("kind", "at", *name_columns("account"), *name_columns("by"))
    rows = visible_to(user).filter(state=Proposal.State.WAITING).select_related(None)
    rows = rows.select_related("account__person", "by__person").only(*shown)[:SHOWN]
    return [
        Work(
            title=str(p),
            url=p.get_absolute_url(),
            button=_("Xem") if p.by_id == user.pk else _("Xem và quyết định"),
            place=_("Đề nghị về tài khoản"),
            note=_("%(who)s đề nghị, chờ người thứ hai") % {"who": p.by},
            since=p.at,
            waits=p.by_id != user.pk,
        )
        for p in rows
    ]


def _reorganisations(user: User) -> list[Work]:
    """Plans that wait for an administrator who had no hand in them; one's own waits for somebody else."""
    sent = Reorganisation.objects.visible_to(user).filter(state=Reorganisation.State.SUBMITTED)
    rows = list(sent.for_list().select_related("submitted_by__person").order_by("effective_on", "pk")[:SHOWN])
    lines = Entry.objects.filter(subject__in=[key_of(plan) for plan in rows], verb__in=WROTE, by=user)
    wrote = set(lines.values_list("subject", flat=True))
    found = []
    for plan in rows:
        own = user.pk in (plan.by_id, plan.submitted_by_id) or key_of(plan) in wrote
        found.append(
            Work(
                title=plan.title,
                url=plan.get_absolute_url(),
                button=_("Xem") if own else _("Xem và duyệt"),
                place=_("Phương án sắp xếp đơn vị"),
                note=_("%(who)s gửi, chờ người thứ hai") % {"who": plan.submitted_by or plan.by},
                since=plan.created_at,
                waits=not own,
            )
        )
    return found


def _audit() -> dict[str, Any]:
    """The last seal, the last lines of the trail, and the last lists that left the portal."""
    lines = Entry.objects.select_related("by__person").defer("changes", "note").order_by("-pk")
    return {
        "seal": Seal.objects.order_by("-number").defer("blocks").first(),
        "lines": list(lines[:LINES]),
        "exports": list(lines.filter(verb="export")[:LINES]),
    }
