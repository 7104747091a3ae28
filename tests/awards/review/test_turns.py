"""Turning from one dossier to the next, and staying on one."""

from datetime import timedelta

import pytest

from awards.models import Assignment, Nomination
from awards.nominations import flow
from awards.review import services as review
from awards.review import turns
from portal.days import today, working_days_later
from portal.models import Notice
from tests import make

N = Nomination.State


@pytest.fixture
def office(world, client):
    client.force_login(world.office)
    return client


def round_of(client, first, steps):
    """The dossiers to which «Để sau» leads, one after the other, from the page of the first."""
    found, here = [], first.pk
    for _ in range(steps):
        here = int(client.get(f"/review/next/?after={here}")["Location"].split("/")[2])
        found.append(here)
    return found


def test_putting_off_goes_round_through_all_that_wait(world, three, office):
    a, b, c = (n.pk for n in three)

    assert round_of(office, three[0], 5) == [b, c, a, b, c]


def test_ones_own_come_first_and_then_those_that_nobody_has(world, three, office):
    mine = make.received(world.vinh, world.root, days_ago=0, name="Lê Tôi")
    his = make.received(world.vinh, world.root, days_ago=9, name="Lê Người Khác")
    review.assign_all([(three[1], world.office), (mine, world.office), (his, world.office2)], by=world.office)
    a, b, c = (n.pk for n in three)

    assert round_of(office, mine, 6) == [a, c, b, mine.pk, a, c]


def test_several_that_came_at_one_moment_are_each_reached(world, three, office):
    Nomination.objects.update(received_at=three[0].received_at)

    assert sorted(round_of(office, three[1], 3)) == [n.pk for n in three]


def test_the_last_one_that_waits_still_waits(world, three, office):
    Nomination.objects.exclude(pk=three[1].pk).update(state=N.FIT)

    response = office.get(f"/review/next/?after={three[1].pk}", follow=True)

    assert response.redirect_chain[-1][0] == f"/review/{three[1].pk}/"
    assert "Chỉ còn hồ sơ này" in response.content.decode()


def test_those_with_a_conflict_are_passed_over_however_many(world, office, monkeypatch):
    monkeypatch.setattr(turns, "AT_A_TIME", 2)
    review.declare(world.office, unit=world.hue, reason="Người thân")
    for _ in range(5):
        make.received(world.hue, world.root, days_ago=5)
    free = make.received(world.vinh, world.root)

    assert turns.next_for(world.office) == free


def test_after_one_is_finished_the_round_goes_on_behind_it(world, three, office):
    response = office.post(f"/review/{three[1].pk}/", {"version": 1, "result": "fit", "note": "", "next": "1"})
    assert response["Location"] == f"/review/{three[2].pk}/"


def test_taking_a_dossier_stays_on_it_with_asking_for_more_beside(world, three, office):
    page = office.get(f"/review/{three[0].pk}/").content.decode()
    assert f'action="/review/{three[0].pk}/more/"' in page

    response = office.post(f"/awards/nominations/{three[0].pk}/step/take_up/", {"version": three[0].version})

    assert response["Location"] == f"/review/{three[0].pk}/"
    assert f'action="/review/{three[0].pk}/more/"' in office.get(response["Location"]).content.decode()
    stale = office.post(f"/awards/nominations/{three[0].pk}/step/take_up/", {"version": three[0].version})
    assert stale["Location"] == f"/review/{three[0].pk}/"


def test_asking_for_more_takes_it_up_and_stays_on_it(world, three, office):
    due = f"{working_days_later(today(), 3):%d/%m/%Y}"
    asked = {"fields_asked": ["summary"], "text": "Ghi rõ", "due": due, "version": three[0].version}

    response = office.post(f"/review/{three[0].pk}/more/", asked)

    three[0].refresh_from_db()
    assert (response["Location"], three[0].state) == (f"/review/{three[0].pk}/", N.MORE)
    assert three[0].taken_up_by == world.office
    again = office.post(f"/review/{three[0].pk}/more/", asked)
    assert again.status_code == 422


