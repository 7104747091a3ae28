"""The facts by which nominations are judged, gathered from the ledger, the people and the papers.

However many nominations or subjects are asked about, the number of queries is the same. What nobody knows stays None:
the rules then ask for evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, prefetch_related_objects

from awards.law import standards
from awards.law.case import Case, Former, Idea, Members, Votes, months_employed, whole_years
from awards.law.standards import Edition
from awards.law.terms import MeritType, Post, Procedure, Subject
from awards.models import Check, Evidence, Initiative, Level, Nomination, Opinion
from awards.models.subjects import Commended, SubjectKind, as_law_has_it, key_of_subject
from awards.nominations.checking import grounds, reports
from awards.nominations.checking.records import REACHES, Key, Ledger, key_of
from portal.days import local_day, today
from units.models import Person, Unit
from units.models.units import Kind

SUBJECTS = {
    SubjectKind.PERSON: Subject.INDIVIDUAL,
    SubjectKind.COLLECTIVE: Subject.COLLECTIVE,
    SubjectKind.UNIT: Subject.UNIT,
}


def edition_of(nomination: Nomination) -> Edition:
    """The edition of the day the office received it; before that, today's."""
    if nomination.judged_by:
        return nomination.judged_by
    return standards.edition(nomination.edition) if nomination.edition else standards.in_force(today())


def of_subjects(subjects: Iterable[Commended], *, unit: Unit, year: int, type: str, procedure: str) -> dict[Key, Case]:
    """A case for each subject before anything is proposed: what the ledger alone can answer."""
    found = {(key_of_subject(s), s.pk): s for s in subjects}
    ledger = Ledger.about(found, [unit.pk], year)
    ideas: dict[int, list[Idea]] = defaultdict(list)
    people = [pk for kind, pk in found if kind == "person"]
    recognised = Initiative.objects.filter(state=Initiative.State.RECOGNISED, authors__person__in=people)
    if people:
        for person, scope, year_of in recognised.values_list("authors__person", "scope", "recognised_on__year"):
            ideas[person].append(Idea(REACHES[Level(scope)], year_of))
    cases = {}
    for key, subject in found.items():
        case = _case(key, subject, ledger, on=today(), year=year, type=type, procedure=procedure, unit=unit, facts={})
        if key[0] == "person":
            case = replace(case, initiatives=tuple(ideas[key[1]]), is_head=None)
        cases[key] = case
    return cases


def _case(
    key: Key,
    subject: Commended,
    ledger: Ledger,
    *,
    on: date,
    year: int,
    type: str,
    procedure: str,
    unit: Unit,
    facts: dict[str, Any],
) -> Case:
    """What is known of the subject itself; what the unit declares stands where the ledger knows nothing."""
    unit_key = ("whole_unit", unit.pk)
    case = Case(
        on=on,
        year=year,
        subject=as_law_has_it(subject),
        outside=not isinstance(subject, Unit) and subject.outside,
        type=MeritType(type) if type else None,
        procedure=Procedure(procedure),
        ratings=ledger.ratings[key],
        held=tuple(ledger.held[key]),
        target_percent=facts.get("target_percent"),
        leads_cluster=facts.get("leads_cluster"),
        under_review=facts.get("under_review"),
        unit_rating=ledger.ratings[unit_key].get(year),
        unit_held=frozenset(h.code for h in ledger.held[unit_key] if h.year == year),
        members=_members(key, ledger, year, facts),
        cluster_votes=_votes(facts.get("cluster_yes"), facts.get("cluster_total")),
        military=unit.kind == Kind.MILITARY,
    )
    if not isinstance(subject, Person):
        return case
    away = ledger.absence(key[1], year)
    return replace(
        case,
        disciplines=ledger.disciplines(key[1], counted_before=bool(facts.get("counted_before"))),
        under_review=ledger.under_review(key[1], on),
        months_employed=months_employed(subject.joined_on, year),
        months_absent=facts.get("months_absent", away.months),
        days_absent=0 if "months_absent" in facts else away.days,
        absence_counts_as_work=facts.get("absence_counts", False),
        months_counted=away.counted,
        months_elsewhere=away.elsewhere,
        former=ledger.former(key[1], unit, year),
        service=_service(facts),
        woman=subject.gender == Person.Gender.FEMALE if subject.gender else None,
        retires_later=facts.get("retires_later", False),
        years_in_sector=whole_years(subject.joined_on, on),
        is_head=facts.get("is_head"),
    )


