"""People found by whoever reads their unit, kept by its administrators; the ledger of postings holds."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from portal.models.trail import record
from tests import make
from units.models import Collective, Person, PersonStatus, Posting, Role, User
from units.people import privacy
from units.people import services as staff

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def staffed(world):
    """Lan works at Hue's region and Hue has an administrator of its own; Vinh has Tâm."""
    world.lan = make.person("Nguyễn Thị Lan", world.kv1, code="LAN", birth_year=1980, position="Kiểm sát viên")
    world.tam = make.person("Hồ Tâm", world.vinh, code="TAM", birth_year=1975)
    world.hue_admin = make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Quản Trị Huế")
    return world


def names(page):
    return [person.full_name for person in page.context["rows"]]


def post(client, page, *args, **data):
    return client.post(reverse(page, args=args), data)


# --- finding ---


def test_people_are_listed_for_their_unit_those_above_and_nobody_else(staffed, client):
    seen = {}
    for who in ("head", "kv1_head", "stranger", "admin", "office", "hue_admin"):
        client.force_login(getattr(staffed, who))
        seen[who] = {"Nguyễn Thị Lan", "Hồ Tâm"} & set(names(client.get(reverse("person_list"))))

    assert seen == {
        "head": {"Nguyễn Thị Lan"},
        "kv1_head": {"Nguyễn Thị Lan"},
        "stranger": {"Hồ Tâm"},
        "admin": {"Nguyễn Thị Lan", "Hồ Tâm"},
        "office": {"Nguyễn Thị Lan", "Hồ Tâm"},
        "hue_admin": {"Nguyễn Thị Lan"},
    }


def test_search_is_blind_to_accents_and_reads_staff_codes(staffed, client):
    client.force_login(staffed.admin)

    for words in ("nguyen lan", "LAN  thị", "Lan Nguyễn"):
        assert names(client.get(reverse("person_list"), {"q": words})) == ["Nguyễn Thị Lan"]
    assert names(client.get(reverse("person_list"), {"q": "tam"})) == ["Hồ Tâm"]


def test_the_filter_asks_for_unit_subtree_position_collective_and_status(staffed, client):
    room = Collective.objects.create(unit=staffed.kv1, code="KV1-P1", name="Phòng 1")
    Posting.objects.filter(person=staffed.lan).update(collective=room, leads=True)
    PersonStatus.objects.create(person=staffed.lan, kind="maternity", valid_from=LONG_AGO)
    client.force_login(staffed.hue_admin)
    ask = lambda **query: "Nguyễn Thị Lan" in names(client.get(reverse("person_list"), query))  # noqa: E731

    assert ask(unit="HUE") and ask(unit="khu vuc 1") and ask(unit="KV1", only="on")
    assert not ask(unit="HUE", only="on")
    assert ask(leads="yes") and not ask(leads="no")
    assert ask(unit="KV1", collective="KV1-P1") and not ask(unit="KV1", collective="KV1-P2")
    assert ask(state="maternity") and not ask(state="retired")


def test_who_does_not_see_statuses_does_not_find_people_by_them(staffed, client):
    PersonStatus.objects.create(person=staffed.lan, kind="disciplined", grade="1", valid_from=LONG_AGO)
    found = {}
    for who in ("office", "kv1_head", "head", "council"):
        client.force_login(getattr(staffed, who))
        found[who] = names(client.get(reverse("person_list"), {"state": "disciplined"}))

    # Hue's head reads the region's papers, but Lan's discipline is the region's own matter
    assert found["office"] == found["kv1_head"] == ["Nguyễn Thị Lan"]
    assert found["head"] == []
    client.force_login(staffed.council)
    page = client.get(reverse("person_list"), {"state": "disciplined"})
    assert "state" in page.context["form"].errors


def test_people_stand_by_given_name_then_family_name(staffed, client):
    for name in ("Bùi Văn Ánh", "Trần Văn An", "Đỗ Anh", "Lê An"):
        make.person(name, staffed.kv1)
    client.force_login(staffed.kv1_head)

    assert names(client.get(reverse("person_list"), {"unit": "KV1"})) == [
        "Lê An",
        "Trần Văn An",
        "Bùi Văn Ánh",
        "Đỗ Anh",
        "Nguyễn Thị Lan",
        "Bùi Khu Vực",
    ]


