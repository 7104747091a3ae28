"""The saves of one sitting are one line of the trail; and one's own save is nobody else's."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import flow
from campaigns.models import Plan
from portal.flow import OVERTAKEN, OVERTAKEN_SELF, EditConflict, Refused
from portal.models import Entry
from portal.models.trail import key_of, record
from portal.sittings import headings_since, joined, record_edit
from portal.trail import seals
from tests import make

pytestmark = pytest.mark.django_db
PAGE, OTHER = "a1b2c3d4e5f6a7b8", "0f0f0f0f0f0f0f0f"


@pytest.fixture
def plan(world, campaign):
    return make.plan(campaign, world.hue, world.officer)


def write(plan, theme, by, version=None, tab=""):
    return flow.write(
        plan,
        theme=theme,
        organising="x",
        commitments=[],
        reasons={},
        by=by,
        version=version or make.seen(plan),
        tab=tab,
    )


def raw(plan):
    return Entry.objects.filter(subject=key_of(plan), verb="edit").order_by("pk")


def edits(plan):
    return list(Entry.objects.about(plan).filter(verb="edit"))


# --- one line ---


def test_twenty_savings_are_one_line_with_its_first_and_last_hour(world, plan):
    before = len(raw(plan))
    for number in range(20):
        write(plan, f"Bản {number}", world.officer)

    [line] = edits(plan)
    assert len(raw(plan)) == before + 20  # nothing was changed or taken away
    assert line.changes["Chủ đề"][1] == "Bản 19"
    assert line.began == raw(plan).first().since and line.began < line.at


def test_the_page_shows_one_line_and_both_hours(world, plan, client):
    for theme in ("Một", "Hai", "Ba"):
        write(plan, theme, world.officer)
    client.force_login(world.officer)
    page = client.get(plan.get_absolute_url())
    assert [e.verb for e in page.context["entries"]].count("edit") == 1
    trail = page.content.decode().split('class="timeline"')[1]
    assert trail.count("<time") == len(page.context["entries"]) + 1


@pytest.mark.parametrize("between", ["other person", "step", "pause"])
def test_another_person_a_step_or_a_pause_ends_the_sitting(world, plan, between, monkeypatch):
    write(plan, "Một", world.officer)
    count = len(edits(plan))
    if between == "other person":
        write(plan, "Hai", world.head)
        count += 1
    elif between == "step":
        record(plan, "withdraw", by=world.head, source="submitted", target="draft")
    else:
        later = timezone.now() + timedelta(minutes=31)
        monkeypatch.setattr("portal.sittings.timezone.now", lambda: later)
    write(plan, "Ba", world.officer)
    assert len(edits(plan)) == count + 1


def test_a_comment_or_a_file_between_ends_no_sitting(world, plan):
    write(plan, "Một", world.officer)
    count = len(edits(plan))
    record(plan, "attach", by=world.officer)
    write(plan, "Hai", world.officer)
    assert len(edits(plan)) == count


def test_two_changes_are_one_and_one_taken_back_is_none():
    assert joined({"a": ["1", "2"]}, {"a": ["2", "3"], "b": ["", "x"]}) == {"a": ["1", "3"], "b": ["", "x"]}
    assert joined({"a": ["1", "2"], "c": ["", "y"]}, {"a": ["2", "1"]}) == {"c": ["", "y"]}


def test_what_was_edited_since_a_version_is_told_apart_within_a_sitting(world):
    campaign = make.campaign(world.root)
    for version, changes in ((2, {"a": ["", "1"]}), (3, {"b": ["", "1"]}), (4, {"a": ["1", "2"]})):
        campaign.version = version
        record_edit(campaign, by=world.office, changes=changes)
    assert headings_since(campaign, 3) == {"a"} and headings_since(campaign, 2) == {"a", "b"}


def test_the_lines_of_a_sitting_are_sealed_and_cannot_be_changed(world, plan):
    write(plan, "Một", world.officer)
    write(plan, "Hai", world.officer)
    seals.seal()
    assert list(seals.problems()) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(plan).update(since=None)


def test_seals_of_lines_from_before_sittings_hold(world):
    line = Entry.objects.create(subject="units.unit:1", verb="edit")
    [kept] = seals._lines(line.pk, line.pk)
    assert len(kept) == len(seals.FIELDS)


def test_who_edited_last_is_not_who_sent_or_took_it_up(world, plan, client):
    flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))
    flow.PLAN.take("take_up", plan, by=world.office, version=make.seen(plan))
    client.force_login(world.head)
    page = client.get(plan.get_absolute_url())
    written = page.context["last_edit"]
    assert written.by == world.officer and written.at < Plan.objects.get(pk=plan.pk).submitted_at
    assert "Sửa lần cuối" in page.content.decode()


# --- whose ---


def test_a_page_whose_answer_was_lost_saves_on(world, plan):
    seen = make.seen(plan)
    write(plan, "Một", world.officer, seen, f"{PAGE}.1")
    write(plan, "Một hai", world.officer, seen, f"{PAGE}.2")
    assert Plan.objects.get(pk=plan.pk).theme == "Một hai"


def test_a_late_saving_does_not_undo_a_newer_one(world, plan):
    seen = make.seen(plan)
    write(plan, "Mới", world.officer, seen, f"{PAGE}.2")
    with pytest.raises(EditConflict):
        write(plan, "Cũ", world.officer, seen, f"{PAGE}.1")
    assert Plan.objects.get(pk=plan.pk).theme == "Mới"


@pytest.mark.parametrize(("who", "own"), [("officer", True), ("head", False)])
def test_another_page_of_the_same_person_is_told_from_another_person(world, plan, who, own):
    seen = make.seen(plan)
    write(plan, "Một", getattr(world, who), seen, f"{OTHER}.1")
    with pytest.raises(EditConflict) as clash:
        write(plan, "Hai", world.officer, seen, f"{PAGE}.1")
    assert clash.value.own is own


def test_a_page_with_a_made_up_name_or_anothers_name_passes_nobody(world, plan):
    seen = make.seen(plan)
    write(plan, "Một", world.head, seen, f"{PAGE}.1")
    for tab in (f"{PAGE}.2", "", "x", "a" * 400):
        with pytest.raises(EditConflict) as clash:
            write(plan, "Hai", world.officer, seen, tab)
        assert not clash.value.own


def test_a_version_from_the_future_is_a_conflict(world, plan):
    with pytest.raises(EditConflict):
        write(plan, "Hai", world.officer, make.seen(plan) + 5, f"{PAGE}.1")


@pytest.mark.parametrize(("who", "words"), [("head", OVERTAKEN_SELF), ("officer", OVERTAKEN)])
def test_a_step_on_an_old_page_says_who_was_quicker(world, plan, who, words):
    seen = make.seen(plan)
    write(plan, "Mới", getattr(world, who), seen)
    with pytest.raises(Refused) as refused:
        flow.PLAN.take("submit", plan, by=world.head, version=seen)
    assert refused.value.objections == [words]


def test_autosave_and_the_page_say_that_it_was_oneself(world, plan, client):
    client.force_login(world.officer)
    write(plan, "Ở thẻ kia", world.officer, None, f"{OTHER}.1")
    first, second = plan.campaign.areas.all()
    data = {"version": plan.version, "theme": "Ở thẻ này", "tab": f"{PAGE}.1"}
    for area in (first, second):
        data |= {f"area-{area.pk}-TOTAL_FORMS": 0, f"area-{area.pk}-INITIAL_FORMS": 0}
    answer = client.post(reverse("plan_autosave", args=[plan.pk]), data)
    assert answer.status_code == 409 and answer.json()["own"] is True
    page = client.post(reverse("plan_edit", args=[plan.pk]), data).content.decode()
    assert "Đồng chí vừa lưu một bản khác" in page and "Người khác vừa lưu" not in page
    assert f'name="tab" value="{PAGE}.1"' in page
