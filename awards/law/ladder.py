"""Which title a person, collective or unit can reach next, and what is missing for it (section 5.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from awards.law.case import Case
from awards.law.rules import Finding, Setting, judge
from awards.law.standards import Award, Edition
from awards.law.terms import AwardKind, Result
from awards.law.vocabulary import run_of_years

PAPERWORK = {"council_votes", "cluster_votes", "part_present", "published"}  # not a matter of what somebody has done


@dataclass(frozen=True)
class Rung:
    """One title of the ladder for one subject in one year."""

    award: Award
    held: bool
    run: int  # years in a row, up to the year or the one before
    missing: tuple[Finding, ...]

    @property
    def reachable(self) -> bool:
        """Nothing that is known stands in the way."""
        return not self.failing

    @property
    def failing(self) -> list[Finding]:
        """What is known to stand in the way."""
        return [finding for finding in self.missing if finding.result == Result.FAIL]

    @property
    def asking(self) -> list[Finding]:
        """What nobody knows yet, so that a proposal has to show it."""
        return [finding for finding in self.missing if finding.result == Result.EVIDENCE]


def ladder(
    edition: Edition, case: Case, settings: Iterable[Setting] = (), kinds: Collection[AwardKind] = (AwardKind.TITLE,)
) -> list[Rung]:
    """The titles (or other kinds) open to the subject, lowest first, each with what is missing."""
    settings = list(settings)
    awards = [a for a in edition.awards.values() if a.kind in kinds and case.subject in a.subjects]
    awards = [a for a in awards if a.fits(None, case.military)]
    return [_rung(award, edition, case, settings) for award in awards]


def next_rung(rungs: Iterable[Rung]) -> Rung | None:
    """The title above the highest one held; None at the top."""
    rungs = list(rungs)
    held = [place for place, rung in enumerate(rungs) if rung.held]
    above = rungs[max(held) + 1 :] if held else rungs
    return above[0] if above else None


def _rung(award: Award, edition: Edition, case: Case, settings: list[Setting]) -> Rung:
    paperwork = {c.key for c in award.conditions if c.requirement.rule in PAPERWORK} | {"edition"}
    years = {h.year for h in case.held or () if h.code == award.code}
    return Rung(
        award=award,
        held=case.year in years,
        run=max(run_of_years(years, case.year), run_of_years(years, case.year - 1)),
        missing=tuple(
            found
            for found in judge(award, case, edition, settings)
            if found.result in (Result.FAIL, Result.EVIDENCE) and found.condition not in paperwork
        ),
    )
