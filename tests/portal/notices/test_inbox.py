"""A person's notices, choices, and the letters of the embedded default."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.models import Notice, OutboxMail
from portal.models.notices import MailMode
from portal.notices.services import notify


def say(person, key, **options):
    notify([person], key=key, kind="launch", words=lambda: (f"Việc {key}", "Nội dung"), **options)
    return Notice.objects.get(key=f"{key}:{person.pk}")


@pytest.fixture
def as_head(client, world):
    client.force_login(world.head)
    return client


def test_one_sees_ones_own_notices_unread_first(as_head, world):
    say(world.head, "a")
    newer = say(world.head, "b")
    say(world.officer, "c")
    Notice.objects.filter(pk=newer.pk).update(read_at="2026-01-01T00:00Z")
    page = as_head.get(reverse("notices")).context["page_obj"]
    assert [n.title for n in page] == ["Việc a", "Việc b"]


def test_opening_a_notice_marks_it_read_and_leads_to_what_it_is_about(as_head, world):
    notice = say(world.head, "a", url="/units/")
    answer = as_head.get(reverse("notice_open", args=[notice.pk]))
    assert answer.url == "/units/"
    notice.refresh_from_db()
    assert notice.read_at


OUTSIDE = ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]


@pytest.mark.parametrize("url", OUTSIDE)
def test_a_notice_leads_nowhere_outside(as_head, world, url):
    notice = say(world.head, "a", url=url)
    assert as_head.get(reverse("notice_open", args=[notice.pk])).url == reverse("notices")


def test_the_notice_of_another_does_not_exist(as_head, world):
    notice = say(world.officer, "a")
    assert as_head.get(reverse("notice_open", args=[notice.pk])).status_code == 404


def test_all_of_ones_own_are_marked_read_by_post_only(as_head, world):
    say(world.head, "a")
    other = say(world.officer, "a")
    assert as_head.get(reverse("notices_read")).status_code == 405
    as_head.post(reverse("notices_read"))
    assert list(Notice.objects.unread()) == [other]


def test_choices_are_saved_and_the_language_follows(as_head, world):
    answer = as_head.post(reverse("preferences"), {"mail_mode": "digest", "language": "en"})
    assert answer.status_code == 302 and answer.cookies["django_language"].value == "en"
    world.head.refresh_from_db()
    assert (world.head.mail_mode, world.head.language) == (MailMode.DIGEST, "en")


def test_an_unknown_choice_is_refused_and_nothing_else_can_be_changed(as_head, world):
    assert as_head.post(reverse("preferences"), {"mail_mode": "never", "language": "vi"}).status_code == 200
    wish = {"mail_mode": "each", "language": "vi", "is_superuser": "on", "email": "x@y.z"}
    as_head.post(reverse("preferences"), wish)
    world.head.refresh_from_db()
    assert not world.head.is_superuser and world.head.email == "head@vks.example"


@pytest.mark.parametrize(
    ("who", "demo", "status"),
    [
        ("admin", False, 200),
        ("admin", True, 200),
        ("office", False, 404),
        ("office", True, 404),
        ("head", True, 404),
        ("auditor", True, 404),
        ("nobody", True, 404),
    ],
)
def test_the_outbox_is_for_those_who_look_after_the_portal(client, world, settings, who, demo, status):
    settings.DEMO = demo
    letter = OutboxMail.objects.create(message_id="<1@portal>", to="a@b.c", subject="Thư", body="<b>Chào</b>")
    client.force_login(getattr(world, who))
    assert client.get(reverse("outbox")).status_code == status
    answer = client.get(reverse("outbox_letter", args=[letter.pk]))
    assert answer.status_code == status
    if status == 200:
        assert b"<b>Ch" not in answer.content


def test_lists_stay_cheap(as_head, world, django_assert_max_num_queries):
    for n in range(30):
        say(world.head, f"k{n}")
    with django_assert_max_num_queries(14):
        assert as_head.get(reverse("notices") + "?page=2").status_code == 200


def test_every_page_here_asks_for_a_sign_in(client, world):
    doors = {"notices": [], "notice_open": [1], "preferences": [], "outbox": [], "outbox_letter": [1]}
    for name, args in doors.items():
        assert client.get(reverse(name, args=args)).url.startswith(reverse("account_login"))


def test_unread_notices_are_counted_by_an_index_of_their_own(world):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "notice_unread" in world.office.notices.filter(read_at=None).order_by().values("pk").explain()


def test_the_number_in_the_frame_is_read_from_that_index_alone(client, world):
    client.force_login(world.office)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("preferences"))
    [account] = [q["sql"] for q in asked.captured_queries if '"read_at" IS NULL' in q["sql"]]
    assert "COUNT(*)" in account  # of a column, every row would be fetched for it
