"""The sections of an achievement report, by who is proposed and how.

The bodies of the statutory forms (NĐ 152/2025, annex) were not read: the sections are their typical content, from
memory, and for a collective in a campaign those that an earlier guide of the sector asks for (docs/domain, 7.4 and
11). So a missing section warns and never blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from awards.law.terms import MeritType, Subject, Tag
from awards.models.subjects import SubjectKind

if TYPE_CHECKING:
    from awards.law.standards import Edition
    from awards.models import Nomination

NOT_DEEDS = {"resume", "awards", "confirmation"}  # who, what was received before, who confirms
_SENTENCES = re.compile(r"(?<=[.;!?])\s+|\n+")  # a point within a number is followed by no space
_NO_FIGURE = re.compile(
    r"\d+[/-]\d+\S*"  # a day, a document
    r"|\b(?:năm|tháng|ngày|quý|điều|khoản|điểm|chương|mục|phần|khóa|số hiệu)\s+\d[\d.]*(?:\s*[-–,]\s*\d+)*"
    r"|\b(?:19|20)\d\d\b"
    r"|^\s*\(?\d+(?:\.\d+)*[.)](?:\s|$)"  # the number of the point itself
    r"|\b[A-ZĐ]+-?\d+\b",  # COVID-19, V16
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
FORM_NAME = _("mẫu báo cáo thành tích")
SOURCE = "docs/domain/law-and-practice.md, 7.4"


@dataclass(frozen=True)
class Section:
    """One part of the report; `tag` says how well its place in the statutory form is known."""

    key: str
    heading: Any
    hint: Any
    tag: Tag = Tag.MEMORY


RESUME = Section(
    "resume",
    _("Sơ yếu lý lịch"),
    _("Ngày sinh, quê quán, nơi ở, chức vụ, đơn vị công tác, trình độ. Phần này chỉ nằm trong hồ sơ."),
)
OUTLINE = Section(
    "resume", _("Đặc điểm, tình hình"), _("Tổ chức, số lượng cán bộ, điều kiện làm việc, thuận lợi và khó khăn.")
)
TASKS = Section("tasks", _("Chức năng, nhiệm vụ được giao"), _("Việc được giao trong thời gian tính thành tích."))
ACHIEVEMENTS = Section(
    "achievements",
    _("Thành tích đạt được"),
    _("Nêu theo từng năm, có số liệu: bao nhiêu vụ, bao nhiêu người, tăng hay giảm bao nhiêu so với trước."),
)
INITIATIVES = Section(
    "initiatives", _("Sáng kiến, giải pháp"), _("Tên sáng kiến, phạm vi áp dụng, hiệu quả, số quyết định công nhận.")
)
PAST = Section(
    "awards",
    _("Danh hiệu, hình thức khen thưởng đã được nhận"),
    _("Năm, danh hiệu hoặc hình thức, số và ngày quyết định, cấp ký. Không có thì ghi «không»."),
)
CONFIRMATION = Section(
    "confirmation",
    _("Xác nhận của cấp trên trực tiếp"),
    _("Họ tên, chức vụ người xác nhận và ngày xác nhận; bản có chữ ký đính kèm ở phần minh chứng."),
)
LEADERSHIP = Section(
    "leadership", _("Công tác lãnh đạo, chỉ đạo"), _("Đơn vị đã phát động, phân công, kiểm tra thế nào."), Tag.SECONDARY
)
RESULTS = Section(
    "achievements", _("Kết quả đạt được"), _("Đóng góp thực tế, có số liệu; không nêu thành tích chung."), Tag.SECONDARY
)
CAUSES = Section("causes", _("Nguyên nhân"), _("Vì sao làm được; điều gì còn hạn chế."), Tag.SECONDARY)
LESSONS = Section("lessons", _("Bài học kinh nghiệm"), _("Điều đơn vị khác có thể học."), Tag.SECONDARY)
MODELS = Section("models", _("Mô hình, cách làm hay"), _("Mô hình đã có hiệu quả và có thể nhân rộng."), Tag.SECONDARY)
SHORT = Section(
    "achievements",
    _("Tóm tắt thành tích của đơn vị đề nghị"),
    _("Việc đã làm, ở đâu, khi nào, kết quả bằng số liệu."),
    Tag.SECONDARY,
)

PERSON = (RESUME, TASKS, ACHIEVEMENTS, INITIATIVES, PAST, CONFIRMATION)
GROUP = (OUTLINE, TASKS, ACHIEVEMENTS, INITIATIVES, PAST, CONFIRMATION)
GROUP_IN_CAMPAIGN = (LEADERSHIP, RESULTS, CAUSES, LESSONS, MODELS, CONFIRMATION)
KEYS = {section.key for section in (*PERSON, *GROUP, *GROUP_IN_CAMPAIGN)}


def sections(nomination: Nomination) -> tuple[Section, ...]:
    """What the report of this nomination consists of."""
    if nomination.submission.fast:
        return (SHORT,)
    if nomination.subject_kind == SubjectKind.PERSON:
        return PERSON
    return GROUP_IN_CAMPAIGN if nomination.submission.type == MeritType.CAMPAIGN else GROUP


def article(edition: Edition) -> str:
    """Where the law of that day asks for the report: among the parts of the dossier, or where it has its sections."""
    asked = [edition.parts["report"]] if "report" in edition.parts else edition.report
    return asked[0].article if asked else ""


def form_name(nomination: Nomination, edition: Edition, subject: Subject) -> str:
    """The statutory form on which it is reported, or where to look for it."""
    form = edition.report_form(nomination.award, subject, MeritType(nomination.submission.type))
    return form.label if form else str(FORM_NAME)


def figures(nomination: Nomination) -> int:
    """How many sentences of summary and report state something in figures; days, years, articles and numbers of
    documents are none."""
    told = [nomination.summary] + [
        str(nomination.report.get(s.key, "")) for s in sections(nomination) if s.key not in NOT_DEEDS
    ]
    stated = {sentence.strip() for text in told for sentence in _SENTENCES.split(text)}
    with_digits = filter(_DIGIT.search, stated)  # told first, for what is no figure takes long to find
    return sum(bool(_DIGIT.search(_NO_FIGURE.sub("", sentence))) for sentence in with_digits)


def missing(nomination: Nomination) -> list[Section]:
    """The sections in which nothing was written yet."""
    return [s for s in sections(nomination) if not str(nomination.report.get(s.key, "")).strip()]


def begun(nomination: Nomination) -> bool:
    """Whether some of the deeds were written: what a report consists of is known from memory only, so that one with
    sections missing is there and is warned of."""
    keys = (s.key for s in sections(nomination) if s.key not in NOT_DEEDS)
    return any(str(nomination.report.get(key, "")).strip() for key in keys)
