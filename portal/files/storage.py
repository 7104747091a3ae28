"""Stored files are whole or not there: written beside their place, made safe on the disk, then moved into it."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import FileField

logger = logging.getLogger(__name__)

ORPHAN_SECONDS = 24 * 3600  # a file is stored before its row is committed, so a young one may still get its row


class WholeFiles(FileSystemStorage):
    """Django's; a disk that fills up, or a process that dies, leaves no half of a file under the name of a row."""

    def _save(self, name: str, content: Any) -> str:
        unfinished = str(PurePosixPath(name).with_name(f"{uuid4().hex}.part"))
        path = self.path(unfinished)
        try:
            super()._save(unfinished, content)  # type: ignore[misc]  # the stubs leave it out
            with open(path, "rb") as file:
                os.fsync(file.fileno())
            name = self.get_available_name(name)
            os.rename(path, self.path(name))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.remove(path)
            raise
        folder = os.open(os.path.dirname(path), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name


def sweep() -> int:
    """Take away stored files that no row names: what was stored when a transaction failed or a process died."""
    root, old = Path(default_storage.path("")), time.time() - ORPHAN_SECONDS
    files = [path for path in root.rglob("*") if path.is_file() and path.stat().st_mtime < old]
    named = {name for model in apps.get_models() for name in _names(model)}  # after the files: a row may come meanwhile
    orphans = [path for path in files if path.relative_to(root).as_posix() not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    if orphans:
        logger.warning("%s stored files belonged to no row and were taken away", len(orphans))
    return len(orphans)


def _names(model: Any) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        if isinstance(field, FileField):
            yield from model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator()
