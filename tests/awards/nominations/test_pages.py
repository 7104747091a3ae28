"""The pages of papers: who is proposed, who sees which row, what the unit may read."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Achievement, CampaignAward, Comment, Nomination, Submission
from awards.nominations import editing, flow, opening
from awards.review.services import with_draft_result
from campaigns.campaigns import cloning
from portal.flow import Refused
from portal.models import Entry, Job
from portal.web import paging
from tests import make
from tests.awards.nominations.helpers import typed

# --- who is proposed ---


def test_only_subjects_of_the_unit_can_be_added_by_name_or_by_picking(world, paper, client):
    own, foreign = make.person("Lê An", world.hue, code="H1"), make.person("Hồ Bê", world.vinh, code="V1")
    client.force_login(world.officer)
    refused = client.post(reverse("submission_add", args=[paper.pk]), {"subject": "hồ bê", "award": "GK"})
    assert refused.status_code == 422 and "Không tìm thấy «hồ bê»" in refused.content.decode()
    pick = reverse("submission_pick", args=[paper.pk])
    data = {"kind": "person", "award": "GK", "subject": [foreign.pk, own.pk, "x", "9" * 30]}
    for _twice in range(2):
        client.post(pick, data)

    assert [n.person for n in Nomination.objects.all()] == [own]


def test_the_candidates_show_what_stands_against_them(world, paper, client):
    reviewed = make.person("Đang Bị Xét", world.hue, code="H1")
    reviewed.statuses.create(kind="reviewed", valid_from="2026-01-01")
    make.person("Không Vướng", world.hue, code="H2")
    client.force_login(world.officer)

    page = client.get(reverse("submission_pick", args=[paper.pk]), {"award": "GK", "q": "dang bi xet"})
    [row] = page.context["rows"]
    assert row["blocked"] and "Điều 4" in page.content.decode()
    [row] = client.get(reverse("submission_pick", args=[paper.pk]), {"q": "khong vuong"}).context["rows"]
    assert not row["blocked"] and "Giấy khen" in row["could"]


def test_a_paper_begun_twice_by_the_same_form_is_one_and_a_foreign_units_none(world, client, paper):
    client.force_login(world.officer)
    data = {"token": uuid4(), "unit": world.hue.pk, "type": "merit", "year": 2026, "title": "T", "procedure": "normal"}
    for _twice in range(2):
        client.post(reverse("submission_new"), data)
    client.post(reverse("submission_new"), data | {"token": uuid4(), "unit": world.vinh.pk})

    assert Submission.objects.exclude(pk=paper.pk).count() == 1


def test_the_simplified_procedure_asks_for_its_reason(world, client):
    client.force_login(world.officer)
    data = {"token": uuid4(), "unit": world.hue.pk, "type": "sudden", "year": 2026, "title": "T"}

    page = client.post(reverse("submission_new"), data | {"procedure": "simplified"})

    assert "Hãy ghi lý do" in page.content.decode() and not Submission.objects.exists()


# --- lists ---


def test_a_stranger_sees_no_row_and_a_superior_sees_the_drafts_below(world, draft, client):
    for who, sees in ((world.stranger, False), (world.kv1_head, False), (world.head, True), (world.office, True)):
        client.force_login(who)
        for name in ("nomination_list", "submission_list"):
            page = client.get(reverse(name)).content.decode()
            assert (draft.get_absolute_url() in page or draft.submission.get_absolute_url() in page) == sees, who


def test_search_is_blind_to_accents_and_the_long_list_is_walked_without_counting(world, paper, client):
    people = [make.person(f"Người {i:02}", world.hue) for i in range(30)]
    editing.add(paper, people, "GK", by=world.officer)
    client.force_login(world.office)
    url = reverse("nomination_list")
    first = client.get(url).context
    assert (len(first["rows"]), first["page"].previous) == (25, "")
    second = client.get(url, {"after": first["page"].next}).context
    assert (len(second["rows"]), second["page"].next) == (5, "")
    back = client.get(url, {"before": second["page"].previous}).context
    assert [row.nomination.pk for row in back["rows"]] == [row.nomination.pk for row in first["rows"]]
    assert [r.nomination.subject_name for r in client.get(url, {"q": "nguoi 07"}).context["rows"]] == ["Người 07"]
    for nonsense in ({"before": "x"}, {"after": "9" * 40}, {"year": "abc"}, {"state": "?"}):
        assert client.get(url, nonsense).status_code == 200


def test_the_list_of_papers_is_walked_and_counted_no_further_than_anyone_would(world, client, monkeypatch):
    papers = [make.submission(world.hue, world.officer, title=f"Tờ trình {i}") for i in range(30)]
    client.force_login(world.office)
    url = reverse("submission_list")
    first = client.get(url)
    second = client.get(url, {"after": first.context["page"].next, "tab": "open"})
    assert "30 dòng" in first.content.decode()
    assert [row.paper for row in [*first.context["rows"], *second.context["rows"]]] == papers[::-1]
    assert (second.context["query"], second.context["page"].next) == ("tab=open", "")

    monkeypatch.setattr(paging.count, "__defaults__", (7,))
    with CaptureQueriesContext(connection) as asked:
        assert "Hơn 7 dòng" in client.get(url).content.decode()
    assert all("LIMIT 8" in q["sql"] for q in asked.captured_queries if "COUNT(*) FROM (" in q["sql"])


def count(client, url):
    client.get(url)  # the session and the cached parts of the page
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_ask_as_much_for_many_rows_as_for_few(world, paper, client):
    first = make.nomination(paper, make.person("Người Đầu", world.hue), world.officer)
    first.achievements.add(Achievement.objects.create(person=first.person, unit=world.hue, year=2026, title="T"))
    pages = {
        reverse("nomination_list"): 8,
        reverse("submission_list"): 8,
        reverse("submission", args=[paper.pk]): 16,
        reverse("submission_pick", args=[paper.pk]): 12,
        first.get_absolute_url(): 15,
        reverse("nomination_edit", args=[first.pk]): 15,
    }
    client.force_login(world.officer)
    few = {url: count(client, url) for url in pages}
    for i in range(20):
        n = make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer)
        n.achievements.add(Achievement.objects.create(person=n.person, unit=world.hue, year=2026, title=f"T{i}"))
        make.submission(world.hue, world.officer, title=f"Tờ trình {i}")
    many = {url: count(client, url) for url in pages}

    assert few == many
    assert all(many[url] <= most + make.SESSION_READ for url, most in pages.items())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a short table as it stands")
def test_what_is_open_is_found_by_an_index_of_its_own(world):
    rows = Nomination.objects.visible_to(world.officer)
    asked = {
        "nomination_drafted": with_draft_result(world.office).order_by().values("pk"),
        "nomination_of_unit_state": rows.filter(unit=world.hue, state="draft").order_by("-pk"),
        "submission_unsent": Submission.objects.filter(unit=world.hue, first_submitted_at=None).order_by("-pk"),
    }
    plans = {index: found.explain() for index, found in asked.items()}
    assert all(index in plan and "TEMP B-TREE" not in plan for index, plan in plans.items()), plans


# --- what the unit may read ---


def test_comments_for_the_office_alone_stay_there(world, draft, client):
    flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    for audience, text in (("office", "chỉ nội bộ"), ("unit", "gửi đơn vị")):
        Comment.objects.create(nomination=draft, audience=audience, text=text, round=1, by=world.office)
    client.force_login(world.officer)

    page = client.get(draft.get_absolute_url()).content.decode()

    assert "gửi đơn vị" in page and "chỉ nội bộ" not in page


def test_versions_are_compared_side_by_side(world, draft, client):
    client.force_login(world.officer)
    assert client.get(reverse("nomination_compare", args=[draft.pk])).status_code == 302
    flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    flow.move("return", [draft], by=world.office, note="Sửa", versions=make.seen_each([draft]))
    Nomination.objects.update(summary="Bản hai")
    flow.move("resubmit", [draft], by=world.head, versions=make.seen_each([draft]))

    page = client.get(reverse("nomination_compare", args=[draft.pk])).content.decode()

    assert "<ins>" in page and "<del>" in page


# --- what a campaign opens ---


def test_the_office_opens_awards_for_fields_of_merit_and_a_clone_takes_them_along(world, client):
    campaign = make.launched(world.root, world.office)
    field = campaign.merit_fields.get()
    client.force_login(world.office)
    url = reverse("campaign_awards", args=[campaign.pk])
    assert client.get(url).status_code == 200
    opened = {"BK_VT-fields": [field.pk], "BK_VT-places": "3", "GK-fields": [""], "version": campaign.version}
    client.post(url, opened)
    stale = client.post(url, opened | {"BK_VT-places": "5"})
    assert "vừa được người khác thay đổi" in stale.content.decode()
    client.post(url, opened | {"version": make.seen(campaign)})
    rows = set(CampaignAward.objects.values_list("award", "merit_field", "places"))
    assert rows == {("BK_VT", field.pk, 3), ("GK", None, None)}
    assert Entry.objects.about(campaign).filter(verb="edit").count() == 1
    client.post(url, {"GK-fields": ["999999"], "version": make.seen(campaign)})
    assert CampaignAward.objects.count() == 2  # a foreign field is no choice

    made, _dropped = cloning.clone(
        campaign, unit=world.root, code="BAN-SAO", title="Bản sao", starts_on=None, by=world.office
    )
    copied = {(r.award, r.merit_field.code if r.merit_field else None, r.places) for r in made.open_awards.all()}
    assert copied == {("BK_VT", field.code, 3), ("GK", None, None)}
    client.force_login(world.head)
    assert client.post(url, {}).status_code == 403
    with pytest.raises(PermissionDenied):
        opening.open_for(campaign, [], by=world.head, version=make.seen(campaign))


def test_a_step_of_another_desk_or_of_no_name_does_not_exist(world, paper, draft, client):
    client.force_login(world.head)
    assert client.post(reverse("nomination_step", args=[draft.pk, "hack"])).status_code == 404
    assert client.post(reverse("submission_step", args=[paper.pk, "release_fit"])).status_code == 404
    assert client.post(reverse("nomination_step", args=[draft.pk, "take_up"])).status_code == 302  # said in words
    assert Nomination.objects.get().state == "draft"


def test_what_was_dropped_comes_back_unless_it_is_there_again(world, paper, draft):
    flow.move("drop", [draft], by=world.officer, versions=make.seen_each([draft]))
    again = make.nomination(paper, draft.person, world.officer)
    with pytest.raises(Refused):
        flow.move("restore", [draft], by=world.officer, versions=make.seen_each([draft]))
    flow.move("drop", [again], by=world.officer, versions=make.seen_each([again]))

    assert flow.move("restore", [draft], by=world.officer, versions=make.seen_each([draft]))[0].state == "draft"


def test_the_answer_of_autosave_is_what_the_script_expects(world, draft, client):
    client.force_login(world.officer)

    answer = json.loads(client.post(reverse("nomination_autosave", args=[draft.pk]), typed(draft)).content)

    assert set(answer) == {"version", "saved_at", "sections"}
    page = client.get(reverse("nomination_edit", args=[draft.pk]))
    told = {s.id: [s.done, s.total] for s in page.context["index"] if s.id not in ("links", "evidence")}
    assert answer["sections"] == told  # these two are not typed


def test_a_long_paper_is_sent_in_the_background(world, paper, client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("awards.nominations.views.submissions.AT_ONCE", 1)
    monkeypatch.setattr("awards.nominations.flow.SAID_EVERY", 1)
    told = []
    monkeypatch.setattr("awards.nominations.jobs.progress", lambda job, done, total: told.append((done, total)))
    for i in range(2):
        make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer)
    client.force_login(world.head)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("submission_step", args=[paper.pk, "submit"]), {"version": paper.whole_version})

    job = Job.objects.get()
    assert (answer.url, job.state, job.result["url"]) == (job.get_absolute_url(), "done", paper.get_absolute_url())
    assert set(Nomination.objects.values_list("state", flat=True)) == {"submitted"}
    assert told == [(1, 2)]
