"""A comment is answered by the unit and marked as done, on plans and on nominations."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from awards.models import Comment
from awards.review import talk
from campaigns import flow
from campaigns.plans import talk as plan_talk
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make


@pytest.fixture
def returned(world):
    """A plan that came back with a comment on its theme."""
    campaign = make.launched(world.root, world.office)
    plan = make.submitted(campaign, world.hue, world.head)
    plan.comments.create(field="theme", text="Nêu rõ chủ đề", round=1, by=world.office2)
    return make.take(flow.PLAN, "return", plan, by=world.office2, note="bổ sung")


@pytest.fixture
def asked(world):
    lying = make.received(world.hue, world.root, name="Lê Thị Được")
    return talk.comment(lying, by=world.office2, audience="unit", text="Bổ sung số liệu")


def verbs(paper):
    return list(Entry.objects.about(paper).values_list("verb", flat=True))


# --- plans ---


def test_the_unit_answers_a_comment_on_its_plan_and_the_reviewer_hears(world, returned):
    made = plan_talk.answer(returned.comments.get(), "Đã sửa theo kế hoạch 12", by=world.officer)

    [notice] = Notice.objects.filter(kind="comment_answered")
    assert (notice.recipient, notice.mail_state) == (world.office2, "pending")
    assert "Đã sửa theo kế hoạch 12" in notice.body and "Nêu rõ chủ đề" in notice.body
    assert (made.answers.text, verbs(returned)[0]) == ("Nêu rõ chủ đề", "comment_answer")
    with pytest.raises(Refused):
        plan_talk.answer(returned.comments.first(), "  ", by=world.officer)


def test_a_comment_is_marked_as_done_once_and_opened_again(world, returned):
    comment = returned.comments.get()
    for done in (True, True, False):
        plan_talk.settle(comment, done=done, by=world.officer)

    comment.refresh_from_db()
    assert (comment.done_at, comment.done_by) == (None, None)
    assert verbs(returned)[:2] == ["comment_open", "comment_done"] and verbs(returned).count("comment_done") == 1


def test_neither_strangers_nor_those_who_only_read_talk(world, returned):
    comment = returned.comments.get()
    for who in (world.stranger, world.auditor, world.council, world.admin, world.office, world.kv1_head):
        with pytest.raises(PermissionDenied):
            plan_talk.answer(comment, "x", by=who)
        with pytest.raises(PermissionDenied):
            plan_talk.settle(comment, done=True, by=who)


def test_what_is_being_written_is_neither_shown_nor_answered(world, returned):
    plan = make.take(flow.PLAN, "resubmit", returned, by=world.head)
    fresh = plan.comments.create(field="theme", text="Mới", round=2, by=world.office2)
    old = plan.comments.first()
    with pytest.raises(PermissionDenied):
        plan_talk.answer(fresh, "x", by=world.head)
    before = Notice.objects.count()
    plan_talk.answer(old, "Vẫn thiếu", by=world.office2)  # the desk's answer goes with the plan

    assert Notice.objects.count() == before and verbs(plan)[0] == "comment"
    assert plan_talk.answer(old, "Đã nêu ở mục 2", by=world.head).round == 1


def test_the_page_shows_answers_and_what_is_done(world, returned, client):
    comment = returned.comments.get()
    client.force_login(world.officer)
    address = reverse("plan_comment_answer", args=[comment.pk])
    assert address in client.get(returned.get_absolute_url()).content.decode()

    client.post(address, {"text": "Đã sửa theo kế hoạch 12"})
    client.post(address, {"done": "1"})

    page = client.get(returned.get_absolute_url()).content.decode()
    assert "Đã sửa theo kế hoạch 12" in page and "đã xong" in page and "Chưa xong" in page
    assert client.get(reverse("plan_edit", args=[returned.pk])).status_code == 200
    again = make.take(flow.PLAN, "resubmit", returned, by=world.head)
    client.force_login(world.office2)
    page = client.get(again.get_absolute_url()).content.decode()
    assert "Đã sửa theo kế hoạch 12" in page and "đã xong" in page
    client.force_login(world.stranger)
    assert client.post(address, {"text": "x"}).status_code == 404


# --- nominations ---


def test_the_unit_answers_a_comment_on_its_nomination_and_the_reviewer_hears(world, asked, client):
    client.force_login(world.officer)
    page = client.get(asked.nomination.get_absolute_url()).content.decode()
    address = reverse("nomination_comment_answer", args=[asked.pk])
    assert address in page

    client.post(address, {"text": "Đã bổ sung ở mục 3"})
    client.post(address, {"done": "1"})

    assert "Đã bổ sung ở mục 3" in Notice.objects.get(recipient=world.office2, kind="comment_answered").body
    page = client.get(asked.nomination.get_absolute_url()).content.decode()
    assert "Đã bổ sung ở mục 3" in page and "đã xong" in page
    client.force_login(world.office)
    page = client.get(f"/review/{asked.nomination_id}/talk/").content.decode()
    assert "Đã bổ sung ở mục 3" in page and "đã xong" in page
    response = client.post(address, {"text": "Cảm ơn, đủ rồi"})
    assert response["Location"] == f"/review/{asked.nomination_id}/talk/"
    assert Notice.objects.filter(recipient=world.head, kind="nomination_comment").count() == 2


def test_an_answer_too_long_is_refused_in_words_and_nothing_of_it_is_cut(world, asked, returned, client):
    client.force_login(world.officer)
    for address, page in (
        (reverse("nomination_comment_answer", args=[asked.pk]), asked.nomination.get_absolute_url()),
        (reverse("plan_comment_answer", args=[returned.comments.get().pk]), returned.get_absolute_url()),
    ):
        before = Notice.objects.count()
        client.post(address, {"text": "a" * 2001})
        shown = client.get(page).content.decode()
        assert "Trả lời dài quá 2.000 ký tự" in shown and "a" * 2000 in shown
        client.post(address, {"text": " \u200b "})
        assert "Hãy ghi nội dung trả lời." in client.get(page).content.decode()
        assert Notice.objects.count() == before


def test_a_word_for_the_office_alone_stays_there(world, asked, client):
    inner = talk.comment(asked.nomination, by=world.office, audience="office", text="Nội bộ")
    with pytest.raises(PermissionDenied):
        talk.answer(inner, "x", by=world.head)
    before = Notice.objects.count()

    talk.answer(inner, "Đã đối chiếu kín", by=world.office2)
    talk.settle(inner, done=True, by=world.office2)

    assert Notice.objects.count() == before and Comment.objects.last().audience == "office"
    client.force_login(world.head)
    page = client.get(asked.nomination.get_absolute_url()).content.decode()
    assert "Đã đối chiếu kín" not in page and "Nội bộ" not in page
    assert client.post(reverse("nomination_comment_answer", args=[inner.pk]), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["stranger", "auditor", "council", "admin", "kv1_head"])
def test_who_has_no_part_in_it_answers_nothing(world, asked, who):
    with pytest.raises(PermissionDenied):
        talk.answer(asked, "x", by=getattr(world, who))
