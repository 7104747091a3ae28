"""What units took over from which, and what took over from them, however long ago: the successions, followed whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from units.models.units import Unit

# `whole` is 1 where every step was a continuation: the same unit under a new name
_BEFORE = """WITH RECURSIVE before (id, whole) AS (
    SELECT predecessor_id, CASE WHEN kind = 'continue' THEN 1 ELSE 0 END
    FROM units_succession WHERE successor_id IN ({units})
    UNION
    SELECT s.predecessor_id, CASE WHEN s.kind = 'continue' THEN b.whole ELSE 0 END
    FROM units_succession s JOIN before b ON s.successor_id = b.id
)"""
_AFTER = """WITH RECURSIVE after (id) AS (
    SELECT successor_id FROM units_succession WHERE successor_id IS NOT NULL AND predecessor_id IN ({units})
    UNION
    SELECT s.successor_id FROM units_succession s JOIN after a ON s.predecessor_id = a.id
    WHERE s.successor_id IS NOT NULL
)"""
_HEIRS = """WITH RECURSIVE after (path, id) AS (
    SELECT u.path, s.successor_id FROM units_succession s JOIN units_unit u ON u.id = s.predecessor_id
    WHERE s.successor_id IS NOT NULL AND u.path IN ({units})
    UNION
    SELECT a.path, s.successor_id FROM units_succession s JOIN after a ON s.predecessor_id = a.id
    WHERE s.successor_id IS NOT NULL
)"""


def before(unit: Unit) -> dict[int, bool]:
    """Ids of the units that this one took over, directly or through others; True where it merely continues them.

    A continuation is the same unit under another name; of a merger or a split only a part went over.
    """
    rows = _rows(f"{_BEFORE} SELECT id, MAX(whole) FROM before GROUP BY id", [unit.pk])  # noqa: S608 -- only marks are put in
    return {pk: bool(whole) for pk, whole in rows}


def paths_before(units: list[int]) -> set[str]:
    """Paths of the units that these took over, directly or through others."""
    found = _rows(f"{_BEFORE} SELECT path FROM units_unit WHERE id IN (SELECT id FROM before)", units)  # noqa: S608 -- only marks are put in
    return {path for (path,) in found}


def successors(units: list[int]) -> set[int]:
    """Ids of the units that took over from these, directly or through others; whoever reads there reads here."""
    return {pk for (pk,) in _rows(f"{_AFTER} SELECT id FROM after", units)}  # noqa: S608 -- only marks are put in


def heirs_of(paths: set[str]) -> dict[str, set[int]]:
    """Of each path, the ids of the units that took over from its unit or from one above it, one query for all."""
    chains = {path: _chain(path) for path in paths}
    asked = sorted({one for chain in chains.values() for one in chain})
    after: dict[str, set[int]] = defaultdict(set)
    for path, pk in _rows(f"{_HEIRS} SELECT path, id FROM after", asked):  # noqa: S608 -- only marks are put in
        after[path].add(pk)
    return {path: {pk for one in chain for pk in after[one]} for path, chain in chains.items()}


def _chain(path: str) -> list[str]:
    """The path and those of the units above it, the root left out."""
    codes = path.strip("/").split("/")
    return ["/" + "/".join(codes[: place + 1]) + "/" for place in range(1, len(codes))]


def _rows(query: str, units: Sequence[int | str]) -> list[tuple[Any, ...]]:
    """One query on both engines; none for no units."""
    if not units:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query.format(units=", ".join(["%s"] * len(units))), units)
        return list(cursor.fetchall())
