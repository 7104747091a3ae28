"""People are found by whoever reads their unit, and each role sees the fields that are written down for it."""

import io
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.days import today
from portal.models import Entry
from tests import make
from tests.units.people.helpers import LONG_AGO, names
from units.models import Collective, PersonStatus, Posting, User
from units.people import privacy

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
        pages.append([row.person.pk for row in page.context["rows"]])
        if not page.context["page"].next:
            break
        query = {"after": page.context["page"].next}

    everybody = [pk for part in pages for pk in part]
    assert len(pages) == 3 and len(everybody) == len(set(everybody)) == 62
    back = client.get(url, {"before": page.context["page"].previous})
    assert [row.person.pk for row in back.context["rows"]] == pages[1]
    first = client.get(url, {"before": back.context["page"].previous})
    assert [row.person.pk for row in first.context["rows"]] == pages[0]
    assert first.context["page"].previous == ""


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
        reverse("person_list") + "?unit=HUE": 9,  # one for the name of the unit that is chosen
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
    assert make.listed(sheet.content)[1][1][2].data_type == "s"
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
