"""What the law of one day is made of: editions, awards, conditions and what each rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from awards.law.terms import Authority, AwardKind, Level, MeritType, Procedure, Severity, Subject, Tag
from awards.law.vocabulary import Requirement
from portal.days import today
from portal.text import grouped


def _in_language(vi: str, en: str) -> str:
    return en if get_language() == "en" and en else vi


class spoken:  # noqa: N801 -- a decorator, used like `property`
    """A property in words of something that never changes, made once for each language of the readers."""

    def __init__(self, words: Callable[[Any], str]):
        self.words = words

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = f"_{name}"

    def __get__(self, thing: Any, owner: type) -> str:
        kept: dict[str | None, str] = thing.__dict__.setdefault(self.key, {})
        language = get_language()
        if language not in kept:
            kept[language] = self.words(thing)
        return kept[language]


@dataclass(frozen=True)
class Named:
    """Something with a code and a name in both languages."""

    code: str
    name_vi: str
    name_en: str

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _in_language(self.name_vi, self.name_en)


@dataclass(frozen=True)
class Document(Named):
    """A law, decree, circular or letter; `articles` says whether it is cited by article."""

    articles: bool = True
    repealed_on: date | None = None

    @property
    def label(self) -> str:
        """The name in the reader's language, with the day from which it rules no more."""
        if self.repealed_on is None or self.repealed_on > today():
            return super().label
        told = {"document": super().label, "day": f"{self.repealed_on:%d/%m/%Y}"}
        return _("%(document)s (hết hiệu lực từ %(day)s)") % told


@dataclass(frozen=True)
class Basis:
    """Where the law says so; `place` is an article, empty for a letter, None where the article was not found."""

    document: Document
    place: str | None

    def __str__(self) -> str:
        return self._cited(self.document.label)

    @property
    def short(self) -> str:
        """By the short name that the file gives the document."""
        return self._cited(self.document.code)

    def _cited(self, name: str) -> str:
        if self.place is None:
            return _("%(document)s (cổng chưa có toàn văn; hãy đối chiếu)") % {"document": name}
        if not self.place:
            return name
        return _("%(document)s, Điều %(article)s") % {"document": name, "article": self.place}


@dataclass(frozen=True)
class Cited:
    """What every statement of the law carries."""

    basis: tuple[Basis, ...]
    source: str
    tag: Tag
    provision: str = field(default="", kw_only=True)  # the wording of the article, where somebody has copied it
    counts: Severity | None = field(default=None, kw_only=True)  # where the edition says how it counts

    @spoken
    def article(self) -> str:
        """The articles in words."""
        return "; ".join(map(str, self.basis))

    @spoken
    def short(self) -> str:
        """The articles by the short names of their documents, for lists."""
        return "; ".join(b.short for b in self.basis)

    @property
    def severity(self) -> Severity:
        """As the edition says; where it does not, verified text blocks and all else warns."""
        if self.counts:
            return self.counts
        return Severity.BLOCK if self.tag == Tag.VERIFIED else Severity.WARN


@dataclass(frozen=True)
class Condition(Cited):
    """One thing asked of a nomination; for some subjects, types or one procedure only, where it names them."""

    key: str
    requirement: Requirement
    text: str = ""
    text_en: str = ""
    subjects: tuple[Subject, ...] = ()
    types: tuple[MeritType, ...] = ()
    procedure: Procedure | None = None
    outside: bool | None = None  # True: of people and bodies outside the sector only, False: of its own only

    @spoken
    def says(self) -> str:
        """The condition in words."""
        return _in_language(self.text, self.text_en) or self.requirement.says

    @property
    def concerns(self) -> str:
        """For whom and for what it is asked, in words; empty = always."""
        procedure = (self.procedure,) if self.procedure == Procedure.SIMPLIFIED else ()
        told = [str(value.label) for value in (*self.subjects, *self.types, *procedure)]
        if self.outside is not None:
            told.append(_("ngoài ngành") if self.outside else _("trong ngành"))
        return "; ".join(told)


@dataclass(frozen=True)
class Quota(Cited):
    """The largest share of a list, in percent of those who hold the award `of`."""

    percent: int
    of: Named
    at_least_one: bool = False
    key = "quota"  # as a condition of the list is named

    @property
    def says(self) -> str:
        """The quota in words."""
        values = {"percent": self.percent, "award": self.of.label}
        if self.at_least_one:
            return _("Không quá %(percent)s%% số đạt «%(award)s»; nếu tính ra dưới 1 thì được 1.") % values
        return _("Không quá %(percent)s%% số đạt «%(award)s».") % values

    def most(self, base: int) -> int:
        """How many may be proposed when so many hold the award below."""
        share = base * self.percent // 100
        return max(share, 1) if self.at_least_one and base else share


