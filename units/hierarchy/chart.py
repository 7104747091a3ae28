"""The structure chart of any day: the tree of units as a drawing, as a paper for A3, as an outline in a sheet."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.files import sheets, typeset
from portal.text import grouped
from units.models import Unit


@dataclass
class Node:
    """A unit of the day and those directly below it."""

    unit: Unit
    level: int = 1
    below: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """The unit and everything below, in the order of the tree."""
        yield self
        for node in self.below:
            yield from node.walk()


def tree(day: date, unit: Unit | None = None) -> list[Node]:
    """The units of the day, or of one unit's branch, by one query; whoever has no superior among them is a root."""
    units = Unit.objects.as_of(day)
    if unit is not None:
        units = units.within(unit)
    nodes: dict[int | None, Node] = {u.pk: Node(u) for u in units}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id)
        (above.below if above else roots).append(node)
    for root in roots:
        _number(root, 1)
    return roots


def _number(node: Node, level: int) -> None:
    node.level = level
    for below in node.below:
        _number(below, level + 1)


def listed(roots: list[Node]) -> list[Node]:
    """All units one after the other, each before those below it."""
    return [node for root in roots for node in root.walk()]


def title(day: date, unit: Unit | None) -> str:
    """What the chart is called."""
    if unit is None:
        return _("Sơ đồ tổ chức Viện kiểm sát nhân dân")
    return _("Sơ đồ tổ chức: %(unit)s") % {"unit": unit.name}


def subtitle(day: date, count: int) -> str:
    """The day and how many units the chart holds."""
    words = ngettext("Theo ngày %(day)s · %(count)s đơn vị", "Theo ngày %(day)s · %(count)s đơn vị", count)
    return words % {"day": f"{day:%d/%m/%Y}", "count": grouped(count)}


# --- columns, for screen and paper alike ---

SCREEN_COLUMNS, PAGE_COLUMNS = 5, 6  # of cards side by side
PAGE_LINES = 48  # lines of text of one column on a page of A3, as the master sets them
LARGE_LINES = 28  # lines that fit in larger letters


def columns_of(root: Node, most: int) -> list[list[Node]]:
    """The units directly below, in order, in as even columns as there may be, each read from top to bottom."""
    if len(root.below) <= most:
        return [[node] for node in root.below]
    limit = max(_lines(node) for node in root.below)
    while len(columns := _filled(root.below, limit)) > most:
        limit += 1
    return columns


def _filled(nodes: list[Node], limit: int) -> list[list[Node]]:
    columns: list[list[Node]] = []
    free = 0
    for node in nodes:
        if free < _lines(node):
            columns.append([])
            free = limit
        columns[-1].append(node)
        free -= _lines(node)
    return columns


def _lines(node: Node) -> int:
    """How many lines its card takes, the space around it counted as two."""
    return 2 + sum(1 for _each in node.walk())


# --- the drawing ---

CARD, GAP, SPINE = 196, 16, 14  # px: a card's width, between columns, from a column's line to its cards
LINE, PAD = 18, 8  # px: a line of text, the space around it
CHARS, SMALL_CHARS = 24, 28  # letters that fit into a line of a card
STEP = CARD + SPINE + GAP


@dataclass
class Card:
    """A unit's box in the drawing with the units below it as lines."""

    lines: list[dict]
    height: int
    x: int
    y: int


def drawing(roots: list[Node]) -> dict:
    """Where everything stands: each root on top, below it a card for each unit, in columns that hang on one line."""
    width = max(max([len(columns_of(root, SCREEN_COLUMNS)) for root in roots], default=1), 1) * STEP - GAP
    y, charts = 0, []
    for root in roots:
        charts.append(_chart(root, width, y))
        y = charts[-1]["bottom"] + 2 * GAP
    return {"charts": charts, "card": CARD, "width": width + 2, "height": max(y - 2 * GAP, 0) + 2}


def _card(node: Node, x: int, y: int, *, alone: bool = False) -> Card:
    """The box of a unit that begins there; alone = without those below it."""
    lines, height = [], PAD
    for each in [node] if alone else node.walk():
        own, depth = each is node, each.level - node.level
        for text in textwrap.wrap(each.unit.label, CHARS if own else SMALL_CHARS - 2 * depth):
            height += LINE
            lines.append({"text": text, "y": height - 5, "x": PAD + 10 * max(depth - 1, 0), "own": own})
        height += PAD // 2 if own and not alone and node.below else 0
    return Card(lines, height + PAD, x, y)


def _chart(root: Node, width: int, top: int) -> dict:
    columns = columns_of(root, SCREEN_COLUMNS)
    head = _card(root, (width - CARD) // 2, top, alone=True)
    bus, bottom = top + head.height + GAP, top + head.height
    spine = (width - (len(columns) * STEP - GAP)) // 2
    middle = head.x + CARD // 2
    cards, links = [], [(middle, top + head.height, middle, bus)] if columns else []
    for column in columns:
        y = bus
        for node in column:
            card = _card(node, spine + SPINE, y + GAP)
            links.append((spine, card.y + PAD + LINE // 2, card.x, card.y + PAD + LINE // 2))
            cards.append(card)
            y = card.y + card.height
        links.append((spine, bus, spine, links[-1][1]))
        bottom, last, spine = max(bottom, y), spine, spine + STEP
    if columns:
        first = (width - (len(columns) * STEP - GAP)) // 2
        links.append((min(first, middle), bus, max(last, middle), bus))
    return {"head": head, "cards": cards, "links": links, "bottom": bottom}


# --- the paper and the sheet ---


def pdf(roots: list[Node], day: date, unit: Unit | None = None) -> bytes:
    """The chart on A3, over as many pages as it needs."""
    return typeset.pdf(
        "chart",
        {
            "title": title(day, unit),
            "subtitle": subtitle(day, len(listed(roots))),
            "page": _("Trang"),
            "most": PAGE_COLUMNS,
            "roots": [_plain(root) | _columns(root) for root in roots],
        },
    )


def _plain(node: Node) -> dict:
    return {"name": node.unit.label, "code": node.unit.code, "below": [_plain(below) for below in node.below]}


def _columns(root: Node) -> dict:
    """The columns, where they fit on one page; else the cards run on from page to page."""
    columns = columns_of(root, PAGE_COLUMNS)
    longest = max([sum(_lines(node) for node in column) for column in columns], default=0)
    plain = [[_plain(node) for node in column] for column in columns] if longest <= PAGE_LINES else None
    return {"columns": plain, "large": longest <= LARGE_LINES}


def sheet(roots: list[Node], day: date, unit: Unit | None = None) -> bytes:
    """The chart as an outline that folds: each level is indented below its superior."""
    columns = [
        (_("Đơn vị"), 60),
        (_("Mã"), 14),
        (_("Cấp"), 6),
        (_("Loại đơn vị"), 30),
        (_("Đơn vị cấp trên"), 40),
        (_("Có từ ngày"), 14),
        (_("Đến hết ngày"), 14),
    ]
    nodes = listed(roots)
    above = {below.unit.pk: node.unit for node in nodes for below in node.below}
    rows = (
        (
            node.level,
            [
                node.unit.name,
                node.unit.code,
                node.level,
                str(node.unit.get_kind_display()),
                above[node.unit.pk].name if node.unit.pk in above else "",
                node.unit.valid_from,
                node.unit.valid_to,
            ],
        )
        for node in nodes
    )
    head = sheets.Head(title(day, unit), about=subtitle(day, len(nodes)))
    return sheets.outline(f"{_('Sơ đồ')} {day:%d-%m-%Y}", columns, rows, head=head)
