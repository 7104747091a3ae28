"""A sitting from the call to the count: who votes, what is kept, what comes out."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from awards.councils import ballots, services
from awards.models import KeyPart, Nomination, OpenVote, Recusal, Urn
from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.models import Membership, Posting, User

N = Nomination.State


def worked_there(user, unit):
    Posting.objects.create(person=user.person, unit=unit, valid_from=date(2020, 1, 1), valid_to=today())


def states(room):
    return [Nomination.objects.get(pk=n.pk).state for n in room.nominations]


def test_a_secret_ballot_from_the_call_to_the_result(room):
    room.open_in_secret()
    order = [item.nomination.subject_name for item in room.sitting.items.all()]
    assert sorted(order) == ["Lê Một", "Trần Hai"]

    for member in room.members[:4]:
        room.vote(member, "yes")
    room.vote(room.fourth, "no", "none")
    closed = room.count()

    assert closed.state == "closed"
    assert room.figures() == [(4, 1, 0), (4, 0, 1)]
    assert [item.passed for item in room.sitting.items.all()] == [True, True]  # 4 of 5 are 80 %
    assert states(room) == [N.VOTED, N.VOTED]


def test_what_misses_its_share_waits_for_the_chair_and_is_told_with_its_figures(world, room):
    room.open_in_secret()
    for member in room.members[:3]:
        room.vote(member, "yes")  # 3 of 5: enough for half, not for 80 %
    room.count()
    assert sorted(states(room)) == [N.PASSED, N.VOTED]

    assert services.conclude(room.now(), by=room.chair) == 1

    down = Nomination.objects.get(state=N.VOTED_DOWN)
    assert down.award == "CSTDCS"
    line = Entry.objects.about(down).get(verb="vote_down")
    assert line.note == "3 trên 5 thành viên đồng ý; cần ít nhất 4 (80 %)."
    assert "3 trên 5" in Notice.objects.get(kind="nom_vote_down", recipient=world.head).body
    assert Notice.objects.filter(kind="nom_vote_through", recipient=world.stranger).count() == 1


def test_each_member_votes_once_and_a_stranger_not_at_all(world, room):
    room.open_in_secret()
    room.vote(room.third, "yes")

    with pytest.raises(Refused):
        room.vote(room.third, "no")
    for stranger in (world.office, world.auditor, world.head):
        with pytest.raises(PermissionDenied):
            ballots.cast(room.sitting, {}, by=stranger)
    assert room.sitting.members.filter(voted=True).count() == 1


def test_a_paper_with_an_item_missing_or_one_too_many_is_not_taken(room):
    room.open_in_secret()
    items = list(room.sitting.items.values_list("pk", flat=True))

    for choices in ({}, {items[0]: "yes"}, dict.fromkeys([*items, 999], "yes"), dict.fromkeys(items, "maybe")):
        with pytest.raises(Refused):
            ballots.cast(room.sitting, choices, by=room.third)
    assert not room.sitting.members.filter(voted=True).exists()


def test_no_vote_is_taken_before_it_opens_or_after_it_closed(room):
    with pytest.raises(Refused):
        room.vote(room.third, "yes")
    room.open_in_secret()
    room.take("close")
    with pytest.raises(Refused):
        room.vote(room.third, "yes")


def test_only_who_presides_opens_and_closes(world, room):
    room.set_passphrases()
    for other in (room.secretary, room.third, world.office):
        with pytest.raises(PermissionDenied):
            room.take("open_secret", by=other)
    room.take("open_secret", by=room.deputy)
    with pytest.raises(PermissionDenied):
        room.take("close", by=room.secretary)
    assert room.take("close").state == "counting"


def test_it_does_not_open_in_secret_before_all_three_hold_their_part(room):
    ballots.set_passphrase(room.sitting, "gió mùa đông bắc", by=room.chair)
    with pytest.raises(Refused) as refusal:
        room.take("open_secret")

    assert len(refusal.value.objections) == 2
    assert not Urn.objects.exists()


def test_a_member_with_a_conflict_is_out_of_that_item_and_of_its_base(world, room):
    worked_there(room.third, world.hue)
    services.recuse(room.sitting.items.get(nomination__award="BK_VT"), reason="Là em ruột", by=room.fourth)
    assert sorted(room.sitting.items.values_list("base", flat=True)) == [4, 4]  # shown before it opens
    room.open_in_secret()
    for member in room.members[:3]:
        room.vote(member, "yes", "yes")
    room.vote(room.third, "no")
    room.vote(room.fourth, "no")
    room.count()

    figures = {i.nomination.award: (i.yes, i.no, i.base, i.passed) for i in room.sitting.items.all()}
    assert figures == {"CSTDCS": (3, 1, 4, False), "BK_VT": (3, 1, 4, True)}  # 75 %: enough for half, not for 80 %
    reasons = {r.member.user: (r.item.nomination.award, r.declared) for r in Recusal.objects.all()}
    assert reasons == {room.third: ("CSTDCS", False), room.fourth: ("BK_VT", True)}


def test_who_has_a_conflict_over_everything_casts_an_empty_paper(world, room):
    worked_there(room.third, world.hue)
    worked_there(room.third, world.vinh)
    room.open_in_secret()

    room.vote(room.third)  # an empty paper: the turnout has it, the sum does not change in what it says
    for member in (room.chair, room.deputy, room.secretary):
        room.vote(member, "yes")
    room.count()

    assert [(i.yes, i.base) for i in room.sitting.items.all()] == [(3, 4)] * 2


def test_a_lost_passphrase_is_made_good_by_the_other_two(room):
    room.open_in_secret()
    for member in room.members:
        room.vote(member, "yes")
    room.take("close")

    with pytest.raises(Refused):
        ballots.unlock(room.now(), "không nhớ nữa rồi", by=room.chair)
    assert room.unlock("deputy", "secretary").state == "closed"
    assert room.figures() == [(5, 0, 0)] * 2


def test_with_two_lost_it_ends_without_a_result_and_is_held_again(room, world):
    room.open_in_secret()
    room.vote(room.third, "yes")
    room.take("close")
    assert room.unlock("chair").state == "counting"

    ended = room.take("break_off", note="Hai người quên cụm mật khẩu")

    assert ended.state == "cancelled" and room.figures() == [(None, None, None)] * 2
    assert states(room) == [N.PASSED, N.PASSED]
    again = make.sitting(room.council, *room.nominations, by=world.office)
    assert again.items.count() == 2


def test_after_the_count_nothing_is_left_that_opens_the_ballot(room):
    room.open_in_secret()
    for member in room.members:
        room.vote(member, "yes")
    room.count()

    for part in KeyPart.objects.all():
        assert (bytes(part.salt), bytes(part.locked), bytes(part.sealed_share)) == (b"", b"", b"")


def test_one_holder_alone_counts_nothing_even_twice(room):
    room.open_in_secret()
    room.take("close")
    room.unlock("chair")
    with pytest.raises(Refused):
        room.unlock("chair")
    assert room.now().state == "counting"


def test_a_member_removed_in_the_middle_stays_in_the_base_and_votes_no_more(room):
    room.open_in_secret()
    Membership.objects.filter(user=room.fourth).update(valid_to="2020-01-01")
    room.council.members.filter(user=room.fourth).update(valid_to="2026-01-06")

    with pytest.raises(PermissionDenied):
        room.vote(User.objects.get(pk=room.fourth.pk), "yes")
    for member in room.members[:4]:
        room.vote(member, "yes")
    room.count()

    assert [(i.yes, i.base) for i in room.sitting.items.all()] == [(4, 5)] * 2


def test_who_was_marked_absent_and_votes_has_given_an_opinion_in_writing(room):
    room.open_in_secret()
    seat = room.sitting.members.get(user=room.third)
    room.sitting.members.filter(pk=seat.pk).update(attendance="absent")

    room.vote(room.third, "yes")

    seat.refresh_from_db()
    assert (seat.attendance, seat.voted) == ("writing", True)


def test_an_open_ballot_is_kept_and_shown_by_name(room):
    cstd = room.sitting.items.get(nomination__award="CSTDCS")
    with pytest.raises(Refused) as refusal:
        room.take("open_public")
    assert "phải bỏ phiếu kín" in str(refusal.value)

    cstd.delete()
    room.take("open_public")
    for member in room.members[:3]:
        room.vote(member, "yes")
    room.take("close_public")

    assert room.figures() == [(3, 0, 0)]
    assert OpenVote.objects.count() == 3 and not Urn.objects.exists() and not KeyPart.objects.exists()


def test_the_way_of_voting_is_never_changed_once_chosen(room):
    room.open_in_secret()
    for step in ("open_public", "enter_counts", "cancel"):
        with pytest.raises((Refused, PermissionDenied)):
            room.take(step, by=room.chair, note="x")
    assert room.now().ballot == "secret"
