"""Whoever has everything that is stored, between any two votes, knows no better than chance who voted what."""

import re
from math import sqrt
from random import Random

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from awards.councils import ballots, encryption
from awards.models import AgendaItem, Nomination, Sitting, SittingMember, Urn
from tests import make

CHOICES = ["yes", "no", "none"]
SITTINGS = 40
VALUES = re.compile(r"'[^']*'|\d+|b\"[^\"]*\"|true|false", re.IGNORECASE)
CLOCK = re.compile(r"\d\d:\d\d")


def everything():
    """Every row of every table, as a dump would have it."""
    dump = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            dump[model._meta.label] = [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()
            ]
    return dump


def numbers(vector, size=encryption.COUNTER):
    """Three counters as numbers: encrypted ones by their bytes."""
    return [int.from_bytes(vector[at : at + size], "big") for at in range(0, 3 * size, size)]


def guess(before, after):
    """The choice whose counter grew most: right wherever a counter tells anything by itself."""
    grown = [new - old for old, new in zip(before, after, strict=True)]
    return CHOICES[grown.index(max(grown))]


def best_of_totals(chosen):
    """How often somebody is right who knows the result and nothing else, and names the most frequent choice."""
    return sum(max(votes.count(c) for c in CHOICES) for votes in chosen) / sum(map(len, chosen))


def beyond_chance(hits, of, chance):
    """Whether so many hits are more than chance explains, at 99 %."""
    return hits > of * chance + 2.58 * sqrt(of * chance * (1 - chance))


def opened(council, world, number):
    """So many sittings that are open in secret, on one nomination and under one key; written row by row."""
    secret = encryption.random_scalar()
    key, moment, made = encryption.public(secret), timezone.now(), []
    nomination = make.received(world.hue, world.root, state=Nomination.State.PASSED)
    for _each in range(number):
        sitting = Sitting.objects.create(
            council=council.council, title="Kín", starts_at=moment, opened_at=moment, state="open", ballot="secret"
        )
        SittingMember.objects.bulk_create(
            SittingMember(sitting=sitting, user=seat.user, duty=seat.duty)
            for seat in council.council.members.select_related("user")
        )
        AgendaItem.objects.create(sitting=sitting, nomination=nomination, order=1, percent=50, base=5)
        Urn.objects.create(sitting=sitting, key=key, sums=encryption.zeros(3, key))
        made.append(sitting)
    for member in council.members:
        member.may("sit_in_council", world.root)  # asked once a request, so once here
    return made


@pytest.fixture
def three(council, world):
    return opened(council, world, 3)


def test_forty_sittings_tell_a_guesser_nothing_that_the_result_does_not(council, world):
    random = Random(40)
    hits, plain_hits, chosen = 0, 0, []
    for sitting in opened(council, world, SITTINGS):
        item = sitting.items.get()
        votes, plain = [], [0, 0, 0]
        before = numbers(bytes(Urn.objects.get(sitting=sitting).sums))
        for member in council.members:
            choice = random.choice(CHOICES)
            ballots.cast(sitting, {item.pk: choice}, by=member)
            after = numbers(bytes(Urn.objects.get(sitting=sitting).sums))
            grown = list(plain)
            grown[CHOICES.index(choice)] += 1
            hits += guess(before, after) == choice
            plain_hits += guess(plain, grown) == choice
            votes.append(choice)
            before, plain = after, grown
        chosen.append(votes)

    total = SITTINGS * len(council.members)
    chance = best_of_totals(chosen)
    assert plain_hits == total and beyond_chance(plain_hits, total, chance)  # the guesser breaks plain counters
    assert not beyond_chance(hits, total, chance)


def cast_and_compare(sitting, member, choice):
    """What a vote changed in the whole database, and by which statements, with all that is random left out."""
    item = sitting.items.get()
    before = everything()
    with CaptureQueriesContext(connection) as asked:
        receipt = ballots.cast(sitting, {item.pk: choice}, by=member)
    after = everything()
    changed = sorted(label for label, rows in before.items() if rows != after[label])
    statements = [VALUES.sub("?", query["sql"]) for query in asked.captured_queries]
    return changed, statements, len(receipt), len(bytes(Urn.objects.get(sitting=sitting).sums))


def test_each_choice_changes_the_same_rows_by_the_same_statements(three, council):
    told = [cast_and_compare(s, council.third, c) for s, c in zip(three, CHOICES, strict=True)]

    assert told[0] == told[1] == told[2]
    assert told[0][0] == ["awards.SittingMember", "awards.Urn"]


def test_a_vote_leaves_no_moment_and_the_receipt_not_beside_its_voter(three, council):
    sitting, seat = three[0], three[0].members.get(user=council.third)
    before = everything()

    receipt = ballots.cast(sitting, {sitting.items.get().pk: "no"}, by=council.third)

    fresh = {label: [r for r in rows if r not in before[label]] for label, rows in everything().items()}
    assert {label for label, rows in fresh.items() if rows} == {"awards.SittingMember", "awards.Urn"}
    [turnout], [urn] = fresh["awards.SittingMember"], fresh["awards.Urn"]
    assert set(turnout) == {seat.pk, seat.duty, seat.attendance, True, sitting.pk, council.third.pk}
    assert receipt in str(urn) and council.third.username not in str(urn)


def test_receipts_tell_nothing_of_choices(council, world):
    """All receipts of voters for and against, side by side: as many of each letter as chance gives."""
    given = {"yes": [], "no": []}
    for place, sitting in enumerate(opened(council, world, 20)):
        choice = "yes" if place % 2 else "no"
        for member in council.members:
            given[choice].append(ballots.cast(sitting, {sitting.items.get().pk: choice}, by=member))

    assert len({*given["yes"], *given["no"]}) == 100
    digits = {choice: "".join(receipts).replace("-", "") for choice, receipts in given.items()}
    high = {choice: sum(d in "89ABCDEF" for d in text) for choice, text in digits.items()}
    total = len(digits["yes"])
    assert not any(beyond_chance(n, total, 0.5) or beyond_chance(total - n, total, 0.5) for n in high.values())


@pytest.mark.parametrize("who", ["chair", "secretary", "office"])
def test_pages_of_opposite_votes_are_alike_before_the_count(who, world, council, three, client):
    one, other = three[:2]
    for sitting, choice in ((one, "yes"), (other, "no")):
        for member in council.members[:4]:
            ballots.cast(sitting, {sitting.items.get().pk: choice}, by=member)
    client.force_login(world.office if who == "office" else getattr(council, who))

    pages = [strip_tags(client.get(sitting.get_absolute_url()).content.decode()) for sitting in (one, other)]

    assert "4 trên 5" in pages[0]
    assert CLOCK.sub("", pages[0]) == CLOCK.sub("", pages[1])


def test_what_was_erased_is_overwritten_where_sqlite_keeps_it(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps dead rows until it is vacuumed: docs/ballots.md says so")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)
