"""One column of a list: how it is headed, what its cells may hold, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from portal.codes import CODE
from portal.days import today
from portal.text import clean, fold

FIRST_YEAR, LAST_YEAR = 1900, 2100
# how lists head the same thing
NAME = ("Họ tên", "Đồng chí", "Họ và tên đồng chí", "Họ tên đ/c", "Họ và tên đ/c", "Họ tên cán bộ", "Họ và tên cán bộ")
BORN = ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh dương lịch", "Sinh năm", "Sinh ngày", "NS")


class Unreadable(Exception):
    """The cell holds nothing this column can take; the text says why and what to write."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: how it is headed, what it holds, and what a person who fills it in is told."""

    key: str
    heading: Any
    kind: str = "text"  # text, code, int, year, date, choice, bool
    required: bool = False
    help: Any = ""
    example: Any = ""
    limit: int = 200  # characters of a text or code
    low: int = 0
    high: int = 10**9
    choices: tuple[tuple[str, Any], ...] = ()
    options: Callable[[Any], list[str]] | None = None  # codes to choose from in the template, for this user
    aliases: tuple[str, ...] = ()
    width: int = 18
    understand: Callable[[str], Any] | None = None  # a choice written in other words than its own; None if it is not
    share: bool = False  # of an int: «9/11» is 9 of 11
    person: bool = False  # of a text: a person's name, of which the given name may stand in a column of its own
    missing: Any = ""  # what to do where a required column is not in the file

    def names(self) -> set[str]:
        """Every way to head this column, in the form in which headings are compared."""
        return {heading_key(name) for name in (self.key, *in_every_language(self.heading), *self.aliases)}

    def reader(self, epoch: datetime = WINDOWS_EPOCH) -> Callable[[Any], Any]:
        """What turns a raw cell into a value of this column, or raises Unreadable; days are counted from `epoch`."""
        return _date(self, epoch) if self.kind == "date" else _READERS[self.kind](self)

    def show(self, value: Any) -> Any:
        """The value as the export writes it; reading it again gives the same value."""
        if value is None or value == "":
            return None
        if self.kind == "choice":
            return str(self.labels.get(value, value))
        if self.kind == "bool":
            return _("Có") if value else _("Không")
        return value

    def shown(self, value: Any) -> Any:
        """The value as a page shows it."""
        shown = self.show(value)
        return f"{shown:%d/%m/%Y}" if isinstance(shown, date) else shown

    @cached_property
    def labels(self) -> dict[str, Any]:
        return dict(self.choices)

    def allowed(self) -> list[str]:
        """The words to choose from."""
        if self.kind == "bool":
            return [_("Có"), _("Không")]
        return [str(label) for _value, label in self.choices]


def in_every_language(words: Any) -> list[str]:
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return found


def heading_key(text: Any) -> str:
    """A heading without accents, case, spaces, asterisks and what stands in brackets.

    >>> heading_key(" HỌ và  tên (*) ") == heading_key("Họ và tên")
    True
    """
    return re.sub(r"[^a-z0-9]+", "", fold(re.sub(r"\([^)]*\)", " ", str(text))))


def tidy(text: str) -> str:
    """One line of clean text with single spaces.

    >>> tidy("  Nguyễn\\u00a0Văn \\n An ")
    'Nguyễn Văn An'
    """
    return " ".join(clean(text).split())


# --- cells into values ---


_ADDRESSED = re.compile(
    r"(đ/c|đ\.c\.?|đồng chí|bà|ông)\s*[:.]\s*|(đ/c|đồng chí|ông/bà|ông \(bà\)|bà)\s+", re.IGNORECASE
)


def _text(column: Column) -> Callable[[Any], Any]:
    limit = column.limit

    def read(value: Any) -> Any:
        text = tidy(value) if isinstance(value, str) else _as_text(value)
        if column.person:
            text = _ADDRESSED.sub("", text)
        if len(text) > limit:
            raise Unreadable(_("Dài quá %(limit)s ký tự.") % {"limit": limit})
        return text or None

    return read


def _as_text(value: Any) -> str:
    """A number as it was typed: Excel keeps 7 as 7.0."""
    if isinstance(value, bool):
        raise Unreadable(_("Ô này đang là giá trị đúng/sai của Excel. Hãy gõ lại bằng chữ."))
    if isinstance(value, float):
        if not value.is_integer():
            return str(value)
        value = int(value)
    if isinstance(value, int):
        if abs(value) >= 10**15:
            raise Unreadable(_("Excel đã làm tròn số này. Hãy định dạng cột là Văn bản (Text) rồi gõ lại."))
        return str(value)
    raise Unreadable(_("Excel đã đổi ô này thành ngày giờ. Hãy định dạng cột là Văn bản (Text) rồi gõ lại."))


def _code(column: Column) -> Callable[[Any], Any]:
    as_text = _text(column)

    def read(value: Any) -> Any:
        text = as_text(value)
        if text is None or re.match(CODE.regex, text):
            return text
        raise Unreadable(str(CODE.message))

    return read


def _int(column: Column) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if column.share:
            value = _counted(value)
        if isinstance(value, str):
            digits = re.fullmatch(r"([0-9]{1,9})(?:[.,]0)?", tidy(value))
            value = int(digits[1]) if digits else None
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise Unreadable(_("Hãy ghi một số nguyên."))
        if not column.low <= value <= column.high:
            raise Unreadable(_("Số phải từ %(low)s đến %(high)s.") % {"low": column.low, "high": column.high})
        return value

    return read


_OF = re.compile(r"([0-9]{1,4})(?: ?/ ?([0-9]{1,4}))? ?(?:phiếu|phieu|người)?(?: ?\(.*\))?", re.IGNORECASE)


