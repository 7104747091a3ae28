"""Years in a row, and what the law builds on what."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from awards.law.vocabulary import run_of_years
from awards.ledger import books
from awards.ledger import services as ledger
from awards.models.ledger import award_label
from tests import make
from units.models import PersonMerge, Succession, lineage
from units.models.people import Person

YEARS = st.sets(st.integers(1990, 2030), max_size=25)


@given(YEARS)
def test_the_spans_hold_every_year_once_and_never_touch(years):
    spans = books.runs(years)

    assert [y for first, last in spans for y in range(last, first - 1, -1)] == sorted(years, reverse=True)
    assert all(later[0] > earlier[1] + 1 for later, earlier in zip(spans, spans[1:], strict=False))


@given(YEARS, st.integers(1990, 2030))
def test_a_span_says_the_same_as_the_rule_of_years_in_a_row(years, until):
    within = next((first for first, last in books.runs(years) if first <= until <= last), None)

    assert run_of_years(years, until) == (until - within + 1 if within is not None else 0)


@given(YEARS, st.integers(1990, 2030))
def test_a_gap_begins_anew(years, gap):
    spans = books.runs(years - {gap})

    assert not any(first <= gap <= last for first, last in spans)


def test_lineage_goes_back_over_many_changes_and_only_continuations_are_whole(world):
    units = {name: make.unit(name, world.root) for name in ("A", "B", "C", "D")}
    for old, new, kind in [("A", "B", "continue"), ("B", "C", "continue"), ("D", "C", "split"), ("A", "D", "continue")]:
        Succession.objects.create(
            predecessor=units[old], successor=units[new], effective_on=date(2020, 1, 1), kind=kind
        )

    assert lineage.before(units["C"]) == {units["A"].pk: True, units["B"].pk: True, units["D"].pk: False}
    assert lineage.before(units["A"]) == {}


def test_an_award_rests_on_the_years_that_its_condition_asks_for_and_on_no_others(world):
    person = make.person("Lê An", world.hue)
    title = make.past_award(person, "CSTDN", 2023)
    nation = make.past_award(person, "CSTDTQ", 2025)
    for code, year, expected in [
        ("CSTDCS", 2023, [title]),
        ("CSTDCS", 2020, [title]),  # three years that end in the year before
        ("CSTDCS", 2019, []),
        ("CSTDCS", 2024, []),
        ("CSTDN", 2022, [nation]),
        ("LDTT", 2023, []),
    ]:
        line = make.past_award(person, code, year)
        assert ledger.resting_on(line, lock=False) == expected, (code, year)
        line.delete()


def test_every_award_of_the_catalogue_has_a_level_and_an_unknown_code_shows_as_it_is():
    assert {books.level_of(code) for code in books.known_awards()} == {"unit", "sector", "nation"}
    assert award_label("GONE") == "GONE"


def test_a_merge_of_two_records_takes_the_ledger_along_and_back(world):
    from units.people import duplicates

    kept, gone = make.person("Lê An", world.hue, code="K1"), make.person("Lê Án", world.hue, code="K2")
    line, rating = make.past_award(gone), make.rating(gone)
    idea = make.initiative(world.hue, "Sáng kiến", gone)

    done = duplicates.merge(kept, gone, by=world.admin, versions=(1, 1), note="trùng")
    assert [books.book(Person.objects.get(pk=kept.pk)).lines[0].row, idea.authors.get().person] == [line, kept]
    rating.refresh_from_db()
    assert rating.person == kept

    duplicates.undo(
        PersonMerge.objects.get(pk=done.pk),
        by=world.admin,
        note="nhầm",
        version=make.seen(PersonMerge.objects.get(pk=done.pk).kept),
    )
    line.refresh_from_db()
    assert line.person == gone
