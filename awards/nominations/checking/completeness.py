"""How far a dossier is, part by part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from awards.law.standards import Award
from awards.law.terms import Result
from awards.models import Nomination
from awards.nominations.checking import checks, declared, reports
from portal.web.forms.sections import Section


def _absent(nomination: Nomination, checked: checks.Checked) -> tuple[list[Any], list[Any]]:
    """The parts that are asked for, and those of them that are not there."""
    idle = {f.condition for f in checked.findings if f.result == Result.NOT_APPLICABLE}
    wanted = [p for p in checked.award.parts if f"part_{p.code}" not in idle] if checked.award else []
    if nomination.submission.fast:
        wanted = list(checked.edition.simplified)
    there = checked.case.parts or frozenset()
    return wanted, [p for p in wanted if p.code not in there]


def meter(nomination: Nomination, checked: checks.Checked) -> dict[str, Any]:
    """How far the dossier is: sections written and parts there, of all that are asked for."""
    sections = reports.sections(nomination)
    wanted, absent = _absent(nomination, checked)
    total = len(sections) + len(wanted) + 1
    missing = [s.heading for s in reports.missing(nomination)] + [p.label for p in absent]
    if not nomination.summary.strip():
        missing.insert(0, _("Tóm tắt thành tích"))
    return {"value": total - len(missing), "max": total, "missing": missing}


def index(nomination: Nomination, checked: checks.Checked) -> list[Section]:
    """The parts of its editor, in the order of the page."""
    wanted, absent = _absent(nomination, checked)
    return [
        *written(nomination, checked.award),
        Section("links", _("Căn cứ của đề nghị")),
        Section("evidence", _("Minh chứng"), len(wanted) - len(absent), len(wanted)),
    ]


def written(nomination: Nomination, award: Award | None) -> list[Section]:
    """The parts that are typed; how far they are is told without a check of the whole dossier."""
    head = [nomination.summary.strip(), nomination.votes_for is not None]
    report = len(reports.sections(nomination))
    asked = [key for key, _label, _kind in declared.facts_of(nomination, award)]
    found = [
        Section("head", _("Đề nghị"), sum(map(bool, head)), len(head)),
        Section("report", _("Báo cáo thành tích"), report - len(reports.missing(nomination)), report),
        Section("facts", _("Số liệu do đơn vị kê khai"), sum(key in nomination.facts for key in asked), len(asked)),
    ]
    return [section for section in found if section.id != "facts" or asked]
