"""The ledger: what a person, collective or unit was awarded year by year, and what may be written in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law import standards
from awards.law.standards import Award, Edition
from awards.law.terms import AwardKind
from awards.law.terms import Level as AwardLevel
from awards.law.terms import Subject as Suits
from awards.models import Initiative, Level, PastAward, Rating, SubjectKind
from awards.models.ledger import award_label
from awards.models.subjects import key_of_subject
from portal.flow import Conflict, Refused
from portal.models.trail import differences, record
from portal.notices.services import tell
from portal.scope import inside, under
from units.hierarchy import lineage
from units.models import Collective, Person, Role, Unit, User
from units.people import privacy

KINDS: dict[str, type] = {
    SubjectKind.PERSON: Person,
    SubjectKind.COLLECTIVE: Collective,
    SubjectKind.UNIT: Unit,
}
SUITS = {
    SubjectKind.PERSON: Suits.INDIVIDUAL,
    SubjectKind.COLLECTIVE: Suits.COLLECTIVE,
    SubjectKind.UNIT: Suits.UNIT,
}
LEVELS = {AwardLevel.UNIT: Level.UNIT, AwardLevel.SECTOR: Level.SECTOR, AwardLevel.STATE: Level.NATION}
FIRST_YEAR = 1945  # nothing that is awarded today is older
WRITERS = (Role.HEAD, Role.OFFICER)

SHORT = {
    Rating.Grade.EXCELLENT: {"short": gettext_lazy("XS"), "tone": "approved"},
    Rating.Grade.GOOD: {"short": gettext_lazy("Tốt"), "tone": "waiting"},
    Rating.Grade.DONE: {"short": gettext_lazy("HT"), "tone": "neutral"},
    Rating.Grade.NOT_DONE: {"short": gettext_lazy("KHT"), "tone": "late"},
}

LINE = ("award", "year", "type", "unit", "decision_number", "decided_on", "decided_by", "note")


# --- the catalogue, for lines of any year ---


def edition_of(year: int, decided_on: date | None = None) -> Edition:
    """The edition that ruled when it was decided; what is older than every edition is read by the oldest."""
    day = decided_on or date(year, 12, 31)
    return next((e for e in reversed(standards.editions()) if e.valid_from <= day), standards.editions()[0])


def known_awards() -> dict[str, Award]:
    """Every award that some edition knows, as the newest of these has it."""
    return {code: award for edition in standards.editions() for code, award in edition.awards.items()}


def award_of(code: str) -> Award | None:
    return known_awards().get(code)


def level_of(code: str) -> str:
    """How far the award reaches."""
    award = award_of(code)
    return LEVELS[award.level] if award else Level.UNIT


def in_words(line: PastAward) -> str:
    """The line as another page names it."""
    return _("%(award)s năm %(year)s, Quyết định %(number)s") % {
        "award": award_label(line.award),
        "year": line.year,
        "number": line.decision_number,
    }


# --- years ---


def runs(years: Collection[int]) -> list[tuple[int, int]]:
    """The unbroken spans of these years, newest first; a year without the award begins anew (docs/domain, 5.5)."""
    found: list[tuple[int, int]] = []
    for year in sorted(set(years), reverse=True):
        if found and found[-1][0] == year + 1:
            found[-1] = (year, found[-1][1])
        else:
            found.append((year, year))
    return found


# --- reading ---


@dataclass(frozen=True)
class Line:
    """One award in a subject's book; a predecessor's counts only where the unit goes on under another name."""

    row: PastAward
    label: str
    counts: bool
    before: bool


@dataclass(frozen=True)
class Book:
    """What the ledger holds about one subject."""

    subject: Person | Collective | Unit
    kind: str
    lines: list[Line]
    ratings: list[Rating]
    initiatives: list[Initiative]

    @property
    def counted(self) -> list[PastAward]:
        """What the subject may rest on: neither revoked nor another's."""
        return [line.row for line in self.lines if line.counts]


def kind_of(subject: Person | Collective | Unit) -> str:
    return next(kind for kind, model in KINDS.items() if type(subject) is model)


def code_of(subject: Person | Collective | Unit) -> str:
    """By what a sheet or a person names the subject."""
    return subject.staff_code if isinstance(subject, Person) else subject.code


def by_codes(kind: str, found: Any, codes: list[str]) -> dict[str, Person | Collective | Unit]:
    """Those of `found` who have these codes, by code; a merged person's code finds the record that was kept."""
    if kind == SubjectKind.PERSON:
        return {**Person.objects.by_codes(codes, within=found)}
    return {subject.code: subject for subject in found.filter(code__in=codes)}


