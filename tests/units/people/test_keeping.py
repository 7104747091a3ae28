"""A record is kept by administrators of its unit, with each change in the trail; the ledger of postings holds."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.days import today
from portal.flow import Refused
from portal.models import Entry
from tests import make
from tests.units.people.helpers import LONG_AGO, post
from units.models import Collective, Person, Role
from units.people import services


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
        services.edit(staffed.lan, {}, by=getattr(staffed, who), version=1)


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
        services.transfer(posting, {"unit": staffed.vinh, "valid_from": today()}, by=staffed.hue_admin, version=1)

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
        services.transfer(staffed.lan.postings.get(), {"unit": staffed.kv1} | fields, by=staffed.hue_admin, version=1)

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
