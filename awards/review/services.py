"""The office's review: who reviews what and who must not, the checklist, results drafted and released together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.interests import Interests, objection_to
from awards.models import Assignment, Check, ConflictOfInterest, Nomination
from awards.models.nominations import NominationQuerySet
from awards.nominations import flow
from awards.nominations.checking import cases
from awards.review import deadlines
from portal.flow import Refused, expect
from portal.models import Entry
from portal.models.trail import record
from portal.notices.services import notify
from portal.sittings import record_edit
from portal.text import grouped
from units.access.holders import people_at
from units.models import Person, Unit, User

N = Nomination.State
WAITING = (N.SUBMITTED, N.REVIEW)
CAP = 50  # dossiers one reviewer holds at a time, unless the office says otherwise
BULK = ("take_up", "return", "pass_up")  # steps that are taken with many at once
DRAFTED = "pencil"  # the verb under which the trail keeps a drafted result; its lines are sealed, so it stays
INNER = (DRAFTED, "assign", "unassign", "check", "recuse", "comment_office")  # verbs that only the office reads


# --- the queue ---


def desks(user: User) -> list[Unit]:
    """The units whose review desk this person works at or inspects."""
    return user.units_where("read_reviews")


def queue(user: User) -> NominationQuerySet:
    """What has reached these desks."""
    return Nomination.objects.filter(desk__in=[unit.pk for unit in desks(user)], received_at__isnull=False)


def works_at(user: User, nomination: Nomination) -> bool:
    """Whether the person reviews where the nomination lies."""
    return user.may("review", nomination.desk)


def look_by(nomination: Nomination) -> datetime | None:
    """By when the office should have looked at what waits; None where its lane has no figure."""
    return deadlines.due_at(nomination) if nomination.state in WAITING else None


def trail_of(nomination: Nomination, reader: User) -> QuerySet[Entry]:
    """What happened to it, newest first; what only the office may read is left out for others."""
    entries = Entry.objects.about(nomination)
    inner = nomination.desk_id in {unit.pk for unit in desks(reader)} and nomination.received_at is not None
    return entries if inner else entries.exclude(verb__in=INNER)


# --- conflicts of interest ---


@transaction.atomic
def declare(
    reviewer: User, *, unit: Unit | None = None, person: Person | None = None, reason: str
) -> ConflictOfInterest:
    """Note a conflict of one's own; open assignments that it touches are taken back and told to the office."""
    row = ConflictOfInterest.objects.create(reviewer=reviewer, unit=unit, person=person, reason=reason)
    record(row, "recuse", by=reviewer, note=reason)
    found = Assignment.objects.filter(reviewer=reviewer, done_at=None)
    held = list(found.select_related("nomination__unit", "nomination__submission"))
    interests = Interests.of([reviewer], [assignment.nomination for assignment in held])
    touched = [a for a in held if interests.between(reviewer.pk, a.nomination)]
    for assignment in touched:
        _take_back(assignment, by=reviewer, note=reason)
    _tell_recused(row, touched)
    return row


def _tell_recused(conflict: ConflictOfInterest, assignments: list[Assignment]) -> None:
    """Those who gave the dossiers have to give them to others."""
    notify(
        {a.by_id: a.by for a in assignments if a.by_id != conflict.reviewer_id}.values(),
        key=f"recused:{conflict.pk}",
        kind="unassigned",
        url=reverse("review_assign"),
        words=lambda: (
            _("%s khai xung đột lợi ích, hồ sơ cần giao lại") % conflict.reviewer,
            _("Hồ sơ: %s.") % ", ".join(a.nomination.subject_name for a in assignments[:10]),
        ),
    )


@transaction.atomic
def undeclare(conflict: ConflictOfInterest, *, by: User) -> None:
    """The conflict has ended; the row stays."""
    if conflict.reviewer_id != by.pk:
        raise PermissionDenied
    ConflictOfInterest.objects.filter(pk=conflict.pk, ended_at=None).update(ended_at=timezone.now())
    record(conflict, "recuse", by=by, changes={str(_("xung đột lợi ích")): [conflict.reason, ""]})


