"""What hangs on units moves to their successors, and back: everything in one transaction, by the carriers.

A carrier is a module named in an app's manifest, with `affected`, `transfer`, `blockers` and `revert`
(docs/reorganisation.md). This module runs them all, and is the carrier of `units`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from portal.days import today
from portal.flow import Refused
from portal.manifests import carriers
from portal.models import Entry
from portal.models.trail import line
from portal.notices.services import Telling, notify_many
from portal.text import grouped
from units.models import Collective, EmulationOffice, Membership, Posting, Reorganisation, Role, Succession, Unit, User
from units.reorganisation.outcome import ROLES, Heir, Outcome
from units.reorganisation.planning import next_code, plan

Heirs = dict[Unit, list[Heir]]


def lock_hierarchy() -> None:
    """One change of the hierarchy at a time; whoever only refers to a unit does not wait."""
    list(Unit.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk").values_list("pk"))


def hold(unit: Unit) -> None:
    """Keep the unit as it is until the transaction ends, so that what begins there now is carried by whoever ends it.

    A foreign key alone does not do it: it lets the unit's end pass, and the carriers do not see what is not stored yet.
    """
    held = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    if not held.exists_on(today()):
        raise Refused([_("Đơn vị vừa kết thúc do sắp xếp tổ chức; hãy mở lại trang để làm tiếp.")])


def outcome_of(reorganisation: Reorganisation) -> Outcome:
    """What it would make of the tree as the tree is now, with every objection."""
    return plan(Unit.objects.all(), reorganisation.steps.all(), reorganisation.effective_on, within=reorganisation.unit)


def affected_by(units: list[Unit]) -> list[tuple[str, int, str]]:
    """What hangs on these units now, told by every carrier; what is none is left out."""
    return [row for carrier in carriers() for row in carrier.affected(units) if row[1]]


# --- execute and undo ---


def execute(reorganisation: Reorganisation, by: User | None) -> None:
    """Change the hierarchy and carry along what hangs on it; call it with the reorganisation's row locked."""
    lock_hierarchy()
    outcome = outcome_of(reorganisation)
    if outcome.objections:
        raise Refused(outcome.objections)
    eve = reorganisation.effective_on - timedelta(days=1)
    for level in _levels(outcome.begun):
        for unit in level:
            unit.source = f"{reorganisation.title} {reorganisation.document}".strip()[:200]
        Unit.objects.bulk_create(level)
    Unit.objects.filter(pk__in=[u.pk for u in outcome.ended]).update(valid_to=eve)
    rows = Succession.objects.bulk_create(_successions(reorganisation, outcome))
    heirs = {unit: outcome.heirs[unit.code] for unit in outcome.ended}
    reorganisation.effects = {
        "ended": [u.pk for u in outcome.ended],
        "begun": [u.pk for u in outcome.begun],
        "successions": [s.pk for s in rows],
        "carried": {c.__name__: c.transfer(heirs, reorganisation.effective_on, by) for c in carriers()},
    }
    Entry.objects.bulk_create(_told(reorganisation, outcome, eve, by), batch_size=500)


def objections_to_undo(reorganisation: Reorganisation) -> list[str]:
    """Words for everything new that stands on what the reorganisation made."""
    effects = reorganisation.effects
    begun = list(Unit.objects.filter(pk__in=effects.get("begun", [])))
    words = [w for carrier in carriers() for w in carrier.blockers(begun, effects["carried"].get(carrier.__name__, {}))]
    codes = [u.code for u in begun]
    later = Succession.objects.exclude(pk__in=effects["successions"]).filter(
        Q(predecessor__in=begun) | Q(successor__in=begun)
    )
    for succession in later.select_related("predecessor"):
        words.append(_("%s đã được sắp xếp tiếp.") % succession.predecessor)
    for unit in Unit.objects.filter(parent__in=begun).exclude(pk__in=effects["begun"]):
        words.append(_("%s được lập sau đó, dưới đơn vị mới.") % unit)
    waiting = Reorganisation.objects.waiting().naming(*codes).exclude(pk=reorganisation.pk)
    words += [_("phương án «%s» đã duyệt dựa trên đơn vị mới.") % other.title for other in waiting]
    return words


