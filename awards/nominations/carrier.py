"""The carrier of awards: papers that are not over go on at the one unit that took over (docs/reorganisation.md)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from awards.models import Nomination, Submission
from portal.models.trail import record
from portal.notices.services import notify, told
from units.access.holders import people_at
from units.models import Unit, User

# a result that was released stays with the unit of its day; what was withdrawn may still be taken up again


def _alive(units: Any) -> Any:
    """What still moves: born at these units or lying on their desks."""
    return Nomination.objects.filter(Q(unit__in=units) | Q(desk__in=units)).exclude(state__in=Nomination.DECIDED)


def affected(units: list[Unit]) -> list[tuple[str, int, str]]:
    """Papers that are being written, and nominations under way."""
    alive = _alive(units).exclude(state=Nomination.State.WITHDRAWN)
    return [
        (_("tờ trình khen thưởng đang soạn"), _unsent(units).count(), ""),
        (_("đề nghị khen thưởng đang soạn"), alive.filter(state__in=Nomination.EDITABLE).count(), ""),
        (_("đề nghị khen thưởng đang được xét"), alive.filter(state__in=Nomination.ON_THE_WAY).count(), ""),
    ]


def _unsent(units: Any) -> Any:
    return Submission.objects.filter(unit__in=units, first_submitted_at=None)


def transfer(heirs: dict[Unit, list[Any]], day: date, by: User | None) -> dict[str, Any]:
    """Hand papers to the one heir that takes them; where several do, or none, they stay readable where they are."""
    takers = {u.pk: [h.unit for h in found if h.papers] for u, found in heirs.items()}
    to = {pk: found[0] for pk, found in takers.items() if len(found) == 1}
    done: dict[str, Any] = {"nominations": [], "submissions": []}
    papers: dict[int, Submission] = {}
    moving = _alive(list(to)).select_for_update(of=("self",)).select_related("unit", "desk", "submission__unit")
    for n in moving.order_by("pk"):
        unit, desk = to.get(n.unit_id, n.unit), to.get(n.desk_id, n.desk)
        done["nominations"].append([n.pk, n.unit_id, n.desk_id, n.version + 1])
        changes = {"unit": [n.unit.short_name, unit.short_name]} if unit != n.unit else {}
        if desk != n.desk:
            changes["desk"] = [n.desk.short_name, desk.short_name]
        if unit != n.unit:
            papers[n.submission_id] = n.submission
        n.unit, n.desk = unit, desk
        n.version += 1
        n.refresh_search()
        n.save()
        record(n, "hand_over", by=by, changes=changes)
    papers |= {s.pk: s for s in _unsent(list(to)).select_related("unit")}
    for paper in papers.values():
        heir = to[paper.unit_id]
        done["submissions"].append([paper.pk, paper.unit_id, paper.version + 1])
        record(paper, "hand_over", by=by, changes={"unit": [paper.unit.short_name, heir.short_name]})
        paper.unit = heir
        paper.version += 1
        paper.save()
        _tell(paper)
    return done


def _tell(paper: Submission) -> None:
    """Those who write for the heir, and whoever began the paper."""
    people = {u.pk: u for u in [*people_at(paper.unit, "draft_nominations"), paper.created_by] if u}
    notify(
        people.values(),
        key=f"handed-submission:{paper.pk}:{paper.version}",
        kind="hand_over",
        subject_key=f"submission:{paper.pk}",
        url=paper.get_absolute_url(),
        words=lambda: (
            _("Tờ trình chuyển sang đơn vị kế tục: %s") % paper.title,
            _("Tờ trình khen thưởng nay thuộc %s; nội dung và trạng thái được giữ nguyên.") % paper.unit.name,
        ),
    )


def _tell_back(paper: Submission) -> None:
    """Those who were told that it went to the heir."""
    notify(
        told(f"submission:{paper.pk}", "hand_over"),
        key=f"back-submission:{paper.pk}:{paper.version}",
        kind="hand_over",
        subject_key=f"submission:{paper.pk}",
        url=paper.get_absolute_url(),
        words=lambda: (
            _("Tờ trình trở về đơn vị cũ: %s") % paper.title,
            _("Việc sắp xếp được hoàn tác: tờ trình khen thưởng lại thuộc %s.") % paper.unit.name,
        ),
    )


def blockers(units: list[Unit], effects: dict[str, Any]) -> list[str]:
    """Papers begun at the new units, and those handed over that have moved on since."""
    papers = {pk: version for pk, _unit, version in effects.get("submissions", [])}
    handed = {pk: version for pk, _unit, _desk, version in effects.get("nominations", [])}
    fresh = Submission.objects.filter(unit__in=units).exclude(pk__in=papers).count()
    now = Submission.objects.filter(pk__in=papers).values_list("pk", "version")
    changed = sum(version != papers[pk] for pk, version in now)
    words = []
    if fresh or changed:
        words.append(_("%s tờ trình khen thưởng của đơn vị mới đã được lập hoặc thay đổi sau đó.") % (fresh + changed))
    own = Nomination.objects.filter(Q(unit__in=units) | Q(desk__in=units)).exclude(pk__in=handed)
    new = own.exclude(submission__in=Submission.objects.filter(unit__in=units).exclude(pk__in=papers)).count()
    since = Nomination.objects.filter(pk__in=handed).values_list("pk", "version")
    moved = sum(version != handed[pk] for pk, version in since)
    if new or moved:
        words.append(_("%s đề nghị khen thưởng đã được thêm, sửa hoặc chuyển bước sau đó.") % (new + moved))
    return words


def revert(effects: dict[str, Any]) -> None:
    """Put the papers back at the units that had them."""
    for pk, unit, _version in effects.get("submissions", []):
        paper = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
        paper.unit_id = unit
        paper.version += 1
        paper.save()
        _tell_back(Submission.objects.select_related("unit").get(pk=pk))
    for pk, unit, desk, _version in effects.get("nominations", []):
        nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=pk)
        nomination.unit_id, nomination.desk_id = unit, desk
        nomination.version += 1
        nomination.refresh_search()
        nomination.save()
