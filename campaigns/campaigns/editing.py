"""The verbs that write a campaign's draft: begin, and save what the editor holds.

What a campaign says is one `Content`, read from its rows or from the editor's forms: the trail, the comparison of two
editors and the saving all work on the same shape. After the launch nothing here writes any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.flow import may_prepare
from campaigns.models import Campaign, ContentArea, Criterion, LegalDocument, MeritField, Milestone, Phase, Solution
from portal.days import today
from portal.files import uploads
from portal.flow import EditConflict as EditConflict
from portal.flow import Refused, expect
from portal.models.trail import differences, record
from portal.sittings import headings_since, record_edit
from units.models import Unit, User
from units.models.units import Kind

FIELDS = (
    "code",
    "title",
    "kind",
    "parent",
    "objective",
    "scope",
    "subjects",
    "context",
    "starts_on",
    "ends_on",
)
ROWS = {  # the related name, and what of each row is written
    "documents": ("is_plan", "number", "dated", "issuer", "title"),
    "areas": ("code", "title", "summary"),
    "solutions": ("title", "text"),
    "merit_fields": ("code", "title"),
    "phases": ("title", "starts_on", "ends_on"),
    "milestones": ("kind", "due_at", "owed_by", "offsets"),
}


@dataclass
class Content:
    """All that a campaign says; rows are plain dicts with the `id` of the stored row where there is one."""

    fields: dict[str, Any]
    documents: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    solutions: list[dict[str, Any]]
    merit_fields: list[dict[str, Any]]
    phases: list[dict[str, Any]]
    milestones: list[dict[str, Any]]


def own_units(user: User) -> list[Unit]:
    """The units for which this person may begin a campaign today."""
    return [unit for unit in user.units_where("prepare_campaigns") if unit.exists_on(today())]


def kinds_below(unit: Unit) -> list[str]:
    """The kinds of unit that exist below this one today, in the order of the hierarchy."""
    below = Unit.objects.as_of(today()).within(unit).exclude(pk=unit.pk)
    there = set(below.order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in Kind.values if kind in there]


# --- reading ---


def read(campaign: Campaign) -> Content:
    """What is stored."""
    rows: dict[str, list[dict]] = {}
    for name, columns in ROWS.items():
        rows[name] = [{"id": r.pk} | {c: getattr(r, c) for c in columns} for r in getattr(campaign, name).all()]
    for row, document in zip(rows["documents"], campaign.documents.all(), strict=True):
        row["file_name"] = document.file_name
    for row, area in zip(rows["areas"], campaign.areas.all(), strict=True):
        row["criteria"] = [criterion.text for criterion in area.criteria.all()]
    return Content(fields={name: getattr(campaign, name) for name in FIELDS}, **rows)


def lines(content: Content) -> dict[str, str]:
    """The content as texts under their headings, in reading order: for the trail and for comparing."""
    found: dict[str, str] = {}

    def put(heading: str, *parts: Any) -> None:
        while heading in found:
            heading += "′"
        found[heading] = "\n".join(text for text in map(_shown, parts) if text)

    labels = {field.name: str(field.verbose_name) for field in Campaign._meta.fields}
    for name in FIELDS:
        value = content.fields[name]
        shown = Campaign.Kind(value).label if name == "kind" and value in Campaign.Kind.values else value
        put(labels[name].capitalize(), shown)
    for row in content.documents:
        upload = row.get("file")
        file = uploads.safe_name(upload.name) if upload else row.get("file_name")
        label = _("Kế hoạch phát động %s") if row["is_plan"] else _("Văn bản %s")
        put(label % row["number"], row["dated"], row["issuer"], row["title"], file)
    for place, row in enumerate(content.areas, start=1):
        head = f"{place}. {row['code']}. {row['title']}"
        put(_("Nội dung %s") % row["code"], head, row["summary"], *(f"– {c}" for c in row["criteria"]))
    for place, row in enumerate(content.solutions, start=1):
        put(_("Giải pháp %s") % place, row["title"], row["text"])
    for place, row in enumerate(content.merit_fields, start=1):
        put(_("Lĩnh vực khen thưởng %s") % place, row["code"], row["title"])
    for place, row in enumerate(content.phases, start=1):
        put(_("Giai đoạn %s") % place, row["title"], row["starts_on"], row["ends_on"])
    for row in sorted(content.milestones, key=lambda m: Milestone.Kind.values.index(m["kind"])):
        due = f"{timezone.localtime(row['due_at']):%d/%m/%Y %H:%M}" if row["due_at"] else ""
        owed_by = ", ".join(str(Kind(kind).label) for kind in row["owed_by"])
        offsets = ", ".join(map(str, row["offsets"]))
        put(_("Mốc: %s") % Milestone.Kind(row["kind"]).label, due, owed_by, offsets)
    return found


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Campaign):
        return value.code
    return "" if value is None else str(value)


def _snapshot(campaign: Campaign) -> dict[str, str]:
    """The lines as they go into the trail, always in Vietnamese."""
    with override("vi"):
        return lines(read(Campaign.objects.get(pk=campaign.pk)))


@dataclass(frozen=True)
class Clash:
    """One place of the editor that differs from what is stored; `theirs`: the other editor changed it."""

    heading: str
    stored: str
    typed: str
    theirs: bool


def clashes(campaign: Campaign, typed: Content, seen: int) -> list[Clash]:
    """Where what was typed differs from what is stored, and which of it others changed since version `seen`."""
    with override("vi"):
        mine = lines(typed)
    now = _snapshot(campaign)
    theirs = headings_since(campaign, seen)
    return [
        Clash(heading, now.get(heading, ""), mine.get(heading, ""), heading in theirs)
        for heading in {**now, **mine}
        if now.get(heading, "") != mine.get(heading, "")
    ]


# --- writing ---


@transaction.atomic
def create(unit: Unit, *, by: User, **fields: Any) -> Campaign:
    """An empty draft with the one milestone that every campaign has."""
    if unit.pk not in {u.pk for u in own_units(by)}:
        raise PermissionDenied
    campaign = Campaign.objects.create(unit=unit, **fields)
    Milestone.objects.create(campaign=campaign, kind=Milestone.Kind.REGISTRATION)
    record(campaign, "create", by=by)
    return campaign


@transaction.atomic
def save_content(campaign: Campaign, content: Content, *, by: User, version: int, tab: str = "") -> Campaign:
    """Put what the editor holds into the draft; raises EditConflict when `version` is not the one stored.

    Rows that are no longer in the content are deleted, rows with an id of this campaign are kept and rewritten, and an
    id of any other campaign counts as none.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    if not may_prepare(by, campaign):
        raise PermissionDenied
    if campaign.state != Campaign.State.DRAFT:
        raise Refused([_("Phong trào đã phát động: nội dung được giữ nguyên, chỉ còn gia hạn hoặc kết thúc.")])
    expect(campaign, version, by=by, tab=tab)
    before = _snapshot(campaign)
    for name in FIELDS:
        setattr(campaign, name, content.fields[name])
    _write_documents(campaign, content.documents)
    _write_areas(campaign, content.areas)
    for model, name in ((Solution, "solutions"), (MeritField, "merit_fields"), (Phase, "phases")):
        for place, (row, item) in enumerate(_matched(model, campaign, getattr(content, name)), start=1):
            _fill(item, row, ROWS[name], order=place)
    _write_milestones(campaign, content.milestones)
    campaign.save()
    if changed := differences(before, _snapshot(campaign)):
        campaign.version += 1
        campaign.save(update_fields=["version"])
        record_edit(campaign, by=by, changes=changed, tab=tab)
    return campaign


