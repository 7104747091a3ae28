"""The plan's pages: what was typed stays, what is stored is not overwritten, files are what they say."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns import flow
from campaigns.models import Attachment, Plan
from portal.models import Entry
from tests import make


@pytest.fixture
def campaign(campaign, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return campaign


@pytest.fixture
def plan(world, campaign):
    return make.plan(campaign, world.hue, world.officer)


def typed(plan, *rows, theme="Chủ đề", version=None, reason=""):
    """What the browser posts: `rows` belong to the first area; the second gives a reason."""
    first, second = plan.campaign.areas.all()
    data = {"version": version or plan.version, "theme": theme, "organising": "Hội nghị"}
    for area, own in ((first, rows), (second, ())):
        key = f"area-{area.pk}"
        data |= {
            f"{key}-TOTAL_FORMS": len(own),
            f"{key}-INITIAL_FORMS": 0,
            f"{key}-reason": reason if area == second else "",
        }
        for place, row in enumerate(own):
            data |= {f"{key}-{place}-{name}": value for name, value in row.items()}
    return data


ROW = {"what": "Tiêm đủ mũi", "amount": "100", "measure": "%", "responsible": "Văn phòng", "due_on": "01/03/2027"}


def test_a_draft_is_saved_and_shown(world, plan, client):
    client.force_login(world.officer)

    client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW, reason="đã có"))

    page = client.get(reverse("plan_detail", args=[plan.pk])).content.decode()
    assert "Tiêm đủ mũi" in page and "01/03/2027" in page and "đã có" in page


@pytest.mark.parametrize(
    ("text", "amount"), [("1.500", 1500), ("1.500,5", 1500.5), ("12,5", 12.5), ("2 000", 2000), ("7", 7)]
)
def test_numbers_are_read_as_people_write_them_in_vietnam(world, plan, client, text, amount):
    client.force_login(world.officer)

    client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW | {"amount": text}))

    assert float(plan.commitments.get().amount) == amount


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_on", "31/02/2027"),
        ("due_on", "mai"),
        ("amount", "nhiều"),
        ("amount", "-1"),
        ("amount", "9" * 30),
        ("what", "x" * 501),
    ],
)
def test_bad_input_is_told_beside_the_field_and_keeps_what_was_typed(world, plan, client, field, value):
    client.force_login(world.officer)

    page = client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW | {field: value}, theme="Giữ lại tôi"))

    area = plan.campaign.areas.first()
    text = page.content.decode()
    assert page.status_code == 200
    assert [fault.id for fault in page.context["faults"]] == [f"id_area-{area.pk}-0-{field}"]
    assert f'href="#id_area-{area.pk}-0-{field}"' in text and f'id="id_area-{area.pk}-0-{field}_error"' in text
    assert "Giữ lại tôi" in text and "Đã lưu bản nháp, trừ 1 chỗ chưa đúng" in text
    assert Plan.objects.get(pk=plan.pk).theme == "Giữ lại tôi"
    assert plan.commitments.get().responsible == ROW["responsible"]


def test_a_choice_that_the_page_did_not_offer_refuses_the_form(world, plan, client):
    client.force_login(world.officer)
    data = typed(plan, ROW | {"criterion": "999999"}, theme="Giữ lại tôi")

    page = client.post(reverse("plan_edit", args=[plan.pk]), data)

    assert page.context["faults"] and "Giữ lại tôi" in page.content.decode()
    assert client.post(reverse("plan_autosave", args=[plan.pk]), data).status_code == 422
    assert Plan.objects.get(pk=plan.pk).theme == plan.theme


def test_one_wrong_field_stays_as_it_is_stored_and_stops_no_other(world, plan, client):
    client.force_login(world.officer)
    client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW))
    url = reverse("plan_autosave", args=[plan.pk])

    answer = client.post(url, typed(plan, ROW | {"amount": "1,500", "measure": "vụ"}, version=make.seen(plan))).json()

    [fault] = answer["faults"]
    row = plan.commitments.get()
    assert (row.amount, row.measure) == (100, "vụ")
    assert fault["id"].endswith("-0-amount") and "1500" in fault["words"] and "Chỉ tiêu" in fault["label"]
    assert answer["version"] == make.seen(plan)
    again = client.post(url, typed(plan, ROW | {"amount": "1.500", "measure": "vụ"}, version=answer["version"])).json()
    assert "faults" not in again and plan.commitments.get().amount == 1500


def test_what_was_sent_again_after_a_partial_saving_is_no_conflict(world, plan, client):
    client.force_login(world.officer)
    url = reverse("plan_edit", args=[plan.pk])
    page = client.post(url, typed(plan, ROW | {"due_on": "mai"}, theme="Một"))
    seen = page.context["form"].head["version"].value()

    answer = client.post(url, typed(plan, ROW, theme="Hai", version=seen))

    assert answer.status_code == 302 and Plan.objects.get(pk=plan.pk).theme == "Hai"


@pytest.mark.parametrize("data", [{}, {"version": "x"}, {"version": "1"}, {"version": "9" * 40}])
def test_a_form_that_is_no_form_is_no_fault(world, plan, client, data):
    client.force_login(world.officer)

    assert client.post(reverse("plan_edit", args=[plan.pk]), data).status_code == 200
    assert client.post(reverse("plan_autosave", args=[plan.pk]), data).status_code == 422
    assert Plan.objects.get(pk=plan.pk).commitments.count() == 2


def test_the_second_editor_sees_both_texts_and_nothing_is_lost(world, plan, client):
    client.force_login(world.head)
    flow.write(
        plan, theme="Bản của cán bộ", organising="x", commitments=[], reasons={}, by=world.officer, version=plan.version
    )

    page = client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW, theme="Bản của thủ trưởng"))

    text = page.content.decode()
    assert Plan.objects.get(pk=plan.pk).theme == "Bản của cán bộ"
    assert "Trần Thị Cán Bộ" in text and "thủ trưởng" in text and "cán bộ" in text
    again = typed(plan, ROW, theme="Bản của thủ trưởng", version=page.context["form"].head["version"].value())
    client.post(reverse("plan_edit", args=[plan.pk]), again)
    assert Plan.objects.get(pk=plan.pk).theme == "Bản của thủ trưởng"


def test_autosave_answers_version_or_conflict(world, plan, client):
    client.force_login(world.officer)
    url = reverse("plan_autosave", args=[plan.pk])

    saved = client.post(url, typed(plan, ROW, theme="một"))
    stale = client.post(url, typed(plan, ROW, theme="hai"))

    assert saved.status_code == 200 and saved.json()["version"] == plan.version + 1
    assert stale.status_code == 409 and stale.json()["conflict_url"]
    assert Plan.objects.get(pk=plan.pk).theme == "một"


def test_autosave_tells_how_far_each_part_is(world, plan, client):
    client.force_login(world.officer)
    url, area = reverse("plan_autosave", args=[plan.pk]), plan.campaign.areas.first()

    bare = client.post(url, typed(plan, {"what": "Việc"}, theme="một")).json()
    whole = client.post(url, typed(plan, ROW, theme="", version=bare["version"])).json()

    assert bare["sections"]["theme"] == [2, 2] and whole["sections"]["theme"] == [1, 2]
    page = client.get(reverse("plan_edit", args=[plan.pk]))
    assert whole["sections"] == {s.id: [s.done, s.total] for s in page.context["index"]}
    assert (bare["sections"][f"area-{area.pk}"], whole["sections"][f"area-{area.pk}"]) == ([0, 1], [1, 1])


def test_what_was_sent_is_not_edited_any_more(world, plan, client):
    flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))
    client.force_login(world.officer)

    assert client.get(reverse("plan_edit", args=[plan.pk])).status_code == 302
    assert client.post(reverse("plan_autosave", args=[plan.pk]), typed(plan, ROW)).status_code == 422


def test_the_whole_round_by_its_pages(world, plan, client):
    """Head sends, office comments at a field and returns, head answers, office approves: each sees what they should."""
    step = lambda name: reverse("plan_step", args=[plan.pk, name])  # noqa: E731
    detail = plan.get_absolute_url()
    area = plan.campaign.areas.first()
    client.force_login(world.head)
    client.post(step("submit"), {"version": plan.version})
    client.force_login(world.office)
    client.post(reverse("plan_comment", args=[plan.pk]), {"field": f"area-{area.pk}", "text": "Nêu rõ số người"})
    client.force_login(world.head)
    assert "Nêu rõ số người" not in client.get(detail).content.decode()
    client.force_login(world.office)
    client.post(step("return"), {"note": "Bổ sung nội dung 1", "version": make.seen(plan)})
    client.force_login(world.officer)
    form = client.get(reverse("plan_edit", args=[plan.pk])).content.decode()
    assert "Nêu rõ số người" in form and "Bổ sung nội dung 1" in form
    client.force_login(world.head)
    client.post(step("resubmit"), {"version": make.seen(plan)})
    client.force_login(world.office)
    client.post(step("approve"), {"next": "1", "version": make.seen(plan)})

    assert Plan.objects.get(pk=plan.pk).state == "approved"
    assert [e.verb for e in Entry.objects.about(plan)][:5] == ["approve", "resubmit", "return", "comment", "submit"]
    assert client.get(reverse("plan_compare", args=[plan.pk])).status_code == 200


def test_an_incomplete_plan_says_what_is_missing_instead_of_leaving(world, campaign, client):
    plan = make.plan(campaign, world.hue, world.officer, whole=False)
    client.force_login(world.head)

    page = client.post(reverse("plan_step", args=[plan.pk, "submit"]), follow=True)

    assert "hãy ghi ít nhất một cam kết" in page.content.decode()
    assert Plan.objects.get(pk=plan.pk).state == "draft"


def test_pages_of_a_plan_ask_few_queries_however_long_it_is(world, plan, client, django_assert_max_num_queries):
    from campaigns.models import Commitment

    client.force_login(world.head)
    urls = [reverse(name, args=[plan.pk]) for name in ("plan_detail", "plan_edit")]
    counts = []
    for extra in (0, 25):
        Commitment.objects.bulk_create(
            Commitment(plan=plan, area=plan.campaign.areas.first(), what=f"v{i}") for i in range(extra)
        )
        for url in urls:
            client.get(url)
            with django_assert_max_num_queries(15) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))

    assert counts[:2] == counts[2:]


def test_files_are_kept_served_and_taken_out(world, plan, client):
    client.force_login(world.officer)
    pdf = SimpleUploadedFile("Kế hoạch.pdf", make.PDF)

    client.post(reverse("plan_attach", args=[plan.pk]), {"file": pdf})
    kept = Attachment.objects.get()
    response = client.get(reverse("attachment_file", args=[kept.pk]))
    body = b"".join(response.streaming_content)
    client.post(reverse("attachment_remove", args=[kept.pk]))

    assert body.startswith(b"%PDF") and "attachment" in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert Attachment.objects.get().removed_at is not None
    assert [e.verb for e in Entry.objects.about(plan)][:2] == ["detach", "attach"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.exe", b"MZ"),
        ("a.pdf", b""),
        ("a.docx", b"PK\x03\x04nothing"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(world, plan, client, name, body):
    client.force_login(world.officer)

    page = client.post(reverse("plan_attach", args=[plan.pk]), {"file": SimpleUploadedFile(name, body)}, follow=True)

    (said,) = map(str, page.context["messages"])
    above, beside = page.content.decode().split('id="attachments"')
    assert page.status_code == 200 and said in beside and said not in above
    assert said == "Tệp rỗng. Hãy chọn lại tệp." or body
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", "{{ 7*7 }}", '" onmouseover="x', "=cmd|' /C calc'!A0"]
)
def test_text_never_becomes_code(world, plan, client, payload):
    client.force_login(world.officer)

    client.post(reverse("plan_edit", args=[plan.pk]), typed(plan, ROW | {"what": payload}, theme=payload))

    for name in ("plan_detail", "plan_edit"):
        page = client.get(reverse(name, args=[plan.pk])).content.decode()
        assert "<script>alert" not in page and '" onmouseover="' not in page


@pytest.mark.parametrize(("who", "kept"), [("officer", True), ("head", False)])
def test_what_was_sent_after_the_session_had_ended_waits_for_its_writer(world, plan, client, who, kept):
    """Without scripts too; somebody else at the same browser is not shown it, and nothing is saved by itself."""
    url = reverse("plan_edit", args=[plan.pk])

    answer = client.post(url, typed(plan, ROW, theme="Viết trong một giờ") | {"person": world.officer.pk})
    client.post(answer["Location"], {"login": who, "password": make.PASSWORD})
    page = client.get(url)

    assert ("Viết trong một giờ" in page.content.decode()) is kept
    assert Plan.objects.get(pk=plan.pk).theme == plan.theme
    assert "Viết trong một giờ" not in client.get(url).content.decode()


def test_a_comment_that_is_too_long_stays_in_its_field_whole(world, plan, client):
    flow.PLAN.take("submit", plan, by=world.head, version=make.seen(plan))
    client.force_login(world.office)
    text = "Nêu rõ số người. " * 130

    answer = client.post(reverse("plan_comment", args=[plan.pk]), {"field": "theme", "text": text}, follow=True)

    page = answer.content.decode()
    assert plan.comments.count() == 0
    assert f'id="text-theme" name="text" rows="3" maxlength="2000" required>{text.strip()}</textarea>' in page
