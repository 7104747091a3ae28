"""What other apps have to say on the pages of units, people and collectives, and on everybody's first page.

Each app's manifest names one module; its `links(user, subject)` returns links, its `waiting(user)` what waits for the
person. So these pages know nothing of the apps above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import manifests


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
    """Every app's links for this subject, the lowest app first; they ask nothing of the database."""
    return [link for app in manifests.panels() for link in app.links(user, subject)]


def waiting(user: Any) -> list[Panel]:
    """What waits for this person in every app above, for the first page."""
    return [panel for app in manifests.panels() for panel in app.waiting(user)]
