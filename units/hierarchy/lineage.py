"""The units that a unit took over, however long ago."""

from __future__ import annotations

from django.db import connection

from units.models import Unit

# `whole` is 1 where every step was a continuation: the same unit under a new name
_BEFORE = """WITH RECURSIVE before (id, whole) AS (
    SELECT predecessor_id, CASE WHEN kind = 'continue' THEN 1 ELSE 0 END
    FROM units_succession WHERE successor_id = %s
    UNION
    SELECT s.predecessor_id, CASE WHEN s.kind = 'continue' THEN b.whole ELSE 0 END
    FROM units_succession s JOIN before b ON s.successor_id = b.id
) SELECT id, MAX(whole) FROM before GROUP BY id"""


def before(unit: Unit) -> dict[int, bool]:
    """Ids of the units that this one took over, directly or through others; True where it merely continues them.

    A continuation is the same unit under another name; of a merger or a split only a part went over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [unit.pk])
        return {pk: bool(whole) for pk, whole in cursor.fetchall()}
