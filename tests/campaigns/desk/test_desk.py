"""The office's desk as people meet it: who may, what they see, what many rows at once become."""

import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaigns import flow
from campaigns.models import Campaign, Obligation, Plan
from campaigns.obligations import services as obligations
from portal.days import end_of, today
from portal.models import Entry, Notice
from tests import make
from units.models import Role

PAGES = ("desk", "desk_grid", "desk_export")


@pytest.fixture
def office(world, client):
    """The office signed in; a campaign at the root with Hue and Vinh owing."""
    world.campaign = make.launched(world.root, world.office)
    client.force_login(world.office)
    return world


def url(name, world, **query):
    return reverse(name, args=[world.campaign.pk], query=query)


def owed(world, unit):
    return Obligation.objects.get(unit=unit, milestone__campaign=world.campaign)


def shown(response):
    return [row.unit.code for row in response.context["page_obj"].object_list]


def words(response):
    return [str(message) for message in response.context["messages"]]


def day(days):
    return f"{today() + timedelta(days=days):%d/%m/%Y}"


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

    sheet = sheet_of(answer)
    assert f"pt-thu-{today():%Y-%m-%d}.xlsx" in answer["Content-Disposition"]
    assert sheet.freeze_panes == "A2"
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == shown(screen) == ["HUE"]
    heads = [cell.value for cell in sheet[1]]
    line = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
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


# --- many at once ---


def test_bulk_approve_shows_first_and_acts_then(office, client):
    plan = make.submitted(office.campaign, office.hue, office.head)
    ticked = {"action": "approve", "unit": [office.hue.pk, office.vinh.pk]}

    preview = client.post(url("desk_bulk", office), ticked)

    assert [row.unit for row, _words in preview.context["preview"].will] == [office.hue]
    assert [(row.unit, why) for row, why in preview.context["preview"].left] == [(office.vinh, "chưa gửi kế hoạch")]
    assert Plan.objects.get().state == "submitted"

    client.post(url("desk_bulk", office), {**ticked, "confirm": "1", "plan": f"{plan.pk}:{plan.version}"})

    assert Plan.objects.get().state == "approved"
    assert Entry.objects.about(plan).first().verb == "approve"


def test_a_plan_that_moved_in_between_is_refused_in_words(office, client):
    hue, vinh = (
        make.submitted(office.campaign, office.hue, office.head),
        make.submitted(office.campaign, office.vinh, office.stranger),
    )
    seen = [f"{p.pk}:{p.version}" for p in (hue, vinh)]
    flow.PLAN.take("withdraw", hue, by=office.head, version=make.seen(hue))
    data = {"action": "approve", "unit": [office.hue.pk, office.vinh.pk], "confirm": "1", "plan": seen}

    answer = client.post(url("desk_bulk", office), data, follow=True)

    assert words(answer) == [
        "Đã duyệt 1 kế hoạch.",
        "VKSND Huế: Hồ sơ vừa được người khác thay đổi. Hãy xem lại bản mới nhất rồi thực hiện.",
    ]
    assert dict(Plan.objects.values_list("unit__code", "state")) == {"HUE": "draft", "VINH": "approved"}


def test_what_a_colleague_holds_is_left_alone(office, client):
    plan = make.submitted(office.campaign, office.hue, office.head)
    flow.PLAN.take("take_up", plan, by=office.office2, version=make.seen(plan))

    preview = client.post(url("desk_bulk", office), {"action": "approve", "unit": office.hue.pk}).context["preview"]
    client.post(
        url("desk_bulk", office),
        {"action": "approve", "unit": office.hue.pk, "confirm": "1", "plan": f"{plan.pk}:{plan.version}"},
    )

    assert [why for _row, why in preview.left] == ["Đỗ Văn Hai đang xem xét"]
    assert Plan.objects.get().state == "submitted"


