"""Appoint the first administrator, who does the rest on the portal."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from portal.flow import Refused
from portal.signin.links import password_path
from units.access import rights
from units.models import Unit, User


class Command(BaseCommand):
    help = (
        "Makes an account the administrator of the whole hierarchy, if there is none, and prints the link to sign in."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument("--root", help="code of the unit at the top, where there is more than one")

    @transaction.atomic
    def handle(self, username: str, email: str, root: str | None = None, **options):
        tops = Unit.objects.filter(parent=None, **({"code": root} if root else {}))
        if len(tops) != 1:
            raise CommandError("Load the hierarchy first, or name the unit at the top with --root.")
        try:
            account, made = User.objects.get_or_create(username=username, defaults={"email": email})
            rights.appoint_first(account, tops[0])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except IntegrityError as error:
            raise CommandError(f"The address {email} belongs to another account: name that one.") from error
        if made:
            account.set_unusable_password()
            account.save(update_fields=["password"])
            self.stdout.write(f"Set the password here, once: {settings.BASE_URL}{password_path(account)}")
        self.stdout.write(f"{username} administers {tops[0].code}.")
