"""Made-up past awards, ratings and initiatives for the demo's people; loading again adds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from django.db import transaction

from awards.fund import services as funds
from awards.initiatives import services as initiatives
from awards.ledger import books
from awards.ledger import services as ledger
from awards.models import FundMovement, Initiative, Level, PastAward, Rating
from awards.suggestions import services as suggestions
from portal.days import today
from units.models import Person, Unit, User

NOTE = "Dữ liệu minh hoạ"


@transaction.atomic
def load(accounts: dict[str, User], code: Callable[[str], str]) -> None:
    """A book with years in a row, one with a gap, a unit's, and two initiatives.

    `code` gives the code that a unit of today bears in the hierarchy that the demo stands in.
    """
    if PastAward.objects.exists() or Initiative.objects.exists():
        return
    office, this = accounts["office"], today().year
    hue, hanoi = Unit.objects.get(code=code("T46.25")), Unit.objects.get(code=code("T01.25"))
    steady, broken = (_whose(accounts[f"officer.{unit.code}"]) for unit in (hue, hanoi))
    for years_ago in (4, 3, 2, 1):
        _awarded(steady, hue, "LDTT", this - years_ago, office)
        _rated(steady, hue, this - years_ago, Rating.Grade.EXCELLENT, office)
    for years_ago in (3, 2, 1):
        _awarded(steady, hue, "CSTDCS", this - years_ago, office)
    for years_ago in (4, 2, 1):
        _awarded(broken, hanoi, "LDTT", this - years_ago, office)
        _rated(broken, hanoi, this - years_ago, Rating.Grade.GOOD, office)
    _awarded(hue, hue, "TTLDXS", this - 1, office)
    _awarded(hue, hue, "BK_VT", this - 1, office)
    _rated(hue, hue, this - 1, Rating.Grade.EXCELLENT, office)
    _initiatives(accounts, hue, steady)
    _fund(hue, accounts[f"head.{hue.code}"])
    suggestions.refresh_unit(hue, today())


def _fund(unit: Unit, head: User) -> None:
    """The unit's fund: what stood in it, what came in, the bonuses of last year's decisions still due."""
    this = today().year
    fund = funds.begin(unit, first_year=this - 1, opening=25_000_000, by=head)
    for source, amount, document in (
        (FundMovement.Source.STATE, 60_000_000, "Dự toán số 12 (minh hoạ)"),
        (FundMovement.Source.GIVEN, 5_000_000, "Phiếu thu số 3 (minh hoạ)"),
    ):
        line = FundMovement(fund=fund, kind=FundMovement.Kind.INCOME, source=source, amount=amount)
        line.on, line.document, line.token = date(this, 1, 15), document, uuid4()
        funds.enter(line, by=head)


def _whose(account: User) -> Person:
    """The person behind an account of the demo: each has one."""
    if account.person is None:
        raise LookupError(account.username)
    return account.person


def _awarded(subject: Person | Unit, unit: Unit, award: str, year: int, by: User) -> None:
    line = PastAward(
        **{"person" if isinstance(subject, Person) else "whole_unit": subject},
        unit=unit,
        award=award,
        year=year,
        decision_number=f"{year % 100}{len(award)}/QĐ-MH",
        decided_on=date(year, 12, 25),
        decided_by=f"Thủ trưởng {unit.short_name}" if books.level_of(award) == Level.UNIT else "Viện trưởng",
        note=NOTE,
    )
    ledger.enter(line, by=by, today=today())


def _rated(subject: Person | Unit, unit: Unit, year: int, grade: str, by: User) -> None:
    key = "person" if isinstance(subject, Person) else "whole_unit"
    ledger.rate(Rating(**{key: subject}, unit=unit, year=year, grade=grade, document=NOTE), by=by)


def _initiatives(accounts: dict[str, User], unit: Unit, author: Person) -> None:
    """One recognised within its unit, one still waiting for the office."""
    day = date(today().year - 1, 3, 1)
    head = accounts[f"head.{unit.code}"]
    known = Initiative(
        unit=unit,
        title="Số hóa hồ sơ kiểm sát án hình sự tại VKSND khu vực (minh hoạ)",
        summary="Rút ngắn thời gian nghiên cứu hồ sơ, bảo quản bản gốc.",
        first_applied_on=day,
        applied_for_on=date(day.year, 6, 1),
    )
    initiatives.register(known, {author: 60, _whose(head): 40}, by=head)
    document = {
        "recognition_number": "45/QĐ-MH",
        "recognised_on": date(day.year, 9, 1),
        "recognised_by": f"Thủ trưởng {unit.short_name}",
    }
    initiatives.recognise(known, "recognise", document, by=head, version=known.version)
    waiting = Initiative(
        unit=unit,
        title="Quy trình số hóa hồ sơ kiểm sát án dân sự (minh hoạ)",
        kind=Initiative.Kind.PROJECT,
        scope=Level.SECTOR,
        first_applied_on=day,
        applied_for_on=date(day.year + 1, 5, 1),
    )
    initiatives.register(waiting, {author: None}, by=head)