def test_what_is_wrong_with_a_request_for_more_stands_on_the_dossier(world, three, office):
    bad = office.post(f"/review/{three[0].pk}/more/", {"text": "đã gõ", "due": "31/02/2026", "version": 1})

    assert bad.status_code == 422
    page = bad.content.decode()
    assert "đã gõ" in page and "Kết quả thẩm định" in page
    three[0].refresh_from_db()
    assert three[0].state == N.SUBMITTED


# --- what comes back ---


def sent_again(nomination, by, monkeypatch):
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    now = Nomination.objects.get(pk=nomination.pk)
    return flow.move("resubmit", [now], by=by, versions=make.seen_each([now]))[0]


@pytest.mark.parametrize("given", [True, False])
def test_what_is_sent_again_comes_to_its_earlier_reviewer(world, three, monkeypatch, given):
    if given:
        review.assign_all([(three[0], world.office2)], by=world.office)
    by = world.office if given else world.office2  # whoever returned it, where it was given to nobody
    flow.move("return", [three[0]], by=by, note="Thiếu", versions=make.seen_each([three[0]]))

    sent_again(three[0], world.head, monkeypatch)

    assert turns.next_for(world.office2) == three[0]
    assert turns.next_for(world.office) != three[0]
    assert [n.recipient for n in Notice.objects.filter(kind="nom_resubmit")] == [world.office2]


def test_a_reviewer_who_left_gets_nothing_back(world, three, monkeypatch):
    flow.move("return", [three[0]], by=world.office2, note="Thiếu", versions=make.seen_each([three[0]]))
    world.office2.memberships.update(valid_to=today() - timedelta(days=1))

    sent_again(three[0], world.head, monkeypatch)

    assert not Assignment.objects.filter(nomination=three[0]).exists()
    assert turns.next_for(world.office, but=three[2].pk) == three[0]
    assert world.office in {n.recipient for n in Notice.objects.filter(kind="nom_resubmit")}


# --- a result that is taken back ---


@pytest.mark.parametrize(("result", "note"), [("fit", ""), ("unfit", "Thiếu biên bản")])
def test_who_was_told_a_result_is_told_that_it_was_taken_back(world, three, result, note, monkeypatch):
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    former = make.user("former", ("officer", world.hue))
    judged = review.judge(three[0], by=world.office, version=1, verdicts={}, result=result, note=note)
    review.release({judged.pk: judged.version}, by=world.office)
    former.memberships.update(valid_from=today() - timedelta(days=9), valid_to=today() - timedelta(days=1))

    flow.move("reopen", [judged], by=world.office, note="Công bố nhầm", versions=make.seen_each([judged]))

    for person in (world.head, world.officer, former):
        taken_back, told = Notice.objects.filter(recipient=person)
        assert (told.kind, taken_back.kind) == (f"nom_release_{result}", "nom_reopen")
        assert "Công bố nhầm" in taken_back.body and "Lê Một" in taken_back.body
        assert taken_back.mail_state == "pending"
    assert not Notice.objects.filter(recipient=world.stranger).exists()


def test_a_result_taken_back_twice_is_told_twice(world, three, monkeypatch):
    monkeypatch.setattr(flow.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    for note in ("nhầm một", "nhầm hai"):
        now = Nomination.objects.get(pk=three[0].pk)
        judged = review.judge(now, by=world.office, version=now.version, verdicts={}, result="fit", note="")
        review.release({judged.pk: judged.version}, by=world.office)
        flow.move("reopen", [judged], by=world.office, note=note, versions=make.seen_each([judged]))

    assert Notice.objects.filter(recipient=world.head, kind="nom_reopen").count() == 2


def test_nobody_else_hears_of_a_dossier_reopened(world, three, monkeypatch):
    assert Assignment.objects.count() == 0
    Nomination.objects.filter(pk=three[2].pk).update(state=N.FIT)

    flow.move("reopen", [three[2]], by=world.office, note="x", versions=make.seen_each([three[2]]))

    assert set(Notice.objects.values_list("recipient", flat=True)) == {world.stranger.pk}
