"""The real campaign of Plan 127 from `campaigns/data/plan127.json`; what its sources do not say stays empty."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from campaigns import flow
from campaigns.models import (
    Campaign,
    ContentArea,
    Criterion,
    LegalDocument,
    MeritField,
    Milestone,
    Solution,
)
from campaigns.obligations import services as obligations
from portal.days import at_hour
from portal.models.trail import record
from units.models import Unit

SOURCE = Path(__file__).parent.parent / "data" / "plan127.json"


def _write(data: dict, unit: Unit, **fields) -> Campaign:
    """A draft with all the rows of the data; milestones without a moment."""
    plain = {k: data[k] for k in ("title", "kind", "objective", "scope", "subjects", "context") if k in data}
    campaign = Campaign.objects.create(unit=unit, **{**plain, "code": data["code"], **fields})
    for row in data.get("documents", []):
        LegalDocument.objects.create(campaign=campaign, **{**row, "dated": date.fromisoformat(row["dated"])})
    for place, row in enumerate(data.get("areas", []), start=1):
        area = ContentArea.objects.create(campaign=campaign, order=place, code=row["code"], title=row["title"])
        Criterion.objects.bulk_create(
            [Criterion(area=area, order=i, text=text) for i, text in enumerate(row["criteria"], start=1)]
        )
    Solution.objects.bulk_create(
        [Solution(campaign=campaign, order=i, **row) for i, row in enumerate(data.get("solutions", []), start=1)]
    )
    MeritField.objects.bulk_create(
        [MeritField(campaign=campaign, order=i, **row) for i, row in enumerate(data.get("merit_fields", []), start=1)]
    )
    for row in data.get("milestones", []):
        Milestone.objects.create(campaign=campaign, **row)
    return campaign


@transaction.atomic
def load_plan127() -> Campaign:
    """Plan 127/KH-VKSTC of 28/10/2021 under the national campaign of Decision 1497/QĐ-TTg, as a record of its day.

    It is `historical`: it was launched before there was a portal, its deadlines are not known to the sources, and
    nobody is reminded of it. Its obligations show which units of the hierarchy of 28/10/2021 it addressed.
    """
    data = json.loads(SOURCE.read_text(encoding="utf-8"))
    found = Campaign.objects.filter(code=data["campaign"]["code"]).first()
    if found:
        return found
    root = Unit.objects.get(code="VKSTC")
    national = _write(data["national"], root, historical=True)
    campaign = _write(data["campaign"], root, parent=national, historical=True)
    for made, on in ((national, data["national"]["launched_on"]), (campaign, data["campaign"]["launched_on"])):
        made.launched_at = at_hour(date.fromisoformat(on), 0)
        made.state = Campaign.State.LAUNCHED
        made.save()
        record(made, "load", note="plan127.json")
        obligations.assign(made, date.fromisoformat(on))
    return campaign


@transaction.atomic
def live_clone(
    source: Campaign, *, code: str, by, starts_on: date, ends_on: date, due: dict[str, datetime], kinds: list[str]
) -> Campaign:
    """Plan 127's content once more under the unit of `source`, with live dates, launched to the units of today."""
    data = json.loads(SOURCE.read_text(encoding="utf-8"))["campaign"]
    plan = data["documents"][0] | {
        "number": f"{code}/KH",
        "dated": f"{starts_on:%Y-%m-%d}",
        "title": "Kế hoạch minh hoạ của bản dùng thử",
    }
    data["documents"] = [plan, *(d | {"is_plan": False} for d in data["documents"])]
    data["milestones"] = [{"kind": k, "owed_by": kinds, "due_at": moment} for k, moment in due.items()]
    campaign = _write(
        data,
        source.unit,
        code=code,
        cloned_from=source,
        starts_on=starts_on,
        ends_on=ends_on,
        title=f"{source.title} – bản dùng thử {starts_on.year}",
    )
    record(campaign, "clone", by=by, note=source.code)
    return flow.CAMPAIGN.take("launch", campaign, by=by, version=campaign.version)
