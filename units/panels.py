"""What other apps have to say on the first page and on the pages of units, people and collectives.

The setting PANELS names one module for each app; its `links(user, subject)` returns links, its `home(user)` what waits
for this person there. So these pages know nothing of the apps above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A part of the first page: its template, and what that is given as `desk`."""

    template: str
    desk: dict[str, Any]


def home(user: Any) -> list[Panel]:
    """Every app's part of this person's first page, in the order of the setting."""
    return [panel for name in settings.PANELS for panel in import_module(name).home(user)]


def links(user: Any, subject: Any) -> list[Link]:
    """Every app's links for this subject, in the order of the setting; they ask nothing of the database."""
    return [link for name in settings.PANELS for link in import_module(name).links(user, subject)]
