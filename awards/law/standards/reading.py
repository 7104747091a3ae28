"""Reads one TOML file into an Edition; whatever it does not understand, it refuses with the place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from awards.law.standards.nouns import (
    Award,
    Basis,
    Bonus,
    Cited,
    Condition,
    Copies,
    Deadline,
    Deciding,
    Document,
    DossierPart,
    Edition,
    Missing,
    Named,
    Opening,
    Quota,
    ReportForm,
    Statement,
    Transition,
    Vote,
)
from awards.law.terms import (
    Authority,
    AwardKind,
    Level,
    MeritType,
    Post,
    Procedure,
    RatingLevel,
    Reach,
    Severity,
    Subject,
    Tag,
)
from awards.law.vocabulary import RULES, Options, Requirement
from awards.law.vocabulary.service import Tenure, Tenures
from units.models import PersonStatus

ARTICLE = re.compile(r"Điều (\d\S*)")
NO_ARTICLE = "điều chưa tìm được"
CITED = ("basis", "source", "tag", "severity", "provision")
NAME = ("code", "name", "name_en")
AWARD = {
    "kind",
    "level",
    "subjects",
    "types",
    "authority",
    "conditions",
    "quota",
    "vote",
    "bonus",
    "copies",
    "outsiders",
}


class Unlawful(Exception):
    """An edition says something that the portal cannot read; the words name the file and the place."""


def read(path: Path) -> Edition:
    """The edition that the file holds."""
    return understood(path.read_text("utf-8"), path.name)


def understood(text: str, name: str) -> Edition:
    """The edition that the text holds; `name` says whose text it is."""
    try:
        return _Reader(tomllib.loads(text)).edition()
    except (Unlawful, KeyError, TypeError, ValueError, AttributeError) as error:
        wrong = error if isinstance(error, Unlawful) else _("thiếu hoặc sai: %s") % error
        raise Unlawful(f"{name}: {wrong}") from error


class _Reader:
    """Holds what the tables of one file name in common: documents, names of awards, parts of a dossier."""

    def __init__(self, law: dict[str, Any]):
        self.law = law
        self.documents = {
            code: Document(code, row["name"], row["name_en"], row.get("articles", True), row.get("repealed_on"))
            for code, row in law["documents"].items()
        }
        self.names = {
            row["code"]: Named(row["code"], row["name"], row["name_en"])
            for row in law.get("award", []) + law.get("outside", [])
        }
        if len(self.names) != len(law.get("award", []) + law.get("outside", [])):
            raise Unlawful(_("Một danh hiệu, hình thức đứng hai lần."))
        self.parts = {row["code"]: self._part(row) for row in law.get("part", [])}

    def edition(self) -> Edition:
        head = self.law["edition"]
        simplified = self.law.get("simplified")
        return Edition(
            code=head["code"],
            name_vi=head["name"],
            name_en=head["name_en"],
            valid_from=head["valid_from"],
            valid_to=head.get("valid_to"),
            enabled=head["enabled"],
            documents=self.documents,
            parts=self.parts,
            simplified=tuple(self._part(row) for row in simplified) if simplified else (),
            awards={row["code"]: self._award(row) for row in self.law.get("award", [])},
            report=tuple(self._part(row) for row in self.law.get("report", [])),
            forms=tuple(self._form(row) for row in self.law.get("form", [])),
            types=tuple(MeritType(t) for t in head.get("types", [])),
            principles=tuple(
                Statement(text=row["text"], text_en=row["text_en"], **self._cited(row))
                for row in self.law.get("principle", [])
            ),
            deadlines=tuple(self._deadline(row) for row in self.law.get("deadline", [])),
            missing=_missing(self.law),
            transition=self._transition(self.law["transition"]) if "transition" in self.law else None,
        )

    def _award(self, row: dict[str, Any]) -> Award:
        where = row["code"]
        if strange := set(row) - AWARD - {*NAME, *CITED, "parts", "missing"}:
            raise Unlawful(_("%(where)s: mục lạ: %(what)s") % {"where": where, "what": ", ".join(sorted(strange))})
        kind = AwardKind(row["kind"])
        vote = self._vote(row["vote"]) if "vote" in row else None
        parts = tuple(self.parts[code] for code in row.get("parts", []))
        subjects = tuple(Subject(s) for s in row["subjects"])
        types = tuple(MeritType(t) for t in row.get("types", []))
        conditions = [_subject_condition(subjects, self._cited(row))]
        conditions += [_type_condition(types, self._cited(row))] if types else []
        conditions += [self._condition(c, where) for c in row.get("conditions", [])]
        conditions += [self._condition(c, where) for c in self.law.get("every", []) if kind in c.get("kinds", [kind])]
        if vote:
            conditions.append(_vote_condition(vote))
        conditions += [_part_condition(part, Procedure.NORMAL) for part in parts]
        if kind == AwardKind.COMMENDATION:
            simplified = [self._part(part) for part in self.law.get("simplified", [])]
            conditions += [_part_condition(part, Procedure.SIMPLIFIED) for part in simplified]
        keys = [(c.key, c.procedure) for c in conditions]
        if len(set(keys)) != len(keys):
            raise Unlawful(_("%s: một điều kiện đứng hai lần.") % where)
        authority = row["authority"]
        return Award(
            **self._named(row),
            **self._cited(row),
            kind=kind,
            level=Level(row["level"]),
            subjects=subjects,
            deciding=Deciding(
                who=Authority(authority["who"]),
                proposed_by=Authority(authority["proposed_by"]) if "proposed_by" in authority else None,
                **self._cited(authority),
            ),
            conditions=tuple(conditions),
            types=types,
            quota=self._quota(row["quota"]) if "quota" in row else None,
            vote=vote,
            bonus=self._bonus(row["bonus"]) if "bonus" in row else None,
            copies=self._copies(row["copies"]) if "copies" in row else None,
            parts=parts,
            missing=_missing(row),
            outsiders=Opening(**self._cited(row["outsiders"])) if "outsiders" in row else None,
        )

    # --- statements ---

    def _cited(self, row: Mapping[str, Any]) -> dict[str, Any]:
        tag = Tag(row["tag"])
        basis = tuple(self._basis(text) for text in row["basis"].split("; "))
        if tag == Tag.VERIFIED and any(b.place is None for b in basis):
            raise Unlawful(_("«%s»: đã đối chiếu văn bản thì phải ghi điều.") % row["basis"])
        return {
            "basis": basis,
            "source": row["source"],
            "tag": tag,
            "provision": row.get("provision", ""),
            "counts": Severity(row["severity"]) if "severity" in row else None,
        }

    def _basis(self, text: str) -> Basis:
        code, _comma, place = text.partition(", ")
        if code not in self.documents:
            raise Unlawful(_("«%s»: văn bản này không có trong danh sách của bộ quy định.") % text)
        document, article = self.documents[code], ARTICLE.fullmatch(place)
        if not document.articles and not place:
            return Basis(document, "")
        if place == NO_ARTICLE:
            return Basis(document, None)
        if not article:
            raise Unlawful(_("«%s»: chưa ghi điều.") % text)
        return Basis(document, article[1])

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"code": row["code"], "name_vi": row["name"], "name_en": row["name_en"]}

    def _condition(self, row: dict[str, Any], where: str) -> Condition:
        own = {"key", "rule", "text", "text_en", "subjects", "types", "procedure", "outside", "kinds", *CITED}
        rule, key = row["rule"], row["key"]
        params = {name: value for name, value in row.items() if name not in own}
        if rule == "confirmed":
            params["key"] = key
            if not (row.get("text") and row.get("text_en")):
                told = {"where": where, "key": key}
                raise Unlawful(_("%(where)s, %(key)s: điều kiện để người xét phải có lời bằng hai thứ tiếng.") % told)
        return Condition(
            **self._cited(row),
            key=key,
            requirement=self._requirement(rule, params, f"{where}, {key}"),
            text=row.get("text", ""),
            text_en=row.get("text_en", ""),
            subjects=tuple(Subject(s) for s in row.get("subjects", [])),
            types=tuple(MeritType(t) for t in row.get("types", [])),
            procedure=Procedure(row["procedure"]) if "procedure" in row else None,
            outside=row.get("outside"),
        )

    def _requirement(self, rule: str, params: Mapping[str, Any], where: str) -> Requirement:
        if rule not in RULES:
            raise Unlawful(_("%(where)s: không có quy tắc «%(rule)s».") % {"where": where, "rule": rule})
        if objection := RULES[rule].objection_to(params):
            told = {"where": where, "rule": rule, "what": objection}
            raise Unlawful(_("%(where)s, %(rule)s: thừa hoặc thiếu thông số (%(what)s).") % told)
        return Requirement(rule, {name: self._value(name, value, where) for name, value in params.items()})

    def _value(self, name: str, value: Any, where: str) -> Any:
        """A parameter as the rule takes it: the file's words become awards, levels and grades."""
        match name:
            case "award" | "or_award":
                return self.names[value]
            case "awards":
                return tuple(self.names[code] for code in value)
            case "at_least" | "rating":
                return RatingLevel[value.upper()]
            case "reach":
                return Reach[value.upper()]
            case "from_grade":
                return PersonStatus.Grade[value.upper()]
            case "posts":
                return Tenures(tuple(Tenure(Post(row["post"]), row["years"], row["below"]) for row in value))
            case "options":
                return Options(
                    tuple(
                        tuple(
                            self._requirement(n["rule"], {k: v for k, v in n.items() if k != "rule"}, where)
                            for n in way
                        )
                        for way in value
                    )
                )
        return value

    def _quota(self, row: dict[str, Any]) -> Quota:
        return Quota(
            **self._cited(row),
            percent=row["percent"],
            of=self.names[row["of"]],
            at_least_one=row.get("at_least_one", False),
        )

    def _vote(self, row: dict[str, Any]) -> Vote:
        return Vote(
            **self._cited(row), percent=row["percent"], by=row.get("by", "council"), ballot=row.get("ballot", False)
        )

    def _bonus(self, row: dict[str, Any]) -> Bonus:
        return Bonus(
            **self._cited(row),
            individual=row.get("individual"),
            collective=row.get("collective"),
            household=row.get("household"),
            at_most=row.get("at_most", False),
        )

    def _copies(self, row: dict[str, Any]) -> Copies:
        return Copies(**self._cited(row), text=row["text"], text_en=row["text_en"])

    def _part(self, row: dict[str, Any]) -> DossierPart:
        return DossierPart(
            **self._named(row),
            **self._cited(row),
            form=row.get("form", ""),
            if_initiatives=row.get("if_initiatives", False),
            if_former=row.get("if_former"),
        )

    def _form(self, row: dict[str, Any]) -> ReportForm:
        return ReportForm(
            **self._cited(row),
            number=row["number"],
            text=row["name"],
            text_en=row["name_en"],
            awards=tuple(self.names[code].code for code in row.get("awards", [])),
            types=tuple(MeritType(t) for t in row.get("types", [])),
            subjects=tuple(Subject(s) for s in row.get("subjects", [])),
        )

    def _transition(self, row: dict[str, Any]) -> Transition:
        return Transition(
            **self._cited(row), text=row["text"], text_en=row["text_en"], more_favourable=row["more_favourable"]
        )

    def _deadline(self, row: dict[str, Any]) -> Deadline:
        awards = tuple(self.names[code].code for code in row.get("awards", []))
        return Deadline(
            **self._named(row),
            **self._cited(row),
            working_days=row.get("working_days"),
            day=row.get("day", ""),
            years_after=row.get("years_after", 0),
            levels=tuple(Level(level) for level in row.get("levels", [])),
            awards=awards,
        )


