"""Every address × every role: what is closed stays closed, a stranger's row does not exist."""

import io
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from awards.models import Sitting, Submission
from campaigns.models import (
    AreaNote,
    Campaign,
    Comment,
    Commitment,
    ContentArea,
    LegalDocument,
    Milestone,
    Obligation,
    Plan,
)
from campaigns.reminders import calendars
from portal.days import today
from portal.models import Entry, Notice
from portal.models.trail import record
from portal.permissions import actions
from tests import make
from tests.access_table import EVERYONE, GOVERNING, LISTS, OPEN, PAPERS, TABLE
from tests.addresses import NAMES, address
from tests.headers import lacking
from units.models import Membership, Role, User
from units.models.units import Kind


@contextmanager
def undone():
    """What a request did is taken back, so that one world serves the whole table."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seen_on(name, rows):
    """The version that the page of the form would carry."""
    if name in ("submission_step", "submission_discard"):
        return Submission.objects.get(pk=rows["submission"]).whole_version
    if name.startswith("sitting_"):
        return Sitting.objects.get(pk=rows["sitting"]).version
    return Plan.objects.get(pk=rows["plan"]).version if name == "plan_step" else 1


def ask(client, name, rows):
    """The answer to one request; what it wrote is taken back."""
    data = {"unit": rows["unit"], "note": "x", "action": "remind", "initiative": rows["idea"]}
    if name.startswith("review_"):
        data |= {"action": "take_up", "reviewer": rows["reviewer"]}
    data["version"] = seen_on(name, rows)  # whoever saw another version hears of that first
    with undone():
        response = getattr(client, TABLE[name][0])(address(name, rows), data)
        b"".join(response)  # a file is closed when it was read
    return response


def test_every_page_is_closed_to_visitors_but_for_those_listed(rows, client):
    answers = {name: client.get(address(name, rows)) for name in NAMES if name not in OPEN}

    led = {name: (answer.status_code, answer.headers.get("Location", "")) for name, answer in answers.items()}
    assert {name: to for name, to in led.items() if to[0] != 302 or "/accounts/login/" not in to[1]} == {}
    assert {name: wrong for name, answer in answers.items() if (wrong := lacking(answer))} == {}


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_the_table_of_access(who, world, rows, client):
    client.force_login(User.objects.get(pk=getattr(world, who).pk))

    answers = {name: ask(client, name, rows) for name in TABLE}

    codes = {name: answer.status_code for name, answer in answers.items()}
    let_in = {name for name, (method, allowed) in TABLE.items() if who in allowed}
    assert {name: codes[name] for name in let_in if codes[name] not in (200, 302, 422)} == {}
    assert {name: codes[name] for name in set(TABLE) - let_in if codes[name] not in (403, 404)} == {}
    assert {name: wrong for name, answer in answers.items() if (wrong := lacking(answer))} == {}
    kept = {name: answer.headers.get("Cache-Control", "") for name, answer in answers.items()}
    assert {name: cache for name, cache in kept.items() if "no-store" not in cache} == {}


def test_a_strangers_paper_does_not_exist(world, rows, client):
    client.force_login(world.stranger)
    papers = [n for n in TABLE if n.startswith(PAPERS) and n not in ("plan_begin", "submission_new", *LISTS)]

    codes = {name: ask(client, name, rows).status_code for name in papers}

    assert codes == dict.fromkeys(papers, 404)


@pytest.fixture
def neighbours(world, rows):
    """Two provinces, each with a campaign of its own for the region below it, and what people typed there."""
    late, kv2 = make.unit("KV9", world.hue, Kind.REGION), make.unit("KV2", world.vinh, Kind.REGION)
    make.user("kv9head", (Role.HEAD, late))
    kv2_head = make.user("kv2head", (Role.HEAD, kv2))
    ours = make.launched(world.hue, world.head, kinds=[Kind.REGION], code="PT-HUE")
    theirs = make.launched(world.vinh, world.stranger, kinds=[Kind.REGION], code="PT-VINH", title="Của Nghệ An")
    return SimpleNamespace(
        late=late,
        kv2=kv2,
        ours=ours,
        second=make.launched(world.root, world.office, code="PT-HAI"),
        sent=make.submitted(ours, world.kv1, world.kv1_head),
        own_area=ours.areas.first(),
        theirs=theirs,
        draft=make.campaign(world.vinh, kinds=[Kind.REGION], code="NHAP-VINH"),
        plan=make.submitted(theirs, kv2, kv2_head),
        duty=Obligation.objects.get(unit=kv2),
        area=theirs.areas.first(),
    )


def everything():
    """All that forms could change, as rows of values; notices that were read and sessions do not count."""
    models = (Campaign, ContentArea, LegalDocument, Milestone, Obligation, Plan, Commitment, AreaNote, Comment)
    models += (Membership, User, Notice, Entry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_no_form_takes_the_number_of_a_strangers_row(world, rows, neighbours, client):
    """Each form of Hue's head works with what is Hue's, and does nothing with the number of what is Nghệ An's."""
    n, hue, vinh, plan = neighbours, world.hue.pk, world.vinh.pk, Plan.objects.get(pk=rows["plan"])
    area, campaign = plan.campaign.areas.first(), rows["campaign"]
    head = {"version": plan.version, "theme": plan.theme, "organising": plan.organising}
    for other in plan.campaign.areas.all():
        head |= {f"area-{other.pk}-TOTAL_FORMS": 0, f"area-{other.pk}-INITIAL_FORMS": 0, f"area-{other.pk}-reason": "x"}
    row = f"area-{area.pk}-0-criterion"
    head |= {f"area-{area.pk}-TOTAL_FORMS": 1, f"area-{area.pk}-0-what": "x", row: area.criteria.get().pk}
    start = {"code": "MOI", "title": "Mới", "kind": "thematic", "unit": hue, "starts_on": "", "ends_on": ""}
    owed = [f"{o.pk}:{o.version}" for o in Obligation.objects.filter(milestone__campaign__in=(n.ours, n.theirs))]
    later = {
        "seen": owed,
        "milestone": n.ours.milestones.get().pk,
        "who": "chosen",
        "until": "01/01/2090",
        "reason": "x",
    }
    days = {"valid_from": f"{today():%d/%m/%Y}", "valid_to": f"{today():%d/%m/%Y}", "document": "1"}
    remind, approve = ({"action": action, "confirm": 1, "unit": world.kv1.pk} for action in ("remind", "approve"))
    foreign_plan = f"{n.plan.pk}:{n.plan.version}"
    own_plan = f"{n.sent.pk}:{n.sent.version}"
    forms = [  # name, its row, what works, what of it is exchanged for a stranger's number
        ("plan_begin", n.second.pk, {"unit": hue}, {"unit": vinh}),
        ("plan_begin", n.second.pk, {"unit": hue}, {"unit": world.kv1.pk}),
        ("plan_begin", n.second.pk, {"unit": hue}, {"unit": "²"}),
        ("plan_edit", plan.pk, head, {row: n.area.criteria.get().pk}),
        ("plan_autosave", plan.pk, head, {row: n.area.criteria.get().pk}),
        ("plan_comment", n.sent.pk, {"field": f"area-{n.own_area.pk}", "text": "x"}, {"field": f"area-{n.area.pk}"}),
        ("campaign_new", None, start, {"unit": vinh}),
        ("campaign_new", None, start, {"unit": world.root.pk}),
        ("campaign_new", None, start, {"parent": n.theirs.pk}),
        ("campaign_clone", campaign, start, {"unit": vinh}),
        ("campaign_sub", campaign, {"unit": hue}, {"unit": vinh}),
        ("desk_bulk", n.ours.pk, remind | {"unit": n.late.pk}, {"unit": n.kv2.pk}),
        ("desk_bulk", n.ours.pk, approve | {"plan": own_plan}, {"plan": foreign_plan}),
        ("desk_extend", n.ours.pk, later | {"unit": n.late.pk}, {"unit": n.kv2.pk}),
        ("desk_extend", n.ours.pk, later | {"who": "all"}, {"milestone": n.theirs.milestones.get().pk}),
        ("delegate", hue, days | {"user": world.officer.pk}, {"user": world.stranger.pk}),
    ]
    foreign_rows = [
        ("plan_begin", n.theirs.pk, {"unit": hue}),
        ("campaign_clone", n.theirs.pk, start),
        ("campaign_sub", n.theirs.pk, {"unit": hue}),
        ("campaign_edit", n.draft.pk, start),
        ("desk_bulk", n.theirs.pk, remind | {"every": 1}),
        ("desk_extend", n.theirs.pk, later | {"who": "all"}),
        ("desk_milestone", campaign, {"unit": vinh, "note": "x"}),
        ("desk_receive", n.duty.pk, {"note": "x"}),
        ("delegate", vinh, days | {"user": world.officer.pk}),
    ]
    client.force_login(world.head)
    before = everything()

    for name, pk, data, foreign in forms:
        with undone():
            client.post(reverse(name, args=[pk] if pk else []), data)
            assert everything() != before, f"{name} does nothing at all"
        with undone():
            answer = client.post(reverse(name, args=[pk] if pk else []), data | foreign)
            assert everything() == before, (name, foreign)
        assert "Của Nghệ An" not in answer.content.decode(), name
    for name, pk, data in foreign_rows:
        with undone():
            where = reverse(name, args=[pk, "final"] if name == "desk_milestone" else [pk])
            assert client.post(where, data).status_code in (403, 404), name
            assert everything() == before, name


