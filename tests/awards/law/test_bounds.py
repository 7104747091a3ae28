"""Every condition of the catalogue, just below and just at its bound: none is left out, for they are read from it."""

from dataclasses import replace
from datetime import date

import pytest

from awards.law import standards
from awards.law.case import Case, Discipline, Former, Held, Idea, Members, Votes
from awards.law.rules import condition_outcome, judge
from awards.law.terms import MeritType, Procedure, RatingLevel, Reach, Result, Subject
from awards.law.vocabulary import RULES
from units.models import PersonStatus

YEAR = 2024
GRADES = ["", *PersonStatus.Grade.values]  # "" = not disciplined


def held(award, *years):
    return tuple(Held(award.code, year) for year in years)


def ideas(count, reach):
    return (Idea(Reach(reach), YEAR),) * count


def disciplined(grade, decided=date(YEAR, 5, 5), ended=None):
    return (Discipline(grade, decided, ended),) if grade else ()


def rated(p):
    """The years in a row that are asked, just so good."""
    return {YEAR - n: p["at_least"] for n in range(p["years"])}


def dossier(part):
    """An empty dossier for which the part is due."""
    former = (Former("VKSND Huế", date(YEAR, 9, 14), part.if_former),) if part.if_former else ()
    return {"initiatives": ideas(1, Reach.UNIT), "former": former, "parts": frozenset()}


def lower(grade):
    return GRADES[GRADES.index(grade) - 1]


