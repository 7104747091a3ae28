"""The editor of a draft: what was typed is saved, told or kept."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.campaigns import editing
from campaigns.models import Campaign
from tests import make
from tests.campaigns.campaigns.helpers import PDF, page, said, send, typed, words


def test_the_office_begins_a_draft_and_comes_to_the_editor(client, world):
    response = send(
        client,
        "campaign_new",
        by=world.office,
        data={"unit": world.root.pk, "code": "PT-1", "title": "Mới\u202e", "kind": "thematic"},
    )
    campaign = Campaign.objects.get()
    assert response.redirect_chain[-1][0] == reverse("campaign_edit", args=[campaign.pk])
    assert campaign.title == "Mới"


@pytest.mark.parametrize("unit", ["hue", "v16"])
def test_a_unit_of_others_is_no_choice(client, world, unit):
    data = {"unit": getattr(world, unit).pk, "code": "PT-1", "title": "Mới", "kind": "thematic"}
    response = send(client, "campaign_new", by=world.office, data=data)
    assert "unit" in response.context["form"].errors
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("who", ["council", "auditor", "nobody", "admin"])
def test_who_drafts_nothing_finds_no_page_for_it(client, world, who):
    page(client, "campaign_new", by=getattr(world, who), status=404)


def test_a_code_that_is_taken_is_said(client, world):
    make.campaign(world.root, code="PT-1")
    data = {"unit": world.root.pk, "code": "PT-1", "title": "Mới", "kind": "thematic"}
    assert "code" in send(client, "campaign_new", by=world.office, data=data).context["form"].errors


def test_saving_the_editor_as_it_was_opened_changes_nothing(client, world):
    campaign = make.campaign(world.root)
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=typed(campaign, world.office))
    assert said(response) == ["Đã lưu bản nháp."], [part.errors for part in response.context.get("sections", [])]
    assert Campaign.objects.get().version == campaign.version


def test_the_editor_saves_every_part(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = make.campaign(world.root)
    data = typed(campaign, world.office) | {
        "objective": "Mục tiêu mới",
        "starts_on": "01/02/2027",
        "ends_on": "31/12/2027",
        "areas-0-criteria": "Một\n\n  Hai  \n",
        "areas-0-ORDER": "5",
        "areas-1-ORDER": "1",
        "solutions-0-DELETE": "on",
        "phases-TOTAL_FORMS": "1",
        "phases-0-title": "Đợt một",
        "phases-0-starts_on": "01/02/2027",
        "milestone-registration-due_at": "28/02/2027",
        "milestone-registration-due_at-hour": "",
        "milestone-registration-owed_by": ["department", "province"],
        "milestone-registration-offsets": "0, -7",
        "milestone-final-use": "on",
        "milestone-final-due_at": "15/12/2027 17:00",
        "documents-0-file": SimpleUploadedFile("Kế hoạch.pdf", PDF),
    }
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=data)
    assert said(response) == ["Đã lưu bản nháp."]
    campaign.refresh_from_db()
    assert (campaign.objective, campaign.ends_on) == ("Mục tiêu mới", date(2027, 12, 31))
    assert [a.code for a in campaign.areas.all()] == ["ND2", "ND1"]
    assert [c.text for c in campaign.areas.last().criteria.all()] == ["Một", "Hai"]
    assert not campaign.solutions.exists()
    assert campaign.phases.get().title == "Đợt một"
    registration, final = campaign.milestones.order_by("due_at")
    assert f"{editing.timezone.localtime(registration.due_at):%d/%m/%Y %H:%M}" == "28/02/2027 23:59"
    assert registration.owed_by == ["department", "province"]
    assert registration.offsets == [-7, 0]
    assert f"{editing.timezone.localtime(final.due_at):%H:%M}" == "17:00"
    download = page(client, "document_file", campaign.documents.get().pk)
    assert download["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(download) == PDF
    client.force_login(world.head)
    page(client, "document_file", campaign.documents.get().pk, status=404)


def test_the_editor_shows_what_is_missing_with_the_article(client, world):
    campaign = make.campaign(world.root)
    campaign.solutions.all().delete()
    shown = words(page(client, "campaign_edit", campaign.pk, by=world.office))
    assert "Còn thiếu: biện pháp tổ chức thực hiện (Luật Thi đua, khen thưởng số 06/2022/QH15, Điều 17)." in shown


def test_adding_a_row_without_a_script_saves_and_offers_it(client, world):
    campaign = make.campaign(world.root)
    data = typed(campaign, world.office) | {"title": "Đổi tên", "add": "areas"}
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=data)
    assert response.redirect_chain[-1][0].endswith("?more=areas#areas")
    assert 'name="areas-2-title"' in words(response)
    assert Campaign.objects.get().title == "Đổi tên"


def test_two_editors_are_shown_both_texts_and_nothing_is_lost(client, world):
    campaign = make.campaign(world.root)
    mine = typed(campaign, world.office) | {"scope": "Phạm vi của tôi"}
    theirs = typed(campaign, world.office2) | {"objective": "Mục tiêu của người kia"}
    send(client, "campaign_edit", campaign.pk, by=world.office2, data=theirs)
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=mine)
    assert response.status_code == 409
    shown = words(response)
    for text in ("Đỗ Văn Hai", "Mục tiêu của người kia", "Phạm vi của tôi", "người khác vừa sửa"):
        assert text in shown
    assert Campaign.objects.get().scope == "Toàn ngành"
    send(client, "campaign_edit", campaign.pk, data=mine | {"version": response.context["version"]})
    assert Campaign.objects.get().scope == "Phạm vi của tôi"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"starts_on": "32/13/2027"},
        {"starts_on": "01/01/0001"},
        {"starts_on": "02/01/2027", "ends_on": "01/01/2027"},
        {"kind": "lạ"},
        {"parent": "999999"},
        {"parent": "abc"},
        {"code": "x" * 500},
        {"title": "\x01"},
        {"objective": "a" * 30_000},
        {"areas-0-title": ""},
        {"areas-1-code": "ND1"},
        {"areas-0-criteria": "a" * 500},
        {"areas-0-criteria": "a\n" * 60},
        {"areas-0-id": "abc"},
        {"areas-0-ORDER": "abc"},
        {"areas-TOTAL_FORMS": "99999"},
        {"areas-TOTAL_FORMS": ""},
        {"milestone-registration-due_at": "ngày mai"},
        {"milestone-registration-due_at": "01/01/0001 00:00"},
        {"milestone-registration-due_at": "31/12/9999 23:59"},
        {"milestone-registration-owed_by": ["district"]},
        {"milestone-registration-offsets": "-7, hôm nay"},
        {"milestone-registration-offsets": "-100"},
        {"milestone-final-due_at": "01/02/2027"},
        {"documents-0-file": SimpleUploadedFile("a.pdf", b"<html>")},
        {"documents-0-file": SimpleUploadedFile("a.svg", b"<svg/>")},
    ],
    ids=lambda nonsense: next(iter(nonsense)),
)
def test_nonsense_is_answered_with_words(client, world, nonsense):
    campaign = make.campaign(world.root)
    data = typed(campaign, world.office) | nonsense
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=data)
    assert response.status_code == 200
    assert response.context["invalid"]
    assert Campaign.objects.get().version == campaign.version


def test_a_wrong_field_stays_as_it_is_stored_and_stops_no_other(client, world):
    campaign = make.campaign(world.root)
    data = typed(campaign, world.office) | {
        "objective": "Mục tiêu mới",
        "ends_on": "mai",
        "areas-0-title": "",
        "areas-0-summary": "Yêu cầu mới",
        "areas-1-title": "Tên mới",
        "milestone-registration-offsets": "-7, hôm nay",
        "milestone-final-use": "on",
        "milestone-final-due_at": "15/12/2027 17:00",
    }
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=data)
    stored = Campaign.objects.get()
    assert (stored.objective, stored.ends_on) == ("Mục tiêu mới", campaign.ends_on)
    first, second = stored.areas.all()
    assert (first.title, first.summary, second.title) == (campaign.areas.first().title, "Yêu cầu mới", "Tên mới")
    assert stored.milestones.filter(kind="final").exists()
    links = ["id_ends_on", "id_areas-0-title", "id_milestone-registration-offsets"]
    assert [fault.id for fault in response.context["faults"]] == links
    shown = words(response)
    assert "Đã lưu bản nháp, trừ 3 chỗ chưa đúng" in shown
    for link in links:
        assert f'<a href="#{link}">' in shown and f'id="{link}_error"' in shown
    again = data | {"version": response.context["version"], "ends_on": "", "areas-0-title": "Một"}
    again |= {"milestone-registration-offsets": "-7"}
    assert said(send(client, "campaign_edit", campaign.pk, data=again)) == ["Đã lưu bản nháp."]


def test_a_new_row_that_was_saved_is_known_from_then_on(client, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    campaign = make.campaign(world.root)
    data = typed(campaign, world.office) | {"starts_on": "hôm qua", "documents-TOTAL_FORMS": "2"}
    data |= {
        "documents-1-number": "2/KH",
        "documents-1-issuer": "Viện",
        "documents-1-title": "Hai",
        "documents-1-ORDER": "2",
    }
    data |= {"documents-1-file": SimpleUploadedFile("Hai.pdf", PDF)}
    response = send(client, "campaign_edit", campaign.pk, by=world.office, data=data)
    made = campaign.documents.get(number="2/KH")
    assert f'name="documents-1-id" value="{made.pk}"' in words(response) and made.file_name == "Hai.pdf"
    again = data | {"starts_on": "", "version": response.context["version"], "documents-1-id": made.pk}
    del again["documents-1-file"]
    send(client, "campaign_edit", campaign.pk, data=again)
    assert campaign.documents.get(number="2/KH").file_name == "Hai.pdf"


def test_the_draft_saves_itself_and_says_which_rows_it_has_got(client, world):
    campaign = make.campaign(world.root)
    client.force_login(world.office)
    url = reverse("campaign_autosave", args=[campaign.pk])
    data = typed(campaign, world.office) | {"areas-TOTAL_FORMS": "4", "areas-2-code": "ND3", "areas-2-title": "Ba"}
    data |= {"areas-3-code": "ND4", "areas-3-title": "", "objective": "Tự lưu"}
    answer = client.post(url, data).json()
    made = campaign.areas.get(code="ND3")
    assert answer["ids"]["areas-2-id"] == made.pk and answer["version"] == campaign.version + 1
    assert [fault["id"] for fault in answer["faults"]] == ["id_areas-3-title"]  # it waits on the page
    assert Campaign.objects.get().objective == "Tự lưu" and campaign.areas.count() == 3
    data |= {"version": answer["version"], "areas-2-id": made.pk, "areas-2-title": "Ba mới", "areas-3-title": "Bốn"}
    assert "faults" not in client.post(url, data).json()
    assert campaign.areas.get(pk=made.pk).title == "Ba mới"
    assert client.post(url, data).status_code == 409
    assert client.post(url, {"version": "1", "title": "x"}).status_code == 422
    assert Campaign.objects.get().objective == "Tự lưu"


def test_the_index_says_how_far_each_part_is(client, world):
    campaign = make.campaign(world.root)
    campaign.solutions.all().delete()
    shown = page(client, "campaign_edit", campaign.pk, by=world.office)
    found = {section.id: (section.done, section.total) for section in shown.context["index"]}
    assert found["areas"] == (2, 2) and found["solutions"] == (0, 1) and found["phases"] == (0, 0)
    for name in found:
        assert f'href="#{name}"' in words(shown) and f'id="{name}"' in words(shown)


def test_an_empty_post_is_answered_with_words(client, world):
    campaign = make.campaign(world.root)
    assert send(client, "campaign_edit", campaign.pk, by=world.office).context["invalid"]
    send(client, "campaign_edit", campaign.pk, data=typed(campaign, world.office) | {"version": "²"})
    assert Campaign.objects.get().version == campaign.version


def test_after_the_launch_the_editor_says_why_not(client, world):
    campaign = make.launched(world.root, world.office)
    client.force_login(world.office)
    response = client.get(reverse("campaign_edit", args=[campaign.pk]), follow=True)
    assert "giữ nguyên" in said(response)[0]


def test_the_preview_is_what_a_unit_will_read(client, world):
    campaign = make.campaign(world.root)
    shown = words(page(client, "campaign_preview", campaign.pk, by=world.office))
    assert "Bản xem trước" in shown
    assert "Tiêu chí 2" in shown
    assert "Nhật ký" not in shown
