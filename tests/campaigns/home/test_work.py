"""One list by urgency on everybody's first page, with one primary button."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.initiatives.services import INITIATIVE
from awards.models import Initiative, MoreRequest, Nomination
from awards.nominations import flow as nominations
from awards.review import services as review
from campaigns import flow
from portal.models import Notice
from portal.models.notices import MailState
from portal.trail import seals
from portal.web.work import Urgency, Work, by_urgency
from tests import make
from units.models import Role, User
from units.models.units import Kind
from units.reorganisation import flow as reorganisations

NOW = timezone.now()
PRIMARY = re.compile(r'class="btn btn-primary[ "]')  # within `main`: what warns of the end of a session stands outside


def days(count):
    return NOW + timedelta(days=count)


@pytest.mark.parametrize(
    ("due", "waits", "urgency"),
    [
        (days(-1), False, Urgency.LATE),
        (days(7), False, Urgency.SOON),
        (days(8), False, Urgency.WAITS),
        (days(8), True, Urgency.WAITS),
        (days(338), False, Urgency.LATER),
        (days(338), True, Urgency.WAITS),
        (None, True, Urgency.WAITS),
        (None, False, Urgency.LATER),
    ],
)
def test_how_urgent_something_is(due, waits, urgency):
    assert Work("x", "/", due=due, waits=waits).urgency(NOW) is urgency


def test_the_list_is_in_the_order_of_urgency_and_then_of_the_day():
    works = [
        Work("338 trả lại", "/", due=days(338)),
        Work("338", "/", due=days(338), waits=False),
        Work("8", "/", due=days(8), waits=False),
        Work("không hạn, lâu", "/", since=days(-20)),
        Work("không hạn", "/", since=days(-2)),
        Work("muộn", "/", due=days(-3), waits=False),
        Work("muộn hơn", "/", due=days(-30), waits=False),
        Work("2", "/", due=days(2), waits=False),
        Work("chưa rõ hạn", "/", waits=False),
    ]

    parts = by_urgency(works, NOW)

    assert [[row.title for row in part.rows] for part in parts] == [
        ["muộn hơn", "muộn"],
        ["2"],
        ["không hạn, lâu", "không hạn", "8", "338 trả lại"],
        ["338", "chưa rõ hạn"],
    ]


def first_page(client, user):
    client.force_login(user)
    response = client.get("/")
    return response, response.content.decode().partition("<main")[2].partition("</main>")[0]


def titles(response):
    return [row.title for part in response.context["parts"] for row in part.rows]


def test_a_request_due_in_eight_days_stands_above_work_due_in_a_year(world, client):
    make.launched(world.root, world.office, due_in=338)
    asked = make.received(world.hue, world.root, name="Lê Bổ Sung", state=Nomination.State.MORE)
    MoreRequest.objects.create(nomination=asked, fields=["summary"], text="x", due_at=days(8), by=world.office)

    response, page = first_page(client, world.officer)

    assert titles(response) == ["Lê Bổ Sung", "Đăng ký kế hoạch hưởng ứng"]
    assert len(PRIMARY.findall(page)) == 1
    assert page.index("Bổ sung") < page.index("Lập kế hoạch")


def test_the_head_finds_what_the_officer_put_and_the_officer_what_came_back(world, client):
    campaign = make.launched(world.root, world.office, due_in=338)
    plan = make.plan(campaign, world.hue, world.officer)
    make.take(flow.PLAN, "put_to_head", plan, by=world.officer)
    paper = make.submission(world.hue, world.officer)
    rows = [make.nomination(paper, make.person(f"Người {i}", world.hue), world.officer) for i in (1, 2)]
    nominations.move("put_to_head", rows, by=world.officer, versions=make.seen_each(rows))
    idea = Initiative.objects.create(unit=world.hue, title="Sổ tay điện tử")
    make.take(INITIATIVE, "put_to_head", idea, by=world.officer)
    draft = make.campaign(world.hue, code="PT-HUE", title="Phong trào của Huế")
    make.take(flow.CAMPAIGN, "put_to_head", draft, by=world.officer)

    response, page = first_page(client, world.head)
    waits = next(part.rows for part in response.context["parts"] if str(part.label) == "Chờ đồng chí")
    assert {row.url for row in waits} == {r.get_absolute_url() for r in (plan, paper, idea, draft)}
    assert "2 đề nghị trình thủ trưởng" in page and len(PRIMARY.findall(page)) == 1
    response, _page = first_page(client, world.officer)
    assert not any(row.waits for part in response.context["parts"] for row in part.rows)

    make.take(flow.PLAN, "hand_back", plan, by=world.head, note="Sửa")
    response, _page = first_page(client, world.head)
    assert plan.get_absolute_url() not in {row.url for row in response.context["parts"][0].rows}


def test_the_office_finds_plans_by_campaign_dossiers_and_drafts(world, client):
    campaign = make.launched(world.root, world.office, kinds=[Kind.PROVINCE, Kind.REGION])
    make.submitted(campaign, world.hue, world.head)
    make.submitted(campaign, world.vinh, world.stranger)
    dossier = make.received(world.hue, world.root, days_ago=40)
    ready = make.received(world.vinh, world.root)
    review.judge(ready, by=world.office, version=ready.version, verdicts={}, result="fit", note="")
    make.campaign(world.root, code="PT-SOAN", title="Phong trào đang soạn thảo")

    response, page = first_page(client, world.office)

    found = titles(response)
    assert found[0] == "2 hồ sơ chờ thẩm định"  # the clock of one has run out
    assert "1 kết quả chờ công bố" in found and reverse("review", args=[dossier.pk]) in page
    assert "2 kế hoạch chờ duyệt" in found and found[-1] == "Phong trào đang soạn thảo"
    assert reverse("desk_next", args=[campaign.pk]) in page and len(PRIMARY.findall(page)) == 1


def test_a_member_of_the_council_finds_what_was_put_before_it(world, client):
    make.received(world.hue, world.root, name="Lê Đã Trình", state=Nomination.State.PASSED)
    make.received(world.hue, world.root, name="Lê Chưa Trình", state=Nomination.State.FIT)

    _response, page = first_page(client, world.council)

    assert "Lê Đã Trình" in page and "Bằng khen" in page and "Lê Chưa Trình" not in page
    assert f"{reverse('nomination_list')}?state=passed" in page and len(PRIMARY.findall(page)) == 1
    below = make.user("council2", (Role.COUNCIL, world.vinh))
    assert "Lê Đã Trình" not in first_page(client, below)[1]


def test_an_auditor_finds_seals_changes_and_exports(world, client):
    make.launched(world.root, world.office)
    client.force_login(world.office)
    client.get(reverse("nomination_export"))
    seals.seal()

    _response, page = first_page(client, world.auditor)

    assert "Lần niêm phong gần nhất: số" in page and "Phát động" in page
    assert f"{reverse('system_trail')}?verb=export" in page and len(PRIMARY.findall(page)) == 1
    assert "Niêm phong" not in first_page(client, world.council)[1]


def test_an_administrator_finds_what_waits_for_a_second_person_and_what_is_amiss(world, client):
    second = make.user("admin2", (Role.ADMIN, world.root))
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["V16"]})
    plan = make.take(reorganisations.REORGANISATION, "submit", plan, by=world.admin)
    Notice.objects.create(key="x:1", recipient=world.head, kind="launch", title="x", mail_state=MailState.FAILED)
    User.objects.exclude(pk=world.head.pk).update(last_login=timezone.now())

    response, page = first_page(client, second)
    assert [(row.title, row.waits) for part in response.context["parts"] for row in part.rows] == [(plan.title, True)]
    assert len(PRIMARY.findall(page)) == 1
    assert response.context["admin_desk"]["unused"] == 1
    assert response.context["admin_desk"]["counts"] == {"jobs": 0, "letters": 1}
    listed = client.get(reverse("account_list"), {"state": "unused"}).content.decode()
    assert world.head.display_name in listed and world.officer.display_name not in listed
    response, _page = first_page(client, world.admin)
    assert [row.waits for part in response.context["parts"] for row in part.rows] == [False]


@pytest.mark.parametrize("who", ["head", "officer", "office", "auditor", "council", "admin", "nobody", "kv1_head"])
def test_no_first_page_has_two_primary_buttons_or_leads_to_technical_pages(world, client, who):
    response, page = first_page(client, getattr(world, who))

    assert response.status_code == 200 and len(PRIMARY.findall(page)) <= 1
    assert "/admin/" not in page


def test_waiting_reorganisations_cost_the_same_for_few_and_many(world, client):
    second, counts = make.user("admin2", (Role.ADMIN, world.root)), []
    client.force_login(second)
    for wave in range(2):
        for i in range(1 + 5 * wave):
            step = {"kind": "dissolve", "sources": [make.unit(f"Z{wave}{i}", world.root).code]}
            plan = make.reorganisation(world.admin, world.root, step)
            make.take(reorganisations.REORGANISATION, "submit", plan, by=world.admin)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
