"""What the ledger holds about a person, collective or unit, year by year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.law import standards
from awards.law.standards import Award, Edition
from awards.law.terms import Level as AwardLevel
from awards.models import Initiative, Level, PastAward, Rating, SubjectKind
from awards.models.ledger import award_label
from awards.models.subjects import Commended, key_of_subject
from portal.scope import inside
from units.models import Collective, Person, Unit, User, lineage
from units.people import privacy

KINDS: dict[SubjectKind, type[Commended]] = {
    SubjectKind.PERSON: Person,
    SubjectKind.COLLECTIVE: Collective,
    SubjectKind.UNIT: Unit,
}
LEVELS = {AwardLevel.UNIT: Level.UNIT, AwardLevel.SECTOR: Level.SECTOR, AwardLevel.STATE: Level.NATION}
SHORT = {
    Rating.Grade.EXCELLENT: {"short": gettext_lazy("XS"), "tone": "approved"},
    Rating.Grade.GOOD: {"short": gettext_lazy("Tốt"), "tone": "waiting"},
    Rating.Grade.DONE: {"short": gettext_lazy("HT"), "tone": "neutral"},
    Rating.Grade.NOT_DONE: {"short": gettext_lazy("KHT"), "tone": "late"},
}


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

    subject: Commended
    kind: SubjectKind
    lines: list[Line]
    ratings: list[Rating]
    initiatives: list[Initiative]

    @property
    def counted(self) -> list[PastAward]:
        """What the subject may rest on: neither revoked nor another's."""
        return [line.row for line in self.lines if line.counts]


def kind_of(subject: Commended) -> SubjectKind:
    return next(kind for kind, model in KINDS.items() if type(subject) is model)


def code_of(subject: Commended) -> str:
    """By what a sheet or a person names the subject."""
    return subject.staff_code if isinstance(subject, Person) else subject.code


def by_codes(kind: str, found: Any, codes: list[str]) -> dict[str, Commended]:
    """Those of `found` who have these codes, by code; a merged person's code finds the record that was kept."""
    if kind == SubjectKind.PERSON:
        return {**Person.objects.by_codes(codes, within=found)}
    return {subject.code: subject for subject in found.filter(code__in=codes)}


def subjects(kind: str, user: User) -> Any:
    """The people, collectives or units whose book this person may open."""
    if kind == SubjectKind.UNIT:
        return Unit.objects.filter(inside(user.staff_paths(), "path"))
    return privacy.records(user) if kind == SubjectKind.PERSON else Collective.objects.visible_to(user)


def book(subject: Commended) -> Book:
    """Everything about the subject: a unit brings what its predecessors left, a person the initiatives."""
    kind, key = kind_of(subject), key_of_subject(subject)
    before = lineage.before(subject) if isinstance(subject, Unit) else {}
    about = {f"{key}__in": [subject.pk, *before]}
    lines = []
    for row in PastAward.objects.filter(**about).with_subject().select_related("doubted_by"):
        own = getattr(row, f"{key}_id") == subject.pk
        whole = own or before.get(row.whole_unit_id or 0, False)
        lines.append(Line(row, award_label(row.award), whole and row.revoked_on is None, not own))
    ratings = [r for r in Rating.objects.filter(**about).select_related("unit") if _counts(r, key, subject, before)]
    made = Initiative.objects.filter(authors__person=subject).with_use() if isinstance(subject, Person) else []
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
        cells = [{"rating": grades[y], **SHORT[Rating.Grade(grades[y].grade)]} if y in grades else {} for y in years]
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
