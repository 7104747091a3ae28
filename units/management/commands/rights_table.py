"""The table of permissions as one page of docs: written from the rows, so that it cannot say anything else."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from portal.manifests import manifests
from portal.permissions import Action
from units.models import Role

PAGE = settings.BASE_DIR / "docs" / "rights.md"

HEAD = """# Rights

Written by `python manage.py rights_table` from `<app>/…/permissions.py`; do not edit by hand.

Code asks `user.may(action, unit)`, the menu `user.may_anywhere(action)`. A role counts exactly at the unit over
which it is held; **below**: also at every unit below it; **former**: also at units that it succeeded; **root**: only
where it is held over a root; **own**: not where it was lent. What else a page asks (the state of a paper, a second
person, a conflict of interest) stands in the flows.
"""


def rights_table() -> str:
    """The page."""
    with override("en"):
        return HEAD + "\n".join(line for module in _modules() for line in _section(module)) + "\n"


def _modules() -> list[str]:
    return [each.permissions for each in manifests() if each.permissions]


def _section(module: str) -> Iterator[str]:
    yield f"\n## {module.partition('.')[0]}\n"
    yield "| action | lets a person | where | " + " | ".join(Role.values) + " |"
    yield "|---|---|---|" + ":-:|" * len(Role.values)
    rows: dict[str, Action] = import_module(module).ACTIONS
    for name, row in rows.items():
        marks = " | ".join("✓" if role in row.roles else "" for role in Role.values)
        yield f"| `{name}` | {row.words} | {_where(row)} | {marks} |"


def _where(row: Action) -> str:
    reach = {"below": row.below, "former": row.former, "root": row.root, "own": not row.lent}
    return ", ".join(word for word, so in reach.items() if so) or "unit"


class Command(BaseCommand):
    help = "Writes docs/rights.md from the table of permissions; run it after every change of a permissions module."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(rights_table(), "utf-8")
        self.stdout.write(str(PAGE))