def undo(reorganisation: Reorganisation, by: User | None) -> None:
    """Put everything back as it was; call it with the reorganisation's row locked."""
    lock_hierarchy()
    if words := objections_to_undo(reorganisation):
        raise Refused(words)
    effects = reorganisation.effects
    begun, ended = (list(Unit.objects.filter(pk__in=effects[part])) for part in ("begun", "ended"))
    Unit.objects.filter(pk__in=effects["ended"]).update(valid_to=None)
    try:
        for carrier in reversed(carriers()):
            carrier.revert(effects["carried"].get(carrier.__name__, {}))
        Succession.objects.filter(pk__in=effects["successions"]).delete()
        for level in reversed(_levels(begun)):
            Unit.objects.filter(pk__in=[u.pk for u in level]).delete()
    except ProtectedError as error:
        raise Refused([_("đã có dữ liệu mới gắn với đơn vị mới.")]) from error
    note = reorganisation.title
    Entry.objects.bulk_create([line(u, "undo", by=by, note=note) for u in [*ended, *begun]], batch_size=500)
    reorganisation.effects = {}


def _levels(units: list[Unit]) -> list[list[Unit]]:
    """Parents before children."""
    levels: dict[int, list[Unit]] = {}
    for unit in units:
        levels.setdefault(unit.path.count("/"), []).append(unit)
    return [levels[depth] for depth in sorted(levels)]


def _successions(reorganisation: Reorganisation, outcome: Outcome) -> Iterator[Succession]:
    said = {
        "effective_on": reorganisation.effective_on,
        "legal_basis": reorganisation.document[:200],
        "source": reorganisation.title,
    }
    for unit in outcome.ended:
        for heir in outcome.heirs[unit.code]:
            yield Succession(predecessor=unit, successor=heir.unit, kind=heir.kind, **said)
        if not outcome.heirs[unit.code]:
            yield Succession(predecessor=unit, kind=Succession.Kind.DISSOLVE, **said)


def _told(reorganisation: Reorganisation, outcome: Outcome, eve: date, by: User | None) -> Iterator[Entry]:
    """A line in the trail of every unit that ends or begins."""
    for unit in outcome.ended:
        heirs = "; ".join(h.unit.name_vi for h in outcome.heirs[unit.code])
        changes = {_("đến hết ngày"): [None, f"{eve:%d/%m/%Y}"], _("đơn vị kế tục"): [None, heirs or _("giải thể")]}
        yield line(unit, "succeed", by=by, note=reorganisation.title, changes=changes)
    for unit in outcome.begun:
        yield line(unit, "create", by=by, note=reorganisation.title)


# --- the carrier of units: collectives, postings, memberships, emulation offices ---

CARRIED: tuple[tuple[str, type[models.Model]], ...] = (
    ("collectives", Collective),  # before the postings, which name them
    ("postings", Posting),
    ("memberships", Membership),
    ("offices", EmulationOffice),
)


def affected(units: list[Unit]) -> list[tuple[str, int, str]]:
    """People, collectives and roles of these units from today on."""
    return [
        (_("cán bộ"), _lasting(Posting, today()).filter(unit__in=units).values("person").distinct().count(), ""),
        (_("tập thể"), _lasting(Collective, today()).filter(unit__in=units).count(), ""),
        (_("vai trò"), _lasting(Membership, today()).filter(unit__in=units).count(), ""),
    ]


def transfer(heirs: Heirs, day: date, by: User | None) -> dict[str, Any]:
    """Close on the eve what hangs on the units that end, and open it at their heirs as the steps say."""
    moves = _Moves(heirs, day)
    moves.collectives()
    moves.postings()
    moves.memberships()
    moves.offices()
    _tell_holders(heirs, day, moves)
    return moves.effects


def blockers(units: list[Unit], effects: dict[str, Any]) -> list[str]:
    """People, roles and collectives that came to the new units since, or were changed there."""
    words = []
    for name, model in CARRIED:
        opened = dict(effects.get(name, {}).get("opened", []))
        now = dict(model._default_manager.filter(pk__in=opened).values_list("pk", "valid_to"))
        changed = sum(pk not in now or _iso(now[pk]) != was for pk, was in opened.items())
        fresh = model._default_manager.filter(unit__in=units).exclude(pk__in=opened)
        fresh = fresh.exclude(pk__in=[pk for pk, _unit in effects.get(name, {}).get("moved", [])])
        if count := changed + fresh.count():
            said = {"count": grouped(count), "what": model._meta.verbose_name}
            words.append(_("%(count)s dòng «%(what)s» của đơn vị mới đã được thêm hoặc sửa sau đó.") % said)
    return words


