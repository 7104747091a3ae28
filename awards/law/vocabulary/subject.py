"""Conditions on the subject itself: its years, awards, initiatives and discipline."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law.case import Case, whole_months
from awards.law.terms import MeritType, RatingLevel, Reach, Subject
from awards.law.vocabulary.base import Grade, Outcome, failed, passed, rule, shown, unknown

# --- who it is for ---


@rule(gettext_lazy("Dành cho: %(subjects)s."))
def subject_is(case: Case, *, subjects: tuple[Subject, ...]) -> Outcome:
    if case.subject in subjects:
        return passed(_("Đúng đối tượng."))
    return failed(
        _("Đối tượng là: %s.") % shown(Subject(case.subject)), _("Chọn danh hiệu, hình thức dành cho đối tượng này.")
    )


@rule(gettext_lazy("Loại hình khen thưởng: %(types)s."))
def type_is(case: Case, *, types: tuple[MeritType, ...]) -> Outcome:
    if case.type is None:
        return unknown(_("Chưa chọn loại hình khen thưởng."), _("Chọn loại hình khen thưởng của đề nghị."))
    if case.type in types:
        return passed(_("Đúng loại hình."))
    return failed(
        _("Loại hình của tờ trình là: %s.") % shown(MeritType(case.type)),
        _("Chọn hình thức dành cho loại hình này, hoặc lập tờ trình theo loại hình khác."),
    )


@rule(gettext_lazy("Dành cho cá nhân, tập thể của Viện kiểm sát quân sự."))
def in_military(case: Case) -> Outcome:
    if case.military is None:
        return unknown(_("Chưa rõ đơn vị có thuộc Viện kiểm sát quân sự không."), _("Kiểm tra đơn vị được đề nghị."))
    if case.military:
        return passed(_("Thuộc Viện kiểm sát quân sự."))
    return failed(_("Không thuộc Viện kiểm sát quân sự."), _("Chọn danh hiệu tương ứng của ngành."))


# --- what a year's work was ---


@rule(gettext_lazy("Xếp loại của năm đạt từ «%(at_least)s» trở lên."))
def rated(case: Case, *, at_least: RatingLevel) -> Outcome:
    return _rated_in(case, [case.year], at_least)


@rule(gettext_lazy("%(years)s năm liên tục xếp loại từ «%(at_least)s» trở lên."))
def rated_in_a_row(case: Case, *, at_least: RatingLevel, years: int) -> Outcome:
    return _rated_in(case, list(range(case.year - years + 1, case.year + 1)), at_least)


def _rated_in(case: Case, years: list[int], at_least: RatingLevel) -> Outcome:
    ratings = case.ratings or {}
    for year in years:
        if year in ratings and ratings[year] < at_least:
            return failed(
                _("Năm %(year)s xếp loại «%(rating)s».") % {"year": year, "rating": shown(RatingLevel(ratings[year]))},
                _("Kiểm tra lại kết quả xếp loại; nếu đúng, chọn danh hiệu hoặc hình thức khác."),
            )
    open_years = [year for year in years if year not in ratings]
    if open_years:
        return unknown(
            _("Chưa có kết quả xếp loại năm %s.") % ", ".join(map(str, open_years)),
            _("Nhập kết quả xếp loại kèm văn bản."),
        )
    return passed(_("Kết quả xếp loại đạt yêu cầu."))


@rule(gettext_lazy("Vượt các chỉ tiêu công tác năm đã được phê duyệt."))
def exceeds_targets(case: Case) -> Outcome:
    if case.target_percent is None:
        return unknown(_("Chưa có tỷ lệ thực hiện chỉ tiêu năm."), _("Ghi tỷ lệ thực hiện so với chỉ tiêu được duyệt."))
    words = _("Thực hiện %s%% chỉ tiêu năm.") % case.target_percent
    if case.target_percent > 100:
        return passed(words)
    return failed(words, _("Chỉ đề nghị khi kết quả vượt chỉ tiêu đã được phê duyệt."))


@rule(gettext_lazy("Tuyển dụng, tiếp nhận từ đủ %(months)s tháng trở lên trong năm; tháng làm việc trọn mới tính."))
def employed(case: Case, *, months: int) -> Outcome:
    if case.months_employed is None:
        return unknown(_("Chưa rõ ngày vào ngành."), _("Bổ sung ngày vào ngành trong hồ sơ cán bộ."))
    words = _("Đã công tác %s tháng trọn trong năm.") % case.months_employed
    return passed(words) if case.months_employed >= months else failed(words, _("Chờ đến năm sau."))


@rule(
    gettext_lazy(
        "Không nghỉ từ %(from_months)s tháng đến dưới %(below)s tháng trong năm, trừ thời gian được tính là công tác "
        "(nghỉ thai sản; điều trị thương tích do chiến đấu, cứu người)."
    )
)
def not_absent(case: Case, *, from_months: int, below: int) -> Outcome:
    if case.months_absent is None:
        return unknown(
            _("Chưa rõ thời gian nghỉ trong năm."), _("Ghi thời gian nghỉ trong năm, nếu không nghỉ thì ghi 0.")
        )
    words = _absence(case)
    if case.months_absent < from_months or case.absence_counts_as_work:
        if case.months_elsewhere >= from_months:
            return unknown(
                _("%(absence)s Biệt phái, đi học dài ngày hoặc nghĩa vụ quân sự: %(months)s tháng.")
                % {"absence": words, "months": case.months_elsewhere},
                _("Văn bản cổng có chưa nêu cách tính thời gian này cho danh hiệu năm: hãy đối chiếu."),
            )
        return passed(words)
    if case.months_absent < below:
        return failed(words, _("Nếu thuộc trường hợp được tính là thời gian công tác, ghi rõ kèm minh chứng."))
    return unknown(
        _("%(absence)s Phần văn bản đọc được chỉ nêu khoảng từ %(from)s đến dưới %(below)s tháng.")
        % {"absence": words, "from": from_months, "below": below},
        _("Đối chiếu toàn văn quy định trước khi đề nghị."),
    )


def _absence(case: Case) -> str:
    """The time away in words, what counts as work apart."""
    told = (
        _("Nghỉ %(months)s tháng %(days)s ngày trong năm.")
        if case.days_absent
        else _("Nghỉ %(months)s tháng trong năm.")
    )
    words = told % {"months": case.months_absent, "days": case.days_absent}
    if not case.months_counted:
        return words
    counted = _("Thời gian nghỉ %s tháng khác được tính là công tác.") % case.months_counted
    return f"{words} {counted}"


@rule(gettext_lazy("Có từ %(years)s năm công tác liên tục trong ngành trở lên."))
def served(case: Case, *, years: int) -> Outcome:
    if case.years_in_sector is None:
        return unknown(_("Chưa rõ số năm công tác liên tục trong ngành."), _("Bổ sung ngày vào ngành."))
    words = _("Đã công tác liên tục %s năm.") % case.years_in_sector
    return passed(words) if case.years_in_sector >= years else failed(words, _("Chờ đến khi đủ thời gian."))


# --- what was awarded before ---


def run_of_years(years: Collection[int], until: int) -> int:
    """How many years in a row end at `until`; a year without the award begins anew."""
    count = 0
    while until - count in years:
        count += 1
    return count


@rule(gettext_lazy("Đạt danh hiệu «%(award)s» trong cùng năm."))
def held_same_year(case: Case, *, award: Any, or_award: Any = None) -> Outcome:
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    values = {"award": award.label, "year": case.year}
    codes = {one.code for one in (award, or_award) if one}
    if any(h.code in codes and h.year == case.year for h in case.held):
        return passed(_("Đã đạt «%(award)s» năm %(year)s.") % values)
    if codes & case.proposed:
        return unknown(
            _("«%(award)s» năm %(year)s đang được đề nghị trong cùng tờ trình.") % values,
            _("Danh hiệu này phải được công nhận trước hoặc cùng lúc."),
        )
    return failed(
        _("Chưa đạt «%(award)s» năm %(year)s.") % values,
        _("Đề nghị danh hiệu đó trong cùng tờ trình, hoặc bổ sung quyết định còn thiếu vào dữ liệu khen thưởng."),
    )


@rule(gettext_lazy("Đạt «%(award)s» %(years)s năm liên tục, tính theo năm đạt thành tích."))
def held_in_a_row(case: Case, *, award: Any, years: int) -> Outcome:
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    had = {h.year for h in case.held if h.code == award.code}
    run = max(run_of_years(had, case.year), run_of_years(had, case.year - 1))
    words = _("«%(award)s»: %(run)s năm liên tục.") % {"award": award.label, "run": run}
    if run >= years:
        return passed(words)
    if award.code in case.proposed and run_of_years(had, case.year - 1) + 1 >= years:
        return unknown(
            words, _("Năm nay đang được đề nghị trong cùng tờ trình, phải được công nhận trước hoặc cùng lúc.")
        )
    return failed(words, _("Chờ đủ số năm liên tục, hoặc bổ sung quyết định còn thiếu vào dữ liệu khen thưởng."))


@rule(gettext_lazy("Đạt «%(award)s» %(times)s lần liên tục."))
def held_times(case: Case, *, award: Any, times: int) -> Outcome:
    """The sources do not say how far apart «in a row» may lie: years side by side pass, others are for a person."""
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    had = {h.year for h in case.held if h.code == award.code and h.year <= case.year}
    words = _("Đã đạt «%(award)s» các năm: %(years)s.") % {
        "award": award.label,
        "years": ", ".join(map(str, sorted(had))) or "–",
    }
    if had and run_of_years(had, max(had)) >= times:
        return passed(words)
    if len(had) >= times:
        return unknown(words, _("Các năm không liền nhau: đối chiếu văn bản về cách tính số lần liên tục."))
    return failed(words, _("Chờ đủ số lần, hoặc bổ sung quyết định còn thiếu vào dữ liệu khen thưởng."))


@rule(gettext_lazy("«%(award)s» chỉ tặng một lần cho mỗi người."))
def never_held(case: Case, *, award: Any) -> Outcome:
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    years = [h.year for h in case.held if h.code == award.code]
    if years:
        return failed(_("Đã được tặng năm %s.") % years[0], _("Bỏ đề nghị này."))
    return passed(_("Chưa được tặng lần nào."))


@rule(
    gettext_lazy(
        "Khen theo công trạng không lấy kết quả khen đột xuất, khen theo phong trào hoặc chuyên đề làm căn cứ."
    )
)
def rests_on_merit(case: Case) -> Outcome:
    if case.held is None:
        return unknown(_("Chưa có dữ liệu khen thưởng."), _("Nhập các quyết định khen thưởng trước đây."))
    grounds = [h for h in case.held if h.relied_on]
    if any(h.type in (MeritType.SUDDEN, MeritType.CAMPAIGN) for h in grounds):
        return failed(
            _("Căn cứ có lần khen đột xuất hoặc theo phong trào, chuyên đề."), _("Bỏ căn cứ đó, nêu thành tích khác.")
        )
    if any(h.type is None for h in grounds):
        return unknown(_("Chưa rõ loại hình của lần khen làm căn cứ."), _("Ghi loại hình của lần khen đó."))
    return passed(_("Không dùng lần khen đột xuất hoặc theo phong trào, chuyên đề làm căn cứ."))


@rule(gettext_lazy("Một thành tích chỉ được khen một lần, bằng một hình thức."))
def achievement_once(case: Case) -> Outcome:
    if case.achievement_used_for is None:
        return unknown(_("Chưa nêu thành tích làm căn cứ."), _("Gắn thành tích với đề nghị."))
    if case.achievement_used_for:
        return failed(_("Thành tích đã dùng cho: %s.") % case.achievement_used_for, _("Nêu thành tích khác."))
    return passed(_("Thành tích chưa dùng cho lần khen nào."))


# --- initiatives ---


@rule(
    gettext_lazy(
        "Có ít nhất %(count)s sáng kiến hoặc đề tài khoa học được công nhận, "
        "phạm vi ảnh hưởng từ cấp %(reach)s trở lên."
    )
)
def initiatives(case: Case, *, count: int, reach: Reach) -> Outcome:
    if case.initiatives is None:
        return unknown(_("Chưa nêu sáng kiến, đề tài."), _("Gắn sáng kiến, đề tài đã được công nhận với đề nghị."))
    found = sum(idea.recognised and idea.reach >= reach for idea in case.initiatives)
    words = _("Có %s sáng kiến, đề tài phù hợp.") % found
    if found >= count:
        return passed(words)
    return failed(words, _("Gắn thêm sáng kiến, đề tài kèm quyết định công nhận."))


@rule(
    gettext_lazy(
        "Có ít nhất %(count)s sáng kiến hoặc đề tài khoa học được công nhận trong %(years)s năm đó, "
        "phạm vi ảnh hưởng từ cấp %(reach)s trở lên."
    )
)
def initiatives_in_time(case: Case, *, count: int, reach: Reach, years: int) -> Outcome:
    """Those of earlier years do not serve: the law asks for them «trong thời gian đó»."""
    if case.initiatives is None:
        return unknown(_("Chưa nêu sáng kiến, đề tài."), _("Gắn sáng kiến, đề tài đã được công nhận với đề nghị."))
    fitting = [idea for idea in case.initiatives if idea.recognised and idea.reach >= reach]
    found = sum(case.year - years < idea.year <= case.year for idea in fitting)
    words = _("Có %(found)s sáng kiến, đề tài phù hợp của các năm %(first)s–%(last)s.") % {
        "found": found,
        "first": case.year - years + 1,
        "last": case.year,
    }
    if found >= count:
        return passed(words)
    return failed(words, _("Gắn thêm sáng kiến, đề tài được công nhận trong thời gian đó kèm quyết định công nhận."))


@rule(
    gettext_lazy(
        "Một sáng kiến của một tác giả chỉ dùng cho danh hiệu thi đua hoặc cho hình thức khen thưởng, không cho cả hai."
    )
)
def initiative_once(case: Case) -> Outcome:
    if case.initiatives is None:
        return unknown(_("Chưa nêu sáng kiến, đề tài."), _("Nếu đề nghị không dựa vào sáng kiến, ghi là không có."))
    used = [idea.used_for for idea in case.initiatives if idea.used_for]
    if used:
        return failed(_("Sáng kiến đã dùng cho: %s.") % "; ".join(used), _("Gắn sáng kiến khác."))
    alike = [idea.used_alike for idea in case.initiatives if idea.used_alike]
    if alike:
        return unknown(
            _("Sáng kiến đã dùng một lần cho: %s.") % "; ".join(alike),
            _("Văn bản không cấm dùng lại cho cùng loại; cân nhắc gắn sáng kiến khác."),
        )
    return passed(_("Không có sáng kiến nào dùng lại."))


# --- discipline ---


@rule(
    gettext_lazy(
        "Không bị kỷ luật từ «%(from_grade)s» trở lên trong năm; vi phạm đã tính ở năm trước thì không tính lại."
    )
)
def not_disciplined(case: Case, *, from_grade: Any) -> Outcome:
    if case.disciplines is None:
        return unknown(_("Chưa xác nhận về kỷ luật trong năm."), _("Xác nhận cá nhân có bị kỷ luật hay không."))
    counted = [
        d for d in case.disciplines if d.decided_on.year == case.year and d.grade >= from_grade and not d.counted_before
    ]
    if counted:
        return failed(
            _("Bị kỷ luật «%(grade)s» ngày %(day)s.")
            % {"grade": shown(Grade(counted[0].grade)), "day": f"{counted[0].decided_on:%d/%m/%Y}"},
            _("Bỏ đề nghị này; nếu vi phạm đã bị tính ở năm trước thì ghi rõ."),
        )
    return passed(_("Không có kỷ luật phải tính trong năm."))


@rule(
    gettext_lazy(
        "Không đang bị xem xét kỷ luật, thanh tra, kiểm toán, điều tra; không có khiếu nại, tố cáo chưa giải quyết "
        "xong hoặc dấu hiệu tham nhũng, tiêu cực do báo chí nêu đang được xác minh."
    )
)
def not_under_review(case: Case) -> Outcome:
    if case.under_review is None:
        return unknown(
            _("Chưa xác nhận về việc đang bị xem xét."), _("Xác nhận cá nhân, tập thể có đang bị xem xét hay không.")
        )
    if case.under_review:
        return failed(
            _("Đang bị xem xét."), _("Chờ có kết luận; nếu kết luận không vi phạm thì phải tiếp tục xét khen thưởng.")
        )
    return passed(_("Không đang bị xem xét."))


@rule(gettext_lazy("Sau kỷ luật, thời gian %(years)s năm để xét được tính lại từ khi chấm dứt kỷ luật."))
def counted_since_discipline(case: Case, *, years: int) -> Outcome:
    if case.disciplines is None:
        return unknown(_("Chưa xác nhận về kỷ luật."), _("Xác nhận cá nhân có bị kỷ luật hay không."))
    begins, ends = date(case.year - years + 1, 1, 1), date(case.year, 12, 31)
    counted = [d for d in case.disciplines if d.decided_on <= ends and (d.ended_on is None or d.ended_on >= begins)]
    if not counted:
        return passed(_("Không có kỷ luật trong thời gian xét."))
    last = max(counted, key=lambda d: d.ended_on or date.max)
    left = whole_months(last.ended_on + timedelta(days=1), ends) if last.ended_on else 0
    if last.ended_on is None or last.ended_on >= case.on:
        words = _("Kỷ luật «%(grade)s» ngày %(day)s còn hiệu lực.")
    elif last.ended_on.year > begins.year or not left:
        words = _("Kỷ luật «%(grade)s» ngày %(day)s chưa chấm dứt trước thời gian xét (từ năm %(year)s).")
    else:
        words = _("Kỷ luật «%(grade)s» ngày %(day)s chấm dứt trong năm %(year)s; thành tích chỉ tính từ đó.")
    told = words % {
        "grade": shown(Grade(last.grade)),
        "day": f"{last.decided_on:%d/%m/%Y}",
        "year": begins.year,
    }
    if left and last.ended_on and last.ended_on < case.on and last.ended_on.year == begins.year:
        return unknown(told, _("Chỉ nêu thành tích sau khi chấm dứt kỷ luật; người thẩm định cân nhắc."))
    if all(d.counted_before for d in counted):
        return unknown(told, _("Vi phạm đã tính ở năm trước: đối chiếu cách tính thời gian sau kỷ luật."))
    return failed(told, _("Chờ đủ thời gian tính từ khi chấm dứt kỷ luật."))
