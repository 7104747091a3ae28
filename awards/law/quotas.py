"""What is asked of a list of nominations as a whole: quotas, and how many of them are leaders."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from awards.law.rules import Finding, Setting, changed_severities, finding
from awards.law.standards import Award, Edition
from awards.law.terms import Result, Severity, Tag
from awards.law.vocabulary import failed, passed, unknown
from portal.text import grouped


def quota(
    award: Award, edition: Edition, *, proposed: int, base: int | None, settings: Iterable[Setting] = ()
) -> Finding | None:
    """Whether the list keeps within the quota of the award; `base` counts those who hold the award it is taken of."""
    if award.quota is None:
        return None
    if base is None:
        outcome = unknown(
            _("Chưa có số đạt «%s» để tính tỷ lệ.") % award.quota.of.label, _("Nhập số đạt danh hiệu đó của năm.")
        )
    else:
        most = award.quota.most(base)
        words = _("Đề nghị %(proposed)s, được tối đa %(most)s (tính trên %(base)s).") % {
            "proposed": proposed,
            "most": most,
            "base": base,
        }
        outcome = passed(words) if proposed <= most else failed(words, _("Bỏ bớt %s đề nghị.") % (proposed - most))
    return finding(award.quota, outcome, changed_severities(award, edition, settings).get(award.quota.key))


def leaders(*, leading: int, total: int, percent: int | None) -> Finding | None:
    """Says so when leaders fill more of the list than the office wants; no law sets a figure, so none is built in."""
    if percent is None or not total:
        return None
    return Finding(
        condition="leaders",
        result=Result.PASS if leading * 100 <= percent * total else Result.FAIL,
        severity=Severity.WARN,
        says=_("Lãnh đạo không quá %s%% danh sách.") % percent,
        words=_("%(leading)s trên %(total)s người được đề nghị là lãnh đạo.")
        % {"leading": leading, "total": grouped(total)},
        article=_("Văn bản không nêu con số; ngưỡng do cơ quan thi đua đặt"),
        what_to_do=_("Ưu tiên người trực tiếp làm nhiệm vụ."),
        tag=Tag.NOT_FOUND,
        source="11",
    )
