"""Every page of every role, wide and on a phone: axe finds nothing, nothing runs out of the screen."""

import os
from datetime import timedelta
from io import StringIO
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from lxml import etree, html
from playwright.sync_api import expect

from awards.councils import ballots, keys
from awards.councils import services as sittings
from awards.decisions import services as decisions
from awards.editions.services import begin
from awards.law import standards
from awards.models import Fund, Initiative, LawFigure, Nomination, PastAward, Sitting, Submission
from awards.nominations import flow as nominations
from awards.review import opinions, talk
from awards.review import services as review
from campaigns import flow
from campaigns.models import Campaign, Comment, Obligation, Plan
from portal.days import today
from portal.models import Job, OutboxMail
from tests import make, markup
from tests.addresses import NAMES
from tests.browser.conftest import NARROW, WIDE
from units.access import accounts
from units.models import Collective, Person, PersonMerge, Unit, User

RULES = {
    "resultTypes": ["violations"],
    "preload": False,  # only rules about sound and locked screens read what it fetches
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    # axe leaves these out of its tags: one is experimental still, the other deprecated
    "rules": {"label-content-name-mismatch": {"enabled": True}, "duplicate-id": {"enabled": True}},
}
# contrast hangs on looks: at each width axe reads one text of each class, colour and letter on each ground it lies on
LOOKS = """
() => {
  const grounds = new Map([[null, ""]]), looks = new Map();
  const ground = (element) => {
    if (!grounds.has(element)) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity].join();
      grounds.set(element, ground(element.parentElement) + (own === "rgba(0, 0, 0, 0),none,1" ? "" : own + ";"));
    }
    return grounds.get(element);
  };
  const written = (element) => [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  for (const element of document.body.querySelectorAll("*")) {
    element.removeAttribute("data-unread");
    if (!written(element) && !element.matches("input, select, textarea")) continue;
    const {width, height} = element.getBoundingClientRect();
    if (!width || !height || !element.checkVisibility({visibilityProperty: true})) continue;
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    const names = [element.localName, element.className, element.disabled, element.parentElement.localName];
    const look = [...names, color, fontSize, fontWeight, textShadow, ground(element)].join();
    if (!looks.has(look)) looks.set(look, element);
  }
  window.unread = (fresh) => fresh.forEach((look) => looks.get(look).setAttribute("data-unread", ""));
  axe.configure({rules: [{id: "color-contrast", selector: "[data-unread]"}]});
  return [...looks.keys()];
}"""
# in a window as tall as the page no bar that sticks to its edge, and no box as high as it, lies over or hides content
HEIGHT = """
() => [...document.querySelectorAll("*")].some((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
  && document.documentElement.scrollHeight"""
