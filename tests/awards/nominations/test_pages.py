"""The pages of papers: what was typed stays, what is stored is not overwritten, strangers see nothing."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.models import Achievement, CampaignAward, Comment, Evidence, Nomination, Submission
from awards.nominations import editing, flow, opening
from campaigns.campaigns import cloning
from campaigns.models import Commitment, Plan
from portal.flow import Refused
from portal.models import Entry, Job
from tests import make

PDF = make.PDF


@pytest.fixture
def paper(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make.submission(world.hue, world.officer)


@pytest.fixture
def draft(world, paper):
    return make.nomination(paper, make.person("Lê Văn An", world.hue, birth_year=1980), world.officer)


def typed(nomination, **fields):
    return {"version": nomination.version, "award": nomination.award, "summary": "Mới", "votes_for": "8"} | fields


# --- writing ---


def test_a_draft_is_saved_with_its_report_and_the_trail_says_what_changed(world, draft, client):
    client.force_login(world.officer)

    client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, **{"report-achievements": "120 vụ"}))

    draft.refresh_from_db()
    assert (draft.summary, draft.votes_for, draft.report["achievements"], draft.version) == ("Mới", 8, "120 vụ", 2)
    changes = Entry.objects.about(draft).filter(verb="edit").get().changes
    assert changes["Tóm tắt thành tích"] == ["Có thành tích, có số liệu.", "Mới"]


def test_saving_the_same_twice_changes_nothing(world, draft, client):
    client.force_login(world.officer)
    url = reverse("nomination_autosave", args=[draft.pk])
    first = client.post(url, typed(draft)).json()
    second = client.post(url, typed(draft, version=first["version"])).json()

    assert first["version"] == second["version"] == 2
    assert Entry.objects.about(draft).filter(verb="edit").count() == 1


def test_of_two_editors_the_second_sees_both_texts_and_overwrites_only_knowingly(world, draft, client):
    client.force_login(world.head)
    client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, summary="Của thủ trưởng"))
    client.force_login(world.officer)
    url = reverse("nomination_edit", args=[draft.pk])

    assert client.post(reverse("nomination_autosave", args=[draft.pk]), typed(draft)).status_code == 409
    page = client.post(url, typed(draft, summary="Của cán bộ")).content.decode()
    assert "trưởng" in page and "bộ" in page and "Người khác vừa lưu" in page
    assert Nomination.objects.get().summary == "Của thủ trưởng"

    client.post(url, typed(draft, summary="Của cán bộ", version=2))
    assert Nomination.objects.get().summary == "Của cán bộ"


def test_of_two_editors_of_the_cover_the_second_sees_both(world, paper, client):
    client.force_login(world.officer)
    url = reverse("submission_edit", args=[paper.pk])
    data = {"version": 1, "title": "Một", "year": 2026, "procedure": "normal", "number": "6/TTr"}
    client.post(url, data)
    assert client.post(reverse("submission_autosave", args=[paper.pk]), data | {"title": "Hai"}).status_code == 409

    page = client.post(url, data | {"title": "Hai"}).content.decode()

    assert "Một" in page and "Hai" in page
    assert Submission.objects.get().title == "Một"
    client.post(url, data | {"title": "Hai", "version": 2})
    assert Submission.objects.get().title == "Hai"


def test_fields_that_no_form_shows_are_not_taken(world, paper, draft, client):
    client.force_login(world.officer)
    sly = {
        "state": "fit",
        "desk": world.vinh.pk,
        "unit": world.vinh.pk,
        "round": 9,
        "pencil": "fit",
        "received_at": "2020-01-01",
        "edition": "RS-2019",
        "person": world.stranger.person_id,
        "submission": 1,
        "facts-is_head": "yes",
    }
    client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, **sly))
    cover = {"version": 1, "title": "x", "year": 2026, "procedure": "normal", "unit": world.vinh.pk, "campaign": 1}
    client.post(reverse("submission_edit", args=[paper.pk]), cover | {"first_submitted_at": "2020-01-01"})

    n, s = Nomination.objects.get(), Submission.objects.get()
    assert (n.state, n.desk, n.unit, n.round, n.pencil, n.edition, n.facts) == (
        "draft", world.hue, world.hue, 0, "", "", {},
    )  # fmt: skip
    assert (s.unit, s.campaign, s.first_submitted_at, s.title) == (world.hue, None, None, "x")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "x"),
        ("award", "KHÔNG"),
        ("votes_for", "-1"),
        ("votes_for", "nhiều"),
        ("summary", "x" * 2001),
        ("report-achievements", "x" * 20001),
        ("links-initiatives", "999999"),
        ("links-achievements", "abc"),
    ],
)
def test_bad_input_is_told_and_keeps_what_was_typed(world, draft, client, field, value):
    client.force_login(world.officer)

    page = client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, position="Giữ lại", **{field: value}))

    assert page.status_code == 200 and "Giữ lại" in page.content.decode()
    assert Nomination.objects.get().version == 1
    autosave = reverse("nomination_autosave", args=[draft.pk])
    assert client.post(autosave, typed(draft, **{field: value})).status_code == 422


def test_another_subjects_achievement_or_another_plans_commitment_cannot_be_linked(world, draft, client):
    other = Achievement.objects.create(person=world.stranger.person, unit=world.vinh, year=2026, title="Của người khác")
    campaign = make.launched(world.root, world.office)
    make.submitted(campaign, world.vinh, world.stranger)
    promise = Commitment.objects.first()
    client.force_login(world.officer)

    for links in ({"links-achievements": other.pk}, {"links-commitments": promise.pk}):
        client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, **links))

    assert not draft.achievements.exists() and not draft.commitments.exists()


def test_the_commitments_of_the_units_approved_plan_can_be_grounds(world, client):
    campaign = make.launched(world.root, world.office)
    plan = make.plan(campaign, world.hue, world.officer)
    Plan.objects.filter(pk=plan.pk).update(state="approved", round=1)
    paper = make.submission(world.hue, world.officer, campaign)
    draft = make.nomination(paper, make.person("Lê An", world.hue), world.officer)
    promise = plan.commitments.first()
    client.force_login(world.officer)

    client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, **{"links-commitments": promise.pk}))

    assert list(draft.commitments.all()) == [promise]
    assert promise.what in client.get(draft.get_absolute_url()).content.decode()


def test_an_achievement_is_noted_once_and_linked(world, draft, client):
    client.force_login(world.officer)
    url = reverse("nomination_achievement", args=[draft.pk])
    for _twice in range(2):
        client.post(url, {"title": "Giải quyết 120 vụ", "figures": "120 vụ"})

    assert [a.title for a in draft.achievements.all()] == ["Giải quyết 120 vụ"]
    assert Achievement.objects.count() == 1


def test_a_request_for_more_opens_only_what_it_names(world, draft, client):
    flow.move("submit", [draft], by=world.head, versions=make.seen_each([draft]))
    client.force_login(world.officer)
    assert client.get(reverse("nomination_edit", args=[draft.pk])).status_code == 302  # closed
    flow.move("take_up", [draft], by=world.office, versions=make.seen_each([draft]))
    due = timezone.now() + timedelta(days=3)
    asked = flow.ask_more(
        draft,
        fields=["summary", "evidence.minutes"],
        text="Nêu rõ",
        due_at=due,
        by=world.office,
        version=make.seen(draft),
    )

    page = client.get(reverse("nomination_edit", args=[draft.pk])).content.decode()
    assert "Nêu rõ" in page
    data = typed(asked, **{"report-achievements": "Không được hỏi", "position": "Khác"})
    client.post(reverse("nomination_edit", args=[draft.pk]), data)
    now = Nomination.objects.get()
    assert (now.summary, now.votes_for, now.report, now.position) == ("Mới", 9, {}, "")

    attach = reverse("nomination_attach", args=[draft.pk])
    client.post(attach, {"part": "report", "file": SimpleUploadedFile("a.pdf", PDF)})
    assert not Evidence.objects.exists()
    client.post(attach, {"part": "minutes", "file": SimpleUploadedFile("a.pdf", PDF)})
    assert Evidence.objects.get().part == "minutes"
    client.force_login(world.head)
    client.post(reverse("nomination_step", args=[draft.pk, "answer"]), {"version": now.version})
    assert Nomination.objects.get().state == "review"


# --- evidence ---


def test_files_are_what_they_say_served_in_scope_and_kept_when_removed(world, draft, client):
    client.force_login(world.officer)
    url = reverse("nomination_attach", args=[draft.pk])
    client.post(url, {"part": "minutes", "file": SimpleUploadedFile("a.pdf", b"<html>")})
    client.post(url, {"part": "không có", "file": SimpleUploadedFile("a.pdf", PDF)})
    assert not Evidence.objects.exists()
    for _twice in range(2):
        client.post(url, {"part": "minutes", "file": SimpleUploadedFile("biên bản.pdf", PDF)})
    evidence = Evidence.objects.get()
    answer = client.get(reverse("evidence_file", args=[evidence.pk]))
    assert b"".join(answer) == PDF and answer["X-Content-Type-Options"] == "nosniff"

    client.force_login(world.stranger)
    assert client.get(reverse("evidence_file", args=[evidence.pk])).status_code == 404
    client.force_login(world.officer)
    client.post(reverse("evidence_remove", args=[evidence.pk]))
    evidence.refresh_from_db()
    assert evidence.removed_at and evidence.file.storage.exists(evidence.file.name)


@pytest.mark.parametrize("door", ["nomination_attach", "submission_attach"])
def test_why_a_file_is_refused_is_said_beside_its_field(world, draft, client, door):
    client.force_login(world.officer)
    pk = draft.pk if door == "nomination_attach" else draft.submission_id

    page = client.post(
        reverse(door, args=[pk]), {"part": "minutes", "file": SimpleUploadedFile("a.pdf", b"<html>")}, follow=True
    )

    above, beside = page.content.decode().split('id="evidence"')
    assert "Chỉ nhận tệp PDF" in beside and "Chỉ nhận tệp PDF" not in above


def test_a_dossier_is_one_archive_with_every_part(world, draft, client):
    client.force_login(world.officer)
    client.post(
        reverse("nomination_attach", args=[draft.pk]),
        {"part": "minutes", "file": SimpleUploadedFile("biên bản.pdf", PDF)},
    )

    archive = ZipFile(BytesIO(b"".join(client.get(reverse("nomination_dossier", args=[draft.pk])))))

    assert [n for n in archive.namelist() if n.startswith("minutes/")] == ["minutes/01-biên bản.pdf"]
    text = archive.read(archive.namelist()[0]).decode()
    assert "Lê Văn An" in text and "Có thành tích" in text


def test_the_list_goes_out_as_a_sheet_without_formulas(world, paper, client):
    make.nomination(paper, make.person("Lê Văn An", world.hue), world.officer, summary="=1+1")
    client.force_login(world.officer)

    sheet = load_workbook(BytesIO(client.get(reverse("submission_export", args=[paper.pk])).content)).active

    heads = [c.value for c in sheet[1]]
    line = dict(zip(heads, sheet[2], strict=True))
    assert line["Họ tên cá nhân, tên tập thể"].value == "Lê Văn An"
    assert (line["Tóm tắt thành tích"].value, line["Tóm tắt thành tích"].data_type) == ("=1+1", "s")
    assert line["Số tờ trình"].value == "05/TTr" and line["Đơn vị"].value == world.hue.name_vi


# --- who is proposed ---


def test_only_subjects_of_the_unit_can_be_added_by_code_or_by_picking(world, paper, client):
    own, foreign = make.person("Lê An", world.hue, code="H1"), make.person("Hồ Bê", world.vinh, code="V1")
    client.force_login(world.officer)
    client.post(reverse("submission_add", args=[paper.pk]), {"code": "V1", "award": "GK"})
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
    assert (len(first["rows"]), first["newer"]) == (25, None)
    second = client.get(url, {"before": first["older"]}).context
    assert (len(second["rows"]), second["older"]) == (5, None)
    back = client.get(url, {"after": second["newer"]}).context
    assert [n.pk for n in back["rows"]] == [n.pk for n in first["rows"]]
    assert [n.subject_name for n in client.get(url, {"q": "nguoi 07"}).context["rows"]] == ["Người 07"]
    for nonsense in ({"before": "x"}, {"after": "9" * 40}, {"year": "abc"}, {"state": "?"}):
        assert client.get(url, nonsense).status_code == 200


def count(client, url):
    client.get(url)  # the session and the cached parts of the page
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_ask_as_much_for_many_rows_as_for_few(world, paper, client):
    first = make.nomination(paper, make.person("Người Đầu", world.hue), world.officer)
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

    assert set(answer) == {"version", "saved_at"}


def test_a_long_paper_is_sent_in_the_background(world, paper, client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("awards.nominations.views.submissions.AT_ONCE", 1)
    monkeypatch.setattr("awards.nominations.flow.SAID_EVERY", 1)
    told = []
    monkeypatch.setattr("awards.tasks.progress", lambda job, done, total: told.append((done, total)))
    for i in range(2):
        make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer)
    client.force_login(world.head)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("submission_step", args=[paper.pk, "submit"]), {"version": paper.whole_version})

    job = Job.objects.get()
    assert (answer.url, job.state, job.result["url"]) == (job.get_absolute_url(), "done", paper.get_absolute_url())
    assert set(Nomination.objects.values_list("state", flat=True)) == {"submitted"}
    assert told == [(1, 2)]
