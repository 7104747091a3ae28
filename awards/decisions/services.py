"""The verbs that write in a decision before it is issued."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from awards.decisions.queries import decidable, decided_by
from awards.law import standards
from awards.law.terms import Authority
from awards.models import Decision, DecisionFile, DecisionLine, PastAward
from portal.days import today
from portal.files import stored
from portal.flow import EditConflict, Refused
from portal.models.trail import differences, in_words, record
from portal.text import grouped
from units.models import Unit, User

WORDS = ("title", "number", "dated", "issuer", "signatory", "bases", "reason")
MAX_FILES = 5


def may_prepare(user: User, decision: Decision) -> bool:
    """Whether the person writes in decisions of its unit."""
    return user.may("prepare_decisions", decision.unit)


@transaction.atomic
def begin(unit: Unit, *, title: str, by: User, token: UUID) -> Decision:
    """A draft with the bases and the issuer that the law in force proposes; the same form sent twice makes one."""
    if not by.may("prepare_decisions", unit):
        raise PermissionDenied
    proposed = {"unit": unit, "title": title, "issuer": issuer_of(unit), "bases": proposed_bases(), "created_by": by}
    decision, fresh = Decision.objects.get_or_create(token=token, defaults=proposed)
    if fresh:
        record(decision, "create", by=by, note=title)
    return decision


@transaction.atomic
def annul(earlier: Decision, *, by: User, token: UUID) -> Decision:
    """A draft that annuls what the earlier one gave and what still stands of it."""
    if not by.may("prepare_decisions", earlier.unit):
        raise PermissionDenied
    if earlier.state != Decision.State.ISSUED or earlier.annuls_id:
        raise Refused([_("Chỉ hủy quyết định khen thưởng đã ban hành.")])
    title = (_("Hủy Quyết định số %(number)s ngày %(day)s") % told(earlier))[:300]
    made = {"unit": earlier.unit, "title": title, "issuer": earlier.issuer, "bases": proposed_bases()}
    decision, fresh = Decision.objects.get_or_create(
        token=token, defaults={**made, "annuls": earlier, "created_by": by}
    )
    if fresh:
        given = PastAward.objects.standing().filter(decision_lines__decision=earlier).order_by("pk")
        DecisionLine.objects.bulk_create([DecisionLine(decision=decision, past_award=award) for award in given])
        record(decision, "create", by=by, note=title)
    return decision


def told(decision: Decision) -> dict[str, str]:
    """Number and day, for words."""
    return {"number": decision.number, "day": f"{decision.dated:%d/%m/%Y}" if decision.dated else ""}


def issuer_of(unit: Unit) -> str:
    """Who decides for the unit, as decisions name it."""
    if unit.parent_id is None:
        return str(Authority.PROSECUTOR_GENERAL.label)
    return _("Thủ trưởng %s") % unit.name_vi


def proposed_bases() -> str:
    """The documents of the edition in force that bind everybody, one on each line."""
    documents = standards.in_force(today()).documents.values()
    return "\n".join(f"Căn cứ {document.name_vi}" for document in documents if document.articles)


@transaction.atomic
def write(decision: Decision, *, by: User, version: int, **words: Any) -> Decision:
    """Put what the form holds into the draft; number and day also while it is being signed."""
    decision = _locked(decision, by)
    if decision.version != version:
        raise EditConflict(decision)
    if not decision.editable and decision.state != Decision.State.SIGNING:
        raise Refused([_("Quyết định này không sửa được nữa.")])
    before = in_words(decision, WORDS)
    for name, value in words.items():
        if decision.editable or name in ("number", "dated", "signatory"):
            setattr(decision, name, value)
    if changed := differences(before, in_words(decision, WORDS)):
        decision.version += 1
        decision.save()
        record(decision, "edit", by=by, changes=changed)
    return decision


@transaction.atomic
def add(decision: Decision, nominations: Iterable[int], *, by: User) -> int:
    """Put nominations into the draft, those that can be decided now; returns how many."""
    decision = _draft(decision, by)
    if decision.annuls_id:
        raise Refused([_("Quyết định hủy không thêm trường hợp mới.")])
    rows = list(decidable(decision.unit).select_for_update(of=("self",)).filter(pk__in=nominations).order_by("pk"))
    kinds = {decided_by(n.award) for n in rows} | {decided_by(a) for a in _awards(decision)}
    if len(kinds) > 1:
        raise Refused(
            [_("Các trường hợp thuộc thẩm quyền của nhiều cấp: mỗi quyết định chỉ gồm những trường hợp của một cấp.")]
        )
    try:
        with transaction.atomic():
            DecisionLine.objects.bulk_create([DecisionLine(decision=decision, nomination=n) for n in rows])
    except IntegrityError as error:
        raise Refused([_("Một số trường hợp vừa được đưa vào quyết định khác. Hãy xem lại danh sách.")]) from error
    _step(decision)
    record(decision, "add_cases", by=by, note=grouped(len(rows)))
    return len(rows)


def _awards(decision: Decision) -> set[str]:
    return {award for award in decision.lines.values_list("nomination__award", flat=True) if award}


@transaction.atomic
def remove(line: DecisionLine, *, by: User) -> None:
    """Take one case out of the draft; it can be decided by another one."""
    decision = _draft(line.decision, by)
    record(decision, "remove_case", by=by, note=str(line.what.subject_name))
    line.delete()
    _step(decision)


def attach(decision: Decision, file: Any, *, by: User) -> DecisionFile:
    """Keep the signed paper."""
    brought = stored.look_into(file)
    with transaction.atomic():
        decision = _locked(decision, by)
        if decision.state != Decision.State.SIGNING:
            raise Refused([_("Bản ký được đính kèm khi quyết định đang trình ký.")])
        full = _("Mỗi quyết định có tối đa %s tệp.") % MAX_FILES
        return stored.keep(
            DecisionFile(decision=decision), brought, among=decision.files.all(), limit=MAX_FILES, full=full, by=by
        )


def _step(decision: Decision) -> None:
    decision.version += 1
    decision.save()


def _draft(decision: Decision, by: User) -> Decision:
    decision = _locked(decision, by)
    if not decision.editable:
        raise Refused([_("Quyết định này không sửa được nữa.")])
    return decision


def _locked(decision: Decision, by: User) -> Decision:
    decision = Decision.objects.select_for_update(of=("self",)).select_related("unit").get(pk=decision.pk)
    if not may_prepare(by, decision):
        raise PermissionDenied
    return decision
