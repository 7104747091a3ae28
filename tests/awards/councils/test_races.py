"""Two at once over one ballot: one outcome, nothing lost or doubled. Real connections on both engines."""

import pytest

from awards.councils import ballots, services
from awards.models import Sitting, SittingMember, Urn
from tests import make
from tests.campaigns.plans.test_races import both, user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("emptied_trail")]


def kinds(outcomes):
    return sorted(type(o).__name__ for o in outcomes)


def test_twenty_papers_of_one_member_at_once_are_one_vote(room):
    room.open_in_secret()
    items = dict.fromkeys(room.sitting.items.values_list("pk", flat=True), "yes")
    name = room.third.username

    outcomes = both(*[lambda: ballots.cast(room.sitting, items, by=user(name))] * 20)

    assert kinds(outcomes) == ["Refused"] * 19 + ["str"]
    assert len(Urn.objects.get().receipts) == SittingMember.objects.filter(voted=True).count() == 1
    room.count()
    assert room.figures() == [(1, 0, 0)] * 2


def test_a_vote_while_it_closes_is_counted_or_refused_in_words(room):
    room.open_in_secret()
    items = dict.fromkeys(room.sitting.items.values_list("pk", flat=True), "yes")
    version = make.seen(room.sitting)

    outcomes = both(
        *[lambda m=m: ballots.cast(room.sitting, items, by=user(m.username)) for m in room.members[1:]],
        lambda: services.take("close", room.sitting, by=user(room.chair.username), version=version),
    )

    taken = kinds(outcomes).count("str")
    assert type(outcomes[-1]) is Sitting and kinds(outcomes).count("Refused") == 4 - taken
    room.unlock("deputy", "secretary")
    assert room.figures() == [(taken, 0, 0)] * 2


def test_two_holders_at_once_count_once(room):
    room.open_in_secret()
    for member in room.members:
        room.vote(member, "no")
    room.take("close")

    outcomes = both(
        lambda: ballots.unlock(room.now(), "gió mùa đông bắc", by=user(room.chair.username)),
        lambda: ballots.unlock(room.now(), "nắng hè rất vàng", by=user(room.deputy.username)),
    )

    assert kinds(outcomes) == ["Sitting", "Sitting"]
    assert sorted(o.state for o in outcomes) == ["closed", "counting"]
    assert room.figures() == [(0, 5, 0)] * 2