# rule: parameters → (facts just below the bound, facts just at it)
BOUNDS = {
    "subject_is": lambda p: (
        {"subject": next(iter(set(Subject) - set(p["subjects"])), None)},
        {"subject": p["subjects"][0]},
    ),
    "type_is": lambda p: (
        {"type": next(iter(set(MeritType) - set(p["types"])))},
        {"type": p["types"][0]},
    ),
    "in_military": lambda p: ({"military": False}, {"military": True}),
    "held_before": lambda p: ({"held": held(p["award"], YEAR + 1)}, {"held": held(p["award"], YEAR)}),
    "good_years": lambda p: (
        {"ratings": rated(p), "held": held(p["award"], *range(YEAR - p["times"] + 2, YEAR + 1))},
        {"ratings": rated(p), "held": held(p["award"], *range(YEAR - p["times"] + 1, YEAR + 1))},
    ),
    "best_of_years": lambda p: (
        {"ratings": rated(p)},
        {"ratings": rated(p) | {YEAR - p["years"] + 1: p["rating"]}},
    ),
    "in_post": lambda p: (
        {"woman": False, "service": {p["posts"].rows[0].post: p["posts"].rows[0].years * 12 - 1}},
        {"woman": False, "service": {p["posts"].rows[0].post: p["posts"].rows[0].years * 12}},
    ),
    "never_disciplined": lambda p: (
        {"disciplines": disciplined("1", date(2001, 1, 1), date(2002, 1, 1))},
        {"disciplines": ()},
    ),
    "discipline_over": lambda p: ({"disciplines": disciplined("1")}, {"disciplines": ()}),
    "rated": lambda p: (
        {"ratings": {YEAR: RatingLevel(p["at_least"] - 1)}},
        {"ratings": {YEAR: p["at_least"]}},
    ),
    "rated_in_a_row": lambda p: (
        {"ratings": {YEAR - n: RatingLevel(p["at_least"] - (n == p["years"] - 1)) for n in range(p["years"])}},
        {"ratings": {YEAR - n: p["at_least"] for n in range(p["years"])}},
    ),
    "exceeds_targets": lambda p: ({"target_percent": 100}, {"target_percent": 101}),
    "employed": lambda p: ({"months_employed": p["months"] - 1}, {"months_employed": p["months"]}),
    "not_absent": lambda p: ({"months_absent": p["from_months"]}, {"months_absent": p["from_months"] - 1}),
    "served": lambda p: ({"years_in_sector": p["years"] - 1}, {"years_in_sector": p["years"]}),
    "held_same_year": lambda p: ({"held": held(p["award"], YEAR - 1)}, {"held": held(p["award"], YEAR)}),
    "held_in_a_row": lambda p: (
        {"held": held(p["award"], *range(YEAR - p["years"] + 2, YEAR + 1))},
        {"held": held(p["award"], *range(YEAR - p["years"] + 1, YEAR + 1))},
    ),
    "held_times": lambda p: (
        {"held": held(p["award"], *range(YEAR - p["times"] + 1, YEAR))},
        {"held": held(p["award"], *range(YEAR - p["times"], YEAR))},
    ),
    "never_held": lambda p: ({"held": held(p["award"], 2001)}, {"held": ()}),
    "rests_on_merit": lambda p: (
        {"held": (Held("BK_VT", YEAR, MeritType.CAMPAIGN, relied_on=True),)},
        {"held": (Held("BK_VT", YEAR, MeritType.CAMPAIGN), Held("BK_VT", YEAR, MeritType.MERIT, relied_on=True))},
    ),
    "achievement_once": lambda p: ({"achievement_used_for": "Giấy khen 2023"}, {"achievement_used_for": ""}),
    "initiatives": lambda p: (
        {"initiatives": ideas(p["count"] - 1, p["reach"])},
        {"initiatives": ideas(p["count"], p["reach"])},
    ),
    "initiatives_in_time": lambda p: (
        {"initiatives": (*ideas(p["count"] - 1, p["reach"]), Idea(p["reach"], YEAR - p["years"]))},
        {"initiatives": (*ideas(p["count"] - 1, p["reach"]), Idea(p["reach"], YEAR - p["years"] + 1))},
    ),
    "initiative_once": lambda p: (
        {"initiatives": (Idea(Reach.UNIT, YEAR, used_for="Bằng khen"),)},
        {"initiatives": ideas(1, Reach.UNIT)},
    ),
    "not_disciplined": lambda p: (
        {"disciplines": disciplined(p["from_grade"])},
        {"disciplines": disciplined(lower(p["from_grade"]))},
    ),
    "not_under_review": lambda p: ({"under_review": True}, {"under_review": False}),
    "counted_since_discipline": lambda p: (
        {"disciplines": disciplined("1", date(2010, 1, 1), date(YEAR - p["years"] + 2, 1, 1))},
        {"disciplines": disciplined("1", date(2010, 1, 1), date(YEAR - p["years"], 12, 31))},
    ),
    "head_of_good_unit": lambda p: (
        {"is_head": True, "unit_rating": RatingLevel(p["rating"] - 1), "unit_held": frozenset()},
        {"is_head": True, "unit_rating": p["rating"], "unit_held": frozenset()},
    ),
    "members_share": lambda p: (
        {"members": Members(100, {p["award"].code: p["percent"] - 1})},
        {"members": Members(100, {p["award"].code: p["percent"]})},
    ),
    "members_holding": lambda p: (
        {"members": Members(100, {p["award"].code: p["count"] - 1})},
        {"members": Members(100, {p["award"].code: p["count"]})},
    ),
    "members_done": lambda p: (
        {"members": Members(100, done=p["percent"] - 1)},
        {"members": Members(100, done=p["percent"])},
    ),
    "members_not_disciplined": lambda p: (
        {"members": Members(100, worst_discipline=p["from_grade"])},
        {"members": Members(100, worst_discipline=lower(p["from_grade"]))},
    ),
    "leads_cluster": lambda p: ({"leads_cluster": False}, {"leads_cluster": True}),
    "council_votes": lambda p: ({"votes": Votes(p["percent"] - 1, 100)}, {"votes": Votes(p["percent"], 100)}),
    "cluster_votes": lambda p: (
        {"cluster_votes": Votes(p["percent"] - 1, 100)},
        {"cluster_votes": Votes(p["percent"], 100)},
    ),
    "part_present": lambda p: (
        dossier(p["part"]),
        dossier(p["part"]) | {"parts": frozenset([p["part"].code])},
    ),
    "published": lambda p: ({"published": False}, {"published": True}),
    "quantified": lambda p: ({"figures": 0}, {"figures": 1}),
    "confirmed": lambda p: ({"confirmed": {p["key"]: False}}, {"confirmed": {p["key"]: True}}),
}


