"""A paper as PDF, set by Typst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from portal.files import typeset
from portal.papers import wording
from portal.papers.base import Paper
from portal.papers.filling import PLAIN
from portal.papers.wording import LONG, Block, Columns, Only, Repeat, Table, Text

_CELL, _ROW = "\x1f", "\x1e"  # no value holds them


def pdf(paper: Paper, data: dict[str, Any]) -> bytes:
    """The paper with this data."""
    said = wording.of(paper.kind)
    return typeset.pdf(
        "paper",
        {
            "title": str(paper.title),
            "landscape": said.landscape,
            "margins": wording.MARGINS,
            "styles": {name: asdict(style) for name, style in wording.STYLES.items()},
            "blocks": list(_filled(said.blocks, data)),
        },
    )


def _filled(blocks: tuple[Block, ...], data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        match block:
            case Text():
                yield {"kind": "text", "style": block.style, "lead": block.lead, "text": _said(block.text, data)}
            case Repeat():
                name, _in, source = block.loop.partition(" in ")
                for each in _value(source, data):
                    yield from _filled(block.blocks, data | {name: each})
            case Only():
                if _value(block.condition, data):
                    yield from _filled(block.blocks, data)
            case Columns():
                cells = [list(_filled(cell, data)) for cell in block.cells]
                yield {"kind": "columns", "widths": block.widths, "cells": cells}
            case Table():
                yield _table(block, data)


def _said(text: str, data: dict[str, Any]) -> str:
    return PLAIN.from_string(text).render(data) if "{{" in text else text


def _value(source: str, data: dict[str, Any]) -> Any:
    return PLAIN.compile_expression(source, undefined_to_none=False)(**data)


def _table(table: Table, data: dict[str, Any]) -> dict[str, Any]:
    """All rows by one template: thousands of them take a moment."""
    line = _CELL.join(column.cell for column in table.columns)
    said = _said(f"{{% for {table.loop} %}}{{{{ '' }}}}{line}{_ROW}{{% endfor %}}", data)
    rows = [row.split(_CELL) for row in said.split(_ROW)[:-1]]
    return {
        "kind": "table",
        "columns": [{"head": c.head, "width": c.width, "style": c.style} for c in table.columns],
        "rows": [{"cells": row, "long": sum(map(len, row)) > LONG} for row in rows],
        "total": _said(table.total, data),
    }