def test_no_list_export_or_search_tells_of_a_strangers_rows(world, rows, neighbours, client):
    n = neighbours
    asked = [
        (reverse("campaign_list"), {"q": "nghe an"}),
        (reverse("campaign_detail", args=[rows["campaign"]]), {}),
        (reverse("units_below"), {}),
        (reverse("reminders_sent"), {"campaign": n.theirs.pk}),
        (reverse("reminders_planned"), {}),
        (reverse("desk", args=[n.ours.pk]), {"area": n.area.pk, "q": "kv2"}),
        (reverse("desk_next", args=[n.ours.pk]), {"after": n.plan.pk}),
        (reverse("campaign_new"), {}),
        (reverse("calendar_page"), {}),
        (reverse("home"), {}),
    ]
    client.force_login(world.head)

    for path, query in asked:
        page = client.get(path, query).content.decode()
        assert "Của Nghệ An" not in page and "VKSND KV2" not in page, path

    sheet = load_workbook(io.BytesIO(client.get(reverse("desk_export", args=[n.ours.pk])).content))
    cells = {cell for page in sheet for row in page.values for cell in row}
    assert {world.kv1.name, world.kv1.label} & cells and not {n.kv2.name, n.kv2.label} & cells
    assert client.get(reverse("desk_export", args=[n.theirs.pk])).status_code == 404