def _votes(yes: Any, total: Any) -> Votes | None:
    return None if yes is None or not total else Votes(yes=yes, total=total)


def _service(facts: dict[str, Any]) -> dict[Post, int] | None:
    """Months in each post as declared; None where nothing was."""
    found = {post: facts[f"service_{post}"] for post in Post if f"service_{post}" in facts}
    return found or None


def _members(key: Key, ledger: Ledger, year: int, facts: dict[str, Any]) -> Members | None:
    if key[0] == "collective" and (known := ledger.members_of(key[1], year)):
        return known
    if not facts.get("members_total"):
        return None
    return Members(
        total=facts["members_total"],
        holding={
            name.removeprefix("members_of_"): count
            for name, count in facts.items()
            if name.startswith("members_of_") and count is not None
        },
        done=facts.get("members_done"),
        worst_discipline=facts.get("members_discipline"),
    )


# --- nominations ---


@dataclass
class Gathered:
    """A nomination's case with what the checks of the portal itself look at besides."""

    nomination: Nomination
    case: Case
    files: list[Evidence]
    elsewhere: list[dict[str, Any]]  # other nominations of the same subject, or of one that is named alike


def of_nominations(nominations: Iterable[Nomination]) -> dict[int, Gathered]:
    """The case of each nomination; they come with subject, submission and unit (`for_checks`)."""
    found = list(nominations)
    if not found:
        return {}
    keys = {n.pk: key_of(n) for n in found}
    ledger = Ledger.about(keys.values(), {n.unit_id for n in found}, found[0].submission.year)
    linked = grounds.linked(found)
    ideas, with_idea = grounds.links("initiative", found if "initiative" in linked else [])
    deeds, with_deed = grounds.links("achievement", found if "achievement" in linked else [])
    used_ideas, used_deeds = grounds.used_ideas(found, ideas, with_idea), grounds.used_deeds(deeds, with_deed)
    others = _others(found)
    files = _files(found)
    confirmed = _confirmed(found)
    gathered: dict[int, Gathered] = {}
    moved: dict[int, tuple[Former, ...]] = {}
    for n in found:
        mine, alike = others[n.pk]
        idea_rows = ideas[n.pk]
        papers = files[n.submission_id, None] + files[n.submission_id, n.pk]
        case = replace(
            _case(
                keys[n.pk],
                n.subject,
                ledger,
                on=local_day(n.received_at) if n.received_at else today(),
                year=n.submission.year,
                type=n.submission.type,
                procedure=n.submission.procedure,
                unit=n.unit,
                facts=n.facts | ({} if n.leads or n.facts.get("is_head") is not None else {"is_head": False}),
            ),
            proposed=frozenset(o["award"] for o in mine if o["submission"] == n.submission_id),
            initiatives=tuple(
                Idea(
                    REACHES[Level(row.scope)],
                    (row.recognised_on or row.created_at).year,
                    row.state == Initiative.State.RECOGNISED,
                    *used_ideas.get((n.pk, row.pk), ("", "")),
                )
                for row in idea_rows
            ),
            achievement_used_for=grounds.used_in_words(n.pk, deeds[n.pk], used_deeds),
            votes=_votes(n.votes_for, n.submission.council_members),
            figures=sum(bool(d.figures) for d in deeds[n.pk]) + reports.figures(n),
            parts=frozenset(_parts(n, papers, idea_rows, ledger)),
            confirmed=confirmed.get(n.pk, {}),
        )
        if case.former:
            moved[n.pk] = case.former
        own = files[n.submission_id, n.pk]
        n.fetched = {"initiatives": idea_rows, "achievements": deeds[n.pk], "evidence": own}
        gathered[n.pk] = Gathered(n, case, papers, [o for o in mine + alike if o["submission"] != n.submission_id])
    for pk in _heard(moved):
        case = gathered[pk].case
        gathered[pk].case = replace(case, parts=(case.parts or frozenset()) | {"old_unit"})
    return gathered


