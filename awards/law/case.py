"""The facts by which one subject is judged for one award: prepared by the caller, read by the rules.

None always means «not known»: a rule then asks for evidence and never guesses.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from awards.law.terms import MeritType, Post, Procedure, RatingLevel, Reach, Subject


@dataclass(frozen=True)
class Held:
    """One past award; `year` is the year of the achievement, not that of the decision."""

    code: str
    year: int
    type: MeritType | None = None
    relied_on: bool = False  # the nomination names it as its ground


@dataclass(frozen=True)
class Idea:
    """One initiative or piece of research that the nomination rests on."""

    reach: Reach
    year: int
    recognised: bool = True
    used_for: str = ""  # a title where a commendation rests on it now, or the other way round, in words
    used_alike: str = ""  # an award of the same kind that this author had for it, in words


@dataclass(frozen=True)
class Discipline:
    """One decision of discipline; `grade` is a value of units' PersonStatus.Grade."""

    grade: str
    decided_on: date
    ended_on: date | None = None
    counted_before: bool = False  # the breach was a ground in an earlier year already


@dataclass(frozen=True)
class Members:
    """The figures of a collective or unit in the year; `holding` counts members by award code."""

    total: int
    holding: Mapping[str, int] = field(default_factory=dict)
    done: int | None = None  # how many completed their tasks
    worst_discipline: str | None = None  # a PersonStatus.Grade; "" = none was disciplined


@dataclass(frozen=True)
class Former:
    """A unit in which the person worked in the year and works no more, with the months there."""

    unit: str
    until: date
    months: int
    key: int | None = None  # of the unit, for whoever asks it


@dataclass(frozen=True)
class Votes:
    """A ballot; `total` counts all members, those absent gave their opinion in writing."""

    yes: int
    total: int

    def reach(self, percent: int) -> bool:
        """Whether at least that share of all members agreed; in integers, so that 8 of 9 is not 90 %."""
        return self.total > 0 and self.yes * 100 >= percent * self.total


def months_employed(joined: date | None, year: int) -> int | None:
    """Whole months of the year in which somebody who joined that day was employed: half a month is none."""
    if joined is None:
        return None
    return whole_months(max(joined, date(year, 1, 1)), date(year, 12, 31))


def whole_months(first: date, last: date) -> int:
    """Whole months from the first day to the last, both counted: 01/06 to 31/08 is three."""
    return months_and_days(first, last)[0]


def months_and_days(first: date, last: date) -> tuple[int, int]:
    """Whole months from the first day to the last, both counted, and the days that are left over."""
    if last < first:
        return 0, 0
    end = last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month - (end.day < first.day)
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    begun = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
    return months, (end - begun).days


def whole_years(since: date | None, on: date) -> int | None:
    """Full years from that day on."""
    if since is None:
        return None
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything the rules may ask about one nomination."""

    on: date  # the day the dossier is received: it names the edition
    year: int  # of the achievement
    subject: Subject
    type: MeritType | None = None
    procedure: Procedure = Procedure.NORMAL

    ratings: Mapping[int, RatingLevel] | None = None
    held: tuple[Held, ...] | None = None
    proposed: frozenset[str] = frozenset()  # codes for which the same submission proposes the same subject
    initiatives: tuple[Idea, ...] | None = None
    achievement_used_for: str | None = None  # "" = for no other award
    disciplines: tuple[Discipline, ...] | None = None
    under_review: bool | None = None

    months_employed: int | None = None  # of the year; 12 for those hired earlier
    months_absent: int | None = None  # whole ones, without what is known to count as work
    days_absent: int = 0  # besides whole months
    absence_counts_as_work: bool = False  # the rest too: maternity, treatment of an injury from combat or rescue
    months_counted: int = 0  # away from work, and counted as work
    months_elsewhere: int = 0  # seconded, at study, in military service: no text that was read counts them for a year
    former: tuple[Former, ...] | None = None
    years_in_sector: int | None = None  # continuous
    service: Mapping[Post, int] | None = None  # months in each post of a leader
    woman: bool | None = None
    retires_later: bool = False  # a woman whose age of retirement is higher
    outside: bool = False  # not of the sector
    military: bool | None = None  # of the military procuracy
    is_head: bool | None = None
    unit_rating: RatingLevel | None = None
    unit_held: frozenset[str] | None = None  # what the head's unit was awarded in the year

    members: Members | None = None
    leads_cluster: bool | None = None
    target_percent: int | None = None  # how much of the approved targets of the year was reached

    votes: Votes | None = None  # of the council of the level that submits
    cluster_votes: Votes | None = None
    parts: frozenset[str] | None = None  # of the dossier
    figures: int | None = None  # achievements stated with a number
    published: bool | None = None  # for the opinion of the public
    confirmed: Mapping[str, bool] = field(default_factory=dict)  # by condition: what a reviewer found
