"""Check the published record of a secret ballot, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from awards.councils import record


class Command(BaseCommand):
    help = "Recomputes the counts of a secret ballot from its published record (a JSON file)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            published = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if wrong := record.faults(published):
            raise CommandError("The record does not add up:\n" + "\n".join(wrong))
        counts = [f"{item['subject']}: {item['counts']}" for item in published["items"]]
        self.stdout.write("\n".join(["The counts are those of the encrypted sums:", *counts]))
