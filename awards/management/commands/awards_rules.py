from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from awards.law.rulebook import rulebook

PAGE = settings.BASE_DIR / "docs" / "awards-rules.md"


class Command(BaseCommand):
    help = "Writes docs/awards-rules.md from the catalogue; run it after every change of awards/law/standards."

    def handle(self, **options: Any) -> None:
        PAGE.write_text(rulebook(), "utf-8")
        self.stdout.write(str(PAGE))
