"""A campaign made from another: a clone, and a sub-campaign that a unit puts under one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.campaigns.editing import kinds_below, own_units
from campaigns.models import Campaign, ContentArea, Criterion, LegalDocument, MeritField, Milestone, Phase, Solution
from portal.days import today
from portal.flow import Refused
from portal.manifests import named
from portal.models.trail import record
from portal.scope import under
from units.models import Unit, User
from units.models.units import Kind


@transaction.atomic
def clone(
    source: Campaign, *, unit: Unit, code: str, title: str, starts_on: date | None, by: User
) -> tuple[Campaign, list[str]]:
    """A draft with all that `source` says, and the kinds of unit that could not be taken over.

    Dates move by as many days as the beginning moves; without a new beginning, or where the old one is unknown,
    they stay empty. The plan that opened the old campaign does not open the new one.
    """
    if unit.pk not in {u.pk for u in own_units(by)}:
        raise PermissionDenied
    shift = starts_on - source.starts_on if starts_on and source.starts_on else None
    parent = source.parent if source.parent and source.parent.running else None
    if parent and not under(unit.path, parent.unit.path):
        parent = None
    made = Campaign.objects.create(
        unit=unit,
        code=code,
        title=title,
        cloned_from=source,
        parent=parent,
        kind=source.kind,
        objective=source.objective,
        scope=source.scope,
        subjects=source.subjects,
        context=source.context,
        starts_on=starts_on,
        ends_on=_moved(source.ends_on, shift),
    )
    _copy_documents(source.documents.filter(is_plan=False), made)
    _copy_areas(source, made)
    _copy_lists(source, made)
    for phase in source.phases.all():
        Phase.objects.create(
            campaign=made,
            order=phase.order,
            title=phase.title,
            starts_on=_moved(phase.starts_on, shift),
            ends_on=_moved(phase.ends_on, shift),
        )
    there, dropped = kinds_below(unit), []
    for milestone in source.milestones.all():
        dropped += [kind for kind in milestone.owed_by if kind not in there and kind not in dropped]
        Milestone.objects.create(
            campaign=made,
            kind=milestone.kind,
            due_at=_moved(milestone.due_at, shift),
            offsets=milestone.offsets,
            owed_by=[kind for kind in milestone.owed_by if kind in there],
        )
    for copier in named("campaign_copiers"):
        copier(source, made)
    record(made, "clone", by=by, note=source.code)
    return made, [str(Kind(kind).label) for kind in dropped]


def _moved(moment: Any, shift: timedelta | None) -> Any:
    if moment is None or shift is None:
        return None
    try:
        return moment + shift
    except OverflowError:
        return None


def _copy_documents(documents: Any, made: Campaign) -> None:
    """Copies name the same stored file: files are never rewritten, and never deleted with a row."""
    for d in documents:
        LegalDocument.objects.create(
            campaign=made,
            number=d.number,
            dated=d.dated,
            issuer=d.issuer,
            title=d.title,
            file=d.file.name,
            file_name=d.file_name,
        )


def _copy_areas(source: Campaign, made: Campaign) -> None:
    for area in source.areas.prefetch_related("criteria"):
        copied = ContentArea.objects.create(
            campaign=made, order=area.order, code=area.code, title=area.title, summary=area.summary
        )
        Criterion.objects.bulk_create(
            [Criterion(area=copied, order=c.order, text=c.text, points=c.points) for c in area.criteria.all()]
        )


def _copy_lists(source: Campaign, made: Campaign) -> None:
    Solution.objects.bulk_create(
        [Solution(campaign=made, order=s.order, title=s.title, text=s.text) for s in source.solutions.all()]
    )
    MeritField.objects.bulk_create(
        [MeritField(campaign=made, order=m.order, code=m.code, title=m.title) for m in source.merit_fields.all()]
    )


def may_launch_under(user: User, campaign: Campaign, unit: Unit) -> bool:
    """Whether the person, as head of this unit inside the campaign, may put one of its own under it."""
    return (
        campaign.running
        and user.may("launch_under", unit)
        and unit.pk != campaign.unit_id
        and under(unit.path, campaign.unit.path)
        and unit.exists_on(today())
    )


@transaction.atomic
def sub_campaign(parent: Campaign, unit: Unit, *, by: User) -> tuple[Campaign, bool]:
    """The unit's draft under the campaign and whether it is new; a second press finds the draft of the first."""
    parent = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=parent.pk)
    if not may_launch_under(by, parent, unit):
        raise PermissionDenied
    draft = Campaign.objects.filter(parent=parent, unit=unit, state=Campaign.State.DRAFT).first()
    if draft:
        return draft, False
    owing = kinds_below(unit)
    if not owing:
        raise Refused([_("Đơn vị không có đơn vị trực thuộc nên không phát động phong trào riêng.")])
    made = Campaign.objects.create(
        unit=unit,
        parent=parent,
        code=_free_code(f"{parent.code}-{unit.code}"),
        title=parent.title,
        kind=parent.kind,
        objective=parent.objective,
        scope=unit.name_vi,
        subjects=parent.subjects,
        context=parent.context,
        starts_on=parent.starts_on,
        ends_on=parent.ends_on,
    )
    _copy_documents(parent.documents.filter(is_plan=True), made)
    _copy_areas(parent, made)
    _copy_lists(parent, made)
    Milestone.objects.create(campaign=made, kind=Milestone.Kind.REGISTRATION, owed_by=owing)
    record(made, "create", by=by, note=parent.code)
    return made, True


def _free_code(wished: str) -> str:
    found = Campaign.objects.filter(code__istartswith=wished[:36]).values_list("code", flat=True)
    taken = {code.casefold() for code in found}
    numbered = (f"{wished[:36]}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (wished[:40], *numbered) if code.casefold() not in taken)
