"""What a unit writes in its papers: saved as typed, nothing overwritten, evidence kept."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from awards.models import Achievement, Evidence, Nomination, Submission
from awards.nominations import flow
from campaigns.models import Commitment, Plan
from portal.models import Entry
from portal.web.forms import errors
from tests import make
from tests.awards.nominations.helpers import PDF, typed


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
        "draft_result": "fit",
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
    assert (n.state, n.desk, n.unit, n.round, n.draft_result, n.edition, n.facts) == (
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
    refused = field in ("version", "award", "links-initiatives", "links-achievements")  # not what the page offered
    was = {"award": draft.award, "votes_for": draft.votes_for, "summary": draft.summary}

    page = client.post(reverse("nomination_edit", args=[draft.pk]), typed(draft, position="Giữ lại", **{field: value}))

    text, stored = page.content.decode(), Nomination.objects.get()
    assert page.status_code == 200 and "Giữ lại" in text
    assert stored.position == (draft.position if refused else "Giữ lại")
    assert field not in was or getattr(stored, field) == was[field]  # what is wrong stays as it is stored
    data = typed(draft, **({"version": stored.version} | {field: value}))
    answer = client.post(reverse("nomination_autosave", args=[draft.pk]), data)
    assert answer.status_code == (422 if refused else 200)
    if not refused:
        [fault] = answer.json()["faults"]
        assert fault["words"] and f'id="{fault["id"]}"' in text


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
    assert (now.summary, now.votes_for, now.report, now.position) == ("Mới", 9, draft.report, "")

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

    whole = client.get(reverse("submission_export", args=[paper.pk]), {"list": "whole"})
    _sheet, (heads, first, _total) = make.listed(whole.content)

    line = dict(zip([c.value for c in heads], first, strict=True))
    assert line["Họ tên cá nhân, tên tập thể"].value == "Lê Văn An"
    assert (line["Tóm tắt thành tích"].value, line["Tóm tắt thành tích"].data_type) == ("=1+1", "s")
    assert line["Số tờ trình"].value == "05/TTr" and line["Đơn vị"].value == world.hue.name_vi


def test_a_cover_keeps_what_is_right_and_what_fits_together(world, paper, client):
    client.force_login(world.officer)
    data = {"version": 1, "title": "Tên mới", "year": "2.026", "procedure": "normal", "number": "6/TTr"}
    data |= {"dated": "mai", "council_members": "5", "council_present": "9"}

    page = client.post(reverse("submission_edit", args=[paper.pk]), data)

    stored, text = Submission.objects.get(), page.content.decode()
    assert (stored.title, stored.year, stored.dated) == ("Tên mới", 2026, paper.dated)
    assert (stored.council_members, stored.council_present) == (9, 9)
    assert {"#id_dated", "#id_council_present"} == {f"#{fault.id}" for fault in faults(page)}
    assert 'aria-describedby="id_dated_error"' in text and "Đã lưu bản nháp, trừ 2 chỗ" in text


def faults(page):
    return list(errors.of_form(page.context["form"]))