def test_turning_pages_forth_and_back_meets_everybody_once(staffed, client):
    for number in range(60):
        make.person(f"Lê Văn {'An' if number % 2 else 'Anh'}", staffed.kv1)
    client.force_login(staffed.kv1_head)
    url, pages, query = reverse("person_list"), [], {}
    while True:
        page = client.get(url, query)
        pages.append([person.pk for person in page.context["rows"]])
        if not page.context["later"]:
            break
        query = {"after": page.context["later"]}

    everybody = [pk for part in pages for pk in part]
    assert len(pages) == 3 and len(everybody) == len(set(everybody)) == 62
    back = client.get(url, {"before": page.context["earlier"]})
    assert [person.pk for person in back.context["rows"]] == pages[1]
    first = client.get(url, {"before": back.context["earlier"]})
    assert [person.pk for person in first.context["rows"]] == pages[0]
    assert first.context["earlier"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"after": "x"},
        {"after": "9" * 30},
        {"before": "-1"},
        {"after": "²"},
        {"unit": "%_<b>"},
        {"state": "'"},
        {"collective": "?"},
    ]
    + [{"unit": "vien kiem sat"}, {"q": "\x01\u202e"}, {"leads": "9"}],
)
def test_nonsense_in_the_address_of_the_list_is_no_fault(staffed, client, query):
    client.force_login(staffed.admin)

    assert client.get(reverse("person_list"), query).status_code == 200


def test_the_pages_ask_a_constant_number_of_queries(staffed, client, django_assert_num_queries):
    room = Collective.objects.create(unit=staffed.kv1, code="R", name="Phòng")
    Posting.objects.filter(person=staffed.lan).update(collective=room)
    make.person("Nguyễn Thị Lan", staffed.kv1, birth_year=1980)
    client.force_login(staffed.hue_admin)
    pages = {
        reverse("person_list") + "?unit=HUE": 8,
        reverse("person_detail", args=[staffed.lan.pk]): 9,
        reverse("collective_list"): 5,
        reverse("collective_detail", args=[room.pk]): 6,
        reverse("duplicate_list"): 8,
    }
    for url in pages:
        client.get(url)  # the view of today is in the trail now
    for extra in (0, 30):
        for number in range(extra):
            person = make.person(f"Lê Văn {number % 7}", staffed.kv1, birth_year=1980)
            Posting.objects.filter(person=person).update(collective=room)
            make.person("Lê Văn Tư", staffed.hue, until=date(2021, 1, 1))
            Posting.objects.create(person=staffed.lan, unit=staffed.hue, valid_from=LONG_AGO, valid_to=LONG_AGO)
            PersonStatus.objects.create(person=staffed.lan, kind="leave", valid_from=LONG_AGO, valid_to=LONG_AGO)
            Collective.objects.create(unit=staffed.hue, code=f"R{number}", name="Tổ")
        for url, asked in pages.items():
            with django_assert_num_queries(asked + make.SESSION_READ):
                client.get(url)


# --- privacy ---


def test_each_role_sees_the_fields_that_are_written_down_for_it(staffed):
    reader, own_unit, keeper = set(), set(), set()
    for name, circle in privacy.FIELDS.items():
        keeper.add(name)
        own_unit |= {name} if circle != privacy.KEEPERS else set()
        reader |= {name} if circle == privacy.READERS else set()
    lan_herself = User.objects.create(username="lan", person=staffed.lan)
    wanted = {
        "head": reader,  # of the unit above
        "officer": reader,
        "auditor": reader,
        "council": reader,
        "kv1_head": own_unit,
        "office": own_unit,
        "admin": keeper,
        "hue_admin": keeper,
    }

    for who, fields in wanted.items():
        user = getattr(staffed, who)
        assert privacy.shown(user, staffed.lan, kept=privacy.keeps(user, staffed.lan)) == fields, who
    assert privacy.shown(lan_herself, staffed.lan, kept=False) == keeper


def test_after_a_transfer_the_former_unit_sees_no_more_than_who_it_was(staffed):
    lan = staffed.lan
    Posting.objects.filter(person=lan).update(valid_to=today() - timedelta(days=1))
    assert privacy.in_full(staffed.kv1_head).filter(pk=lan.pk).exists()  # the last unit of who has no other

    Posting.objects.create(person=lan, unit=staffed.vinh, valid_from=today())

    assert not privacy.in_full(staffed.kv1_head).filter(pk=lan.pk).exists()
    assert privacy.records(staffed.kv1_head).filter(pk=lan.pk).exists()
    assert privacy.in_full(staffed.stranger).filter(pk=lan.pk).exists()
    assert not privacy.keeps(staffed.hue_admin, lan)