def revert(effects: dict[str, Any]) -> None:
    """Put back what `transfer` did, the last first."""
    for name, model in reversed(CARRIED):
        did = effects.get(name, {})
        rows = model._default_manager
        rows.filter(pk__in=[pk for pk, _end in did.get("opened", [])]).delete()
        for pk, unit in did.get("moved", []):
            rows.filter(pk=pk).update(unit=unit)
        rows.bulk_create([model(**row) for row in did.get("removed", [])])
        ends: dict[str | None, list[int]] = {}
        for pk, end in did.get("closed", []):
            ends.setdefault(end, []).append(pk)
        for end, keys in ends.items():
            rows.filter(pk__in=keys).update(valid_to=end)


def _lasting(model: type[models.Model], day: date) -> models.QuerySet:
    """Rows that are not over on the day."""
    return model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("pk")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _values(row: models.Model) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


class _Moves:
    """One carrying of rows: what is closed, opened, moved, removed, by model."""

    def __init__(self, heirs: Heirs, day: date):
        self.heirs = {unit.pk: found for unit, found in heirs.items()}
        self.day, self.eve = day, day - timedelta(days=1)
        self.effects: dict[str, Any] = {}
        self.collective_of: dict[tuple[int, int], int] = {}  # (old collective, heir) → new collective
        self.ended: list[Membership] = []
        self.kept: set[int] = set()  # memberships that went on at an heir

    def _one(self, unit_id: int, takes: Any) -> Unit | None:
        """The one heir that takes something that cannot be shared."""
        takers = [h.unit for h in self.heirs.get(unit_id, []) if takes(h)]
        return takers[0] if len(takers) == 1 else None

    def _after(self, unit_id: int) -> Unit | None:
        """The unit itself where it stays, else its one heir."""
        return self._one(unit_id, lambda h: True) if unit_id in self.heirs else Unit(pk=unit_id)

    def _start(self, row: Any) -> date:
        return max(self.day, row.valid_from or self.day)

    def _copy(self, row: Any, **changes: Any) -> Any:
        values = _values(row) | {"valid_from": self._start(row)} | changes
        values.pop(row._meta.pk.attname)
        return type(row)(**values)

    def _write(self, name: str, ended: list[Any], copies: list[Any], moved: Iterable[tuple[int, int]] = ()) -> None:
        """Close what began before the day, remove what was to begin later, open the copies."""
        model: Any = dict(CARRIED)[name]
        closed = [row for row in ended if self._started(row)]
        removed = [row for row in ended if not self._started(row)]
        for chunk in (closed[i : i + 5000] for i in range(0, len(closed), 5000)):
            model._default_manager.filter(pk__in=[row.pk for row in chunk]).update(valid_to=self.eve)
        model._default_manager.filter(pk__in=[row.pk for row in removed]).delete()
        opened = model._default_manager.bulk_create(copies, batch_size=2000)
        self.effects[name] = {
            "closed": [[row.pk, _iso(row.valid_to)] for row in closed],
            "removed": [_values(row) for row in removed],
            "opened": [[row.pk, _iso(row.valid_to)] for row in opened],
            "moved": [list(pair) for pair in moved],
        }

    def _started(self, row: Any) -> bool:
        return row.valid_from is None or row.valid_from < self.day

    def collectives(self) -> None:
        """A collective goes where the people go, under a new code; one that is yet to begin just changes its unit."""
        found = list(_lasting(Collective, self.day).filter(unit__in=self.heirs))
        taken = {code.casefold() for code in Collective.objects.values_list("code", flat=True)} if found else set()
        ended, copies, moved = [], [], []
        for row in found:
            heir = self._one(row.unit_id, lambda h: h.people)
            if not self._started(row):
                if heir:
                    moved.append((row.pk, row.unit_id))
                    Collective.objects.filter(pk=row.pk).update(unit=heir)
                continue
            ended.append(row)
            if heir:
                code = next_code(row.code, self.day, taken, longest=30)
                taken.add(code.casefold())
                copies.append(self._copy(row, unit_id=heir.pk, code=code, succeeds_id=row.pk, version=1))
                copies[-1].derive()
        self._write("collectives", ended, copies, moved)
        self.collective_of = {(copy.succeeds_id, copy.unit_id): copy.pk for copy in copies}

    def postings(self) -> None:
        ended = list(_lasting(Posting, self.day).filter(unit__in=self.heirs))
        copies: dict[tuple, Any] = {}
        for row in ended:
            if heir := self._one(row.unit_id, lambda h: h.people):
                group = self.collective_of.get((row.collective_id, heir.pk))
                copy = self._copy(row, unit_id=heir.pk, collective_id=group)
                copies.setdefault((row.person_id, heir.pk, group, row.position, copy.valid_from), copy)
        self._write("postings", ended, list(copies.values()))

    def memberships(self) -> None:
        """Rights end on the eve with the unit; at the heirs they begin on the day, as far as the step says."""
        ended = list(_lasting(Membership, self.day).filter(unit__in=self.heirs))
        targets = {h.unit.pk for found in self.heirs.values() for h in found}
        there: dict[tuple, list[Any]] = {}
        for row in _lasting(Membership, self.day).filter(unit__in=targets):
            there.setdefault((row.user_id, row.unit_id, row.role), []).append(row)
        copies = []
        # of two rights to the same, one's own is kept before a lent one, the longer before the shorter
        for row in sorted(ended, key=lambda m: (m.delegated_by_id is not None, -(m.valid_to or date.max).toordinal())):
            for heir in self.heirs[row.unit_id]:
                if not _goes_along(row, heir):
                    continue
                self.kept.add(row.pk)
                copy = self._copy(row, unit_id=heir.unit.pk)
                known = there.setdefault((row.user_id, heir.unit.pk, row.role), [])
                if not any(_covers(other, copy) for other in known):
                    known.append(copy)
                    copies.append(copy)
        self.ended = ended
        self._write("memberships", ended, copies)

    def offices(self) -> None:
        """Which unit is whose emulation office goes on with the one heir of each."""
        either = Q(unit__in=self.heirs) | Q(serves__in=self.heirs)
        ended, copies = list(_lasting(EmulationOffice, self.day).filter(either)), []
        for row in ended:
            unit, serves = self._after(row.unit_id), self._after(row.serves_id)
            if unit and serves:
                copies.append(self._copy(row, unit_id=unit.pk, serves_id=serves.pk))
        self._write("offices", ended, copies)


