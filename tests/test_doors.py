"""Every address × every role: what is closed stays closed, a stranger's row does not exist."""

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from campaigns import flow
from campaigns.models import Attachment, Obligation
from tests import make
from units.models import Job, Membership, Notice, OutboxMail, Role, User

OPEN = {  # without signing in
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "set_language",
    "health",
    "calendar_feed",
}
HEADLIKE = {"head", "officer"}
READERS = {"office", "auditor", "council", "head", "officer"}  # of Hue's papers
EVERYONE = {"office", "auditor", "council", "head", "officer", "kv1_head", "stranger", "admin", "nobody"}
ON_CAMPAIGN = EVERYONE - {"admin", "nobody"}  # a campaign of the root is launched to all who read somewhere

# name: (method, who is let in). "Let in" = 200, 302 or a message; everybody else gets 403 or 404.
TABLE = {
    "home": ("get", EVERYONE),
    "units_below": ("get", EVERYONE),
    "campaign_list": ("get", EVERYONE),
    "campaign_new": ("get", {"office", "head", "officer", "kv1_head", "stranger"}),
    "campaign_detail": ("get", ON_CAMPAIGN),
    "campaign_preview": ("get", {"office"}),
    "campaign_step": ("post", {"office"}),
    "campaign_edit": ("get", {"office"}),
    "document_file": ("get", ON_CAMPAIGN),
    "plan_begin": ("post", HEADLIKE),
    "plan_detail": ("get", READERS),
    "plan_edit": ("get", HEADLIKE),
    "plan_autosave": ("post", HEADLIKE),
    "plan_step": ("post", {"head"}),
    "plan_compare": ("get", READERS),
    "plan_comment": ("post", set()),  # nothing lies on the office's desk: the plan is a draft
    "plan_attach": ("post", HEADLIKE),
    "attachment_file": ("get", READERS),
    "attachment_remove": ("post", HEADLIKE),
    "desk": ("get", {"office", "auditor", "council"}),
    "desk_grid": ("get", {"office", "auditor", "council"}),
    "desk_export": ("get", {"office", "auditor", "council"}),
    "desk_bulk": ("post", {"office"}),
    "desk_next": ("get", {"office"}),
    "desk_extend": ("get", {"office"}),
    "desk_receive": ("get", {"office"}),
    "unit_tree": ("get", EVERYONE),
    "unit_detail": ("get", EVERYONE),
    "delegate": ("get", {"head"}),
    "revoke": ("post", {"head"}),
    "notices": ("get", EVERYONE),
    "notice_open": ("get", {"head"}),
    "notices_read": ("post", EVERYONE),
    "preferences": ("get", EVERYONE),
    "outbox": ("get", {"admin"}),
    "outbox_letter": ("get", {"admin"}),
    "keep_session": ("post", EVERYONE),
    "job_list": ("get", EVERYONE),
    "job": ("get", {"head"}),
    "job_output": ("get", {"head"}),
}


