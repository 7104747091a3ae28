"""Cells on their way to values: merged ones filled, letters mended or refused, days looked at column by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.exchange.columns import Column, Unreadable, tidy
from portal.exchange.reading import headings, letters, tables
from portal.exchange.reading.headings import Head
from portal.exchange.reading.tables import Fault, Formula, Row, Table, Typed
from portal.text import grouped

KEEP_LETTERS = gettext_lazy("Hãy mở tệp gốc, lưu thành «CSV UTF-8» hoặc Excel Workbook (.xlsx) rồi tải lên lại.")
LOST_HEADING = gettext_lazy(
    "Chữ có dấu trong tệp đã mất khi lưu, thành dấu «?», nên không đọc được dòng tiêu đề. "
    "Hãy mở tệp gốc, lưu thành «CSV UTF-8» hoặc Excel Workbook (.xlsx) rồi tải lên lại."
)
SHOWN = 20  # rows that a note names
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\s*([/.\- ])\s*(\d{1,2})\s*[/.\- ]\s*(\d{2}|\d{4})(?: [0-9:]+)?\s*")
_YEAR_FIRST = re.compile(r"\s*\d{4}-(\d{2})-(\d{2})(?:[T ][0-9:]+)?\s*")


class Lost(str):
    """A text of which letters became «?» when it was saved."""


class Doubtful(str):
    """A text that is Vietnamese in two readings."""


_BAD = (Formula, Fault, Lost, Doubtful)


def refuse(value: str) -> Any:
    if isinstance(value, Formula):
        raise Unreadable(_("Ô này là công thức. Hãy chép lại thành giá trị (Dán đặc biệt → Giá trị)."))
    if isinstance(value, Lost):
        said = {"text": str(value)[:40], "how": KEEP_LETTERS}
        raise Unreadable(_("Chữ có dấu trong «%(text)s» đã mất khi lưu tệp. %(how)s") % said)
    if isinstance(value, Doubtful):
        said = {"text": str(value)[:40], "read": " / ".join(_meant(value))}
        words = _("Không rõ «%(text)s» viết bằng mã nào; có thể là «%(read)s». Hãy gõ lại ô này bằng Unicode.")
        raise Unreadable(words % said)
    raise Unreadable(_("Ô này báo lỗi %(fault)s. Hãy gõ lại giá trị.") % {"fault": str(value)[:20]})


def _meant(text: str) -> list[str]:
    return [letters.converted(text, read)[:40] for read in letters.judged(str(text)) if read]


# --- one column of a row ---


def getter(column: Column, places: list[int], parts: dict[int, str], epoch: datetime) -> Callable[[list[Any]], Any]:
    """What reads the value of the column from the cells of a row; None where they hold nothing."""
    reader = column.reader(epoch)
    if len(places) == 1:
        (place,) = places

        def get(values: list[Any]) -> Any:
            value = values[place] if place < len(values) else None
            if value is None:
                return None
            return reader(value) if type(value) not in _BAD else refuse(value)

        return get

    day = {place: part.casefold() for place, part in parts.items() if part.casefold() in headings.DAY}

    def joined(values: list[Any]) -> Any:
        found = [(place, values[place]) for place in places if place < len(values) and values[place] is not None]
        for _place, value in found:
            if type(value) in _BAD:
                refuse(value)
        if not found:
            return None
        if day:
            return _of_day(column, reader, {day[place]: value for place, value in found if place in day})
        if len(found) == 1:
            ((place, value),) = found
            if column.kind == "choice" and place in parts:
                return reader(parts[place])  # «Nam | Nữ» with a cross below one of them
            return reader(value)
        if column.kind != "text":
            raise Unreadable(_("Các ô dưới tiêu đề này cùng có nội dung; chỉ ghi một ô."))
        return reader(" ".join(str(value) for _place, value in found))

    return joined


def _of_day(column: Column, reader: Callable[[Any], Any], said: dict[str, Any]) -> Any:
    """A day of which day, month and year stand in cells of their own."""
    if column.kind == "year":
        return reader(said["năm"]) if "năm" in said else None
    if len(said) < len(headings.DAY):
        raise Unreadable(_("Hãy ghi đủ ngày, tháng, năm."))
    return reader("/".join(tidy(str(said[part])) for part in headings.DAY))


def derived(absent: Iterable[Column], head: Head) -> list[tuple[str, Callable[[list[Any]], Any]]]:
    """What a divided column says besides: «Năm sinh» divided into «Nam» and «Nữ» tells the gender too."""
    found = []
    for places in head.places.values():
        parts = [(place, head.parts[place]) for place in places if place in head.parts]
        if len(parts) < 2:
            continue
        for column in absent:
            if column.kind != "choice":
                continue
            try:
                said = {place: column.reader()(part) for place, part in parts}
            except Unreadable:
                continue
            found.append((column.key, _which(said)))
    return found


def _which(said: dict[int, Any]) -> Callable[[list[Any]], Any]:
    def get(values: list[Any]) -> Any:
        filled = [place for place in said if place < len(values) and values[place] is not None]
        return said[filled[0]] if len(filled) == 1 else None

    return get


# --- what is so of the whole column ---


def fill_merged(table: Table, data: list[Row]) -> None:
    """A cell merged over several rows says the same in each of them."""
    by_number = dict(data)
    left = tables.MAX_MERGED
    for first, top, _last, bottom in table.merged:
        if top == bottom or not (source := by_number.get(top)) or first >= len(source):
            continue
        for number in range(top + 1, min(bottom, data[-1][0]) + 1):
            left -= 1
            if left < 0:
                raise tables.broken()
            if (values := by_number.get(number)) is None:
                continue
            values.extend([None] * (first + 1 - len(values)))
            if values[first] is None:
                values[first] = source[first]


_A_DAY = re.compile(
    r"[\s,;(–-]*(?:ký )?(?:ngày )?(\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})\)?",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"[\s,;(–-]*(?:sinh )?(?:năm )?((?:19|20)\d\d)\)?$", re.IGNORECASE)


def split_mixed(head: Head, data: list[Row]) -> list[str]:
    """A column of a text and a day or year becomes two, the second behind the last; what it holds is told."""
    notes = []
    for place, (first, second) in head.mixed.items():
        pattern = _A_DAY if second.kind == "date" else _A_YEAR
        behind = max((len(values) for _number, values in data), default=0)
        head.places[second.key] = [behind]
        example = ""
        for _number, values in data:
            value = values[place] if place < len(values) else None
            text = tidy(value) if isinstance(value, str) and type(value) not in _BAD else ""
            if not (found := pattern.search(text)):
                continue
            rest = (text[: found.start()] + text[found.end() :]).strip(" ,;.")
            values.extend([None] * (behind + 1 - len(values)))
            values[place], values[behind] = rest or None, found[1]
            example = example or f"«{rest}», «{found[1]}»"
        words = _("Một cột của tệp ghi cả «%(first)s» và «%(second)s»: được tách làm hai, ví dụ %(example)s.")
        if example:
            notes.append(words % {"first": first.heading, "second": second.heading, "example": example})
    return notes


@dataclass
class _Suspect:
    """A cell that may be written in one of the old codes."""

    values: list[Any]
    place: int
    number: int
    read: tuple[str, ...]
    typeface: str

    @property
    def text(self) -> str:
        return str(self.values[self.place])


def mend_letters(head: Head, columns: dict[str, Column], data: list[Row]) -> list[str]:
    """Text of the old typefaces becomes Unicode, which is told by column; what is lost or doubtful is marked."""
    suspects: dict[str, list[_Suspect]] = {}
    sound: Counter[str] = Counter()
    for key, places in head.places.items():
        if columns[key].kind in ("text", "choice"):
            for place in places:
                suspects.setdefault(key, []).extend(_looked_through(columns[key], place, data, sound))
    by_row: dict[int, set[str]] = {}
    for found in suspects.values():
        for one in found:
            if len(one.read) == 1:
                by_row.setdefault(one.number, set()).add(one.read[0])
    notes = []
    for key, found in suspects.items():
        certain = Counter(one.read[0] for one in found if len(one.read) == 1)
        done = [pair for one in found if (pair := _settled(one, certain, by_row, sound[key]))]
        if done:
            notes.append(_told(columns[key], certain, done))
    return notes


def _looked_through(column: Column, place: int, data: list[Row], sound: Counter[str]) -> Iterable[_Suspect]:
    read_choice = column.reader() if column.kind == "choice" else None
    for number, values in data:
        value = values[place] if place < len(values) else None
        if not isinstance(value, str) or type(value) in _BAD:
            continue
        if ("?" in value or "\ufffd" in value) and letters.lost(value, column.limit):
            values[place] = Lost(value)
            continue
        if value.isascii():
            continue
        if letters.undone(value):
            yield _Suspect(values, place, number, (letters.TWICE,), "")
            continue
        if letters.sure(value) or (read_choice and _reads(read_choice, value)):
            sound[column.key] += 1
            continue
        typeface = value.typeface if isinstance(value, Typed) else ""
        code = letters.by_typeface(typeface)
        read = (code,) if code and letters.convertible(value, code) else letters.judged(str(value))
        if read == ("",):
            sound[column.key] += 1
        else:
            yield _Suspect(values, place, number, read, typeface)


def _reads(reader: Callable[[Any], Any], value: str) -> bool:
    try:
        return reader(value) is not None
    except Unreadable:
        return False


def _settled(one: _Suspect, certain: Counter[str], by_row: dict[int, set[str]], sound: int) -> tuple[str, str] | None:
    """Convert the cell where it is clear how; else leave it, or mark it where nobody can tell."""
    code = one.read[0]
    if len(one.read) > 1:
        beside = by_row.get(one.number, set()) & set(one.read)
        usual = [read for read, _count in certain.most_common() if read in one.read]
        if len(beside) == 1:
            (code,) = beside
        elif not usual:
            if "" in one.read:
                return None
            code = one.read[0]
        elif "" in one.read and (sound or any(isinstance(v, str) and letters.sure(v) for v in one.values)):
            one.values[one.place] = Doubtful(one.text)
            return None
        else:
            code = usual[0]
    was = one.text
    one.values[one.place] = letters.converted(was, code, one.typeface)
    return was, one.values[one.place]


def _told(column: Column, certain: Counter[str], done: list[tuple[str, str]]) -> str:
    words = ngettext(
        "Cột «%(column)s»: %(count)s ô viết bằng mã chữ cũ %(code)s được chuyển sang Unicode, ví dụ «%(was)s» thành "
        "«%(is)s». Hãy xem lại trước khi nhập.",
        "Cột «%(column)s»: %(count)s ô viết bằng mã chữ cũ %(code)s được chuyển sang Unicode, ví dụ «%(was)s» thành "
        "«%(is)s». Hãy xem lại trước khi nhập.",
        len(done),
    )
    said = {"column": column.heading, "count": grouped(len(done)), "code": ", ".join(certain) or letters.TCVN3}
    return words % (said | {"was": done[0][0][:60], "is": done[0][1][:60]})


def unicode_of(text: str) -> str:
    """The words above a table or between its rows, in Unicode and on one line."""
    code = letters.by_typeface(text.typeface) if isinstance(text, Typed) else ""
    if code and letters.convertible(text, code):
        return tidy(letters.converted(str(text), code))
    if meant := letters.undone(text):
        return tidy(meant)
    read = letters.judged(str(text))
    return tidy(letters.converted(str(text), read[0]) if len(read) == 1 and read[0] else str(text))


@dataclass(frozen=True)
class _Day:
    """A day as it is written, and in which manner: a program has one, a person another."""

    number: int
    first: int
    second: int
    manner: tuple[Any, ...]

    @property
    def doubtful(self) -> bool:
        """Whether it is a day too when day and month change places."""
        return self.first <= 12 and self.second <= 12


def _written_day(number: int, value: Any) -> _Day | None:
    if isinstance(value, date):
        return _Day(number, value.day, value.month, (date,))
    if not isinstance(value, str):
        return None
    if found := _YEAR_FIRST.fullmatch(value):
        return _Day(number, int(found[2]), int(found[1]), ("-", "year first"))
    if not (found := _DAY_FIRST.fullmatch(value)):
        return None
    day, month = found[1], found[3]
    short = True if min(len(day), len(month)) == 1 else False if "0" in (day[0], month[0]) else None
    return _Day(number, int(day), int(month), (found[2], len(found[4]), short))


def half_swapped(column: Column, place: int, data: list[Row]) -> list[str]:
    """A program that puts the month first makes dates of what it can and leaves days above 12 as they were typed.

    In a workbook these are cells of two kinds, in a CSV days of two manners of writing («25/03/2015» and «4/5/2015»).
    """
    days = [day for n, values in data if place < len(values) and (day := _written_day(n, values[place]))]
    month_first = any(day.second > 12 >= day.first for day in days)
    sure = {day.manner for day in days if day.first > 12}  # in these, whoever wrote put the day first
    strange = {day.manner for day in days if day.doubtful} - sure
    strange -= {manner for manner in strange if manner[-1] is None}  # two figures each: of any manner
    if not month_first and not (sure - strange and strange):
        return []
    dated = [day.number for day in days if day.doubtful and (month_first or day.manner in strange)]
    if not dated:
        return []
    rows = ", ".join(map(str, dated[:SHOWN])) + ("…" if dated[SHOWN:] else "")
    said = {"column": column.heading, "rows": rows, "count": grouped(len(dated))}
    if (date,) in strange:
        words = _(
            "Cột «%(column)s» vừa có ngày gõ bằng chữ vừa có ô ngày của Excel, và không ô ngày nào có ngày lớn hơn 12: "
            "có thể Excel đã đổi chỗ ngày và tháng. Hãy đối chiếu các dòng %(rows)s (%(count)s dòng)."
        )
    else:
        words = _(
            "Cột «%(column)s» có ngày viết theo hai cách, có thể do chương trình đặt tháng trước ngày. "
            "Hãy đối chiếu các dòng %(rows)s (%(count)s dòng)."
        )
    return [words % said]
