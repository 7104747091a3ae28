"""Sessions in the database, read at every request: Django's own store, with the question written once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone


class SessionStore(DatabaseStore):
    """A quarter of the work of the ORM's question; a page would otherwise pay for it each time."""

    def _validate_session_key(self, key: str) -> bool:
        whole = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs leave it out
        return bool(whole and key.isascii() and key.isalnum())  # PostgreSQL refuses a zero byte

    def load(self) -> dict[str, Any]:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
