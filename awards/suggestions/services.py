"""Who has reached an award and is proposed by nobody: found each night, put in a paper or dismissed with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.law import standards
from awards.law.case import Case
from awards.law.ladder import Rung, ladder
from awards.law.standards import Edition
from awards.law.terms import AwardKind, MeritType, Procedure
from awards.ledger.prospects import conditions_of_the_ledger
from awards.models import ConditionSetting, Nomination, Submission, Suggestion
from awards.models.subjects import Commended, key_of_subject
from awards.nominations import editing
from awards.nominations.checking import cases, findings
from portal.days import today
from portal.flow import OVERTAKEN, Refused
from portal.models.trail import record
from units.models import Collective, Posting, Unit, User
from units.models.units import valid_on

BATCH = 200
Found = tuple[str, int, str]  # kind of subject, its id, code of the award


# --- finding ---


def refresh(day: date | None = None) -> None:
    """Find anew what each unit of the day could propose, for this year and the one before."""
    day = day or today()
    for unit in Unit.objects.as_of(day).order_by("path"):
        refresh_unit(unit, day)


@transaction.atomic
def refresh_unit(unit: Unit, day: date) -> None:
    """Keep what is reached and proposed by nobody; what was dismissed stays dismissed, the rest goes."""
    for year in (day.year, day.year - 1):
        reached = set(_reached(unit, year, day))
        known = Suggestion.objects.select_for_update(of=("self",)).with_subject().filter(unit=unit, year=year)
        there = {_key(row): row for row in known}
        gone = [row.pk for key, row in there.items() if key not in reached and row.dismissed_at is None]
        Suggestion.objects.filter(pk__in=gone).delete()
        Suggestion.objects.bulk_create(
            [
                Suggestion(unit=unit, award=award, year=year, **{f"{kind}_id": pk})
                for kind, pk, award in sorted(reached - there.keys())
            ],
            ignore_conflicts=True,  # somebody came from a unit that has been read already
        )


def _key(row: Suggestion | Nomination) -> Found:
    subject = row.subject
    return key_of_subject(subject), subject.pk, row.award


def _reached(unit: Unit, year: int, day: date) -> Iterator[Found]:
    settings, taken = findings.severities(), _proposed(unit, year)
    subjects = list(_subjects(unit, day))
    for type, edition in _seen_coming(standards.in_force(day)):
        for first in range(0, len(subjects), BATCH):
            some = subjects[first : first + BATCH]
            known = cases.of_subjects(some, unit=unit, year=year, type=type, procedure=Procedure.NORMAL)
            for (kind, pk), case in known.items():
                own = {award for of, key, award in taken if (of, key) == (kind, pk)}
                yield from ((kind, pk, award) for award in _within_reach(case, own, edition, settings))


def _within_reach(case: Case, proposed: set[str], edition: Edition, settings: list[ConditionSetting]) -> set[str]:
    """What the subject can be proposed for besides; a title may rest on a lower one that is proposed with it."""
    found: set[str] = set()
    while more := {
        rung.award.code
        for rung in ladder(edition, replace(case, proposed=frozenset(proposed | found)), settings, AwardKind)
        if rung.reachable and not rung.held and _known(rung, case)
    } - (proposed | found):
        found |= more
    return found


def _seen_coming(edition: Edition) -> Iterator[tuple[MeritType, Edition]]:
    """The awards that follow from the ledger, by merit or by long service; feats and campaigns are not in it."""
    for type in (MeritType.MERIT, MeritType.LONG_SERVICE):
        suit = {
            code: award
            for code, award in edition.awards.items()
            if (type in award.types or (not award.types and type == MeritType.MERIT))
            and any(conditions_of_the_ledger(award, subject) for subject in award.subjects)
        }
        if suit:
            yield type, replace(edition, awards=suit)


def _known(rung: Rung, case: Case) -> bool:
    """Whether what it asks of the ledger is answered there; a lower title that is proposed with it is an answer."""
    asks = conditions_of_the_ledger(rung.award, case.subject)
    lower = {condition.key for condition in rung.award.conditions if condition.requirement.rule == "held_same_year"}
    return bool(asks) and not any(finding.condition in asks - lower for finding in rung.asking)


def _subjects(unit: Unit, day: date) -> Iterator[Commended]:
    """The people who work in the unit itself, its collectives, and the unit."""
    for posting in Posting.objects.filter(valid_on(day), unit=unit).select_related("person").distinct():
        yield posting.person
    yield from Collective.objects.filter(valid_on(day), unit=unit)
    yield unit


def _proposed(unit: Unit, year: int) -> set[Found]:
    """What somebody has proposed for the year, refused ones too: a refusal is no reason to ask again."""
    rows = Nomination.objects.filter(submission__year=year, unit__path__under=unit.path)
    return {
        _key(n)
        for n in rows.exclude(state=Nomination.State.WITHDRAWN).select_related("person", "collective", "whole_unit")
    }


# --- what becomes of them ---


def open_to(user: User) -> Any:
    """The suggestions that the person may act on: of the units for which they draft."""
    return Suggestion.objects.filter(unit__in=user.units_where("draft_nominations"))


@transaction.atomic
def propose(chosen: Sequence[Suggestion], *, paper: Submission | None, token: UUID, by: User) -> Submission:
    """Put them in a paper of their unit, or in a new one; all of one unit and one year."""
    rows = _locked(chosen, by)
    if len({(row.unit_id, row.year) for row in rows}) != 1:
        raise Refused([_("Mỗi lần chỉ đưa vào tờ trình các gợi ý của một đơn vị, một năm.")])
    unit, year = rows[0].unit, rows[0].year
    if paper is None:
        title = _("Đề nghị khen thưởng năm %s") % year
        paper, _fresh = editing.begin(unit, by=by, token=token, type=MeritType.MERIT, year=year, title=title)
    elif (paper.unit_id, paper.year) != (unit.pk, year):
        raise Refused([_("Tờ trình này của đơn vị khác hoặc của năm khác.")])
    by_award: dict[str, list[Commended]] = defaultdict(list)
    for row in rows:
        by_award[row.award].append(row.subject)
    for award, subjects in by_award.items():
        editing.add(paper, subjects, award, by=by)
    Suggestion.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return paper


@transaction.atomic
def dismiss(chosen: Sequence[Suggestion], *, reason: str, by: User) -> None:
    """Propose them not, with the reason; they are not suggested again."""
    if not reason.strip():
        raise Refused([_("Hãy ghi lý do.")])
    for row in _locked(chosen, by):
        row.dismissed_at, row.dismissed_by, row.dismissed_why = timezone.now(), by, reason.strip()
        row.version += 1
        row.save()
        record(row, "dismiss", by=by, note=row.dismissed_why)


@transaction.atomic
def restore(row: Suggestion, *, by: User) -> None:
    """Suggest it again after all."""
    row = Suggestion.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)
    if not by.may("draft_nominations", row.unit):
        raise PermissionDenied
    row.dismissed_at, row.dismissed_by, row.dismissed_why = None, None, ""
    row.version += 1
    row.save()
    record(row, "suggest_again", by=by)


def _locked(chosen: Iterable[Suggestion], by: User) -> list[Suggestion]:
    """Those chosen, held and as they were seen; somebody may have been quicker."""
    seen = {row.pk: row.version for row in chosen}
    rows = list(Suggestion.objects.select_for_update(of=("self",)).with_subject().filter(pk__in=seen).order_by("pk"))
    if not all(by.may("draft_nominations", row.unit) for row in rows):
        raise PermissionDenied
    if not rows or len(rows) != len(seen) or any(row.version != seen[row.pk] or row.dismissed_at for row in rows):
        raise Refused([OVERTAKEN])
    return rows