def _matched(model: Any, campaign: Campaign, rows: list[dict]) -> list[tuple[dict, Any]]:
    """Each row with the stored object it rewrites, or a fresh one; what no row names is deleted first."""
    stored = {item.pk: item for item in model.objects.filter(campaign=campaign)}
    pairs = [(row, stored.pop(row.get("id"), None) or model(campaign=campaign)) for row in rows]
    model.objects.filter(pk__in=list(stored)).delete()
    return pairs


def _fill(item: Any, row: dict, columns: tuple[str, ...], **more: Any) -> None:
    for column in columns:
        setattr(item, column, row[column])
    for column, value in more.items():
        setattr(item, column, value)
    item.save()
    row["id"] = item.pk


def _write_documents(campaign: Campaign, rows: list[dict]) -> None:
    for row, document in _matched(LegalDocument, campaign, rows):
        if upload := row.get("file"):
            document.file_name = uploads.safe_name(upload.name)
            upload.name = uploads.file_token() + PurePosixPath(document.file_name).suffix.lower()
            document.file = upload
        _fill(document, row, ROWS["documents"])


def _write_areas(campaign: Campaign, rows: list[dict]) -> None:
    pairs = _matched(ContentArea, campaign, rows)
    for row, area in pairs:
        if area.pk and area.code != row["code"]:  # two areas may exchange their codes
            ContentArea.objects.filter(pk=area.pk).update(code=f"~{area.pk}")
    for place, (row, area) in enumerate(pairs, start=1):
        _fill(area, row, ROWS["areas"], order=place)
        _write_criteria(area, row["criteria"])


def _write_criteria(area: ContentArea, texts: list[str]) -> None:
    """A criterion whose text stays the same stays the same row, points and all."""
    stored: dict[str, list[Criterion]] = {}
    for criterion in area.criteria.all():
        stored.setdefault(criterion.text, []).append(criterion)
    kept = set()
    for place, text in enumerate(texts, start=1):
        same = stored.get(text)
        criterion = same.pop(0) if same else Criterion(area=area, text=text)
        criterion.order = place
        criterion.save()
        kept.add(criterion.pk)
    area.criteria.exclude(pk__in=kept).delete()


def _write_milestones(campaign: Campaign, rows: list[dict]) -> None:
    """A campaign has one milestone of a kind, so the kind tells which row is meant."""
    stored = {m.kind: m for m in campaign.milestones.all()}
    for row in rows:
        _fill(stored.pop(row["kind"], None) or Milestone(campaign=campaign), row, ROWS["milestones"])
    Milestone.objects.filter(pk__in=[m.pk for m in stored.values()]).delete()
