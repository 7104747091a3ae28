"""A request is handed to a thread when it has come whole, and only then."""

import re
import time
from pathlib import Path

import pytest

from config.workers import MAX_HEAD, Arrival, TooMuch

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    ("sent", "whole"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (HEAD + b"Content-Length: 5\r\n\r\nabcd", False),
        (HEAD + b"content-length:5\r\n\r\nabcde", True),
        (HEAD + b"Content-Length: 0\r\n\r\n", True),
        (HEAD + b"Content-Length: x\r\n\r\n", True),  # gunicorn refuses it
        (HEAD + b"X: content-length: 9\r\n\r\n", True),
    ],
)
def test_a_request_is_whole_with_its_body(sent, whole):
    at_once, slowly = Arrival(), Arrival()
    at_once.take(sent)
    for i in range(len(sent)):
        slowly.take(sent[i : i + 1])

    assert at_once.whole is slowly.whole is whole and at_once.kept == slowly.kept == sent


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (MAX_HEAD // 6), "431"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", "411"),
        (HEAD + b"Content-Length: 999999999999999999999999\r\n\r\n", "413"),
    ],
)
def test_what_cannot_come_whole_is_refused(sent, status):
    with pytest.raises(TooMuch, match=status):
        Arrival().take(sent)


def test_who_waits_to_be_asked_for_the_body_is_asked_once():
    arrival = Arrival()

    assert arrival.take(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n").startswith(b"HTTP/1.1 100")
    assert arrival.take(b"ab") == b""


def test_who_is_silent_or_dribbles_is_late():
    arrival, now = Arrival(), time.monotonic()

    assert not arrival.late(now + 10)
    assert arrival.late(now + 21)
    arrival.last = now + 60  # a byte now and then
    assert arrival.late(now + 60)


def test_the_proxy_writes_no_address_that_opens_something():
    conf = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()

    assert "$request_uri" not in re.search(r"log_format.*?;", conf, re.S)[0]
    assert not re.search(r"\$(request|http_referer|args)\b", re.search(r"log_format.*?;", conf, re.S)[0])
