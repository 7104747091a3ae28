"""What a nomination says, as plain data: kept with each sending, compared side by side, shown in a conflict."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from awards.law.terms import Procedure
from awards.models import Nomination, Submission
from awards.models.ledger import award_label
from awards.nominations.checking import declared, reports
from campaigns.content import Compared, compare_rows

COVER = {
    "title": _("Trích yếu"),
    "number": _("Số tờ trình"),
    "dated": _("Ngày tờ trình"),
    "year": _("Năm thành tích"),
    "procedure": _("Thủ tục"),
    "procedure_reason": _("Lý do dùng thủ tục đơn giản"),
    "council_on": _("Ngày họp Hội đồng của đơn vị"),
    "council_members": _("Tổng số thành viên Hội đồng"),
    "council_present": _("Số thành viên dự họp, cho ý kiến"),
    "declared_true": _("Cam đoan kê khai đúng sự thật"),
}


def snapshot(nomination: Nomination) -> dict[str, Any]:
    """The nomination and the cover it was sent under, as JSON-ready data."""
    files = [e for e in nomination.rests_on("evidence") if e.removed_at is None]
    return {
        "subject": nomination.subject_name,
        "award": nomination.award,
        "merit_field": nomination.merit_field.title if nomination.merit_field else "",
        "position": nomination.position,
        "leads": nomination.leads,
        "summary": nomination.summary,
        "report": {s.key: str(nomination.report.get(s.key, "")) for s in reports.sections(nomination)},
        "headings": {s.key: str(s.heading) for s in reports.sections(nomination)},
        "facts": nomination.facts,
        "votes_for": nomination.votes_for,
        "commitments": [c.what for c in nomination.commitments.all()],
        "achievements": [sentence(a) for a in nomination.rests_on("achievements")],
        "initiatives": [i.title for i in nomination.rests_on("initiatives")],
        "evidence": [{"part": e.part, "name": e.name, "sha256": e.sha256} for e in files],
        "cover": cover(nomination.submission),
    }


def cover(submission: Submission) -> dict[str, Any]:
    """The paper itself as JSON-ready data."""
    day = lambda value: f"{value:%d/%m/%Y}" if value else ""  # noqa: E731
    return {
        "title": submission.title,
        "number": submission.number,
        "dated": day(submission.dated),
        "year": submission.year,
        "procedure": submission.procedure,
        "procedure_reason": submission.procedure_reason,
        "council_on": day(submission.council_on),
        "council_members": submission.council_members,
        "council_present": submission.council_present,
        "declared_true": submission.declared_true,
    }


def sentence(achievement: Any) -> str:
    """An achievement on one line."""
    return " – ".join(part for part in (str(achievement.year), achievement.title, achievement.figures) if part)


def lines(said: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The content as fields of text: `{field key: (heading, text)}`, in reading order."""
    found = {
        "award": (gettext("Danh hiệu, hình thức"), award_label(said["award"])),
        "merit_field": (gettext("Lĩnh vực thành tích"), said["merit_field"]),
        "position": (gettext("Chức vụ khi đề nghị"), said["position"]),
        "leads": (gettext("Là lãnh đạo"), _yes(said["leads"])),
        "summary": (gettext("Tóm tắt thành tích"), said["summary"]),
    }
    for key, text in said["report"].items():
        found[f"report.{key}"] = (gettext(said["headings"].get(key, key)), text)
    found["facts"] = (
        gettext("Số liệu do đơn vị kê khai"),
        "\n".join(f"{declared.heading(k)}: {declared.in_words(k, v)}" for k, v in sorted(said["facts"].items())),
    )
    found["votes_for"] = (gettext("Số phiếu đồng ý của Hội đồng đơn vị"), _shown(said["votes_for"]))
    found["commitments"] = (gettext("Cam kết trong kế hoạch hưởng ứng"), "\n".join(said["commitments"]))
    found["achievements"] = (gettext("Thành tích"), "\n".join(said["achievements"]))
    found["initiatives"] = (gettext("Sáng kiến"), "\n".join(said["initiatives"]))
    found["evidence"] = (gettext("Minh chứng"), "\n".join(e["name"] for e in said["evidence"]))
    for key, (words, text) in cover_lines(said["cover"]).items():
        found[f"cover.{key}"] = (gettext("Tờ trình: %s") % words, text)
    return found


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _yes(value: bool) -> str:
    return gettext("có") if value else gettext("không")


def cover_lines(said: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The cover as fields of text."""
    return {key: (str(COVER[key]), _cover_text(key, value)) for key, value in said.items()}


def _cover_text(key: str, value: Any) -> str:
    if key == "procedure":
        return str(Procedure(value).label)
    return _yes(value) if isinstance(value, bool) else _shown(value)


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """The fields of text that differ, by heading: `{heading: [was, is]}` for the trail."""
    with override("vi"):  # the trail keeps one language, whoever writes
        old, new = lines(before), lines(after)
    return {
        heading: [old.get(key, ("", ""))[1], text]
        for key, (heading, text) in new.items()
        if old.get(key, ("", ""))[1] != text
    }


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Compared]:
    """The two contents side by side, word by word."""
    return compare_rows(lines(before), lines(after))
