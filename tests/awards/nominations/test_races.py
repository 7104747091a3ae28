"""Two people at once over one paper: one outcome, told in words, nothing lost or doubled."""

import pytest

from awards.models import Nomination, Submission
from awards.nominations import editing, flow
from portal.models import Entry, Notice
from tests import make
from tests.campaigns.plans.test_races import both, user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("emptied_trail")]


def kinds(outcomes):
    return sorted(type(o).__name__ for o in outcomes)


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


@pytest.fixture
def draft(world, paper):
    return make.nomination(paper, make.person("Lê Văn An", world.hue), world.officer)


def test_a_double_click_sends_once(world, paper, draft):
    outcomes = both(*[lambda: flow.move_all("submit", paper, by=user("head"), version=paper.whole_version)] * 3)

    assert kinds(outcomes) == ["Refused", "Refused", "list"]
    assert draft.versions.count() == 1
    assert Notice.objects.filter(kind="nom_submit", recipient=world.office).count() == 1


def test_two_reviewers_at_once_make_one_decision(world, paper, draft):
    [sent] = flow.move_all("submit", paper, by=world.head, version=paper.whole_version)
    seen = {sent.pk: sent.version}

    outcomes = both(
        lambda: flow.move("take_up", [sent], by=user("office"), versions=seen),
        lambda: flow.move("return", [sent], by=user("office2"), note="Sửa", versions=seen),
    )

    assert kinds(outcomes) == ["Refused", "list"]
    assert Entry.objects.about(sent).filter(verb__in=("take_up", "return")).count() == 1


def test_withdrawing_while_it_is_taken_up_has_one_outcome(world, paper, draft):
    [sent] = flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    outcomes = both(
        lambda: flow.move("withdraw", [sent], by=user("head"), versions=make.seen_each([sent])),
        lambda: flow.move("take_up", [sent], by=user("office"), versions=make.seen_each([sent])),
    )

    assert kinds(outcomes) in (["Refused", "list"], ["PermissionDenied", "list"])
    assert Nomination.objects.get().state in ("draft", "review")


def test_the_same_person_added_twice_at_once_is_one_nomination(world, paper):
    person = make.person("Lê An", world.hue)

    both(*[lambda: editing.add(Submission.objects.get(), [person], "GK", by=user("officer"))] * 3)

    assert Nomination.objects.count() == 1
