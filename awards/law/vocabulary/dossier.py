"""Conditions on the dossier and its way, and the choice between several ways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law.case import Case, Former, Votes
from awards.law.terms import Result
from awards.law.vocabulary.base import Options, Outcome, failed, not_applicable, passed, rule, unknown


@rule(
    gettext_lazy("Ít nhất %(percent)s%% tổng số thành viên Hội đồng đồng ý (người vắng mặt lấy ý kiến bằng văn bản).")
)
def council_votes(case: Case, *, percent: int) -> Outcome:
    return _voted(case.votes, percent)


@rule(gettext_lazy("Ít nhất %(percent)s%% số thành viên cụm, khối thi đua đồng ý."))
def cluster_votes(case: Case, *, percent: int) -> Outcome:
    return _voted(case.cluster_votes, percent)


def _voted(votes: Votes | None, percent: int) -> Outcome:
    if votes is None or not votes.total:
        return unknown(_("Chưa có kết quả bỏ phiếu."), _("Nhập số phiếu đồng ý và tổng số thành viên theo biên bản."))
    words = _("%(yes)s trên %(total)s thành viên đồng ý.") % {"yes": votes.yes, "total": votes.total}
    if votes.reach(percent):
        return passed(words)
    return failed(
        words,
        _("Cần ít nhất %s phiếu; bỏ đề nghị hoặc kiểm tra lại biên bản.") % -(-percent * votes.total // 100),
    )


@rule(gettext_lazy("Hồ sơ có: %(part)s."))
def part_present(case: Case, *, part: Any) -> Outcome:
    if part.if_initiatives and not case.initiatives:
        return not_applicable(_("Đề nghị không dựa vào sáng kiến, đề tài."))
    if part.if_former is not None:
        if case.former is None:
            return unknown(_("Chưa rõ nơi công tác trong năm."), _("Bổ sung vị trí công tác trong hồ sơ cán bộ."))
        long = [one for one in case.former if one.months >= part.if_former]
        if not long:
            return not_applicable(_("Không chuyển công tác trong năm, hoặc ở đơn vị cũ chưa đủ thời gian."))
        if part.code not in (case.parts or ()):
            return _asks_former(long[-1], part)
    if case.parts is None:
        return unknown(_("Chưa kiểm tra hồ sơ."), _("Tải thành phần hồ sơ này lên."))
    if part.code in case.parts:
        return passed(_("Đã có."))
    return failed(_("Còn thiếu: %s.") % part.label, _("Tải thành phần hồ sơ này lên."))


def _asks_former(former: Former, part: Any) -> Outcome:
    told = {"unit": former.unit, "day": f"{former.until:%d/%m/%Y}", "months": former.months, "part": part.label}
    return failed(
        _("Trong năm đã công tác tại %(unit)s đến %(day)s (%(months)s tháng). Còn thiếu: %(part)s.") % told,
        _(
            "Hỏi ý kiến %(unit)s rồi tải văn bản trả lời lên phần «%(part)s»; "
            "khi thẩm định, cơ quan thi đua cũng hỏi được trên cổng."
        )
        % told,
    )


@rule(gettext_lazy("Đăng tải lấy ý kiến Nhân dân trước khi Hội đồng họp."))
def published(case: Case) -> Outcome:
    if case.published is None:
        return unknown(_("Chưa đăng tải lấy ý kiến."), _("Cơ quan thi đua đăng tải trước khi trình Hội đồng."))
    if case.published:
        return passed(_("Đã đăng tải lấy ý kiến."))
    return failed(_("Không đăng tải lấy ý kiến."), _("Đăng tải lấy ý kiến trước khi trình Hội đồng."))


@rule(gettext_lazy("Thành tích nêu bằng đóng góp thực tế, có số liệu; không đề nghị vì thành tích chung chung."))
def quantified(case: Case) -> Outcome:
    if case.figures is None:
        return unknown(_("Chưa kiểm tra số liệu trong báo cáo thành tích."), _("Nêu đóng góp bằng số liệu cụ thể."))
    if case.figures:
        return passed(_("Có %s chỗ nêu thành tích bằng số liệu.") % case.figures)
    return failed(_("Báo cáo chưa có số liệu."), _("Nêu đóng góp bằng số liệu cụ thể, gắn với cam kết trong kế hoạch."))


@rule(gettext_lazy("Người thẩm định xem xét theo văn bản."))
def confirmed(case: Case, *, key: str) -> Outcome:
    """What no figure can answer: the reviewer's own reading, asked for and never assumed."""
    if key not in case.confirmed:
        return unknown(
            _("Cần người thẩm định xem xét."), _("Nêu rõ trong báo cáo thành tích; người thẩm định xác nhận.")
        )
    if case.confirmed[key]:
        return passed(_("Người thẩm định xác nhận đạt."))
    return failed(_("Người thẩm định xác nhận không đạt."), _("Xem ý kiến của người thẩm định."))


@rule(gettext_lazy("Một trong các điều kiện: %(options)s."))
def any_of(case: Case, *, options: Options) -> Outcome:
    ways = [[need.outcome(case) for need in way] for way in options.ways]
    states = [_weakest(way) for way in ways]
    words = " ".join(f"({i}) {' '.join(o.words for o in way)}" for i, way in enumerate(ways, start=1))
    for result in (Result.PASS, Result.EVIDENCE):
        if result in states:
            way = ways[states.index(result)]
            todo = " ".join(o.what_to_do for o in way if o.result == result)
            return Outcome(result, words, todo)
    return failed(words, _("Cần đạt một trong các điều kiện nêu trên."))


def _weakest(outcomes: Iterable[Outcome]) -> Result:
    """The result of several things needed at once."""
    results = {o.result for o in outcomes}
    return next((r for r in (Result.FAIL, Result.EVIDENCE) if r in results), Result.PASS)
