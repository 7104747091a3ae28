"""A whole file read under the description of a list: its lines, and everything that was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.exchange.columns import Column, Unreadable, in_every_language
from portal.exchange.lines import STEP, Choice, Line, Problems, Reading, cell_name
from portal.exchange.reading import cells, headings, letters, tables
from portal.exchange.reading.headings import Head
from portal.exchange.reading.rows import Body, told_apart
from portal.exchange.reading.tables import Row, Say, Table
from portal.text import grouped

OWN_SHEETS = (gettext_lazy("Hướng dẫn"), gettext_lazy("Danh sách chọn"))  # of the template, besides its table
SHOWN = 10  # rows or words that a note names
Tells = Callable[[str], dict[str, Any]]


@dataclass
class _Part:
    """One sheet that is read: where its columns stand and which of its rows are data."""

    table: Table
    head: Head
    first: int  # what is added to the numbers of its rows
    body: Body = field(default_factory=Body)
    sectioned: set[str] = field(default_factory=set)  # required columns that sections tell


class Reader:
    def __init__(self, columns: tuple[Column, ...], tells: Tells | None, choice: Choice, given: dict[str, Any]) -> None:
        self.columns = {column.key: column for column in columns}
        self.known = headings.known_headings(columns)
        self.tells = tells
        self.choice = choice
        self.given = given
        self.told = Reading([], Problems(), [])

    def read(self, file: Any, say: Say) -> Reading:
        """The whole file. ValidationError where it holds no table of this list."""
        with tables.opened(file) as (sources, side_by_side):
            found = self._sheets(sources, say) if side_by_side else self._csv(sources, say)
        parts = [_Part(table, head, place * STEP) for place, (table, head) in enumerate(found)]
        self.told.sheets = [part.table.name for part in parts]
        for part in parts:
            self._columns(part)
        self._missing(parts)
        for part in parts:
            self._body(part)
            self.told.lines += self._lines(part)
            self.told.places.append({key: places[0] for key, places in part.head.places.items()})
        if len(self.told.lines) > tables.MAX_ROWS:
            raise tables.too_long()
        return self.told

    def note(self, words: Any) -> None:
        self.told.notes.append(str(words))

    # --- which tables ---

    def _enough(self, head: Head | None) -> bool:
        return head is not None and head.score[1] >= min(2, len(self.columns))

    def _not_found(self, found: Iterable[Table]) -> ValidationError:
        if any(headings.looks_lost(table) for table in found):
            return ValidationError(cells.LOST_HEADING)
        names = quoted(str(column.heading) for column in self.columns.values() if column.required)
        words = _("Không tìm thấy dòng tiêu đề. Bảng phải có các cột: %(names)s. Hãy dùng tệp mẫu.")
        return ValidationError(words % {"names": names})

    def _csv(self, sources: list[tables.Source], say: Say) -> list[tuple[Table, Head]]:
        """The reading under the delimiter that gives the best heading."""
        begun = [(source, source.begin()) for source in sources]
        matched = [(source, table, headings.find(table, self.known)) for source, table in begun]
        good = [(source, head) for source, _table, head in matched if head and self._enough(head)]
        if not good:
            raise self._not_found(table for _source, table in begun)
        source, head = max(good, key=lambda pair: pair[1].score)
        return [(source.load(say), head)]

    def _sheets(self, sources: list[tables.Source], say: Say) -> list[tuple[Table, Head]]:
        """The visible sheets that hold the list under one heading, or those the person chose; the others are told."""
        every = [source.load(say) for source in sources]
        matched = [(table, head) for table in every if (head := headings.find(table, self.known))]
        good = [(table, head) for table, head in matched if self._enough(head)]
        if not good:
            raise self._not_found(every)
        shown = [pair for pair in good if pair[0].visible]
        chosen = [pair for pair in good if self.choice.sheets and pair[0].name in self.choice.sheets]
        if not chosen:
            if not shown:
                words = _("Bảng nằm ở trang tính ẩn %(names)s. Hãy cho hiện trang tính đó trong Excel rồi tải lên lại.")
                raise ValidationError(words % {"names": quoted(table.name for table, _head in good)})
            best = max(shown, key=lambda pair: pair[1].score)
            chosen = [pair for pair in shown if set(pair[1].places) == set(best[1].places)]
        self._tell_sheets(every, good, [table for table, _head in chosen])
        return chosen

    def _tell_sheets(self, every: list[Table], good: list[tuple[Table, Head]], chosen: list[Table]) -> None:
        found = {id(table) for table, _head in good}
        counts = {}
        if len(good) > 1:
            counts = {id(table): len(told_apart(table, head, self.columns).data) for table, head in good}
        read = {id(table) for table in chosen}
        if len(good) > 1:
            self.told.choices["sheets"] = [
                {"name": table.name, "rows": counts[id(table)], "hidden": not table.visible, "read": id(table) in read}
                for table, _head in good
            ]
        if len(chosen) > 1:
            names = _counted((table.name, counts[id(table)]) for table in chosen)
            self.note(_("Đã đọc %(count)s trang tính: %(names)s.") % {"count": grouped(len(chosen)), "names": names})
        left = [(table.name, counts[id(table)]) for table, _head in good if id(table) not in read]
        if left:
            words = _("Chưa đọc các trang tính cũng có bảng này: %s. Có thể chọn đọc thêm.") % _counted(left)
            self.note(words)
            self.told.unread.append(words)
        own = {name for words in OWN_SHEETS for name in in_every_language(words)}
        others = [table for table in every if table.rows and table.name not in own and id(table) not in found]
        if others:
            words = _("Không đọc các trang tính không có bảng này: %s.")
            words %= _counted((table.name, len(table.rows)) for table in others)
            self.note(words)
            if any(table.visible for table in others):
                self.told.unread.append(words)
            self.told.aside += [str(v) for table in others for _number, values in table.rows for v in values if v]

    # --- which columns ---

    def _columns(self, part: _Part) -> None:
        head, row = part.head, part.first + part.head.last_row
        for column in head.doubled:
            self.told.problems.add(row, column.heading, _("Cột này có hai lần. Hãy bỏ bớt một cột."))
        for place, name in head.unknown.items():
            if letters.lost(name):
                words = _("Tiêu đề «%(name)s» đã mất chữ có dấu khi lưu tệp. %(how)s")
                how = {"name": name, "how": cells.KEEP_LETTERS}
                self.told.problems.add(row, name, words % how, cell_name(place, head.last_row))

    def _missing(self, parts: list[_Part]) -> None:
        """Columns that a sheet does not have; what is said once for the whole file stands for them."""
        optional: dict[str, None] = {}
        for part in parts:
            told = {**self._context(self._preamble(part)), **self.given}
            for key, column in self.columns.items():
                if key in part.head.places or key in told:
                    continue
                if column.required and self._sections_tell(part, key):
                    part.sectioned.add(key)
                elif column.required:
                    words = column.missing or _("Thiếu cột này.")
                    self.told.problems.add(part.first + part.head.last_row, column.heading, words)
                else:
                    optional[str(column.heading)] = None
        if optional:
            self.note(_("Tệp không có các cột: %(names)s. Những mục này giữ nguyên.") % {"names": quoted(optional)})

    def _sections_tell(self, part: _Part, key: str) -> bool:
        texts = (str(v) for n, values in part.table.rows if n > part.head.last_row for v in values if type(v) is str)
        return self.tells is not None and any(key in self._context(text) for text in texts)

    def _preamble(self, part: _Part) -> str:
        above = [values for number, values in part.table.rows if number < part.head.first_row]
        return "\n".join(cells.unicode_of(v) for values in above for v in values if isinstance(v, str))

    def _context(self, text: str) -> dict[str, Any]:
        """What words above or between the rows say for them, of what the list knows; unreadable ones say nothing."""
        read = {}
        for key, raw in self.tells(text).items() if self.tells else ():
            if key not in self.columns:
                continue
            try:
                read[key] = self.columns[key].reader()(raw)
            except Unreadable:
                continue
        return read

    # --- which rows ---

    def _body(self, part: _Part) -> None:
        table, head = part.table, part.head
        part.body = told_apart(table, head, self.columns)
        hidden = [row for row in part.body.data if row[0] in table.hidden_rows]
        if hidden:
            self._tell_hidden(part, hidden)
        cells.fill_merged(table, part.body.data)
        self.told.notes += cells.split_mixed(head, part.body.data)
        data = part.body.data
        if part.body.aside:
            shown = [f"{number} «{words[:60]}»" for number, words in list(part.body.aside.items())[:SHOWN]]
            words = _("Không đọc %(count)s dòng không phải dữ liệu (đề mục, tổng cộng, chữ ký): %(rows)s.")
            more = "; …" if len(part.body.aside) > SHOWN else ""
            self.note(words % {"count": grouped(len(part.body.aside)), "rows": "; ".join(shown) + more})
            self.told.aside += part.body.aside.values()
        for place in sorted(table.hidden_columns):
            if place in head.named and any(place < len(values) and values[place] is not None for _n, values in data):
                self.note(_("Cột %s bị ẩn trong tệp nhưng vẫn được đọc.") % _letter(place))
        self._tell_unknown(part, data)
        self.told.notes += cells.mend_letters(head, self.columns, part.body.data)
        for key, places in head.places.items():
            if self.columns[key].kind == "date":
                self.told.notes += cells.half_swapped(self.columns[key], places[0], part.body.data)

    def _tell_hidden(self, part: _Part, hidden: list[Row]) -> None:
        numbers = ", ".join(str(number) for number, _values in hidden[:SHOWN]) + ("…" if hidden[SHOWN:] else "")
        counted = {"count": grouped(len(hidden)), "rows": numbers}
        self.told.choices["hidden_rows"] = self.told.choices.get("hidden_rows", 0) + len(hidden)
        self.told.choices["hidden_read"] = self.choice.hidden
        if self.choice.hidden:
            self.note(_("%(count)s dòng bị ẩn trong tệp cũng được đọc: %(rows)s.") % counted)
            return
        words = _("%(count)s dòng bị ẩn trong tệp không được đọc: %(rows)s. Có thể chọn đọc ở dưới.") % counted
        self.note(words)
        self.told.unread.append(words)
        left = {number for number, _values in hidden}
        part.body.data = [row for row in part.body.data if row[0] not in left]

    def _tell_unknown(self, part: _Part, data: list[Row]) -> None:
        """Columns that the list does not have, and those that have data but no heading."""
        head = part.head
        width = max((len(values) for _number, values in data), default=0)
        filled = lambda place: sum(place < len(values) and values[place] is not None for _n, values in data)  # noqa: E731
        unknown = {name: count for place, name in head.unknown.items() if (count := filled(place))}
        if unknown:
            names = [f"«{name}» ({count})" for name, count in list(unknown.items())[:20]]
            words = _("Các cột này của tệp không được nhập (số ô có nội dung): %(names)s.")
            self.note(words % {"names": ", ".join(names)})
        known = {place: key for key, places in head.places.items() for place in places}
        for place in sorted(set(range(width)) - head.named):
            if not (count := filled(place)):
                continue
            beside = self.columns[known[place - 1]] if place - 1 in known else None
            said = {"letter": _letter(place), "count": grouped(count)}
            if beside is not None and beside.kind == "text":
                said["name"] = str(beside.heading)
                words = _("Cột %(letter)s có %(count)s ô có nội dung nhưng không có tiêu đề. Hãy ghi tiêu đề, "
                          "hoặc gộp ô tiêu đề «%(name)s» lên cả cột này nếu cùng một mục.")  # fmt: skip
                self.told.problems.add(part.first + head.last_row, _letter(place), words % said)
            else:
                self.note(_("Cột %(letter)s không có tiêu đề: %(count)s ô không được đọc.") % said)

    # --- the rows themselves ---

    def _lines(self, part: _Part) -> Iterator[Line]:
        head, first = part.head, part.first
        before = self._context(self._preamble(part))
        told = {**before, **self._read_given()}
        present = [
            (key, cells.getter(self.columns[key], places, head.parts, part.table.epoch), self.columns[key], places[0])
            for key, places in head.places.items()
        ]
        absent = [column for key, column in self.columns.items() if key not in head.places]
        needed = [column for column in absent if column.required and column.key in part.sectioned]
        derived = cells.derived(absent, head)
        sections = sorted(part.body.sections.items(), reverse=True)
        section, used = "", set()
        for number, values in part.body.data:
            while sections and sections[-1][0] < number:
                section = cells.unicode_of(sections.pop()[1])
                told |= self._context(section)
            read: dict[str, Any] = {}
            for key, get, column, place in present:
                try:
                    value = get(values)
                except Unreadable as words:
                    self.told.problems.add(first + number, column.heading, words, cell_name(place, number))
                    read[key] = None
                    continue
                if value is not None:
                    read[key] = value
                elif key not in told and column.required:
                    self.told.problems.add(first + number, column.heading, _("Chưa ghi."), cell_name(place, number))
            for key, get in derived:
                if (value := get(values)) is not None:
                    read[key] = value
            for key in told.keys() - read.keys():
                read[key] = told[key]
                used.add(key)
            for column in needed:
                if column.key not in read:
                    self.told.problems.add(first + number, column.heading, _("Chưa ghi."))
            yield Line(first + number, read, section)
        if taken := [key for key in before if key in used and key not in self.given]:
            shown = "; ".join(f"{self.columns[key].heading}: {self.columns[key].shown(before[key])}" for key in taken)
            self.note(_("Lấy từ phần đầu tệp cho các dòng không ghi: %s.") % shown)

    def _read_given(self) -> dict[str, Any]:
        return {key: self.columns[key].reader()(raw) for key, raw in self.given.items() if key in self.columns}


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def _letter(place: int) -> str:
    return cell_name(place, 1)[:-1]


def _counted(found: Iterable[tuple[str, int]]) -> str:
    return ", ".join(
        _("«%(name)s» (%(count)s dòng)") % {"name": name, "count": grouped(count)} for name, count in found
    )
