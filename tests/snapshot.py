"""What a builder writes is written once, and copied row by row into each test that needs it."""

import pickle

from django.apps import apps
from django.db import connection, transaction


def _tables():
    return [model._meta.db_table for model in apps.get_models(include_auto_created=True)]


class Snapshot:
    """The rows that `build` adds to an empty database, or to what another snapshot restored, and what it returns.

    The rows keep their keys: no sequence gives them out again, though the transaction that made them is rolled back.
    """

    def __init__(self, build, *, on=None):
        with transaction.atomic(), connection.cursor() as cursor:
            given = [on.restore()] if on else []
            before = {table: self._rows(cursor, table) for table in _tables()}
            self.made = pickle.dumps(build(*given))
            self.tables = []
            for table in _tables():
                rows = self._rows(cursor, table)
                assert all(row in rows for row in before[table]), f"{table} was changed, not added to"
                if rows := [row for row in rows if row not in before[table]]:
                    columns = ", ".join(connection.ops.quote_name(column[0]) for column in cursor.description)
                    places = ", ".join(["%s"] * len(cursor.description))
                    insert = f"INSERT INTO {connection.ops.quote_name(table)} ({columns}) VALUES ({places})"  # noqa: S608
                    self.tables.append((insert, rows))
            transaction.set_rollback(True)

    @staticmethod
    def _rows(cursor, table):
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our own table
        return cursor.fetchall()

    def restore(self):
        """Write the rows again; returns what was built, as objects of this test's own."""
        with connection.cursor() as cursor:
            for insert, rows in self.tables:
                cursor.executemany(insert, rows)
        return pickle.loads(self.made)  # noqa: S301 -- we packed it ourselves
