"""What a plan may take over: the unit's own approved plans of other campaigns, and examples that an office shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns import flow
from campaigns.models import Commitment, ContentArea, Plan
from campaigns.models.plan import PlanQuerySet
from portal.flow import Refused, expect
from portal.models.trail import record
from portal.text import fold, grouped
from units.models import User, lineage

MOST = 30  # commitments in one area, as the form of a plan has it
SHOWN = 50


def sources(plan: Plan) -> PlanQuerySet:
    """Approved plans that this one may take from, the newest first; what went before the unit counts as its own."""
    codes = plan.unit.path.strip("/").split("/")
    above = ["/" + "/".join(codes[: i + 1]) + "/" for i in range(len(codes))]
    own = Q(unit__in=[plan.unit_id, *lineage.before(plan.unit)]) & ~Q(campaign=plan.campaign_id)
    shared = Q(example=True, campaign__unit__path__in=above)
    found = Plan.objects.filter(own | shared, state=Plan.State.APPROVED).exclude(pk=plan.pk)
    return found.select_related("unit", "campaign").order_by("-approved_at", "-pk")


def promised(source: Plan) -> list[Commitment]:
    """The commitments with their areas and criteria."""
    return list(source.commitments.select_related("area", "criterion"))


def fitting(area: ContentArea, among: list[ContentArea]) -> ContentArea | None:
    """The area of another campaign that says the same: by its title, else by its code."""
    titled = [one for one in among if fold(one.title) == fold(area.title)]
    return next(iter(titled or [one for one in among if fold(one.code) == fold(area.code)]), None)


def taken(plan: Plan, source: Plan, areas: Mapping[int, ContentArea]) -> list[Commitment]:
    """The commitments of the source as the plan would hold them: in these areas, with days moved along."""
    begins, began = plan.campaign.starts_on, source.campaign.starts_on
    moved = begins - began if begins and began else None
    rows = []
    for row in promised(source):
        if area := areas.get(row.area_id):
            criterion = next((c for c in area.criteria.all() if row.criterion and c.text == row.criterion.text), None)
            due = row.due_on + moved if row.due_on and moved is not None else None
            told = {name: getattr(row, name) for name in ("what", "amount", "measure", "responsible")}
            rows.append(Commitment(area=area, criterion=criterion, due_on=due, **told))
    return rows


@transaction.atomic
def take_over(
    plan: Plan,
    source: Plan,
    *,
    areas: Mapping[int, ContentArea],
    theme: bool,
    organising: bool,
    by: User,
    version: int,
) -> Plan:
    """Add the commitments of these areas to the draft; theme and organising are replaced only where that was asked."""
    if not sources(plan).filter(pk=source.pk).exists():
        raise PermissionDenied
    added, kept = taken(plan, source, areas), plan.promises()
    for area in areas.values():
        if sum(row.area_id == area.pk for row in [*kept, *added]) > MOST:
            raise Refused([_("%(area)s sẽ có quá %(most)s cam kết.") % {"area": area.code, "most": grouped(MOST)}])
    if not (added or theme or organising):
        raise Refused([_("Hãy chọn ít nhất một phần để lấy.")])
    held = {row.area_id for row in added}
    written = flow.write(
        plan,
        theme=source.theme if theme else plan.theme,
        organising=source.organising if organising else plan.organising,
        commitments=[*kept, *added],
        reasons={note.area_id: note.reason for note in plan.area_notes.all() if note.area_id not in held},
        by=by,
        version=version,
    )
    record(written, "take_over", by=by, note=f"{source.unit.label} – {source.campaign.title}")
    return written


@transaction.atomic
def show_as_example(plan: Plan, shown: bool, *, by: User, version: int) -> Plan:
    """Let the units of the campaign take an approved plan over, or no longer."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("campaign__unit", "unit").get(pk=plan.pk)
    if not flow.may_manage(by, plan.campaign):
        raise PermissionDenied
    expect(plan, version, by=by)
    if shown and plan.state != Plan.State.APPROVED:
        raise Refused([_("Chỉ kế hoạch đã duyệt mới làm bản mẫu được.")])
    if plan.example != shown:
        plan.example = shown
        plan.version += 1
        plan.save(update_fields=["example", "version"])
        record(plan, "show_example" if shown else "hide_example", by=by)
    return plan
