"""`manage.py remind [--at "2026-12-01 08:00"] [--deliver]`: what the beat does, by hand, at a moment one chooses."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.reminders.services import remind
from portal.notices.services import deliver


class Command(BaseCommand):
    help = "Tell whoever is due to be told; the same function that the beat calls."

    def add_arguments(self, parser):
        parser.add_argument("--at", help="Vietnamese time instead of now, for instance 2026-12-01 08:00")
        parser.add_argument("--deliver", action="store_true", help="send the letters that are due, too")

    def handle(self, *args, at, deliver, **options):
        now = _moment(at) if at else None
        self.stdout.write(f"{remind(now)} notices written")
        if deliver:
            self.stdout.write(f"{_send(now)} letters sent")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Not a moment: {text}. Write it like 2026-12-01 08:00.") from error
    return timezone.make_aware(moment, timezone.get_default_timezone()) if timezone.is_naive(moment) else moment


def _send(now: datetime | None) -> int:
    return deliver(now)
