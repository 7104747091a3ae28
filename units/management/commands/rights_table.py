from django.conf import settings
from django.core.management.base import BaseCommand

from units.access.rights_table import rights_table

PAGE = settings.BASE_DIR / "docs" / "rights.md"


class Command(BaseCommand):
    help = "Writes docs/rights.md from the table of permissions; run it after every change of a permissions module."

    def handle(self, **options):
        PAGE.write_text(rights_table(), "utf-8")
        self.stdout.write(str(PAGE))