# --- assignment ---


@dataclass
class Distribution:
    """Who would get what: `given` holds (nomination, reviewer), `left` holds (nomination, why)."""

    given: list[tuple[Nomination, User]] = field(default_factory=list)
    left: list[tuple[Nomination, str]] = field(default_factory=list)
    loads: dict[int, int] = field(default_factory=dict)  # what each reviewer held before

    def after(self) -> dict[int, int]:
        """What each would hold then."""
        return Counter(self.loads) + Counter(reviewer.pk for _nomination, reviewer in self.given)


def reviewers_at(desk: Unit) -> list[User]:
    """Who reviews at this desk, in the order of their names."""
    return sorted(people_at(desk, "review"), key=lambda user: user.person.sort_key if user.person else user.username)


def loads(reviewers: Iterable[User]) -> dict[int, int]:
    """How many open dossiers each holds."""
    held = Assignment.objects.filter(reviewer__in=reviewers, done_at=None, nomination__state__in=WAITING)
    counted = dict(held.order_by().values_list("reviewer").annotate(n=Count("pk")))
    return {user.pk: counted.get(user.pk, 0) for user in reviewers}


def distribute(nominations: list[Nomination], reviewers: list[User], *, by_award: bool, cap: int = CAP) -> Distribution:
    """Spread the nominations evenly, keeping a unit's (or an award's) together while one reviewer can hold them.

    Nobody gets what they must not judge, nor more than `cap` in all.
    """
    interests = Interests.of(reviewers, nominations)
    found = Distribution(loads=loads(reviewers))
    held = Counter(found.loads)
    groups: dict[Any, list[Nomination]] = defaultdict(list)
    for nomination in nominations:
        groups[nomination.award if by_award else nomination.unit_id].append(nomination)
    for group in sorted(groups.values(), key=len, reverse=True):
        free = [r for r in reviewers if not any(interests.between(r.pk, n) for n in group)]
        whole = [r for r in free if held[r.pk] + len(group) <= cap]
        if whole:
            chosen = min(whole, key=lambda r: held[r.pk])
            found.given += [(n, chosen) for n in group]
            held[chosen.pk] += len(group)
            continue
        for nomination in group:
            able = [r for r in reviewers if not interests.between(r.pk, nomination)]
            roomy = [r for r in able if held[r.pk] < cap]
            if roomy:
                chosen = min(roomy, key=lambda r: held[r.pk])
                found.given.append((nomination, chosen))
                held[chosen.pk] += 1
            else:
                why = (
                    _("mọi người thẩm định đều đã đủ hồ sơ")
                    if able
                    else _("mọi người thẩm định đều có xung đột lợi ích")
                )
                found.left.append((nomination, why))
    return found


@transaction.atomic
def assign(nomination: Nomination, reviewer: User, *, by: User, held: Collection[int]) -> bool:
    """Give it to the reviewer; whether that is new. Who held it open before gives it up: `held` were seen as such.

    Raises Refused where others hold it by now.
    """
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related("unit", "desk").get(pk=nomination.pk)
    if not works_at(by, nomination):
        raise PermissionDenied
    if nomination.state not in WAITING:
        raise Refused([_("%s: hồ sơ không còn chờ thẩm định.") % nomination.subject_name])
    if not reviewer.may("review", nomination.desk):
        raise Refused([_("%s không thẩm định ở bàn này.") % reviewer])
    if why := objection_to(reviewer, nomination):
        raise Refused(
            [
                _("%(reviewer)s không thẩm định được %(subject)s: %(why)s.")
                % {"reviewer": reviewer, "subject": nomination.subject_name, "why": why}
            ]
        )
    others = list(nomination.assignments.filter(done_at=None).exclude(reviewer=reviewer).select_related("reviewer"))
    for other in others:
        if other.reviewer_id not in held:
            words = _("%(subject)s vừa được giao cho %(reviewer)s. Hãy xem lại rồi thực hiện.")
            raise Refused([words % {"subject": nomination.subject_name, "reviewer": other.reviewer}])
        _take_back(other, by=by)
        _tell_taken_back(other, by)
    _row, fresh = Assignment.objects.get_or_create(nomination=nomination, reviewer=reviewer, defaults={"by": by})
    if fresh:
        record(nomination, "assign", by=by, changes={str(_("người thẩm định")): ["", str(reviewer)]})
    return fresh


