"""What is taken back is told to whoever was told of it, and to nobody else."""

from datetime import date

from awards.ledger import services as ledger
from awards.nominations import flow as nominations
from awards.review import services as review
from campaigns import flow
from portal.models import Notice
from tests import make
from units.models import Role, Unit
from units.reorganisation import flow as reorganisation


def had(kind):
    """Who had a notice of this kind, and the words of each."""
    return {n.recipient.username: f"{n.title} {n.body}" for n in Notice.objects.filter(kind=kind)}


def test_a_plan_withdrawn_is_told_to_those_who_heard_that_it_waits(world, campaign):
    plan = make.submitted(campaign, world.hue, world.head)
    newcomer = make.user("newcomer", (Role.OFFICE, world.root))

    flow.PLAN.take("withdraw", plan, by=world.head, version=make.seen(plan))

    assert had("withdrawn").keys() == had("submitted").keys() != set()
    assert newcomer.username not in had("withdrawn")


def test_only_those_of_this_sending_hear_that_it_was_withdrawn(world, campaign):
    plan = make.submitted(campaign, world.hue, world.head)
    flow.PLAN.take("return", plan, by=world.office2, note="x", version=make.seen(plan))
    plan.refresh_from_db()
    flow.PLAN.take("resubmit", plan, by=world.head, version=make.seen(plan))
    flow.PLAN.take("withdraw", plan, by=world.head, version=make.seen(plan))

    assert had("withdrawn").keys() == {world.office2.username}


def test_a_cancelled_campaign_is_told_to_whoever_owes_or_answers(world, campaign):
    volunteer = make.plan(campaign, world.kv1, world.kv1_head)
    gone = make.user("gone", (Role.OFFICER, world.hue))
    Notice.objects.create(key=f"x:{gone.pk}", recipient=gone, kind="launch", subject_key=f"campaign:{campaign.pk}")

    flow.CAMPAIGN.take("cancel", campaign, by=world.office, note="Trùng phong trào", version=make.seen(campaign))

    told = had("cancelled")
    assert {world.head.username, world.stranger.username, world.kv1_head.username, "gone"} <= told.keys()
    assert "Trùng phong trào" in told["gone"] and world.auditor.username not in told
    assert volunteer.unit == world.kv1


def test_a_draft_that_is_cancelled_is_told_to_nobody(world):
    draft = make.campaign(world.root)
    flow.CAMPAIGN.take("cancel", draft, by=world.office, note="x", version=make.seen(draft))
    assert not Notice.objects.exists()


def test_a_paper_taken_back_from_the_head_is_told_to_the_head(world, campaign):
    plan = make.plan(campaign, world.hue, world.officer)
    flow.PLAN.take("put_to_head", plan, by=world.officer, version=make.seen(plan))
    plan.refresh_from_db()
    flow.PLAN.take("take_back", plan, by=world.officer, version=make.seen(plan))
    nomination = make.nomination(make.submission(world.hue, world.officer), world.officer.person, world.officer)
    for step in ("put_to_head", "take_back"):
        [nomination] = nominations.move(step, [nomination], by=world.officer, versions=make.seen_each([nomination]))

    assert had("taken_back").keys() == had("nom_take_back").keys() == {world.head.username}


def test_nominations_withdrawn_are_told_to_the_desk_that_got_them(world, monkeypatch):
    monkeypatch.setattr(nominations.checks, "objections_of", lambda chosen: {n.pk: [] for n in chosen})
    nomination = make.nomination(make.submission(world.hue, world.officer), world.officer.person, world.officer)
    for step in ("submit", "withdraw"):
        [nomination] = nominations.move(step, [nomination], by=world.head, versions=make.seen_each([nomination]))

    assert had("nom_withdraw").keys() == had("nom_submit").keys() != set()


def test_a_dossier_given_to_another_is_told_to_its_former_reviewer(world):
    lying = make.received(world.hue, world.root)
    review.assign_all([(lying, world.office2)], by=world.office)

    review.assign_all([(lying, world.office)], by=world.office, held={world.office2.pk})

    assert had("unassigned").keys() == {world.office2.username}


def test_who_gave_a_dossier_hears_that_its_reviewer_may_not_judge_it(world):
    lying = make.received(world.hue, world.root)
    review.assign_all([(lying, world.office2)], by=world.office)

    review.declare(world.office2, unit=world.hue, reason="Chuyện riêng")

    assert had("unassigned").keys() == {world.office.username}
    assert "Chuyện riêng" not in str(had("unassigned"))


def test_an_award_reinstated_is_told_to_those_who_heard_of_the_revocation(world):
    award = make.past_award(make.person("Lê Văn Sáu", world.hue))
    award = ledger.revoke(award, number="9", day=date(2026, 1, 5), why="Nhầm", by=world.office, version=award.version)
    ledger.reinstate(award, reason="Ghi nhầm người", by=world.office, version=award.version)

    assert had("award_reinstated").keys() == had("award_revoked").keys() != set()
    assert all("Ghi nhầm người" in words for words in had("award_reinstated").values())


def test_a_reorganisation_called_off_is_told_to_whoever_heard_of_it(world):
    second = make.user("admin2", (Role.ADMIN, world.root))
    step = {"kind": "rename", "sources": ["VINH"], "name_vi": "Tên mới"}
    plan = make.reorganisation(world.admin, world.root, step)
    make.take(reorganisation.REORGANISATION, "submit", plan, by=world.admin)
    Notice.objects.filter(recipient=world.admin).delete()
    plan.refresh_from_db()

    make.take(reorganisation.REORGANISATION, "cancel", plan, by=world.admin, note="Chưa đến lúc")

    [told] = Notice.objects.filter(title__startswith="Phương án bị hủy")
    assert (told.recipient, "Chưa đến lúc" in told.body) == (second, True)


def test_a_paper_that_comes_back_with_an_undone_reorganisation_is_told(world):
    second = make.user("admin2", (Role.ADMIN, world.root))
    paper = make.submission(world.vinh, world.stranger)
    step = {"kind": "rename", "sources": ["VINH"], "code": "VINH.26", "name_vi": "Tên mới"}
    plan = make.executed(world.admin, second, world.root, step)
    assert Unit.objects.filter(code="VINH.26").exists()
    told = set(Notice.objects.filter(kind="hand_over").values_list("recipient", flat=True))

    make.take(reorganisation.REORGANISATION, "undo", plan, by=second, note="Nhầm")

    back = Notice.objects.filter(kind="hand_over", title__startswith="Tờ trình trở về đơn vị cũ")
    assert set(back.values_list("recipient", flat=True)) == told != set()
    assert back.first().subject_key == f"submission:{paper.pk}"