def subjects(kind: str, user: User) -> Any:
    """The people, collectives or units whose book this person may open."""
    if kind == SubjectKind.UNIT:
        return Unit.objects.filter(inside(user.staff_paths(), "path"))
    return privacy.records(user) if kind == SubjectKind.PERSON else Collective.objects.visible_to(user)


def book(subject: Person | Collective | Unit) -> Book:
    """Everything about the subject: a unit brings what its predecessors left, a person the initiatives."""
    kind, key = kind_of(subject), key_of_subject(subject)
    before = lineage.before(subject) if kind == SubjectKind.UNIT else {}
    about = {f"{key}__in": [subject.pk, *before]}
    lines = []
    for row in PastAward.objects.filter(**about).with_subject().select_related("doubted_by"):
        own = getattr(row, f"{key}_id") == subject.pk
        whole = own or before[row.whole_unit_id]
        lines.append(Line(row, award_label(row.award), whole and row.revoked_on is None, not own))
    ratings = [r for r in Rating.objects.filter(**about).select_related("unit") if _counts(r, key, subject, before)]
    made = Initiative.objects.filter(authors__person=subject) if kind == SubjectKind.PERSON else []
    return Book(subject, kind, lines, ratings, list(made))


def _counts(rating: Rating, key: str, subject: Any, before: dict[int, bool]) -> bool:
    pk = getattr(rating, f"{key}_id")
    return pk == subject.pk or before[pk]


@dataclass(frozen=True)
class Row:
    """One line of the strip: an award and the years in which it was held."""

    label: str
    cells: list[dict[str, Any]]
    runs: str


def strip(book: Book, until: int, length: int = 10) -> tuple[list[int], list[Row]]:
    """The last years side by side, newest first: how the subject was rated and what it held, and the unbroken spans."""
    years = list(range(until, until - length, -1))
    held: dict[str, set[int]] = {}
    for row in book.counted:
        held.setdefault(row.award, set()).add(row.year)
    rows = []
    if book.ratings:
        grades = {r.year: r for r in book.ratings}
        cells = [{"rating": grades[y], **SHORT[grades[y].grade]} if y in grades else {} for y in years]
        rows.append(Row(_("Xếp loại"), cells, ""))
    order = list(known_awards())
    for code in sorted(held, key=lambda code: (order.index(code) if code in order else len(order), code)):
        cells = [{"held": y in held[code]} for y in years]
        rows.append(Row(award_label(code), cells, _spans(held[code])))
    return years, rows


def _spans(years: set[int]) -> str:
    return "; ".join(
        str(first)
        if first == last
        else _("%(first)s–%(last)s (%(count)s năm liên tục)")
        % {"first": first, "last": last, "count": last - first + 1}
        for first, last in runs(years)
    )


# --- who may write ---


@dataclass(frozen=True)
class Rights:
    """What one person may write in the ledger; asked once for a page.

    The office writes everything. A unit writes what its own head decides (docs/domain, 5: authority), for itself, for
    the units below it and for those it succeeded; only the head revokes.
    """

    office: tuple[str, ...]
    writes: tuple[str, ...]
    heads: tuple[str, ...]

    @classmethod
    def of(cls, user: User) -> Rights:
        writes = tuple(user.paths_as(*WRITERS))
        only_head = user.units_as(*WRITERS) == user.units_as(Role.HEAD)
        return cls(
            office=tuple(unit.path for unit in user.units_as(Role.OFFICE)),
            writes=writes,
            heads=writes if only_head else tuple(user.paths_as(Role.HEAD)),
        )

    @property
    def any(self) -> bool:
        """Whether the person writes anything at all."""
        return bool(self.office or self.writes)

    def enters(self, unit: Unit, level: str) -> bool:
        """Whether the person may enter or correct an award of that level in that unit."""
        return under(unit.path, *self.office) or (level == Level.UNIT and under(unit.path, *self.writes))

    def revokes(self, line: PastAward) -> bool:
        """Whether the person may write down that it was revoked, or that it stands after all."""
        path = line.unit.path
        return under(path, *self.office) or (line.level == Level.UNIT and under(path, *self.heads))


# --- what the rules say of a line ---


