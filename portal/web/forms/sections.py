"""The parts of a long form and how far each is: the index above it (`portal/frame/sections.html`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Section:
    """One part: its id on the page, and how much is there of what it asks for, if it asks for anything."""

    id: str
    title: Any
    done: int = 0
    total: int = 0

    @property
    def whole(self) -> bool:
        return self.done == self.total