TALLEST = 24_000  # px; Chromium needs half a minute to open a window of a hundred thousand
# who reads which pages; `:` names the row, `?` the query, `*` a page worth a photograph
PAGES = {
    None: """account_login* account_signup account_inactive account_reset_password account_reset_password_done
        account_reset_password_from_key account_reset_password_from_key_done""",
    "office": """home* campaign_list* campaign_new campaign_detail:live campaign_detail:old campaign_detail:draft
        campaign_edit:draft* campaign_preview:draft campaign_clone:live campaign_step:draft""",
    "office ": """desk:live* desk:live?state=submitted&q=vksnd desk:live?q=khong-co desk_grid:live?clear=1*
        desk_milestone:live desk_extend:live desk_receive:owing plan_detail:waiting* plan_compare:twice
        desk_next:live reminders_sent* reminders_planned""",
    "head.T79.25": """home* units_below campaign_list campaign_detail:live* plan_edit:returned plan_detail:returned
        unit_tree unit_tree?q=hue unit_detail:province delegate:province notices notice_open:notice
        preferences calendar_page account_logout account_change_password account_reauthenticate
        mfa_index* mfa_activate_totp*""",
    "officer.T31.25": "home plan_edit:draft_plan* plan_take_over:draft_plan* plan_detail:draft_plan calendar_page",
    "admin": """home outbox outbox_letter:letter unit_detail:root account_list* account_list?q=khong-co account:officer*
        account_new account_new?q=moi account_new?person=900001 account_edit:officer role_grant:officer* role_end:role
        unit_rights:province* chart?on=01/07/2025* sessions* unit_detail:root?order=1
        unit_detail:province unit_tree unit_edit:province unit_office:province unit_office:root unit_trail:root
        unit_change:province reorganisation_list reorganisation_new
        reorganisation_detail:plan* reorganisation_edit:plan reorganisation_steps:plan* reorganisation_upload:plan
        reorganisation_preview:plan*
        exchange_home exchange_upload:list exchange_import:import job_list job:job
        system_status* system_trail* system_trail?by=khong-co unit_tree?headless=on proposal_list* proposal:address*""",
    "head.T46.25": """submission_list* submission_new submission:paper* submission_edit:paper submission_pick:paper*
        submission_outsider:paper submission_import:paper
        nomination_list* nomination_edit:nomination* nomination:nomination*
        campaign_awards:live fund_list fund:fund* fund_edit:fund fund_enter:income fund_recover:recovery fund_dues:fund
        fund_pay:due* fund_movement:movement* suggestion_list*""",
    "admin ": """person_list* person_list?unit=T46.25 person_list?unit=vksnd person_new person_detail:person* person_me
        person_edit:person* person_anonymise:person posting_new:person posting_edit:posting posting_transfer:posting
        posting_remove:posting status_new:person status_edit:status status_remove:status duplicate_list*
        duplicate_list?years=unknown duplicate_with:person duplicate_compare:pair* merge_undo:merge collective_list
        collective_new collective_detail:collective collective_edit:collective collective_close:collective
        collective_join:collective""",
    "auditor": "home desk:live desk_grid:live plan_detail:approved",
    "council1": "home",
    "council2": "home sitting:sitting* sitting_key:sitting agenda_item:item* agenda_compare:item sitting_paper:public",
    "council3": "sitting_paper:secret* sitting_unlock:counting sitting:counted* sitting_record:counted*",
    "office     ": """sitting_list* sitting_list?state=closed council_list council:council council_new
        council_edit:council council_seat:council council_unseat:seat sitting_new sitting_edit:sitting
        sitting_agenda:sitting sitting_attendance:sitting sitting_counts:sitting""",
    "officer.T46.25": """award_catalogue* award_catalogue?edition=RS-2026 award_catalogue?q=khong-co award_rules:award*
        edition_compare?a=RS-2019&b=RS-2025*""",
    "office  ": """award_rules:award condition_severity:condition edition_list* edition_new edition_upload edition:law*
        edition_award:law_award* edition_row:law_row edition_trial:law_code edition_beginning:law_code* figure_list
        figure_new figure:figure figure_edit:figure""",
    "office   ": """ledger* ledger?source=typed&since=2020 ledger?q=khong-co ledger_find?q=a ledger_subject:holder*
        ledger_enter:holder ledger_rate:holder past_award:line past_award_correct:line past_award_revoke:line*
        past_award_act:act initiative_list* initiative:idea* initiative_edit:idea initiative_recognise:idea
        initiative_new""",
    "office    ": """home review_list* review_list?state=all&q=khong-co review:received* review:taken*
        review_talk:taken* review_talk:received review_figures review_assign* review_release* review_conflicts*
        nomination:taken submission:sent""",
    "office2": """review_conflicts* review:barred* fund_new decision_list* decision_new decision:decision*
        decision_edit:decision decision_pick:decision*
        paper_list* paper_masters:kind* paper_master:master*""",
    "office.otp": """mfa_index* mfa_reauthenticate mfa_deactivate_totp mfa_generate_recovery_codes""",
    "head.VP": "home* opinion_list* opinion:opinion*",
}
TOGETHER = {  # the data of the demo is made once for each
    "campaigns": ["office", "office ", "head.T79.25", "officer.T31.25", "auditor", "council1"],
    "people": [None, "admin", "admin "],
    "awards": [
        "officer.T46.25",
        "office  ",
        "office   ",
        "head.T46.25",
        "office    ",
        "office2",
        "council2",
        "council3",
        "office     ",
        "office.otp",
        "head.VP",
    ],
}
NO_PAGES = {  # they answer a form, send a file or lead elsewhere
    *("exchange_template", "exchange_export", "exchange_report", "exchange_apply", "exchange_again", "job_output"),
    *("attachment_file", "attachment_remove", "calendar_feed", "campaign_sub", "desk_bulk", "desk_export"),
    *("account_step", "campaign_autosave", "chart_file", "session_end", "sessions_end"),
    *(
        "document_file",
        "health",
        "keep_session",
        "notices_read",
        "plan_attach",
        "plan_autosave",
        "plan_begin",
        "plan_example",
    ),
    *("unit_branch", "unit_order", "reorganisation_template", "reorganisation_sheet", "reorganisation_step"),
    *("initiative_alike", "initiative_autosave", "initiative_export", "initiative_step", "ledger_export"),
    *("past_award_initiative", "review_autosave"),
    *("submission_autosave", "submission_add", "submission_step", "submission_attach", "submission_export"),
    *("submission_template", "evidence_file", "evidence_remove", "nomination_export", "nomination_autosave"),
    *("nomination_step", "nomination_compare", "nomination_attach", "nomination_achievement"),
    *("nomination_set_aside", "nomination_dossier", "submission_discard", "paper", "paper_shipped"),
    *("paper_choose", "paper_master_file"),
    *("sitting_take_off", "sitting_step", "sitting_attach", "sitting_again", "sitting_conclude", "sitting_file"),
    *("agenda_ask", "agenda_recuse"),
    *("review_next", "review_bulk", "review_comment", "review_more", "review_opinion", "review_give"),
    "review_conflict_end",
    *("edition_toml", "edition_draft_toml", "edition_row_remove", "edition_attach", "edition_step", "edition_try"),
    *("edition_apply", "law_file", "law_file_remove", "figure_attach", "figure_step"),
    "pick",
    *("fund_export", "fund_bonus_list", "suggestion_act", "suggestion_restore"),
    *(
        "decision_line_remove",
        "decision_attach",
        "decision_file",
        "decision_annul",
        "decision_confirm",
        "decision_step",
    ),
    *(
        "duplicate_apart",
        "person_export",
        "plan_comment",
        "plan_comment_answer",
        "nomination_comment_answer",
        "plan_step",
        "proposal_step",
        "reminder_again",
        "revoke",
        "set_language",
        "csp_report",
        "account_set_password",
        "mfa_add_webauthn",  # these in test_passkey.py
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",  # shown once, when they were made: there too
        "mfa_authenticate",  # after the password: below, with what answers a form
    ),
}


