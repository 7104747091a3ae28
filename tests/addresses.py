"""The address of each page, filled with one row of everything."""

import io
from uuid import uuid4

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from awards.editions.services import begin
from awards.law import standards
from awards.models import Decision, Evidence, Fund, LawFigure, LawFile, SittingFile, Suggestion
from campaigns.models import (
    Attachment,
    Obligation,
)
from portal.days import today
from portal.models import Job, Notice, OutboxMail
from tests import make
from units.access import accounts
from units.models import Collective, Membership, PersonMerge, Role


def names(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


NAMES = sorted({name for name in names() if name})


def one_of_each(world):
    """One row of everything, all of it Hue's, by the kind that an address asks for."""
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
    fund = Fund.objects.create(unit=world.hue, first_year=2024, opening=0)
    revoked = make.past_award(person, "LDTT", revoked_on="2025-02-01", revoked_by="2/QĐ")
    movement = fund.movements.create(
        kind="paid", amount=710_000, on="2025-01-02", document="C1", token=uuid4(), entered_by=world.head
    )
    movement.payments.create(award=revoked, amount=710_000)
    draft = Decision.objects.create(unit=world.hue, title="Tặng", issuer="x", created_by=world.head, token=uuid4())
    signed = draft.files.create(name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=world.head)
    signed.file.save("a", io.BytesIO(b"%PDF-1.4\n%%EOF"))
    received = make.received(world.vinh, world.root)  # at the office's desk; Huế is asked for its opinion
    asked = received.opinions.create(unit=world.hue, question="?", due_at="2099-01-01T00:00Z", asked_by=world.office)
    council = make.council(world.hue, world.head, lent.user, world.officer)
    sitting = make.sitting(council, nomination, by=world.officer)
    scan = SittingFile(sitting=sitting, name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64)
    scan.by = world.officer
    scan.file.save("a", io.BytesIO(b"%PDF-1.4\n%%EOF"))
    law = begin(
        standards.in_force(today()), code="RS-X", name="Bộ thử", name_en="Trial", valid_from=today(), by=world.office2
    )
    figure = {"amount": 3_000_000, "valid_from": today(), "basis": "Nghị định thử", "by": world.auditor}
    signed = LawFile(
        edition=law, name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=world.office2
    )
    signed.file.save("a", io.BytesIO(b"%PDF-1.4\n%%EOF"))
    return {
        "council": council.pk,
        "seat": council.members.get(user=world.officer).pk,
        "sitting": sitting.pk,
        "item": sitting.items.get().pk,
        "scan": scan.pk,
        "edition": law.pk,
        "figure": LawFigure.objects.create(**figure).pk,
        "proposed_figure": LawFigure.objects.create(state="proposed", **figure).pk,
        "law_file": signed.pk,
        "account": world.officer.pk,
        "proposal": accounts.change(world.officer, by=world.admin, version=None, email="o2@vks.example").pk,
        "role": world.officer.memberships.get().pk,
        "session": world.head.sessions.create(key="elsewhere").pk,
        "reorganisation": reorganisation.pk,
        "past_award": line.pk,
        "fund": fund.pk,
        "decision": draft.pk,
        "decision_line": draft.lines.create(past_award=line).pk,
        "decision_file": signed.pk,
        "receipt": draft.receipts.create(unit=world.hue).pk,
        "revoked": revoked.pk,
        "suggestion": Suggestion.objects.create(
            person=person, unit=world.hue, award="LDTT", year=2025, dismissed_at="2026-01-01T00:00Z"
        ).pk,
        "movement": movement.pk,
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
        "plan_word": plan.comments.create(field="theme", text="x", round=1, by=world.office).pk,
        "nomination_word": make.received(world.hue, world.root)
        .comments.create(audience="unit", text="x", round=1, by=world.office)
        .pk,
        "document": document.pk,
        "attachment": attachment.pk,
        "lent": lent.pk,
        "notice": notice.pk,
        "letter": letter.pk,
        "obligation": obligation.pk,
        "unit": world.hue.pk,
        "master": make.paper_master("submission", world.office).pk,
    }


NAMED = {  # addresses made of words, not of rows
    "award_rules": ["RS-2025", "LDTT"],
    "condition_severity": ["RS-2025", "LDTT", "employed"],
    "edition_toml": ["RS-2025"],
    "edition_try": ["RS-2025", "past"],
    "edition_trial": ["RS-2025"],
    "edition_beginning": ["RS-2025"],
    "edition_apply": ["RS-2025"],
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
    "council",
    "sitting",
    "edition",
    "figure",
    "law_file",
)


def address(name, rows):
    if name in NAMED:
        return reverse(name, args=NAMED[name])
    kind = {
        "document_file": "document",
        "agenda_item": "item",
        "agenda_compare": "item",
        "agenda_ask": "item",
        "agenda_recuse": "item",
        "sitting_file": "scan",
        "review": "received",
        "review_autosave": "received",
        "review_talk": "received",
        "review_comment": "received",
        "review_more": "received",
        "review_opinion": "received",
        "review_give": "received",
        "review_conflict_end": "own_conflict",
        "opinion": "opinion",
        "plan_comment_answer": "plan_word",
        "nomination_comment_answer": "nomination_word",
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
        "figure_step": "proposed_figure",
    }.get(name) or next(
        (k for k in KINDS if name == k or name.startswith(k + "_")),
        "campaign",
    )
    kind = "campaign" if name == "plan_begin" else kind
    if name == "chart_file":
        return reverse(name, args=["pdf"])
    if name in ("paper_masters", "paper_shipped", "paper_choose"):
        return reverse(name, args=["submission"])
    if name == "paper_master_file":
        return reverse(name, args=[rows["master"], "example"])
    if name == "paper_master":
        return reverse(name, args=[rows["master"]])
    if name == "paper":
        return reverse(name, args=["submission", rows["submission"], "pdf"])
    step = {
        "account_step": "sessions",
        "proposal_step": "cancel",
        "campaign_step": "close",
        "plan_step": "submit",
        "reorganisation_step": "submit",
        "edition_step": "propose_law",
        "edition_award": 0,
        "edition_row": "award/0",
        "edition_row_remove": "award/0/bonus",
        "figure_step": "put_in_force",
        "unit_change": "rename",
        "submission_step": "submit",
        "nomination_step": "submit",
        "desk_milestone": "final",
        "person_export": "json",
        "council_unseat": rows["seat"],
        "sitting_step": "cancel",
        "sitting_take_off": rows["item"],
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
        "decision": [rows["decision"]],
        "decision_edit": [rows["decision"]],
        "decision_pick": [rows["decision"]],
        "decision_line_remove": [rows["decision"], rows["decision_line"]],
        "decision_attach": [rows["decision"]],
        "decision_file": [rows["decision"], rows["decision_file"]],
        "decision_annul": [rows["decision"]],
        "decision_confirm": [rows["decision"], rows["receipt"]],
        "decision_step": [rows["decision"], "send_to_sign"],
        "suggestion_restore": [rows["suggestion"]],
        "fund": [rows["fund"]],
        "fund_edit": [rows["fund"]],
        "fund_export": [rows["fund"]],
        "fund_enter": [rows["fund"], "income"],
        "fund_recover": [rows["fund"], rows["revoked"]],
        "fund_dues": [rows["fund"]],
        "fund_pay": [rows["fund"], rows["past_award"]],
        "fund_bonus_list": [rows["fund"], rows["past_award"]],
        "fund_movement": [rows["fund"], rows["movement"]],
        "initiative": [rows["idea"]],
        "initiative_edit": [rows["open_idea"]],
        "initiative_autosave": [rows["open_idea"]],
        "initiative_recognise": [rows["open_idea"]],
        "initiative_step": [rows["open_idea"], "refuse"],
    }
    if name in own:
        return reverse(name, args=own[name])
    for args in ([rows[kind], step] if step is not None else [rows[kind]], []):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")
