"""A full disk and a database that is away are told in words, with what was typed; nothing half done is left or told."""

import errno
import re
import sqlite3
from contextlib import contextmanager
from html import unescape

import psycopg2
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections

from campaigns.models import Comment
from portal import faults
from portal.models import Entry
from tests import make
from tests.campaigns.plans.test_pages import ROW, typed

WORDS = "Nên ghi rõ hơn ai làm việc này, và làm xong vào ngày nào."


def sqlite_error(code):
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return wrapped(OperationalError, error)


def postgres_error(code):
    made = type("Made", (psycopg2.OperationalError,), {"pgcode": code})
    return wrapped(OperationalError, made("x"))


def wrapped(kind, raised):
    error = kind(str(raised))
    error.__cause__ = raised
    return error


def no_room():
    return OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), faults.FULL),
        (sqlite_error(sqlite3.SQLITE_READONLY), faults.FULL),
        (sqlite_error(778), faults.FULL),  # SQLITE_IOERR_WRITE
        (sqlite_error(sqlite3.SQLITE_BUSY), faults.BUSY),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), faults.AWAY),
        (sqlite_error(sqlite3.SQLITE_ERROR), None),  # no such table: a mistake of ours
        (postgres_error("53100"), faults.FULL),
        (postgres_error("53300"), faults.AWAY),  # too many clients
        (postgres_error("57P01"), faults.AWAY),  # shut down
        (postgres_error("40P01"), faults.BUSY),
        (no_room(), faults.FULL),
        (OSError(errno.EDQUOT, "x"), faults.FULL),
        (FileNotFoundError(errno.ENOENT, "x"), None),
        (ValueError("x"), None),
        (None, None),
    ],
)
def test_faults_are_told_apart_from_mistakes(error, kind):
    assert faults.kind_of(error) == kind


def test_a_fault_is_found_behind_what_was_raised_because_of_it():
    try:
        try:
            raise sqlite_error(sqlite3.SQLITE_FULL)
        except DatabaseError:
            raise UpdateError  # noqa: B904 -- as Django's sessions do
    except UpdateError as error:
        assert faults.kind_of(error) == faults.FULL


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_connection_that_broke_off_says_no_code():
    assert faults.kind_of(wrapped(OperationalError, psycopg2.OperationalError("server closed"))) == faults.AWAY
    assert faults.kind_of(wrapped(InterfaceError, psycopg2.InterfaceError("closed"))) == faults.AWAY


# --- writing while there is no room ---


@contextmanager
def failing(error, on="INSERT", times=10**6):
    """Every statement that begins so fails, as many times."""
    left = [times]

    def execute(run, sql, params, many, context):
        if sql.startswith(on) and left[0]:
            left[0] -= 1
            raise error
        return run(sql, params, many, context)

    with connection.execute_wrapper(execute):
        yield


@pytest.fixture
def plan(world, campaign):
    return make.submitted(campaign, world.hue, world.head)


@pytest.fixture
def office(world, client):
    client.raise_request_exception = False
    client.force_login(world.office)
    client.get("/")
    return client


def comment(client, plan):
    page = client.get(plan.get_absolute_url()).content.decode()
    field = re.search(r'name="field" value="([^"]+)"', page) or re.search(r'<option value="([a-z][^"]*)"', page)
    return client.post(f"/plans/{plan.pk}/comment/", {"field": field[1], "text": WORDS})


@pytest.mark.parametrize(("fault", "status"), [(sqlite3.SQLITE_FULL, 507), (sqlite3.SQLITE_BUSY, 503)])
def test_a_write_without_room_is_told_with_what_was_typed_and_success_is_not(plan, office, fault, status):
    with failing(sqlite_error(fault), 'INSERT INTO "campaigns_comment"'):
        answer = comment(office, plan)

    page = unescape(answer.content.decode())
    assert answer.status_code == status and answer["Retry-After"]
    assert WORDS in page and f'action="/plans/{plan.pk}/comment/"' in page
    assert answer["X-Request-ID"] in page
    assert not Comment.objects.exists()
    assert "Đã ghi góp ý" not in office.get(plan.get_absolute_url()).content.decode()


def test_what_was_typed_is_shown_though_nobody_could_be_asked_who_typed_it(plan, office):
    """The database went before the account was read, and the page of the fault asks for it no more."""
    with failing(sqlite_error(sqlite3.SQLITE_CANTOPEN), 'SELECT "units_user"'):
        answer = office.post(f"/plans/{plan.pk}/comment/", {"field": "theme", "text": WORDS})

    assert answer.status_code == 503 and answer["Retry-After"]
    assert WORDS in unescape(answer.content.decode())


def test_success_is_not_told_when_the_commit_fails(plan, office):
    with failing(
        sqlite_error(sqlite3.SQLITE_FULL), "RELEASE SAVEPOINT", 1
    ):  # the commit, inside the test's transaction
        answer = comment(office, plan)

    assert answer.status_code == 507
    assert not Comment.objects.exists()
    assert "Đã ghi góp ý" not in office.get(plan.get_absolute_url()).content.decode()