def test_no_page_is_forgotten():
    named = {name.split(":")[0].split("?")[0].rstrip("*") for pages in PAGES.values() for name in pages.split()}
    assert set(NAMES) - NO_PAGES - named == set()
    assert {username for group in TOGETHER.values() for username in group} == set(PAGES)
    assert named - set(NAMES) == set()


@pytest.fixture
def rows(live_server, monkeypatch, settings, tmp_path):
    """The data of the demo, and what it lacks: a draft campaign, a plan sent twice, a comment, an unsent duty."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("DEMO_PASSWORD", make.PASSWORD)
    call_command("demo", stdout=StringIO())
    root = Unit.objects.get(code="VKSTC")
    old = Campaign.objects.get(code__contains="127")
    live = Campaign.objects.get(cloned_from=old)
    plans = {plan.state: plan for plan in Plan.objects.filter(campaign=live)}
    by = lambda name: User.objects.get(username=name)  # noqa: E731
    returned, office, head = plans["returned"], by("office"), by("head.T79.25")
    again = flow.PLAN.take("resubmit", returned, by=head, version=make.seen(returned))
    Comment.objects.create(plan=again, round=2, field="theme", text="Nêu rõ hơn việc chính", by=office)
    again = flow.PLAN.take("return", again, by=office, note="Bổ sung chủ đề", version=make.seen(again))
    Person.objects.create(pk=900001, staff_code="CB01", full_name="Đặng Thị Mới")  # without an account
    admin = by("admin")
    steps = [
        {"kind": "merge", "sources": ["T01.25", "T79.25"], "code": "T99", "name_vi": "Viện kiểm sát nhân dân hợp nhất"},
        {"kind": "rename", "sources": ["T46.25"], "name_vi": "Viện kiểm sát nhân dân tên mới"},
        {"kind": "dissolve", "sources": ["VP"]},
    ]
    planned = make.reorganisation(admin, root, *steps).pk
    paper = Submission.objects.get(unit__code="T46.25")
    person = Person.objects.get(staff_code="CB007")
    pair = Person.objects.filter(staff_code__in=("CB043", "CB044")).order_by("staff_code")
    gone = Person.objects.create(staff_code="GONE", full_name=person.full_name, merged_into=person)
    received, taken, barred = Nomination.objects.filter(unit__code="T01.25").order_by("pk")
    nominations.NOMINATION.take("take_up", taken, by=office, version=make.seen(taken))
    review.assign(taken, office, by=office, held=set())
    talk.comment(taken, by=office, audience="office", text="Cần đối chiếu số liệu")
    monkeypatch.setattr(keys, "OPERATIONS", keys.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(keys, "MEMORY", keys.argon2id.MEMLIMIT_MIN)
    due = timezone.now() + timedelta(days=5)
    opinion = opinions.ask_opinion(
        taken, Unit.objects.get(code="VP"), question="Có trùng không?", due_at=due, by=office
    )
    taken.refresh_from_db()
    review.judge(taken, by=office, version=taken.version, verdicts={}, result="unfit", note="Thành tích chung chung")
    brought = Job.objects.create(
        kind="import_check",
        title="Nhập cán bộ",
        by=admin,
        state="done",
        params={"exchange": "people", "name": "a.csv", "options": {}},
        result={"digest": "x", "like": [], "problems": [], "create": 0, "change": 0, "close": 0, "same": 1},
    )
    law = begin(
        standards.edition("RS-2026"), code="RS-2026", name="Bộ thử", name_en="Trial", valid_from=today(), by=office
    )
    salary = {"amount": 3_000_000, "valid_from": today(), "basis": "Nghị định thử", "by": office}
    return {
        "law": law.pk,
        "law_award": [law.pk, 0],
        "law_row": [law.pk, "award/0/conditions/0"],
        "law_code": ["RS-2026"],
        "figure": LawFigure.objects.create(**salary).pk,
        "plan": planned,
        "list": "people",
        "import": brought.pk,
        "job": Job.objects.create(kind="x", title="Việc dài", by=admin).pk,
        "received": received.pk,
        "taken": taken.pk,
        "barred": barred.pk,
        "sent": taken.submission_id,
        "opinion": opinion.pk,
        "paper": paper.pk,
        "nomination": paper.nominations.get(award="GK").pk,
        "person": person.pk,
        "pair": [row.pk for row in pair],
        "posting": person.postings.get().pk,
        "status": person.statuses.get().pk,
        "merge": PersonMerge.objects.create(kept=person, gone=gone, by=by("admin"), moved={}).pk,
        "collective": Collective.objects.get(code="T46.25-P1").pk,
        "old": old.pk,
        "live": live.pk,
        "draft": make.campaign(root, kinds=("province",)).pk,
        "waiting": plans["submitted"].pk,
        "approved": plans["approved"].pk,
        "returned": again.pk,
        "twice": again.pk,
        "draft_plan": plans["draft"].pk,
        "owing": Obligation.objects.filter(milestone__campaign=live, met_at=None).first().pk,
        "award": ["RS-2025", "TTLDXS"],
        "holder": ["person", by("officer.T46.25").person_id],
        "line": PastAward.objects.filter(award="CSTDCS").first().pk,
        **fund_rows(by("head.T46.25")),
        "decision": drafted_decision(root, office),
        **council_rows(root, office, [by(f"council{n}") for n in range(1, 6)]),
        "act": [PastAward.objects.filter(award="CSTDCS").first().pk, "settle"],
        "idea": Initiative.objects.get(state="registered").pk,
        "condition": ["RS-2025", "TTLDXS", "targets"],
        "province": again.unit_id,
        "officer": by("officer.T79.25").pk,
        "address": accounts.change(by("officer.VP"), by=admin, version=None, email="moi@demo.invalid").pk,
        "role": by("officer.T79.25").memberships.get().pk,
        "root": root.pk,
        "notice": head.notices.first().pk,
        "kind": ["submission"],
        "master": make.paper_master("submission", office).pk,
        "letter": OutboxMail.objects.create(message_id="<1@x>", to="a@b.example", subject="Thư", body="Lời").pk,
    }


def council_rows(root, office, members):
    """The demo's sitting, and one in each later state of a ballot."""
    sitting, unit = Sitting.objects.get(), Unit.objects.get(code="T31.25")
    chair, council = members[0], sitting.council

    def opened(step):
        nomination = make.received(unit, root, state=Nomination.State.PASSED, award="BK_VT")
        made = make.sitting(council, nomination, by=office)
        for holder in members[:3]:
            ballots.set_passphrase(made, make.PASSWORD, by=holder)
        return sittings.take(step, made, by=chair, version=make.seen(made))

    public, secret, counting, counted = map(opened, ("open_public", *["open_secret"] * 3))
    for one in (counting, counted):
        ballots.cast(one, {one.items.get().pk: "yes"}, by=chair)
        sittings.take("close", one, by=chair, version=make.seen(one))
    for holder in members[:2]:
        ballots.unlock(Sitting.objects.for_page().get(pk=counted.pk), make.PASSWORD, by=holder)
    return {
        "council": council.pk,
        "seat": [council.pk, council.members.last().pk],
        "sitting": sitting.pk,
        "item": sitting.items.first().pk,
        "public": public.pk,
        "secret": secret.pk,
        "counting": counting.pk,
        "counted": counted.pk,
    }


