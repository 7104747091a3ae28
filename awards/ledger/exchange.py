"""Past awards and ratings as spreadsheets: brought in all or nothing, judged row by row, taken out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from awards.law.terms import MeritType
from awards.ledger import services as ledger
from awards.ledger.services import FIRST_YEAR, Rights
from awards.models import Level, PastAward, Rating, SubjectKind
from awards.models.subjects import key_of_subject
from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Change, Exchange, Task, in_chunks
from portal.exchange.columns import Column
from portal.exchange.sheet import Line, Sheet
from portal.text import name_key
from units.models import Collective, Person, Posting, Unit

BATCH = 2_000
_label = lazy(ledger.award_label, str)

SUBJECT = (
    Column("kind", _("Đối tượng"), "choice", required=True, choices=tuple(SubjectKind.choices), example="person",
           width=12, help=_("Cá nhân, tập thể hoặc đơn vị.")),
    Column("code", _("Mã"), "code", required=True, limit=30, example="HUE-0123", width=16,
           aliases=("Số hiệu cán bộ", "Mã cán bộ", "Số hiệu"),
           help=_("Số hiệu cán bộ, mã tập thể hoặc mã đơn vị; phải có trên cổng.")),
    Column("name", _("Tên"), limit=200, example="Nguyễn Thị Lan", width=28, aliases=("Họ và tên", "Họ tên"),
           help=_("Để đối chiếu: tên khác với tên trên cổng thì dòng bị báo.")),
)  # fmt: skip
UNIT = Column("unit", _("Mã đơn vị khi đó"), "code", limit=20, example="T46", width=16, aliases=("Mã đơn vị",),
              help=_("Đơn vị khi đạt thành tích; để trống thì lấy nơi công tác cuối năm đó."))  # fmt: skip

AWARDS = Sheet(
    title=_("Khen thưởng đã có"),
    columns=(
        *SUBJECT,
        Column("award", _("Danh hiệu, hình thức"), "choice", required=True, example="CSTDCS", width=36,
               choices=tuple((code, _label(code)) for code in ledger.known_awards()),
               help=_("Tên hoặc mã trong danh mục, ví dụ CSTDCS.")),
        Column("year", _("Năm thành tích"), "year", required=True, low=FIRST_YEAR, high=2100, example=2024, width=12,
               help=_("Năm đạt thành tích, không phải năm ra quyết định.")),
        Column("decision_number", _("Số quyết định"), required=True, limit=60, example="55/QĐ-VKS", width=20,
               help=_("Số, ký hiệu của quyết định khen thưởng.")),
        Column("decided_on", _("Ngày quyết định"), "date", example=date(2024, 12, 20), width=14,
               help=_("Ngày ký quyết định.")),
        Column("decided_by", _("Cấp quyết định"), limit=200, example="Viện trưởng VKSND thành phố Huế", width=34,
               help=_("Người hoặc cơ quan ký.")),
        Column("type", _("Loại hình khen thưởng"), "choice", choices=tuple(MeritType.choices), example="merit",
               width=26, help=_("Khen đột xuất, khen theo chuyên đề không làm căn cứ cho khen theo công trạng.")),
        UNIT,
        Column("note", _("Thành tích"), limit=500, example="Hoàn thành xuất sắc nhiệm vụ năm 2024", width=50,
               help=_("Thành tích được khen, nếu quyết định có ghi.")),
    ),
    about=(
        _("Mỗi dòng là một khen thưởng đã có quyết định."),
        _("Cổng nhận ra dòng đã có theo đối tượng, danh hiệu, năm và số quyết định."),
        _("Đơn vị nhập được khen thưởng do thủ trưởng đơn vị quyết định; cấp cao hơn do cơ quan thi đua nhập."),
    ),
)  # fmt: skip
RATINGS = Sheet(
    title=_("Xếp loại năm"),
    columns=(
        *SUBJECT,
        Column("year", _("Năm"), "year", required=True, low=FIRST_YEAR, high=2100, example=2024, width=10,
               help=_("Năm được xếp loại.")),
        Column("grade", _("Mức xếp loại"), "choice", required=True, choices=tuple(Rating.Grade.choices),
               example="excellent", width=30, help=_("Chọn trong danh sách.")),
        Column("months_worked", _("Số tháng làm việc trong năm"), "int", low=0, high=12, example=12, width=14,
               help=_("Chỉ với cá nhân; để trống nếu làm đủ năm.")),
        UNIT,
        Column("document", _("Văn bản"), limit=200, example="Thông báo 15/TB-VKS", width=28,
               help=_("Văn bản về kết quả xếp loại.")),
    ),
    about=(_("Mỗi dòng là mức xếp loại của một đối tượng trong một năm; dòng đã có thì được sửa theo tệp."),),
)  # fmt: skip
OF_AWARD = ("decided_on", "decided_by", "type", "unit", "note")
OF_RATING = ("grade", "months_worked", "unit", "document")


@dataclass
class _World:
    """What the portal knows of everyone in the file, asked in portions of the file and not by the row."""

    rights: Rights
    day: date
    subjects: dict[tuple[str, str], Any] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    postings: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, task: Task) -> _World:
        world = cls(Rights.of(task.by), today())
        codes: dict[str, set[str]] = defaultdict(set)
        for line in task.lines:
            if line["kind"] and line["code"]:
                codes[line["kind"]].add(line["code"])
        for kind, asked in codes.items():
            found = ledger.subjects(kind, task.by)
            found = found.select_related("unit") if kind == SubjectKind.COLLECTIVE else found
            for some in in_chunks(sorted(asked)):
                named = ledger.by_codes(kind, found, some)
                world.subjects.update({(kind, code): subject for code, subject in named.items()})
        for some in in_chunks(sorted({line["unit"] for line in task.lines} - {None})):
            world.units.update({unit.code: unit for unit in Unit.objects.filter(code__in=some)})
        people = {s.pk for (kind, _code), s in world.subjects.items() if kind == SubjectKind.PERSON}
        for some in in_chunks(sorted(people)):
            for posting in (
                Posting.objects.filter(person__in=some).select_related("unit").order_by("-valid_from", "-pk")
            ):
                world.postings[posting.person_id].append(posting)
        return world

    def unit_of(self, subject: Person | Collective | Unit, year: int) -> Unit | None:
        """Where the subject belonged at the end of the year; failing that, where it belongs now."""
        if not isinstance(subject, Person):
            return subject if isinstance(subject, Unit) else subject.unit
        last, postings = date(year, 12, 31), self.postings[subject.pk]
        there = [p for p in postings if (p.valid_from or last) <= last <= (p.valid_to or last)]
        return next((p.unit for p in there or postings), None)


def _known(model: Any, task: Task, world: _World) -> dict[tuple[str, int], list[Any]]:
    """What is stored about the subjects of the file, by subject."""
    by_key: dict[str, set[int]] = defaultdict(set)
    for subject in world.subjects.values():
        by_key[key_of_subject(subject)].add(subject.pk)
    stored: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for key, pks in by_key.items():
        for some in in_chunks(sorted(pks)):
            rows = task.held(model.objects.filter(**{f"{key}__in": some})).select_related("unit").order_by("pk")
            for row in rows:
                stored[key, getattr(row, f"{key}_id")].append(row)
    return stored


@dataclass
class _Row:
    """One line of the file on its way into the ledger."""

    task: Task
    world: _World
    sheet: Sheet
    line: Line
    failed: bool = False
    subject: Any = None
    unit: Unit | None = None

    def problem(self, key: str, words: Any) -> None:
        self.failed = True
        self.task.problem(self.line, self.sheet[key], words)

    def find(self) -> None:
        """Whom the line is about, and in which unit."""
        line = self.line
        self.subject = self.world.subjects.get((line["kind"], line["code"]))
        if self.subject is None:
            self.problem("code", _("Không tìm thấy mã %s trong phạm vi của đồng chí.") % line["code"])
            return
        if line["name"] and name_key(line["name"]) not in self._names():
            self.problem("name", _("Mã này trên cổng là của «%s».") % self.subject)
        if line["unit"]:
            self.unit = self.world.units.get(line["unit"])
            if self.unit is None:
                self.problem("unit", _("Không có đơn vị nào mang mã %s.") % line["unit"])
        else:
            self.unit = self.world.unit_of(self.subject, line["year"])
            if self.unit is None:
                self.problem("unit", _("Chưa có vị trí công tác trên cổng; hãy ghi mã đơn vị khi đó."))

    def _names(self) -> set[str]:
        subject = self.subject
        if isinstance(subject, Unit):
            return {name_key(name) for name in (subject.name_vi, subject.name_en, subject.short_name)}
        return {name_key(str(subject))}

    def may(self, level: str, *units: Unit) -> None:
        """Whether the one who imports may write that level in these units."""
        for unit in units:
            if not self.failed and not self.world.rights.enters(unit, level):
                self.problem("code", _("Đồng chí không được ghi mục cấp này ở đơn vị %s.") % unit.code)

    @property
    def label(self) -> str:
        return f"{self.line['code']} – {self.subject}"


def _differences(names: Iterable[str], was: Any, row: Any) -> dict[str, list]:
    """What changes; an empty cell leaves what is there."""
    pairs = {name: [_cell(was, name) or None, _cell(row, name) or None] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _written(names: Iterable[str], row: Any) -> dict[str, Any]:
    """What a new row says."""
    return {name: value for name in names if (value := _cell(row, name))}


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name, None)
    return value.code if isinstance(value, Unit) else value


def _filled(row: _Row, names: Iterable[str]) -> dict[str, Any]:
    """The fields that the line sets; what it leaves empty stays."""
    return {name: row.unit if name == "unit" else row.line[name] for name in names if row.line[name] is not None}


class _LedgerExchange(Exchange):
    """What both lists have in common."""

    named_by = ("kind", "code", "name")

    def open_to(self, user: Any, options: dict[str, Any]) -> bool:
        return Rights.of(user).any

    def _lines(self, task: Task, world: _World, keys: tuple[str, ...]) -> Iterator[Line]:
        """The lines that can be judged at all, each key once; two codes of one person are one."""
        seen: dict[tuple, int] = {}
        for line in task.lines:
            key = tuple(line[name] for name in keys)
            if None in key:
                continue
            if subject := world.subjects.get((line["kind"], line["code"])):
                key = (subject, *key[2:])
            if key in seen:
                task.problem(line, self.sheet["code"], _("Dòng này trùng với dòng %s.") % seen[key])
                continue
            seen[key] = line.number
            yield line


class AwardsExchange(_LedgerExchange):
    key = "past-awards"
    title = _("Khen thưởng đã có")
    about = _("Danh hiệu và hình thức khen thưởng đã có quyết định, của cá nhân, tập thể, đơn vị.")
    sheet = AWARDS

    # --- in ---

    def plan(self, task: Task) -> None:
        world = _World.of(task)
        stored = _known(PastAward, task, world)
        for line in self._lines(task, world, ("kind", "code", "award", "year", "decision_number")):
            row = _Row(task, world, AWARDS, line)
            row.find()
            if not row.failed:
                self._judge(row, stored[key_of_subject(row.subject), row.subject.pk])

    def _judge(self, row: _Row, known: list[PastAward]) -> None:
        line, task = row.line, row.task
        made = PastAward(
            **{key_of_subject(row.subject): row.subject},
            **{name: line[name] for name in ("award", "year", "decision_number")},
            **{name: "" if line[name] is None else line[name] for name in ("decided_by", "type", "note")},
            decided_on=line["decided_on"],
            unit=row.unit,
            level=ledger.level_of(line["award"]),
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
        told = _written(("award", "year", "decision_number", *OF_AWARD), made)
        task.changes.append(Change(CREATE, line.number, row.label, told, deed=made))

    def _change(self, row: _Row, was: PastAward) -> None:
        before = PastAward(**{name: getattr(was, name) for name in OF_AWARD})
        for name, value in _filled(row, OF_AWARD).items():
            setattr(was, name, value)
        told = _differences(OF_AWARD, before, was)
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
        row.task.changes.append(Change(CHANGE, row.line.number, row.label, told, deed=was))

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

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
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

    # --- in ---

    def plan(self, task: Task) -> None:
        world = _World.of(task)
        stored = _known(Rating, task, world)
        for line in self._lines(task, world, ("kind", "code", "year")):
            if line["grade"] is None:
                continue
            row = _Row(task, world, RATINGS, line)
            row.find()
            if line["year"] > world.day.year:
                row.problem("year", _("Năm này chưa tới."))
            if line["months_worked"] is not None and line["kind"] != SubjectKind.PERSON:
                row.problem("months_worked", _("Chỉ ghi số tháng với cá nhân."))
            if not row.failed:
                known = stored[key_of_subject(row.subject), row.subject.pk]
                self._judge(row, next((r for r in known if r.year == line["year"]), None))

    def _judge(self, row: _Row, was: Rating | None) -> None:
        line, task = row.line, row.task
        row.may(Level.UNIT, row.unit, *([was.unit] if was else []))
        if row.failed:
            return
        before = Rating(**{name: getattr(was, name) for name in OF_RATING}) if was else None
        made = was or Rating(**{key_of_subject(row.subject): row.subject}, year=line["year"], unit=row.unit)
        for name, value in _filled(row, OF_RATING).items():
            setattr(made, name, value)
        told = _differences(OF_RATING, before, made) if before else _written(OF_RATING, made)
        if was and not told:
            task.same += 1
            return
        made.version += 1 if was else 0
        label = f"{row.label}, {line['year']}"
        task.changes.append(Change(CHANGE if was else CREATE, line.number, label, told, deed=made))

    def apply(self, task: Task) -> Iterator[tuple[models.Model, str, dict[str, list]]]:
        for some in _batches(task.deeds(CREATE)):
            Rating.objects.bulk_create([c.deed for c in some])
            yield from ((c.deed.subject, "rate", _of_year(c)) for c in some)
        for some in _batches(task.deeds(CHANGE)):
            _rewrite(Rating, [c.deed for c in some], [*OF_RATING, "version"])
            yield from ((c.deed.subject, "rate", _of_year(c)) for c in some)

    # --- out ---

    def source(self, user: Any, options: dict[str, Any]) -> models.QuerySet:
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
        "code": ledger.code_of(row.subject),
        "name": row.subject_name,
        "unit": row.unit.code,
    }


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), BATCH):
        yield changes[start : start + BATCH]


def _rewrite(model: Any, rows: list[Any], names: list[str]) -> None:
    """Write the fields of rows that exist, many at once."""
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)
