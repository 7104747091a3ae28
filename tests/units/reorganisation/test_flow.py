"""Who moves a reorganisation, when it is done, what becomes of people and roles, and what undoing asks."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from portal.days import today
from portal.flow import Refused
from portal.models import Entry, Notice
from tests import make
from units.access.holders import people_over
from units.models import (
    Collective,
    Membership,
    Posting,
    Reorganisation,
    ReorganisationStep,
    Role,
    Succession,
    Unit,
    User,
)
from units.reorganisation import execute, flow

take = partial(make.take, flow.REORGANISATION)
S = Reorganisation.State


@pytest.fixture
def second(world):
    return make.user("admin2", (Role.ADMIN, world.root))


def rename(unit, name="Viện kiểm sát nhân dân mới"):
    return {"kind": "rename", "sources": [unit.code], "name_vi": name}


def held(user, day=None):
    return sorted(Membership.objects.in_force(day).filter(user=user).values_list("unit__code", "role"))


def test_a_second_administrator_approves_and_nobody_who_had_a_hand_in_it(world, second):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue))
    plan = take("submit", plan, by=world.admin)

    with pytest.raises(PermissionDenied):
        take("approve", plan, by=world.admin)
    plan = take("return", plan, by=second, note="bổ sung")
    plan = flow.write_head(plan, by=second, version=plan.version, **head_of(plan, title="Tên khác"))
    plan = take("submit", plan, by=world.admin)
    with pytest.raises(PermissionDenied):  # she wrote in it
        take("approve", plan, by=second)
    third = make.user("admin3", (Role.ADMIN, world.root))
    assert take("approve", plan, by=third).approved_by == third


def head_of(plan, **changes):
    return {name: getattr(plan, name) for name in flow.HEAD} | changes


@pytest.mark.parametrize("who", ["head", "office", "auditor", "nobody", "stranger"])
def test_only_administrators_of_the_scope_move_it(who, world):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue))

    with pytest.raises(PermissionDenied):
        take("submit", plan, by=getattr(world, who))
    below = make.user("below", (Role.ADMIN, world.hue))
    with pytest.raises(PermissionDenied):
        take("submit", plan, by=below)
    with pytest.raises(PermissionDenied):
        flow.create(by=below, unit=world.root, title="x", effective_on=today())
    assert not Reorganisation.objects.visible_to(below).exists()


def test_who_does_not_administer_the_scope_writes_nothing_in_a_draft(world, second):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue))
    below = make.user("below", (Role.ADMIN, world.hue))
    theirs = make.reorganisation(below, world.hue, rename(world.kv1))
    typed = head_of(plan, title="Khác")

    with pytest.raises(PermissionDenied):
        flow.write_head(plan, by=below, version=plan.version, **typed)
    with pytest.raises(PermissionDenied):  # nor does one move the own draft to a scope that one does not administer
        flow.write_head(theirs, by=below, version=theirs.version, **head_of(theirs, unit=world.root))
    plan = take("submit", plan, by=world.admin)
    with pytest.raises(Refused, match="đang soạn"):
        flow.write_head(plan, by=world.admin, version=plan.version, **typed)

    plan.refresh_from_db()
    theirs.refresh_from_db()
    assert (plan.title, theirs.unit) == ("Sắp xếp thử nghiệm", world.hue)


def test_writing_what_is_written_leaves_neither_line_nor_version(world):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue))
    lines = Entry.objects.about(plan).count()

    same = flow.write_head(plan, by=world.admin, version=plan.version, **head_of(plan))

    assert (same.version, Entry.objects.about(plan).count()) == (plan.version, lines)


def test_a_plan_that_fails_leaves_the_others_their_turn(world, second, monkeypatch, caplog):
    first, other = (
        take("approve", take("submit", plan, by=world.admin), by=second)
        for plan in (make.reorganisation(world.admin, world.root, rename(unit)) for unit in (world.hue, world.vinh))
    )
    done = execute.execute

    def fail_once(reorganisation, by):
        if reorganisation.pk == first.pk:
            raise OSError("disk")
        return done(reorganisation, by)

    monkeypatch.setattr(execute, "execute", fail_once)

    assert flow.run_due() == 1

    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, other.state) == (S.APPROVED, S.EXECUTED)
    assert f"reorganisation {first.pk} failed" in caplog.text


def test_a_plan_without_document_or_with_objections_is_not_submitted(world):
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["HUE"]})
    Reorganisation.objects.filter(pk=plan.pk).update(document_number="")

    with pytest.raises(Refused) as refusal:
        take("submit", plan, by=world.admin)

    assert "văn bản" in str(refusal.value)
    assert "KV1 còn nằm dưới HUE" in str(refusal.value)


def test_rights_follow_on_the_day(world, second):
    Membership.objects.create(
        user=world.officer,
        unit=world.hue,
        role=Role.HEAD,
        delegated_by=world.head,
        document="12/GUQ",
        valid_from=today() - timedelta(days=3),
        valid_to=today() + timedelta(days=9),
    )
    collective = Collective.objects.create(unit=world.hue, code="HUE-P1", name="Phòng 1")
    Posting.objects.filter(person=world.officer.person).update(collective=collective)
    make.executed(world.admin, second, world.root, rename(world.hue))

    new = Unit.objects.get(code__startswith="HUE.")
    yesterday = today() - timedelta(days=1)
    assert held(world.head) == [(new.code, "head")]
    assert held(world.head, yesterday) == [("HUE", "head")]
    assert held(world.officer) == [(new.code, "head"), (new.code, "officer")]
    lent = Membership.objects.get(user=world.officer, role=Role.HEAD, unit=new)
    assert (lent.delegated_by, lent.document, lent.valid_to) == (world.head, "12/GUQ", today() + timedelta(days=9))
    assert held(world.kv1_head)[0][0].startswith("KV1.")  # what lay below went along
    posting = Posting.objects.get(person=world.officer.person, valid_to=None)
    assert (posting.unit, posting.collective.succeeds) == (new, collective)
    assert Notice.objects.filter(recipient=world.head, kind="reorganised").count() == 1
    assert {e.verb for e in Entry.objects.about(world.hue)} == {"succeed"}
    assert world.head not in people_over(new, "reorganise")


def test_after_a_merger_heads_are_appointed_anew_and_others_go_along(world, second):
    step = {"kind": "merge", "sources": ["HUE", "VINH"], "code": "HV", "name_vi": "Viện kiểm sát nhân dân HV"}
    make.executed(world.admin, second, world.root, step)

    assert (held(world.head), held(world.stranger)) == ([], [])
    assert held(world.officer) == [("HV", "officer")]
    assert Posting.objects.filter(unit__code="HV", valid_to=None).count() == 3  # the people themselves go along
    assert set(Succession.objects.filter(successor__code="HV").values_list("predecessor__code", "kind")) == {
        ("HUE", "merge"),
        ("VINH", "merge"),
    }


def test_who_holds_the_same_role_twice_holds_it_once_after_a_merger(world, second):
    Membership.objects.create(user=world.officer, unit=world.vinh, role=Role.OFFICER)
    step = {"kind": "merge", "sources": ["HUE"], "code": "VINH"}
    make.executed(world.admin, second, world.root, step)

    assert held(world.officer) == [("VINH", "officer")]


def test_what_is_approved_waits_for_its_day_and_is_done_once(world, second):
    tomorrow = today() + timedelta(days=1)
    plan = make.reorganisation(world.admin, world.root, rename(world.hue), day=tomorrow)
    plan = take("approve", take("submit", plan, by=world.admin), by=second)
    assert flow.run_due() == 0
    assert "execute" not in [s.name for s in flow.REORGANISATION.open_to(second, plan)]

    Reorganisation.objects.filter(pk=plan.pk).update(effective_on=today())

    assert (flow.run_due(), flow.run_due()) == (1, 0)
    plan.refresh_from_db()
    assert plan.state == S.EXECUTED
    assert Entry.objects.about(plan).filter(verb="execute", by=None).count() == 1


def test_when_the_world_changed_it_goes_back_to_its_authors_with_words(world, second):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue), rename(world.vinh))
    plan = take("approve", take("submit", plan, by=world.admin), by=second)
    Unit.objects.filter(pk=world.vinh.pk).update(valid_to=today() + timedelta(days=30))

    assert flow.run_due() == 0

    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == (S.DRAFT, None)
    assert "VINH đã được ghi là kết thúc" in Entry.objects.about(plan)[0].note
    told = Notice.objects.filter(title__startswith="Phương án chưa thực hiện được").values_list("recipient", flat=True)
    assert set(told) == {world.admin.pk, second.pk}
    assert Unit.objects.get(pk=world.hue.pk).valid_to is None  # all or nothing


def test_a_stale_page_does_not_send_an_approved_plan_back(world, second, client):
    tomorrow = today() + timedelta(days=1)
    plan = make.reorganisation(world.admin, world.root, rename(world.hue), day=tomorrow)
    plan = take("approve", take("submit", plan, by=world.admin), by=second)
    Reorganisation.objects.filter(pk=plan.pk).update(effective_on=today())
    client.force_login(second)

    client.post(f"{plan.get_absolute_url()}execute/", {"version": plan.version - 1})
    plan.refresh_from_db()
    assert plan.state == S.APPROVED
    client.post(f"{plan.get_absolute_url()}execute/", {"version": plan.version})
    plan.refresh_from_db()
    assert plan.state == S.EXECUTED


def test_two_approved_plans_for_one_unit_are_told(world, second):
    tomorrow = today() + timedelta(days=1)
    first = make.reorganisation(world.admin, world.root, rename(world.hue), day=tomorrow)
    take("approve", take("submit", first, by=world.admin), by=second)
    other = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["KV1", "HUE"]})

    with pytest.raises(Refused, match="cũng thay đổi HUE"):
        take("submit", other, by=world.admin)


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (lambda new, w: make.user("moi", (Role.OFFICER, new)), "vai trò"),
        (lambda new, w: Collective.objects.create(unit=new, code="X1", name="Phòng"), "tập thể"),
        (lambda new, w: Membership.objects.filter(unit=new, user=w.head).update(valid_to=today()), "vai trò"),
        (lambda new, w: make.unit("DUOI", new), "dưới đơn vị mới"),
        (lambda new, w: make.campaign(new), "phong trào"),
    ],
)
def test_what_is_new_at_the_successor_stands_against_undoing(world, second, deed, words):
    plan = make.executed(world.admin, second, world.root, rename(world.hue))
    deed(Unit.objects.get(code__startswith="HUE."), world)

    with pytest.raises(Refused, match=words):
        take("undo", plan, by=world.admin, note="nhầm")

    assert Unit.objects.get(pk=world.hue.pk).valid_to is not None


def test_undone_as_if_it_had_never_been(world, second):
    def rows():
        return [list(m.objects.order_by("pk").values()) for m in (Unit, Succession, Membership, Posting)]

    before = rows()
    plan = make.executed(world.admin, second, world.root, rename(world.hue))
    with pytest.raises(Refused, match="lý do"):
        take("undo", plan, by=world.admin)

    plan = take("undo", plan, by=world.admin, note="nhầm")

    assert rows() == before
    assert take("reopen", plan, by=world.admin).state == S.DRAFT


def test_one_change_needs_no_second_person_and_may_wait_for_its_day(world):
    step = ReorganisationStep(kind="rename", sources=["HUE"], name_vi="Tên mới")
    said = {"scope": world.root, "document": "1/QĐ", "title": "Đổi tên", "by": world.admin}

    done = flow.change(step, day=today() + timedelta(days=5), **said)
    assert (done.state, done.single) == (S.APPROVED, True)
    again = ReorganisationStep(kind="rename", sources=["HUE"], name_vi="Tên khác")
    with pytest.raises(Refused):  # one waits already
        flow.change(again, day=today(), **said)
    take("cancel", done, by=world.admin, note="thôi")
    again = ReorganisationStep(kind="rename", sources=["HUE"], name_vi="Tên khác")
    assert flow.change(again, day=today(), **said).state == S.EXECUTED
    assert Reorganisation.objects.count() == 2  # what was refused left nothing


def test_who_came_to_the_unit_since_it_was_decided_holds_its_end_back(world):
    step = ReorganisationStep(kind="dissolve", sources=["V16"])
    said = {"scope": world.root, "document": "1/QĐ", "title": "Giải thể", "by": world.admin}
    waiting = flow.change(step, day=today() + timedelta(days=5), **said)
    assert waiting.state == S.APPROVED
    make.person("Lê Mới Đến", world.v16)
    Reorganisation.objects.update(effective_on=today())

    flow.run_due()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.single) == (S.DRAFT, False)
    assert "cần một quản trị khác duyệt" in Entry.objects.about(waiting)[0].note


def test_a_change_that_is_returned_is_written_on_as_a_plan(world, second):
    make.person("Lê Còn Đây", world.v16)
    step = ReorganisationStep(kind="dissolve", sources=["V16"])
    said = {"scope": world.root, "document": "1/QĐ", "title": "Giải thể", "by": world.admin}
    sent = flow.change(step, day=today(), **said)
    assert sent.state == S.SUBMITTED

    returned = take("return", sent, by=second, note="chưa có nơi nhận người")

    assert (returned.state, returned.single) == (S.DRAFT, False)
    with pytest.raises(Refused):
        take("apply", returned, by=world.admin)


def test_steps_are_written_with_the_version_one_saw(world):
    plan = make.reorganisation(world.admin, world.root, rename(world.hue))
    fresh = ReorganisationStep(kind="dissolve", sources=["VINH"], order=1)

    saved = flow.write_steps(plan, by=world.admin, version=plan.version, kept=[fresh])

    assert [(s.order, s.kind) for s in saved.steps.all()] == [(1, "dissolve"), (2, "rename")]
    with pytest.raises(Refused, match="người khác sửa"):
        flow.write_steps(plan, by=world.admin, version=plan.version, kept=[])
    other = make.reorganisation(world.admin, world.root, rename(world.vinh))
    with pytest.raises(PermissionDenied):
        flow.write_steps(other, by=world.admin, version=other.version, kept=[saved.steps.first()])


def test_a_fresh_user_object_is_asked_for_its_rights(world, second):
    """What was cached of a person before the reform does not open doors after it."""
    make.executed(world.admin, second, world.root, rename(world.hue))

    assert (Role.HEAD, world.hue.pk) not in User.objects.get(pk=world.head.pk).roles_held()
