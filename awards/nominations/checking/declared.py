"""What a unit declares about its nomination because no ledger knows it: what is asked, and how an answer reads."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from awards.law.standards import Award
from awards.law.terms import MeritType, Post
from awards.models import Nomination
from awards.models.ledger import award_label
from awards.models.subjects import SubjectKind
from units.models import PersonStatus

MEMBERS = "members_of_"  # and the code of the award that they hold

# what the unit declares because no ledger knows it: key → (label, kind), by the rule that asks for it
FACTS: dict[str, list[tuple[str, Any, str]]] = {
    "exceeds_targets": [("target_percent", _("Tỷ lệ thực hiện chỉ tiêu năm (%)"), "percent")],
    "not_absent": [
        ("months_absent", _("Số tháng nghỉ trong năm (không nghỉ thì ghi 0)"), "number"),
        (
            "absence_counts",
            _("Thời gian nghỉ được tính là công tác (thai sản; điều trị thương tích do chiến đấu, cứu người)"),
            "yes",
        ),
    ],
    "in_post": [
        *(
            (f"service_{post}", format_lazy(_("Số tháng giữ chức vụ: {post}"), post=post.label), "number")
            for post in Post
        ),
        ("retires_later", _("Cán bộ nữ có tuổi nghỉ hưu cao hơn (không được giảm một phần ba thời gian)"), "yes"),
    ],
    "not_disciplined": [("counted_before", _("Vi phạm đã bị tính khi xét năm trước"), "yes")],
    "head_of_good_unit": [("is_head", _("Là người đứng đầu đơn vị"), "choice")],
    "not_under_review": [
        (
            "under_review",
            _(
                "Đang bị thanh tra, kiểm toán, điều tra, có khiếu nại, tố cáo chưa giải quyết "
                "hoặc bị báo chí nêu tham nhũng, tiêu cực, đang được xác minh"
            ),
            "choice",
        )
    ],
    "members_done": [
        ("members_total", _("Tổng số thành viên"), "number"),
        ("members_done", _("Số thành viên hoàn thành nhiệm vụ trở lên"), "number"),
    ],
    "members_not_disciplined": [("members_discipline", _("Mức kỷ luật cao nhất của thành viên trong năm"), "grade")],
    "leads_cluster": [("leads_cluster", _("Dẫn đầu cụm, khối thi đua"), "choice")],
    "cluster_votes": [
        ("cluster_total", _("Số thành viên cụm, khối"), "number"),
        ("cluster_yes", _("Số thành viên cụm, khối đồng ý"), "number"),
    ],
}
YES_NO = [("", _("– chưa rõ –")), ("yes", _("có")), ("no", _("không"))]
GRADES = [("", _("– chưa rõ –")), ("none", _("không có ai bị kỷ luật")), *PersonStatus.Grade.choices]


def facts_of(nomination: Nomination, award: Award | None) -> list[tuple[str, Any, str]]:
    """What the unit has to declare for this award and subject, each once."""
    wanted: dict[str, tuple[str, Any, str]] = {}
    person = nomination.subject_kind == SubjectKind.PERSON
    for need in award.requirements() if award else ():
        if need.rule in ("members_share", "members_holding"):
            key = MEMBERS + need.params["award"].code
            wanted["members_total"] = ("members_total", _("Tổng số thành viên"), "number")
            wanted[key] = (key, heading(key), "number")
        if person and need.rule == "not_under_review":
            continue  # the record of the person says so
        if not person and need.rule in ("not_absent", "not_disciplined", "head_of_good_unit", "in_post"):
            continue
        if need.rule == "in_post" and nomination.submission.type != MeritType.LONG_SERVICE:
            continue
        for key, label, kind in FACTS.get(need.rule, ()):
            wanted[key] = (key, label, kind)
    return list(wanted.values())


def heading(key: str) -> str:
    """What was asked, in words."""
    if key.startswith(MEMBERS):
        return gettext("Số thành viên đạt «%s»") % award_label(key.removeprefix(MEMBERS))
    return next((str(label) for asked in FACTS.values() for name, label, _kind in asked if name == key), key)


def in_words(key: str, value: Any) -> str:
    """The answer in words."""
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    kind = next((kind for asked in FACTS.values() for name, _label, kind in asked if name == key), "number")
    return str(dict(GRADES).get(value or "none", value)) if kind == "grade" else str(value)
