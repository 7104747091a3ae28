"""What may be done, and by which roles: one table, to which each app adds its rows (its manifest names them).

Menu, pages and flows ask `user.may("review", unit)`; docs/rights.md is written from the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from portal.manifests import manifests


@dataclass(frozen=True)
class Action:
    """Something that roles let a person do. A role is asked exactly at the unit, unless the row says more."""

    words: Any  # what it lets a person do, in the reader's language
    roles: tuple[str, ...]
    below: bool = False  # also at every unit below the one where the role is held
    former: bool = False  # also at the units that this one succeeded
    root: bool = False  # only where the role is held over a root
    lent: bool = True  # also by who was lent the role
    short: Any = ""  # the same as the page of a unit's rights sums it up; "" = no word of its own there
    short_above: Any = ""  # what this means to the units below, though it is not done at them

    def granted_by(self, membership: Any) -> bool:
        """Whether this membership lets its holder do it at the unit of the membership."""
        return (
            membership.role in self.roles
            and (not self.root or membership.unit.parent_id is None)
            and (self.lent or membership.delegated_by_id is None)
        )

    def summed_up(self, place: str) -> Any:
        """The words at a unit that reads the right from `place`: here, above or successor."""
        if place == "above":
            return self.short if self.below else self.short_above
        return self.short if place == "here" or self.former else ""


@cache
def actions() -> dict[str, Action]:
    """The rows of all apps by name, those of the lowest app first."""
    table: dict[str, Action] = {}
    for module in (each.permissions for each in manifests() if each.permissions):
        rows: dict[str, Action] = import_module(module).ACTIONS
        if twice := table.keys() & rows.keys():
            raise ImproperlyConfigured(f"{module} defines again: {', '.join(sorted(twice))}")
        table |= rows
    return table
