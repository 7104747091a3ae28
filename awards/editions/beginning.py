"""The day on which an edition begins: which open dossiers go over to it, and what each unit has to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.law import standards
from awards.law.standards import Edition
from awards.models import Nomination, Trial, TrialLine
from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.models.trail import line
from portal.notices.services import Telling, notify_many
from portal.text import grouped
from units.access.holders import people_by_unit
from units.models import User

AT_ONCE = 200
Rule = TrialLine.Rule
GOES_OVER = (Rule.FAVOURED, Rule.SINCE)


def trial_of(edition: str) -> Trial | None:
    """How the open dossiers were judged by both editions the last time."""
    return Trial.objects.filter(edition=edition, kind=Trial.Kind.OPEN).select_related("by__person").first()


def waiting(trial: Trial) -> QuerySet[TrialLine]:
    """The dossiers that should go over to the new edition and have not yet."""
    return trial.lines.filter(rule__in=GOES_OVER, applied_at=None)


def apply(code: str, *, by: User, say: Callable[[int, int], None] = lambda done, total: None) -> tuple[int, int]:
    """Let the new edition judge where its transition says so; how many went over, how many had changed in between."""
    if not by.may_anywhere("draft_law"):
        raise PermissionDenied
    edition, trial = standards.edition(code), trial_of(code)
    if edition.valid_from > today():
        raise Refused([_("Bộ quy định chưa có hiệu lực.")])
    if trial is None:
        raise Refused([_("Hãy xét hồ sơ đang mở theo cả hai quy định trước.")])
    lines = {row.nomination_id: row for row in waiting(trial).select_for_update(of=("self",))}
    held = Nomination.objects.select_for_update(of=("self",)).filter(pk__in=lines, state__in=Nomination.ON_THE_WAY)
    moved: list[Nomination] = []
    for nomination in held.order_by("pk"):
        if nomination.version == lines[nomination.pk].version and nomination.edition != code:
            moved.append(nomination)
    for start in range(0, len(moved), AT_ONCE):
        _judge_by(edition, moved[start : start + AT_ONCE], lines, by=by)
        say(min(start + AT_ONCE, len(moved)), len(moved))
    _tell(edition, moved)
    return len(moved), len(lines) - len(moved)


def _judge_by(edition: Edition, moved: list[Nomination], lines: dict[int, TrialLine], *, by: User) -> None:
    entries, now = [], timezone.now()
    for nomination in moved:
        kept = lines[nomination.pk]
        kept.applied_at = now
        changes = {_("Bộ quy định"): [standards.edition(nomination.edition).label, edition.label]}
        nomination.edition, nomination.version = edition.code, nomination.version + 1
        note = Rule(kept.rule).label
        entries.append(line(nomination, "judge_by", by=by, changes=changes, note=str(note), version=nomination.version))
    Nomination.objects.bulk_update(moved, ["edition", "version"])
    TrialLine.objects.bulk_update([lines[n.pk] for n in moved], ["applied_at"])
    Entry.objects.bulk_create(entries)


def _tell(edition: Edition, moved: list[Nomination]) -> None:
    """Each unit once, whatever the number of its dossiers."""
    counts: dict[int, int] = defaultdict(int)
    for nomination in moved:
        counts[nomination.unit_id] += 1
    people = people_by_unit(counts, "draft_nominations", today())
    url = reverse("edition_beginning", args=[edition.code])
    notify_many(
        Telling(
            people.get(unit, []),
            f"judge_by:{edition.code}:{unit}:{timezone.now():%Y%m%d%H%M%S}",
            "law",
            _words(edition, count),
            url,
        )
        for unit, count in counts.items()
    )


def _words(edition: Edition, count: int) -> Callable[[], tuple[str, str]]:
    return lambda: (
        _("Hồ sơ chuyển sang quy định mới: %s") % edition.label,
        _("%(count)s hồ sơ của đơn vị được xét theo «%(edition)s». Hãy xem lại các điểm chưa đạt.")
        % {"count": grouped(count), "edition": edition.label},
    )


def duties(user: User, edition: Edition, trial: Trial | None) -> QuerySet[Nomination, dict[str, Any]]:
    """By unit, in the sight of the person: what is not received yet and what is open, and by what it is judged."""
    under_way = Q(state__in=(*Nomination.EDITABLE, *Nomination.ON_THE_WAY))
    tried = Q(trial_lines__trial=trial) if trial else Q(pk__in=[])
    return (
        Nomination.objects.visible_to(user)
        .filter(under_way)
        .values("unit", "unit__short_name", "unit__name_en")
        .annotate(
            drafts=Count("pk", filter=Q(received_at=None), distinct=True),
            received=Count("pk", filter=Q(received_at__isnull=False), distinct=True),
            over=Count("pk", filter=Q(received_at__isnull=False, edition=edition.code), distinct=True),
            favoured=Count("pk", filter=tried & Q(trial_lines__rule=Rule.FAVOURED), distinct=True),
            stricter=Count("pk", filter=tried & Q(trial_lines__outcome=TrialLine.Outcome.STRICTER), distinct=True),
        )
        .order_by("unit__code")
    )
