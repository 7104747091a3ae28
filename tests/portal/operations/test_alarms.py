"""Administrators hear of errors that nobody foresaw: once for each kind and hour."""

import pytest
from django.urls import reverse

from portal.models import Notice
from portal.operations import status


@pytest.fixture
def broken(monkeypatch):
    def fail():
        raise KeyError("x")

    monkeypatch.setattr(status, "lines", fail)


@pytest.fixture
def web(world, client):
    client.raise_request_exception = False
    client.force_login(world.admin)
    return client


def told():
    return Notice.objects.filter(kind="fault")


def test_an_error_is_told_once_an_hour_with_the_number_of_the_request(world, web, broken):
    for _again in range(3):
        answer = web.get(reverse("system_status"))
        assert answer.status_code == 500
    (notice,) = told()
    assert notice.recipient == world.admin and "KeyError" in notice.body and "/status/" in notice.body
    told().update(key="an hour ago")
    web.get(reverse("system_status"))
    assert told().count() == 2


def test_another_kind_of_error_is_told_too(world, web, broken, monkeypatch):
    web.get(reverse("system_status"))

    def other():
        raise IndexError

    monkeypatch.setattr(status, "lines", other)
    web.get(reverse("system_status"))
    assert told().count() == 2


def test_the_page_is_served_where_nobody_can_be_told(world, web, broken, monkeypatch):
    monkeypatch.setattr("portal.operations.alarms.notify", lambda *words, **more: 1 / 0)
    answer = web.get(reverse("system_status"))
    assert answer.status_code == 500 and "đã được báo" not in answer.content.decode()