@transaction.atomic
def assign_all(pairs: Iterable[tuple[Nomination, User]], *, by: User, held: Collection[int] = frozenset()) -> int:
    """Give each to its reviewer, all or none; every reviewer is told once. Returns how many are new.

    `held` are the reviewers who were seen to have them: none where only what nobody has was shown.
    """
    fresh: dict[User, list[Nomination]] = defaultdict(list)
    for nomination, reviewer in pairs:
        if assign(nomination, reviewer, by=by, held=held):
            fresh[reviewer].append(nomination)
    for reviewer, mine in fresh.items():
        _tell_assigned(reviewer, mine)
    return sum(map(len, fresh.values()))


def _tell_assigned(reviewer: User, mine: list[Nomination]) -> None:
    notify(
        [reviewer],
        key=f"assigned:{min(n.pk for n in mine)}:{len(mine)}:{timezone.now():%Y%m%d%H%M%S}",
        kind="assigned",
        url=reverse("review_list") + "?who=mine",
        words=lambda: (
            ngettext("%(n)s hồ sơ được giao thẩm định", "%(n)s hồ sơ được giao thẩm định", len(mine))
            % {"n": grouped(len(mine))},
            _("Hồ sơ: %s.") % ", ".join(n.subject_name for n in mine[:10]),
        ),
    )


def _take_back(assignment: Assignment, *, by: User, note: str = "") -> None:
    record(
        assignment.nomination,
        "unassign",
        by=by,
        note=note,
        changes={str(_("người thẩm định")): [str(assignment.reviewer), ""]},
    )
    assignment.delete()


def _tell_taken_back(assignment: Assignment, by: User) -> None:
    """Whoever was told that it is theirs, unless they gave it away themselves."""
    name = assignment.nomination.subject_name
    notify(
        [assignment.reviewer] if assignment.reviewer_id != by.pk else [],
        key=f"unassigned:{assignment.nomination_id}:{timezone.now():%Y%m%d%H%M%S}",
        kind="unassigned",
        url=reverse("review_list") + "?who=mine",
        words=lambda: (
            _("Hồ sơ không còn giao cho đồng chí: %s") % name,
            _("%s giao hồ sơ cho người khác.") % by,
        ),
    )


