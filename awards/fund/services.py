"""What is written in a fund's book, and by what rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.fund import dues
from awards.fund.queries import may_keep
from awards.models import BonusPayment, Fund, FundMovement, PastAward
from portal.days import today
from portal.flow import EditConflict, Refused
from portal.models.trail import differences, in_words, record
from portal.text import grouped
from units.models import Unit, User

OPENING = ("first_year", "opening")
LINE = ("kind", "source", "campaign", "amount", "on", "document", "note")


@transaction.atomic
def begin(unit: Unit, *, first_year: int, opening: int, by: User) -> Fund:
    """A fund for the unit, with what stood in it at the beginning of its first year here."""
    if not by.may("keep_fund", unit):
        raise PermissionDenied
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if Fund.objects.filter(unit=unit).exists():
        raise Refused([_("Đơn vị này đã có quỹ trên cổng.")])
    fund = Fund.objects.create(unit=unit, first_year=first_year, opening=opening)
    record(fund, "open_fund", by=by, changes=differences({}, in_words(fund, OPENING)))
    return fund


@transaction.atomic
def correct_opening(fund: Fund, *, first_year: int, opening: int, reason: str, by: User, version: int) -> Fund:
    """Put right what the fund began with; every later balance follows."""
    fund = _locked(fund, by)
    if fund.version != version:
        raise EditConflict(fund)
    if fund.movements.standing().filter(on__lt=date(first_year, 1, 1)).exists():
        raise Refused([_("Sổ quỹ đã có dòng trước năm %s.") % first_year])
    before = in_words(fund, OPENING)
    fund.first_year, fund.opening, fund.version = first_year, opening, fund.version + 1
    fund.save()
    record(fund, "correct_fund", by=by, note=reason, changes=differences(before, in_words(fund, OPENING)))
    return fund


@transaction.atomic
def enter(movement: FundMovement, *, by: User) -> FundMovement:
    """Write one line in the book; the same form sent twice writes one."""
    _locked(movement.fund, by)
    if known := FundMovement.objects.filter(token=movement.token).first():
        return known
    _refuse_day(movement)
    if movement.award is not None:
        _refuse_recovery(movement, movement.award)
    movement.entered_by = by
    movement.save()
    record(movement, "enter_fund", by=by, changes=differences({}, in_words(movement, LINE)))
    return movement


@transaction.atomic
def pay(
    fund: Fund,
    line: PastAward,
    *,
    chosen: Collection[int] | None,
    total: int,
    on: date,
    document: str,
    token: UUID,
    by: User,
) -> FundMovement:
    """Pay the bonuses of the chosen lines of a decision, of all where none are named, in one movement.

    `total` is what the person saw; where the ledger has changed meanwhile, nothing is paid.
    """
    fund = _locked(fund, by)
    if known := FundMovement.objects.filter(token=token).first():
        return known
    rows = dues.of_decision(dues.owed(fund), line).select_for_update(of=("self",))
    found = [due for due in dues.dues(list(rows)) if chosen is None or due.line.pk in chosen]
    payable = [(due.line, due.amount) for due in found if due.amount]
    if not payable:
        raise Refused([_("Không có khoản thưởng nào được chọn để chi.")])
    if sum(amount for _line, amount in payable) != total:
        raise Refused([_("Số tiền vừa thay đổi vì sổ khen thưởng hoặc lương cơ sở thay đổi. Hãy xem lại rồi chi.")])
    movement = FundMovement(fund=fund, kind=FundMovement.Kind.PAID, amount=total, on=on, document=document, token=token)
    movement.note = _("Tiền thưởng theo Quyết định %(number)s ngày %(day)s") % {
        "number": line.decision_number,
        "day": f"{line.decided_on:%d/%m/%Y}",
    }
    if line.decided_on and on < line.decided_on:
        raise Refused([_("Ngày chi không thể ở trước ngày quyết định khen thưởng.")])
    enter(movement, by=by)
    BonusPayment.objects.bulk_create(
        [BonusPayment(movement=movement, award=award, amount=amount) for award, amount in payable]
    )
    return movement


@transaction.atomic
def cancel(movement: FundMovement, *, reason: str, by: User, version: int) -> FundMovement:
    """Strike a wrong line out; the awards it paid are due again."""
    _locked(movement.fund, by)
    movement = FundMovement.objects.select_for_update(of=("self",)).select_related("fund__unit").get(pk=movement.pk)
    if movement.version != version:
        raise EditConflict(movement)
    if movement.cancelled_at:
        raise Refused([_("Dòng này đã được gạch bỏ.")])
    if movement.payments.filter(award__recoveries__cancelled_at=None, award__recoveries__isnull=False).exists():
        raise Refused([_("Một phần tiền thưởng của dòng này đã thu hồi: hãy gạch bỏ dòng thu hồi trước.")])
    movement.cancelled_at, movement.cancelled_by, movement.cancelled_why = timezone.now(), by, reason
    movement.version += 1
    movement.save()
    movement.payments.update(stands=False)
    record(movement, "strike_out", by=by, note=reason)
    return movement


def left_to_recover(award: PastAward) -> int:
    """What was paid for a revoked award and has not come back (Law 06/2022/QH15, article 93)."""
    paid = award.payments.filter(stands=True).aggregate(sum=Sum("amount", default=0))["sum"]
    back = award.recoveries.filter(cancelled_at=None).aggregate(sum=Sum("amount", default=0))["sum"]
    return int(paid - back)


def _refuse_day(movement: FundMovement) -> None:
    if movement.on > today():
        raise Refused([_("Ngày này ở trong tương lai.")])
    if movement.on.year < movement.fund.first_year:
        raise Refused([_("Quỹ ghi trên cổng từ năm %s.") % movement.fund.first_year])


def _refuse_recovery(movement: FundMovement, award: PastAward) -> None:
    award = PastAward.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if not award.revoked_on or not award.payments.filter(stands=True, movement__fund=movement.fund).exists():
        raise Refused([_("Chỉ thu hồi tiền thưởng mà quỹ này đã chi cho khen thưởng bị hủy.")])
    if movement.amount > (left := left_to_recover(award)):
        raise Refused([_("Chỉ còn phải thu hồi %s đồng.") % grouped(left)])


def _locked(fund: Fund, by: User) -> Fund:
    """The fund, held: its lines are written one after another."""
    fund = Fund.objects.select_for_update(of=("self",)).select_related("unit").get(pk=fund.pk)
    if not may_keep(by, fund):
        raise PermissionDenied
    return fund