def drafted_decision(root, office):
    """A draft with one case, and another one that could be put in."""
    first, _second = (make.received(root, root, state="voted", name=name) for name in ("Lê Thông", "Lê Qua"))
    decision = decisions.begin(root, title="Tặng Bằng khen", by=office, token=uuid4())
    decisions.add(decision, [first.pk], by=office)
    return decision.pk


def fund_rows(head):
    """The demo's fund with a bonus paid for an award that was revoked then."""
    fund = Fund.objects.get()
    line = PastAward.objects.filter(person__isnull=False, unit=fund.unit, award="CSTDCS").first()
    paid = fund.movements.create(
        kind="paid", amount=9, on=line.decided_on, document="C9", token=uuid4(), entered_by=head
    )
    gone = PastAward.objects.create(
        **{name: getattr(line, name) for name in ("person", "unit", "award", "level", "decided_on")},
        year=line.year - 9, decision_number="1/QĐ", revoked_on=line.decided_on, revoked_by="2/QĐ",
    )  # fmt: skip
    paid.payments.create(award=gone, amount=9)
    return {
        "fund": fund.pk,
        "income": [fund.pk, "income"],
        "recovery": [fund.pk, gone.pk],
        "due": [fund.pk, line.pk],
        "movement": [fund.pk, paid.pk],
    }