def test_the_page_shows_what_the_table_says(staffed, client):
    PersonStatus.objects.create(person=staffed.lan, kind="disciplined", grade="2", valid_from=LONG_AGO)
    shown = {}
    for who in ("head", "kv1_head", "admin"):
        client.force_login(getattr(staffed, who))
        page = client.get(reverse("person_detail", args=[staffed.lan.pk])).content.decode()
        shown[who] = ("1980" in page, "Cảnh cáo" in page, "Nhật ký" in page)

    assert shown == {"head": (False, False, False), "kv1_head": (True, True, False), "admin": (True, True, True)}


def test_opening_a_full_record_is_in_the_trail_once_a_day_for_each_reader(staffed, client):
    lan_herself = User.objects.create(username="lan", person=staffed.lan)
    for user in (staffed.kv1_head, staffed.kv1_head, staffed.admin, staffed.head, lan_herself):
        client.force_login(user)
        assert client.get(reverse("person_detail", args=[staffed.lan.pk])).status_code == 200

    views = Entry.objects.about(staffed.lan).filter(verb="view")
    assert {entry.by for entry in views} == {staffed.kv1_head, staffed.admin} and len(views) == 2


def test_everybody_reads_their_own_record(staffed, client):
    client.force_login(staffed.nobody)

    page = client.get(reverse("person_me"), follow=True)

    assert page.context["person"] == staffed.nobody.person
    assert page.context["shown"] == set(privacy.FIELDS)
    assert not page.context["keeps"]


def test_the_whole_record_can_be_taken_along(staffed, client):
    PersonStatus.objects.create(person=staffed.lan, kind="leave", valid_from=LONG_AGO, document="=1+1")
    client.force_login(staffed.hue_admin)

    told = json.loads(client.get(reverse("person_export", args=[staffed.lan.pk, "json"])).content)
    told = {part["section"]: part["rows"] for part in told}
    sheet = client.get(reverse("person_export", args=[staffed.lan.pk, "xlsx"]))
    cells = list(load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True))

    assert told["Hồ sơ"] == [{"số hiệu cán bộ": "LAN", "họ và tên": "Nguyễn Thị Lan", "năm sinh": "1980"}]
    assert told["Vị trí công tác"][0]["đơn vị"] == str(staffed.kv1)
    assert ("Tình trạng", "văn bản", "=1+1") in cells
    assert load_workbook(io.BytesIO(sheet.content)).active["C2"].data_type == "s"
    assert [e.verb for e in Entry.objects.about(staffed.lan)] == ["export", "export"]
    for who in (staffed.kv1_head, staffed.office):
        client.force_login(who)
        assert client.get(reverse("person_export", args=[staffed.lan.pk, "json"])).status_code == 403


def test_a_form_that_shows_the_whole_record_leaves_a_line_too(staffed, client):
    client.force_login(staffed.hue_admin)

    for _twice in range(2):
        assert client.get(reverse("person_edit", args=[staffed.lan.pk])).status_code == 200

    assert [e.verb for e in Entry.objects.about(staffed.lan)] == ["view"]


def test_personal_data_md_tells_of_every_field(settings):
    text = (settings.BASE_DIR / "docs/personal-data.md").read_text()

    for name in privacy.FIELDS:
        assert f"`{name}`" in text, name


# --- keeping ---


def new_person(**changes):
    return {
        "full_name": "Lê  Thị Mới",
        "staff_code": "MOI",
        "birth_year": "1990",
        "gender": "f",
        "joined_on": "1/9/2015",
        "unit": "KV1",
        "position": "Kiểm tra viên",
        "valid_from": "01/09/2021",
        "document": "12/QĐ",
    } | changes


