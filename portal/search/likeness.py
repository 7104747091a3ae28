"""How alike two texts are, counted in trigrams: by pg_trgm on PostgreSQL, by the same sum here on SQLite."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.db.models import FloatField, Func


class Likeness(Func):
    """Share of trigrams that two folded texts have in common, from 0 to 1."""

    function = "SIMILARITY"
    arity = 2
    output_field = FloatField()


def similarity(one: str, other: str) -> float:
    """What pg_trgm's function of this name says of two texts in lower case.

    >>> similarity("giai phap moi", "giai phap moi")
    1.0
    """
    mine, theirs = _trigrams(one), _trigrams(other)
    either = len(mine | theirs)
    return len(mine & theirs) / either if either else 0.0


@lru_cache(maxsize=256)
def _trigrams(text: str) -> frozenset[str]:
    padded = (f"  {word} " for word in re.findall(r"[^\W_]+", text))
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def teach_sqlite(connection: Any, **signal: Any) -> None:
    """Give a fresh SQLite connection the function that PostgreSQL has in pg_trgm."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("similarity", 2, similarity, deterministic=True)
