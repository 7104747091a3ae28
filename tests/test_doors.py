"""Every address × every role: what is closed stays closed, a stranger's row does not exist."""

import io
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook

from awards.models import Evidence, Submission
from campaigns.models import (
    AreaNote,
    Attachment,
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
from portal.models import Entry, Job, Notice, OutboxMail
from portal.models.trail import record
from tests import make
from units.access import accounts
from units.models import Collective, Membership, PersonMerge, Role, User
from units.models.units import Kind

OPEN = {  # without signing in
    "account_login",
    "account_signup",
    "account_inactive",
    "mfa_authenticate",  # after the password
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "set_language",
    "health",
    "calendar_feed",
    "csp_report",
}
HEADLIKE = {"head", "officer"}
READERS = {"office", "auditor", "council", "head", "officer"}  # of Hue's papers
EVERYONE = {"office", "auditor", "council", "head", "officer", "kv1_head", "stranger", "admin", "nobody"}
ON_CAMPAIGN = EVERYONE - {"admin", "nobody"}  # a campaign of the root is launched to all who read somewhere

PAPERS = ("plan_", "attachment", "submission", "nomination", "evidence", "reorganisation")
LISTS = ("submission_list", "nomination_list", "nomination_export")

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
    "desk_milestone": ("get", {"office", "auditor", "council"}),
    "desk_export": ("get", {"office", "auditor", "council"}),
    "desk_bulk": ("post", {"office"}),
    "desk_next": ("get", {"office"}),
    "desk_extend": ("get", {"office"}),
    "desk_receive": ("get", {"office"}),
    "unit_tree": ("get", EVERYONE),
    "unit_detail": ("get", EVERYONE),
    "unit_branch": ("get", EVERYONE),
    "unit_change": ("get", {"admin"}),
    "unit_edit": ("get", {"admin"}),
    "unit_order": ("post", {"admin"}),
    "unit_office": ("get", {"admin"}),
    "reorganisation_list": ("get", {"admin"}),
    "reorganisation_new": ("get", {"admin"}),
    "reorganisation_template": ("get", {"admin"}),
    "reorganisation_detail": ("get", {"admin"}),
    "reorganisation_edit": ("get", {"admin"}),
    "reorganisation_steps": ("get", {"admin"}),
    "reorganisation_upload": ("get", {"admin"}),
    "reorganisation_sheet": ("get", {"admin"}),
    "reorganisation_preview": ("get", {"admin"}),
    "reorganisation_step": ("post", {"admin"}),
    "delegate": ("get", {"head"}),
    "revoke": ("post", {"head"}),
    "unit_rights": ("get", READERS | {"admin"}),
    "unit_trail": ("get", READERS | {"admin"}),
    "chart": ("get", EVERYONE),
    "chart_file": ("get", EVERYONE),
    "account_list": ("get", {"admin"}),
    "account_new": ("get", {"admin"}),
    "account": ("get", {"admin"}),
    "account_edit": ("get", {"admin"}),
    "account_step": ("post", {"admin"}),
    "role_grant": ("get", {"admin"}),
    "role_end": ("get", {"admin"}),
    "proposal_list": ("get", EVERYONE),
    "proposal": ("get", {"admin", "officer"}),
    "proposal_step": ("post", {"admin"}),
    "mfa_index": ("get", EVERYONE),
    "mfa_activate_totp": ("get", EVERYONE),
    "mfa_add_webauthn": ("get", EVERYONE),
    "sessions": ("get", EVERYONE),
    "session_end": ("post", {"head"}),
    "notices": ("get", EVERYONE),
    "notice_open": ("get", {"head"}),
    "notices_read": ("post", EVERYONE),
    "preferences": ("get", EVERYONE),
    "outbox": ("get", {"admin"}),
    "outbox_letter": ("get", {"admin"}),
    "keep_session": ("post", EVERYONE),
    "exchange_home": ("get", {"admin", "office", "head", "officer", "kv1_head", "stranger"}),
    "exchange_template": ("get", {"admin"}),
    "exchange_export": ("post", {"admin"}),
    "exchange_upload": ("get", {"admin"}),
    "exchange_import": ("get", {"admin"}),
    "exchange_report": ("get", {"admin"}),
    "exchange_apply": ("post", {"admin"}),
    "exchange_again": ("post", {"admin"}),
    "system_status": ("get", {"admin"}),
    "system_trail": ("get", {"admin", "auditor"}),
    "job_list": ("get", EVERYONE),
    "job": ("get", {"head"}),
    "job_output": ("get", {"head"}),
    "person_list": ("get", EVERYONE - {"nobody"}),
    "person_me": ("get", EVERYONE),
    "person_new": ("get", {"admin"}),
    "person_detail": ("get", READERS | {"admin"}),
    "person_edit": ("get", {"admin"}),
    "person_export": ("get", {"admin"}),
    "person_anonymise": ("get", {"admin"}),
    "posting_new": ("get", {"admin"}),
    "posting_edit": ("get", {"admin"}),
    "posting_transfer": ("get", {"admin"}),
    "posting_remove": ("get", {"admin"}),
    "status_new": ("get", {"admin"}),
    "status_edit": ("get", {"admin"}),
    "status_remove": ("get", {"admin"}),
    "duplicate_list": ("get", {"admin"}),
    "duplicate_with": ("get", {"admin"}),
    "duplicate_compare": ("get", {"admin"}),
    "duplicate_apart": ("post", {"admin"}),
    "merge_undo": ("get", {"admin"}),
    "collective_list": ("get", EVERYONE - {"nobody"}),
    "collective_new": ("get", {"admin"}),
    "collective_detail": ("get", READERS | {"admin"}),
    "collective_edit": ("get", {"admin"}),
    "collective_close": ("get", {"admin"}),
    "collective_join": ("get", {"admin"}),
    "ledger": ("get", EVERYONE),
    "ledger_export": ("get", EVERYONE),
    "ledger_find": ("get", {"office", "head", "officer", "kv1_head", "stranger"}),
    "ledger_subject": ("get", READERS | {"admin"}),
    "ledger_enter": ("get", {"office", "head", "officer"}),
    "ledger_rate": ("get", {"office", "head", "officer"}),
    "past_award": ("get", READERS | {"admin"}),
    "past_award_correct": ("get", {"office", "head", "officer"}),
    "past_award_revoke": ("get", {"office", "head"}),
    "past_award_act": ("get", {"office", "head"}),
    "past_award_initiative": ("post", {"office", "head", "officer"}),
    "initiative_list": ("get", EVERYONE),
    "initiative_export": ("get", EVERYONE),
    "initiative_alike": ("get", {"office", "head", "officer", "kv1_head", "stranger"}),
    "initiative_new": ("get", {"office", "head", "officer", "kv1_head", "stranger"}),
    "initiative": ("get", READERS | {"admin"}),
    "initiative_edit": ("get", {"office", "head", "officer"}),
    "initiative_recognise": ("get", {"office", "head"}),
    "initiative_step": ("post", {"head"}),
    "submission_list": ("get", EVERYONE),
    "submission_new": ("get", {"head", "officer", "kv1_head", "stranger"}),
    "submission": ("get", READERS),
    "submission_edit": ("get", HEADLIKE),
    "submission_autosave": ("post", HEADLIKE),
    "submission_add": ("post", HEADLIKE),
    "submission_discard": ("post", HEADLIKE),
    "submission_pick": ("get", HEADLIKE),
    "submission_import": ("get", HEADLIKE),
    "submission_template": ("get", HEADLIKE),
    "submission_step": ("post", {"head"}),
    "submission_attach": ("post", HEADLIKE),
    "submission_export": ("get", READERS),
    "evidence_file": ("get", READERS),
    "evidence_remove": ("post", HEADLIKE),
    "nomination_list": ("get", EVERYONE),
    "nomination_export": ("get", EVERYONE),
    "nomination": ("get", READERS),
    "nomination_edit": ("get", HEADLIKE),
    "nomination_autosave": ("post", HEADLIKE),
    "nomination_step": ("post", {"head"}),
    "nomination_compare": ("get", READERS),
    "nomination_attach": ("post", HEADLIKE),
    "nomination_achievement": ("post", HEADLIKE),
    "nomination_set_aside": ("post", {"office"}),
    "nomination_dossier": ("get", READERS),
    "campaign_awards": ("get", ON_CAMPAIGN),
    "award_catalogue": ("get", EVERYONE),
    "award_rules": ("get", EVERYONE),
    "edition_compare": ("get", EVERYONE),
    "condition_severity": ("post", {"office"}),
    "review_list": ("get", {"office", "auditor"}),
    "review_figures": ("get", {"office", "auditor"}),
    "review_next": ("get", {"office"}),
    "review_assign": ("get", {"office"}),
    "review_bulk": ("post", {"office"}),
    "review_release": ("get", {"office"}),
    "review_conflicts": ("get", {"office"}),
    "review_conflict_end": ("post", {"office"}),
    "review": ("get", {"office"}),
    "review_talk": ("get", {"office"}),
    "review_comment": ("post", {"office"}),
    "review_more": ("post", {"office"}),
    "review_opinion": ("post", {"office"}),
    "review_give": ("post", {"office"}),
    "opinion_list": ("get", EVERYONE),
    "opinion": ("get", HEADLIKE),
}


