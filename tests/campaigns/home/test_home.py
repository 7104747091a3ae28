"""Each role's first page, and the units below: few queries however much there is."""

import re

from django.test import Client
from django.urls import reverse

from campaigns import flow
from tests import make
from units.models.units import Kind

LONG = {"objective", "context", "organising", "report", "summary"}  # texts that no row of the list shows
ROLES = ["head", "officer", "office", "auditor", "council", "admin", "nobody", "kv1_head"]


def test_the_first_page_asks_few_queries_however_much_there_is(world, django_assert_max_num_queries):
    clients, waves = {who: Client() for who in ROLES}, []
    for who, client in clients.items():
        client.force_login(getattr(world, who))
    for wave in range(2):
        for i in range(1 + 9 * wave):
            unit = make.unit(f"X{wave}{i}", world.hue, Kind.REGION)
            campaign = make.launched(world.root, world.office, code=f"C{wave}{i}", kinds=[Kind.PROVINCE, Kind.REGION])
            head = make.user(f"h{wave}{i}", ("head", unit))
            make.submitted(campaign, unit, head)
        counts = {}
        for who, client in clients.items():
            client.get("/")
            with django_assert_max_num_queries(16, info=who) as asked:
                assert client.get("/").status_code == 200
            counts[who] = len(asked)
            fetched = " ".join(q["sql"].partition(" FROM ")[0] for q in asked.captured_queries[3:])
            assert not LONG & set(re.findall(r'"(\w+)"', fetched)), who
        waves.append(counts)

    assert waves[0] == waves[1]


def test_what_was_returned_stands_first_with_the_way_to_mend_it(world, client):
    campaign = make.launched(world.root, world.office)
    plan = make.submitted(campaign, world.hue, world.head)
    flow.PLAN.take("return", plan, by=world.office, note="bổ sung", version=make.seen(plan))
    client.force_login(world.head)

    page = client.get("/").content.decode()

    assert "trả lại" in page and reverse("plan_edit", args=[plan.pk]) in page


def test_a_head_sees_how_the_units_below_stand(world, client, django_assert_max_num_queries):
    campaign = make.launched(world.root, world.office, kinds=[Kind.PROVINCE, Kind.REGION])
    make.submitted(campaign, world.kv1, world.kv1_head)
    client.force_login(world.head)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("units_below"))

    assert [(o.unit.code, o.plan_state) for o in page.context["page_obj"]] == [("KV1", "submitted")]
    assert not client.get(reverse("units_below"), {"state": "late"}).context["page_obj"].object_list
    assert client.get(reverse("units_below"), {"state": "nonsense", "page": "x"}).status_code == 200
