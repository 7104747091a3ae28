"""At which desks the nominations of a paper lie, when they came there, and whether that was late.

A paper climbs along the hierarchy to the unit that an emulation office serves.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext

from awards.models import Nomination, Submission
from campaigns.models import Milestone, Obligation
from campaigns.obligations.services import set_met
from portal.days import today
from units.models import EmulationOffice, Unit
from units.models.units import valid_on


def has_office(unit: Unit, day: date | None = None) -> bool:
    """Whether an emulation office serves the unit: there papers stop climbing."""
    return EmulationOffice.objects.filter(valid_on(day or today()), serves=unit).exists()


def desk_above(unit: Unit) -> Unit:
    """Where a paper goes from here: to the unit itself if an office serves it, else to the unit above."""
    return unit if has_office(unit) or unit.parent is None else unit.parent


def office_desk(unit: Unit) -> Unit:
    """The unit whose office receives the papers of this one."""
    while not has_office(unit) and unit.parent is not None:
        unit = unit.parent
    return unit


def kinds_in(submission: Submission) -> list[tuple[Nomination, int]]:
    """One nomination of the paper for each way in which they stand, and how many stand so, however long the paper."""
    found = submission.nominations.order_by().annotate(below=Q(received_at=None), put=Q(before_head_at=None))
    groups = found.values_list("state", "desk", "unit", "taken_up_by", "below", "put")
    counted = {pk: count for *_same, pk, count in groups.annotate(Min("pk"), Count("pk"))}
    rows = submission.nominations.select_related("unit", "desk").in_bulk(counted)
    return [(rows[pk], count) for pk, count in counted.items() if pk in rows]


def note_arrival(submission: Submission) -> None:
    """Whether anything of the paper lies above decides when it came in, and with it what its unit owes."""
    sent = submission.nominations.filter(state__in=Nomination.SENT).exists()
    came = (submission.first_submitted_at or timezone.now()) if sent else None
    if came != submission.first_submitted_at:
        submission.first_submitted_at = came
        submission.save(update_fields=["first_submitted_at"])
    if submission.milestone_id and submission.campaign_id:
        others = Submission.objects.filter(milestone=submission.milestone_id, unit=submission.unit_id)
        first = others.exclude(first_submitted_at=None).order_by("first_submitted_at").first()
        moment = first.first_submitted_at if first else None
        set_met(submission.campaign_id, Milestone.Kind.NOMINATION, submission.unit_id, moment)


def sent_late(moved: list[Nomination]) -> str:
    """What to say where the deadline had passed when it was sent; it is kept all the same."""
    return gettext("Hồ sơ được ghi là gửi sau hạn.") if any(map(_came_late, moved)) else ""


def _came_late(nomination: Nomination) -> bool:
    """An answer after the day of its request; else a paper that first came after its day (checks say so ever after)."""
    answered = nomination.requests.exclude(answered_at=None).last()
    if nomination.state == Nomination.State.REVIEW and answered and answered.answered_at:
        return answered.due_at < answered.answered_at
    owed = Obligation.objects.filter(milestone=nomination.submission.milestone_id, unit=nomination.unit_id).first()
    paper = Submission.objects.get(pk=nomination.submission_id)  # as it is now that it has been sent
    return owed is not None and paper.late_for(owed.due_at)
