"""Put a backup back into an empty database and an empty folder."""

import sqlite3
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.operations import backup
from units.access import restored


class Command(BaseCommand):
    help = "Puts a backup back, with all processes stopped; sessions and links end, letters that waited are held."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("place", help="the archive, or a folder whose newest one is taken")
        parser.add_argument("--replace", action="store_true", help="although database or files are not empty")
        parser.add_argument("--send-pending", action="store_true", help="letters that waited leave by themselves")

    def handle(self, place: str, replace: bool, send_pending: bool, **options):
        began = time.monotonic()
        archive = backup.newest(Path(place))
        try:
            with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
                manifest = backup.unpack(archive, Path(folder))
                backup.check_fits(manifest, replace=replace)
                backup.put_back(manifest, Path(folder), replace=replace)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The restore broke off: {error}") from error
        call_command("migrate", interactive=False, verbosity=0)
        try:
            call_command("verify_trail", stdout=self.stdout, stderr=self.stderr)
            sealed = True
        except SystemExit:  # what is put back is whole as the archive has it; whether that was tampered with is told
            sealed = False
        held = restored.begin_anew(manifest["made_at"], send_pending=send_pending)
        rows, files = sum(manifest["tables"].values()), len(manifest["files"])
        self.stdout.write(f"{archive}: {rows} rows and {files} files are back, {time.monotonic() - began:.1f} s")
        if held:
            self.stdout.write(f"{held} letters are held: see /reminders/?state=failed, or restore with --send-pending.")
        if not sealed:
            raise CommandError("All is back, but the trail in this backup is not as it was sealed: see above.")
