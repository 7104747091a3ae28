"""Prove that the trail is as it was sealed, or say where it is not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.models import Entry, Seal
from portal.trail import seals


class Command(BaseCommand):
    help = "Reads the whole trail against its seals; exit code 1 and the faults if a line or a seal is not as it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="the digest of a letter: it must be one of the chain")

    def handle(self, head: str | None = None, **options: Any) -> None:
        faults = 0
        for words in seals.problems():
            faults += 1
            self.stderr.write(words)
        if head and not Seal.objects.filter(digest=head.strip().lower()).exists():
            faults += 1
            self.stderr.write("The digest of the letter is not in the chain.")
        newest = Seal.objects.order_by("-number").first()
        if newest:
            self.stdout.write(f"Seal {newest.number} of {newest.at:%Y-%m-%d %H:%M} UTC, lines to {newest.last}")
            self.stdout.write(f"Head: {newest.digest}")
        waiting = Entry.objects.filter(pk__gt=newest.last if newest else 0).count()
        self.stdout.write(f"Not sealed yet: {waiting} lines")
        if faults:
            raise SystemExit(1)
        self.stdout.write("The trail is as it was sealed.")
