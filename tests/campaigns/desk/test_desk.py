"""The office's desk as people meet it: who may, what they see, what the sheet holds, which row is next."""

import io
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns import flow
from campaigns.models import Campaign, Obligation
from campaigns.obligations import services as obligations
from portal.days import today
from portal.models import Notice
from tests import make
from tests.campaigns.desk.helpers import owed, shown, url, words
from units.models import Role

PAGES = ("desk", "desk_grid", "desk_export")


# --- who may ---


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("office", 200),
        ("auditor", 200),
        ("council", 200),
        ("head", 404),
        ("officer", 404),
        ("stranger", 404),
        ("nobody", 404),
        ("admin", 404),
    ],
)
def test_who_sees_the_desk(office, client, page, who, status):
    client.force_login(getattr(office, who))

    assert client.get(url(page, office)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 403), ("council", 403), ("head", 404), ("stranger", 404), ("nobody", 404)]
)
def test_who_reads_does_not_act(office, client, who, status):
    client.force_login(getattr(office, who))
    receive = reverse("desk_receive", args=[owed(office, office.hue).pk])

    answers = [
        client.post(url("desk_bulk", office), {"action": "remind", "unit": office.hue.pk, "confirm": "1"}),
        client.get(url("desk_next", office)),
        client.get(url("desk_extend", office)),
        client.post(url("desk_extend", office), {}),
    ]

    assert {answer.status_code for answer in answers} == {status}
    assert client.post(receive, {"note": "x"}).status_code in (403, 404)
    assert owed(office, office.hue).met_at is None
    assert not Notice.objects.filter(kind="reminder").exists()


def test_a_province_has_the_desk_of_its_own_campaign_only(office, client):
    own = make.launched(office.hue, office.head, kinds=("region",), code="PT-HUE")
    client.force_login(office.head)

    assert client.get(reverse("desk", args=[own.pk])).status_code == 200
    client.force_login(office.office)
    assert client.get(reverse("desk", args=[own.pk])).status_code == 404


def test_who_reads_has_no_buttons_of_the_office(office, client):
    client.force_login(office.auditor)

    page = client.get(url("desk", office)).content.decode()

    assert "desk_bulk" not in page
    assert reverse("desk_bulk", args=[office.campaign.pk]) not in page
    assert reverse("desk_extend", args=[office.campaign.pk]) not in page


# --- the list ---


def test_tiles_add_up_and_lead_to_the_list(office, client):
    make.submitted(office.campaign, office.hue, office.head)

    page = client.get(url("desk", office))

    values = [tile["value"] for tile in page.context["tiles"]]
    assert values == [2, 1, 1, 0, 0, 0]
    for tile in page.context["tiles"][1:]:
        listed = client.get(reverse("desk", args=[office.campaign.pk]) + tile["url"])
        assert listed.context["page_obj"].paginator.count == tile["value"]


def test_search_is_blind_to_accents(office, client):
    assert shown(client.get(url("desk", office, q="hue"))) == ["HUE"]
    assert shown(client.get(url("desk_grid", office, q="huế"))) == ["HUE"]


def test_the_last_filter_is_remembered_until_it_is_cleared(office, client):
    client.get(url("desk", office, state="submitted", page="1"))

    again = client.get(url("desk", office))
    assert again.url == url("desk", office, state="submitted")

    cleared = client.get(url("desk", office, clear="1"), follow=True)
    assert shown(cleared) == ["HUE", "VINH"]
    assert client.get(url("desk", office)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    [
        {"page": "abc"},
        {"page": "99999999999999999999"},
        {"page": "-1"},
        {"state": "nonsense"},
        {"kind": "x"},
        {"area": "99999999999999999999"},
        {"area": "a"},
        {"sort": "';--"},
        {"q": "\x01"},
        {"q": "%_' \" <b>"},
        {"q": "a" * 3000},
        {"promise": "x"},
        {"late": "maybe"},
    ],
)
def test_nonsense_in_the_address_is_passed_over(office, client, page, query):
    assert client.get(url(page, office, **query)).status_code == 200


@pytest.mark.parametrize("page", ["desk", "desk_grid"])
def test_the_number_of_queries_does_not_grow(office, client, page):
    make.submitted(office.campaign, office.hue, office.head)
    owed(office, office.vinh).delete()
    counts = {}
    for size in (1, 3, 40):
        for place in range(Obligation.objects.count(), size):
            unit = make.unit(f"T{place}", office.root)
            head = make.user(f"t{place}", (Role.HEAD, unit))
            Obligation.objects.create(milestone=office.campaign.milestones.get(), unit=unit)
            make.submitted(office.campaign, unit, head)
        client.get(url(page, office))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url(page, office))
        assert answer.context["page_obj"].paginator.count == size
        counts[size] = len(queries)

    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 12, counts


