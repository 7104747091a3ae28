"""What a plan comes to: who succeeds whom, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from units.models import ReorganisationStep, Unit

ROLES = ReorganisationStep.Roles


@dataclass(frozen=True)
class Objection:
    """Why it may not be done, and at which step."""

    step: int | None
    words: str

    def __str__(self) -> str:
        return _("Bước %(step)s: %(words)s") % {"step": self.step, "words": self.words} if self.step else self.words


@dataclass(frozen=True)
class Heir:
    """A unit that takes over from another, and what it takes: people with their collectives, which roles, papers."""

    unit: Unit
    kind: str
    people: bool = True
    roles: str = ROLES.ALL
    papers: bool = True


@dataclass
class Outcome:
    """The tree after, as differences: who ends with which heirs (none: dissolved), who begins, parents first."""

    objections: list[Objection] = field(default_factory=list)
    ended: list[Unit] = field(default_factory=list)
    begun: list[Unit] = field(default_factory=list)
    heirs: dict[str, list[Heir]] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)  # the step that begins a code

    @property
    def endings(self) -> list[tuple[Unit, list[Heir]]]:
        """Each unit that ends, with those that take over from it."""
        return [(unit, self.heirs.get(unit.code, [])) for unit in self.ended]
