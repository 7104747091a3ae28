"""What other apps have to say on the pages of units, people and collectives, and on everybody's first page.

The setting PANELS names one module for each app; its `links(user, subject)` returns links, its `waiting(user)` what
waits for the person. So these pages know nothing of the apps above them.
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
    """A part of the first page: its template finds the context under the name `panel`."""

    template: str
    context: dict[str, Any]


def links(user: Any, subject: Any) -> list[Link]:
    """Every app's links for this subject, in the order of the setting; they ask nothing of the database."""
    return [link for name in settings.PANELS for link in import_module(name).links(user, subject)]


def waiting(user: Any) -> list[Panel]:
    """What waits for this person in every app above, for the first page."""
    return [panel for name in settings.PANELS for panel in import_module(name).waiting(user)]