def test_the_list_is_cut_into_pages(office, client):
    for place in range(30):
        make.unit(f"T{place:02}", office.root)
    obligations.assign(office.campaign, today())

    assert len(shown(client.get(url("desk", office)))) == 25
    assert len(shown(client.get(url("desk", office, page=2)))) == 7
    assert len(shown(client.get(url("desk", office, page=999)))) == 7


def test_an_empty_desk_says_what_to_do(world, client):
    world.campaign = make.campaign(world.root)
    client.force_login(world.office)

    assert "Phong trào chưa phát động" in client.get(url("desk", world)).content.decode()
    assert client.get(url("desk_grid", world)).status_code == 200
    assert client.get(url("desk_export", world)).status_code == 200


def test_drafts_are_not_linked(office, client):
    draft = make.plan(office.campaign, office.hue, office.head)

    page = client.get(url("desk", office)).content.decode()

    assert "đang soạn" in page
    assert draft.get_absolute_url() not in page


def test_the_desk_speaks_of_units_that_owe_nothing(office, client):
    plan = make.submitted(office.campaign, office.kv1, office.kv1_head)

    page = client.get(url("desk", office))

    assert list(page.context["volunteers"]) == [plan]
    assert plan.get_absolute_url() in page.content.decode()


# --- the sheet ---


def sheet_of(response):
    return load_workbook(io.BytesIO(response.content)).active


def test_the_sheet_holds_what_the_screen_shows(office, client):
    make.submitted(office.campaign, office.hue, office.head)
    screen = client.get(url("desk", office, state="submitted"))

    answer = client.get(url("desk_export", office, state="submitted"))

    sheet, (heads, *lines, total) = make.listed(answer.content)
    assert f"pt-thu-{today():%Y-%m-%d}.xlsx" in answer["Content-Disposition"]
    assert [row[0].value for row in lines] == shown(screen) == ["HUE"]
    line = dict(zip([cell.value for cell in heads], [cell.value for cell in lines[0]], strict=True))
    assert (total[0].value, total[10].value) == ("Tổng cộng: 1", 1)
    assert line["Trạng thái"] == "chờ duyệt"
    assert isinstance(line["Hạn"], datetime)
    assert line["ND1. Nội dung 1"] == 1


def test_no_cell_is_a_formula(office, client):
    for place, sign in enumerate("=+-@\t\r"):
        make.unit(f"X{place}", office.root, name=f"{sign}HYPERLINK(1)")
    obligations.assign(office.campaign, today())

    sheet = sheet_of(client.get(url("desk_export", office)))

    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert len(risky) == 4
    assert all(cell.quotePrefix for cell in risky)


# --- the next one ---


def test_next_goes_round_through_all_that_wait(office, client):
    first = make.submitted(office.campaign, office.vinh, office.stranger)
    second = make.submitted(office.campaign, office.hue, office.head)

    assert client.get(url("desk_next", office)).url == first.get_absolute_url()
    assert client.get(url("desk_next", office, after=first.pk)).url == second.get_absolute_url()
    assert client.get(url("desk_next", office, after=second.pk)).url == first.get_absolute_url()
    flow.PLAN.take("approve", first, by=office.office, version=make.seen(first))
    answer = client.get(url("desk_next", office, after=second.pk), follow=True)
    assert answer.redirect_chain[0][0] == second.get_absolute_url()  # the last one still waits
    assert words(answer) == ["Chỉ còn kế hoạch này chờ đồng chí xem xét."]


@pytest.mark.parametrize("after", ["", "abc", "9" * 40, "-1"])
def test_next_with_nothing_waiting_comes_back(office, client, after):
    answer = client.get(url("desk_next", office, after=after), follow=True)

    assert words(answer) == ["Không còn kế hoạch nào chờ đồng chí xem xét."]


def test_what_was_typed_is_shown_as_text(office, client):
    page = client.get(url("desk", office, q='"><script>alert(1)</script>')).content.decode()

    assert "<script>alert" not in page


def test_a_historical_record_has_no_desk(office, client):
    Campaign.objects.filter(pk=office.campaign.pk).update(historical=True)

    for name in (*PAGES, "desk_extend"):
        assert client.get(url(name, office)).status_code == 404


def test_the_grid_tells_a_draft_from_a_plan_that_was_not_begun(office, client):
    assert "đang soạn" not in client.get(url("desk_grid", office)).content.decode()

    make.plan(office.campaign, office.hue, office.officer)

    assert client.get(url("desk_grid", office)).content.decode().count("đang soạn") == 1
