"""The tree before and after a reorganisation, cut down to what changes and what stands above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from units.models import Succession, Unit
from units.reorganisation.outcome import Heir, Outcome

FOLDED = 3  # branches with more changes than this are shown folded


@dataclass
class Node:
    """A unit in the preview: what happens to it (icon, tone and words), who came or comes from where."""

    unit: Unit
    icon: str = ""
    tone: str = ""
    words: str = ""
    others: str = ""
    below: list[Node] = field(default_factory=list)
    unchanged: int = 0  # units directly below that are not shown

    @property
    def folded(self) -> bool:
        return len(self.below) > FOLDED and self.unit.parent_id is not None


def before_and_after(units: Iterable[Unit], outcome: Outcome, day: date) -> tuple[list[Node], list[Node]]:
    """Both trees; only changed units and those above them, the others as numbers."""
    units, eve = list(units), day - timedelta(days=1)
    by_key: dict[int | None, Unit] = {u.pk: u for u in units}
    ended = {u.code for u in outcome.ended}
    standing = [u for u in units if u.exists_on(eve)]
    staying = [u for u in units if u.exists_on(day) and u.code not in ended]
    joined = {h.unit.code for found in outcome.heirs.values() for h in found if h.unit.pk}
    sources: dict[str, list[tuple[Unit, Heir]]] = {}
    for unit in outcome.ended:
        for heir in outcome.heirs[unit.code]:
            sources.setdefault(heir.unit.code, []).append((unit, heir))

    def above(unit: Unit) -> Unit | None:
        return unit.parent if unit.pk is None else by_key.get(unit.parent_id)

    old = _tree(standing, ended, above, lambda u: _ending(u, outcome, above))
    new = _tree(
        [*staying, *outcome.begun],
        {u.code for u in outcome.begun} | joined,
        above,
        lambda u: _beginning(u, sources.get(u.code, []), joined),
    )
    return old, new


def _tree(units: list[Unit], changed: set[str], above: Any, marked: Any) -> list[Node]:
    shown = set(changed)
    by_code = {u.code: u for u in units}
    for code in changed:
        unit = by_code.get(code)
        while unit is not None and (unit := above(unit)) is not None and unit.code not in shown:
            shown.add(unit.code)
    nodes = {u.code: (marked(u) if u.code in changed else Node(u)) for u in units if u.code in shown}
    roots: list[Node] = []
    for unit in sorted(units, key=lambda u: (u.order, u.code)):
        parent = above(unit)
        if unit.code in nodes:
            (nodes[parent.code].below if parent and parent.code in nodes else roots).append(nodes[unit.code])
        elif parent and parent.code in nodes:
            nodes[parent.code].unchanged += 1
    return roots


def _ending(unit: Unit, outcome: Outcome, above: Any) -> Node:
    heirs = outcome.heirs[unit.code]
    if not heirs:
        return Node(unit, "close", "late", _("giải thể"))
    others = ", ".join(f"{h.unit.short_name} ({h.unit.code})" for h in heirs)
    if heirs[0].kind == Succession.Kind.MERGE:
        return Node(unit, "arrow-right", "returned", _("hợp nhất thành"), others)
    if heirs[0].kind == Succession.Kind.SPLIT:
        return Node(unit, "arrow-right", "returned", _("chia tách thành"), others)
    return Node(unit, "arrow-right", "waiting", _onward(unit, heirs[0].unit, outcome, above), others)


def _onward(unit: Unit, heir: Unit, outcome: Outcome, above: Any) -> str:
    """What changes for a unit that goes on: its name, its parent, or its code alone."""
    parent = above(unit)
    follows = [h.unit.code for h in outcome.heirs.get(parent.code, [])] if parent else []
    if parent and heir.parent and heir.parent.code not in (parent.code, *follows):
        return _("chuyển cấp trên, tiếp nối bởi")
    if heir.name_vi != unit.name_vi:
        return _("đổi tên thành")
    return _("tiếp nối bởi")


def _beginning(unit: Unit, sources: list[tuple[Unit, Heir]], joined: set[str]) -> Node:
    others = ", ".join(f"{source.short_name} ({source.code})" for source, _heir in sources)
    if unit.code in joined:
        return Node(unit, "arrow-left", "returned", _("nhận sáp nhập từ"), others)
    if not sources:
        return Node(unit, "plus", "approved", _("lập mới"))
    kinds: dict[str, str] = {
        Succession.Kind.MERGE: _("hợp nhất từ"),
        Succession.Kind.SPLIT: _("chia tách từ"),
        Succession.Kind.CONTINUE: _("tiếp nối"),
    }
    return Node(unit, "plus", "approved", kinds[sources[0][1].kind], others)
