"""Whom a row means that names nobody by a code: by name, year of birth and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.ledger import books
from awards.models import SubjectKind
from portal.exchange.base import Like, Task, in_chunks
from portal.exchange.columns import BORN, Column
from portal.exchange.lines import Line
from portal.exchange.sheet import Sheet
from portal.text import clean, fold, grouped, name_key
from units.models import Collective, Person, Posting, Unit

SHOWN = 5  # of those who share a name
# fmt: off
KIND = Column("kind", gettext_lazy("Đối tượng"), "choice", choices=tuple(SubjectKind.choices), width=12,
              example="person",
              help=gettext_lazy("Cá nhân, tập thể hoặc đơn vị; chọn một lần cho cả tệp cũng được."))
CODE = Column("code", gettext_lazy("Mã"), "code", limit=30, example="HUE-0123", width=16,
              aliases=("Số hiệu cán bộ", "Mã cán bộ", "Số hiệu", "SHCB", "Mã CB"),
              help=gettext_lazy("Số hiệu cán bộ, mã tập thể, đơn vị; không có thì ghi họ tên, năm sinh, nơi công tác."))
BIRTH_YEAR = Column("birth_year", gettext_lazy("Năm sinh"), "year", low=1900, high=2100, example=1985, width=10,
                    aliases=BORN,
                    help=gettext_lazy("Để nhận ra cá nhân khi không ghi mã."))
PLACE = Column("place", gettext_lazy("Nơi công tác"), limit=300, example="Phòng 1, VKSND thành phố Huế", width=30,
               aliases=("Đơn vị", "Đơn vị công tác", "Cơ quan", "CQ", "Cơ quan, đơn vị", "Đơn vị CT",
                        "Chức vụ, đơn vị công tác", "Chức vụ, đơn vị", "Chức danh, đơn vị",
                        "Chức vụ và đơn vị công tác", "Chức danh, đơn vị công tác", "Chức vụ, nơi công tác"),
               help=gettext_lazy("Phòng, đơn vị; để phân biệt những người trùng tên khi không ghi mã."))
# fmt: on
NEITHER = gettext_lazy("Hãy ghi mã, hoặc họ tên (cá nhân thêm năm sinh).")
NO_KIND = gettext_lazy("Chưa rõ đối tượng. Hãy thêm cột, hoặc chọn một lần cho cả tệp ở trang tải lên.")
ONCE = gettext_lazy("Thiếu cột này. Hãy thêm cột, hoặc ghi một lần cho cả tệp ở trang tải lên.")


UNSURE = Like(
    title=gettext_lazy("Nhận ra theo tên, cần đồng chí xác nhận"),
    about=gettext_lazy(
        "Những dòng này không có mã. Cổng tìm được một đối tượng theo tên nhưng chưa chắc. Đúng đối tượng thì "
        "đánh dấu; dòng không đánh dấu được bỏ qua."
    ),
    other=gettext_lazy("Vì sao chưa chắc"),
    tick=gettext_lazy("Đúng là đối tượng này"),
    short=gettext_lazy("cần xác nhận"),
    left=gettext_lazy("chưa xác nhận, đã bỏ qua"),
    rest=gettext_lazy("Dòng chưa xác nhận được bỏ qua."),
)


@dataclass
class Found:
    """Who is meant; `doubt` says why a person must look, `words` why nobody is."""

    subject: Person | Collective | Unit | None = None
    words: str = ""
    doubt: list[str] = field(default_factory=list)


class Names:
    """Those of whom the rows without a code may speak, asked in portions of the file."""

    def __init__(self, lines: Iterable[Line], scope: dict[str, Any]) -> None:
        self.people: dict[str, list[Person]] = defaultdict(list)
        self.places: dict[int, list[str]] = defaultdict(list)
        self.groups: dict[str, list[Collective | Unit]] = defaultdict(list)
        wanted = [line for line in lines if line["code"] is None and line["name"]]
        keys = {name_key(line["name"]) for line in wanted if line["kind"] == SubjectKind.PERSON}
        for some in in_chunks(sorted(keys)):
            for person in scope[SubjectKind.PERSON].filter(name_key__in=some).order_by("pk"):
                self.people[person.name_key].append(person)
        found = [person.pk for same in self.people.values() for person in same]
        for some in in_chunks(found):
            stands = Posting.objects.filter(person__in=some).select_related("unit", "collective")
            for posting in stands.order_by("valid_to", "-valid_from", "pk"):
                names = [posting.unit.short_name, posting.unit.name_vi, posting.unit.code]
                names += [posting.collective.name, posting.collective.code] if posting.collective else []
                self.places[posting.person_id] += names
        if any(line["kind"] != SubjectKind.PERSON for line in wanted):
            for collective in scope[SubjectKind.COLLECTIVE].select_related("unit").order_by("pk"):
                self.groups[_group_key(collective.name)].append(collective)
            for unit in scope[SubjectKind.UNIT].order_by("pk"):
                for name in {_group_key(unit.name_vi), _group_key(unit.short_name)}:
                    self.groups[name].append(unit)

    def find(self, line: Line) -> Found:
        """The one who is meant by the row."""
        if line["kind"] == SubjectKind.PERSON:
            return self._person(line)
        model = Unit if line["kind"] == SubjectKind.UNIT else Collective
        same = self.groups.get(_group_key(line["name"]), [])
        named = [
            one for one in same if isinstance(one, model)
        ] or same  # a unit is a collective to whoever writes a list
        if len(named) > 1:
            hint = _hint(line)
            named = [
                one for one in named if isinstance(one, Collective) and _fits(hint, [one.unit.short_name])
            ] or named
        return self._one(line, named, [])

    def _person(self, line: Line) -> Found:
        same = self.people.get(name_key(line["name"]), [])
        exact = [person for person in same if _letters(person.full_name) == _letters(line["name"])]
        found, doubt = exact or same, []
        if same and not exact:
            doubt.append(_("tên trên cổng viết khác: %s") % same[0].full_name)
        born = line["birth_year"]
        if born and found:
            told = [person for person in found if person.birth_year == born]
            unknown = [person for person in found if person.birth_year is None]
            if not told and not unknown:
                shown = "; ".join(self.described(person) for person in found[:SHOWN])
                return Found(words=_("Năm sinh khác với trên cổng: %s. Hãy ghi mã nếu đúng người.") % shown)
            found = told or unknown
        if len(found) > 1:
            hint = _hint(line)
            found = [person for person in found if _fits(hint, self.places[person.pk])] or found
        known = len(found) == 1 and (born and found[0].birth_year or _fits(_hint(line), self.places[found[0].pk]))
        if found and not known:
            doubt.append(_("không có năm sinh hoặc nơi công tác để đối chiếu"))
        return self._one(line, found, doubt)

    def _one(self, line: Line, found: list[Any], doubt: list[str]) -> Found:
        if not found:
            return Found(words=_("Không tìm thấy «%s» trong phạm vi của đồng chí. Hãy ghi mã.") % line["name"])
        if len(found) > 1:
            shown = "; ".join(self.described(one) for one in found[:SHOWN])
            said = {"count": grouped(len(found)), "who": shown + ("; …" if found[SHOWN:] else "")}
            return Found(words=_("Có %(count)s đối tượng cùng tên: %(who)s. Hãy ghi mã.") % said)
        return Found(found[0], doubt=[f"{self.described(found[0])} – {why}" for why in doubt])

    def described(self, subject: Person | Collective | Unit) -> str:
        """The subject so that a reader can tell whether it is the right one."""
        if not isinstance(subject, Person):
            return f"{subject.code} – {subject}"
        place = next(iter(self.places[subject.pk]), "")
        return f"{subject.staff_code} – {subject.full_name} ({subject.birth_year or '…'})" + (
            f", {place}" if place else ""
        )


class Subjects:
    """Whom the rows of a file mean, by a code or by name, within `scope` (a queryset for each kind)."""

    def __init__(self, lines: list[Line], scope: dict[str, Any], outside: Any) -> None:
        self.outside = outside  # what is said of a code (%s) that is not in the scope
        self.coded: dict[tuple[str, str], Any] = {}
        codes: dict[str, set[str]] = defaultdict(set)
        for line in lines:
            settle_kind(line)
            if line["kind"] and line["code"]:
                codes[line["kind"]] |= {line["code"], line["code"].upper()}
        for kind, asked in codes.items():
            for some in in_chunks(sorted(asked)):
                named = books.by_codes(kind, scope[kind], some)
                self.coded.update({(kind, code): subject for code, subject in named.items()})
        names = Names(lines, scope)
        self.described = names.described
        unnamed = [line for line in lines if line["kind"] and line["code"] is None and line["name"]]
        self.named = {line.number: names.find(line) for line in unnamed}

    def found(self, line: Line) -> Found:
        """Whom the row means; small letters find a code too, as they do on the pages."""
        if line["code"] is None:
            return self.named.get(line.number) or Found(words=str(NEITHER))
        kind, code = line["kind"], line["code"]
        if subject := self.coded.get((kind, code)) or self.coded.get((kind, code.upper())):
            return Found(subject)
        return Found(words=str(self.outside) % code)

    def objections(self, line: Line) -> Iterator[tuple[str, Any]]:
        """What is wrong with how the row names its subject, with the column beside which it is told."""
        found, name = self.found(line), line["name"]
        if found.subject is None:
            yield "name" if line["code"] is None and name else "code", found.words
        elif line["code"] is not None and name and name_key(name) not in _names(found.subject):
            yield "name", _("Mã này trên cổng là của «%s».") % found.subject

    def lines(self, task: Task, sheet: Sheet, keys: tuple[str, ...]) -> Iterator[Line]:
        """The lines that can be judged at all, each subject with its `keys` once; two codes of one person are one."""
        seen: dict[tuple[Any, ...], int] = {}
        for line in task.lines:
            if not judgeable(task, line, sheet) or None in (rest := tuple(line[name] for name in keys)):
                continue
            subject, code = self.found(line).subject, line["code"]
            key = (subject or (line["kind"], code.upper() if code else line.number), *rest)
            if key in seen:
                column = "code" if code else "name"
                task.problem(line, sheet[column], _("Dòng này trùng với dòng %s.") % task.row(seen[key]))
                continue
            seen[key] = line.number
            yield line

    def everyone(self) -> list[Any]:
        """All of whom the file speaks."""
        return [*self.coded.values(), *(one.subject for one in self.named.values() if one.subject)]

    def people(self) -> list[int]:
        """The keys of the persons among them."""
        return sorted({subject.pk for subject in self.everyone() if isinstance(subject, Person)})

    def label(self, line: Line) -> str:
        """How a change names its row: who was found, or what the file says where that is not sure."""
        found = self.found(line)
        if line["code"] is not None:
            return f"{line['code']} – {found.subject}"
        if not found.doubt:
            return self.described(found.subject)  # type: ignore[arg-type]  # a row that is named so was found
        return ", ".join(str(line[key]) for key in ("name", "birth_year", "place") if line[key])

    def tell(self, task: Task) -> None:
        """That rows without a code were understood by their names."""
        if count := sum(found.subject is not None for found in self.named.values()):
            words = _(
                "%s dòng không có mã được nhận ra theo họ tên, năm sinh, nơi công tác. Hãy xem lại từng dòng ở dưới."
            )
            task.notes.append(words % grouped(count))


def settle_kind(line: Line) -> None:
    """What kind of subject the row speaks of, where it does not say: by the year of birth, or by its award."""
    if line["kind"] or not (line["code"] or line["name"]):
        return
    award = books.award_of(line["award"]) if line["award"] else None
    if line["birth_year"] or (award and [subject.value for subject in award.subjects] == ["individual"]):
        line.values["kind"] = SubjectKind.PERSON
    elif award and "individual" not in [subject.value for subject in award.subjects]:
        line.values["kind"] = SubjectKind.COLLECTIVE


def judgeable(task: Task, line: Line, sheet: Sheet) -> bool:
    """Whether the row names a subject at all; what is missing is told, unless a cell could not be read."""
    for key in ("kind", "code"):
        if line[key] is None and key in line.values:
            return False
    if line["code"] is None and not line["name"]:
        task.problem(line, sheet["code"], NEITHER)
        return False
    if line["kind"] is None:
        task.problem(line, sheet["kind"], NO_KIND)
        return False
    return True


def _names(subject: Person | Collective | Unit) -> set[str]:
    """By which names a list may call whom it names by a code."""
    if isinstance(subject, Unit):
        return {name_key(name) for name in (subject.name_vi, subject.name_en, subject.short_name)}
    return {name_key(str(subject))}


def _letters(name: str) -> str:
    return " ".join(clean(name).casefold().replace("y", "i").replace("ý", "í").split())


def _group_key(name: str) -> str:
    """How a collective or unit is called, in full or short."""
    plain = fold(name).replace("vksndtc", "vksnd toi cao")
    for full in ("vien kiem sat nhan dan", "vien ksnd", "vien kiem sat"):
        plain = plain.replace(full, "vksnd")
    return plain.replace("thanh pho ", "").replace("tp. ", "").replace("tinh ", "")


def _hint(line: Line) -> str:
    """Where the row says the subject works."""
    said = [str(line[key]) for key in ("place", "position", "unit") if line[key]]
    return f" {_words(_group_key(' '.join([*said, line.section])))} "


def _words(text: str) -> str:
    return " ".join("".join(mark if mark.isalnum() else " " for mark in text).split())


def _fits(hint: str, names: Iterable[str]) -> bool:
    return any(name and f" {_words(_group_key(name))} " in hint for name in names)
