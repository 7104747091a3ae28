"""Write units/data/reorganisation_2025.xlsx from the CSV files beside it."""

from django.core.management.base import BaseCommand

from units.hierarchy.importers import DATA, reform_steps
from units.reorganisation.sheet import workbook


class Command(BaseCommand):
    help = "Writes the reform of 2025 as a sheet of steps, from successions.csv, units_2025.csv and districts_2021.csv."

    def handle(self, **options):
        steps = reform_steps()
        (DATA / "reorganisation_2025.xlsx").write_bytes(workbook(steps))
        self.stdout.write(f"{len(steps)} steps")
