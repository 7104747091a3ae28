"""Which bonuses a fund still owes, and how much each is: the base salary of the decision's day, integers only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from awards.law import bonus
from awards.law.bonus import Granted
from awards.law.standards import Award, Bonus
from awards.law.terms import AwardKind, Subject
from awards.ledger.books import edition_of, known_awards
from awards.ledger.services import SUITS
from awards.models import BonusPayment, Fund, Level, PastAward
from awards.models.ledger import PastAwardQuerySet, award_label
from awards.models.subjects import KEYS, as_law_has_it
from portal.days import today
from portal.scope import inside, under

# --- which ---


def owed(fund: Fund) -> PastAwardQuerySet:
    """Lines of the ledger whose bonus was not paid: of the fund's unit and of those below that keep no fund.

    What a unit's head decides is paid by the nearest fund, what is decided above by the highest one.
    """
    others = list(Fund.objects.exclude(pk=fund.pk).values_list("unit__path", flat=True))
    lower = [path for path in others if under(path, fund.unit.path)]
    decided_here = Q(level=Level.UNIT) & ~inside(lower, "unit__path")
    highest = not under(fund.unit.path, *others)
    paid = BonusPayment.objects.filter(award=OuterRef("pk"), stands=True)
    return (
        PastAward.objects.within(fund.unit)
        .standing()
        .filter(decided_here | ~Q(level=Level.UNIT) if highest else decided_here)
        .filter(decided_on__year__gte=fund.first_year)
        .exclude(Exists(paid))
    )


def decisions(lines: QuerySet[PastAward]) -> QuerySet[Any, dict[str, Any]]:
    """The decisions in which these lines stand, newest first: number, day, how many lines, one that stands for it."""
    found = lines.order_by().values("decision_number", "decided_on").annotate(count=Count("pk"), line=Min("pk"))
    return found.order_by("-decided_on", "decision_number")


def of_decision(lines: PastAwardQuerySet, line: PastAward) -> PastAwardQuerySet:
    """Those that stand in the same decision as the line."""
    return lines.filter(decision_number=line.decision_number, decided_on=line.decided_on)


# --- how much ---


@dataclass(frozen=True)
class Due:
    """The bonus of one line; None = the edition, or the base salary of the day, is not known."""

    line: PastAward
    tenths: float | None
    salary: int | None
    amount: int | None
    why: str = ""  # it is another than the full amount

    @property
    def times(self) -> float | None:
        """The multiple of the base salary."""
        return None if self.tenths is None else self.tenths / 10


def dues(lines: Sequence[PastAward]) -> list[Due]:
    """What each line pays (Decree 152/2025/NĐ-CP, article 49): of titles of one period only the highest.

    Where a lower title of the period was paid before, the higher pays what is left of it.
    """
    titles = {code for code, award in known_awards().items() if award.kind == AwardKind.TITLE}
    beside = _titles_beside([line for line in lines if line.award in titles], titles)
    paid, reckoned = _paid(beside), {period: _payable(together) for period, together in beside.items()}
    return [
        _due(line, beside[_period(line)], reckoned[_period(line)], paid)
        if line.award in titles
        else _due(line, [line], _payable([line]), paid)
        for line in lines
    ]


def _due(line: PastAward, together: list[PastAward], reckoned: dict[int, int | None], paid: dict[int, int]) -> Due:
    """The line's own, as it was reckoned with the titles of its period."""
    set_at, salary = _bonus(line), bonus.base_salary(line.decided_on) if line.decided_on else None
    tenths = set_at.times(_subject(line)) if set_at else None
    if tenths is None or salary is None:
        return Due(line, tenths, salary, None, _("Cổng chưa có mức thưởng hoặc lương cơ sở của ngày quyết định."))
    amount = reckoned[line.pk] or 0
    if higher := next((title for title in together if not amount and reckoned.get(title.pk)), None):
        told = _("Cùng thời gian đã có danh hiệu được thưởng cao hơn: %s.") % award_label(higher.award)
        return Due(line, tenths, salary, 0, told)
    before = sum(paid.get(title.pk, 0) for title in together)
    told = _("Mức tối đa; thủ trưởng quyết định mức chi.") if set_at and set_at.at_most else ""
    if before:
        told = _("Đã trừ tiền thưởng danh hiệu thấp hơn của cùng thời gian.")
    return Due(line, tenths, salary, max(0, amount - before), told)


def _payable(together: list[PastAward]) -> dict[int, int | None]:
    """What each of these pays, by line; of titles of one period, those that an edition knows."""
    known = [(line, award) for line in together if (award := _award(line)) and line.decided_on]
    granted = [Granted(award, _subject(line), str(line.year), line.decided_on) for line, award in known]
    reckoned = bonus.payable(granted, today())
    return {line.pk: amount for (line, _known), (_one, amount) in zip(known, reckoned, strict=True)}


def _subject(line: PastAward) -> Subject:
    """What the law calls who got it; only a collective is looked at, which may be a household."""
    return as_law_has_it(line.collective) if line.collective else SUITS[line.subject_kind]


def _award(line: PastAward) -> Award | None:
    return edition_of(line.year, line.decided_on).awards.get(line.award)


def _bonus(line: PastAward) -> Bonus | None:
    award = _award(line)
    return award.bonus if award else None


def _titles_beside(lines: Sequence[PastAward], titles: set[str]) -> dict[tuple[Any, ...], list[PastAward]]:
    """Every standing title of the same subjects and years, by subject and year."""
    if not lines:
        return {}
    subjects = Q()
    for key in KEYS.values():
        if ids := {pk for line in lines if (pk := getattr(line, f"{key}_id"))}:
            subjects |= Q(**{f"{key}__in": ids})
    found: dict[tuple[Any, ...], list[PastAward]] = defaultdict(list)
    years = {line.year for line in lines}
    for title in PastAward.objects.standing().filter(subjects, award__in=titles, year__in=years).order_by("pk"):
        found[_period(title)].append(title)
    return found


def _paid(beside: dict[tuple[Any, ...], list[PastAward]]) -> dict[int, int]:
    """What was paid for these titles already."""
    ids = [title.pk for titles in beside.values() for title in titles]
    return dict(BonusPayment.objects.filter(stands=True, award__in=ids).values_list("award", "amount")) if ids else {}


def _period(line: PastAward) -> tuple[Any, ...]:
    return line.person_id, line.collective_id, line.whole_unit_id, line.year
