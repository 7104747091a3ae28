"""Give a row another code, where two differ by their case alone and the migration says so."""

from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.codes import CODE, UNIT_CODE
from portal.scope import under
from portal.text import fold

FIELDS = {
    "units.unit": ("code", UNIT_CODE),
    "units.collective": ("code", UNIT_CODE),
    "units.person": ("staff_code", CODE),
    "units.user": ("username", ASCIIUsernameValidator()),
    "campaigns.campaign": ("code", CODE),
}


class Command(BaseCommand):
    help = "Gives a unit, collective, record, account or campaign another code; of a unit the paths below it follow."

    def add_arguments(self, parser):
        parser.add_argument("model", type=str.lower, choices=sorted(FIELDS))
        parser.add_argument("code", help="as it is written now; upper and lower case are told apart")
        parser.add_argument("new")

    @transaction.atomic
    def handle(self, model: str, code: str, new: str, **options):
        # the database stands before the migration that asked for this: its tables are as that left them
        loader = MigrationLoader(connection)
        apps = loader.project_state(list(loader.applied_migrations.keys() & loader.graph.nodes.keys())).apps
        rows, (field, sound) = apps.get_model(model)._base_manager, FIELDS[model]
        row = rows.filter(**{field: code}).first()
        if row is None:
            raise CommandError(f"No {model} has the code {code}.")
        if rows.filter(**{f"{field}__iexact": new}).exclude(pk=row.pk).exists():
            raise CommandError(f"A {model} has the code {new} already, perhaps in another case.")
        longest = row._meta.get_field(field).max_length
        try:
            sound(new)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if len(new) > longest:
            raise CommandError(f"A code of {model} has at most {longest} characters.")
        setattr(row, field, new)
        if hasattr(row, "search"):
            row.search = row.search.replace(fold(code), fold(new), 1)
        row.save()
        if model == "units.unit":
            _move_paths(rows, row)
        apps.get_model("portal.entry").objects.create(
            subject=f"{model}:{row.pk}", verb="edit", changes={field: [code, new]}, note="manage.py recode"
        )
        self.stdout.write(f"{code} is {new} now.")


def _move_paths(units, unit) -> None:
    old = unit.path
    made = f"{old[: old.rindex('/', 0, -1) + 1]}{unit.code}/"
    below = [(pk, f"{made}{path[len(old) :]}") for pk, path in units.values_list("pk", "path") if under(path, old)]
    longest = unit._meta.get_field("path").max_length
    if any(len(path) > longest for _pk, path in below):
        raise CommandError("The paths below the unit would grow too long: choose a shorter code.")
    for pk, path in below:
        units.filter(pk=pk).update(path=path)