def _as_cited(statement: Cited) -> dict[str, Any]:
    """What a condition that follows from the statement says of the law as it does."""
    return {each.name: getattr(statement, each.name) for each in fields(Cited)}


def _subject_condition(subjects: tuple[Subject, ...], cited: Mapping[str, Any]) -> Condition:
    return Condition(**cited, key="subject", requirement=Requirement("subject_is", {"subjects": subjects}))


def _type_condition(types: tuple[MeritType, ...], cited: Mapping[str, Any]) -> Condition:
    return Condition(**cited, key="type", requirement=Requirement("type_is", {"types": types}))


def _vote_condition(vote: Vote) -> Condition:
    rule = {"council": "council_votes", "cluster": "cluster_votes"}[vote.by]
    return Condition(
        **_as_cited(vote),
        key="vote",
        requirement=Requirement(rule, {"percent": vote.percent}),
        procedure=Procedure.NORMAL,
    )


def _part_condition(part: DossierPart, procedure: Procedure) -> Condition:
    return Condition(
        **_as_cited(part),
        key=f"part_{part.code}",
        requirement=Requirement("part_present", {"part": part}),
        procedure=procedure,
    )


def _missing(row: Mapping[str, Any]) -> tuple[Missing, ...]:
    return tuple(Missing(m["text"], m["text_en"], m["source"]) for m in row.get("missing", []))
