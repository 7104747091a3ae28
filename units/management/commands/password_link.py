"""Print the link that sets an account's password, where no mail server takes it to its holder."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.models.trail import record
from portal.signin.links import password_path
from units.models import User


class Command(BaseCommand):
    help = "Prints the link that sets the password of an account, good once; for a trial without a mail server."

    def add_arguments(self, parser):
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, username: str, **options):
        account = User.objects.filter(username=username, is_active=True).first()
        if account is None:
            raise CommandError(f"No open account is called {username}.")
        record(account, "invite", note="manage.py password_link")
        self.stdout.write(f"Set the password here, once: {settings.BASE_URL}{password_path(account)}")
