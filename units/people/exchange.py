"""The list of staff: who they are and where they work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.days import today
from portal.exchange.base import CHANGE, CLOSE, CREATE, Change, Exchange, Task, in_chunks
from portal.scope import inside
from portal.text import fold, grouped
from units.models import Person, Posting, Unit
from units.models.units import valid_on
from units.people.forms import WholeListForm
from units.people.rows import OF_PERSON, OF_POSTING, SHEET, Deed, Row, World, add_problem, label, posting_of, world_of

BATCH = 2_000
FOLLOWED_SHOWN = 20  # codes of merged records that the page names


class PeopleExchange(Exchange):
    key = "people"
    title = _("Cán bộ")
    about = _("Họ tên, năm sinh, chức danh và nơi công tác của cán bộ.")
    sheet = SHEET
    named_by = ("staff_code", "full_name")
    form = WholeListForm

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return user.may_anywhere("keep_people")

    # --- in ---

    def plan(self, task: Task) -> None:
        world = world_of(task)
        seen: dict[str, int] = {}
        followed: list[str] = []
        for line in task.lines:
            told = line["staff_code"]
            code = world.people[told].staff_code if told in world.people else told
            if code in seen:
                words = _("Số hiệu %(code)s đã có ở dòng %(row)s.")
                if code != told:
                    words = _("Hồ sơ này đã gộp vào số hiệu %(code)s, đã có ở dòng %(row)s.")
                add_problem(task, line, "staff_code", words % {"code": code, "row": task.row(seen[code])})
                continue
            if code is not None:
                seen[code] = line.number
            if code != told:
                followed.append(f"{told} → {code}")
            Row(task, world, line).judge()
        if followed:
            words = _("Số hiệu của hồ sơ đã gộp được hiểu là của hồ sơ giữ lại: %s")
            shown = "; ".join(followed[:FOLLOWED_SHOWN])
            task.notes.append(words % (f"{shown}…" if followed[FOLLOWED_SHOWN:] else shown))
        if not task.problems.count:
            _find_likeness(task)
        if task.options.get("whole"):
            _close_missing(task, world, set(seen))

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        made = task.deeds(CREATE)
        for some in _batches(made):
            people = Person.objects.bulk_create([change.deed.person() for change in some])
            Posting.objects.bulk_create(
                [
                    posting_of(change.deed.line, person, change.deed.unit, change.deed.collective)
                    for change, person in zip(some, people, strict=True)
                ]
            )
            yield from ((person, "create", {}) for person in people)
        for some in _batches(task.deeds(CHANGE, CLOSE)):
            touched = [c.deed.person for c in some if c.deed.touched]
            _rewrite(Person, touched, [*OF_PERSON, "version", "search", "name_key", "sort_key"])
            ended = [c.deed.ends for c in some if c.deed.ends]
            _rewrite(Posting, ended, ["valid_to"])
            postings = [c.deed.posting for c in some if c.deed.posting]
            Posting.objects.bulk_create([p for p in postings if p.pk is None])
            corrected = [p for p in postings if p.pk is not None]
            _rewrite(Posting, corrected, ["collective", "position", "leads", "valid_from"])
            yield from ((c.deed.person, "edit", c.told) for c in some)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
        """Postings of today and later in the units this person administers, the latest of each person first."""
        now = Q(valid_to=None) | Q(valid_to__gte=today())
        return Posting.objects.filter(
            now,
            inside(user.paths_where("keep_people"), "unit__path"),
            person__merged_into=None,
            person__anonymised_at=None,
        )

    def count(self, user: Any, options: dict[str, Any]) -> int:
        return self.source(user, options).values("person").distinct().count()

    def rows(self, user: Any, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        latest = F("valid_from").desc(nulls_last=True)
        before = None
        found = self.source(user, options).order_by("person__sort_key", "person_id", latest, "-pk")
        for row in found.values_list(
            "person_id", "person__staff_code", *(f"person__{name}" for name in OF_PERSON),
            "unit__code", "collective__code", "position", "leads", "valid_from",
        ).iterator(chunk_size=BATCH):  # fmt: skip
            if row[0] != before:
                before = row[0]
                yield dict(zip(("staff_code", *OF_PERSON, *OF_POSTING), row[1:], strict=True))


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), BATCH):
        yield changes[start : start + BATCH]


def _rewrite(model: Any, rows: list[Any], names: list[str]) -> None:
    """Write the fields of rows that exist, many at once: an upsert takes one statement, bulk_update a CASE for each."""
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)


def _find_likeness(task: Task) -> None:
    """New rows whose name (without accents, i as y, words in any order) and year of birth somebody has already."""
    new: dict[tuple[str, int | None], list[Change]] = {}
    for change in task.changes:
        if change.action == CREATE:
            new.setdefault((change.deed.name_key, change.deed.line["birth_year"]), []).append(change)
    for some in in_chunks({key for key, _year in new}):
        found = Person.objects.filter(name_key__in=some, merged_into=None).order_by("pk")
        places = _places(found)
        for person in found:
            for change in new.get((person.name_key, person.birth_year), ()):
                change.like.append(_described(person, places.get(person.pk), task.by))
    for changes in new.values():
        for change in changes[1:]:
            words = _("%(name)s – dòng %(row)s của tệp này")
            change.like.append(words % {"name": changes[0].label, "row": task.row(changes[0].row)})


def _places(people: models.QuerySet) -> dict[int, Unit]:
    """Where each works today."""
    now = Posting.objects.filter(valid_on(today()), person__in=people).select_related("unit").order_by("pk")
    return {posting.person_id: posting.unit for posting in now}


def _described(person: Person, unit: Unit | None, by: Any) -> str:
    """Somebody as far as the reader may know them."""
    if unit is None or not by.may("keep_people", unit):
        return str(_("một người đã có, ngoài phạm vi quản trị của đồng chí"))
    return f"{person.staff_code} – {person.full_name} ({person.birth_year or '…'}), {unit.label}"


def _close_missing(task: Task, world: World, codes: set[str]) -> None:
    """The file is the whole list of a unit on a day: who works there and is not in it ends the day before.

    Nobody ends for being in a part of the file that was not read.
    """
    if task.unread:
        words = _("Không kết thúc vị trí của ai, vì tệp còn phần chưa đọc. Hãy chọn đọc cả phần đó, hoặc bỏ khỏi tệp.")
        task.notes.append(str(words))
        return
    root, day = task.options["whole"], date.fromisoformat(task.options["whole"]["day"])
    there = Posting.objects.filter(valid_on(day), unit__path__under=root["path"], person__merged_into=None)
    left = fold(" | ".join(task.aside))
    total = 0
    for posting in task.held(there.select_related("person", "unit", "collective")).order_by("person__sort_key", "pk"):
        total += 1
        person = posting.person
        if person.staff_code in codes:
            continue
        if left and (fold(person.full_name) in left or fold(person.staff_code) in left):
            words = _("%(person)s có trong phần không được đọc của tệp nên không bị kết thúc. Hãy kiểm tra lại.")
            task.notes.append(words % {"person": label(person)})
            continue
        if posting.valid_from == day:
            words = _("%(person)s không có trong tệp nhưng vừa bắt đầu đúng ngày %(day)s. Hãy kiểm tra lại.")
            task.problems.add(0, "", words % {"person": label(person), "day": f"{day:%d/%m/%Y}"})
            continue
        before = posting.valid_to
        posting.valid_to = day - timedelta(days=1)
        told = {str(_("Vị trí ở %s đến hết ngày") % posting.unit.code): [before, posting.valid_to]}
        task.changes.append(Change(CLOSE, 0, label(person), told, deed=Deed(person, ends=posting)))
    closed = sum(1 for change in task.changes if change.action == CLOSE)
    if closed * 5 > total:
        words = _("Chú ý: %(closed)s trong %(total)s vị trí sẽ kết thúc. Hãy chắc rằng tệp có đủ mọi người.")
        task.notes.append(words % {"closed": closed, "total": grouped(total)})
