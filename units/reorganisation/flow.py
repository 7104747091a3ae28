"""How a reorganisation moves, who may move it, and the verbs that write in a draft."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.flow import Flow, Refused, Step
from portal.models import Entry
from portal.models.trail import differences, record
from portal.notices.services import notify, told
from portal.text import grouped
from units.access.holders import people_over
from units.access.second_person import why_dependent
from units.models import Reorganisation, ReorganisationStep, Unit, User
from units.reorganisation import execute
from units.reorganisation.outcome import Outcome

logger = logging.getLogger(__name__)

S = Reorganisation.State
WROTE = ("create", "edit", "upload")
HEAD = ("title", "document_number", "document_date", "document_issuer", "effective_on", "note", "unit")


def drafters(reorganisation: Reorganisation) -> set[int]:
    """Whoever had a hand in the draft: none of them approves it."""
    wrote = Entry.objects.about(reorganisation).filter(verb__in=WROTE).values_list("by_id", flat=True)
    return {pk for pk in (reorganisation.by_id, reorganisation.submitted_by_id, *wrote) if pk is not None}


@dataclass(frozen=True)
class AdministratorStep(Step):
    """A step of whoever administers the scope; the day itself (no person) may only execute."""

    action: str = "reorganise"
    second: bool = False  # only by somebody who had no hand in the draft

    def allowed_to(self, user: Any, subject: Any) -> bool:
        if user is None:
            return self.name == "execute"
        return super().allowed_to(user, subject) and not (self.second and user.pk in drafters(subject))


def objections(reorganisation: Reorganisation) -> Iterable[Any]:
    """Why it may not be done: the document, the plan as a whole, other plans that wait for the same units."""
    if not reorganisation.single and not (reorganisation.document_number and reorganisation.document_issuer):
        yield gettext("Hãy ghi văn bản làm căn cứ: số và cơ quan ban hành.")
    yield from execute.outcome_of(reorganisation).objections
    mine = _named(reorganisation)
    for other in Reorganisation.objects.waiting().exclude(pk=reorganisation.pk).prefetch_related("steps"):
        if both := sorted(mine[code] for code in mine.keys() & _named(other)):
            yield gettext("Phương án «%(title)s» đã duyệt cũng thay đổi %(codes)s; hãy hủy một trong hai.") % {
                "title": other.title,
                "codes": ", ".join(both[:10]),
            }


def needs_second(steps: Iterable[ReorganisationStep], ended: list[Unit]) -> bool:
    """Whether one change takes a second administrator: units end for good, and people or papers hang on them."""
    ends = any(step.kind in (ReorganisationStep.Kind.MERGE, ReorganisationStep.Kind.DISSOLVE) for step in steps)
    return ends and bool(execute.affected_by(ended))


def _alone(reorganisation: Reorganisation) -> Iterable[Any]:
    """Why one administrator may not do it alone."""
    yield from objections(reorganisation)
    yield from _unheard(reorganisation, execute.outcome_of(reorganisation))


def _unheard(reorganisation: Reorganisation, outcome: Outcome) -> Iterable[Any]:
    """What no second administrator has approved and has to: the unit may have got people since it was decided."""
    alone = reorganisation.approved_by_id in (None, reorganisation.by_id)
    if reorganisation.single and alone and needs_second(reorganisation.steps.all(), outcome.ended):
        yield gettext("Đơn vị kết thúc còn cán bộ, vai trò hoặc hồ sơ: cần một quản trị khác duyệt.")


def _named(reorganisation: Reorganisation) -> dict[str, str]:
    """The codes of its steps as they are written, found whatever their case."""
    return {c.casefold(): c for step in reorganisation.steps.all() for c in [*step.sources, step.code] if c}


def _tell(reorganisation: Reorganisation, people: Iterable[User | None], occasion: str, words: Any) -> None:
    notify(
        {p.pk: p for p in people if p is not None}.values(),
        key=f"reorganisation:{reorganisation.pk}:{reorganisation.version}:{occasion}",
        kind="reorganisation",
        subject_key=f"reorganisation:{reorganisation.pk}",
        url=reorganisation.get_absolute_url(),
        words=words,
    )


def _day(reorganisation: Reorganisation) -> str:
    return f"{reorganisation.effective_on:%d/%m/%Y}"


def _submit(reorganisation: Reorganisation, by: User, note: str) -> None:
    reorganisation.submitted_by = by
    others = [u for u in people_over(reorganisation.unit, "reorganise") if u.pk not in drafters(reorganisation)]
    _tell(
        reorganisation,
        others,
        "submitted",
        lambda: (
            gettext("Phương án sắp xếp chờ duyệt: %s") % reorganisation.title,
            gettext("%(who)s gửi phương án có hiệu lực từ %(day)s. Cần một quản trị khác duyệt.")
            % {"who": by, "day": _day(reorganisation)},
        ),
    )


def _return(reorganisation: Reorganisation, by: User, note: str) -> None:
    reorganisation.single = False  # what comes back is written on as a plan
    _tell(
        reorganisation,
        [reorganisation.by, reorganisation.submitted_by],
        "returned",
        lambda: (gettext("Phương án được trả lại: %s") % reorganisation.title, gettext("Lý do: %s") % note),
    )


def _apply(reorganisation: Reorganisation, by: User, note: str) -> None:
    reorganisation.approved_by, reorganisation.approved_at = by, timezone.now()


def _approve(reorganisation: Reorganisation, by: User, note: str) -> None:
    if said := why_dependent(by, of=drafters(reorganisation)):
        raise Refused([said])
    _apply(reorganisation, by, note)
    _tell(
        reorganisation,
        [reorganisation.by, reorganisation.submitted_by],
        "approved",
        lambda: (
            gettext("Phương án đã được duyệt: %s") % reorganisation.title,
            gettext("Phương án được thực hiện tự động vào đầu ngày %s.") % _day(reorganisation),
        ),
    )


def _execute(reorganisation: Reorganisation, by: User | None, note: str) -> None:
    if unheard := list(_unheard(reorganisation, execute.outcome_of(reorganisation))):
        raise Refused(unheard)
    execute.execute(reorganisation, by or reorganisation.approved_by)
    reorganisation.executed_at = timezone.now()
    _tell(
        reorganisation,
        [reorganisation.by, reorganisation.submitted_by, reorganisation.approved_by],
        "executed",
        lambda: (
            gettext("Phương án đã được thực hiện: %s") % reorganisation.title,
            gettext("%(ended)s đơn vị kết thúc, %(begun)s đơn vị bắt đầu từ %(day)s.")
            % {
                "ended": grouped(len(reorganisation.effects["ended"])),
                "begun": grouped(len(reorganisation.effects["begun"])),
                "day": _day(reorganisation),
            },
        ),
    )


def _undo(reorganisation: Reorganisation, by: User, note: str) -> None:
    execute.undo(reorganisation, by)
    reorganisation.executed_at = None
    _tell_all(reorganisation, by, "undone", _("Phương án đã được hoàn tác: %s"), note)


def _cancel(reorganisation: Reorganisation, by: User, note: str) -> None:
    _tell_all(reorganisation, by, "cancelled", _("Phương án bị hủy: %s"), note)


def _tell_all(reorganisation: Reorganisation, by: User, occasion: str, title: Any, note: str) -> None:
    """Whoever was told anything of it hears that it is off."""
    had = [u for u in told(f"reorganisation:{reorganisation.pk}", "reorganisation") if u.pk != by.pk]
    said = lambda: (title % reorganisation.title, gettext("Lý do: %s") % note)  # noqa: E731 -- in the reader's language
    _tell(reorganisation, had, occasion, said)


def _reopen(reorganisation: Reorganisation, by: User | None, note: str) -> None:
    reorganisation.submitted_by = reorganisation.approved_by = reorganisation.approved_at = None
    reorganisation.single = False


REORGANISATION = Flow(
    (
        AdministratorStep("submit", _("Gửi duyệt"), (S.DRAFT,), S.SUBMITTED, objections=objections, effect=_submit),
        AdministratorStep(
            "approve",
            _("Duyệt"),
            (S.SUBMITTED,),
            S.APPROVED,
            objections=objections,
            effect=_approve,
            second=True,
            tone="success",
        ),
        AdministratorStep(
            "apply",  # one change of the tree editor
            _("Áp dụng"),
            (S.DRAFT,),
            S.APPROVED,
            objections=_alone,
            effect=_apply,
            open_if=lambda r: r.single,
        ),
        AdministratorStep(
            "execute",
            _("Thực hiện ngay"),
            (S.APPROVED,),
            S.EXECUTED,
            effect=_execute,
            open_if=lambda r: r.due,
            tone="success",
        ),
        AdministratorStep(
            "return", _("Trả lại"), (S.SUBMITTED,), S.DRAFT, effect=_return, needs_note=True, tone="warning"
        ),
        AdministratorStep(
            "undo", _("Hoàn tác"), (S.EXECUTED,), S.UNDONE, effect=_undo, needs_note=True, tone="warning"
        ),
        AdministratorStep("reopen", _("Mở lại để soạn tiếp"), (S.UNDONE, S.CANCELLED), S.DRAFT, effect=_reopen),
        AdministratorStep(
            "cancel",
            _("Hủy phương án"),
            (S.DRAFT, S.SUBMITTED, S.APPROVED),
            S.CANCELLED,
            effect=_cancel,
            needs_note=True,
            tone="danger",
        ),
    )
)


# --- the verbs of a draft ---


@transaction.atomic
def create(*, by: User, **fields: Any) -> Reorganisation:
    """A draft without steps, over a unit that the person administers."""
    if not by.may("reorganise", fields["unit"]):
        raise PermissionDenied
    made = Reorganisation.objects.create(by=by, **fields)
    record(made, "create", by=by)
    return made


def _draft(reorganisation: Reorganisation, by: User, version: int) -> Reorganisation:
    """The draft, locked, if the person may write in it and saw it as it is."""
    found = Reorganisation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=reorganisation.pk)
    if not by.may("reorganise", found.unit):
        raise PermissionDenied
    if found.state != S.DRAFT:
        raise Refused([gettext("Chỉ sửa được phương án đang soạn.")])
    if version != found.version:
        raise Refused([gettext("Phương án vừa được người khác sửa. Chưa lưu; hãy mở bản mới nhất rồi sửa lại.")])
    return found


@transaction.atomic
def write_head(reorganisation: Reorganisation, *, by: User, version: int, **fields: Any) -> Reorganisation:
    """Title, document, day, note, scope."""
    found = _draft(reorganisation, by, version)
    if not by.may("reorganise", fields["unit"]):
        raise PermissionDenied
    before = {name: getattr(found, name) for name in HEAD}
    for name in HEAD:
        setattr(found, name, fields[name])
    if changed := differences(before, {name: getattr(found, name) for name in HEAD}):
        found.version += 1
        found.save()
        record(found, "edit", by=by, changes=_labelled(changed))
    return found


def _labelled(changed: dict[str, list]) -> dict[str, list]:
    return {
        str(field.verbose_name): changed[field.name] for field in Reorganisation._meta.fields if field.name in changed
    }


@transaction.atomic
def write_steps(
    reorganisation: Reorganisation,
    *,
    by: User,
    version: int,
    kept: list[ReorganisationStep],
    removed: Iterable[int] = (),
) -> Reorganisation:
    """Save these rows, new ones too, take the removed ones out, and number all of them again in their order."""
    found = _draft(reorganisation, by, version)
    mine = set(found.steps.values_list("pk", flat=True))
    found.steps.filter(pk__in=removed).delete()
    for step in kept:
        if step.pk and step.pk not in mine:
            raise PermissionDenied
        step.reorganisation = found
        step.save()
    written = {step.pk for step in kept}
    # of two rows with the same number the one that was just written stands first
    steps = sorted(found.steps.all(), key=lambda s: (s.order, s.pk not in written, s.pk))
    for place, step in enumerate(steps, 1):
        step.order = place
    ReorganisationStep.objects.bulk_update(steps, ["order"], batch_size=200)
    found.version += 1
    found.save(update_fields=["version"])
    record(found, "edit", by=by, note=gettext("Các bước: %s") % grouped(len(steps)))
    return found


@transaction.atomic
def replace_steps(
    reorganisation: Reorganisation, steps: list[ReorganisationStep], *, by: User, version: int, note: str
) -> Reorganisation:
    """The steps of a sheet instead of all those there were."""
    found = _draft(reorganisation, by, version)
    found.steps.all().delete()
    for place, step in enumerate(steps, 1):
        step.reorganisation, step.order = found, place
        step.derive()
    ReorganisationStep.objects.bulk_create(steps, batch_size=200)
    found.version += 1
    found.save(update_fields=["version"])
    record(found, "upload", by=by, note=note)
    return found


@transaction.atomic
def change(step: ReorganisationStep, *, scope: Unit, day: date, document: str, title: str, by: User) -> Reorganisation:
    """One change of the tree editor: written, checked, and done at once or on its day.

    Where a unit with people or papers ends for good it waits for a second administrator, as a plan does.
    """
    made = create(by=by, unit=scope, title=title[:200], effective_on=day, document_number=document, single=True)
    step.reorganisation = made
    step.save()
    if needs_second([step], execute.outcome_of(made).ended):
        return REORGANISATION.take("submit", made, by=by, version=made.version)
    made = REORGANISATION.take("apply", made, by=by, version=made.version)
    return REORGANISATION.take("execute", made, by=by, version=made.version) if made.due else made


# --- what the calendar does ---


def run_due() -> int:
    """Execute what is approved and due, each once; what does not hold any more goes back to its authors."""
    done = 0
    for reorganisation in Reorganisation.objects.waiting().filter(effective_on__lte=today()).order_by("effective_on"):
        try:
            REORGANISATION.take("execute", reorganisation, by=None, version=reorganisation.version)
            done += 1
        except Refused:
            fall_back(reorganisation)
        except Exception:  # one that fails leaves the others their turn
            logger.exception("reorganisation %s failed", reorganisation.pk)
    return done


@transaction.atomic
def fall_back(reorganisation: Reorganisation) -> bool:
    """If the tree has changed since the approval, it is a draft again, and its authors hear why."""
    found = Reorganisation.objects.select_for_update(of=("self",)).get(pk=reorganisation.pk)
    outcome = execute.outcome_of(found)
    said = [*outcome.objections, *_unheard(found, outcome)] if found.state == S.APPROVED else []
    if not said:  # another scheduler was quicker, or the refusal was about something else
        return False
    told = [found.by, found.submitted_by, found.approved_by]
    _reopen(found, None, "")
    found.state = S.DRAFT
    found.version += 1
    found.save()
    words = "\n".join(map(str, said))
    record(found, "return", source=S.APPROVED, target=S.DRAFT, note=words)
    _tell(
        found,
        told,
        "fallen",
        lambda: (gettext("Phương án chưa thực hiện được, đã trở về bản nháp: %s") % found.title, words),
    )
    return True