def bounds(need):
    return BOUNDS[need.rule](need.params)


def merged(*facts):
    """Several facts at once; what reviewers confirmed adds up."""
    whole = {"confirmed": {}}
    for one in facts:
        whole |= {**one, "confirmed": whole["confirmed"] | one.get("confirmed", {})}
    return whole


def pairs(need):
    """(below, at) of one requirement; of alternatives, once for each way and once for each thing a way needs."""
    if need.rule != "any_of":
        yield bounds(need)
        return
    ways = need.params["options"].ways
    nothing = merged(*(bounds(one)[0] for way in ways for one in way))
    for way in ways:
        whole = merged(nothing, *(bounds(one)[1] for one in way))
        for one in way:
            yield merged(whole, bounds(one)[0]), whole


def case(award, condition, **facts):
    facts.setdefault("subject", (condition.subjects or award.subjects)[0])
    facts.setdefault("type", condition.types[0] if condition.types else None)
    return Case(on=date(YEAR, 12, 1), year=YEAR, outside=bool(condition.outside), **facts)


@pytest.mark.parametrize("edition", [e for e in standards.shipped() if e.awards], ids=lambda e: e.code)
def test_every_condition_fails_just_below_its_bound_and_passes_just_at_it(edition):
    tried = 0
    for award in edition.awards.values():
        for condition in award.conditions:
            for below, at in pairs(condition.requirement):
                where = (edition.code, award.code, condition.key)
                if below.get("subject", award) is not None:  # an award for everybody has nobody beside it
                    outcome = condition_outcome(condition, case(award, condition, **below))
                    assert outcome.result == Result.FAIL, (where, outcome)
                    assert outcome.words and outcome.what_to_do, where
                outcome = condition_outcome(condition, case(award, condition, **at))
                assert outcome.result == Result.PASS, (where, outcome)
                tried += 1
    assert tried >= sum(len(a.conditions) for a in edition.awards.values())


@pytest.mark.parametrize("edition", [e for e in standards.shipped() if e.awards], ids=lambda e: e.code)
def test_what_is_not_known_needs_evidence_and_is_never_guessed(edition):
    for award in edition.awards.values():
        for condition in award.conditions:
            if condition.requirement.rule == "subject_is" or condition.key == "part_initiative":
                continue
            outcome = condition_outcome(condition, case(award, condition))
            assert outcome.result == Result.EVIDENCE, (award.code, condition.key)
            assert outcome.words and outcome.what_to_do


def test_every_rule_of_the_vocabulary_is_used_and_has_its_bound_here():
    used = {n.rule for e in standards.editions() for a in e.awards.values() for n in a.requirements()}

    assert set(BOUNDS) | {"any_of"} == set(RULES) == used


def test_every_finding_names_what_is_asked_its_article_and_its_source():
    for edition in standards.editions():
        for award in edition.awards.values():
            for procedure in Procedure:
                asked = Case(on=edition.valid_from, year=YEAR, subject=award.subjects[0], procedure=procedure)
                for finding in judge(award, asked, edition):
                    assert all((finding.says, finding.words, finding.article, finding.source)), finding


def test_a_condition_for_others_does_not_concern_the_case():
    award = standards.edition("RS-2025").awards["BK_VT"]
    asked = Case(on=date(2025, 9, 1), year=2025, subject=Subject.UNIT, type=MeritType.CAMPAIGN)

    assert condition_outcome(award.condition("merit"), asked).result == Result.NOT_APPLICABLE
    assert condition_outcome(award.condition("collective"), asked).result == Result.NOT_APPLICABLE
    assert condition_outcome(award.condition("quantified"), replace(asked, type=None)).result == Result.EVIDENCE