def test_a_feed_ends_with_its_address_its_role_and_its_account(world, rows, client):
    path = reverse("calendar_feed", args=[calendars.renew(world.stranger)])
    feed = client.get(path).content.decode()
    assert "VKSND Nghệ An" in feed.replace("\r\n ", "") and "Huế" not in feed
    assert client.get(path[:-5] + "x.ics").status_code == 404

    with undone():
        calendars.renew(world.stranger)
        assert client.get(path).status_code == 404
    with undone():
        Membership.objects.filter(user=world.stranger).update(valid_to="2020-01-01")
        assert client.get(path).status_code == 404
    with undone():
        User.objects.filter(pk=world.stranger.pk).update(is_active=False)
        assert client.get(path).status_code == 404
    assert client.get(path).status_code == 200


def test_who_holds_or_held_a_role_is_told_to_readers_of_the_unit_alone(world, rows, client):
    record(world.hue, "delegate", by=world.head, note="văn bản 7", changes={"Acting": ["", "2026"]})

    for who, told in (("head", True), ("office", True), ("admin", True), ("stranger", False), ("nobody", False)):
        client.force_login(getattr(world, who))
        page = client.get(address("unit_detail", rows)).content.decode()
        trail = client.get(address("unit_trail", rows), {"part": "1"}).content.decode()
        seen = ("văn bản 7" in trail, reverse("unit_trail", args=[world.hue.pk]) in page, "Nguyễn Văn Huế" in page)
        assert seen == (told, told, told or who == "head"), who


def test_every_address_is_in_the_table_or_has_a_test_of_its_own():
    elsewhere = {
        "campaign_clone",
        "campaign_sub",
        "reminders_sent",
        "reminders_planned",
        "reminder_again",
        "calendar_page",
        "calendar_renew",
        "calendar_off",
        "pick",
        "sessions_end",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    }
    assert set(NAMES) - set(TABLE) - OPEN - elsewhere == set()


def test_every_action_governs_an_address_of_the_table_or_has_a_test_of_its_own():
    elsewhere = {  # they open no page by themselves: what is listed, who is told, where a paper lies that was sent
        "read_own_people_in_full",
        "read_people_in_full",
        "keep_seals",
        "read_campaign_drafts",
        "launch_under",
        "serve_campaigns",
        "meet_obligations",
        "oversee_units_below",
        "read_reminders",
        "send_again",
        "review_plans",
        "put_to_head",
        "read_for_the_council",
        "accept_nominations",
        "forward_nominations",
        "return_nominations",
        "answer_opinions",
    }
    assert set(actions()) - GOVERNING == elsewhere


def test_a_draft_is_not_shown_to_those_beside_or_below(world, rows, client):
    for who in (world.stranger, world.kv1_head):
        client.force_login(who)
        assert "Chủ đề của đơn vị" not in client.get(address("campaign_detail", rows)).content.decode()


def test_fields_that_no_form_shows_are_not_taken(world, rows, client):
    """state, desk, unit, round, version of others: sent along, ignored."""
    client.force_login(world.officer)
    plan = Plan.objects.get(pk=rows["plan"])
    data = {
        "version": plan.version,
        "theme": "mới",
        "organising": "x",
        "state": "approved",
        "desk": world.vinh.pk,
        "unit": world.vinh.pk,
        "round": 9,
        "approved_at": "2020-01-01",
        "campaign": 1,
    }
    for area in plan.campaign.areas.all():
        data |= {f"area-{area.pk}-TOTAL_FORMS": 0, f"area-{area.pk}-INITIAL_FORMS": 0, f"area-{area.pk}-reason": ""}

    client.post(address("plan_edit", rows), data)

    saved = Plan.objects.get(pk=plan.pk)
    assert (saved.theme, saved.state, saved.desk_id, saved.unit_id, saved.round) == (
        "mới",
        "draft",
        world.hue.pk,
        world.hue.pk,
        0,
    )


def test_a_role_ended_closes_the_door_at_the_next_request(world, rows, client):
    client.force_login(world.head)
    assert client.get(address("plan_detail", rows)).status_code == 200

    Membership.objects.filter(user=world.head).update(valid_to="2020-01-01")

    assert client.get(address("plan_detail", rows)).status_code == 404