def names(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from names(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


NAMES = sorted({name for name in names() if name})


@pytest.fixture
def rows(world, settings, tmp_path):
    """One row of everything, all of it Hue's."""
    settings.MEDIA_ROOT = tmp_path
    campaign = make.launched(world.root, world.office)
    plan = make.plan(campaign, world.hue, world.officer)
    document = campaign.documents.get()
    document.file.save("a.pdf", __import__("io").BytesIO(b"%PDF-1.4\n%%EOF"))
    attachment = Attachment(
        plan=plan, name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=world.head
    )
    attachment.file.save("a", __import__("io").BytesIO(b"%PDF-1.4\n%%EOF"))
    lent = Membership.objects.create(
        user=make.user("acting"),
        unit=world.hue,
        role=Role.HEAD,
        delegated_by=world.head,
        document="1",
        valid_from="2020-01-01",
        valid_to="2099-01-01",
    )
    notice = Notice.objects.create(key="k", recipient=world.head, kind="x", title="t", body="b", url="/")
    letter = OutboxMail.objects.create(message_id="<1@x>", to="a@b.example", subject="s", body="b")
    obligation = Obligation.objects.get(unit=world.hue)
    job = Job.objects.create(kind="x", title="t", by=world.head, output_name="a.xlsx")
    job.output.save("a", __import__("io").BytesIO(b"x"))
    return {
        "job": job.pk,
        "campaign": campaign.pk,
        "plan": plan.pk,
        "document": document.pk,
        "attachment": attachment.pk,
        "lent": lent.pk,
        "notice": notice.pk,
        "letter": letter.pk,
        "obligation": obligation.pk,
        "unit": world.hue.pk,
    }


def address(name, rows):
    kind = {
        "document_file": "document",
        "job": "job",
        "job_output": "job",
        "attachment_file": "attachment",
        "attachment_remove": "attachment",
        "revoke": "lent",
        "notice_open": "notice",
        "outbox_letter": "letter",
        "desk_receive": "obligation",
        "unit_detail": "unit",
        "delegate": "unit",
    }.get(name, "plan" if name.startswith(("plan_", "attachment")) and name != "plan_begin" else "campaign")
    step = {"campaign_step": "close", "plan_step": "submit"}.get(name)
    for args in ([rows[kind], step] if step else [rows[kind]], []):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_closed_to_visitors_but_for_those_listed(name, rows, client):
    if name in OPEN:
        return
    response = client.get(address(name, rows)) if "key" not in name else None
    assert response is None or (response.status_code == 302 and "/accounts/login/" in response["Location"])


@pytest.mark.parametrize("who", sorted(EVERYONE))
@pytest.mark.parametrize("name", sorted(TABLE))
def test_the_table_of_access(name, who, world, rows, client):
    method, allowed = TABLE[name]
    client.force_login(User.objects.get(pk=getattr(world, who).pk))

    response = getattr(client, method)(address(name, rows), {"unit": rows["unit"], "note": "x", "action": "remind"})
    b"".join(response)  # a file is closed when it was read

    if who in allowed:
        assert response.status_code in (200, 302, 422), (name, who, response.status_code)
    else:
        assert response.status_code in (403, 404), (name, who, response.status_code)


@pytest.mark.parametrize(
    "name", [n for n in sorted(TABLE) if n.startswith(("plan_", "attachment")) and n != "plan_begin"]
)
def test_a_strangers_paper_does_not_exist(name, world, rows, client):
    client.force_login(world.stranger)

    assert getattr(client, TABLE[name][0])(address(name, rows)).status_code == 404


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
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
    }
    assert set(NAMES) - set(TABLE) - OPEN - elsewhere == set()


def test_a_draft_is_not_shown_to_those_beside_or_below(world, rows, client):
    for who in (world.stranger, world.kv1_head):
        client.force_login(who)
        assert "Chủ đề của đơn vị" not in client.get(address("campaign_detail", rows)).content.decode()


def test_fields_that_no_form_shows_are_not_taken(world, rows, client):
    """state, desk, unit, round, version of others: sent along, ignored."""
    client.force_login(world.officer)
    plan = flow.Plan.objects.get(pk=rows["plan"])
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

    saved = flow.Plan.objects.get(pk=plan.pk)
    assert (saved.theme, saved.state, saved.desk_id, saved.unit_id, saved.round) == (
        "mới",
        "draft",
        world.hue.pk,
        world.hue.pk,
        0,
    )


@pytest.mark.parametrize("name", sorted(n for n, (method, who) in TABLE.items() if method == "get" and who))
def test_private_pages_stay_out_of_caches(name, world, rows, client):
    who = sorted(TABLE[name][1])[0]
    client.force_login(getattr(world, who))

    response = client.get(address(name, rows))
    b"".join(response)

    assert "no-store" in response["Cache-Control"]


def test_a_role_ended_closes_the_door_at_the_next_request(world, rows, client):
    client.force_login(world.head)
    assert client.get(address("plan_detail", rows)).status_code == 200

    Membership.objects.filter(user=world.head).update(valid_to="2020-01-01")

    assert client.get(address("plan_detail", rows)).status_code == 404
