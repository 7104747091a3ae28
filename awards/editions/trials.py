"""Who would be judged otherwise: nominations judged by their own edition and by another, and what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards.editions import tables
from awards.law import standards
from awards.law.rules import Finding
from awards.law.standards import Edition
from awards.law.terms import Result
from awards.models import LawEdition, Nomination, Trial, TrialLine
from awards.nominations.checking.checks import Checked, check_nominations
from portal.days import local_day
from units.models import User

AT_ONCE = 100  # nominations that are judged together
EDITION = "edition"  # the finding that only says which edition it is
Outcome, Rule = TrialLine.Outcome, TrialLine.Rule


@dataclass(frozen=True)
class Difference:
    """How one nomination fares under the other edition, and where the findings part."""

    outcome: str
    said: list[list[str]]


def edition_called(code: str) -> Edition:
    """The edition of that code, a draft too; raises NoEdition."""
    draft = LawEdition.objects.exclude(state=LawEdition.State.DISCARDED).filter(code=code).first()
    return tables.edition_in(draft.text) if draft else standards.edition(code)


def nominations_of(kind: str) -> QuerySet[Nomination]:
    """Those that the office received: all of them, or those that are still under way."""
    received = Nomination.objects.filter(received_at__isnull=False).exclude(edition="")
    return received.filter(state__in=Nomination.ON_THE_WAY) if kind == Trial.Kind.OPEN else received


def differences(nominations: Iterable[Nomination], other: Edition) -> Iterator[tuple[Nomination, Difference | None]]:
    """Each nomination, and how it differs under the other edition; None where it is judged alike."""
    chosen = list(nominations)
    own = check_nominations(chosen)
    for nomination in chosen:
        nomination.judged_by = other
    tried = check_nominations(chosen)
    for nomination in chosen:
        yield nomination, difference(own[nomination.pk], tried[nomination.pk])


def difference(own: Checked, tried: Checked) -> Difference | None:
    """What differs between two judgements of one nomination; the wording of a condition alone is no difference."""
    before, after = ({f.condition: f for f in one.findings if f.condition != EDITION} for one in (own, tried))
    parted = [key for key in {**before, **after} if _weight(before.get(key)) != _weight(after.get(key))]
    if not parted:
        return None
    was, now = _weights(before.values()), _weights(after.values())
    outcome = Outcome.MILDER if now < was else Outcome.STRICTER if now > was else Outcome.OTHER
    return Difference(outcome, [_said(before.get(key), after.get(key)) for key in parted])


def _weight(finding: Finding | None) -> int:
    """How much it stands in the way: nothing, a question, an objection, a bar."""
    if finding is None or finding.result in (Result.PASS, Result.NOT_APPLICABLE):
        return 0
    return 3 if finding.blocks else 2 if finding.result == Result.FAIL else 1


def _weights(findings: Iterable[Finding]) -> tuple[int, ...]:
    """How many bars, objections and questions there are: the fewer, the more favourable."""
    weights = [_weight(finding) for finding in findings]
    return tuple(weights.count(each) for each in (3, 2, 1))


def _said(before: Finding | None, after: Finding | None) -> list[str]:
    asked = after or before
    return [asked.says if asked else "", *(_answer(finding) for finding in (before, after))]


def _answer(finding: Finding | None) -> str:
    if finding is None:
        return _("không đặt ra")
    label = _("Chặn") if finding.blocks else str(finding.result.label)
    return f"{label}. {finding.words}".strip()


# --- kept for the pages ---


def run(edition: Edition, kind: str, *, by: User, version: int, say: Callable[[int, int], None]) -> Trial:
    """Judge all nominations of the kind by both editions and keep what differs, instead of what was kept before."""
    found = nominations_of(kind).exclude(edition=edition.code)
    by_year: dict[int, list[int]] = defaultdict(list)  # what is gathered together is of one year
    for pk, year in found.order_by("submission__year", "pk").values_list("pk", "submission__year"):
        by_year[year].append(pk)
    total, done = sum(map(len, by_year.values())), 0
    lines: list[TrialLine] = []
    for keys in by_year.values():
        for start in range(0, len(keys), AT_ONCE):
            chunk = Nomination.objects.filter(pk__in=keys[start : start + AT_ONCE]).for_checks().order_by("pk")
            for nomination, parted in differences(chunk, edition):
                rule = _rule(nomination, parted, edition) if kind == Trial.Kind.OPEN else Rule.KEEPS
                if parted or rule != Rule.KEEPS:
                    lines.append(_line(nomination, parted, rule))
            done = min(done + AT_ONCE, total)
            say(done, total)
    return _keep(edition, kind, lines, by=by, version=version, judged=total)


@transaction.atomic
def _keep(edition: Edition, kind: str, lines: list[TrialLine], *, by: User, version: int, judged: int) -> Trial:
    Trial.objects.filter(edition=edition.code, kind=kind).delete()
    trial = Trial.objects.create(edition=edition.code, kind=kind, text_version=version, judged=judged, by=by)
    for line in lines:
        line.trial = trial
    TrialLine.objects.bulk_create(lines, batch_size=500)
    return trial


def _line(nomination: Nomination, parted: Difference | None, rule: str) -> TrialLine:
    outcome, said = (parted.outcome, parted.said) if parted else (Outcome.OTHER, [])
    return TrialLine(nomination=nomination, outcome=outcome, said=said, rule=rule, version=nomination.version)


def _rule(nomination: Nomination, parted: Difference | None, edition: Edition) -> str:
    """By which edition an open dossier goes on: that of its receipt, or the new one by its own words."""
    if nomination.received_at and local_day(nomination.received_at) >= edition.valid_from:
        return Rule.SINCE
    favours = edition.transition is not None and edition.transition.more_favourable
    return Rule.FAVOURED if favours and parted and parted.outcome == Outcome.MILDER else Rule.KEEPS