def test_a_plan_of_another_campaign_is_not_approved_here(office, client):
    other = make.launched(office.root, office.office, code="PT-KHAC")
    plan = make.submitted(other, office.hue, office.head)

    client.post(
        url("desk_bulk", office),
        {"action": "approve", "unit": office.hue.pk, "confirm": "1", "plan": f"{plan.pk}:{plan.version}"},
    )

    assert Plan.objects.get().state == "submitted"


@pytest.mark.parametrize("plan", ["", "x", "1:2:3", "99999999999999999999:1", "-1:1", "1:"])
def test_nonsense_in_a_bulk_form_approves_nothing(office, client, plan):
    data = {"action": "approve", "unit": [office.hue.pk, "abc", "9" * 30], "confirm": "1", "plan": plan}

    assert client.post(url("desk_bulk", office), data).status_code == 302


def test_bulk_needs_rows_and_a_known_action(office, client):
    nothing = client.post(url("desk_bulk", office), {"action": "approve"}, follow=True)

    assert words(nothing) == ["Hãy chọn ít nhất một đơn vị trong danh sách."]
    assert client.post(url("desk_bulk", office), {"action": "delete", "unit": office.hue.pk}).status_code == 404
    assert client.get(url("desk_bulk", office)).status_code == 405


def test_bulk_remind_tells_head_and_officer_once_a_day(office, client):
    make.submitted(office.campaign, office.vinh, office.stranger)
    Notice.objects.all().delete()
    ticked = {"action": "remind", "unit": [office.hue.pk, office.vinh.pk], "note": "Gấp, xin gửi trong hôm nay"}

    preview = client.post(url("desk_bulk", office), ticked).context["preview"]
    assert [row.unit for row, _words in preview.will] == [office.hue]
    assert [why for _row, why in preview.left] == ["đã gửi kế hoạch"]
    assert not Notice.objects.exists()

    for _again in range(2):
        client.post(url("desk_bulk", office), {**ticked, "confirm": "1"})

    told = Notice.objects.order_by("pk")
    assert {notice.recipient for notice in told} == {office.head, office.officer}
    assert told.count() == 2
    assert "Gấp, xin gửi trong hôm nay" in told[0].body
    assert told[0].subject_key == f"obligation:{owed(office, office.hue).pk}"
    line = Entry.objects.about(office.campaign).filter(verb="remind").get()
    assert (line.by, list(line.changes)) == (office.office, ["VKSND Huế"])
    again = client.post(url("desk_bulk", office), ticked).context["preview"]
    assert "hôm nay đã nhắc" in [why for _row, why in again.left]


def test_a_returned_plan_is_reminded_as_returned(office, client):
    plan = make.submitted(office.campaign, office.hue, office.head)
    flow.PLAN.take("return", plan, by=office.office, note="Bổ sung", version=make.seen(plan))

    client.post(url("desk_bulk", office), {"action": "remind", "unit": office.hue.pk, "confirm": "1"})

    assert "trả lại" in Notice.objects.filter(kind="reminder").first().body


def test_a_unit_with_nobody_is_named_so(office, client):
    lonely = make.unit("VANG", office.root)
    obligations.assign(office.campaign, today())

    preview = client.post(url("desk_bulk", office), {"action": "remind", "unit": lonely.pk}).context["preview"]

    assert [why for _row, why in preview.left] == ["chưa có tài khoản nào nhận nhắc việc"]


def test_every_row_of_the_filter_can_be_taken(office, client):
    make.submitted(office.campaign, office.hue, office.head)

    preview = client.post(url("desk_bulk", office), {"action": "remind", "every": "1", "query": "state=draft"})

    assert [row.unit for row, _words in preview.context["preview"].will] == [office.vinh]


def test_bulk_extend_leads_to_the_form(office, client):
    answer = client.post(url("desk_bulk", office), {"action": "extend", "unit": office.hue.pk}, follow=True)

    assert answer.redirect_chain[0][0] == url("desk_extend", office, unit=office.hue.pk)
    assert answer.context["form"].initial["unit"] == [str(office.hue.pk)]


# --- the next one ---


