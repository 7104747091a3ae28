"""The pages of a campaign as people meet them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.campaigns import cloning, editing
from campaigns.campaigns.forms import Editor
from campaigns.flow import CAMPAIGN
from campaigns.models import Campaign, Obligation, Plan
from tests import make
from units.models import EmulationOffice, Role

PDF = make.PDF


def page(client, name, *args, by=None, status=200, **query):
    if by is not None:
        client.force_login(by)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status, response
    return response


def send(client, name, *args, by=None, data=None, follow=True):
    if by is not None:
        client.force_login(by)
    return client.post(reverse(name, args=args), data or {}, follow=follow)


def words(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(m) for m in response.context["messages"]]


def typed(campaign, by):
    """What a browser sends when the editor is saved as it was opened."""
    editor = Editor(Campaign.objects.get(pk=campaign.pk), by)
    data = {"version": campaign.version}
    forms = [editor.form, *editor.milestones]
    for formset in editor.lists.values():
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if field.widget_type == "checkbox":
                if value:
                    data[field.html_name] = "on"
            elif field.name != "file":
                shown = value if isinstance(value, list) else field.field.widget.format_value(value)
                data[field.html_name] = shown[0] if isinstance(shown, list) and field.widget_type == "select" else shown
    return {key: "" if value is None else value for key, value in data.items()}


# --- who sees what ---


@pytest.mark.parametrize("who", ["head", "officer", "stranger", "kv1_head", "council", "nobody", "admin"])
def test_a_draft_does_not_exist_for_those_who_do_not_prepare_it(client, world, who):
    campaign = make.campaign(world.root)
    by = getattr(world, who)
    for name in ("campaign_detail", "campaign_edit", "campaign_preview", "campaign_clone"):
        page(client, name, campaign.pk, by=by, status=404)
    assert send(client, "campaign_sub", campaign.pk, by=by).status_code == 404
    assert send(client, "campaign_step", campaign.pk, "launch", by=by).status_code == 404
    assert campaign.title not in words(page(client, "campaign_list", by=by))


def test_a_sub_campaign_of_another_province_is_not_in_sight(client, world):
    parent = make.launched(world.root, world.office)
    draft, _fresh = cloning.sub_campaign(parent, world.hue, by=world.head)
    page(client, "campaign_detail", draft.pk, by=world.stranger, status=404)
    page(client, "campaign_edit", draft.pk, by=world.officer)


def test_an_auditor_reads_a_draft_and_changes_nothing(client, world):
    make.Membership.objects.create(user=world.nobody, unit=world.root, role=Role.AUDITOR)
    campaign = make.campaign(world.root)
    assert "campaign_edit" not in words(page(client, "campaign_detail", campaign.pk, by=world.auditor))
    page(client, "campaign_edit", campaign.pk, status=404)
    assert send(client, "campaign_step", campaign.pk, "launch", data={"version": 1}).status_code == 403


def test_every_page_asks_who_is_there(client, world):
    campaign = make.launched(world.root, world.office)
    for name in ("campaign_detail", "campaign_edit", "campaign_clone"):
        assert client.get(reverse(name, args=[campaign.pk])).status_code == 302


# --- list ---


def test_the_list_shows_a_head_what_the_own_unit_owes(client, world):
    make.launched(world.root, world.office)
    shown = words(page(client, "campaign_list", by=world.head))
    assert "chưa lập kế hoạch" in shown
    assert "còn 30 ngày" in shown
    assert "chưa lập kế hoạch" not in words(page(client, "campaign_list", by=world.office))


def test_the_list_is_searched_without_accents_and_filtered(client, world):
    make.launched(world.root, world.office, title="Thi đua Điện Biên", code="A", kind="regular")
    make.launched(world.root, world.office, title="Chuyển đổi số", code="B")
    make.campaign(world.root, title="Còn soạn", code="C")
    make.campaign(world.root, title="Chuyện cũ", code="D", historical=True, state="launched")

    def found(**query):
        return {c.code for c in page(client, "campaign_list", by=world.office, **query).context["campaigns"]}

    assert found() == {"A", "B", "C", "D"}
    assert found(q="dien bien") == {"A"}
    assert found(kind="regular") == {"A"}
    assert found(state="launched") == {"A", "B"}
    assert found(state="draft") == {"C"}
    assert found(state="historical") == {"D"}
    assert found(q="khong co") == set()
    assert found(state="lạ", kind="lạ", page="abc") == {"A", "B", "C", "D"}


def test_an_empty_list_says_what_to_do(client, world):
    assert reverse("campaign_new") in words(page(client, "campaign_list", by=world.office))
    assert reverse("campaign_new") not in words(page(client, "campaign_list", by=world.council))


@pytest.mark.parametrize("who", ["office", "head"])
def test_the_list_asks_a_constant_number_of_queries(client, world, who):
    counts = []
    client.force_login(getattr(world, who))
    page(client, "campaign_list")
    for number in range(8):
        made = make.launched(world.root, world.office, code=f"P{number}")
        make.plan(made, world.hue, world.head)
        if number in (0, 7):
            with CaptureQueriesContext(connection) as queries:
                page(client, "campaign_list")
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, counts


# --- detail ---


@pytest.mark.parametrize("who", ["office", "head", "auditor"])
def test_the_detail_asks_a_constant_number_of_queries(client, world, who):
    small = make.launched(world.root, world.office, areas=1)
    large = make.launched(world.root, world.office, areas=9, code="LON")
    for number in range(3):
        make.campaign(world.hue, parent=large, code=f"CON{number}", kinds=["region"], state="launched")
    counts = []
    client.force_login(getattr(world, who))
    page(client, "campaign_list")
    for campaign in (small, large):
        with CaptureQueriesContext(connection) as queries:
            page(client, "campaign_detail", campaign.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 15 + make.SESSION_READ, counts


def test_the_detail_shows_all_that_the_campaign_says(client, world):
    campaign = make.launched(world.root, world.office)
    shown = words(page(client, "campaign_detail", campaign.pk, by=world.head))
    for text in (
        "ND1. Nội dung 1",
        "Tiêu chí 2",
        "Tuyên truyền",
        "Lĩnh vực a",
        "1/KH",
        "Vụ Thi đua - Khen thưởng",
        "trước hạn 14, 7, 3, 1 ngày; đúng ngày hạn; sau hạn 1, 3, 7 ngày",
        "VKSND cấp tỉnh",
        "Đơn vị của đồng chí",
    ):
        assert text in shown
    assert reverse("plan_begin", args=[campaign.pk]) in shown
    assert reverse("desk", args=[campaign.pk]) not in shown


def test_the_head_is_led_to_the_plan_that_is_there(client, world):
    campaign = make.launched(world.root, world.office)
    plan = make.plan(campaign, world.hue, world.head)
    assert plan.get_absolute_url() in words(page(client, "campaign_detail", campaign.pk, by=world.officer))


def test_unknown_dates_are_called_unknown_and_the_office_is_that_of_the_launch_day(client, world):
    EmulationOffice.objects.update(valid_to=date(2025, 6, 30))
    campaign = make.campaign(world.root, historical=True, state="launched", due_in=None)
    Campaign.objects.update(starts_on=None, ends_on=None, launched_at="2021-10-28T03:00:00Z")
    shown = words(page(client, "campaign_detail", campaign.pk, by=world.head))
    assert shown.count("chưa xác định") == 3
    assert "Vụ Thi đua - Khen thưởng" in shown
    assert "Hồ sơ lịch sử" in shown
    assert reverse("plan_begin", args=[campaign.pk]) not in shown


def test_a_historical_campaign_offers_no_closing(client, world):
    campaign = make.campaign(world.root, historical=True, state="launched")
    shown = words(page(client, "campaign_detail", campaign.pk, by=world.office))
    assert reverse("campaign_step", args=[campaign.pk, "close"]) not in shown
    send(client, "campaign_step", campaign.pk, "close", data={"version": 1, "note": "Hết"})
    campaign.refresh_from_db()
    assert campaign.state == "launched"


# --- begin and edit ---


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


# --- clone, sub-campaign, steps ---


def test_a_double_click_on_clone_makes_one(client, world):
    source = make.launched(world.root, world.office)
    assert "Sao chép" in words(page(client, "campaign_clone", source.pk, by=world.office))
    data = {"unit": world.root.pk, "code": "MOI", "title": "Mới", "starts_on": ""}
    first = send(client, "campaign_clone", source.pk, data=data)
    assert "MOI" in said(first)[0]
    assert "code" in send(client, "campaign_clone", source.pk, data=data).context["form"].errors
    assert Campaign.objects.filter(cloned_from=source).count() == 1


def test_a_clone_into_a_foreign_unit_is_refused(client, world):
    source = make.launched(world.root, world.office)
    data = {"unit": world.root.pk, "code": "MOI", "title": "Mới"}
    assert "unit" in send(client, "campaign_clone", source.pk, by=world.head, data=data).context["form"].errors


def test_a_head_makes_a_sub_campaign_once(client, world):
    parent = make.launched(world.root, world.office)
    shown = words(page(client, "campaign_detail", parent.pk, by=world.head))
    assert reverse("campaign_sub", args=[parent.pk]) in shown
    for _press in range(2):
        response = send(client, "campaign_sub", parent.pk, data={"unit": world.hue.pk})
        assert response.redirect_chain[-1][0] == reverse("campaign_edit", args=[parent.children.get().pk])
    assert send(client, "campaign_sub", parent.pk, data={"unit": world.vinh.pk}).status_code == 404
    assert send(client, "campaign_sub", parent.pk, data={"unit": "abc"}).status_code == 404
    assert send(client, "campaign_sub", parent.pk, by=world.officer).status_code == 404


def test_a_launch_is_confirmed_on_a_page_that_says_who_will_owe(client, world):
    campaign = make.campaign(world.root)
    shown = words(page(client, "campaign_step", campaign.pk, "launch", by=world.office))
    assert "VKSND Huế" in shown
    assert "VKSND Nghệ An" in shown
    assert "VKSND khu vực 1" not in shown
    assert Campaign.objects.get().state == "draft"
    response = send(client, "campaign_step", campaign.pk, "launch", data={"version": campaign.version})
    assert said(response) == ["Đã phát động, giao việc cho 2 đơn vị."]
    assert Obligation.objects.count() == 2


def test_a_launch_that_lacks_something_says_so_and_changes_nothing(client, world):
    campaign = make.campaign(world.root)
    campaign.solutions.all().delete()
    assert "Điều 17" in words(page(client, "campaign_step", campaign.pk, "launch", by=world.office))
    response = send(client, "campaign_step", campaign.pk, "launch", data={"version": campaign.version})
    assert "Điều 17" in said(response)[0]
    assert Campaign.objects.get().state == "draft"


@pytest.mark.parametrize("version", ["0", "", "abc", "9" * 5000])
def test_a_step_on_another_version_is_refused(client, world, version):
    campaign = make.campaign(world.root)
    send(client, "campaign_step", campaign.pk, "launch", by=world.office, data={"version": version})
    assert Campaign.objects.get().state == "draft"


def test_closing_needs_a_reason_and_an_unknown_step_is_none(client, world):
    campaign = make.launched(world.root, world.office)
    send(client, "campaign_step", campaign.pk, "close", by=world.office, data={"version": campaign.version})
    assert Campaign.objects.get().state == "launched"
    data = {"version": campaign.version, "note": "Đã tổng kết"}
    send(client, "campaign_step", campaign.pk, "close", data=data)
    assert Campaign.objects.get().state == "closed"
    assert send(client, "campaign_step", campaign.pk, "bay", data=data).status_code == 404


def test_a_reader_cannot_take_a_step(client, world):
    campaign = make.launched(world.root, world.office)
    data = {"version": campaign.version, "note": "x"}
    for who in (world.head, world.auditor, world.council):
        assert send(client, "campaign_step", campaign.pk, "close", by=who, data=data).status_code == 403


def test_methods_are_kept_apart(client, world):
    campaign = make.launched(world.root, world.office)
    client.force_login(world.office)
    assert client.get(reverse("campaign_sub", args=[campaign.pk])).status_code == 405
    assert client.post(reverse("campaign_detail", args=[campaign.pk])).status_code == 405
    page(client, "campaign_step", campaign.pk, "close", status=405)
    page(client, "campaign_step", campaign.pk, "launch", status=302)


def test_the_pages_speak_english_when_asked(client, world):
    campaign = make.launched(world.root, world.office)
    client.force_login(world.office)
    client.cookies["django_language"] = "en"
    page(client, "campaign_list")
    page(client, "campaign_detail", campaign.pk)
    page(client, "campaign_edit", make.campaign(world.root, code="EN").pk)


def test_what_a_plan_answers_stays_when_the_campaign_is_closed(client, world):
    campaign = make.launched(world.root, world.office)
    make.submitted(campaign, world.hue, world.head)
    CAMPAIGN.take("close", campaign, by=world.office, note="Xong", version=make.seen(campaign))
    assert Plan.objects.get().state == "submitted"
    assert "Mở kế hoạch của đơn vị" in words(page(client, "campaign_detail", campaign.pk, by=world.head))
