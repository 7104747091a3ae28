"""A reorganisation takes papers that are not over to the one unit that took over, and an undo brings them back."""

from types import SimpleNamespace

import pytest

from awards.models import Nomination, Submission
from awards.nominations import carrier, flow
from portal.days import today
from portal.models import Entry, Notice
from tests import make
from units.models import Role


@pytest.fixture
def moved(world):
    """Huế becomes HUE2: one draft, one nomination at the office, one result that was released."""
    heir = make.unit("HUE2", world.root, name="VKSND thành phố Huế mới")
    head = make.user("newhead", (Role.HEAD, heir))
    paper = make.submission(world.hue, world.officer)
    draft, sent, over = (make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer) for i in range(3))
    flow.move("submit", [sent, over], by=world.head, versions=make.seen_each([sent, over]))
    Nomination.objects.filter(pk=over.pk).update(state="fit")
    return SimpleNamespace(heir=heir, head=head, paper=paper, draft=draft, sent=sent, over=over)


def heirs(world, *units):
    return {world.hue: [SimpleNamespace(unit=u, papers=True) for u in units]}


def fresh(*nominations):
    return [Nomination.objects.select_related("unit", "desk").get(pk=n.pk) for n in nominations]


def test_what_hangs_on_a_unit_is_told_before_anything_changes(world, moved):
    assert [count for _label, count, _url in carrier.affected([world.hue])] == [0, 1, 1]
    assert [count for _label, count, _url in carrier.affected([world.vinh])] == [0, 0, 0]


def test_drafts_and_papers_under_way_go_to_the_heir_and_results_stay(world, moved):
    carrier.transfer(heirs(world, moved.heir), today(), None)

    draft, sent, over = fresh(moved.draft, moved.sent, moved.over)
    assert (draft.unit, draft.desk) == (moved.heir, moved.heir)
    assert (sent.unit, sent.desk) == (moved.heir, world.root)
    assert over.unit == world.hue
    assert Submission.objects.get().unit == moved.heir
    assert Entry.objects.about(draft).filter(verb="hand_over").exists()
    assert {n.recipient for n in Notice.objects.filter(kind="hand_over")} == {moved.head, world.officer}
    assert [s.name for s in flow.NOMINATION.open_to(moved.head, draft)] == ["submit", "drop"]


def test_a_paper_on_the_desk_of_a_superior_that_ended_lies_with_its_heir(world):
    heir = make.unit("HUE2", world.root)
    head = make.user("newhead", (Role.HEAD, heir))
    paper = make.submission(world.kv1, world.kv1_head)
    nomination = make.nomination(paper, make.person("Lê An", world.kv1), world.kv1_head)
    flow.move("submit", [nomination], by=world.kv1_head, versions=make.seen_each([nomination]))

    carrier.transfer(heirs(world, heir), today(), None)

    [nomination] = fresh(nomination)
    assert (nomination.unit, nomination.desk) == (world.kv1, heir)
    assert {s.name for s in flow.NOMINATION.open_to(head, nomination)} == {"accept", "forward", "return"}


def test_where_several_units_took_over_the_papers_stay_readable_where_they_are(world, moved):
    other = make.unit("HUE3", world.root)

    done = carrier.transfer(heirs(world, moved.heir, other), today(), None)

    assert done == {"nominations": [], "submissions": []}
    assert fresh(moved.draft)[0].unit == world.hue


def test_an_undo_gives_everything_back_unless_something_new_hangs_on_it(world, moved):
    effects = carrier.transfer(heirs(world, moved.heir), today(), None)
    assert carrier.blockers([moved.heir], effects) == []

    paper = make.submission(moved.heir, moved.head)
    assert len(carrier.blockers([moved.heir], effects)) == 1
    Submission.objects.filter(pk=paper.pk).delete()
    flow.move("submit", [moved.draft], by=moved.head, versions=make.seen_each([moved.draft]))
    assert len(carrier.blockers([moved.heir], effects)) == 1
    carrier.revert(effects)

    draft, sent = fresh(moved.draft, moved.sent)
    assert (draft.unit, sent.unit, sent.desk) == (world.hue, world.hue, world.root)
    assert Submission.objects.get().unit == world.hue