def test_a_form_that_saves_itself_hears_so_as_data(world, client):
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.head)
    client.raise_request_exception = False
    client.force_login(world.head)
    client.get("/")
    with failing(sqlite_error(sqlite3.SQLITE_FULL), "UPDATE"):
        answer = client.post(
            f"/plans/{plan.pk}/autosave/", typed(plan, ROW), headers={"X-Requested-With": "XMLHttpRequest"}
        )

    assert answer.status_code == 507
    assert answer.json()["errors"] and answer.json()["number"] == answer["X-Request-ID"]


def test_secrets_are_not_shown_again(world, client):
    client.raise_request_exception = False
    with failing(sqlite_error(sqlite3.SQLITE_FULL), "INSERT"):
        answer = client.post("/accounts/login/", {"login": "head", "password": make.PASSWORD})

    assert answer.status_code == 507
    assert make.PASSWORD not in answer.content.decode()


def test_reading_goes_on_while_nothing_can_be_written(office):
    session = office.session
    session["seen_at"] = 0  # so each page would renew it
    session.save()
    with failing(sqlite_error(sqlite3.SQLITE_FULL), "INSERT"), failing(sqlite_error(sqlite3.SQLITE_FULL), "UPDATE"):
        for address in ("/", "/campaigns/", "/awards/nominations/"):
            assert office.get(address).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_a_fault_asks_nothing_of_the_database_and_speaks_the_readers_language(
    world, client, monkeypatch, language
):
    client.raise_request_exception = False
    client.cookies["django_language"] = language
    client.force_login(world.office)
    monkeypatch.setattr(faults, "PAUSE", 0)
    with failing(postgres_error("57P01"), ""):
        answer = client.get("/campaigns/")

    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    assert f'<html lang="{language}">' in answer.content.decode()


# --- one more try ---


@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 503)])
def test_a_page_is_made_again_once_where_the_database_was_away(office, monkeypatch, times, status):
    monkeypatch.setattr(faults, "PAUSE", 0)
    with failing(postgres_error("57P01"), "SELECT", times):
        assert office.get("/campaigns/").status_code == status


def test_what_writes_is_never_done_twice(plan, office, monkeypatch):
    monkeypatch.setattr(faults, "PAUSE", 0)
    with failing(postgres_error("57P01"), 'INSERT INTO "campaigns_comment"', 1):
        assert comment(office, plan).status_code == 503
    assert not Comment.objects.exists()


def test_what_writes_waits_once_for_a_database_that_cannot_be_reached(plan, office, monkeypatch):
    monkeypatch.setattr(faults, "PAUSE", 0)
    reach, tried = connection.ensure_connection, []

    def once():
        tried.append(1)
        if len(tried) == 1:
            raise OperationalError("connection refused")
        reach()

    page = office.get(plan.get_absolute_url())
    monkeypatch.setattr(connections["default"], "ensure_connection", once)
    answer = office.post(f"/plans/{plan.pk}/comment/", {"field": "", "text": ""})

    assert (page.status_code, answer.status_code) == (200, 302) and len(tried) >= 2


# --- files ---


def test_a_file_without_room_leaves_no_file_and_no_row(world, office, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    plan = make.plan(make.launched(world.root, world.office), world.hue, world.head)
    office.force_login(world.officer)
    office.get("/")
    whole = ContentFile.chunks

    def half(self, *args):
        yield next(iter(whole(self, *args)))[:10]
        raise no_room()

    monkeypatch.setattr("django.core.files.base.File.chunks", half)
    file = SimpleUploadedFile("kh.pdf", make.PDF, "application/pdf")
    answer = office.post(f"/plans/{plan.pk}/attach/", {"file": file})

    assert answer.status_code == 507, answer.content.decode()[:300]
    assert not plan.attachments.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_was_typed_beside_a_file_without_room_is_shown(office, monkeypatch, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

    def full(*args, **kwargs):
        raise no_room()

    monkeypatch.setattr("portal.faults.TemporaryFileUploadHandler.receive_data_chunk", full)
    answer = office.post("/reorganisations/new/", {"name": WORDS, "file": SimpleUploadedFile("a.pdf", b"%PDF" * 1000)})

    assert answer.status_code == 507 and WORDS in unescape(answer.content.decode())


# --- the trail and the pages of refusals name the request ---


def test_the_trail_names_the_request(plan, office):
    answer = comment(office, plan)

    assert Entry.objects.filter(verb="comment").get().request == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/khong-co/", 404),
        ("post", "/health/", 405),
        ("get", "/session/keep/", 405),
        ("get", "/people/new/", 403),
        ("get", "/?state=%00", 400),
    ],
)
def test_refusals_quote_the_number_of_the_request(office, method, path, status):
    answer = getattr(office, method)(path)

    assert answer.status_code == status
    assert answer["X-Request-ID"] in answer.content.decode()


def test_too_much_in_one_form_is_told_so(office, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = office.post("/notices/", {str(n): n for n in range(9)})

    assert answer.status_code == 413 and answer["X-Request-ID"] in answer.content.decode()
