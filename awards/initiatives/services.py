"""Initiatives: written by their unit, recognised by its head or by the emulation office, used once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import Initiative, InitiativeAuthor, Level, Nomination, PastAward
from awards.models.ledger import award_kind, award_label
from portal.flow import Flow, Refused, Step, expect
from portal.models import trail
from portal.models.trail import differences, record
from portal.sittings import record_edit
from units.access.for_the_head import clear, head_steps
from units.models import Person, Unit, User
from units.models.units import Kind

SHOWN_ALIKE = 5
WRITTEN = ("unit", "title", "kind", "summary", "first_applied_on", "applied_for_on", "scope")
RECOGNITION = ("recognition_number", "recognised_on", "recognised_by")

State = Initiative.State


# --- what the rules say ---


def last_day_to_apply(first_applied_on: date) -> date:
    """Within one year of the first application (QĐ 619/QĐ-VKSTC; docs/domain, section 10)."""
    try:
        return first_applied_on.replace(year=first_applied_on.year + 1)
    except ValueError:  # 29 February
        return first_applied_on.replace(year=first_applied_on.year + 1, day=28)


def warnings(initiative: Initiative) -> Iterable[str]:
    """What speaks against it; second-hand rules of docs/domain, section 10, so nothing here stops anybody."""
    if initiative.unit.kind == Kind.MILITARY:
        yield _("Quyết định 619/QĐ-VKSTC không áp dụng cho Viện kiểm sát quân sự.")
    if initiative.first_applied_on is None:
        yield _("Chưa ghi ngày áp dụng lần đầu: phải nộp đơn trong 1 năm kể từ ngày này (Quyết định 619/QĐ-VKSTC).")
    elif initiative.applied_for_on is None:
        yield _(
            "Chưa ghi ngày nộp đơn: hạn nộp là %(day)s, 1 năm kể từ ngày áp dụng lần đầu (Quyết định 619/QĐ-VKSTC)."
        ) % {"day": f"{last_day_to_apply(initiative.first_applied_on):%d/%m/%Y}"}
    elif initiative.applied_for_on > last_day_to_apply(initiative.first_applied_on):
        yield _("Nộp đơn sau ngày %(day)s, tức là quá 1 năm kể từ ngày áp dụng lần đầu (Quyết định 619/QĐ-VKSTC).") % {
            "day": f"{last_day_to_apply(initiative.first_applied_on):%d/%m/%Y}"
        }
    elif initiative.applied_for_on < initiative.first_applied_on:
        yield _("Ngày nộp đơn ở trước ngày áp dụng lần đầu: sáng kiến phải được áp dụng rồi mới xét công nhận.")


def recognition_objections(initiative: Initiative) -> Iterable[str]:
    """Why it cannot be called recognised."""
    if not initiative.recognition_number or initiative.recognised_on is None:
        yield _("Hãy ghi số và ngày của văn bản công nhận.")
    elif initiative.first_applied_on and initiative.recognised_on < initiative.first_applied_on:
        yield _("Ngày công nhận không thể ở trước ngày áp dụng lần đầu.")


def _used(initiative: Initiative) -> Iterable[str]:
    if initiative.used_for.exists():
        yield _("Sáng kiến đã được dùng cho một khen thưởng nên không mở lại được.")


def _forget(initiative: Initiative, by: Any, note: str) -> None:
    initiative.recognition_number = initiative.recognised_by = ""
    initiative.recognised_on = None


def _of_unit_scope(initiative: Initiative) -> bool:
    return initiative.scope == Level.UNIT


def _by_head_or_office(name: str, label: Any, sources: tuple[str, ...], target: str, **more: Any) -> tuple[Step, ...]:
    """The head says so of what stays within the unit; the office of all, also where a unit has no head any more."""
    return (
        Step(name, label, sources, target, "recognise_unit_initiatives", at="unit", open_if=_of_unit_scope, **more),
        Step(f"{name}_office", label, sources, target, "recognise_initiatives", at="top", **more),
    )


INITIATIVE = Flow(
    (
        *_by_head_or_office(
            "recognise",
            gettext_lazy("Ghi nhận công nhận"),
            (State.REGISTERED,),
            State.RECOGNISED,
            objections=recognition_objections,
        ),
        *_by_head_or_office(
            "refuse",
            gettext_lazy("Không công nhận"),
            (State.REGISTERED,),
            State.REFUSED,
            needs_note=True,
            tone="warning",
        ),
        *_by_head_or_office(
            "reopen",
            gettext_lazy("Mở lại để xem xét"),
            (State.RECOGNISED, State.REFUSED),
            State.REGISTERED,
            needs_note=True,
            objections=_used,
            effect=_forget,
            tone="secondary",
        ),
        *head_steps(
            (State.REGISTERED,),
            signs="recognise_unit_initiatives",
            title=lambda initiative: initiative.title,
            open_if=_of_unit_scope,
        ),
    ),
    on_move=clear,
)


# --- who may ---


def may_write(user: User, initiative: Initiative) -> bool:
    """Its unit, or the one that succeeded it, writes it until it is judged; the office may write any."""
    if initiative.state != State.REGISTERED:
        return False
    return user.may("write_initiatives", initiative.unit) or user.may("write_unit_initiatives", initiative.unit)


def units_of(user: User) -> list[Unit]:
    """The units for which the person may register one."""
    return user.units_where("write_unit_initiatives", "write_initiatives")


# --- what is like it, what used it ---


@dataclass(frozen=True)
class Like:
    """An initiative with a like title; `open` says whether the reader may see more than its title."""

    initiative: Initiative
    percent: int
    open: bool


def alike(title: str, user: User, *, but: int | None = None) -> list[Like]:
    """Those with a like title that the reader may see, and any recognised one: recognition is published.

    Two queries, whatever is found.
    """
    seen = Initiative.objects.visible_to(user)
    near = Initiative.objects.alike(title).exclude(pk=but or 0).select_related("unit")
    found = list(near.filter(Q(pk__in=seen.values("pk")) | Q(state=State.RECOGNISED))[:SHOWN_ALIKE])
    mine = set(seen.filter(pk__in=[i.pk for i in found]).values_list("pk", flat=True))
    return [Like(i, round(100 * i.likeness), i.pk in mine) for i in found]


def cited_in(initiative: Initiative, user: User) -> tuple[list[Nomination], int]:
    """The nominations under way that rest on it and that the reader sees, and how many others there are."""
    citing = initiative.nominations.exclude(state__in=Nomination.ENDED)
    seen = list(citing.visible_to(user).for_list())
    return seen, citing.count() - len(seen)


# --- what is done ---


def in_words(initiative: Initiative, authors: Iterable[InitiativeAuthor]) -> dict[str, str]:
    """What was written, as the trail and a conflict show it: label → value."""
    said = trail.in_words(initiative, WRITTEN)
    said[_("Tác giả")] = "; ".join(
        f"{a.person.full_name} ({a.person.staff_code}){f' {a.share} %' if a.share else ''}" for a in authors
    )
    return said


@transaction.atomic
def register(initiative: Initiative, authors: dict[Person, int | None], *, by: User) -> Initiative:
    """Enter a new one."""
    if not may_write(by, initiative):
        raise PermissionDenied
    initiative.entered_by = by
    initiative.save()
    rows = _write_authors(initiative, authors)
    record(initiative, "create", by=by, changes=differences({}, in_words(initiative, rows)))
    return initiative


@transaction.atomic
def write(
    initiative: Initiative, authors: dict[Person, int | None], *, by: User, version: int, tab: str = ""
) -> Initiative:
    """Save what was changed, unless somebody else did in between."""
    stored = Initiative.objects.select_for_update(of=("self",)).select_related("unit").get(pk=initiative.pk)
    if not may_write(by, stored) or not may_write(by, initiative):
        raise PermissionDenied
    expect(stored, version, by=by, tab=tab)
    was = in_words(stored, stored.authors.select_related("person"))
    initiative.version = stored.version
    initiative.authors.all().delete()
    rows = _write_authors(initiative, authors)
    if changes := differences(was, in_words(initiative, rows)):
        initiative.version += 1
        initiative.save()
        record_edit(initiative, by=by, changes=changes, tab=tab)
    return initiative


def as_rows(authors: dict[Person, int | None], initiative: Initiative | None = None) -> list[InitiativeAuthor]:
    """The authors as rows that are not saved yet."""
    return [InitiativeAuthor(initiative=initiative, person=p, share=share) for p, share in authors.items()]


def _write_authors(initiative: Initiative, authors: dict[Person, int | None]) -> list[InitiativeAuthor]:
    return InitiativeAuthor.objects.bulk_create(as_rows(authors, initiative))


@transaction.atomic
def recognise(initiative: Initiative, step: str, document: dict[str, Any], *, by: User, version: int) -> Initiative:
    """Write down the document by which it was recognised, and take the step."""
    stored = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
    for name in RECOGNITION:
        setattr(stored, name, document[name])
    stored.save()
    taken: Initiative = INITIATIVE.take(step, stored, by=by, version=version, note=document["recognition_number"])
    return taken


def barring(initiative: Initiative, award: PastAward) -> PastAward | None:
    """The award of the same author and of the other kind that used it already, and so bars this one."""
    theirs = initiative.used_for.standing().about(award.subject)
    return next((one for one in theirs if award_kind(one.award) != award_kind(award.award)), None)


@transaction.atomic
def consume(initiative: Initiative, award: PastAward, *, by: User | None) -> None:
    """Note an award that an author used it for; a title and a commendation of the same author are refused
    (CV 5007/BNV-TĐKT, III.5c; docs/domain, section 20).
    """
    stored = Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
    if stored.used_for.filter(pk=award.pk).exists():
        return
    if barring_one := barring(stored, award):
        words = _("Tác giả đã dùng sáng kiến này cho %s: không dùng cho cả danh hiệu và hình thức khen thưởng.")
        raise Refused([words % award_label(barring_one.award)])
    if stored.state != State.RECOGNISED:
        raise Refused([_("Chỉ dùng được sáng kiến đã được công nhận.")])
    stored.used_for.add(award)
    stored.version += 1
    stored.save()
    record(stored, "consume", by=by, changes={str(award._meta.verbose_name): ["", str(award)]})
