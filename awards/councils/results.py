"""What follows from a count: nominations go on or end, with the figures as the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from awards.councils.agenda import of_own_unit
from awards.models import AgendaItem, Nomination, Sitting, SittingMember, Submission
from awards.nominations import flow
from portal.days import local_day
from portal.models.trail import record
from units.models import User

N = Nomination.State


def items_of(sitting: Sitting) -> list[AgendaItem]:
    """The items with all that the steps of their nominations ask."""
    nominations = {n.pk: n for n in Nomination.objects.for_checks().filter(agenda__sitting=sitting)}
    items = list(sitting.items.all())
    for item in items:
        item.nomination, item.sitting = nominations[item.nomination_id], sitting
    return items


def in_words(item: AgendaItem) -> str:
    """The figures of one item, as the unit reads them."""
    return _("%(yes)s trên %(base)s thành viên đồng ý; cần ít nhất %(needed)s (%(percent)s %%).") % {
        "yes": item.yes,
        "base": item.base,
        "needed": item.needed,
        "percent": item.percent,
    }


def apply(sitting: Sitting, *, by: User) -> None:
    """Move what passed; after a second round also what did not. What the unit's own council voted on is written in."""
    items = items_of(sitting)
    own = [item for item in items if of_own_unit(item.nomination, sitting)]
    _write_in(sitting, own, by)
    put = [item for item in items if item.nomination.state == N.PASSED]
    passed = [item.nomination for item in put if item.passed]
    if passed:
        flow.move("vote_through", passed, by=by, versions={n.pk: n.version for n in passed})
    if sitting.repeats_id:
        vote_down([item for item in put if not item.passed], by=by)


def vote_down(items: Iterable[AgendaItem], *, by: User) -> None:
    """Those that missed their share end here; each is told its figures."""
    reasons: dict[str, list[Nomination]] = defaultdict(list)
    with translation.override("vi"):  # kept in the trail and told to the unit as the minutes say it
        for item in items:
            reasons[in_words(item)].append(item.nomination)
    for note, those in reasons.items():
        flow.move("vote_down", those, by=by, note=note, versions={n.pk: n.version for n in those})


def undecided(sitting: Sitting) -> list[AgendaItem]:
    """What missed its share in a first round and waits for the chair: voted on again, or ended."""
    if sitting.state != Sitting.State.CLOSED or sitting.repeats_id:
        return []
    again = set(
        AgendaItem.objects.filter(sitting__repeats=sitting, sitting__state__in=Sitting.LIVE).values_list(
            "nomination", flat=True
        )
    )
    return [
        item
        for item in items_of(sitting)
        if item.passed is False and item.nomination.state == N.PASSED and item.nomination_id not in again
    ]


def _write_in(sitting: Sitting, items: list[AgendaItem], by: User) -> None:
    """What the unit's own council said, where its paper asks for it: day, members, votes in favour."""
    if not items:
        return
    there = sitting.members.exclude(attendance=SittingMember.Attendance.ABSENT).count()
    members, day = sitting.members.count(), local_day(sitting.starts_at)
    papers = Submission.objects.select_for_update(of=("self",)).select_related("unit")
    for paper in papers.filter(pk__in={item.nomination.submission_id for item in items}).order_by("pk"):
        paper.council_on, paper.council_members, paper.council_present = day, members, there
        paper.version += 1
        paper.save()
        record(paper, "council_vote", by=by, note=sitting.title, version=paper.version)
    for item in items:
        nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=item.nomination_id)
        nomination.votes_for = item.yes
        nomination.version += 1
        nomination.save(update_fields=["votes_for", "version", "updated_at"])
        record(nomination, "council_vote", by=by, note=in_words(item), version=nomination.version)
