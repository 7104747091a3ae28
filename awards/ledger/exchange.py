"""Past awards and ratings as spreadsheets: brought in all or nothing, judged row by row, taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.ledger import books, finding, naming
from awards.ledger import services as ledger
from awards.ledger.rows import (
    AWARDS,
    OF_AWARD,
    OF_RATING,
    RATINGS,
    Row,
    World,
    differences,
    filled,
    stored_lines,
    written,
)
from awards.ledger.services import Rights
from awards.models import Level, PastAward, Rating, SubjectKind
from awards.models.ledger import PastAwardQuerySet
from awards.models.subjects import SubjectQuerySet, key_of_subject
from portal.exchange.base import CHANGE, CREATE, Change, Exchange, Task
from portal.exchange.lines import Line

BATCH = 2_000


class _LedgerExchange(Exchange):
    """What both lists have in common."""

    named_by = ("kind", "code", "name")
    like = finding.UNSURE

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return Rights.of(user).any

    def _lines(self, task: Task, world: World, keys: tuple[str, ...]) -> Iterator[Line]:
        world.subjects.tell(task)
        return world.subjects.lines(task, self.sheet, keys)


class AwardsExchange(_LedgerExchange):
    key = "past-awards"
    title = _("Khen thưởng đã có")
    about = _("Danh hiệu và hình thức khen thưởng đã có quyết định, của cá nhân, tập thể, đơn vị.")
    sheet = AWARDS
    asked = ("kind", "award", "year", "decision_number", "decided_on", "decided_by", "type")

    # --- in ---

    def plan(self, task: Task) -> None:
        for line in task.lines:
            if line["decision_number"]:
                line.values["decision_number"], day = naming.decision(line["decision_number"])
                if day and not line["decided_on"]:
                    line.values["decided_on"] = day
        world = World.of(task)
        stored = stored_lines(PastAward, task, world)
        for line in self._lines(task, world, ("award", "year", "decision_number")):
            row = Row(task, world, AWARDS, line)
            row.find()
            if not row.failed:
                self._judge(row, stored[key_of_subject(row.subject), row.subject.pk])

    def _judge(self, row: Row, known: list[PastAward]) -> None:
        line, task = row.line, row.task
        made = PastAward(
            **{key_of_subject(row.subject): row.subject},
            **{name: line[name] for name in ("award", "year", "decision_number")},
            **{name: "" if line[name] is None else line[name] for name in ("decided_by", "type", "note")},
            decided_on=line["decided_on"],
            unit=row.unit,
            level=books.level_of(line["award"]),
            source=PastAward.Source.IMPORTED,
            entered_by=task.by,
        )
        was = next(
            (k for k in known if (k.award, k.year, k.decision_number) == (made.award, made.year, made.decision_number)),
            None,
        )
        row.may(made.level, made.unit, *([was.unit] if was else []))
        if was:
            self._change(row, was)
            return
        for words in ledger.objections(made, row.world.day, known):
            row.problem("award", words)
        if row.failed:
            return
        known.append(made)
        told = written(("award", "year", "decision_number", *OF_AWARD), made)
        task.changes.append(Change(CREATE, line.number, row.label, told, like=row.found.doubt, deed=made))

    def _change(self, row: Row, was: PastAward) -> None:
        before = PastAward(**{name: getattr(was, name) for name in OF_AWARD})
        for name, value in filled(row, OF_AWARD).items():
            setattr(was, name, value)
        told = differences(OF_AWARD, before, was)
        if told and was.revoked_on:
            row.problem("decision_number", _("Khen thưởng này đã bị hủy nên không sửa bằng tệp."))
        for words in ledger.objections(was, row.world.day, ()):
            row.problem("award", words)
        if row.failed:
            return
        if not told:
            row.task.same += 1
            return
        was.version += 1
        row.task.changes.append(Change(CHANGE, row.line.number, row.label, told, like=row.found.doubt, deed=was))

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        for some in _batches(task.deeds(CREATE)):
            for change in some:
                change.deed.derive()
            PastAward.objects.bulk_create([c.deed for c in some])
            yield from ((c.deed, "enter", {}) for c in some)
        for some in _batches(task.deeds(CHANGE)):
            for change in some:
                change.deed.derive()
            _rewrite(PastAward, [c.deed for c in some], [*OF_AWARD, "version", "search"])
            yield from ((c.deed, "correct", c.told) for c in some)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> PastAwardQuerySet:
        return PastAward.objects.visible_to(user).standing()

    def rows(self, user: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found = self.source(user, options).with_subject().order_by("-year", "-pk")
        names = ("award", "year", "decision_number", "decided_on", "decided_by", "type", "note")
        for row in found.iterator(chunk_size=BATCH):
            yield _named(row) | {name: getattr(row, name) for name in names}


class RatingsExchange(_LedgerExchange):
    key = "ratings"
    title = _("Xếp loại năm")
    about = _("Mức xếp loại hằng năm của cá nhân, tập thể, đơn vị.")
    sheet = RATINGS
    asked = ("kind", "year", "document")

    # --- in ---

    def plan(self, task: Task) -> None:
        world = World.of(task)
        stored = stored_lines(Rating, task, world)
        for line in self._lines(task, world, ("year",)):
            if line["grade"] is None:
                continue
            row = Row(task, world, RATINGS, line)
            row.find()
            if line["year"] > world.day.year:
                row.problem("year", _("Năm này chưa tới."))
            if line["months_worked"] is not None and line["kind"] != SubjectKind.PERSON:
                row.problem("months_worked", _("Chỉ ghi số tháng với cá nhân."))
            if not row.failed:
                known = stored[key_of_subject(row.subject), row.subject.pk]
                self._judge(row, next((r for r in known if r.year == line["year"]), None))

    def _judge(self, row: Row, was: Rating | None) -> None:
        line, task = row.line, row.task
        row.may(Level.UNIT, row.unit, *([was.unit] if was else []))
        if row.failed:
            return
        before = Rating(**{name: getattr(was, name) for name in OF_RATING}) if was else None
        made = was or Rating(**{key_of_subject(row.subject): row.subject}, year=line["year"], unit=row.unit)
        for name, value in filled(row, OF_RATING).items():
            setattr(made, name, value)
        told = differences(OF_RATING, before, made) if before else written(OF_RATING, made)
        if was and not told:
            task.same += 1
            return
        made.version += 1 if was else 0
        label = f"{row.label}, {line['year']}"
        action = CHANGE if was else CREATE
        task.changes.append(Change(action, line.number, label, told, like=row.found.doubt, deed=made))

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        for some in _batches(task.deeds(CREATE)):
            Rating.objects.bulk_create([c.deed for c in some])
            yield from ((c.deed.subject, "rate", _of_year(c)) for c in some)
        for some in _batches(task.deeds(CHANGE)):
            _rewrite(Rating, [c.deed for c in some], [*OF_RATING, "version"])
            yield from ((c.deed.subject, "rate", _of_year(c)) for c in some)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> SubjectQuerySet[Rating]:
        return Rating.objects.visible_to(user)

    def rows(self, user: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        found = self.source(user, options).with_subject().order_by("-year", "-pk")
        for row in found.iterator(chunk_size=BATCH):
            yield _named(row) | {name: getattr(row, name) for name in ("year", "grade", "months_worked", "document")}


def _of_year(change: Change) -> dict[str, list]:
    """What was and what is, with the year: the trail of a subject tells of many."""
    pairs = {name: value if change.action == CHANGE else [None, value] for name, value in change.told.items()}
    return {f"{change.deed.year} – {heading}": pair for heading, pair in RATINGS.worded(pairs).items()}


def _named(row: PastAward | Rating) -> dict[str, Any]:
    return {
        "kind": str(row.subject_kind),
        "code": books.code_of(row.subject),
        "name": row.subject_name,
        "birth_year": row.person.birth_year if row.person else None,
        "place": row.unit.short_name,
        "unit": row.unit.code,
    }


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), BATCH):
        yield changes[start : start + BATCH]


def _rewrite(model: Any, rows: list[Any], names: list[str]) -> None:
    """Write the fields of rows that exist, many at once."""
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
