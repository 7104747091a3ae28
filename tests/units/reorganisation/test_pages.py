"""The tree editor and the pages of reorganisations, as administrators use them."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import Entry, Notice
from tests import make
from tests.units.reorganisation.helpers import text, today
from units.models import Reorganisation, ReorganisationStep, Role, Unit
from units.models.units import Kind
from units.reorganisation import flow

S = Reorganisation.State


# --- the tree ---


def test_the_tree_opens_with_two_levels_and_fetches_the_rest(world, client):
    client.force_login(world.nobody)
    page = text(client.get(reverse("unit_tree")))

    assert world.hue.name in page and world.kv1.name not in page
    fragment = text(client.get(reverse("unit_branch", args=[world.hue.pk])))
    assert world.kv1.name in fragment and "<html" not in fragment
    assert reverse("unit_branch", args=[world.hue.pk]) in page


def test_without_scripts_a_branch_is_opened_by_its_link(world, client):
    client.force_login(world.nobody)

    assert world.kv1.name in text(client.get(reverse("unit_tree"), {"open": world.hue.pk}))
    for nonsense in ("x", "99999999", "9" * 30, "-1", "²"):
        assert client.get(reverse("unit_tree"), {"open": nonsense}).status_code == 200


def test_a_branch_is_told_for_the_day_that_is_asked(world, client):
    client.force_login(world.nobody)
    Unit.objects.filter(pk=world.kv1.pk).update(valid_from=date(2026, 1, 1))
    url = reverse("unit_branch", args=[world.hue.pk])

    assert world.kv1.name not in text(client.get(url, {"on": "31/12/2025"}))
    assert world.kv1.name in text(client.get(url, {"on": "01/01/2026"}))
    assert client.get(url, {"on": "31/02/2026"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("unit_tree", 8),
        ("unit_branch", 8),
        ("unit_detail", 15),
        ("unit_edit", 8),
        ("reorganisation_list", 8),
        ("reorganisation_detail", 15),
        ("reorganisation_preview", 15),
        ("reorganisation_steps", 14),
    ],
)
def test_pages_ask_the_same_number_of_queries_for_few_and_many(
    world, admin, django_assert_max_num_queries, name, limit
):
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["VINH"]})
    url = {"unit_tree": [], "reorganisation_list": []}.get(name, [world.hue.pk if "unit" in name else plan.pk])
    url = reverse(name, args=url)
    admin.get(url)
    counts = []
    for extra in (0, 15):
        for i in range(extra):
            make.unit(f"X{i}", world.hue, Kind.REGION)
            make.reorganisation(world.admin, world.root)
            ReorganisationStep.objects.create(
                reorganisation=plan, order=i + 2, kind="rename", sources=[f"X{i}"], name_vi=f"Tên {i}"
            )
        with django_assert_max_num_queries(limit + make.SESSION_READ) as asked:
            assert admin.get(url).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


# --- one change on a unit's page ---


def test_a_change_is_shown_before_it_is_applied(world, admin):
    url = reverse("unit_change", args=[world.hue.pk, "rename"])
    data = {"name_vi": "Viện kiểm sát nhân dân Huế mới", "effective_on": today(), "document": "1/QĐ", "version": 1}

    shown = text(admin.post(url, data))

    assert "Áp dụng" in shown and "Cán bộ" in shown
    assert not Reorganisation.objects.exists()
    admin.post(url, data | {"confirm": "1"})
    assert Unit.objects.as_of(timezone.localdate()).filter(name_vi=data["name_vi"]).exists()
    again = admin.post(url, data | {"confirm": "1"})  # a double click
    assert again.status_code == 200
    assert "đã được ghi là kết thúc" in text(again) or "không tồn tại" in text(again)
    assert Reorganisation.objects.count() == 1


def test_each_change_of_the_tree_editor(world, admin):
    def change(unit, kind, **data):
        data = {"effective_on": today(), "confirm": "1"} | data
        return admin.post(reverse("unit_change", args=[unit.pk, kind]), data | {"version": make.seen(unit)})

    change(world.hue, "create", name_vi="Đơn vị mới", code="MOI", unit_kind="region")
    assert Unit.objects.get(code="MOI").path == "/VKSTC/HUE/MOI/"
    change(world.kv1, "move", parent="VINH")
    moved = Unit.objects.get(code__startswith="KV1.")
    assert moved.path.startswith("/VKSTC/VINH/")
    change(Unit.objects.get(code="MOI"), "dissolve")
    assert "không tồn tại" in text(change(Unit.objects.get(code="MOI"), "dissolve"))  # begun today: not there yesterday
    change(world.v16, "dissolve", heir="VINH")
    assert world.v16.succeeded_by.get().successor == world.vinh


@pytest.mark.parametrize("heir", ["", "VINH"])
@pytest.mark.parametrize("held", ["people", "papers"])
def test_a_unit_that_holds_people_or_papers_ends_only_with_a_second_administrator(world, admin, second, heir, held):
    unit = make.unit("CON", world.root, name="Đơn vị còn người")
    if held == "people":
        make.person("Lê Còn Đây", unit)
    else:
        make.launched(world.root, world.office)
    address = reverse("unit_change", args=[unit.pk, "dissolve"])
    data = {"effective_on": today(), "heir": heir, "version": unit.version}

    preview = text(admin.post(address, data))
    assert ("đơn vị kế tục:" in preview and world.vinh.name_vi in preview) is bool(heir)
    assert ("không có đơn vị kế tục" in preview) is not bool(heir)
    assert "Gửi quản trị khác duyệt" in preview
    answer = admin.post(address, data | {"confirm": "1"})

    made = Reorganisation.objects.get()
    assert (made.state, answer["Location"]) == ("submitted", made.get_absolute_url())
    assert Unit.objects.get(code="CON").valid_to is None
    assert Notice.objects.filter(recipient=second, kind="reorganisation").exists()
    step = reverse("reorganisation_step", args=[made.pk, "approve"])
    assert admin.post(step, {"version": made.version}).status_code == 403
    client = Client()
    client.force_login(second)
    client.post(step, {"version": made.version})
    made.refresh_from_db()
    assert made.state == "executed" and Unit.objects.get(code="CON").valid_to is not None


def test_a_unit_without_people_and_papers_ends_at_once_and_its_heir_is_named(world, admin):
    address = reverse("unit_change", args=[world.v16.pk, "dissolve"])
    data = {"effective_on": today(), "heir": "VINH", "version": world.v16.version}

    preview = text(admin.post(address, data))

    assert world.vinh.name_vi in preview and "Gửi quản trị khác duyệt" not in preview


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("create", {}),
        ("create", {"name_vi": "x", "code": "HUE", "unit_kind": "region"}),
        ("create", {"name_vi": "x", "code": "có dấu", "unit_kind": "region"}),
        ("create", {"name_vi": "x" * 201, "code": "N", "unit_kind": "region"}),
        ("create", {"name_vi": "x", "code": "N", "unit_kind": "khác"}),
        ("rename", {"name_vi": "x", "effective_on": "31/02/2026"}),
        ("rename", {"name_vi": "x", "effective_on": "01/01/0001"}),
        ("rename", {"name_vi": "\u202e\x01"}),
        ("move", {"parent": "KV1"}),
        ("move", {"parent": "KHONGCO"}),
        ("dissolve", {}),
        ("dissolve", {"heir": "HUE"}),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(world, admin, kind, data):
    before = list(Unit.objects.values())
    data = {"effective_on": today(), "confirm": "1"} | data

    page = admin.post(reverse("unit_change", args=[world.hue.pk, kind]), data)

    assert page.status_code == 200
    assert list(Unit.objects.values()) == before
    assert not Reorganisation.objects.exists()


def test_who_administers_below_changes_below_only(world, client):
    client.force_login(make.user("below", (Role.ADMIN, world.hue)))

    assert client.get(reverse("unit_change", args=[world.hue.pk, "create"])).status_code == 200
    assert client.get(reverse("unit_change", args=[world.kv1.pk, "rename"])).status_code == 200
    assert client.get(reverse("unit_change", args=[world.hue.pk, "rename"])).status_code == 403
    assert client.get(reverse("unit_change", args=[world.vinh.pk, "create"])).status_code == 403
    elsewhere = {"parent": "VINH", "effective_on": today(), "confirm": "1"}
    assert "ngoài phạm vi" in text(client.post(reverse("unit_change", args=[world.kv1.pk, "move"]), elsewhere))
    assert not Reorganisation.objects.exists()
    assert client.get(reverse("unit_change", args=[world.hue.pk, "merge"])).status_code == 404


def test_a_change_of_the_future_waits_on_the_units_page_and_is_cancelled(world, admin):
    data = {"name_vi": "Tên của năm sau", "effective_on": "01/01/2099", "confirm": "1", "version": 1}
    admin.post(reverse("unit_change", args=[world.hue.pk, "rename"]), data)

    waiting = Reorganisation.objects.get()
    assert waiting.title in text(admin.get(world.hue.get_absolute_url()))
    admin.post(reverse("reorganisation_step", args=[waiting.pk, "cancel"]), {"version": waiting.version, "note": "x"})
    assert waiting.title not in text(admin.get(world.hue.get_absolute_url()))


def test_details_are_put_right_with_the_version_one_saw(world, admin):
    url = reverse("unit_edit", args=[world.hue.pk])
    data = {"name_vi": world.hue.name_vi, "short_name": "VKSND Huế", "seat": "Huế", "version": world.hue.version}

    admin.post(url, data | {"seat": "Thành phố Huế"})
    late = admin.post(url, data | {"seat": "Nơi khác"})

    assert "Người khác vừa sửa" in text(late) and "Nơi khác" in text(late)
    assert Unit.objects.get(pk=world.hue.pk).seat == "Thành phố Huế"
    assert Entry.objects.about(world.hue).get().changes == {"trụ sở": ["", "Thành phố Huế"]}


def test_siblings_are_put_in_order(world, admin):
    def order():
        return [u.code for u in world.root.children.filter(kind=Kind.PROVINCE)]

    assert order() == ["HUE", "VINH"]
    admin.post(reverse("unit_order", args=[world.vinh.pk]), {"to": "down", "version": 7})
    assert order() == ["HUE", "VINH"]
    move = lambda to: admin.post(  # noqa: E731
        reverse("unit_order", args=[world.vinh.pk]), {"to": to, "version": make.seen(world.vinh)}
    )
    move("up")
    assert order() == ["VINH", "HUE"]
    move("up")  # is the first already
    move("down")
    assert order() == ["HUE", "VINH"]


# --- reorganisations ---


def head(world, **changes):
    return {
        "title": "Sắp xếp",
        "document_number": "1/NQ",
        "document_date": "01/06/2026",
        "document_issuer": "Cơ quan",
        "effective_on": today(),
        "unit": world.root.pk,
        "note": "",
    } | changes


def row(place, **fields):
    data = {"kind": "", "order": "", "sources": "", "code": "", "parent_code": "", "name_vi": "", "id": ""} | fields
    return {f"step-{place}-{name}": value for name, value in data.items()}


def management(total, initial=0):
    return {"step-TOTAL_FORMS": total, "step-INITIAL_FORMS": initial}


def test_the_list_is_searched_whatever_the_accents(world, admin):
    make.reorganisation(world.admin, world.root, title="Sắp xếp năm 2025")
    make.reorganisation(world.admin, world.root, title="Lập đơn vị khu vực")

    def titles(**query):
        return [r.title for r in admin.get(reverse("reorganisation_list"), query).context["page_obj"]]

    assert titles(q="DON vi") == ["Lập đơn vị khu vực"]
    assert len(titles(state="draft")) == 2
    assert titles(state="executed") == []
    assert len(titles(state="x'", page="²", q="")) == 2


def test_from_a_draft_to_the_tree_and_back_through_the_pages(world, admin, client, second):
    admin.post(reverse("reorganisation_new"), head(world))
    plan = Reorganisation.objects.get()
    steps = management(3) | row(0, kind="merge", sources="HUE; VINH", code="HV", name_vi="Tên HV")
    steps |= row(1, kind="rename", sources="V16", name_vi="Phòng mới") | row(2)
    admin.post(reverse("reorganisation_steps", args=[plan.pk]), steps | {"version": plan.version})
    assert [(s.order, s.kind, s.sources) for s in plan.steps.all()] == [
        (1, "merge", ["HUE", "VINH"]),
        (2, "rename", ["V16"]),
    ]
    preview = text(admin.get(reverse("reorganisation_preview", args=[plan.pk])))
    assert "hợp nhất thành" in preview and "hợp nhất từ" in preview and "đổi tên thành" in preview

    def step(name, **data):
        plan.refresh_from_db()
        data = {"version": plan.version} | data
        return client.post(reverse("reorganisation_step", args=[plan.pk, name]), data, follow=True)

    step("submit")
    assert "Phương án chờ một quản trị khác duyệt" in text(admin.get(plan.get_absolute_url()))
    assert step("approve").status_code == 403
    client.force_login(second)
    step("approve")
    plan.refresh_from_db()
    assert plan.state == S.EXECUTED  # its day has come
    assert Unit.objects.get(code="HV").exists_on(timezone.localdate())
    step("undo", note="nhầm")
    step("reopen")
    plan.refresh_from_db()
    assert plan.state == S.DRAFT
    assert not Unit.objects.filter(code="HV").exists()


def test_the_units_of_a_step_are_named_by_part_of_their_names(world, admin, client):
    plan = make.reorganisation(world.admin, world.root)
    url = reverse("reorganisation_steps", args=[plan.pk])

    def save(**fields):
        sent = management(1) | row(0, kind="merge", code="HV", name_vi="Tên HV", **fields)
        return admin.post(url, sent | {"version": make.seen(plan)})

    twofold = save(sources="huế\nvksnd")
    assert "«vksnd» có thể là: " in text(twofold) and "huế\nvksnd" in twofold.content.decode()  # as it was typed
    assert "Không tìm thấy «Đà Lạt»" in text(save(sources="VINH, HUE\nĐà Lạt"))
    save(sources="Huế\r\nNghệ An", parent_code="vksnd toi cao")

    step = plan.steps.get()
    assert (step.sources, step.parent_code) == (["HUE", "VINH"], "VKSTC")
    shown = admin.get(url).content.decode()
    assert "VKSND Huế\nVKSND Nghệ An</textarea>" in shown and 'value="VKSND tối cao"' in shown

    offered = reverse("pick", args=["units_reorganised"]) + f"?q=vksnd&about=reorganisation-{plan.pk}"
    assert len(admin.get(offered).json()["choices"]) > 2
    client.force_login(world.head)
    assert client.get(offered).json()["choices"] == []


def test_a_code_that_another_step_makes_stays_for_the_plan_to_judge(world, admin):
    plan = make.reorganisation(world.admin, world.root)
    sent = management(1) | row(0, kind="create", code="M2", name_vi="Mới", parent_code="M1")

    admin.post(reverse("reorganisation_steps", args=[plan.pk]), sent | {"version": plan.version})

    assert plan.steps.get().parent_code == "M1"


@pytest.mark.parametrize(("count", "folded"), [(3, 0), (4, 4)])
def test_many_steps_are_folded_to_a_line_each(world, admin, count, folded):
    steps = [{"kind": "create", "code": f"M{i}", "name_vi": f"Mới {i}", "parent_code": "HUE"} for i in range(count)]
    plan = make.reorganisation(world.admin, world.root, *steps)

    page = admin.get(reverse("reorganisation_steps", args=[plan.pk])).content.decode()

    assert page.count('<details class="commitment">') == folded
    assert "→ M0" in page

    wrong = management(count, count) | {"version": plan.version}
    for i, step in enumerate(plan.steps.all()):
        wrong |= row(i, id=step.pk, kind="create" if i else "", code=step.code, name_vi=step.name_vi, order=str(i + 1))
    page = admin.post(reverse("reorganisation_steps", args=[plan.pk]), wrong).content.decode()
    assert page.count('<details class="commitment">') == max(folded - 1, 0)


def test_rows_are_edited_and_taken_out_and_a_late_save_is_refused(world, admin):
    plan = make.reorganisation(
        world.admin, world.root, {"kind": "dissolve", "sources": ["VINH"]}, {"kind": "dissolve", "sources": ["V16"]}
    )
    one, two = plan.steps.all()
    url = reverse("reorganisation_steps", args=[plan.pk])
    data = management(2, 2) | row(0, id=one.pk, kind="rename", sources="VINH", name_vi="Tên", order="1")
    data |= row(1, id=two.pk, kind="dissolve", sources="V16", order="2", DELETE="on") | {"version": plan.version}

    admin.post(url, data)
    late = admin.post(url, data)

    assert [(s.kind, s.name_vi) for s in plan.steps.all()] == [("rename", "Tên")]
    assert late.status_code == 200


def test_steps_of_another_plan_are_not_reached(world, admin):
    plan = make.reorganisation(world.admin, world.root)
    other = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["V16"]})
    foreign = other.steps.get()
    data = management(1, 1) | row(0, id=foreign.pk, kind="dissolve", sources="VINH") | {"version": plan.version}

    admin.post(reverse("reorganisation_steps", args=[plan.pk]), data)

    foreign.refresh_from_db()
    assert (foreign.sources, foreign.reorganisation) == (["V16"], other)
    assert not plan.steps.exists()


@pytest.mark.parametrize("data", [{}, {"step-TOTAL_FORMS": "x"}, {"step-TOTAL_FORMS": "1", "step-INITIAL_FORMS": "1"}])
def test_a_broken_form_of_steps_is_no_fault(world, admin, data):
    plan = make.reorganisation(world.admin, world.root)

    assert admin.post(reverse("reorganisation_steps", args=[plan.pk]), data).status_code == 200


def test_what_is_no_draft_is_not_edited(world, admin):
    plan = make.reorganisation(world.admin, world.root, {"kind": "rename", "sources": ["HUE"], "name_vi": "x"})
    flow.REORGANISATION.take("submit", plan, by=world.admin, version=make.seen(plan))

    for name in ("reorganisation_edit", "reorganisation_steps", "reorganisation_upload"):
        assert admin.get(reverse(name, args=[plan.pk])).status_code == 403


def test_a_new_unit_has_the_kind_that_was_chosen_and_none_by_chance(world, client):
    client.force_login(world.admin)
    address = f"/units/{world.hue.pk}/change/create/"
    fields = {"name_vi": "Khu vực mới", "code": "KV9", "effective_on": today(), "unit_kind": ""}

    assert client.get(address).context["form"]["unit_kind"].value() is None
    assert "unit_kind" in client.post(address, fields).context["form"].errors
    assert (
        client.post(
            address, fields | {"unit_kind": "region", "confirm": "1", "version": make.seen(world.hue)}
        ).status_code
        == 302
    )
    assert Unit.objects.get(code="KV9").kind == "region"
