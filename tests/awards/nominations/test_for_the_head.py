"""From the officer to the head: nominations, one or a whole paper, at home and on the way up; initiatives."""

import pytest
from django.core.exceptions import PermissionDenied

from awards.initiatives.services import INITIATIVE
from awards.models import Initiative, Nomination
from awards.nominations import flow
from awards.nominations.checking import checks
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Role

N = Nomination.State


@pytest.fixture
def two(world, monkeypatch):
    """Two drafts of one paper; what the law says of them is not the matter here."""
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    paper = make.submission(world.hue, world.officer)
    return [make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer) for i in (1, 2)]


def move(name, rows, by, note=""):
    return flow.move(name, rows, by=by, note=note, versions=make.seen_each(rows))


def test_a_whole_paper_is_put_before_the_head_with_one_notice(world, two, client):
    paper = two[0].submission
    client.force_login(world.officer)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Trình thủ trưởng (2)" in page

    client.post(f"/awards/submissions/{paper.pk}/step/put_to_head/", {"version": paper.whole_version})

    assert set(Nomination.objects.values_list("state", "before_head_by")) == {(N.DRAFT, world.officer.pk)}
    [notice] = Notice.objects.filter(kind="nom_put_to_head")
    assert notice.recipient == world.head and "Người 1, Người 2" in notice.body
    assert world.officer.display_name in notice.body and notice.mail_state == "pending"
    client.force_login(world.head)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Chuyển lại cán bộ (2)" in page and "Gửi đề nghị (2)" in page


def test_the_head_hands_one_back_with_words_and_sends_the_other(world, two):
    two = move("put_to_head", two, world.officer)

    [back] = move("hand_back", two[:1], world.head, "Thiếu minh chứng")
    [sent] = move("submit", two[1:], world.head)

    assert (back.before_head_at, sent.before_head_at, sent.state) == (None, None, N.SUBMITTED)
    [notice] = Notice.objects.filter(recipient=world.officer, kind="nom_hand_back")
    assert "Thiếu minh chứng" in notice.body and "Người 1" in notice.body
    assert [e.verb for e in Entry.objects.about(back)[:2]] == ["hand_back", "put_to_head"]


def test_the_officer_takes_back_and_only_the_officer_puts(world, two):
    with pytest.raises(PermissionDenied):
        move("put_to_head", two, world.head)
    two = move("put_to_head", two, world.officer)
    with pytest.raises(PermissionDenied):
        move("take_back", two, world.head)
    with pytest.raises(PermissionDenied):
        move("hand_back", two, world.stranger, "x")

    two = move("take_back", two, world.officer)

    assert [n.before_head_at for n in two] == [None, None]


def test_on_its_way_up_the_officer_of_the_passing_unit_puts_it_before_that_head(world, monkeypatch):
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    officer = make.user("kv1officer", (Role.OFFICER, world.kv1))
    paper = make.submission(world.kv1, world.kv1_head)
    [one] = move("submit", [make.nomination(paper, make.person("Bùi A", world.kv1), world.kv1_head)], world.kv1_head)
    with pytest.raises(PermissionDenied):
        move("put_to_head", [one], officer)  # it has left that unit

    [one] = move("put_to_head", [one], world.officer)
    assert Notice.objects.get(kind="nom_put_to_head").recipient == world.head
    [one] = move("hand_back", [one], world.head, "Hỏi lại khu vực 1")
    assert Notice.objects.get(kind="nom_hand_back").recipient == world.officer
    [one] = move("put_to_head", [one], world.officer)
    [one] = move("forward", [one], world.head)

    assert (one.desk, one.before_head_at) == (world.root, None)
    with pytest.raises(Refused):
        move("put_to_head", [one], world.officer)  # the office has it now


def test_what_the_office_asked_for_goes_the_same_way(world, two, monkeypatch):
    monkeypatch.setattr(checks, "unanswered", lambda nomination: [])
    Nomination.objects.filter(pk=two[0].pk).update(state=N.MORE, desk=world.root, round=1)
    [one] = move("put_to_head", [Nomination.objects.get(pk=two[0].pk)], world.officer)

    assert (one.state, one.before_head_by) == (N.MORE, world.officer)


def test_an_initiative_is_put_before_the_head_who_recognises_it(world):
    idea = Initiative.objects.create(unit=world.hue, title="Sổ tay điện tử")

    idea = make.take(INITIATIVE, "put_to_head", idea, by=world.officer)

    assert "Sổ tay điện tử" in Notice.objects.get(recipient=world.head, kind="before_head").title
    idea = make.take(INITIATIVE, "hand_back", idea, by=world.head, note="Nêu hiệu quả")
    assert Notice.objects.filter(recipient=world.officer, kind="handed_back").exists()
    wide = Initiative.objects.create(unit=world.hue, title="Rộng", scope="sector")
    with pytest.raises(Refused):
        make.take(INITIATIVE, "put_to_head", wide, by=world.officer)