def test_an_administrator_adds_a_person_with_the_first_posting(staffed, client):
    client.force_login(staffed.hue_admin)

    post(client, "person_new", **new_person(unit="khu vuc 1"))

    person = Person.objects.get(staff_code="MOI")
    assert (person.full_name, person.joined_on) == ("Lê Thị Mới", date(2015, 9, 1))
    assert [(p.unit, p.document) for p in person.postings.all()] == [(staffed.kv1, "12/QĐ")]
    assert [e.verb for e in Entry.objects.about(person)] == ["create"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", "\u202e \u200b"),
        ("staff_code", "LAN"),
        ("birth_year", "1850"),
        ("birth_year", "9" * 30),
        ("birth_year", "năm"),
        ("gender", "x"),
        ("joined_on", "31/02/2015"),
        ("joined_on", "01/01/2000"),
        ("joined_on", "01/01/2999"),
        ("unit", "VINH"),
        ("unit", "không có"),
        ("unit", "\x01"),
        ("valid_from", "hôm qua"),
        ("collective", "phòng nào"),
    ],
)
def test_a_record_that_cannot_be_is_told_beside_its_field(staffed, client, field, value):
    client.force_login(staffed.hue_admin)

    page = post(client, "person_new", **new_person(**{field: value}))

    assert page.status_code == 200
    assert field in {**page.context["form"].errors, **page.context["place"].errors}
    assert not Person.objects.filter(full_name="Lê Thị Mới").exists()


def test_hostile_names_are_shown_as_text(staffed, client):
    lan = staffed.lan
    lan.full_name = '<script>alert(1)</script> \u202e&amp; "Lan\u2066'
    lan.save()
    twin = make.person(lan.full_name, staffed.kv1, birth_year=1980)
    client.force_login(staffed.hue_admin)

    for name, args in (
        ("person_list", []),
        ("person_detail", [lan.pk]),
        ("person_edit", [lan.pk]),
        ("duplicate_list", []),
        ("duplicate_compare", [lan.pk, twin.pk]),
    ):
        page = client.get(reverse(name, args=args)).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page, name
        assert "\u202e" not in page and "\u2066" not in page


def test_a_name_whose_keys_would_outgrow_their_columns_is_kept(staffed):
    long = make.person("\ufdfa" * 100, staffed.kv1)  # one character that folds into eighteen
    room = Collective.objects.create(unit=staffed.kv1, code="L", name="\ufdfa" * 200)

    assert [len(text) for text in (long.search, long.name_key, long.sort_key, room.search)] == [150, 120, 120, 250]


def edited(person, **changes):
    fields = {"full_name": person.full_name, "staff_code": person.staff_code, "birth_year": person.birth_year or ""}
    return fields | {"version": person.version} | changes


def test_an_edit_leaves_what_was_and_what_is(staffed, client):
    client.force_login(staffed.hue_admin)

    post(client, "person_edit", staffed.lan.pk, **edited(staffed.lan, birth_year="1981"))

    assert Entry.objects.about(staffed.lan).first().changes == {"năm sinh": ["1980", "1981"]}


def test_of_two_editors_the_later_one_sees_both_and_nothing_is_lost(staffed, client):
    client.force_login(staffed.hue_admin)
    seen = edited(staffed.lan)
    post(client, "person_edit", staffed.lan.pk, **seen | {"birth_year": "1981"})

    page = post(client, "person_edit", staffed.lan.pk, **seen | {"full_name": "Nguyễn Thị Lân"})

    assert page.status_code == 409
    assert [row[1:] for row in page.context["clash"]] == [("Nguyễn Thị Lan", "Nguyễn Thị Lân"), ("1981", "1980")]
    assert Person.objects.get(pk=staffed.lan.pk).full_name == "Nguyễn Thị Lan"


@pytest.mark.parametrize("who", ["head", "kv1_head", "office", "auditor"])
def test_who_reads_a_record_does_not_keep_it(staffed, client, who):
    client.force_login(getattr(staffed, who))
    posting = staffed.lan.postings.get()

    for name, pk in (("person_edit", staffed.lan.pk), ("posting_transfer", posting.pk), ("status_new", staffed.lan.pk)):
        assert client.post(reverse(name, args=[pk]), {"version": 1}).status_code == 403
    with pytest.raises(PermissionDenied):
        staff.edit(staffed.lan, {}, by=getattr(staffed, who), version=1)


def test_an_administrator_of_another_unit_does_not_know_the_person(staffed, client):
    client.force_login(make.user("vinhadmin", (Role.ADMIN, staffed.vinh)))

    for name in ("person_detail", "person_edit", "person_anonymise", "status_new", "posting_new"):
        assert client.get(reverse(name, args=[staffed.lan.pk])).status_code == 404


# --- the ledger ---


