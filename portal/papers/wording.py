"""What a paper says and how it stands on the page: one wording for each, `templates/papers/<kind>.toml`.

The Word master that the portal ships and the PDF are both made of it, so they cannot say different things.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates" / "papers"
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}  # mm; Decree 30/2020/NĐ-CP, annex I
LONG = 900  # letters of a row of a table from which it may be cut: it could be higher than a page
WIDTH = {False: 210 - 45, True: 297 - 45}  # mm between the margins, by whether the page lies on its side


@dataclass(frozen=True)
class Style:
    """How one kind of paragraph looks (docs/domain/law-and-practice.md, 14); sizes in points, indents in mm."""

    align: str = "both"  # left, center, right, both
    size: float = 14
    bold: bool = False
    italic: bool = False
    indent: float = 0
    before: float = 0
    level: int = 0  # of a heading, for readers of screens
    rule: float = 0  # in place of words a line, so much of the width
    keep: bool = False  # stays on the page of what follows


STYLES = {
    "text": Style(indent=10, before=6),
    "blank": Style("left", indent=10, before=6),  # dots to be written over
    "basis": Style(indent=10, before=6, italic=True),
    "section": Style(indent=10, before=8, bold=True, level=2, keep=True),
    "point": Style(indent=10, before=6, bold=True, level=3, keep=True),
    "title": Style("center", before=14, bold=True, level=1, keep=True),
    "about": Style("center", bold=True, keep=True),
    "note": Style("center", italic=True, keep=True),
    "to": Style("center", before=12, keep=True),
    "country": Style("center", 12, bold=True),
    "motto": Style("center", 13, bold=True),
    "superior": Style("center", 12),
    "issuer": Style("center", 12, bold=True),
    "number": Style("center", 13),
    "place": Style("center", 13, italic=True),
    "form": Style("right", 12, italic=True),
    "rule_third": Style("center", 4, rule=0.35, before=2),
    "rule_title": Style("center", 10, rule=0.35, before=3),
    "rule_motto": Style("center", 4, rule=0.62, before=2),
    "small": Style("left", 6),
    "gap": Style("left", 10),
    "space": Style("center", 56),  # for a signature and a seal
    "space_kept": Style("center", 56, keep=True),
    "authority": Style("center", 13, bold=True, keep=True),
    "signed": Style("center", 14, bold=True),
    "recipients": Style("left", 12, bold=True, italic=True),
    "recipient": Style("left", 11),
    "head": Style("center", 12, bold=True),
    "cell": Style("left", 12),
    "cell_center": Style("center", 12),
    "total": Style("left", 12, bold=True),
}


@dataclass(frozen=True)
class Text:
    """A paragraph; what is within {{ }} is a field."""

    text: str
    style: str = "text"
    lead: str = ""  # its first words, bold


@dataclass(frozen=True)
class Repeat:
    """Blocks once for each of a list: `loop` is «row in rows»."""

    loop: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Only:
    """Blocks that stand there only if the field has a value."""

    condition: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Columns:
    """Blocks beside each other, without lines around them; widths as shares of the page."""

    widths: tuple[float, ...]
    cells: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, what a cell says, its share of the width."""

    head: str
    cell: str
    width: float
    style: str = "cell"


@dataclass(frozen=True)
class Table:
    """One line for each row of a list, the heading again on every page, the count below."""

    loop: str
    columns: tuple[Column, ...]
    total: str = ""


Block = Text | Repeat | Only | Columns | Table


@dataclass(frozen=True)
class Wording:
    """All that one paper says."""

    blocks: tuple[Block, ...]
    landscape: bool = False

    @property
    def width(self) -> int:
        """Between the margins, in mm."""
        return WIDTH[self.landscape]


@cache
def of(kind: str) -> Wording:
    """The wording of that paper."""
    said = tomllib.loads((FOLDER / f"{kind}.toml").read_text("utf-8"))
    return Wording(_blocks(said["block"]), said.get("landscape", False))


def _blocks(rows: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(block for row in rows for block in _block(row))


def _block(row: dict[str, Any]) -> tuple[Block, ...]:
    row = dict(row)
    each, only = row.pop("each", ""), row.pop("only", "")
    found: tuple[Block, ...]
    if part := row.pop("part", ""):  # shared by many papers
        found = of(f"parts/{part}").blocks
    elif inner := row.pop("block", None):
        found = _blocks(inner)
    elif columns := row.pop("columns", None):
        found = (Table(row.pop("rows"), tuple(Column(**column) for column in columns), **row),)
    elif cells := row.pop("column", None):
        found = (Columns(tuple(row["widths"]), tuple(_blocks(cell["block"]) for cell in cells)),)
    else:
        found = (Text(**row),)
    if each:
        found = (Repeat(each, found),)
    return (Only(only, found),) if only else found