@dataclass(frozen=True)
class Vote(Cited):
    """The share of all council members that must agree."""

    percent: int
    by: str  # council | cluster
    ballot: bool = False


@dataclass(frozen=True)
class Bonus(Cited):
    """Multiples of the base salary in tenths; None where none was found."""

    individual: int | None = None
    collective: int | None = None
    household: int | None = None  # in hundredths: it is one and a half of what a person gets
    at_most: bool = False

    @property
    def says(self) -> str:
        """The multiples in words."""
        told = []
        if self.individual is not None:
            told.append(_("cá nhân: %s lần lương cơ sở") % number_format(self.individual / 10, 1))
        if self.collective is not None:
            told.append(_("tập thể: %s lần lương cơ sở") % number_format(self.collective / 10, 1))
        if self.household is not None:
            told.append(_("hộ gia đình: %s lần lương cơ sở") % number_format(self.household / 100, 2))
        return (_("không quá, %s") if self.at_most else "%s") % "; ".join(told)

    def times(self, subject: Subject) -> float | None:
        """How many times the base salary this subject gets, in tenths."""
        if subject == Subject.HOUSEHOLD:
            return None if self.household is None else self.household / 10
        return self.tenths(subject)

    def tenths(self, subject: Subject) -> int | None:
        """The multiple for this subject; that of a household is in hundredths."""
        if subject == Subject.HOUSEHOLD:
            return None
        return self.individual if subject == Subject.INDIVIDUAL else self.collective


@dataclass(frozen=True)
class Deciding(Cited):
    """Who decides the award, and who proposes it where that is another."""

    who: Authority
    proposed_by: Authority | None = None

    @property
    def says(self) -> str:
        """Who decides, in words."""
        if self.proposed_by:
            return _("%(who)s, theo đề nghị của %(by)s") % {"who": self.who.label, "by": self.proposed_by.label}
        return str(self.who.label)


@dataclass(frozen=True)
class DossierPart(Cited, Named):
    """One paper of a dossier; some are due only when the nomination rests on an initiative, or after a transfer."""

    form: str = ""
    if_initiatives: bool = False
    if_former: int | None = None  # months in the year at another unit from which on it is due


@dataclass(frozen=True)
class ReportForm(Cited):
    """A statutory form of the achievement report, for the awards, types or subjects that it names."""

    number: str
    text: str
    text_en: str
    awards: tuple[str, ...] = ()
    types: tuple[MeritType, ...] = ()
    subjects: tuple[Subject, ...] = ()

    @property
    def label(self) -> str:
        """Its number and what it reports."""
        return f"{self.number} – {_in_language(self.text, self.text_en)}"

    def fits(self, award: str, subject: Subject, type: MeritType | None) -> bool:
        """Whether such a nomination is reported on it."""
        return (
            award in (self.awards or (award,))
            and subject in (self.subjects or (subject,))
            and type in (self.types or (type,))
        )


@dataclass(frozen=True)
class Copies(Cited):
    """How many original sets are sent, and how."""

    text: str
    text_en: str

    @property
    def label(self) -> str:
        """The number and the manner in words."""
        return _in_language(self.text, self.text_en)


@dataclass(frozen=True)
class Opening(Cited):
    """That an award is given to people outside the sector too."""


@dataclass(frozen=True)
class Statement(Cited):
    """A principle of the edition that no rule computes."""

    text: str
    text_en: str

    @property
    def label(self) -> str:
        """The principle in words."""
        return _in_language(self.text, self.text_en)


@dataclass(frozen=True)
class Transition(Statement):
    """What becomes of dossiers that were received for appraisal before the edition began."""

    more_favourable: bool  # judged by the former edition, unless this one is more favourable to them


@dataclass(frozen=True)
class Deadline(Cited, Named):
    """A time limit: working days from a step, or a day of the year; for some levels or awards where it names them."""

    working_days: int | None = None
    day: str = ""  # dd/mm
    years_after: int = 0
    levels: tuple[Level, ...] = ()
    awards: tuple[str, ...] = ()

    def concerns(self, award: Award) -> bool:
        """Whether the limit is one of this award."""
        return award.level in (self.levels or tuple(Level)) and award.code in (self.awards or (award.code,))

    @property
    def says(self) -> str:
        """The limit in words."""
        if self.working_days is not None:
            return ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", self.working_days) % {
                "count": grouped(self.working_days)
            }
        return _("trước ngày %s của năm sau") % self.day if self.years_after else _("ngày %s") % self.day


