"""Which award a subject could be proposed for next, and what is missing: the catalogue asked about the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from awards.law import standards
from awards.law.case import Case, Discipline, Held, Idea, months_employed, whole_years
from awards.law.ladder import Rung, ladder
from awards.law.standards import Award, Edition
from awards.law.terms import AwardKind, MeritType, RatingLevel, Reach, Subject
from awards.law.vocabulary import Requirement
from awards.ledger.books import Book
from awards.ledger.services import SUITS
from awards.models import ConditionSetting, Initiative, Level, Rating
from units.models import Person, PersonStatus

# rules that look back at what was achieved; an award without one of them cannot be seen coming
OF_THE_LEDGER = frozenset(
    {"rated", "rated_in_a_row", "held_same_year", "held_in_a_row", "held_times", "never_held", "served"}
)


@dataclass(frozen=True)
class Prospects:
    edition: Edition
    covered: bool  # whether the edition is complete for the day
    near: list[Rung]
    unknown: list[Award]  # what they ask is not in the ledger


def prospects(book: Book, *, on: date, year: int, private: bool) -> Prospects:
    """Every award the subject may be proposed for by merit, the nearest first.

    `private` says whether the reader may know what only the person's own unit knows (units.people.privacy).
    """
    edition = standards.in_force(on)
    case = case_of(book, on=on, year=year, private=private)
    settings = ConditionSetting.objects.filter(edition=edition.code)
    rungs = [rung for rung in ladder(edition, case, settings, AwardKind) if not rung.held]
    near = [rung for rung in rungs if conditions_of_the_ledger(rung.award, case.subject)]
    unknown = [rung.award for rung in rungs if rung not in near]
    return Prospects(edition, edition.covers(on), sorted(near, key=lambda rung: len(rung.failing)), unknown)


def conditions_of_the_ledger(award: Award, subject: Subject) -> set[str]:
    """The conditions that concern this kind of subject and ask what the ledger holds, by key."""
    return {
        condition.key
        for condition in award.conditions
        if not condition.subjects or subject in condition.subjects
        if any(need.rule in OF_THE_LEDGER for need in _needs(condition.requirement))
    }


def _needs(requirement: Requirement) -> list[Requirement]:
    """What it asks; of one that can be met in several ways, all of them."""
    options = requirement.params.get("options")
    return [need for way in options.ways for need in way] if options else [requirement]


def case_of(book: Book, *, on: date, year: int, private: bool) -> Case:
    """What the ledger and the person's record answer; the rest stays unknown, and a rule asks for evidence."""
    case = Case(
        on=on,
        year=year,
        subject=SUITS[book.kind],
        type=MeritType.MERIT,
        ratings={r.year: RatingLevel[Rating.Grade(r.grade).name] for r in book.ratings},
        held=tuple(Held(r.award, r.year, MeritType(r.type) if r.type else None) for r in book.counted),
    )
    if not isinstance(book.subject, Person):
        return case
    ideas = tuple(
        Idea(Reach[Level(i.scope).name], i.recognised_on.year)
        for i in book.initiatives
        if i.state == Initiative.State.RECOGNISED and i.recognised_on
    )
    case = replace(case, initiatives=ideas)
    return _with_record(case, book.subject) if private else case


def _with_record(case: Case, person: Person) -> Case:
    """With what the record says of service and discipline."""
    statuses = list(person.statuses.all())
    return replace(
        case,
        disciplines=tuple(
            Discipline(s.grade, s.valid_from, s.valid_to) for s in statuses if s.kind == PersonStatus.Kind.DISCIPLINED
        ),
        under_review=any(
            s.kind in PersonStatus.FREEZING and s.valid_from <= case.on <= (s.valid_to or case.on) for s in statuses
        ),
        months_employed=months_employed(person.joined_on, case.year),
        years_in_sector=whole_years(person.joined_on, case.on),
    )
