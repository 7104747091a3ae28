"""How a fund stands: one year's figures, added up in the database, and who may look at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from awards.models import BonusPayment, Fund, FundMovement
from portal.scope import inside
from units.models import Unit, User

M = FundMovement


def readable(user: User) -> QuerySet[Fund]:
    """The funds whose figures this person may see."""
    return Fund.objects.filter(inside(user.paths_where("read_fund"), "unit__path")).select_related("unit")


def may_keep(user: User, fund: Fund) -> bool:
    """Whether the person writes in the fund's book."""
    return user.may("keep_fund", fund.unit)


def without_fund(user: User) -> list[Unit]:
    """The units for which the person may begin one."""
    units = user.units_where("keep_fund")
    have = set(Fund.objects.filter(unit__in=units).values_list("unit", flat=True))
    return [unit for unit in units if unit.pk not in have]


@dataclass(frozen=True)
class CampaignBudget:
    """What was set aside for a campaign, and what has gone out for it."""

    name: str
    budget: int
    spent: int

    @property
    def left(self) -> int:
        return self.budget - self.spent


@dataclass(frozen=True)
class YearSheet:
    """One year of a fund, in whole đồng."""

    year: int
    opening: int
    income: list[tuple[str, int]]  # by source
    paid: int
    spent: int
    recovered: int
    campaigns: list[CampaignBudget]

    @property
    def came_in(self) -> int:
        return sum(amount for _source, amount in self.income)

    @property
    def closing(self) -> int:
        """What is left at the end: what the next year opens with."""
        return self.opening + self.came_in + self.recovered - self.paid - self.spent


def sheet(fund: Fund, year: int) -> YearSheet:
    """The year's figures; struck-out lines count nowhere."""
    lines = fund.movements.standing()
    before = _balance(lines.filter(on__lt=date(year, 1, 1)))
    this = lines.filter(on__year=year)
    by_kind = {
        (row["kind"], row["source"]): row["total"]
        for row in this.order_by().values("kind", "source").annotate(total=Sum("amount"))
    }
    total = lambda kind: sum(amount for (of, _source), amount in by_kind.items() if of == kind)  # noqa: E731
    return YearSheet(
        year,
        fund.opening + before,
        [
            (str(source.label), by_kind[M.Kind.INCOME, source])
            for source in M.Source
            if (M.Kind.INCOME, source) in by_kind
        ],
        total(M.Kind.PAID),
        total(M.Kind.SPENT),
        total(M.Kind.RECOVERED),
        list(_budgets(this.exclude(campaign=None))),
    )


def _balance(lines: QuerySet[FundMovement]) -> int:
    sums = lines.aggregate(
        came=Sum("amount", filter=Q(kind__in=M.INTO), default=0),
        went=Sum("amount", filter=Q(kind__in=M.OUT), default=0),
    )
    return int(sums["came"] - sums["went"])


def _budgets(lines: QuerySet[FundMovement]) -> Iterable[CampaignBudget]:
    rows: QuerySet[Any, dict[str, Any]] = (
        lines.order_by()
        .values("campaign", "campaign__title")
        .annotate(
            budget=Sum("amount", filter=Q(kind=M.Kind.BUDGET), default=0),
            spent=Sum("amount", filter=Q(kind__in=M.OUT), default=0),
        )
        .order_by("campaign__title", "campaign")
    )
    return (CampaignBudget(row["campaign__title"], row["budget"], row["spent"]) for row in rows)


def to_recover(fund: Fund) -> QuerySet[BonusPayment]:
    """What the fund paid for awards that were revoked since and has not got back; annotated `left`."""
    back = FundMovement.objects.standing().filter(award=OuterRef("award")).order_by().values("award")
    returned = Coalesce(Subquery(back.annotate(sum=Sum("amount")).values("sum")), 0)
    found = BonusPayment.objects.filter(movement__fund=fund, stands=True, award__revoked_on__isnull=False)
    names = (f"award__{key}" for key in ("person", "collective", "whole_unit", "unit"))
    return found.annotate(left=F("amount") - returned).filter(left__gt=0).select_related(*names)
