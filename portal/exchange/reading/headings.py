"""The heading of a table: one row or up to three, with cells merged across and down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal.exchange.columns import Column, heading_key, tidy
from portal.exchange.reading import letters
from portal.exchange.reading.tables import HEAD_ROWS, Span, Table

ORDINAL = ("stt", "tt", "sothutu", "sott", "no")
HIGHEST = 3  # rows of one heading
HALVES = ("nam", "nữ")  # into which a year of birth is divided; «Nam» is not the «Năm» that it resembles
DAY = ("ngày", "tháng", "năm")  # into which a day is divided
FAMILY = (
    "hodem",
    "hovadem",
    "hotendem",
    "hovatendem",
    "hochudem",
    "hovachudem",
    "holot",
    "hovatenlot",
    "hovachulot",
    "ho",
)
GIVEN = ("ten", "tengoi")
Known = dict[str, Column]


@dataclass(frozen=True)
class Cell:
    """One text of a heading: where it begins and over how many columns it stands."""

    text: str
    origin: tuple[int, int]
    wide: bool


@dataclass
class Head:
    """Where each column stands. One that is divided (Nam, Nữ) or merged stands in several places."""

    first_row: int
    last_row: int
    places: dict[str, list[int]] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)  # what is written below, where the column is divided
    doubled: list[Column] = field(default_factory=list)
    unknown: dict[int, str] = field(default_factory=dict)
    mixed: dict[int, tuple[Column, Column]] = field(default_factory=dict)  # «Số, ngày quyết định»: a text and a day
    again: set[int] = field(default_factory=set)  # places of a column that is there twice
    ordinal: int | None = None
    score: tuple[int, ...] = ()

    @property
    def named(self) -> set[int]:
        """The places that have a heading at all."""
        known = {place for places in self.places.values() for place in places}
        return known | self.again | set(self.unknown) | ({self.ordinal} if self.ordinal is not None else set())


def known_headings(columns: Iterable[Column]) -> Known:
    return {name: column for column in columns for name in column.names()}


def find(table: Table, known: Known) -> Head | None:
    """The rows that name most columns of the list, the required ones first."""
    best: Head | None = None
    top = table.rows[:HEAD_ROWS]
    for place, (number, _values) in enumerate(top):
        rows = [(number, top[place][1])]
        for further in range(HIGHEST):
            if further:
                if place + further >= len(table.rows) or table.rows[place + further][0] != number + further:
                    break
                rows.append(table.rows[place + further])
            head = _match(rows, table.merged, known)
            if best is None or head.score > best.score:
                best = head
    return best


def looks_lost(table: Table) -> bool:
    """Whether the heading cannot be found because its letters became «?» when the file was saved."""
    rows = ([value for value in values if isinstance(value, str)] for _number, values in table.rows[:HEAD_ROWS])
    return any(sum(letters.lost(text) for text in texts) >= 2 for texts in rows)


def _match(rows: list[tuple[int, list[Any]]], merged: list[Span], known: Known) -> Head:
    head = Head(rows[0][0], rows[-1][0])
    origins: dict[str, tuple[int, int]] = {}
    grid = _grid(rows, merged)
    for place in range(max(map(len, grid), default=0)):
        path = _path(grid, place)
        if not path:
            continue
        column, cell, part = _named(path, known)
        if column is None:
            text = " ".join(one.text for one in path)
            if heading_key(text) in ORDINAL:
                head.ordinal = place if head.ordinal is None else head.ordinal
            else:
                head.unknown[place] = text[:60]
        elif column.key not in head.places:
            head.places[column.key], origins[column.key] = [place], cell.origin
        elif origins[column.key] == cell.origin:
            head.places[column.key].append(place)
        else:
            head.doubled.append(column)
            head.again.add(place)
            continue
        if column is not None and part:
            head.parts[place] = part
    _join_names(head, known)
    for place, text in list(head.unknown.items()):
        _find_mixed(head, place, text, known)
    found = {column.key: column for column in known.values() if column.key in head.places}
    required = sum(column.required for column in found.values())
    head.score = (required, len(found), -len(head.unknown), len(head.parts), -len(rows))
    return head


def _join_names(head: Head, known: Known) -> None:
    """«Họ và tên đệm» in one column and «Tên» in another are one name, even where «Tên» alone would be known."""
    families = [place for place, text in head.unknown.items() if heading_key(text) in FAMILY]
    for column in {c.key: c for c in known.values() if c.person}.values():
        given = [place for place, text in head.unknown.items() if heading_key(text) in GIVEN]
        places = head.places.get(column.key, given)
        if len(families) == 1 and len(places) == 1 and places[0] == families[0] + 1:
            head.places[column.key] = [families[0], places[0]]
            for place in head.places[column.key]:
                head.unknown.pop(place, None)


def _find_mixed(head: Head, place: int, text: str, known: Known) -> None:
    """A heading that names a text and a day or year, of which neither has a column of its own."""
    for cut in re.finditer(r"\s*[,;/–-]\s*|\s+và\s+", text):
        left, right = text[: cut.start()], text[cut.end() :]
        shared = right.partition(" ")[2]  # «Số, ngày quyết định» is «Số quyết định» and «Ngày quyết định»
        first, second = _known(left, known) or _known(f"{left} {shared}", known), _known(right, known)
        if first is None or second is None or first is second or second.kind not in ("date", "year"):
            continue
        if first.kind in ("date", "year") or {first.key, second.key} & head.places.keys():
            continue
        head.places[first.key], head.mixed[place] = [place], (first, second)
        del head.unknown[place]
        return


def _grid(rows: list[tuple[int, list[Any]]], merged: list[Span]) -> list[list[Cell | None]]:
    """The texts of the heading, each in every place that its cell covers."""
    grid: list[list[Cell | None]] = []
    for number, values in rows:
        grid.append(
            [Cell(tidy(str(v)), (number, p), wide=False) if v is not None else None for p, v in enumerate(values)]
        )
    first, last = rows[0][0], rows[-1][0]
    for left, top, right, bottom in merged:
        if top < first or bottom > last:
            if left == right or not (top <= first and bottom >= last):  # a title, or data that is merged downwards
                continue
        shown = grid[max(top, first) - first]
        cell = shown[left] if left < len(shown) else None
        if cell is None:
            continue
        cell = Cell(cell.text, cell.origin, wide=right > left)
        for row in grid[max(top, first) - first : bottom - first + 1]:
            row.extend([None] * (right + 1 - len(row)))
            row[left : right + 1] = [cell] * (right + 1 - left)
    for upper, lower in zip(grid, grid[1:], strict=False):
        _spread(upper, lower)
    return grid


def _spread(upper: list[Cell | None], lower: list[Cell | None]) -> None:
    """A cell that is not merged stands over the blank ones behind it, where the row below is divided."""
    upper.extend([None] * (len(lower) - len(upper)))
    for place in range(1, len(lower)):
        before = upper[place - 1]
        divided = lower[place] is not None and lower[place - 1] is not None and lower[place - 1] is not before
        if upper[place] is None and before is not None and divided:
            upper[place - 1] = upper[place] = Cell(before.text, before.origin, wide=True)


def _path(grid: list[list[Cell | None]], place: int) -> list[Cell]:
    """What is written over a column, from above."""
    path: list[Cell] = []
    for row in grid:
        cell = row[place] if place < len(row) else None
        if cell is not None and (not path or path[-1].origin != cell.origin):
            path.append(cell)
    return path


def _named(path: list[Cell], known: Known) -> tuple[Column | None, Cell, str]:
    """The column that the words over a place mean, by which cell, and what is written below that one."""
    lowest = path[-1]
    if len(path) > 1 and path[-2].wide and (column := _known(path[-2].text, known)):
        divided = HALVES + DAY if column.kind in ("date", "year") else HALVES
        if lowest.text.casefold() in divided:
            return column, path[-2], lowest.text
    if column := _known(lowest.text, known):
        return column, lowest, ""
    if len(path) > 1:
        above = path[-2]
        for text in (f"{lowest.text} {above.text}", f"{above.text} {lowest.text}"):  # «Quyết định» over «Số»
            if column := _known(text, known):
                return column, lowest, ""
        if above.wide and (column := _known(above.text, known)):
            return column, above, lowest.text
    return None, lowest, ""


def _known(text: str, known: Known) -> Column | None:
    if column := known.get(heading_key(text)):
        return column
    return next((known[key] for read in letters.readings(text) if (key := heading_key(read)) in known), None)
