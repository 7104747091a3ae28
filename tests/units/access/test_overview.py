"""The list of a unit says who may do what there, as the table of permissions has it, and why."""

from datetime import timedelta

from django.urls import reverse

from portal.days import today
from portal.permissions import actions
from tests import make
from units.access import overview, rights
from units.models import Role, Succession, User


def acting_at_kv1(world):
    """Somebody without a role of their own acts for the head."""
    day = today() + timedelta(days=1)
    fields = {"document": "7/GUQ", "version": make.seen(world.nobody), "end": day, "acting": True}
    return rights.grant(world.nobody, world.kv1, Role.HEAD, by=world.admin, **fields)


def test_who_acts_for_the_head_is_not_said_to_lend_on(world):
    acting_at_kv1(world)

    said = {r.membership.user: r.may for r in overview.rights_over(world.kv1) if r.membership.role == Role.HEAD}

    assert "ủy quyền" in said[world.kv1_head]
    assert "ủy quyền" not in said[world.nobody]
    assert "gửi kế hoạch" in said[world.nobody]


def test_the_list_of_a_unit_names_everyone_with_their_right_and_its_source(world, client):
    acting = acting_at_kv1(world)
    heir = make.unit("HEIR", world.root)
    Succession.objects.create(predecessor=world.hue, successor=heir, effective_on=today(), kind="continue")
    reader = make.user("reader", (Role.OFFICER, heir))

    found = {r.membership.user: r for r in overview.rights_over(world.kv1)}

    assert [r.place for r in overview.rights_over(world.kv1)][:2] == ["here", "here"]
    assert {u: r.place for u, r in found.items() if r.place != "above"} == {
        world.kv1_head: "here",
        world.nobody: "here",
        reader: "successor",
    }
    assert found[world.auditor].may == "Đọc hồ sơ" and "Huế" in found[world.head].where
    assert found[world.nobody].given.by == world.admin and found[world.nobody].membership == acting
    assert world.stranger not in found
    assert User.objects.get(pk=reader.pk).reading_paths()[-1] == world.hue.path  # the list says what is so
    client.force_login(world.admin)
    page = client.get(reverse("unit_rights", args=[world.kv1.pk])).content.decode()
    assert "7/GUQ" in page and "Vũ Quản Trị" in page


def test_what_a_role_is_said_to_open_is_what_the_table_of_permissions_lets_it_do(world):
    heir = make.unit("HEIR", world.root)
    Succession.objects.create(predecessor=world.hue, successor=heir, effective_on=today(), kind="continue")
    make.user("reader", (Role.OFFICER, heir))
    acting_at_kv1(world)
    said = set()
    for unit in (world.root, world.hue, world.kv1):
        for right in overview.rights_over(unit):
            user, held = User.objects.get(pk=right.membership.user_id), right.membership.unit
            here = {str(row.short) for name, row in actions().items() if row.short and user.may(name, unit)}
            if right.place == "above":
                here |= {str(row.short_above) for name, row in actions().items() if user.may(name, held)} - {""}
            assert set(right.may.lower().split("; ")) == here, (user, unit)
            said.add((right.membership.role, right.place))
    assert {role for role, place in said if place == "here"} == set(Role)
    assert {place for _role, place in said} == {"here", "above", "successor"}
