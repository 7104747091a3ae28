"""What `manage.py migrate` looks for before it touches a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections

FORMER = "units_entry"  # the table of the trail before `portal` had it


@register(Tags.database)
def made_before_the_move(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Error]:
    """A database whose tables have their former names is told in words: no migration leads on from it."""
    return [Error(_words(alias), id="portal.E001") for alias in databases or () if _is_former(alias)]


def _is_former(alias: str) -> bool:
    try:
        return FORMER in connections[alias].introspection.table_names()
    except DatabaseError:  # away: what comes next says so
        return False


def _words(alias: str) -> str:
    # both languages at once: whoever starts the demo has not chosen one yet
    if connections[alias].vendor != "sqlite":
        name = connections[alias].settings_dict["NAME"]
        return (
            f"Cơ sở dữ liệu {name} do bản cũ của cổng lập ra, bản này không đọc được. "
            "Hãy dùng một cơ sở dữ liệu trống.\n"
            f"The database {name} was made by an earlier version that this one cannot read. Name an empty one."
        )
    folder = settings.DATA_DIR
    return (
        f"Dữ liệu trong thư mục {folder} do bản cũ của cổng lập ra, bản này không đọc được. "
        f"Hãy đổi tên thư mục đó rồi chạy lại:\n"
        f"The data in {folder} was made by an earlier version that this one cannot read. "
        f"Set that folder aside and start again:\n\n    mv {folder} {folder}.old"
    )
