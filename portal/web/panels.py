"""What other apps have to say on the pages of units, people and collectives, and on everybody's first page.

Each app's manifest names one module; its `links(user, subject)` returns links, its `waiting(user)` what waits for the
person. So these pages know nothing of the apps above them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal import manifests
from portal.web.work import Work


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Panel:
    """A part of the first page: rows of its one list of work, and a template that finds the context as `panel`."""

    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    work: Sequence[Work] = ()


def links(user: Any, subject: Any) -> list[Link]:
    """Every app's links for this subject, the lowest app first; they ask nothing of the database."""
    return [link for app in manifests.panels() for link in app.links(user, subject)]


def waiting(user: Any) -> list[Panel]:
    """What waits for this person in every app above, for the first page."""
    return [panel for app in manifests.panels() for panel in app.waiting(user)]
