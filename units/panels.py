"""What other apps have to say on the pages of units, people and collectives.

The setting PANELS names one module for each app; its `links(user, subject)` returns links. So these pages know nothing
of the apps above them.
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


def links(user: Any, subject: Any) -> list[Link]:
    """Every app's links for this subject, in the order of the setting; they ask nothing of the database."""
    return [link for name in settings.PANELS for link in import_module(name).links(user, subject)]
