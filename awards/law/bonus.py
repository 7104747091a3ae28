"""The money that goes with an award (Decree 152/2025/NĐ-CP, article 49), in whole đồng and integers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from awards.law import standards
from awards.law.standards import Award
from awards.law.terms import AwardKind, Subject

ROUNDED_UP_TO = 10_000


@dataclass(frozen=True)
class Granted:
    """One award that was decided; titles of the same period share one bonus."""

    award: Award
    subject: Subject
    period: str
    decided_on: date | None = None  # where awards of several decisions are reckoned together


def base_salary(on: date) -> int | None:
    """The base salary of the day; None before the first that is known."""
    return standards.figure("base_salary", on)


def amount(tenths: int, salary: int, of: int = 10) -> int:
    """So many tenths (or other parts) of the salary, rounded up to full 10,000 đồng."""
    unit = of * ROUNDED_UP_TO
    return -(-tenths * salary // unit) * ROUNDED_UP_TO


def payable(granted: Iterable[Granted], decided_on: date) -> list[tuple[Granted, int | None]]:
    """What each award pays: of several titles of one period only the highest, every commendation; None = not known."""
    granted = list(granted)
    full = [_full(one, base_salary(one.decided_on or decided_on)) for one in granted]
    paid: dict[str, int] = {}  # by period: the place of the title that pays
    for place, (one, money) in enumerate(zip(granted, full, strict=True)):
        if one.award.kind == AwardKind.TITLE and money is not None:
            best = paid.get(one.period)
            if best is None or money > (full[best] or 0):
                paid[one.period] = place
    return [
        (one, 0 if one.award.kind == AwardKind.TITLE and money is not None and paid[one.period] != place else money)
        for place, (one, money) in enumerate(zip(granted, full, strict=True))
    ]


def _full(one: Granted, salary: int | None) -> int | None:
    if one.award.bonus is None or salary is None:
        return None
    if one.subject == Subject.HOUSEHOLD:
        parts = one.award.bonus.household
        return None if parts is None else amount(parts, salary, of=100)
    tenths = one.award.bonus.tenths(one.subject)
    return None if tenths is None else amount(tenths, salary)
