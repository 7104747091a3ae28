"""Whom a decision concerns, and in which words they are told."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from awards.models import Decision
from portal.notices.services import notify
from portal.text import grouped
from units.access.holders import people_at


def tell_of_issue(decision: Decision) -> None:
    """Everybody who writes for the units that the decision reaches, each unit about its own cases."""
    for receipt in decision.receipts.select_related("unit"):
        mine = decision.lines.filter(past_award__unit=receipt.unit).count()
        notify(
            people_at(receipt.unit, "confirm_decisions"),
            key=f"decision:{decision.pk}:{receipt.unit_id}",
            kind="decision_issued",
            subject_key=f"decision:{decision.pk}",
            url=decision.get_absolute_url(),
            words=lambda mine=mine: _words(decision, mine),  # type: ignore[misc]
        )


def _words(decision: Decision, mine: int) -> tuple[str, str]:
    told = {"number": decision.number, "day": f"{decision.dated:%d/%m/%Y}", "title": decision.title} | {
        "count": grouped(mine)
    }
    title = gettext("Quyết định số %(number)s ngày %(day)s") % told
    if decision.annuls_id:
        body = ngettext(
            "%(title)s: %(count)s khen thưởng của đơn vị bị hủy. Hãy xem và xác nhận đã nhận.",
            "%(title)s: %(count)s khen thưởng của đơn vị bị hủy. Hãy xem và xác nhận đã nhận.",
            mine,
        )
    else:
        body = ngettext(
            "%(title)s: %(count)s trường hợp của đơn vị được khen thưởng. Hãy xem và xác nhận đã nhận.",
            "%(title)s: %(count)s trường hợp của đơn vị được khen thưởng. Hãy xem và xác nhận đã nhận.",
            mine,
        )
    return title, body % told
