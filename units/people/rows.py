"""The rows of a list of staff against the people, postings and units that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.codes import spelling
from portal.days import today
from portal.exchange.base import CHANGE, CREATE, Change, Task, in_chunks
from portal.exchange.columns import BORN, NAME, Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from portal.scope import under
from portal.text import name_key
from units.models import Collective, Person, Posting, Unit, User

ADULT = 15  # the law lets nobody younger work

SHEET = Sheet(
    title=_("Cán bộ"),
    columns=(
        Column("staff_code", _("Số hiệu cán bộ"), "code", required=True, limit=20, example="HUE-0123", width=16,
               aliases=("Mã cán bộ", "Số hiệu", "SHCB", "Mã CB", "Mã số cán bộ", "Số hiệu CB", "Số hiệu công chức"),
               help=_("Mỗi người một số hiệu, không đổi khi chuyển đơn vị.")),
        Column("full_name", _("Họ và tên"), required=True, limit=100, example="Nguyễn Thị Lan", width=28,
               aliases=NAME, person=True, help=_("Viết đủ họ, tên đệm và tên.")),
        Column("birth_year", _("Năm sinh"), "year", low=1920, high=2100, example=1985, width=10,
               aliases=BORN, help=_("Chỉ giữ năm; nếu ghi cả ngày thì chỉ lấy năm.")),
        Column("gender", _("Giới tính"), "choice", choices=tuple(Person.Gender.choices), example="f", width=10,
               aliases=("Giới", "Nam/Nữ", "Nam, nữ", "Phái"), help=_("Nam hoặc Nữ.")),
        Column("rank", _("Ngạch, chức danh"), limit=100, example="Kiểm sát viên sơ cấp", width=24,
               aliases=("Chức danh", "Ngạch", "Chức danh tư pháp", "Ngạch công chức", "Ngạch CC"),
               help=_("Ngạch công chức hoặc chức danh tư pháp.")),
        Column("joined_on", _("Ngày vào ngành"), "date", example=date(2010, 9, 1), width=14,
               aliases=("Ngày vào ngành kiểm sát", "Ngày vào ngành KS", "Vào ngành"),
               help=_("Ngày vào ngành kiểm sát.")),
        Column("unit", _("Mã đơn vị"), "code", required=True, limit=20, example="T46.25", width=12,
               aliases=("Mã ĐV", "Mã cơ quan", "Mã CQ"), help=_("Mã của đơn vị nơi cán bộ công tác."),
               options=User.codes_kept),
        Column("collective", _("Mã tập thể"), "code", limit=30, example="T46.25-P1", width=14,
               help=_("Mã phòng, tổ thuộc đơn vị đó, nếu có.")),
        Column("position", _("Chức vụ"), limit=100, example="Trưởng phòng", width=24,
               aliases=("CV", "Chức vụ hiện nay"), help=_("Chức vụ đang giữ ở đơn vị.")),
        Column("leads", _("Là lãnh đạo"), "bool", example=True, width=12,
               help=_("Có: lãnh đạo, quản lý của đơn vị hoặc tập thể.")),
        Column("valid_from", _("Giữ vị trí từ ngày"), "date", example=date(2025, 7, 1), width=16,
               aliases=("Từ ngày",), help=_("Ngày bắt đầu ở đơn vị và chức vụ này; bắt buộc khi chuyển đơn vị.")),
    ),
    about=(
        _("Mỗi dòng là một cán bộ. Cổng nhận ra người đã có theo số hiệu."),
        _("Đổi đơn vị hoặc chức vụ thì ghi ngày bắt đầu ở cột «Giữ vị trí từ ngày»; vị trí cũ kết thúc hôm trước."),
    ),
)  # fmt: skip
OF_PERSON = ("full_name", "birth_year", "gender", "rank", "joined_on")
OF_POSTING = ("unit", "collective", "position", "leads", "valid_from")


@dataclass(slots=True)
class _Newcomer:
    """What a row with a new code writes; the rows of the database are made when they are written."""

    line: Line
    unit: Unit
    collective: Collective | None
    name_key: str

    def person(self) -> Person:
        line = self.line
        person = Person(staff_code=line["staff_code"], **{name: line[name] or _EMPTY[name] for name in OF_PERSON})
        person.derive()
        return person


@dataclass(slots=True)
class Deed:
    """What one row writes: the person as it will be, a posting that ends and one that begins or is corrected."""

    person: Person
    ends: Posting | None = None
    posting: Posting | None = None
    touched: bool = False  # whether the person's own fields change


@dataclass
class World:
    """What the portal knows of everyone in the file, asked in a few queries."""

    units: dict[str, Unit]
    collectives: dict[str, Collective]
    people: dict[str, Person]
    postings: dict[int, list[Posting]]  # of today and later
    past: dict[int, list[Posting]] = field(default_factory=dict)  # of those who have none
    spellings: dict[str, str] = field(default_factory=dict)  # code without case and leading zeros → code


def add_problem(task: Task, line: Line, key: str, words: str | Promise) -> None:
    task.problem(line, SHEET[key], words)


def world_of(task: Task) -> World:
    codes = {line["staff_code"] for line in task.lines} - {None}
    people: dict[str, Person] = {}
    for some in in_chunks(sorted(codes)):
        people.update(task.held(Person.objects.all()).by_codes(some))
    world = World(
        units={u.code: u for u in Unit.objects.only("code", "path", "valid_from", "valid_to", "short_name", "name_en")},
        collectives={},
        people=people,
        postings={},
    )
    for some in in_chunks({line["collective"] for line in task.lines} - {None}):
        world.collectives.update({c.code: c for c in Collective.objects.filter(code__in=some)})
    of_pk = {unit.pk: unit for unit in world.units.values()}
    now = Q(valid_to=None) | Q(valid_to__gte=today())
    of_people = {p.pk for p in people.values()}
    _gather(world.postings, Posting.objects.filter(now).select_related("collective"), of_people, of_pk)
    _gather(world.past, Posting.objects.all(), of_people - world.postings.keys(), of_pk)
    if len(people) < len(codes):  # some are new: perhaps only written otherwise
        world.spellings = {spelling(c): c for c in Person.objects.values_list("staff_code", flat=True)}
    return world


def _gather(into: dict[int, list[Posting]], postings: Any, people: set[int], units: dict[int, Unit]) -> None:
    for some in in_chunks(sorted(people)):
        for posting in postings.filter(person__in=some):
            posting.unit = units[posting.unit_id]
            into.setdefault(posting.person_id, []).append(posting)


def _age(posting: Posting) -> tuple[date, int]:
    return (posting.valid_from or date.min, posting.pk)


class Row:
    """One row against what the portal knows: what it would create or change, or why it cannot."""

    def __init__(self, task: Task, world: World, line: Line):
        self.task, self.world, self.line = task, world, line
        self.failed = False

    def problem(self, key: str, words: str | Promise) -> None:
        self.failed = True
        add_problem(self.task, self.line, key, words)

    def judge(self) -> None:
        line = self.line
        self.unit = self._unit()
        self.collective = self._collective()
        self._days()
        if line["staff_code"] is None:
            return
        person = self.world.people.get(line["staff_code"])
        if person is None:
            self._new()
        elif self.unit is not None and line["full_name"] is not None:
            self._known(person, self.unit)

    def _unit(self) -> Unit | None:
        if self.line["unit"] is None:
            return None
        unit = self.world.units.get(self.line["unit"])
        if unit is None:
            self.problem("unit", _("Không có đơn vị nào mang mã %s.") % self.line["unit"])
        elif not self.task.by.may("keep_people", unit):
            self.problem("unit", _("Đơn vị %s không thuộc phạm vi quản trị của đồng chí.") % self.line["unit"])
            return None
        elif (root := self.task.options.get("whole")) and not under(unit.path, root["path"]):
            self.problem("unit", _("Tệp được khai là danh sách đầy đủ của %s, đơn vị này nằm ngoài.") % root["code"])
        return unit

    def _collective(self) -> Collective | None:
        code = self.line["collective"]
        if code is None:
            return None
        collective = self.world.collectives.get(code)
        if collective is None:
            self.problem("collective", _("Không có tập thể nào mang mã %s.") % code)
        elif self.unit is not None and collective.unit_id != self.unit.pk:
            self.problem(
                "collective",
                _("Tập thể %(code)s không thuộc đơn vị %(unit)s.") % {"code": code, "unit": self.unit.code},
            )
        elif collective.valid_to and collective.valid_to < today():
            self.problem("collective", _("Tập thể %s đã kết thúc.") % code)
        return collective

    def _days(self) -> None:
        joined, born = self.line["joined_on"], self.line["birth_year"]
        if joined and joined > today():
            self.problem("joined_on", _("Ngày vào ngành ở sau hôm nay."))
        if joined and born and joined.year - born < ADULT:
            self.problem("joined_on", _("Ngày vào ngành quá sớm so với năm sinh %s.") % born)
        if born and born > today().year - ADULT:
            self.problem("birth_year", _("Năm sinh %s chưa đủ tuổi làm việc.") % born)

    def _new(self) -> None:
        line = self.line
        code = line["staff_code"]
        other = self.world.spellings.get(spelling(code))
        if other is not None and other != code:
            words = _(
                "Số hiệu này chỉ khác %s ở số 0 đứng đầu hoặc chữ hoa. Hãy ghi đúng số hiệu, định dạng ô là Văn bản."
            )
            self.problem("staff_code", words % other)
        self.world.spellings.setdefault(spelling(code), code)  # the next row may write the same otherwise
        if self.unit is not None:
            self._unit_open(self.unit, line["valid_from"] or today())
        if self.failed or self.unit is None or line["full_name"] is None:
            return
        deed = _Newcomer(line, self.unit, self.collective, name_key(line["full_name"]))
        self.task.changes.append(Change(CREATE, line.number, f"{code} – {line['full_name']}", line.values, deed=deed))

    def _unit_open(self, unit: Unit, day: date) -> None:
        if unit.valid_to and unit.valid_to < max(day, today()):
            words = _("Đơn vị %(unit)s đã kết thúc ngày %(day)s. Hãy ghi mã của đơn vị kế tục.")
            self.problem("unit", words % {"unit": unit.code, "day": f"{unit.valid_to:%d/%m/%Y}"})
        elif unit.valid_from and day < unit.valid_from:
            words = _("Đơn vị %(unit)s chỉ có từ ngày %(day)s.")
            self.problem("valid_from", words % {"unit": unit.code, "day": f"{unit.valid_from:%d/%m/%Y}"})

    def _known(self, person: Person, unit: Unit) -> None:
        line, task = self.line, self.task
        if person.anonymised_at:
            self.problem("staff_code", _("Hồ sơ mang số hiệu này đã ẩn danh, không sửa được bằng tệp."))
            return
        postings = self.world.postings.get(person.pk, [])
        places = postings or self.world.past.get(person.pk, [])
        if places and not any(task.by.may("keep_people", p.unit) for p in places):
            self.problem("staff_code", _("Người mang số hiệu này công tác ngoài phạm vi quản trị của đồng chí."))
            return
        if self._someone_else(person):
            return
        told: dict[str, list] = {}
        for name in OF_PERSON:
            if line[name] is not None and line[name] != getattr(person, name):
                told[name] = [getattr(person, name), line[name]]
                setattr(person, name, line[name])
        deed = Deed(person, touched=bool(told))
        told |= self._move(deed, unit, postings)
        if self.failed:
            return
        if not told:
            task.same += 1
            return
        if deed.touched:
            person.version += 1
            person.derive()
        task.changes.append(Change(CHANGE, line.number, label(person), told, deed=deed))

    def _someone_else(self, person: Person) -> bool:
        """Another name and another year of birth under a known code: hardly a correction."""
        born = self.line["birth_year"]
        if name_key(self.line["full_name"]) == person.name_key or born is None or born == person.birth_year:
            return False
        if person.birth_year is None:
            return False
        words = _("Số hiệu này đang là của %(name)s, sinh năm %(year)s. Hãy kiểm tra lại số hiệu.")
        self.problem("staff_code", words % {"name": person.full_name, "year": person.birth_year})
        return True

    def _move(self, deed: Deed, unit: Unit, postings: list[Posting]) -> dict[str, list]:
        """The posting the row speaks of: left alone, corrected, or ended the day before a new one begins."""
        line, start = self.line, self.line["valid_from"]
        here = [p for p in postings if p.unit_id == unit.pk]
        held = [p for p in here if not self._differs(p)] or here or postings
        if not held:
            self._unit_open(unit, start or today())
            deed.posting = posting_of(line, deed.person, unit, self.collective)
            return _told(None, deed.posting)
        current = max(held, key=_age)
        same_unit = current.unit_id == unit.pk
        if same_unit and not self._differs(current):
            return {}
        if not same_unit and start is None:
            self.problem("valid_from", _("Chuyển sang đơn vị khác phải ghi ngày bắt đầu."))
            return {}
        if not same_unit and not self.task.by.may("keep_people", current.unit):
            self.problem("unit", _("Vị trí hiện tại ở %s, ngoài phạm vi quản trị của đồng chí.") % current.unit.code)
            return {}
        if start is not None and current.valid_from and start < current.valid_from:
            words = _("Sớm hơn ngày bắt đầu vị trí hiện tại (%s): tệp có thể đã cũ.")
            self.problem("valid_from", words % f"{current.valid_from:%d/%m/%Y}")
            return {}
        if same_unit and (start is None or start == current.valid_from or not self._differs(current, but="valid_from")):
            return self._correct(deed, unit, current)
        if start == current.valid_from:
            self.problem("valid_from", _("Vị trí hiện tại cũng bắt đầu ngày này; hãy sửa trên trang của cán bộ."))
            return {}
        self._unit_open(unit, start)
        deed.posting = posting_of(line, deed.person, unit, self.collective)
        if same_unit:  # what the row leaves open goes on as it was
            deed.posting.collective = self.collective or current.collective
            deed.posting.position = line["position"] or current.position
            deed.posting.leads = current.leads if line["leads"] is None else line["leads"]
        told = _told(current, deed.posting)
        if current.valid_to is None or current.valid_to >= start:
            current.valid_to = start - timedelta(days=1)
            deed.ends = current
        return told

    def _differs(self, posting: Posting, but: str = "") -> bool:
        """Whether the row says of this posting anything that is not so; what it leaves blank agrees."""
        line = self.line
        return any(name != but and line[name] is not None and line[name] != _said(posting, name) for name in OF_POSTING)

    def _correct(self, deed: Deed, unit: Unit, posting: Posting) -> dict[str, list]:
        line = self.line
        before = {name: _said(posting, name) for name in OF_POSTING}
        if self.collective is not None:
            posting.collective = self.collective
        for name in ("position", "leads", "valid_from"):
            if line[name] is not None:
                setattr(posting, name, line[name])
        if line["valid_from"] is not None:
            self._unit_open(unit, line["valid_from"])
            if posting.valid_to and posting.valid_to < line["valid_from"]:
                self.problem("valid_from", _("Vị trí này kết thúc ngày %s.") % f"{posting.valid_to:%d/%m/%Y}")
        deed.posting = posting
        return _differences(before, {name: _said(posting, name) for name in OF_POSTING})


def posting_of(line: Line, person: Person, unit: Unit, collective: Collective | None) -> Posting:
    return Posting(
        person=person,
        unit=unit,
        collective=collective,
        position=line["position"] or "",
        leads=bool(line["leads"]),
        valid_from=line["valid_from"],
    )


_EMPTY = {"full_name": "", "birth_year": None, "gender": "", "rank": "", "joined_on": None}


def _said(posting: Posting, name: str) -> Any:
    """A field of the posting as the sheet has it."""
    if name == "unit":
        return posting.unit.code
    if name == "collective":
        return posting.collective.code if posting.collective else None
    return getattr(posting, name)


def _told(before: Posting | None, after: Posting) -> dict[str, list]:
    was = {name: _said(before, name) if before else None for name in OF_POSTING}
    return _differences(was, {name: _said(after, name) for name in OF_POSTING})


def _differences(was: dict[str, Any], is_: dict[str, Any]) -> dict[str, list]:
    return {name: [was[name], is_[name]] for name in OF_POSTING if (was[name] or None) != (is_[name] or None)}


def label(person: Person) -> str:
    return f"{person.staff_code} – {person.full_name}"
