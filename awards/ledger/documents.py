"""What leaves for other programs: the ledger and the register of initiatives as sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from awards.ledger.books import code_of
from awards.models import Initiative, PastAward, SubjectKind
from awards.models.ledger import award_label
from portal.files.sheets import Head, workbook


def ledger_workbook(lines: Iterable[PastAward], head: Head) -> bytes:
    """The ledger as it is filtered, one line for each award."""
    return workbook(
        _("Khen thưởng"),
        [
            (_("Đối tượng"), 14),
            (_("Mã"), 16),
            (_("Tên"), 34),
            (_("Mã đơn vị khi đó"), 16),
            (_("Đơn vị khi đó"), 40),
            (_("Mã danh hiệu, hình thức"), 14),
            (_("Danh hiệu, hình thức"), 40),
            (_("Năm thành tích"), 10),
            (_("Cấp"), 14),
            (_("Loại hình"), 24),
            (_("Số quyết định"), 20),
            (_("Ngày quyết định"), 14),
            (_("Cấp quyết định"), 34),
            (_("Thành tích"), 50),
            (_("Nguồn"), 18),
            (_("Quyết định hủy"), 20),
            (_("Ngày hủy"), 14),
            (_("Lý do hủy"), 40),
            (_("Cần xem lại"), 14),
        ],
        map(_line, lines),
        head=head,
        counted=True,
    )


def _line(row: PastAward) -> list[Any]:
    return [
        str(SubjectKind(row.subject_kind).label),
        code_of(row.subject),
        row.subject_name,
        row.unit.code,
        row.unit.name,
        row.award,
        award_label(row.award),
        row.year,
        row.get_level_display(),
        row.get_type_display(),
        row.decision_number,
        row.decided_on,
        row.decided_by,
        row.note,
        row.get_source_display(),
        row.revoked_by,
        row.revoked_on,
        row.revoked_why,
        _("có") if row.doubted_by_id else "",
    ]


def initiatives_workbook(rows: Iterable[Initiative], head: Head) -> bytes:
    """The register as it is filtered, one line for each initiative."""
    return workbook(
        _("Sáng kiến"),
        [
            (_("Tên sáng kiến"), 60),
            (_("Hình thức"), 16),
            (_("Mã đơn vị"), 14),
            (_("Đơn vị"), 40),
            (_("Tác giả"), 50),
            (_("Áp dụng lần đầu ngày"), 14),
            (_("Ngày nộp đơn"), 14),
            (_("Phạm vi"), 14),
            (_("Tình trạng"), 22),
            (_("Số văn bản công nhận"), 24),
            (_("Ngày công nhận"), 14),
            (_("Cấp công nhận"), 34),
            (_("Đã dùng cho"), 40),
        ],
        map(_initiative, rows),
        head=head,
        counted=True,
    )


def _initiative(row: Initiative) -> list[Any]:
    used = [award for award in row.used_for.all() if award.revoked_on is None]
    return [
        row.title,
        row.get_kind_display(),
        row.unit.code,
        row.unit.name,
        "; ".join(f"{a.person.full_name}{f' ({a.share} %)' if a.share else ''}" for a in row.authors.all()),
        row.first_applied_on,
        row.applied_for_on,
        row.get_scope_display(),
        row.get_state_display(),
        row.recognition_number,
        row.recognised_on,
        row.recognised_by,
        "; ".join(f"{award_label(award.award)} {award.year}" for award in used),
    ]
