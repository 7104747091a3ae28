"""The version that a person saw is part of every step and edit; rows that do not come along are not deleted."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from awards.models import Nomination, Submission
from campaigns.models import Campaign, Commitment, ContentArea, Obligation, Plan
from portal.models import Entry
from tests import make
from units.models import Collective, Person, Reorganisation, Role, Unit, User

NOTHING = "không cho biết đồng chí đã xem bản nào"
MALFORMED = [{}, {"version": ""}, {"version": "abc"}, {"version": "-1"}, {"version": "1.0"}, {"version": "²"}]
MALFORMED += [{"version": "9" * 40}, {"version": " 1"}, {"version": "None"}]


@pytest.fixture
def cast(world):
    """One row of each kind that is stepped or edited, and who may do it."""
    campaign = make.launched(world.root, world.office)
    draft = make.campaign(world.root, code="NHAP")
    plan = make.plan(campaign, world.hue, world.officer)
    paper = make.submission(world.hue, world.officer)
    nomination = make.nomination(paper, make.person("Nguyễn Thị An", world.hue), world.officer)
    admin2 = make.user("admin2", (Role.ADMIN, world.root))
    lent = world.nobody.memberships.create(
        role=Role.HEAD, unit=world.hue, delegated_by=world.head, document="1", valid_to="2099-01-01"
    )
    step = {"kind": "rename", "sources": ["VINH"], "code": "VINH.26", "name_vi": "Tên mới"}
    reorganisation = make.reorganisation(world.admin, world.root, step)
    person = make.person("Trần Văn Bình", world.hue)
    twin = make.person("Trần Văn Bình", world.hue)
    room = Collective.objects.create(unit=world.hue, code="P1", name="Phòng 1")
    award, idea = make.past_award(person), make.initiative(world.hue, "Tra cứu án", person)
    owed = Obligation.objects.get(unit=world.vinh)
    received = make.received(world.vinh, world.root)
    Nomination.objects.filter(pk=received.pk).update(state="review")
    return {
        "plan_step": (world.head, ["plan_step", plan.pk, "submit"], {}),
        "campaign_step": (world.office, ["campaign_step", campaign.pk, "close"], {"note": "x"}),
        "campaign_awards": (world.office, ["campaign_awards", campaign.pk], {"GK-fields": [""]}),
        "nomination_step": (world.head, ["nomination_step", nomination.pk, "drop"], {"note": "x"}),
        "submission_step": (world.head, ["submission_step", paper.pk, "submit"], {}),
        "submission_discard": (world.officer, ["submission_discard", paper.pk], {"note": "x"}),
        "nomination_set_aside": (
            world.office,
            ["nomination_set_aside", received.pk],
            {"condition": "x", "reason": "x"},
        ),
        "review_more": (
            world.office,
            ["review_more", received.pk],
            {"fields_asked": ["summary"], "text": "x", "due": "01/01/2027"},
        ),
        "review": (world.office, ["review", received.pk], {"result": ""}),
        "review_autosave": (world.office, ["review_autosave", received.pk], {"result": ""}),
        "account_step": (world.admin, ["account_step", world.officer.pk, "sessions"], {}),
        "account_edit": (
            world.admin,
            ["account_edit", world.officer.pk],
            {"email": "moi@vks.example", "language": "vi"},
        ),
        "role_grant": (
            world.admin,
            ["role_grant", world.nobody.pk],
            {"unit": "HUE", "role": "officer", "valid_from": "01/01/2030", "document": "1"},
        ),
        "role_end": (admin2, ["role_end", world.officer.memberships.get().pk], {"note": "x"}),
        "revoke": (world.head, ["revoke", lent.pk], {}),
        "reorganisation_step": (world.admin, ["reorganisation_step", reorganisation.pk, "submit"], {}),
        "reorganisation_edit": (
            world.admin,
            ["reorganisation_edit", reorganisation.pk],
            {
                "title": "Khác",
                "unit": world.root.pk,
                "effective_on": "01/01/2030",
                "document_number": "1",
                "document_date": "01/01/2026",
                "document_issuer": "x",
            },
        ),
        "unit_edit": (world.admin, ["unit_edit", world.hue.pk], {"name_vi": "Tên khác", "short_name": "K", "order": 1}),
        "unit_order": (world.admin, ["unit_order", world.hue.pk], {"to": "down"}),
        "unit_office": (
            world.admin,
            ["unit_office", world.hue.pk],
            {"office": "HUE", "since": "01/01/2030", "source": "x"},
        ),
        "unit_change": (
            world.admin,
            ["unit_change", world.hue.pk, "rename"],
            {"name_vi": "Tên mới", "effective_on": "01/01/2030", "document": "1", "confirm": "1"},
        ),
        "person_edit": (world.admin, ["person_edit", person.pk], {"full_name": "Khác", "staff_code": "KHAC"}),
        "posting_edit": (
            world.admin,
            ["posting_edit", person.postings.get().pk],
            {"unit": "HUE", "position": "x", "valid_from": "01/01/2020"},
        ),
        "duplicate_compare": (
            world.admin,
            ["duplicate_compare", person.pk, twin.pk],
            {"keep": person.pk, "reason": "x"},
        ),
        "duplicate_apart": (world.admin, ["duplicate_apart", person.pk, twin.pk], {}),
        "collective_edit": (world.admin, ["collective_edit", room.pk], {"name": "Khác", "kind": "division"}),
        "collective_close": (world.admin, ["collective_close", room.pk], {"valid_to": "01/01/2030", "reason": "x"}),
        "collective_join": (
            world.admin,
            ["collective_join", room.pk],
            {"person": person.staff_code, "valid_from": "01/01/2026"},
        ),
        "desk_receive": (world.office, ["desk_receive", owed.pk], {"note": "x"}),
        "past_award_revoke": (
            world.office,
            ["past_award_revoke", award.pk],
            {"number": "1", "day": "01/01/2026", "why": "x"},
        ),
        "initiative_step": (world.head, ["initiative_step", idea.pk, "refuse"], {"note": "x"}),
        "past_award_correct": (
            world.office,
            ["past_award_correct", award.pk],
            {
                "award": award.award,
                "year": award.year,
                "unit": world.hue.pk,
                "subject": person.staff_code,
                "reason": "x",
            },
        ),
        "past_award_act": (world.office, ["past_award_act", award.pk, "settle"], {"reason": "x"}),
        "initiative_recognise": (
            world.head,
            ["initiative_recognise", idea.pk],
            {"recognition_number": "1", "recognised_on": "01/01/2026", "recognised_by": "x"},
        ),
        "initiative_edit": (
            world.officer,
            ["initiative_edit", idea.pk],
            {
                "unit": world.hue.pk,
                "title": "Khác",
                "kind": idea.kind,
                "scope": idea.scope,
                "authors-TOTAL_FORMS": "1",
                "authors-INITIAL_FORMS": "1",
                "authors-0-who": person.staff_code,
            },
        ),
        "initiative_autosave": (world.officer, ["initiative_autosave", idea.pk], {"title": "Khác"}),
        "submission_edit": (
            world.officer,
            ["submission_edit", paper.pk],
            {"title": "Khác", "year": paper.year, "procedure": "normal"},
        ),
        "nomination_edit": (world.officer, ["nomination_edit", nomination.pk], {"award": nomination.award}),
        "submission_autosave": (world.officer, ["submission_autosave", paper.pk], {"title": "Khác"}),
        "plan_edit": (world.officer, ["plan_edit", plan.pk], {"theme": "Khác"}),
        "condition_severity": (
            world.office,
            ["condition_severity", "RS-2025", "LDTT", "employed"],
            {"severity": "warn", "reason": "x"},
        ),
        "campaign_edit": (world.office, ["campaign_edit", draft.pk], {}),
    }


def everything():
    """What any of the forms would have changed."""
    rows = (Plan, Campaign, Submission, Nomination, Unit, Person, Collective, Reorganisation, Obligation)
    accounts = list(User.objects.order_by("pk").values_list("pk", "version", "email"))
    return (
        Entry.objects.exclude(verb="view").count(),
        accounts,
        [list(m._base_manager.order_by("pk").values()) for m in rows],
    )


def test_without_the_version_nothing_is_done_and_words_say_so(cast, client):
    """Every step and edit, with nothing and with nonsense where the version should be."""
    before, silent = everything(), {}
    for name, (by, (url, *args), data) in cast.items():
        client.force_login(User.objects.get(pk=by.pk))
        for told in MALFORMED:
            client.cookies.pop("messages", None)
            answer = client.post(reverse(url, args=args), data | told, follow=not told)
            json = answer.headers["Content-Type"] == "application/json"
            text = str(answer.json()) if json else answer.content.decode()
            if answer.status_code == 302:  # the page behind is read once; for the rest counts what it will say
                text = "; ".join(str(message) for message in get_messages(answer.wsgi_request))
            if name == "campaign_edit":
                assert answer.context["invalid"], told  # nothing else came along either
            elif NOTHING not in text:
                silent[name] = answer.status_code, re.findall(r"Hãy[^<]*", text)[:3]
        assert everything() == before, name
    assert silent == {}


def test_with_the_version_of_its_page_each_of_them_is_done(cast, client):
    """So that the test above fails for the version alone."""
    done = {}
    for name in ("plan_step", "account_step", "revoke", "unit_edit", "collective_join", "desk_receive", "role_end"):
        by, (url, *args), data = cast[name]
        client.force_login(User.objects.get(pk=by.pk))
        of = {"desk_receive": Obligation, "unit_edit": Unit, "plan_step": Plan, "collective_join": Collective}
        row = of[name].objects.get(pk=args[0]) if name in of else None
        if name == "revoke":
            row = User.objects.get(username="nobody")
        if name in ("account_step", "role_end"):
            row = User.objects.get(username="officer")
        before = everything()
        client.post(reverse(url, args=args), data | {"version": row.version})
        done[name] = everything() != before
    assert all(done.values()), done


# --- rows ---


def rows_of(data, prefix, count):
    """The same form that says it has so many rows."""
    return data | {f"{prefix}-TOTAL_FORMS": count}


@pytest.fixture
def written(world):
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.officer)
    data = {"version": plan.version, "theme": plan.theme, "organising": plan.organising}
    for area in ContentArea.objects.filter(campaign=plan.campaign):
        kept = list(Commitment.objects.filter(plan=plan, area=area))
        prefix = f"area-{area.pk}"
        data |= {f"{prefix}-TOTAL_FORMS": len(kept), f"{prefix}-INITIAL_FORMS": len(kept), f"{prefix}-reason": ""}
        for place, row in enumerate(kept):
            data |= {
                f"{prefix}-{place}-what": row.what,
                f"{prefix}-{place}-amount": "100",
                f"{prefix}-{place}-measure": row.measure,
                f"{prefix}-{place}-responsible": row.responsible,
                f"{prefix}-{place}-due_on": f"{row.due_on:%d/%m/%Y}" if row.due_on else "",
                f"{prefix}-{place}-criterion": row.criterion_id or "",
            }
    return plan, prefix, data


@pytest.mark.parametrize("count", ["0", "2", "999999", "-1", "x", ""])
def test_a_forged_count_of_rows_is_refused_and_deletes_nothing(world, written, client, count):
    plan, prefix, data = written
    client.force_login(world.officer)
    before = everything(), list(Commitment.objects.values())

    page = client.post(reverse("plan_edit", args=[plan.pk]), rows_of(data, prefix, count)).content.decode()
    kept = client.post(reverse("plan_autosave", args=[plan.pk]), rows_of(data, prefix, count))

    assert (everything(), list(Commitment.objects.values())) == before
    assert "không trọn vẹn" in page or "tối đa 30 dòng" in page
    assert kept.status_code == 422 and "ManagementForm" not in kept.content.decode()


@pytest.mark.parametrize("initial", ["0", "1", "7"])
def test_a_forged_count_of_stored_rows_takes_none_away(world, written, client, initial):
    plan, prefix, data = written
    client.force_login(world.officer)
    data |= {f"{prefix}-INITIAL_FORMS": initial, "theme": "Chủ đề khác"}

    client.post(reverse("plan_edit", args=[plan.pk]), data)

    assert Commitment.objects.filter(plan=plan).count() == 2
    assert Plan.objects.get(pk=plan.pk).theme == "Chủ đề khác"


def test_steps_of_a_reorganisation_are_not_stored_twice_by_a_forged_count(world, client):
    step = {"kind": "rename", "sources": ["VINH"], "code": "VINH.26", "name_vi": "Tên mới"}
    plan = make.reorganisation(world.admin, world.root, step)
    stored = plan.steps.get()
    data = {"version": plan.version, "step-TOTAL_FORMS": 1, "step-INITIAL_FORMS": 0, "step-0-id": stored.pk}
    data |= {"step-0-kind": "rename", "step-0-order": 1, "step-0-sources": "VINH", "step-0-code": "VINH.26"}
    client.force_login(world.admin)

    page = client.post(reverse("reorganisation_steps", args=[plan.pk]), data).content.decode()

    assert "không trọn vẹn" in page and plan.steps.count() == 1


# --- what was typed beside a refused step ---


def test_the_reason_of_a_refused_step_stands_in_its_field_again_once(world, client):
    plan = make.submitted(make.launched(world.root, world.office), world.hue, world.head)
    client.force_login(world.office)
    told = {"note": "Bổ sung <b>nội dung</b> 1", "version": plan.version + 5}

    page = client.post(reverse("plan_step", args=[plan.pk, "return"]), told, follow=True).content.decode()
    again = client.get(plan.get_absolute_url()).content.decode()

    assert "Bổ sung &lt;b&gt;nội dung&lt;/b&gt; 1</textarea>" in page and "<details open>" in page
    assert "nội dung&lt;/b&gt; 1</textarea>" not in again