def names(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


NAMES = sorted({name for name in names() if name})


@pytest.fixture
def rows(world, settings, tmp_path):
    """One row of everything, all of it Hue's."""
    settings.MEDIA_ROOT = tmp_path
    campaign = make.launched(world.root, world.office)
    make.owing_report(campaign)
    plan = make.plan(campaign, world.hue, world.officer)
    document = campaign.documents.get()
    document.file.save("a.pdf", io.BytesIO(b"%PDF-1.4\n%%EOF"))
    attachment = Attachment(
        plan=plan, name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=world.head
    )
    attachment.file.save("a", io.BytesIO(b"%PDF-1.4\n%%EOF"))
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
    brought = Job.objects.create(
        kind="import_check",
        title="t",
        by=world.admin,
        state="done",
        params={"exchange": "people", "name": "a.csv", "options": {}},
        result={"digest": "x", "like": [], "problems": [], "create": 0, "change": 0, "close": 0, "same": 1},
    )
    brought.source.save("b", io.BytesIO(b"x"))
    person, twin = (make.person("Lê An", world.hue, birth_year=1980) for _twice in range(2))
    merge = PersonMerge.objects.create(kept=person, gone=make.person("Lê Án"), by=world.admin)
    line = make.past_award(person)
    paper = make.submission(world.hue, world.officer)
    nomination = make.nomination(paper, make.person("Lê Thị Đề Cử", world.hue), world.officer)
    packed = {"params": {"nomination": nomination.pk}, "holds": [nomination.pk]}
    job = Job.objects.create(kind="dossier", title="t", by=world.head, output_name="a.zip", **packed)
    job.output.save("a", io.BytesIO(b"x"))
    evidence = Evidence(
        submission=paper, nomination=nomination, part="minutes", name="a.pdf", content_type="application/pdf",
        size=9, sha256="0" * 64, by=world.head,
    )  # fmt: skip
    evidence.file.save("a", io.BytesIO(b"%PDF-1.4\n%%EOF"))
    idea = make.initiative(world.hue, "Sáng kiến", person, recognised=True)
    open_idea = make.initiative(world.hue, "Đang xét", person)
    obligation = Obligation.objects.get(unit=world.hue, milestone__kind="registration")
    reorganisation = make.reorganisation(world.admin, world.root)
    received = make.received(world.vinh, world.root)  # at the office's desk; Huế is asked for its opinion
    asked = received.opinions.create(unit=world.hue, question="?", due_at="2099-01-01T00:00Z", asked_by=world.office)
    return {
        "account": world.officer.pk,
        "proposal": accounts.change(world.officer, by=world.admin, version=None, email="o2@vks.example").pk,
        "role": world.officer.memberships.get().pk,
        "session": world.head.sessions.create(key="elsewhere").pk,
        "reorganisation": reorganisation.pk,
        "past_award": line.pk,
        "idea": idea.pk,
        "submission": paper.pk,
        "nomination": nomination.pk,
        "evidence": evidence.pk,
        "open_idea": open_idea.pk,
        "list": "people",
        "import": brought.pk,
        "person": person.pk,
        "twin": twin.pk,
        "posting": person.postings.get().pk,
        "status": person.statuses.create(kind="leave", valid_from="2024-01-01").pk,
        "merge": merge.pk,
        "collective": Collective.objects.create(unit=world.hue, code="R", name="Phòng").pk,
        "received": received.pk,
        "opinion": asked.pk,
        "own_conflict": world.office.conflicts.create(unit=world.kv1, reason="x").pk,
        "reviewer": world.office2.pk,
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


NAMED = {  # addresses made of words, not of rows
    "award_rules": ["RS-2025", "LDTT"],
    "condition_severity": ["RS-2025", "LDTT", "employed"],
}


KINDS = (
    "plan",
    "person",
    "posting",
    "status",
    "merge",
    "collective",
    "submission",
    "nomination",
    "evidence",
    "reorganisation",
)


def address(name, rows):
    if name in NAMED:
        return reverse(name, args=NAMED[name])
    kind = {
        "document_file": "document",
        "review": "received",
        "review_talk": "received",
        "review_comment": "received",
        "review_more": "received",
        "review_opinion": "received",
        "review_give": "received",
        "review_conflict_end": "own_conflict",
        "opinion": "opinion",
        "exchange_template": "list",
        "exchange_export": "list",
        "exchange_upload": "list",
        "exchange_import": "import",
        "exchange_report": "import",
        "exchange_apply": "import",
        "exchange_again": "import",
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
        "unit_rights": "unit",
        "account": "account",
        "account_edit": "account",
        "account_step": "account",
        "role_grant": "account",
        "role_end": "role",
        "proposal": "proposal",
        "proposal_step": "proposal",
        "session_end": "session",
        "unit_branch": "unit",
        "unit_change": "unit",
        "unit_edit": "unit",
        "unit_order": "unit",
        "unit_office": "unit",
        "unit_trail": "unit",
        "posting_new": "person",
        "status_new": "person",
        "duplicate_with": "person",
        "duplicate_compare": "person",
        "duplicate_apart": "person",
    }.get(name) or next(
        (k for k in KINDS if name == k or name.startswith(k + "_")),
        "campaign",
    )
    kind = "campaign" if name == "plan_begin" else kind
    if name == "chart_file":
        return reverse(name, args=["pdf"])
    step = {
        "account_step": "sessions",
        "proposal_step": "cancel",
        "campaign_step": "close",
        "plan_step": "submit",
        "reorganisation_step": "submit",
        "unit_change": "rename",
        "submission_step": "submit",
        "nomination_step": "submit",
        "desk_milestone": "final",
        "person_export": "json",
        "duplicate_compare": rows["twin"],
        "duplicate_apart": rows["twin"],
    }.get(name)
    of_person = [rows["past_award"], "settle"] if name == "past_award_act" else ["person", rows["person"]]
    own = {
        "ledger_subject": of_person,
        "ledger_enter": of_person,
        "ledger_rate": of_person,
        "past_award": [rows["past_award"]],
        "past_award_correct": [rows["past_award"]],
        "past_award_revoke": [rows["past_award"]],
        "past_award_initiative": [rows["past_award"]],
        "past_award_act": of_person,
        "initiative": [rows["idea"]],
        "initiative_edit": [rows["open_idea"]],
        "initiative_recognise": [rows["open_idea"]],
        "initiative_step": [rows["open_idea"], "refuse"],
    }
    if name in own:
        return reverse(name, args=own[name])
    for args in ([rows[kind], step] if step else [rows[kind]], []):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")


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


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_the_table_of_access(who, world, rows, client):
    client.force_login(User.objects.get(pk=getattr(world, who).pk))

    codes = {name: ask(client, name, rows).status_code for name in TABLE}

    let_in = {name for name, (method, allowed) in TABLE.items() if who in allowed}
    assert {name: codes[name] for name in let_in if codes[name] not in (200, 302, 422)} == {}
    assert {name: codes[name] for name in set(TABLE) - let_in if codes[name] not in (403, 404)} == {}


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


def test_private_pages_stay_out_of_caches(world, rows, client):
    kept = {}
    for name, (method, allowed) in TABLE.items():
        if method == "get":
            client.force_login(getattr(world, min(allowed)))
            kept[name] = ask(client, name, rows).headers.get("Cache-Control", "")

    assert len(kept) > 20
    assert {name: cache for name, cache in kept.items() if "no-store" not in cache} == {}


def test_a_role_ended_closes_the_door_at_the_next_request(world, rows, client):
    client.force_login(world.head)
    assert client.get(address("plan_detail", rows)).status_code == 200

    Membership.objects.filter(user=world.head).update(valid_to="2020-01-01")

    assert client.get(address("plan_detail", rows)).status_code == 404