def address(word, rows):
    word, _, query = word.rstrip("*").partition("?")
    name, _, row = word.partition(":")
    if name == "account_reset_password_from_key":
        args = ["1", "set-password"]
    elif name == "duplicate_compare":
        args = rows[row]
    elif name == "campaign_step":
        args = [rows[row], "launch"]
    elif name == "unit_change":
        args = [rows[row], "move"]
    elif name == "desk_milestone":
        args = [rows[row], "final"]
    else:
        args = [] if not row else rows[row] if isinstance(rows[row], list) else [rows[row]]
    return name, reverse(name, args=args) + (f"?{query}" if query else "")


def kinds(content):
    """What there is for axe to read: each element with its classes and attributes in such a parent; the outline."""
    page = html.fromstring(content)
    outline = [tag for tag, _run in groupby(heading.tag for heading in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6"))]
    found = {("outline", *outline)}
    for element in page.iter(etree.Element):
        parent = element.getparent()
        shapes = [(one.tag, *sorted(one.classes)) for one in (element, parent) if one is not None]
        found.add((*shapes, *sorted(element.keys())))
    return found


@pytest.fixture(scope="session")
def read():
    """The pages and kinds of elements that axe has read."""
    return set()


def examine(one, name, read, *, keep=False):
    """Both widths of the page that is open, with all its folds open.

    Axe reads each page once, and once more where it shows to somebody what axe has not read elsewhere.
    """
    page, content = one.page, one.page.content()
    found = [f"{name}: {fault}" for fault in markup.faults(content)]
    there = {("page", name.split("-")[0])} | kinds(content)
    news = not there <= read
    if news:
        page.evaluate(Axe().axe_script)
    page.evaluate("for (const d of document.querySelectorAll('main details')) if (!d.closest('.tree')) d.open = true")
    for size in (WIDE, NARROW):
        if size != WIDE:
            page.set_viewport_size(size)
        if news and (height := page.evaluate(HEIGHT)):
            page.set_viewport_size(size | {"height": min(height, TALLEST)})
        for fault in violations(page, size, read) if news else ():
            found += [
                f"{name} at {size['width']} px: {fault['id']}: {n['target']} {n['failureSummary']}"
                for n in fault["nodes"]
            ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            found.append(f"{name} at {size['width']} px is {wide} px wide")
        if keep and (folder := os.environ.get("SCREENSHOTS")):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(WIDE)
    read |= there
    return found


def violations(page, size, read):
    """What axe finds, of contrast where a text looks like none that it has read at this width."""
    looks = {(size["width"], look) for look in page.evaluate(LOOKS)} - read
    read |= looks
    page.evaluate("looks => unread(looks)", [look for _width, look in looks])
    return page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]


@pytest.mark.parametrize("usernames", TOGETHER.values(), ids=TOGETHER)
def test_axe_finds_nothing(rows, person, read, usernames):
    found = []
    for username in usernames:
        one = person()
        if username:
            one.signed_in(User.objects.get(username=username.strip()))
        for word in PAGES[username].split():
            name, path = address(word, rows)
            one.go(path)
            found += examine(one, f"{name}-{username or 'nobody'}".strip(), read, keep=word.endswith("*"))
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_what_answers_a_form(rows, person, read):
    """Confirmations, refusals, errors and the menus."""
    one = person().signed_in(User.objects.get(username="office"))
    page, found = one.page, []
    desk = f"/campaigns/{rows['live']}/desk/"
    for action in ("approve", "remind"):
        one.go(desk)
        page.locator("[name=unit]").first.check()
        with one.leaving():
            page.locator(f"[name=action][value={action}]").click()
        found += examine(one, f"desk_bulk {action}", read)
    one.go(f"/campaigns/{rows['live']}/extend/")
    with one.leaving():
        page.locator("main form button.btn-primary").last.click()
    found += examine(one, "desk_extend refused", read)
    one.go(f"/campaigns/{rows['draft']}/edit/")
    page.locator("[name=code]").fill("")
    page.locator("[name=starts_on]").fill("1800-01-01")
    one.press("Lưu bản nháp", page.locator(".form-bar"))
    found += examine(one, "campaign_edit refused", read)
    other = person()
    other.page.goto(f"{other.address}/accounts/login/")
    other.page.locator("[name=login]").fill("office.otp")
    other.page.locator("[name=password]").fill(make.PASSWORD)
    other.press("Đăng nhập", other.page.locator("main"))
    found += examine(other, "mfa_authenticate", read)
    one.go("/")
    for menu in page.locator("details[data-menu]").all():
        if menu.is_visible():
            menu.locator("summary").click()
            expect(menu.locator(".menu-box")).to_be_visible()
            found += [f"menu: {fault['id']}" for fault in Axe().run(page, options=RULES).response["violations"]]
            page.keyboard.press("Escape")
            expect(menu.locator(".menu-box")).to_be_hidden()
    one.forgiven += ["status of 404"]
    page.goto(one.address + "/campaigns/999999/")
    found += examine(one.check(), "404", read)
    assert not found, "\n".join(found)
