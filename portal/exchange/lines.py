"""What comes out of a file: its rows by column, what is wrong with them, and what was left aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

MAX_PROBLEMS = 5_000  # kept with their words; further ones are only counted
STEP = 10_000_000  # the rows of a second sheet are numbered from here on, those of a third from twice that


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number as Excel shows it, and the values of the cells that hold something.

    A cell that could not be read is there with None: of it enough was said. `section` is the line above that
    heads its part of the list («Phòng 1»).
    """

    number: int
    values: dict[str, Any]
    section: str = ""

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass
class Problems:
    """What is wrong, by row and column, in words; all of it at once, of very many the first."""

    found: list[tuple[int, str, str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: Any, words: Any, cell: str = "") -> None:
        self.count += 1
        if len(self.found) < MAX_PROBLEMS:
            self.found.append((row, str(column), cell, str(words)))

    def sorted(self) -> list[tuple[int, str, str, str]]:
        return sorted(self.found, key=lambda problem: problem[0])


@dataclass(frozen=True)
class Choice:
    """What the person said of a file that can be read in more ways than one; nothing said is None."""

    sheets: tuple[str, ...] | None = None
    hidden: bool = False  # whether hidden rows are read too

    @classmethod
    def of(cls, said: dict[str, Any]) -> Choice:
        sheets = said.get("sheets")
        return cls(None if sheets is None else tuple(sheets), bool(said.get("hidden")))

    def stored(self) -> dict[str, Any]:
        return {"sheets": None if self.sheets is None else list(self.sheets), "hidden": self.hidden}


@dataclass
class Reading:
    """What a file says: its rows, what could not be read, and what was left aside."""

    lines: list[Line]
    problems: Problems
    notes: list[str]
    places: list[dict[str, int]] = field(default_factory=list)  # of each sheet: where a column stands, from 0
    sheets: list[str] = field(default_factory=list)  # those that were read
    unread: list[str] = field(default_factory=list)  # what may hold more rows of the list, in words
    aside: list[str] = field(default_factory=list)  # the words of rows that were taken for no data
    choices: dict[str, Any] = field(default_factory=dict)  # what the person may choose: sheets, hidden rows


def cell_name(place: int | None, row: int) -> str:
    """How Excel names the cell; nothing where the column is not in the file."""
    return "" if place is None else f"{get_column_letter(place + 1)}{row % STEP}"


def row_name(row: int, sheets: list[str]) -> str:
    """The row as Excel shows it, with its sheet where several were read; nothing for what no row asked for.

    >>> row_name(4, ["A"]), row_name(10_000_004, ["A", "B "]), row_name(0, [])
    ('4', '4 («B»)', '')
    """
    if not row:
        return ""
    if len(sheets) < 2:
        return str(row % STEP)
    return f"{row % STEP} («{sheets[row // STEP].strip()}»)"