def _goes_along(row: Membership, heir: Heir) -> bool:
    if heir.roles == ROLES.NO_HEADS:
        return row.role != Role.HEAD
    return heir.roles == ROLES.ALL


def _covers(held: Any, copy: Any) -> bool:
    """Whether the right is there already: from the same day, or before and for as long."""
    if held.valid_from == copy.valid_from:
        return True
    longer = held.valid_to is None or (copy.valid_to is not None and held.valid_to >= copy.valid_to)
    return longer and (held.valid_from is None or held.valid_from < copy.valid_from)


def _tell_holders(heirs: Heirs, day: date, moves: _Moves) -> None:
    """Whoever held a role at a unit that ended hears what became of it."""
    people = User.objects.filter(memberships__in=[m.pk for m in moves.ended], is_active=True)
    accounts = {u.pk: u for u in people.select_related("person").distinct()}
    groups: dict[tuple[int, bool], dict[int, User]] = {}
    for row in moves.ended:
        if row.user_id in accounts:
            groups.setdefault((row.unit_id, row.pk in moves.kept), {})[row.user_id] = accounts[row.user_id]
    units = {unit.pk: unit for unit in heirs}
    notify_many(
        Telling(
            list(users.values()),
            key=f"reorganised:{'-'.join(str(h.unit.pk) for h in heirs[units[pk]])[:60]}:{pk}:{int(kept)}",
            kind="reorganised",
            subject_key=f"unit:{pk}",
            url=units[pk].get_absolute_url(),
            words=_holder_words(units[pk], heirs[units[pk]], day, kept),
        )
        for (pk, kept), users in groups.items()
    )


def _holder_words(unit: Unit, heirs: list[Heir], day: date, kept: bool) -> Any:
    def words() -> tuple[str, str]:
        said = {"unit": unit.name, "day": f"{day:%d/%m/%Y}", "heirs": "; ".join(h.unit.name for h in heirs)}
        title = _("Đơn vị được sắp xếp lại từ %(day)s: %(unit)s") % (said | {"unit": unit.label})
        if kept:
            return title, _("Đơn vị kế tục: %(heirs)s. Vai trò của đồng chí đã chuyển sang đơn vị kế tục.") % said
        if heirs:
            return title, _(
                "Đơn vị kế tục: %(heirs)s. Vai trò của đồng chí tại đơn vị cũ đã hết; nếu được giao việc ở đơn vị kế "
                "tục, hãy đề nghị quản trị cấp vai trò."
            ) % said
        return title, _("%(unit)s đã giải thể. Vai trò của đồng chí tại đơn vị này đã hết.") % said

    return words
