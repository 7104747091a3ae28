"""One line for each event, with the number of the request; no secret in it, and no line that somebody else wrote."""

import json
import logging
import logging.config

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from kombu.exceptions import OperationalError

from config.celery import app, work_under_the_number_of_the_asker
from config.logs import Json, Lines, Told, logging_for, masked
from portal import tracing

FORGED = "2026-01-01 00:00:00 INFO django.request all is well"


def written(form, message, *args, error=None, **extra):
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("x").makeRecord(
        extra.pop("name", "django.request"), logging.WARNING, "f", 1, message, args, told, extra=extra
    )
    assert Told().filter(record)
    return form().format(record)


@pytest.mark.parametrize("form", [Lines, Json])
@pytest.mark.parametrize("stroke", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2K\r", "\x0b"])
def test_nobody_writes_a_line_of_the_log(form, stroke):
    line = written(form, "Not Found: %s", f"/x{stroke}{FORGED}")

    assert len(line.splitlines()) == 1 and "\x1b" not in line


def test_what_an_error_quotes_begins_no_line():
    try:
        raise ValueError(f"x\n{FORGED}")
    except ValueError as error:
        lines = written(Lines, "failed", error=error).splitlines()
        one = written(Json, "failed", error=error)

    assert all(line.startswith("    ") for line in lines[1:])
    assert len(one.splitlines()) == 1 and "ValueError" in json.loads(one)["error"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/accounts/password/reset/key/1a-cx9abc-0123456789abcdef0123456789abcdef/", "/accounts/password/reset/key/…/"),
        ("/calendar/9yVb3xxGkQ2mmAaZ01pLk8.ics", "/calendar/….ics"),
        ("/accounts/login/", "/accounts/login/"),
        ("/plans/1234567890/comment/", "/plans/1234567890/comment/"),
        ("password=Thi-dua-2026&x=1", "password=…&x=1"),
        ("token: abc", "token: …"),
    ],
)
def test_what_opens_something_is_not_written(path, shown):
    assert masked(f"Not Found: {path}") == f"Not Found: {shown}"


def test_a_refusal_is_one_line_with_its_reason_path_and_person():
    request = RequestFactory().get("/plans/1/")
    request._cached_user = type("Somebody", (), {"pk": 7})()
    tracing.begin("abc")
    try:
        raise PermissionDenied("không giữ vai trò")
    except PermissionDenied as error:
        said = json.loads(written(Json, "Forbidden: %s", "/plans/1/", error=error, request=request, status_code=403))

    assert "error" not in said and "không giữ vai trò" in said["message"]
    assert (said["user"], said["path"], said["status"], said["number"]) == (7, "/plans/1/", 403, "abc")


def test_refusals_and_faults_bring_no_traceback_and_mistakes_do(world, client, capfd):
    logging.config.dictConfig(logging_for("line", "INFO"))
    client.force_login(world.nobody)
    client.get("/outbox/")
    client.get("/khong-co/")
    client.post("/?x=" + "y" * 10)
    logged = capfd.readouterr().err

    assert "Traceback" not in logged and logged.count("\n") >= 2


def test_a_queue_that_is_away_is_one_line_of_the_beat_and_a_mistake_brings_its_traceback():
    try:
        try:
            raise OperationalError("Connection refused")
        except OperationalError as away:
            raise RuntimeError("Couldn't apply scheduled task") from away
    except RuntimeError as error:
        said = written(Lines, "Message Error: %s\n%s", error, ["File x"], error=error, name="celery.beat")
    assert "Couldn't apply scheduled task" in said and "File x" not in said and len(said.splitlines()) == 1
    try:
        raise ValueError("x")
    except ValueError as error:
        assert "Traceback" in written(Lines, "Task failed", error=error, name="celery.app.trace")


def test_a_task_writes_under_the_number_of_the_request_that_asked_for_it():
    class Asked:
        id = "task-1"
        headers = {"request_number": "abc"}

    task = type("Task", (), {"request": Asked})
    work_under_the_number_of_the_asker(task=task)
    assert tracing.current() == "abc"
    Asked.headers = None
    work_under_the_number_of_the_asker(task=task)
    assert tracing.current() == "task-1"
    assert app.conf.worker_hijack_root_logger is False
