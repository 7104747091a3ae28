"""What the papers of a sitting say, as plain values: minutes, ballot protocol, ballot paper, invitation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from awards.councils import queries
from awards.models import Sitting, SittingMember

Attendance = SittingMember.Attendance


def data(sitting: Sitting) -> dict[str, Any]:
    """Who was there, what was voted on, how it ended; figures are None before the count."""
    members = list(sitting.members.select_related("user__person"))
    here = timezone.localtime(sitting.starts_at)
    said = [{"name": str(m), "duty": str(m.get_duty_display()), "attendance": m.attendance} for m in members]
    return {
        "unit": sitting.unit.name,
        "council": sitting.council.name,
        "founded": {"number": sitting.council.number, "day": sitting.council.dated},
        "title": sitting.title,
        "day": here.date(),
        "hour": f"{here:%H:%M}",
        "place": sitting.place,
        "in_writing": sitting.in_writing,
        "ballot": sitting.ballot,
        "second_round": sitting.repeats_id is not None,
        "members": said,
        "present": [m for m in said if m["attendance"] == Attendance.PRESENT],
        "in_written_opinion": [m for m in said if m["attendance"] == Attendance.WRITING],
        "absent": [m for m in said if m["attendance"] == Attendance.ABSENT],
        "voted": sum(member.voted for member in members),
        "items": [_item(line) for line in queries.lines(sitting)],
    }


def _item(line: queries.Line) -> dict[str, Any]:
    item, nomination = line.item, line.item.nomination
    return {
        "order": item.order,
        "subject": nomination.subject_name,
        "position": nomination.position,
        "unit": nomination.unit.name,
        "award": str(nomination.get_award_display()),
        "percent": item.percent,
        "article": line.article,
        "base": item.base,
        "needed": item.needed,
        "yes": item.yes,
        "no": item.no,
        "none": item.none,
        "passed": item.passed,
        "out": [{"name": str(recusal.member), "reason": recusal.reason} for recusal in line.out],
    }