def objections(line: PastAward, today: date, others: Iterable[PastAward]) -> Iterable[str]:
    """Why this line cannot stand in the ledger beside the others of the subject."""
    award = award_of(line.award)
    if award is None:
        yield _("Danh hiệu, hình thức này không có trong danh mục.")
        return
    if SUITS[line.subject_kind] not in award.subjects:
        yield _("«%s» không dành cho đối tượng này.") % award.label
    if line.year > today.year:
        yield _("Năm thành tích ở trong tương lai.")
    if line.decided_on and line.decided_on > today:
        yield _("Ngày quyết định ở trong tương lai.")
    if line.decided_on and line.decided_on.year < line.year:
        yield _("Quyết định ban hành trước năm thành tích: hãy xem lại năm và ngày.")
    same = (o for o in others if o.award == line.award and o.year == line.year and not o.revoked_on)
    if award.kind == AwardKind.TITLE and (other := next(same, None)):
        yield _(
            "Năm %(year)s đã có danh hiệu này theo Quyết định %(number)s; mỗi năm chỉ một lần. "
            "Nếu dòng cũ ghi sai, hãy sửa dòng đó."
        ) % {"year": line.year, "number": other.decision_number}


# --- verbs ---


def shown(line: PastAward) -> dict[str, str]:
    """What was written, as the trail and a conflict show it: label → value."""
    said = {}
    for name in LINE:
        field = line._meta.get_field(name)
        value = getattr(line, name)
        if name == "award":
            value = award_label(value)
        elif field.choices:
            value = getattr(line, f"get_{name}_display")()
        said[str(field.verbose_name)] = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")
    return said


@transaction.atomic
def enter(line: PastAward, *, by: User, today: date) -> PastAward:
    """Write one award into the ledger by hand."""
    line.level, line.entered_by = level_of(line.award), by
    if not Rights.of(by).enters(line.unit, line.level):
        raise PermissionDenied
    _refuse(objections(line, today, _others(line)))
    _save(line)
    record(line, "enter", by=by, changes=differences({}, shown(line)))
    return line


@transaction.atomic
def correct(line: PastAward, *, by: User, version: int, reason: str, today: date) -> PastAward:
    """Put right what was typed wrongly; what stood there is in the trail."""
    stored = _locked(line, version)
    rights = Rights.of(by)
    line.level = level_of(line.award)
    if not rights.enters(stored.unit, stored.level) or not rights.enters(line.unit, line.level):
        raise PermissionDenied
    _refuse(objections(line, today, _others(line)))
    changes = differences(shown(stored), shown(line))
    if stored.subject != line.subject:
        changes[_("Đối tượng")] = [stored.subject_name, line.subject_name]
    if not changes:
        return stored
    line.version = stored.version + 1
    _save(line)
    record(line, "correct", by=by, changes=changes, note=reason)
    return line


@transaction.atomic
def revoke(line: PastAward, *, number: str, day: date, why: str, by: User, version: int) -> PastAward:
    """Write down that the award was revoked (Law 06/2022/QH15, article 93); what rested on it is doubted."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if line.revoked_on:
        raise Refused([_("Khen thưởng này đã bị hủy theo Quyết định %s.") % line.revoked_by])
    if line.decided_on and day < line.decided_on:
        raise Refused([_("Ngày hủy không thể ở trước ngày quyết định khen thưởng.")])
    line.revoked_on, line.revoked_by, line.revoked_why = day, number, why
    _step(line)
    record(line, "revoke_award", by=by, note=why, changes={_("Quyết định hủy"): ["", f"{number}, {day:%d/%m/%Y}"]})
    for later in resting_on(line):
        later.doubted_by = line
        _step(later)
        record(later, "doubt", by=by, note=in_words(line))
    _tell_of_revocation(line)
    return line


@transaction.atomic
def reinstate(line: PastAward, *, reason: str, by: User, version: int) -> PastAward:
    """Take back a revocation that was written down by mistake, and the doubts it raised."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if not line.revoked_on:
        raise Refused([_("Khen thưởng này đang có hiệu lực.")])
    was = {_("Quyết định hủy"): [f"{line.revoked_by}, {line.revoked_on:%d/%m/%Y}", ""]}
    line.revoked_on, line.revoked_by, line.revoked_why = None, "", ""
    _refuse(objections(line, line.decided_on or date(line.year, 12, 31), _others(line)))
    _step(line)
    record(line, "reinstate", by=by, note=reason, changes=was)
    for later in line.doubts.select_for_update(of=("self",)):
        later.doubted_by = None
        _step(later)
        record(later, "settle", by=by, note=in_words(line))
    return line


