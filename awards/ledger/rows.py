"""The rows of a list of past awards or ratings against the subjects, units and lines that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from awards.law.terms import MeritType
from awards.ledger import books, naming
from awards.ledger.finding import BIRTH_YEAR, CODE, KIND, ONCE, PLACE, Found, Subjects
from awards.ledger.services import FIRST_YEAR, Rights
from awards.models import Rating, SubjectKind
from awards.models.ledger import award_label
from awards.models.subjects import Commended, key_of_subject
from portal.days import today
from portal.exchange.base import Task, in_chunks
from portal.exchange.columns import NAME, Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from units.models import Person, Posting, Unit

_label = lazy(award_label, str)
# fmt: off
SUBJECT = (
    KIND,
    CODE,
    Column("name", _("Tên"), limit=200, example="Nguyễn Thị Lan", width=28,
           person=True, aliases=("Họ và tên", *NAME, "Tên tập thể", "Tên đơn vị", "Họ và tên, tên tập thể",
                                 "Tên cá nhân, tập thể", "Cá nhân, tập thể"),
           help=_("Để đối chiếu với mã, hoặc để nhận ra đối tượng khi không ghi mã.")),
    BIRTH_YEAR,
    PLACE,
)
# fmt: on
UNIT = Column(
    "unit",
    _("Mã đơn vị khi đó"),
    "code",
    limit=20,
    example="T46",
    width=16,
    aliases=("Mã đơn vị", "Mã ĐV"),
    help=_("Đơn vị khi đạt thành tích; để trống thì lấy nơi công tác cuối năm đó."),
)  # fmt: skip

AWARDS = Sheet(
    title=_("Khen thưởng đã có"),
    columns=(
        *SUBJECT,
        Column("award", _("Danh hiệu, hình thức"), "choice", required=True, example="CSTDCS", width=36,
               choices=tuple((code, _label(code)) for code in books.known_awards()), aliases=naming.HEADINGS,
               understand=naming.award_named, missing=ONCE,
               help=_("Tên, chữ viết tắt (CSTĐCS, LĐTT, BK của Thủ tướng) hoặc mã trong danh mục.")),
        Column("year", _("Năm thành tích"), "year", required=True, low=FIRST_YEAR, high=2100, example=2024, width=12,
               aliases=("Năm", "Năm khen thưởng"), missing=ONCE,
               help=_("Năm đạt thành tích, không phải năm ra quyết định.")),
        Column("decision_number", _("Số quyết định"), required=True, limit=60, example="55/QĐ-VKS", width=20,
               aliases=("Số QĐ", "QĐ số", "Số hiệu QĐ", "Quyết định số", "Số, ký hiệu quyết định", "Quyết định",
                        "Số, ngày quyết định", "Số, ngày tháng quyết định", "Số, ngày, tháng, năm quyết định",
                        "Số và ngày quyết định"),
               missing=ONCE,
               help=_("Số, ký hiệu của quyết định khen thưởng.")),
        Column("decided_on", _("Ngày quyết định"), "date", example=date(2024, 12, 20), width=14,
               aliases=("Ngày QĐ", "Ngày tháng QĐ", "Ngày ký", "Ngày ký quyết định", "Ngày tháng quyết định",
                        "Ngày, tháng, năm quyết định"),
               help=_("Ngày ký quyết định.")),
        Column("decided_by", _("Cấp quyết định"), limit=200, example="Viện trưởng VKSND thành phố Huế", width=34,
               aliases=("Cấp QĐ", "Cơ quan quyết định", "CQ quyết định", "Cấp ra quyết định", "Cơ quan ban hành"),
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
    tells=naming.told,
)  # fmt: skip
RATINGS = Sheet(
    title=_("Xếp loại năm"),
    columns=(
        *SUBJECT,
        Column("year", _("Năm"), "year", required=True, low=FIRST_YEAR, high=2100, example=2024, width=10, missing=ONCE,
               help=_("Năm được xếp loại.")),
        Column("grade", _("Mức xếp loại"), "choice", required=True, choices=tuple(Rating.Grade.choices),
               understand=naming.grade_named, aliases=("Xếp loại", "Kết quả xếp loại", "Mức độ hoàn thành nhiệm vụ"),
               example="excellent", width=30, help=_("Chọn trong danh sách.")),
        Column("months_worked", _("Số tháng làm việc trong năm"), "int", low=0, high=12, example=12, width=14,
               help=_("Chỉ với cá nhân; để trống nếu làm đủ năm.")),
        UNIT,
        Column("document", _("Văn bản"), limit=200, example="Thông báo 15/TB-VKS", width=28,
               help=_("Văn bản về kết quả xếp loại.")),
    ),
    about=(_("Mỗi dòng là mức xếp loại của một đối tượng trong một năm; dòng đã có thì được sửa theo tệp."),),
    tells=naming.told,
)  # fmt: skip
OF_AWARD = ("decided_on", "decided_by", "type", "unit", "note")
OF_RATING = ("grade", "months_worked", "unit", "document")


@dataclass
class World:
    """What the portal knows of everyone in the file, asked in portions of the file and not by the row."""

    rights: Rights
    day: date
    subjects: Subjects
    units: dict[str, Unit] = field(default_factory=dict)
    postings: dict[int, list[Posting]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, task: Task) -> World:
        scope = {kind: books.subjects(kind, task.by) for kind in SubjectKind.values}
        scope[SubjectKind.COLLECTIVE] = scope[SubjectKind.COLLECTIVE].select_related("unit")
        subjects = Subjects(task.lines, scope, _("Không tìm thấy mã %s trong phạm vi của đồng chí."))
        world = cls(Rights.of(task.by), today(), subjects)
        for some in in_chunks(sorted({line["unit"] for line in task.lines} - {None})):
            world.units.update({unit.code: unit for unit in Unit.objects.filter(code__in=some)})
        for some in in_chunks(subjects.people()):
            for posting in (
                Posting.objects.filter(person__in=some).select_related("unit").order_by("-valid_from", "-pk")
            ):
                world.postings[posting.person_id].append(posting)
        return world

    def unit_of(self, subject: Commended, year: int) -> Unit | None:
        """Where the subject belonged at the end of the year; failing that, where it belongs now."""
        if not isinstance(subject, Person):
            return subject if isinstance(subject, Unit) else subject.unit
        last, postings = date(year, 12, 31), self.postings[subject.pk]
        there = [p for p in postings if (p.valid_from or last) <= last <= (p.valid_to or last)]
        return next((p.unit for p in there or postings), None)


def stored_lines(model: Any, task: Task, world: World) -> dict[tuple[str, int], list[Any]]:
    """What is stored about the subjects of the file, by subject."""
    by_key: dict[str, set[int]] = defaultdict(set)
    for subject in world.subjects.everyone():
        by_key[key_of_subject(subject)].add(subject.pk)
    stored: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for key, pks in by_key.items():
        for some in in_chunks(sorted(pks)):
            rows = task.held(model.objects.filter(**{f"{key}__in": some})).select_related("unit").order_by("pk")
            for row in rows:
                stored[key, getattr(row, f"{key}_id")].append(row)
    return stored


@dataclass
class Row:
    """One line of the file on its way into the ledger."""

    task: Task
    world: World
    sheet: Sheet
    line: Line
    failed: bool = False
    subject: Any = None
    unit: Unit | None = None

    def problem(self, key: str, words: Any) -> None:
        self.failed = True
        self.task.problem(self.line, self.sheet[key], words)

    @property
    def found(self) -> Found:
        return self.world.subjects.found(self.line)

    def find(self) -> None:
        """Whom the line is about, and in which unit."""
        line = self.line
        self.subject = self.found.subject
        for column, words in self.world.subjects.objections(line):
            self.problem(column, words)
        if self.subject is None:
            return
        born = getattr(self.subject, "birth_year", None)
        if line["birth_year"] and born and line["birth_year"] != born:
            self.problem("birth_year", _("Năm sinh trên cổng là %s.") % born)
        if line["unit"]:
            self.unit = self.world.units.get(line["unit"])
            if self.unit is None:
                self.problem("unit", _("Không có đơn vị nào mang mã %s.") % line["unit"])
        else:
            self.unit = self.world.unit_of(self.subject, line["year"])
            if self.unit is None:
                self.problem("unit", _("Chưa có vị trí công tác trên cổng; hãy ghi mã đơn vị khi đó."))

    def may(self, level: str, *units: Unit | None) -> None:
        """Whether the one who imports may write that level in these units; one that was not found was told already."""
        for unit in units:
            if unit and not self.failed and not self.world.rights.enters(unit, level):
                self.problem("code", _("Đồng chí không được ghi mục cấp này ở đơn vị %s.") % unit.code)

    @property
    def label(self) -> str:
        return self.world.subjects.label(self.line)


def differences(names: Iterable[str], was: Any, row: Any) -> dict[str, list]:
    """What changes; an empty cell leaves what is there."""
    pairs = {name: [_cell(was, name) or None, _cell(row, name) or None] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def written(names: Iterable[str], row: Any) -> dict[str, Any]:
    """What a new row says."""
    return {name: value for name in names if (value := _cell(row, name))}


def _cell(row: Any, name: str) -> Any:
    value = getattr(row, name, None)
    return value.code if isinstance(value, Unit) else value


def filled(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """The fields that the line sets; what it leaves empty stays."""
    return {name: row.unit if name == "unit" else row.line[name] for name in names if row.line[name] is not None}
