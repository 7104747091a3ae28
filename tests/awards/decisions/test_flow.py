"""From what has passed to a signed decision: the ledger is written once, whole, and by two people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.decisions import flow, queries, services
from awards.initiatives import services as initiatives
from awards.models import Decision, Nomination, PastAward
from portal.days import today
from portal.flow import Refused
from portal.models import Notice
from tests import make

pytestmark = pytest.mark.django_db
N = Nomination.State
PDF = make.PDF


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def passed(world):
    return [make.received(world.hue, world.root, state=N.VOTED, name=f"Người {n}") for n in range(2)]


def drafted(world, *nominations, by=None, unit=None):
    decision = services.begin(unit or world.root, title="Tặng Bằng khen", by=by or world.office, token=uuid4())
    if nominations:
        services.add(decision, [n.pk for n in nominations], by=by or world.office)
    decision.refresh_from_db()
    return decision


def signing(decision, by, **words):
    decision = flow.take("send_to_sign", decision, by=by, version=decision.version)
    told = {"number": "12/QĐ-VKSTC", "dated": today(), "signatory": "Nguyễn Văn Ký"} | words
    for name in ("title", "issuer", "bases", "reason"):
        told.setdefault(name, getattr(decision, name))
    decision = services.write(decision, by=by, version=decision.version, **told)
    signed_file(decision, by)
    return decision


def signed_file(decision, by):
    decision.files.create(
        name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=by, file=SimpleUploadedFile("a", PDF)
    )


def issued(decision, *, by, version=None):
    return flow.take("issue", decision, by=by, version=version or decision.version)


def test_what_was_issued_stands_in_the_ledger_and_its_units_are_told(world, passed):
    decision = signing(drafted(world, *passed), world.office)

    decision = issued(decision, by=world.office2)

    lines = PastAward.objects.filter(source="decided")
    assert {line.subject_name for line in lines} == {"Người 0", "Người 1"}
    assert {(line.decision_number, line.decided_on, line.level) for line in lines} == {
        ("12/QĐ-VKSTC", today(), "sector")
    }
    assert set(Nomination.objects.values_list("state", flat=True)) == {"awarded"}
    assert [row.unit for row in decision.receipts.all()] == [world.hue]
    assert Notice.objects.filter(kind="decision_issued", recipient=world.officer).exists()
    assert not Notice.objects.filter(kind="decision_issued", recipient=world.stranger).exists()


def test_who_put_it_for_signing_does_not_issue_it(world, passed):
    decision = signing(drafted(world, *passed), world.office)

    with pytest.raises(Refused, match="người thứ hai"):
        issued(decision, by=world.office)
    assert not PastAward.objects.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"number": ""}, "số và ngày"),
        ({"dated": None}, "số và ngày"),
        ({"dated": today() + timedelta(days=1)}, "tương lai"),
    ],
)
def test_what_it_lacks_is_told_before_it_is_issued(world, passed, words, why):
    decision = signing(drafted(world, *passed), world.office, **words)

    with pytest.raises(Refused, match=why):
        issued(decision, by=world.office2)


def test_a_decision_dated_before_its_sitting_or_without_the_signed_paper_is_refused(world, passed):
    passed[0].submission.council_on = today()
    passed[0].submission.save()
    decision = signing(drafted(world, *passed), world.office, dated=today() - timedelta(days=1))
    with pytest.raises(Refused, match="họp Hội đồng"):
        issued(decision, by=world.office2)
    decision.files.update(removed_at="2026-01-01T00:00Z")

    with pytest.raises(Refused, match="bản đã ký"):
        issued(decision, by=world.office2)


def test_one_case_that_cannot_be_entered_stops_all_and_is_named(world, passed):
    decision = signing(drafted(world, *passed), world.office)
    make.past_award(passed[1].person, "BK_VT", 2026, unit=world.hue, decision_number="12/QĐ-VKSTC", decided_on=None)

    with pytest.raises(Refused, match="Người 1"):
        issued(decision, by=world.office2)
    assert PastAward.objects.count() == 1
    assert set(Nomination.objects.values_list("state", flat=True)) == {"voted"}


def test_two_decisions_of_one_number_and_day_are_one_too_many(world, passed):
    first, second = (signing(drafted(world, n), world.office) for n in passed)
    issued(first, by=world.office2)

    with pytest.raises(Refused, match="đã được dùng"):
        issued(second, by=world.office2)


def test_a_nomination_stands_in_one_decision_until_that_is_dropped(world, passed):
    first = drafted(world, passed[0])
    assert list(queries.decidable(world.root)) == [passed[1]]
    second = drafted(world)
    assert services.add(second, [passed[0].pk], by=world.office) == 0

    flow.take("drop_decision", first, by=world.office, version=first.version, note="Trùng")

    assert set(queries.decidable(world.root)) == set(passed)


def test_awards_of_two_authorities_do_not_stand_in_one_decision(world, passed):
    state = make.received(world.hue, world.root, state=N.VOTED, award="HCLD_3", name="Ai Đó")

    with pytest.raises(Refused, match="nhiều cấp"):
        drafted(world, *passed, state)


def test_a_head_decides_what_is_the_heads_and_nothing_else(world):
    paper = make.submission(world.hue, world.officer)
    own = make.nomination(paper, make.person("Lê Nhà", world.hue), world.officer, award="GK")
    make.nomination(paper, make.person("Lê Ngành", world.hue), world.officer, award="BK_VT")
    assert list(queries.decidable(world.hue)) == [own]
    decision = signing(drafted(world, own, by=world.officer, unit=world.hue), world.officer)
    for other in (world.officer, world.stranger, world.auditor):
        with pytest.raises((PermissionDenied, Refused)):
            issued(decision, by=other)

    issued(decision, by=world.head)

    line = PastAward.objects.get()
    assert (line.award, line.level, line.unit) == ("GK", "unit", world.hue)


def test_the_fast_lane_needs_no_council(world):
    fit = make.received(world.hue, world.root, state=N.FIT)
    assert not queries.decidable(world.root).exists()
    fit.submission.procedure, fit.submission.procedure_reason = "simplified", "Đột xuất"
    fit.submission.save()

    issued(signing(drafted(world, fit), world.office), by=world.office2)

    assert PastAward.objects.get().award == "BK_VT"


def test_an_issued_decision_is_annulled_by_another_and_by_nothing_else(world, passed):
    decision = issued(signing(drafted(world, *passed), world.office), by=world.office2)
    with pytest.raises(Refused):
        services.write(decision, by=world.office, version=decision.version, number="x")
    annulling = services.annul(decision, by=world.office, token=uuid4())
    services.remove(annulling.lines.first(), by=world.office)
    annulling.refresh_from_db()
    annulling.reason = "Kê khai sai"
    annulling.save()

    issued(signing(annulling, world.office, number="13/QĐ-VKSTC"), by=world.office2)

    assert [line.revoked_by for line in PastAward.objects.order_by("pk")] == ["", "13/QĐ-VKSTC"]


def test_a_unit_confirms_what_reached_it_once(world, passed):
    decision = issued(signing(drafted(world, *passed), world.office), by=world.office2)
    [receipt] = decision.receipts.all()

    flow.confirm(receipt, by=world.officer)
    flow.confirm(receipt, by=world.head)

    receipt.refresh_from_db()
    assert receipt.confirmed_by == world.officer


def test_drafts_are_seen_by_who_prepares_them_and_issued_ones_by_those_they_reach(world, passed):
    decision = drafted(world, *passed)
    sees = lambda user: Decision.objects.visible_to(user).exists()  # noqa: E731
    assert [sees(u) for u in (world.office, world.auditor, world.head, world.stranger)] == [True, True, False, False]

    issued(signing(decision, world.office), by=world.office2)

    assert [sees(u) for u in (world.office, world.head, world.stranger)] == [True, True, False]


def test_a_draft_that_lacks_something_is_not_put_for_signing(world, passed):
    decision = drafted(world)
    decision.bases = " "
    decision.save()
    with pytest.raises(Refused) as refusal:
        flow.take("send_to_sign", decision, by=world.office, version=decision.version)
    assert len(refusal.value.objections) == 2

    mixed = drafted(world, *passed)
    mixed.lines.create(nomination=make.received(world.hue, world.root, state=N.VOTED, award="HCLD_3", name="Ai"))
    with pytest.raises(Refused, match="nhiều cấp"):
        flow.take("send_to_sign", mixed, by=world.office, version=mixed.version)


def test_an_annulling_decision_has_a_reason_and_no_earlier_day(world, passed):
    decision = issued(signing(drafted(world, *passed), world.office), by=world.office2)
    annulling = services.annul(decision, by=world.office, token=uuid4())
    with pytest.raises(Refused, match="lý do hủy"):
        flow.take("send_to_sign", annulling, by=world.office, version=annulling.version)
    annulling.reason = "Kê khai sai"
    annulling.save()

    with pytest.raises(Refused, match="quyết định bị hủy"):
        before = signing(annulling, world.office, number="13/QĐ", dated=today() - timedelta(days=1))
        issued(before, by=world.office2)


def test_an_initiative_is_used_up_by_the_award_that_rests_on_it_and_progress_is_told(world, passed, monkeypatch):
    idea = make.initiative(world.hue, "Sáng kiến", passed[0].person, recognised=True)
    spent = make.initiative(world.hue, "Sáng kiến đã dùng", passed[0].person, recognised=True)
    title = make.past_award(passed[0].person, "CSTDCS", 2025, unit=world.hue)
    initiatives.consume(spent, title, by=world.office)
    passed[0].initiatives.add(idea, spent)
    monkeypatch.setattr(flow, "SAID_EVERY", 1)
    decision, said = signing(drafted(world, *passed), world.office), []

    flow.take("issue", decision, by=world.office2, version=decision.version, say=lambda *told: said.append(told))

    assert (1, 2) in said
    assert initiatives.barring(idea, make.past_award(passed[0].person, "CSTDCS", 2026, unit=world.hue))
