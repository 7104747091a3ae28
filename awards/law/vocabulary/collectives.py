"""Conditions on heads and on collectives."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law.case import Case
from awards.law.terms import RatingLevel
from awards.law.vocabulary.base import Grade, Outcome, failed, not_applicable, passed, rule, shown, unknown
from portal.text import grouped


@rule(
    gettext_lazy(
        "Nếu là người đứng đầu đơn vị: đơn vị được xếp loại «%(rating)s» hoặc đạt một trong các danh hiệu: %(awards)s."
    )
)
def head_of_good_unit(case: Case, *, rating: RatingLevel, awards: tuple[Any, ...]) -> Outcome:
    if case.is_head is None:
        return unknown(_("Chưa rõ có phải người đứng đầu đơn vị không."), _("Ghi chức vụ trong hồ sơ cán bộ."))
    if not case.is_head:
        return not_applicable(_("Không phải người đứng đầu đơn vị."))
    if case.unit_held is not None and case.unit_held & {award.code for award in awards}:
        return passed(_("Đơn vị đã đạt danh hiệu theo yêu cầu."))
    if case.unit_rating is not None and case.unit_rating >= rating:
        return passed(_("Đơn vị xếp loại «%s».") % shown(RatingLevel(case.unit_rating)))
    if case.unit_rating is None or case.unit_held is None:
        return unknown(_("Chưa có kết quả của đơn vị trong năm."), _("Nhập kết quả xếp loại, danh hiệu của đơn vị."))
    return failed(
        _("Đơn vị xếp loại «%s».") % shown(RatingLevel(case.unit_rating)),
        _("Chỉ đề nghị người đứng đầu khi đơn vị đạt mức yêu cầu."),
    )


def _no_members() -> Outcome:
    return unknown(_("Chưa có số liệu về thành viên."), _("Nhập tổng số thành viên và số người đạt từng danh hiệu."))


@rule(gettext_lazy("Có từ %(percent)s%% thành viên trở lên đạt «%(award)s»."))
def members_share(case: Case, *, award: Any, percent: int) -> Outcome:
    if case.members is None or not case.members.total or award.code not in case.members.holding:
        return _no_members()
    held, total = case.members.holding[award.code], case.members.total
    words = _("%(held)s trên %(total)s thành viên đạt «%(award)s».") % {
        "held": held,
        "total": grouped(total),
        "award": award.label,
    }
    return passed(words) if held * 100 >= percent * total else failed(words, _("Kiểm tra lại số liệu thành viên."))


@rule(gettext_lazy("Có ít nhất %(count)s thành viên đạt «%(award)s»."))
def members_holding(case: Case, *, award: Any, count: int) -> Outcome:
    if case.members is None or award.code not in case.members.holding:
        return _no_members()
    words = _("%(held)s thành viên đạt «%(award)s».") % {
        "held": case.members.holding[award.code],
        "award": award.label,
    }
    if case.members.holding[award.code] >= count:
        return passed(words)
    return failed(words, _("Kiểm tra lại số liệu thành viên."))


@rule(gettext_lazy("Có từ %(percent)s%% thành viên trở lên hoàn thành nhiệm vụ."))
def members_done(case: Case, *, percent: int) -> Outcome:
    if case.members is None or not case.members.total or case.members.done is None:
        return _no_members()
    words = _("%(done)s trên %(total)s thành viên hoàn thành nhiệm vụ.") % {
        "done": case.members.done,
        "total": case.members.total,
    }
    if case.members.done * 100 >= percent * case.members.total:
        return passed(words)
    return failed(words, _("Kiểm tra lại số liệu thành viên."))


@rule(gettext_lazy("Không có thành viên bị kỷ luật từ «%(from_grade)s» trở lên."))
def members_not_disciplined(case: Case, *, from_grade: Any) -> Outcome:
    if case.members is None or case.members.worst_discipline is None:
        return unknown(
            _("Chưa xác nhận về kỷ luật của thành viên."), _("Ghi mức kỷ luật cao nhất, nếu không có thì ghi không.")
        )
    if case.members.worst_discipline >= from_grade:
        return failed(
            _("Có thành viên bị kỷ luật «%s».") % shown(Grade(case.members.worst_discipline)), _("Bỏ đề nghị này.")
        )
    return passed(_("Không có thành viên bị kỷ luật ở mức đó."))


@rule(gettext_lazy("Dẫn đầu cụm, khối thi đua do ngành tổ chức."))
def leads_cluster(case: Case) -> Outcome:
    if case.leads_cluster is None:
        return unknown(_("Chưa có kết quả bình xét của cụm, khối."), _("Đính kèm biên bản bình xét của cụm, khối."))
    if case.leads_cluster:
        return passed(_("Dẫn đầu cụm, khối."))
    return failed(_("Không dẫn đầu cụm, khối."), _("Mỗi cụm, khối chỉ đề nghị đơn vị dẫn đầu."))
