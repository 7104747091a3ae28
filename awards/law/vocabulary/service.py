"""Conditions on long years: of good work, and in posts (Law 06/2022/QH15, articles 44 and 73)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law.case import Case
from awards.law.terms import Post, RatingLevel
from awards.law.vocabulary.base import Outcome, failed, passed, rule, shown, unknown
from portal.text import grouped


@dataclass(frozen=True)
class Tenure:
    """A post and the years in it: from so many on, below so many, where the next higher class begins."""

    post: Post
    years: int
    below: int


@dataclass(frozen=True)
class Tenures:
    """Posts with their years, the highest first."""

    rows: tuple[Tenure, ...]

    @property
    def label(self) -> str:
        """The posts in words."""
        words = _("%(post)s từ %(years)s đến dưới %(below)s năm")
        return "; ".join(words % {"post": r.post.label, "years": r.years, "below": r.below} for r in self.rows)


@rule(gettext_lazy("Đã được tặng «%(award)s»."))
def held_before(case: Case, *, award: Any) -> Outcome:
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    years = [h.year for h in case.held if h.code == award.code and h.year <= case.year]
    if years:
        return passed(_("Đã được tặng «%(award)s» năm %(year)s.") % {"award": award.label, "year": max(years)})
    return failed(
        _("Sổ chưa có lần tặng «%s».") % award.label,
        _("Bổ sung quyết định còn thiếu vào sổ khen thưởng; nếu chưa được tặng thì chọn hình thức khác."),
    )


def _good_run(case: Case, at_least: RatingLevel, years: int) -> tuple[list[int], Outcome | None]:
    """The years in a row up to the year that are rated so, and what is wrong where they are too few."""
    ratings, run, year = case.ratings or {}, [], case.year
    while ratings.get(year, 0) >= at_least:
        run.append(year)
        year -= 1
    if len(run) >= years:
        return run, None
    if year not in ratings:
        return run, unknown(_("Chưa có kết quả xếp loại năm %s.") % year, _("Nhập kết quả xếp loại kèm văn bản."))
    words = _("Mới được %(run)s năm liên tục: năm %(year)s xếp loại «%(rating)s».")
    told = {"run": grouped(len(run)), "year": year, "rating": shown(RatingLevel(ratings[year]))}
    return run, failed(words % told, _("Chờ đủ số năm liên tục, hoặc sửa kết quả xếp loại nếu ghi nhầm."))


@rule(
    gettext_lazy(
        "Từ %(years)s năm liên tục trở lên xếp loại từ «%(at_least)s» trở lên, "
        "trong thời gian đó có %(times)s lần đạt «%(award)s»."
    )
)
def good_years(case: Case, *, at_least: RatingLevel, years: int, award: Any, times: int) -> Outcome:
    run, short = _good_run(case, at_least, years)
    if short:
        return short
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    count = len({h.year for h in case.held if h.code == award.code and h.year in run})
    words = _("%(run)s năm liên tục đạt yêu cầu, %(count)s lần «%(award)s».") % {
        "run": grouped(len(run)),
        "count": grouped(count),
        "award": award.label,
    }
    if count >= times:
        return passed(words)
    return failed(words, _("Chờ đủ số lần, hoặc bổ sung quyết định còn thiếu vào sổ khen thưởng."))


@rule(
    gettext_lazy(
        "Trong %(years)s năm liên tục trở lên xếp loại từ «%(at_least)s» trở lên có ít nhất một năm «%(rating)s»."
    )
)
def best_of_years(case: Case, *, at_least: RatingLevel, years: int, rating: RatingLevel) -> Outcome:
    run, short = _good_run(case, at_least, years)
    if short:
        return short
    best = [year for year in run if (case.ratings or {})[year] >= rating]
    if best:
        return passed(_("Năm %(year)s xếp loại «%(rating)s».") % {"year": best[0], "rating": shown(rating)})
    return failed(
        _("Không có năm nào xếp loại «%s».") % shown(rating),
        _("Kiểm tra lại kết quả xếp loại; nếu đúng, chọn hình thức khác."),
    )


@rule(
    gettext_lazy("Thời gian giữ chức vụ: %(posts)s (thời gian ở chức vụ cao hơn được cộng cho chức vụ thấp liền kề).")
)
def in_post(case: Case, *, posts: Tenures) -> Outcome:
    """A woman needs a third less, unless her age of retirement is higher (article 4(7))."""
    if case.service is None or (case.woman is None and not case.retires_later):
        return unknown(
            _("Chưa rõ thời gian giữ từng chức vụ hoặc giới tính."),
            _("Ghi số tháng giữ từng chức vụ kèm quyết định bổ nhiệm; bổ sung giới tính trong hồ sơ cán bộ."),
        )
    share = 2 if case.woman and not case.retires_later else 3  # of three thirds
    months = 0
    for row in posts.rows:
        months += case.service.get(row.post, 0)
        if months * 3 < row.years * 12 * share:
            continue  # not enough for this post: it is added to the next
        words = _("%(post)s: %(months)s tháng, kể cả thời gian cộng từ chức vụ cao hơn.")
        told = words % {"post": row.post.label, "months": months}
        if months * 3 < row.below * 12 * share:
            return passed(told)
        return unknown(told, _("Thời gian đã vượt khoảng của hạng này: đối chiếu tiêu chuẩn của hạng cao hơn."))
    return failed(
        _("Chưa đủ thời gian ở chức vụ nào (tất cả %s tháng).") % months,
        _("Kiểm tra lại thời gian giữ chức vụ; nếu đúng, chọn hình thức khác."),
    )


@rule(gettext_lazy("Chưa từng bị kỷ luật."))
def never_disciplined(case: Case) -> Outcome:
    if case.disciplines is None:
        return unknown(_("Chưa xác nhận về kỷ luật."), _("Xác nhận cá nhân có bị kỷ luật hay không."))
    if case.disciplines:
        return failed(
            _("Đã bị kỷ luật ngày %s.") % f"{case.disciplines[0].decided_on:%d/%m/%Y}",
            _("Khen theo quá trình cống hiến không dành cho người bị kỷ luật: bỏ đề nghị này."),
        )
    return passed(_("Không có kỷ luật."))


@rule(gettext_lazy("Không đang bị kỷ luật; người đã bị kỷ luật thì hoãn xét theo quy định."))
def discipline_over(case: Case) -> Outcome:
    """How long the medal waits was cut off in the text that was read, so a person reads it."""
    if case.disciplines is None:
        return unknown(_("Chưa xác nhận về kỷ luật."), _("Xác nhận cá nhân có bị kỷ luật hay không."))
    ends = [d.ended_on for d in case.disciplines]
    if any(day is None or day >= case.on for day in ends):
        return failed(_("Kỷ luật còn hiệu lực."), _("Chờ đến khi chấm dứt kỷ luật rồi mới đề nghị."))
    if ends:
        return unknown(
            _("Kỷ luật đã chấm dứt ngày %s.") % f"{max(day for day in ends if day):%d/%m/%Y}",
            _("Đối chiếu văn bản về thời gian hoãn xét sau kỷ luật."),
        )
    return passed(_("Không có kỷ luật."))