@transaction.atomic
def settle(line: PastAward, *, reason: str, by: User, version: int) -> PastAward:
    """Somebody has looked at what the award rests on: it stands."""
    line = _locked(line, version)
    if not Rights.of(by).revokes(line):
        raise PermissionDenied
    if line.doubted_by_id:
        line.doubted_by = None
        _step(line)
        record(line, "settle", by=by, note=reason)
    return line


@transaction.atomic
def rate(rating: Rating, *, by: User, reason: str = "") -> Rating:
    """Write how the subject was classified in a year; another grade than the one that stands there needs a reason."""
    if not Rights.of(by).enters(rating.unit, Level.UNIT):
        raise PermissionDenied
    same = Rating.objects.select_for_update(of=("self",)).about(rating.subject).filter(year=rating.year).first()
    was = _rated(same) if same else {}
    changes = differences(was, _rated(rating))
    if same and not changes:
        return same
    if same and not reason:
        raise Refused(
            [
                _("Năm %(year)s đã xếp loại «%(grade)s». Nếu sửa, hãy ghi lý do.")
                % {"year": rating.year, "grade": same.get_grade_display()}
            ]
        )
    if same:
        rating.pk, rating.version = same.pk, same.version + 1
    rating.save()
    record(rating.subject, "rate", by=by, note=reason, changes={f"{rating.year} – {k}": v for k, v in changes.items()})
    return rating


def _rated(rating: Rating) -> dict[str, str]:
    return {
        _("Mức xếp loại"): rating.get_grade_display(),
        _("Số tháng làm việc trong năm"): str(rating.months_worked or ""),
        _("Văn bản"): rating.document,
        _("Đơn vị khi đó"): str(rating.unit),
    }


def resting_on(line: PastAward, *, lock: bool = True) -> list[PastAward]:
    """Later awards of the same subject that the law builds on this one, by the ladder of the edition of their day."""
    rows = PastAward.objects.select_for_update(of=("self",)) if lock else PastAward.objects.with_subject()
    later = rows.about(line.subject)
    found = []
    for row in later.filter(revoked_on=None, year__gte=line.year).exclude(pk=line.pk):
        award = edition_of(row.year, row.decided_on).awards.get(row.award)
        reach = _reach(award, line.award) if award else None
        if reach is not None and line.year >= row.year - reach:
            found.append(row)
    return found


def _reach(award: Award, code: str) -> int | None:
    """How many years back an award of that code may carry this one; None where it does not build on it."""
    years = [
        # «in a row» may end in the year of the higher award or in the one before it; «so many times» has no bound
        {"held_same_year": 0, "held_in_a_row": need.params.get("years", 0), "held_times": 100}[need.rule]
        for need in award.requirements()
        if need.rule in ("held_same_year", "held_in_a_row", "held_times") and need.params["award"].code == code
    ]
    return max(years, default=None)


def _locked(line: PastAward, version: int) -> PastAward:
    stored = PastAward.objects.select_for_update(of=("self",)).with_subject().get(pk=line.pk)
    if stored.version != version:
        raise Conflict(stored)
    return stored


def _step(line: PastAward) -> None:
    line.version += 1
    line.save()


def _refuse(found: Iterable[str]) -> None:
    if words := list(found):
        raise Refused(words)


def _others(line: PastAward) -> Iterable[PastAward]:
    return PastAward.objects.about(line.subject).filter(year=line.year).exclude(pk=line.pk)


def _save(line: PastAward) -> None:
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as error:
        raise Refused([_("Khen thưởng này đã có trong sổ, cùng năm và cùng số quyết định.")]) from error


def _tell_of_revocation(line: PastAward) -> None:
    why = line.revoked_why
    people = User.objects.filter(
        is_active=True, memberships__in=line.unit.memberships.in_force().filter(role__in=WRITERS)
    ).distinct()
    tell(
        people,
        key=f"award-revoked:{line.pk}:{line.version}",
        kind="award_revoked",
        subject_key=f"past_award:{line.pk}",
        url=line.get_absolute_url(),
        words=lambda: (
            _("Khen thưởng bị hủy: %s") % line.subject_name,
            _("%(award)s của %(subject)s bị hủy theo Quyết định %(number)s. Lý do: %(why)s")
            % {
                "award": in_words(line),
                "subject": line.subject_name,
                "number": line.revoked_by,
                "why": why,
            },
        ),
    )
