"""What the pages of people, collectives and units show of awards, though they know nothing of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from awards import review
from awards.models import Nomination, SubjectKind
from awards.views.review import described
from units.models import Collective, Person, Role, Unit, User
from units.panels import Link, Panel

SHOWN = 8


def links(user: User, subject: object) -> list[Link]:
    """The way to the subject's book, for those who may open it."""
    if isinstance(subject, Unit):
        opens = any(subject.path.startswith(path) for path in user.staff_paths())
        kind = SubjectKind.UNIT
    else:
        # the page of a person or a collective is shown to those alone who may also open the book
        opens = isinstance(subject, Person | Collective)
        kind = SubjectKind.PERSON if isinstance(subject, Person) else SubjectKind.COLLECTIVE
    if not opens:
        return []
    return [Link(_("Sổ khen thưởng"), reverse("ledger_subject", args=[kind, subject.pk]))]


def home(user: User) -> list[Panel]:
    """What waits for the person at the review desk, and what came back to their units or lies on their desks."""
    panels = []
    if user.has_role(Role.OFFICE):
        panels.append(Panel("awards/_home_office.html", _office(user)))
    if user.has_role(Role.HEAD, Role.OFFICER):
        panels.append(Panel("awards/_home_unit.html", _unit(user)))
    return panels


def _office(user: User) -> dict:
    """What waits longest against its clock, and how much is one's own."""
    waiting = review.queue(user).filter(state__in=review.WAITING)
    rows = list(waiting.for_review_list().order_by("received_at", "pk")[:SHOWN])
    done, given = review.standing_of(user)
    return {
        "rows": described(rows),
        "mine": given - done,
        "pencilled": review.pencilled(user).count(),
    }


def _unit(user: User) -> dict:
    """What the units' people have to do: mend, answer, forward, give an opinion."""
    units = [unit.pk for unit in user.units_as(Role.HEAD, Role.OFFICER)]
    back = (Nomination.State.RETURNED, Nomination.State.MORE)
    came = Nomination.objects.filter(unit__in=units, state__in=back).for_list().order_by("-updated_at")
    below = Nomination.objects.filter(desk__in=units, state=Nomination.State.SUBMITTED, received_at=None)
    return {
        "came": described(list(came[:SHOWN])),
        "below": described(list(below.for_list().order_by("sent_at", "pk")[:SHOWN])),
        "opinions": list(
            review.opinions_for(user)
            .filter(answered_at=None)
            .select_related("unit", "nomination__person", "nomination__collective", "nomination__whole_unit")[:SHOWN]
        ),
    }