def standing_of(user: User) -> tuple[int, int]:
    """How many of the dossiers given to this reviewer are finished, and of how many."""
    given = Assignment.objects.filter(reviewer=user, nomination__state__in=WAITING)
    figures = given.aggregate(all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    return figures["done"], figures["all"]


# --- judging ---


def _held(nomination: Nomination, by: User, version: int, tab: str) -> Nomination:
    """The locked nomination, if this reviewer may judge it as they saw it; raises EditConflict where it is newer."""
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related("unit", "desk").get(pk=nomination.pk)
    if not works_at(by, nomination):
        raise PermissionDenied
    expect(nomination, version, by=by, tab=tab)
    if why := objection_to(by, nomination):
        raise Refused([_("Đồng chí không thẩm định hồ sơ này: %s.") % why])
    return nomination


@transaction.atomic
def judge(
    nomination: Nomination,
    *,
    by: User,
    version: int,
    verdicts: dict[str, tuple[str, str]],
    result: str,
    note: str,
    tab: str = "",
) -> Nomination:
    """Keep the checklist and draft the result; the unit sees nothing before the release.

    `verdicts` maps an item to (yes, no or empty; note). An unfit result needs its reason.
    """
    nomination = _held(nomination, by, version, tab)
    if nomination.state == N.SUBMITTED:
        nomination = flow.NOMINATION.take("take_up", nomination, by=by, version=nomination.version)
    if nomination.state != N.REVIEW:
        raise Refused([_("Không thực hiện được: hồ sơ hiện ở trạng thái «%s».") % nomination.get_state_display()])
    note = note.strip()
    if result == Nomination.Result.UNFIT and not note:
        raise Refused([_("Hãy ghi lý do không đủ điều kiện.")])
    was = (nomination.draft_result, nomination.draft_result_note)
    checked = _keep_checks(nomination, verdicts, by)
    Assignment.objects.filter(nomination=nomination, reviewer=by).update(done_at=timezone.now() if result else None)
    if not checked and (result, note) == was:
        return nomination
    nomination.version += 1
    if checked:
        record_edit(nomination, by=by, changes=checked, tab=tab, verb="check")
    if (result, note) != was:
        nomination.draft_result, nomination.draft_result_note = result, note
        nomination.draft_result_by = by if result else None
        changes = {str(_("kết quả dự kiến")): [_result(was[0]), _result(result)]}
        record_edit(nomination, by=by, changes=changes, tab=tab, verb=DRAFTED, note=note)
    nomination.save(update_fields=["draft_result", "draft_result_note", "draft_result_by", "version", "updated_at"])
    return nomination


def _result(code: str) -> str:
    return str(Nomination.Result(code).label) if code else ""


def _keep_checks(nomination: Nomination, verdicts: dict[str, tuple[str, str]], by: User) -> dict[str, list[str]]:
    """Write the checklist down; what of it is new, in words."""
    stored = {check.item: check for check in nomination.checks.all()}
    award = cases.edition_of(nomination).awards.get(nomination.award)
    says = {condition.key: condition.says for condition in (award.conditions if award else ())}
    changed: dict[str, list[str]] = {}
    for item, (verdict, note) in verdicts.items():
        old = stored.get(item)
        was, now = (old.verdict, old.note) if old else ("", ""), (verdict, note.strip()[:300])
        if was == now:
            continue
        if verdict:
            Check.objects.update_or_create(
                nomination=nomination, item=item, defaults={"verdict": verdict, "note": now[1], "by": by}
            )
        elif old:
            old.delete()
        changed[str(says.get(item, item))] = [_verdict(*was), _verdict(*now)]
    return changed


def _verdict(code: str, note: str) -> str:
    return " – ".join(part for part in (str(Check.Verdict(code).label) if code else "", note) if part)


# --- release ---


def with_draft_result(user: User) -> NominationQuerySet:
    """What has a result that its unit does not see yet."""
    return queue(user).filter(state=N.REVIEW, draft_result_by__isnull=False)


@transaction.atomic
def release(seen: dict[int, int], *, by: User) -> int:
    """Release these results together, all or none; `seen` maps each nomination to the version that was seen.

    Returns how many were released; raises Refused with the words for each that cannot be.
    """
    chosen = list(with_draft_result(by).filter(pk__in=seen).select_related("unit", "desk", "submission"))
    if len(chosen) != len(seen):
        raise Refused([_("Một số hồ sơ không còn chờ công bố. Hãy xem lại danh sách.")])
    for result in Nomination.Result:
        group = [n for n in chosen if n.draft_result == result]
        for notes in _by_note(group).values():
            flow.move(
                f"release_{result}",
                notes,
                by=by,
                note=notes[0].draft_result_note,
                versions={n.pk: seen[n.pk] for n in notes},
            )
    return len(chosen)


def _by_note(group: list[Nomination]) -> dict[str, list[Nomination]]:
    """The reasons differ, and each goes into the trail with its own."""
    found: dict[str, list[Nomination]] = defaultdict(list)
    for nomination in group:
        found[nomination.draft_result_note].append(nomination)
    return found
