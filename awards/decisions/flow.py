"""The steps of a decision: written, put for signing, issued or dropped, and what issuing does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.decisions import letters
from awards.decisions.queries import HERE, authorities, lines_for_issue
from awards.initiatives import services as initiatives
from awards.ledger import services as ledger
from awards.ledger.books import level_of
from awards.models import Decision, DecisionLine, DecisionReceipt, Initiative, Nomination, PastAward
from awards.models.subjects import key_of_subject
from awards.nominations import flow as nominations
from portal.days import today
from portal.flow import Flow, Refused, Step
from portal.models.trail import record
from units.models import User

D = Decision.State
SAID_EVERY = 25


def _unready(decision: Decision) -> Iterator[Any]:
    """What a decision lacks before it can be signed."""
    if not decision.lines.exists():
        yield _("Quyết định chưa có trường hợp nào.")
    if not decision.bases.strip():
        yield _("Hãy ghi căn cứ ban hành.")
    if decision.annuls_id and not decision.reason.strip():
        yield _("Hãy ghi lý do hủy.")
    if len(authorities(decision)) > 1:
        yield _("Các trường hợp thuộc thẩm quyền của nhiều cấp: mỗi quyết định chỉ gồm những trường hợp của một cấp.")


def _not_issuable(decision: Decision) -> Iterator[Any]:
    yield from _unready(decision)
    if not decision.number or not decision.dated:
        yield _("Hãy ghi số và ngày quyết định.")
    elif decision.dated > today():
        yield _("Ngày quyết định ở trong tương lai.")
    else:
        held = decision.lines.filter(nomination__submission__council_on__gt=decision.dated)
        if held.exists():
            yield _("Ngày quyết định ở trước ngày họp Hội đồng của một số trường hợp.")
        if decision.annuls and decision.annuls.dated and decision.dated < decision.annuls.dated:
            yield _("Ngày quyết định ở trước ngày của quyết định bị hủy.")
    if not decision.files.filter(removed_at=None).exists():
        yield _("Hãy đính kèm bản đã ký (bản quét hoặc tệp ký số).")


def _send(decision: Decision, by: User, note: str) -> None:
    decision.sent_by = by


def _drop(decision: Decision, by: User, note: str) -> None:
    decision.lines.update(stands=False)


def _issue(decision: Decision, by: User, note: str) -> None:
    decision.issued_at = timezone.now()


DECISION = Flow(
    (
        Step(
            "send_to_sign",
            _("Trình ký"),
            (D.DRAFT,),
            D.SIGNING,
            "prepare_decisions",
            objections=_unready,
            effect=_send,
        ),
        Step(
            "back_to_draft",
            _("Chuyển lại để sửa"),
            (D.SIGNING,),
            D.DRAFT,
            "prepare_decisions",
            needs_note=True,
            tone="warning",
        ),
        Step(
            "issue",
            _("Ghi là đã ban hành"),
            (D.SIGNING,),
            D.ISSUED,
            "issue_decisions",
            objections=_not_issuable,
            effect=_issue,
            tone="success",
            asks=_(
                "Khen thưởng được ghi ngay vào sổ và báo cho đơn vị. "
                "Quyết định đã ban hành chỉ được hủy bằng một quyết định khác."
            ),
        ),
        Step(
            "drop_decision",
            _("Bỏ dự thảo"),
            (D.DRAFT,),
            D.DROPPED,
            "prepare_decisions",
            needs_note=True,
            tone="danger",
            effect=_drop,
        ),
    )
)


@transaction.atomic
def take(
    name: str,
    decision: Decision,
    *,
    by: User,
    version: int,
    note: str = "",
    say: Callable[[int, int], None] = lambda done, total: None,
) -> Decision:
    """Move the decision one step; issuing enters every award in the ledger in the same transaction.

    Raises Refused with the reasons of each line that cannot go, and then nothing has changed.
    """
    if name == "issue" and decision.sent_by_id == by.pk:
        raise Refused([_("Người trình ký không tự ghi là đã ban hành: cần người thứ hai.")])
    try:
        decision = DECISION.take(name, decision, by=by, note=note, version=version)
    except IntegrityError as error:
        raise Refused([_("Số quyết định này đã được dùng trong cùng ngày.")]) from error
    if name == "issue":
        _annul(decision, by) if decision.annuls_id else _award(decision, by, say)
        letters.tell_of_issue(decision)
    return decision


def _award(decision: Decision, by: User, say: Callable[[int, int], None]) -> None:
    """Every nomination is decided, every award stands in the ledger, initiatives are used up."""
    lines = lines_for_issue(decision)
    chosen = {line.nomination.pk: line for line in lines if line.nomination}
    steps: dict[str, list[Nomination]] = {"decide": [], "decide_here": []}
    for nomination in [line.nomination for line in lines if line.nomination]:
        steps["decide_here" if nomination.state in HERE else "decide"].append(nomination)
    for name, some in steps.items():
        nominations.move(name, some, by=by, versions={n.pk: n.version for n in some}, say=say)
    refusals: list[str] = []
    for done, line in enumerate(chosen.values()):
        if done and not done % SAID_EVERY:
            say(done, len(chosen))
        try:
            _enter(decision, line, by)
        except Refused as refusal:
            refusals += [f"{line.what.subject_name}: {words}" for words in refusal.objections]
    if refusals:
        raise Refused(refusals)
    units = {line.nomination.unit_id for line in chosen.values() if line.nomination}
    DecisionReceipt.objects.bulk_create([DecisionReceipt(decision=decision, unit_id=pk) for pk in sorted(units)])


def _enter(decision: Decision, line: DecisionLine, by: User) -> None:
    n = line.nomination
    assert n is not None  # noqa: S101 -- a decision that annuls nothing has nominations
    award = PastAward(
        **{key_of_subject(n.subject): n.subject},
        unit=n.unit,
        award=n.award,
        year=n.submission.year,
        type=n.submission.type,
        level=level_of(n.award),
        decision_number=decision.number,
        decided_on=decision.dated,
        decided_by=decision.issuer,
        note=n.summary[:500],
        source=PastAward.Source.DECIDED,
    )
    line.past_award = ledger.enter(award, by=by, today=today())
    line.save(update_fields=["past_award"])
    for idea in n.initiatives.filter(state=Initiative.State.RECOGNISED):
        if not initiatives.barring(idea, line.past_award):
            initiatives.consume(idea, line.past_award, by=by)


def _annul(decision: Decision, by: User) -> None:
    """The awards that it names are revoked in the ledger (Law 06/2022/QH15, article 93)."""
    day = decision.dated
    assert day is not None  # noqa: S101 -- what has no day is not issued
    units = set()
    for award in PastAward.objects.filter(decision_lines__decision=decision).order_by("pk"):
        ledger.revoke(award, number=decision.number, day=day, why=decision.reason, by=by, version=award.version)
        units.add(award.unit_id)
    DecisionReceipt.objects.bulk_create([DecisionReceipt(decision=decision, unit_id=pk) for pk in sorted(units)])


@transaction.atomic
def confirm(receipt: DecisionReceipt, *, by: User) -> None:
    """The unit has received the decision; said once."""
    stored = DecisionReceipt.objects.select_for_update(of=("self",)).select_related("decision").get(pk=receipt.pk)
    if stored.confirmed_at is None:
        stored.confirmed_by, stored.confirmed_at = by, timezone.now()
        stored.save()
        record(stored.decision, "confirm_receipt", by=by, note=str(stored.unit))
