"""What the pages of the review desk show of nominations, and what waits longest there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.interests import Interests
from awards.models import Assignment, Nomination
from awards.nominations import flow
from awards.nominations.queries import NominationRow
from awards.review import services as review
from portal.days import distance, due_tone
from portal.scope import inside
from portal.text import grouped
from portal.web import paging
from portal.web.work import Work
from units.models import User


@dataclass(frozen=True)
class DeskRow(NominationRow):
    """A nomination as the review desk shows it: by when it should be looked at, and how far off that is."""

    due_words: str = ""
    due_tone: str = ""


def described(rows: Iterable[Nomination]) -> list[DeskRow]:
    """The rows with their clock in words."""
    now = timezone.now()
    return [
        DeskRow(row, due, distance(due, now), due_tone(due, now)) if (due := review.look_by(row)) else DeskRow(row)
        for row in rows
    ]


@dataclass(frozen=True)
class Waiting:
    """What waits at the review desk: how many in all, with a drafted result, given to this person; the longest.

    `many` and `many_drafted` say that nobody counted further.
    """

    all: int
    many: bool
    drafted: int
    many_drafted: bool
    mine: int
    longest: list[DeskRow]


def waiting_longest(user: User, many: int = 8) -> Waiting:
    """What the office's first page shows: figures, and what waits longest against its clock."""
    rows = review.queue(user).filter(state__in=review.WAITING)
    total, more = paging.count(rows)
    drafted, more_drafted = paging.count(review.with_draft_result(user))
    mine = Assignment.objects.filter(reviewer=user, done_at=None, nomination__state__in=review.WAITING).count()
    longest = paging.first(rows, Nomination.objects.for_lines(), ("received_at", "pk"), many)
    return Waiting(total, more, drafted, more_drafted, mine, described(longest))


def work_of_the_desk(desk: Waiting) -> list[Work]:
    """The same as rows of the page's list: what waits, by the clock of the longest waiting; results to release."""
    found = []
    if desk.all:
        clocks = [row.due for row in desk.longest if row.due]
        found.append(
            Work(
                title=_("Hơn %s hồ sơ chờ thẩm định") % grouped(desk.all)
                if desk.many
                else ngettext("%s hồ sơ chờ thẩm định", "%s hồ sơ chờ thẩm định", desk.all) % grouped(desk.all),
                url=reverse("review_next"),
                button=_("Thẩm định"),
                place=_("Bàn thẩm định khen thưởng"),
                due=min(clocks) if clocks else None,
                since=desk.longest[0].nomination.received_at,
            )
        )
    if count := desk.drafted:
        found.append(
            Work(
                title=_("Hơn %s kết quả chờ công bố") % grouped(count)
                if desk.many_drafted
                else ngettext("%s kết quả chờ công bố", "%s kết quả chờ công bố", count) % grouped(count),
                url=reverse("review_release"),
                button=_("Xem và công bố"),
                place=_("Bàn thẩm định khen thưởng"),
            )
        )
    return found


def before_the_council(user: User, many: int = 12) -> list[Nomination]:
    """What was put before the Council, the newest first."""
    passed = Nomination.objects.visible_to(user).filter(state=Nomination.State.PASSED)
    return paging.first(passed, Nomination.objects.for_lines(), ("-pk",), many)


@dataclass
class Preview:
    """What would change and what is left alone: (nomination, words)."""

    will: list[tuple[Nomination, str]] = field(default_factory=list)
    left: list[tuple[Nomination, str]] = field(default_factory=list)


def preview(step_name: str, nominations: Iterable[Nomination], by: User) -> Preview:
    """Which of them the step would move, and why not the others."""
    step, found, nominations = flow.NOMINATION[step_name], Preview(), list(nominations)
    interests = Interests.of([by], nominations)
    for nomination in nominations:
        if not step.open_for(nomination):
            found.left.append((nomination, nomination.get_state_display()))
        elif not step.allowed_to(by, nomination):
            found.left.append((nomination, _("không nằm ở bàn của đồng chí")))
        elif why := interests.between(by.pk, nomination):
            found.left.append((nomination, why))
        else:
            target = Nomination.State(step.target).label
            found.will.append((nomination, f"{nomination.get_state_display()} → {target}"))
    return found


COUNTED = ("proposed", "review", "returned", "fit", "unfit", "passed")


def by_campaign(user: User, many: int = 20) -> list[dict[str, Any]]:
    """One line of figures for each campaign under which something was proposed, newest first, and one for the rest."""
    below = inside([unit.path for unit in review.desks(user)], "unit__path")
    rows = (
        Nomination.objects.filter(below)
        .exclude(state__in=(Nomination.State.DRAFT, Nomination.State.WITHDRAWN))
        .order_by()
    )
    counted = rows.values_list("submission__campaign", "submission__campaign__code", "state").annotate(n=Count("pk"))
    lines: dict[Any, dict[str, Any]] = {}
    for pk, code, state, n in counted:
        line = lines.setdefault(pk, {"pk": pk, "code": code} | dict.fromkeys(COUNTED, 0))
        line["proposed"] += n
        if state in Nomination.ON_THE_WAY:
            line["review"] += n
        elif state in (Nomination.State.RETURNED, Nomination.State.UNFIT):
            line[state] += n
        else:
            line["fit"] += n
            line["passed"] += n if state in Nomination.BEFORE_COUNCIL else 0
    return sorted(lines.values(), key=lambda line: (line["pk"] is None, -(line["pk"] or 0)))[:many]