@dataclass(frozen=True)
class Figure:
    """A figure that rules from a day on, such as the base salary."""

    kind: str
    valid_from: date
    amount: int


@dataclass(frozen=True)
class Missing:
    """What the portal's sources do not tell; left open, never guessed."""

    text: str
    text_en: str
    source: str

    @property
    def label(self) -> str:
        """The missing statement in words."""
        return _in_language(self.text, self.text_en)


@dataclass(frozen=True)
class Award(Cited, Named):
    """One emulation title or form of commendation, as one edition has it."""

    kind: AwardKind
    level: Level
    subjects: tuple[Subject, ...]
    deciding: Deciding
    conditions: tuple[Condition, ...]
    types: tuple[MeritType, ...] = ()
    quota: Quota | None = None
    vote: Vote | None = None
    bonus: Bonus | None = None
    copies: Copies | None = None
    parts: tuple[DossierPart, ...] = ()
    missing: tuple[Missing, ...] = ()
    outsiders: Opening | None = None  # where the law says that people outside the sector get it too

    @property
    def standards(self) -> tuple[Condition, ...]:
        """The conditions that are not papers of the dossier."""
        return tuple(c for c in self.conditions if c.requirement.rule != "part_present")

    @property
    def papers(self) -> tuple[Condition, ...]:
        """The papers of the dossier, those of the simplified procedure last."""
        return tuple(c for c in self.conditions if c.requirement.rule == "part_present")

    def fits(self, type: MeritType | None, military: bool | None) -> bool:
        """Whether it is given for the type, and there: some titles are of the military procuracy alone."""
        if not military and any(c.requirement.rule == "in_military" for c in self.conditions):
            return False
        if type == MeritType.EXTERNAL and self.kind == AwardKind.TITLE:
            return False
        return type is None or type in (self.types or (type,))

    def condition(self, key: str) -> Condition | None:
        """The condition of that key."""
        return next((c for c in self.conditions if c.key == key), None)

    @property
    def preceding(self) -> dict[str, int]:
        """The awards that must come before, and how many times in a row; those of alternatives need not."""
        found: dict[str, int] = {}
        for need in (condition.requirement for condition in self.conditions):
            if need.rule in ("held_same_year", "held_in_a_row", "held_times"):
                found[need.params["award"].code] = need.params.get("years") or need.params.get("times", 1)
        return found

    def requirements(self) -> Iterator[Requirement]:
        """Every requirement, those within alternatives too."""
        for condition in self.conditions:
            yield condition.requirement
            if condition.requirement.rule == "any_of":
                for way in condition.requirement.params["options"].ways:
                    yield from way


@dataclass(frozen=True)
class Edition(Named):
    """What ruled from one day to another."""

    valid_from: date
    valid_to: date | None
    enabled: bool
    documents: Mapping[str, Document]
    awards: Mapping[str, Award]
    parts: Mapping[str, DossierPart]
    simplified: tuple[DossierPart, ...] = ()
    report: tuple[DossierPart, ...] = ()  # sections of the achievement report
    forms: tuple[ReportForm, ...] = ()  # of the report; the first that fits is the one
    types: tuple[MeritType, ...] = ()
    principles: tuple[Statement, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    missing: tuple[Missing, ...] = ()
    transition: Transition | None = None

    def ruling(self, day: date) -> str:
        """Its name; where it has ended by the day and only stands in, that too."""
        if self.valid_to is None or day <= self.valid_to:
            return self.label
        return _("%(edition)s (đã hết hiệu lực; hãy đối chiếu quy định mới)") % {"edition": self.label}

    def report_form(self, award: str, subject: Subject, type: MeritType | None) -> ReportForm | None:
        """On which form the achievement is reported; None where none was found."""
        return next((form for form in self.forms if form.fits(award, subject, type)), None)

    def report_forms(self, award: Award) -> list[ReportForm]:
        """The forms on which this award may be reported, by subject and type."""
        asked = [(s, t) for s in award.subjects for t in award.types or self.types]
        found = (self.report_form(award.code, subject, type) for subject, type in asked)
        return list({form.number: form for form in found if form}.values())

    def covers(self, day: date) -> bool:
        """Whether the day lies in the edition's span."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
