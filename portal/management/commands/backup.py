"""Write database and files into one archive, while the portal runs."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.jobs import heartbeats
from portal.operations import backup


class Command(BaseCommand):
    help = "Writes database, files and the embedded key into one archive; people may go on writing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_DIR, help="default: BACKUP_DIR")
        parser.add_argument("--keep", type=int, default=0, help="remove all but so many archives, the newest ones")

    def handle(self, folder: str, keep: int, **options: Any) -> None:
        if not folder:
            raise CommandError("Name a folder, or set BACKUP_DIR.")
        began = time.monotonic()
        try:
            archive, manifest = backup.make(Path(folder))
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"No backup was made: {error}") from error
        heartbeats.leave("backup")
        old = backup.forget_old(Path(folder), keep)
        rows, files = sum(manifest["tables"].values()), len(manifest["files"])
        self.stdout.write(
            f"{archive}: {rows} rows, {files} files, {archive.stat().st_size} bytes, {time.monotonic() - began:.1f} s"
        )
        if manifest["missing"]:
            self.stderr.write(f"Named by rows and not there: {', '.join(manifest['missing'][:20])}")
        if old:
            self.stdout.write(f"Removed: {', '.join(path.name for path in old)}")
