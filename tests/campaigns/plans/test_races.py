"""Two people at once: one outcome, told in words, nothing lost or doubled. Real connections on both engines."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from campaigns import flow
from campaigns.models import Plan
from portal.flow import Refused
from portal.models import Entry
from tests import make
from units.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("emptied_trail")]


def both(*deeds):
    """Run the deeds at once, each on a connection of its own; what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        barrier.wait()
        try:
            outcomes[place] = deed()
        except (Refused, PermissionDenied, flow.EditConflict) as refusal:
            outcomes[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, d)) for i, d in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def user(name):
    return User.objects.get(username=name)


def test_two_reviewers_at_once_make_one_decision(world):
    plan = make.submitted(make.launched(world.root, world.office), world.hue, world.head)

    outcomes = both(
        lambda: flow.PLAN.take("approve", plan, by=user("office"), version=plan.version),
        lambda: flow.PLAN.take("return", plan, by=user("office2"), note="bổ sung", version=plan.version),
    )

    assert sorted(type(o).__name__ for o in outcomes) == ["Plan", "Refused"]
    assert Entry.objects.about(plan).filter(verb__in=("approve", "return")).count() == 1


def test_a_double_click_submits_once(world):
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.officer)

    outcomes = both(*[lambda: flow.PLAN.take("submit", plan, by=user("head"), version=make.seen(plan))] * 3)

    assert sum(isinstance(o, Plan) for o in outcomes) == 1
    assert plan.versions.count() == 1


def test_two_editors_at_once_lose_nothing(world):
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.officer)

    def write(name):
        return flow.write(
            plan, theme=name, organising="x", commitments=[], reasons={}, by=user(name), version=plan.version
        )

    outcomes = both(lambda: write("head"), lambda: write("officer"))

    assert sorted(type(o).__name__ for o in outcomes) == ["EditConflict", "Plan"]
    winner = next(o for o in outcomes if isinstance(o, Plan))
    assert Plan.objects.get(pk=plan.pk).theme == winner.theme


def test_head_and_officer_begin_the_same_plan(world):
    campaign = make.launched(world.root, world.office)

    outcomes = both(
        lambda: flow.begin(campaign, world.hue, by=user("head")),
        lambda: flow.begin(campaign, world.hue, by=user("officer")),
    )

    assert outcomes[0] == outcomes[1]
    assert Plan.objects.count() == 1