def _heard(moved: dict[int, tuple[Former, ...]]) -> set[int]:
    """Those of whom a unit where they worked before has given its opinion on the portal."""
    if not moved:
        return set()
    given = Opinion.objects.filter(nomination__in=moved).exclude(answered_at=None)
    rows = given.values_list("nomination_id", "unit_id")
    return {pk for pk, unit in rows if unit in {former.key for former in moved[pk]}}


OTHER = (
    "pk",
    "submission",
    "award",
    "state",
    "person",
    "collective",
    "whole_unit",
    "name_key",
    "person__birth_year",
    "person__full_name",
    "unit__path",
    "unit__short_name",
    "submission__title",
)


def _others(found: list[Nomination]) -> dict[int, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """For each nomination the others of the same subject, and those of people who are named alike, of the same year."""
    keys = [key_of(n) for n in found]
    ids = lambda kind: [pk for k, pk in keys if k == kind]  # noqa: E731
    same = (
        Q(person__in=ids("person"))
        | Q(collective__in=ids("collective"))
        | Q(whole_unit__in=ids("whole_unit"))
        | Q(name_key__in={n.name_key for n in found if n.person_id}, person__isnull=False)
    )
    rows = list(
        Nomination.objects.filter(same, submission__year__in={n.submission.year for n in found})
        .exclude(state__in=Nomination.ENDED)
        .order_by("pk")
        .values(*OTHER, "submission__year")
    )
    by_key: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        for kind in ("person", "collective", "whole_unit"):
            if row[kind]:
                by_key[kind, row[kind]].append(row)
        if row["person"]:
            by_name[row["name_key"]].append(row)
    result = {}
    for n in found:
        year = n.submission.year
        mine = [o for o in by_key[key_of(n)] if o["pk"] != n.pk and o["submission__year"] == year]
        alike = [
            o
            for o in (by_name[n.name_key] if n.person_id else [])
            if o["person"] != n.person_id and o["submission__year"] == year and _same_age(n, o)
        ]
        result[n.pk] = (mine, alike)
    return result


def _same_age(n: Nomination, other: dict[str, Any]) -> bool:
    mine, theirs = n.person and n.person.birth_year, other["person__birth_year"]
    return mine is None or theirs is None or mine == theirs


def _files(found: list[Nomination]) -> dict[tuple[int, int | None], list[Evidence]]:
    files: dict[tuple[int, int | None], list[Evidence]] = defaultdict(list)
    kept = Evidence.objects.filter(submission__in={n.submission_id for n in found}, removed_at=None)
    for file in kept.filter(Q(nomination=None) | Q(nomination__in=[n.pk for n in found])):
        files[file.submission_id, file.nomination_id].append(file)
    return files


def _confirmed(found: list[Nomination]) -> dict[int, dict[str, bool]]:
    """What reviewers have found by reading; nobody has read what was not received."""
    received = [n for n in found if n.received_at]
    prefetch_related_objects(received, "checks")
    return {n.pk: {check.item: check.verdict == Check.Verdict.YES for check in n.checks.all()} for n in received}


def _parts(n: Nomination, files: list[Evidence], ideas: list[Initiative], ledger: Ledger) -> set[str]:
    """Codes of the dossier parts that are there: as files, or because the portal holds what they say."""
    parts = {file.part for file in files}
    cover = n.submission
    if cover.number and cover.dated:
        parts.add("petition")
    parts.add("list")  # the nominations of the paper are its list
    if reports.begun(n):
        parts |= {"report", "summary"}
    if cover.council_on and cover.council_members:
        parts |= {"minutes", "ballot"} if n.votes_for is not None else {"minutes"}
    if ideas and all(i.state == Initiative.State.RECOGNISED for i in ideas):
        parts |= {"initiative", "merit_proof"}
    if ledger.proves(key_of(n), cover.year):
        parts.add("merit_proof")
    return parts