def _counted(value: Any) -> Any:
    """Votes as minutes have them: «9/9», «8/11 phiếu (73%)»; Excel makes a day of «9/9»."""
    if isinstance(value, date):
        if value.day != value.month:
            raise Unreadable(_("Excel đã đổi số phiếu này thành ngày. Hãy chỉ ghi số phiếu đồng ý."))
        return value.day
    if not isinstance(value, str) or not (found := _OF.fullmatch(tidy(value))):
        return value
    if found[2] and int(found[1]) > int(found[2]):
        raise Unreadable(_("Số phiếu đồng ý nhiều hơn tổng số phiếu."))
    return int(found[1])


def _year(column: Column) -> Callable[[Any], Any]:
    """A year; of a whole date only the year is taken."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            text = tidy(value)
            digits = re.fullmatch(r"([0-9]{4})(?:[.,]0)?", text)
            value = int(digits[1]) if digits else _year_of(text)
        elif isinstance(value, date):
            value = value.year
        elif isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise Unreadable(_("Hãy ghi năm bằng bốn chữ số, ví dụ 1985."))
        if not column.low <= value <= column.high:
            raise Unreadable(_("Năm %(year)s không hợp lý.") % {"year": value})
        return value

    return read


def _year_of(text: str) -> int:
    try:
        return read_day(text).year
    except Unreadable as error:
        raise Unreadable(_("Hãy ghi năm bằng bốn chữ số, ví dụ 1985.")) from error


def _date(column: Column, epoch: datetime) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            return read_day(tidy(value))
        if isinstance(value, datetime):
            return _in_range(value.date())
        if isinstance(value, date):
            return _in_range(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _serial(value, epoch)
        raise Unreadable(_not_a_day(value))

    return read


_MIDNIGHT = r"(?:[T ]0?0:00(?::00)?)?"
_DMY = re.compile(rf"(?:ngay )?(\d{{1,2}})\s*([/.,\- ])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_MIDNIGHT}\.?", re.ASCII)
_YMD = re.compile(rf"(\d{{4}})([/.\-])(\d{{1,2}})\2(\d{{1,2}}){_MIDNIGHT}", re.ASCII)
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})\.?", re.ASCII)
_DASHES = str.maketrans("–—−", "---")


def read_day(text: str) -> date:
    """A day as people write it in Vietnam: day, month, year. Raises Unreadable where it could mean two days or none.

    >>> read_day("31-12-25")
    datetime.date(2025, 12, 31)
    """
    said = fold(text.translate(_DASHES))
    if found := _DMY.fullmatch(said):
        day, month, year = found[1], found[3], found[4]
    elif found := _YMD.fullmatch(said.upper()):
        year, month, day = found[1], found[3], found[4]
    elif found := _WORDS.fullmatch(said):
        day, month, year = found[1], found[2], found[3]
    elif re.fullmatch(r"[1-9][0-9]{4}", text):  # a serial number of Excel that a CSV carries as it is
        return _serial(int(text))
    else:
        raise Unreadable(_not_a_day(text))
    full_year = int(year) if len(year) == 4 else _century(int(year), text)
    if int(month) > 12 >= int(day):
        raise Unreadable(_("Trong «%(text)s» tháng lớn hơn 12. Hãy viết ngày trước, tháng sau.") % {"text": text[:30]})
    try:
        return _in_range(date(full_year, int(month), int(day)))
    except ValueError as error:
        raise Unreadable(_("Không có ngày «%(text)s» trong lịch.") % {"text": text[:30]}) from error


def _century(year: int, text: str) -> int:
    """Two digits: a year from 1950 up to five years from now; what lies between could be either."""
    if 2000 + year <= today().year + 5:
        return 2000 + year
    if year >= 50:
        return 1900 + year
    raise Unreadable(_("Không rõ năm trong «%(text)s». Hãy viết đủ bốn chữ số của năm.") % {"text": text[:30]})


def _serial(number: float, epoch: datetime = WINDOWS_EPOCH) -> date:
    """The day that Excel means by a number; only numbers that lie within a working life are taken for days."""
    since_1900 = number + (epoch - WINDOWS_EPOCH).days
    if not 10_000 <= since_1900 < 73_051:  # 18/05/1927 to the end of 2099; smaller numbers are years or typing errors
        raise Unreadable(_not_a_day(number))
    day: datetime = from_excel(int(number), epoch)
    return day.date()


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(_("Năm %(year)s không hợp lý.") % {"year": day.year})
    return day


def _not_a_day(value: Any) -> str:
    return _("Không đọc được ngày «%(text)s». Hãy viết ngày/tháng/năm, ví dụ 31/12/2025.") % {"text": str(value)[:30]}


def _remembering(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same few words stand in every row: each is compared once."""
    return lru_cache(maxsize=100)(read)


def _choice(column: Column) -> Callable[[Any], Any]:
    known = {}
    for value, label in column.choices:
        for name in (value, *in_every_language(label)):
            known[fold(str(name))] = value

    def read(value: Any) -> Any:
        found = known.get(fold(str(value)))
        if found is None and column.understand:
            found = column.understand(str(value))
        if found is None:
            raise Unreadable(_("Hãy chọn một trong: %(options)s.") % {"options": ", ".join(column.allowed())})
        return found

    return _remembering(read)


_YES = {"co", "x", "yes", "y", "true", "1", "dung", "v", "✓", "✔"}
_NO = {"khong", "no", "n", "false", "0", "sai", "-"}


def _bool(column: Column) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        text = fold(str(int(value) if isinstance(value, float) and value.is_integer() else value))
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise Unreadable(_("Hãy ghi «Có» hoặc «Không»."))

    return _remembering(read)


_READERS = {
    "text": _text,
    "code": _code,
    "int": _int,
    "year": _year,
    "choice": _choice,
    "bool": _bool,
}
