"""The pages of a campaign as people meet them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.campaigns import cloning
from campaigns.flow import CAMPAIGN
from campaigns.models import Campaign, Obligation, Plan
from tests import make
from tests.campaigns.campaigns.helpers import page, said, send, words
from units.models import EmulationOffice, Role

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
        return {c.code for c in page(client, "campaign_list", by=world.office, **query).context["page"]}

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
