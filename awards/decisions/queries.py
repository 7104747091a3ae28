"""What can be decided where, and what a decision holds."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from awards.law import standards
from awards.law.terms import Authority, Procedure
from awards.models import Decision, DecisionLine, Nomination
from awards.models.nominations import NominationQuerySet
from portal.days import today
from units.models import Unit

N = Nomination.State
HERE = (N.DRAFT, N.RETURNED, N.SUBMITTED)  # what a head may decide without the office above


def decided_by(award: str) -> Authority | None:
    """Who decides the award by the edition of today."""
    known = standards.in_force(today()).awards.get(award)
    return known.deciding.who if known else None


def decidable(unit: Unit) -> NominationQuerySet:
    """Nominations that the unit may put in a decision now: what passed its council, and what its own head decides.

    The fast lane goes from the review to the decision (Law 06/2022/QH15, article 85).
    """
    edition = standards.in_force(today())
    own = [code for code, award in edition.awards.items() if award.deciding.who == Authority.UNIT_HEAD]
    reviewed = Q(desk=unit, state=N.VOTED) | Q(desk=unit, state=N.FIT, submission__procedure=Procedure.SIMPLIFIED)
    by_head = Q(award__in=own) & (
        Q(unit=unit, state__in=(N.DRAFT, N.RETURNED)) | Q(desk=unit, state=N.SUBMITTED, received_at=None)
    )
    taken = DecisionLine.objects.filter(stands=True, nomination__isnull=False).values("nomination")
    return Nomination.objects.filter(reviewed | by_head).exclude(pk__in=taken)


def authorities(decision: Decision) -> set[Authority | None]:
    """Who decides what the decision gives; one that annuls is of who issued the first."""
    return {decided_by(award) for award in decision.lines.values_list("nomination__award", flat=True) if award}


def lines_for_issue(decision: Decision) -> list[DecisionLine]:
    """Its lines, with what entering them in the ledger asks."""
    names = ("person", "collective", "whole_unit", "unit__parent", "desk", "submission")
    joined = (f"nomination__{name}" for name in names)
    return list(decision.lines.select_related("past_award", *joined).order_by("pk"))


def with_subjects(lines: QuerySet[DecisionLine]) -> QuerySet[DecisionLine]:
    """With what names each case, a nomination or an award of the ledger."""
    names = ("person", "collective", "whole_unit", "unit")
    return lines.select_related(*(f"{of}__{name}" for of in ("nomination", "past_award") for name in names))
