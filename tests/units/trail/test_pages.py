"""The trail of the whole portal: who did what to what, for those who administer or audit all of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from portal.days import today
from portal.models import Entry
from portal.models.trail import line, record
from tests import make
from units.models import Role
from units.trail.views import PAGE

PATH = "/trail/"


@pytest.fixture
def lines(world):
    """Three lines of today by three people, about three objects."""
    person = make.person("Lê Thị Hồ Sơ", world.hue)
    return [
        record(person, "status", by=world.admin, changes={"kỷ luật": ["", "khiển trách"]}, note="Quyết định 7/QĐ"),
        record(world.hue, "edit", by=world.office),
        record(world.vinh, "order", by=None),
    ]


def found(client, **asked):
    answer = client.get(PATH, asked)
    assert answer.status_code == 200
    return list(answer.context["page"].rows)


@pytest.mark.parametrize(
    ("role", "over", "status"),
    [(Role.ADMIN, "root", 200), (Role.AUDITOR, "root", 200), (Role.ADMIN, "hue", 404), (Role.AUDITOR, "hue", 404)]
    + [(role, "root", 404) for role in (Role.OFFICE, Role.COUNCIL, Role.HEAD, Role.OFFICER)],
)
def test_it_opens_and_is_in_the_menu_for_who_looks_after_the_whole(world, client, role, over, status):
    client.force_login(make.user("reader", (role, getattr(world, over))))

    assert client.get(PATH).status_code == status
    assert (f'href="{PATH}"' in client.get("/").content.decode()) == (status == 200)


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_no_value_and_no_reason_is_told_that_only_readers_of_the_object_may_know(world, lines, client, who):
    client.force_login(getattr(world, who))
    page = client.get(PATH).content.decode()

    assert "Thêm tình trạng" in page and lines[0].subject_label in page
    assert "khiển trách" not in page and "7/QĐ" not in page


def test_it_is_narrowed_by_verb_person_day_and_object(world, lines, client):
    client.force_login(world.auditor)
    status, edit, order = lines
    day = f"{localtime(edit.at):%d/%m/%Y}"

    assert found(client) == [order, edit, status]
    assert found(client, verb="order") == [order]
    assert found(client, by="van phong") == found(client, by="office") == [edit]
    assert found(client, on=day) == [order, edit, status]
    assert found(client, on=f"{today() - timedelta(days=1):%d/%m/%Y}") == []
    assert found(client, subject=status.subject) == [status]
    assert found(client, subject=status.subject, verb="order") == []


def test_verbs_that_read_the_same_are_asked_for_together(world, client):
    client.force_login(world.admin)
    own, above = record(world.hue, "recognise"), record(world.hue, "recognise_office")

    offered = [verb for verb, label in client.get(PATH).context["form"].fields["verb"].choices if label == own.label]
    assert len(offered) == 1 and found(client, verb=offered[0]) == [above, own]


@pytest.mark.parametrize(
    "asked",
    [
        {"verb": "x"},
        {"by": "%_'\"<script>"},
        {"on": "31/02/2026"},
        {"on": "01/01/0001"},
        {"on": "31/12/9999"},
        {"subject": "units.unit:"},
        {"subject": "units.unit:" + "9" * 40},
        {"after": "x"},
        {"after": "9" * 18},
    ],
)
def test_nonsense_in_the_address_is_no_fault(world, lines, client, asked):
    client.force_login(world.admin)

    assert client.get(PATH, asked).status_code == 200


def test_a_line_about_a_kind_of_former_days_is_still_shown(world, client):
    client.force_login(world.admin)
    for former in ("gone.kind:7", "no key"):
        Entry.objects.create(subject=former, verb="edit", by=world.admin)

    assert {"gone.kind:7", "no key"} <= {entry.subject_label for entry in found(client)}
    assert "gone.kind:7" in client.get(PATH).content.decode()


def test_a_line_about_rows_that_got_another_name_says_what_they_are(world, client):
    client.force_login(world.admin)
    Entry.objects.create(subject="awards.conflict:7", verb="recuse", by=world.admin)

    assert [entry.subject_label for entry in found(client)] == ["xung đột lợi ích 7"]


def test_every_page_asks_the_same_number_of_queries_and_none_is_left_out(world, client):
    client.force_login(world.admin)
    units = [world.hue, world.vinh, world.kv1]
    numbers = []
    for many in (3, 3 * PAGE):
        Entry.objects.bulk_create([line(units[i % 3], "edit", by=world.office if i % 2 else None) for i in range(many)])
        client.get(PATH)
        with CaptureQueriesContext(connection) as asked:
            client.get(PATH)
        numbers.append(len(asked))
    seen, after = [], ""
    while True:
        page = client.get(PATH, {"after": after}).context["page"]
        seen += [entry.pk for entry in page.rows]
        after = page.next
        if not after:
            break

    assert numbers[0] == numbers[1]
    assert seen == list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