def test_next_is_the_longest_wait_then_the_one_after(office, client):
    first = make.submitted(office.campaign, office.vinh, office.stranger)
    second = make.submitted(office.campaign, office.hue, office.head)

    assert client.get(url("desk_next", office)).url == first.get_absolute_url()
    assert client.get(url("desk_next", office, after=first.pk)).url == second.get_absolute_url()
    assert client.get(url("desk_next", office, after=second.pk)).url == url("desk", office)


@pytest.mark.parametrize("after", ["", "abc", "9" * 40, "-1"])
def test_next_with_nothing_waiting_comes_back(office, client, after):
    answer = client.get(url("desk_next", office, after=after), follow=True)

    assert words(answer) == ["Không còn kế hoạch nào chờ đồng chí xem xét."]


# --- later, and by another way ---


def extension(world, **fields):
    milestone, unit = world.campaign.milestones.get(), world.hue.pk
    seen = [f"{o.pk}:{o.version}" for o in milestone.obligations.all()]
    asked = {"milestone": milestone.pk, "who": "chosen", "unit": [unit], "until": day(60), "reason": "Bão số 3"}
    return asked | {"seen": seen} | fields


def test_chosen_units_get_a_later_end_of_day(office, client):
    answer = client.post(url("desk_extend", office), extension(office))

    assert answer.status_code == 302
    assert owed(office, office.hue).extended_to == end_of(today() + timedelta(days=60))
    assert owed(office, office.vinh).extended_to is None
    assert Entry.objects.about(office.campaign).first().note == "Bão số 3"


def test_all_open_units_get_a_later_moment(office, client):
    make.submitted(office.campaign, office.vinh, office.stranger)

    client.post(url("desk_extend", office), extension(office, who="all", unit=[]))

    assert owed(office, office.hue).extended_to is not None
    assert owed(office, office.vinh).extended_to is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": ""}, "until"),
        ({"until": "31/02/2027"}, "until"),
        ({"until": "ngày mai"}, "until"),
        ({"until": "01/01/2020"}, "until"),
        ({"until": "5/5/99999"}, "until"),
        ({"until": day(3)}, "until"),  # before the present moment of the unit
        ({"reason": ""}, "reason"),
        ({"reason": " \u200b "}, "reason"),
        ({"reason": "a" * 301}, "reason"),
        ({"unit": []}, "unit"),
        ({"unit": ["abc"]}, "unit"),
        ({"unit": ["9" * 30]}, "unit"),
        ({"who": "nobody"}, "who"),
        ({"milestone": "x"}, "milestone"),
    ],
)
def test_a_bad_extension_is_answered_beside_the_field(office, client, wrong, field):
    answer = client.post(url("desk_extend", office), extension(office, **wrong))

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Obligation.objects.exclude(extended_to=None).exists()


def test_there_is_nothing_to_extend_when_all_is_met(office, client):
    Obligation.objects.update(met_at=timezone.now())

    assert "Không còn đơn vị nào để gia hạn" in client.get(url("desk_extend", office)).content.decode()
    assert client.post(url("desk_extend", office), extension(office)).status_code == 200


def test_what_came_on_paper_is_met_with_a_note(office, client):
    door = reverse("desk_receive", args=[owed(office, office.hue).pk])

    assert client.get(door).status_code == 200
    assert client.post(door, {"note": " "}).context["form"].errors["note"]
    client.post(door, {"note": "Công văn 12/CV", "version": make.seen(owed(office, office.hue))})

    assert owed(office, office.hue).reason == "Công văn 12/CV"
    assert client.get(url("desk", office, state="received")).context["page_obj"].paginator.count == 1
    again = client.post(door, {"note": "Lần nữa", "version": 1}, follow=True)
    assert words(again) == ["Nghĩa vụ này đã hoàn thành hoặc không còn phải thực hiện."]


def test_an_obligation_that_is_not_there_cannot_be_received(office, client):
    assert client.get(reverse("desk_receive", args=[10**12])).status_code == 404


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