def test_a_transfer_ends_one_posting_and_begins_another(staffed, client):
    client.force_login(staffed.hue_admin)
    posting = staffed.lan.postings.get()
    told = {"unit": "HUE", "position": "Phó phòng", "leads": "on", "valid_from": "01/03/2024", "document": "7/QĐ"}

    answer = post(client, "posting_transfer", posting.pk, version=1, **told)
    again = post(client, "posting_transfer", posting.pk, version=1, **told)

    assert answer.status_code == 302
    assert again.status_code == 200 and "vừa được người khác thay đổi" in again.content.decode()
    ledger = [(p.unit, p.position, p.leads, p.valid_from, p.valid_to) for p in staffed.lan.postings.all()]
    assert ledger == [
        (staffed.hue, "Phó phòng", True, date(2024, 3, 1), None),
        (staffed.kv1, "Kiểm sát viên", False, LONG_AGO, date(2024, 2, 29)),
    ]
    entry = Entry.objects.about(staffed.lan).first()
    assert (entry.verb, entry.note) == ("transfer", "7/QĐ")


def test_nobody_is_transferred_into_a_unit_that_one_does_not_administer(staffed, client):
    posting = staffed.lan.postings.get()
    client.force_login(staffed.hue_admin)
    page = post(client, "posting_transfer", posting.pk, version=1, unit="VINH", valid_from="01/03/2024", document="7")
    assert "unit" in page.context["form"].errors

    with pytest.raises(PermissionDenied):
        staff.transfer(posting, {"unit": staffed.vinh, "valid_from": today()}, by=staffed.hue_admin, version=1)

    assert staffed.lan.postings.get().valid_to is None


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"valid_from": date(2019, 12, 31)}, "chỉ bắt đầu từ ngày"),
        ({"valid_from": date(2031, 1, 1)}, "đã kết thúc ngày"),
        ({"valid_from": date(2021, 1, 1), "unit": "closed"}, "không hoạt động"),
        ({"valid_from": date(2021, 1, 1), "collective": "elsewhere"}, "không thuộc đơn vị này"),
        ({"valid_from": date(2021, 1, 1), "collective": "closed"}, "tập thể Cũ không hoạt động"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_in_words(staffed, what, says):
    staffed.lan.postings.update(valid_to=date(2030, 1, 1))
    rows = {
        ("unit", "closed"): make.unit("OLD", staffed.hue, valid_to=date(2020, 6, 1)),
        ("collective", "elsewhere"): Collective.objects.create(unit=staffed.hue, code="E", name="Xa"),
        ("collective", "closed"): Collective.objects.create(
            unit=staffed.kv1, code="C", name="Cũ", valid_to=date(2020, 6, 1)
        ),
    }
    fields = {name: rows.get((name, value), value) for name, value in what.items()}

    with pytest.raises(Refused, match=says):
        staff.transfer(staffed.lan.postings.get(), {"unit": staffed.kv1} | fields, by=staffed.hue_admin, version=1)

    staffed.lan.refresh_from_db()
    assert (staffed.lan.version, staffed.lan.postings.get().valid_to) == (1, date(2030, 1, 1))


def test_two_postings_at_one_unit_at_one_time_are_refused_but_a_secondment_is_not(staffed, client):
    client.force_login(staffed.hue_admin)
    told = {"version": 1, "valid_from": "01/01/2022", "valid_to": ""}

    twice = post(client, "posting_new", staffed.lan.pk, unit="KV1", **told)
    beside = post(client, "posting_new", staffed.lan.pk, unit="HUE", **told)

    assert "đã có một vị trí" in twice.content.decode() and beside.status_code == 302
    assert staffed.lan.postings.count() == 2


def test_a_posting_is_ended_put_right_and_taken_out_but_never_the_last(staffed, client):
    client.force_login(staffed.hue_admin)
    only = staffed.lan.postings.get()
    post(client, "posting_edit", only.pk, version=1, valid_from="02/01/2020", valid_to="31/12/2024", position="KSV")
    only.refresh_from_db()
    assert (only.valid_from, only.valid_to, only.position) == (date(2020, 1, 2), date(2024, 12, 31), "KSV")

    refused = post(client, "posting_remove", only.pk, version=2, reason="nhầm")
    post(client, "posting_new", staffed.lan.pk, version=2, unit="HUE", valid_from="01/01/2025")
    removed = post(client, "posting_remove", only.pk, version=3, reason="nhầm")

    assert "duy nhất" in refused.content.decode() and removed.status_code == 302
    assert [p.unit for p in staffed.lan.postings.all()] == [staffed.hue]
    assert Entry.objects.about(staffed.lan).first().note == "nhầm"


# --- statuses ---


def test_retirement_ends_every_posting_the_day_before(staffed, client):
    client.force_login(staffed.hue_admin)

    post(client, "status_new", staffed.lan.pk, version=1, kind="retired", valid_from="01/06/2024", document="9/QĐ")

    assert staffed.lan.postings.get().valid_to == date(2024, 5, 31)
    assert "Nguyễn Thị Lan" not in names(client.get(reverse("person_list")))
    assert "Nguyễn Thị Lan" in names(client.get(reverse("person_list"), {"state": "retired"}))
    refused = post(client, "posting_new", staffed.lan.pk, version=2, unit="KV1", valid_from="01/07/2024")
    assert "Nghỉ hưu" in refused.content.decode()


def test_discipline_has_a_grade_and_nothing_else_has(staffed, client):
    client.force_login(staffed.hue_admin)
    told = {"version": 1, "valid_from": "01/06/2024", "valid_to": "01/06/2025"}

    bare = post(client, "status_new", staffed.lan.pk, kind="disciplined", grade="", **told)
    post(client, "status_new", staffed.lan.pk, kind="leave", grade="3", **told)

    assert "grade" in bare.context["form"].errors
    assert [(s.kind, s.grade) for s in staffed.lan.statuses.all()] == [("leave", "")]


def test_a_status_is_ended_and_one_written_by_mistake_is_taken_out(staffed, client):
    client.force_login(staffed.hue_admin)
    status = PersonStatus.objects.create(person=staffed.lan, kind="leave", valid_from=date(2024, 1, 1))
    twice = post(client, "status_new", staffed.lan.pk, version=1, kind="leave", valid_from="01/02/2024")
    assert "trùng nhau" in twice.content.decode()

    post(client, "status_edit", status.pk, version=1, kind="leave", valid_from="01/01/2024", valid_to="01/03/2024")
    backwards = post(
        client, "status_edit", status.pk, version=2, kind="leave", valid_from="01/01/2024", valid_to="01/01/2023"
    )
    post(client, "status_remove", status.pk, version=2, reason="ghi nhầm người")

    assert "valid_to" in backwards.context["form"].errors
    assert not staffed.lan.statuses.exists()
    assert [e.verb for e in Entry.objects.about(staffed.lan)] == ["status_remove", "status_edit", "view"]


def test_whoever_has_a_later_posting_cannot_have_left_before(staffed):
    Posting.objects.create(person=staffed.lan, unit=staffed.hue, valid_from=date(2025, 1, 1))

    with pytest.raises(Refused, match="bắt đầu từ hoặc sau ngày đó"):
        staff.begin_status(
            staffed.lan, {"kind": "left", "valid_from": date(2024, 1, 1)}, by=staffed.hue_admin, version=1
        )


# --- anonymity ---


@pytest.fixture
def gone(staffed):
    """Lan has retired, with an account that was stopped."""
    User.objects.create(username="lan", email="lan@vks.example", person=staffed.lan, is_active=False)
    staffed.lan.statuses.create(kind="retired", valid_from=date(2024, 1, 1))
    staffed.lan.statuses.create(kind="disciplined", grade="1", valid_from=LONG_AGO, valid_to=LONG_AGO)
    staffed.lan.postings.update(valid_to=date(2023, 12, 31))
    return staffed


def test_the_record_of_who_has_left_loses_its_name_for_good(gone, client):
    client.force_login(gone.hue_admin)
    before = client.get(reverse("person_anonymise", args=[gone.lan.pk])).content.decode()
    record(gone.lan, "edit", by=gone.hue_admin, changes={"họ và tên": ["Nguyễn Thị Lan", "Nguyễn Thị Lan"]})

    unsure = post(client, "person_anonymise", gone.lan.pk, version=1, reason="theo đơn")
    post(client, "person_anonymise", gone.lan.pk, version=1, reason="theo đơn", sure="on")

    assert "Không thể hoàn tác" in before and "sure" in unsure.context["form"].errors
    lan = Person.objects.get(pk=gone.lan.pk)
    assert lan.full_name == f"Cán bộ đã ẩn danh số {lan.pk}"
    assert (lan.staff_code, lan.birth_year, lan.user.email) == (f"AN-{lan.pk}", None, "")
    assert "lan" not in lan.search and "lan" not in lan.user.username
    assert [s.kind for s in lan.statuses.all()] == ["retired"]
    assert lan.postings.get().unit == gone.kv1
    page = client.get(reverse("person_detail", args=[lan.pk])).content.decode()
    assert "Nguyễn Thị Lan" not in page and "theo đơn" in page
    export = client.get(reverse("person_export", args=[lan.pk, "json"])).content.decode()
    assert "Nguyễn Thị Lan" not in export and "theo đơn" in export
    with pytest.raises(Refused, match="ẩn danh"):
        staff.edit(lan, {}, by=gone.hue_admin, version=lan.version)


def test_nobody_at_work_becomes_anonymous(staffed):
    User.objects.create(username="lan", person=staffed.lan)

    said = " ".join(staff.anonymity_objections(staffed.lan))

    assert "đã nghỉ hưu" in said and "chưa kết thúc" in said and "Tài khoản" in said
    with pytest.raises(Refused):
        staff.anonymise(staffed.lan, by=staffed.hue_admin, version=1, reason="x")


# --- collectives ---


def test_a_collective_is_made_renamed_joined_and_closed(staffed, client):
    client.force_login(staffed.hue_admin)
    post(client, "collective_new", unit="KV1", code="KV1-P1", name="Phòng  1", kind="division")
    room = Collective.objects.get(code="KV1-P1")
    assert (room.name, room.unit) == ("Phòng 1", staffed.kv1)

    post(client, "collective_edit", room.pk, version=1, name="Phòng Một", kind="division")
    stale = post(client, "collective_edit", room.pk, version=1, name="Phòng Hai", kind="division")
    post(client, "collective_join", room.pk, version=2, staff_code="lan", valid_from="01/02/2024", document="3/QĐ")
    post(client, "collective_close", room.pk, version=2, valid_to="31/12/2024", reason="sắp xếp lại")

    room.refresh_from_db()
    assert "vừa được người khác thay đổi" in stale.content.decode()
    assert (room.name, room.valid_to) == ("Phòng Một", date(2024, 12, 31))
    ledger = [(p.collective, p.valid_from, p.valid_to) for p in staffed.lan.postings.order_by("valid_from")]
    assert ledger == [
        (None, LONG_AGO, date(2024, 1, 31)),
        (room, date(2024, 2, 1), date(2024, 12, 31)),
        (None, date(2025, 1, 1), None),
    ]
    assert [e.verb for e in Entry.objects.about(room)] == ["close", "edit", "create"]


@pytest.mark.parametrize(
    ("field", "value"), [("code", "có dấu"), ("code", "CO"), ("unit", "VINH"), ("name", " "), ("kind", "x")]
)
def test_a_collective_that_cannot_be_is_told_beside_its_field(staffed, client, field, value):
    Collective.objects.create(unit=staffed.vinh, code="CO", name="Có rồi")
    client.force_login(staffed.hue_admin)
    told = {"unit": "KV1", "code": "M", "name": "Phòng", "kind": "team"}

    page = post(client, "collective_new", **told | {field: value})

    assert page.status_code == 200 and field in page.context["form"].errors
    assert Collective.objects.count() == 1


def test_a_strangers_collective_does_not_exist_and_who_reads_it_does_not_keep_it(staffed, client):
    room = Collective.objects.create(unit=staffed.kv1, code="R", name="Phòng")
    for who, read, keep in (("stranger", 404, 404), ("kv1_head", 200, 403), ("hue_admin", 200, 200)):
        client.force_login(getattr(staffed, who))
        assert client.get(reverse("collective_detail", args=[room.pk])).status_code == read
        for name in ("collective_edit", "collective_close", "collective_join"):
            assert client.get(reverse(name, args=[room.pk])).status_code == keep


def test_only_people_of_the_unit_join_its_collective(staffed, client):
    room = Collective.objects.create(unit=staffed.hue, code="R", name="Phòng")
    client.force_login(staffed.hue_admin)

    elsewhere = post(client, "collective_join", room.pk, version=1, staff_code="LAN", valid_from="01/02/2024")
    foreign = post(client, "collective_join", room.pk, version=1, staff_code="TAM", valid_from="01/02/2024")

    assert "không công tác" in elsewhere.content.decode() and "Không có cán bộ nào" in foreign.content.decode()
