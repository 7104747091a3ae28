"""An index of trigrams for SQLite, so that a word is found inside a million texts as PostgreSQL's own index finds it.

A model that says `trigrams = True` has beside its table one of FTS5 that holds the trigrams of its column `search`.
Triggers keep it true whoever writes. SQLite drops them with a table that a migration makes anew, so they are looked for
after each `migrate`, and the index is made again where one was missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models import Model
from django.db.models.expressions import RawSQL

FEW = 20_000  # rows; one line in fifty is found as soon by reading the list itself
NEWEST = 50  # rows that are looked at to tell which trigrams nearly every row has


def near(model: type[Model], words: Iterable[str], using: str) -> RawSQL | None:
    """The ids of the few rows that may hold all these folded words; None where that says little."""
    asked = {part for word in words for part in _covering(word)}
    if not asked or connections[using].vendor != "sqlite" or not getattr(model, "trigrams", False):
        return None
    table = model._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT search FROM {table} ORDER BY id DESC LIMIT {NEWEST}")  # noqa: S608
        newest = [search for (search,) in cursor.fetchall()]
        # the list of the rows that have it is read to its end, so one that is everywhere costs most and says least
        telling = {part for part in asked if 2 * sum(part in search for search in newest) <= len(newest)} or asked
        wanted = " ".join('"{}"'.format(part.replace('"', '""')) for part in sorted(telling))
        found = f"SELECT rowid AS id FROM {table}_trigrams WHERE {table}_trigrams MATCH %s LIMIT %s"  # noqa: S608
        # as one value: a parameter for each id would cost more than finding them
        cursor.execute(f"SELECT count(*), json_group_array(id) FROM ({found})", [wanted, FEW + 1])  # noqa: S608
        many, ids = cursor.fetchone()
    return RawSQL("SELECT value FROM json_each(%s)", [ids]) if many <= FEW else None  # noqa: S611


def _covering(word: str) -> set[str]:
    """As many trigrams of the word as hold all its letters; the others would find the same rows again."""
    return {word[i : i + 3] for i in (*range(0, len(word) - 2, 3), len(word) - 3) if i >= 0}


def keep(sender: AppConfig, using: str, **signal: Any) -> None:
    """Make what is missing of the index of each model of this app; asked after every `migrate`."""
    if connections[using].vendor == "sqlite":
        for model in sender.get_models():
            if getattr(model, "trigrams", False):
                _keep(model._meta.db_table, using)


def _keep(table: str, using: str) -> None:
    index = f"{table}_trigrams"
    leave = f"INSERT INTO {index} ({index}, rowid, search) VALUES ('delete', OLD.id, OLD.search);"  # noqa: S608
    enter = f"INSERT INTO {index} (rowid, search) VALUES (NEW.id, NEW.search);"  # noqa: S608
    triggers = {
        f"{index}_insert": f"AFTER INSERT ON {table} BEGIN {enter} END",
        f"{index}_delete": f"AFTER DELETE ON {table} BEGIN {leave} END",
        f"{index}_update": f"AFTER UPDATE OF id, search ON {table}"
        f" WHEN OLD.id <> NEW.id OR OLD.search <> NEW.search BEGIN {leave} {enter} END",
    }
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'trigger')", [table])
        there = {name for (name,) in cursor.fetchall()}
        if table not in there or triggers.keys() <= there:
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING"
            f" fts5(search, content='{table}', content_rowid='id', tokenize='trigram', detail=none, columnsize=0)"
        )
        for name, what in triggers.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
        cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608
