"""Many rows of the desk at once: shown first, done then."""

import pytest

from campaigns import flow
from campaigns.models import Plan
from campaigns.obligations import services as obligations
from portal.days import today
from portal.models import Entry, Notice
from tests import make
from tests.campaigns.desk.helpers import owed, url, words


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
