"""A store that is away, hangs or is full is passed over: no page fails, and guessing stays limited."""

import errno
import socket
import threading
import time

import pytest
from django.core.cache import caches
from redis.exceptions import ConnectionError as RedisAway

from config import cache as door
from config import settings as production
from tests import make
from tests.units.signin.test_sign_in import sign_in


@pytest.fixture
def hanging():
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def stores(settings, tmp_path, monkeypatch):
    """Lays the stores of production under the portal: Redis at this port, files, memory."""
    monkeypatch.setattr(door, "_away_until", {})
    monkeypatch.setattr(door, "_told_at", {})

    def lay(port):
        here = {"redis": f"redis://127.0.0.1:{port}/0", "files": tmp_path / "cache", "memory": str(tmp_path)}
        own = {name: production._STORES[name] | {"LOCATION": place} for name, place in here.items()}
        settings.CACHES = own | {"default": production.CACHES["default"] | {"OPTIONS": {"stores": list(here)}}}
        return caches["default"]

    return lay


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.mark.parametrize("fault", ["closed", "hangs"])
def test_a_page_is_read_in_time_while_redis_is_away(world, client, stores, hanging, fault):
    client.force_login(world.office)
    client.get("/")  # the first one compiles the templates
    stores(closed_port() if fault == "closed" else hanging)

    began = time.monotonic()
    answers = [client.get("/").status_code for _ in range(5)]

    assert answers == [200] * 5
    assert time.monotonic() - began < 3


def test_what_is_kept_meanwhile_is_found_by_every_process_of_the_machine(stores, tmp_path):
    cache = stores(closed_port())

    cache.set("a", [1])
    assert cache.add("b", 1) and not cache.add("b", 2)

    assert caches["files"].get("a") == [1] and cache.get_or_set("a", 3) == [1] and cache.incr("b") == 2
    assert cache.get_many(["a", "b"]) == {"a": [1], "b": 2}
    cache.delete_many(["a", "b"])
    assert "a" not in cache and "b" not in cache


def test_one_line_a_minute_says_so(stores, caplog):
    cache = stores(closed_port())
    for _ in range(20):
        cache.get("a")
        door._away_until.clear()

    assert [r.levelname for r in caplog.records if r.name == "config.cache"] == ["WARNING"]


def test_redis_is_asked_again_after_some_seconds(stores, monkeypatch):
    cache = stores(closed_port())
    asked = []

    def get(key, default=None, version=None):
        asked.append(key)
        raise RedisAway

    monkeypatch.setattr(caches["redis"], "get", get)
    cache.get("a")
    cache.get("a")
    assert asked == ["a"]
    monkeypatch.setitem(door._away_until, "redis", time.monotonic())
    cache.get("a")
    assert asked == ["a", "a"]


def test_a_full_disk_leaves_the_memory(stores, monkeypatch):
    cache = stores(closed_port())

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("config.cache.tempfile.mkstemp", full)
    monkeypatch.setattr("django.core.cache.backends.filebased.tempfile.mkstemp", full)

    assert cache.add("a", 1) and not cache.add("a", 1) and cache.get("a") == 1


def test_guessing_stays_limited_and_others_sign_in_while_redis_is_away(world, client, settings, stores):
    stores(closed_port())
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,3/5m/key"}
    make.user("another")
    for _ in range(3):
        sign_in(client, "head", "sai")

    assert "quá nhiều lần" in sign_in(client).content.decode()
    assert sign_in(client, "another").status_code == 302


def test_a_name_in_the_files_is_added_by_one_only(stores):
    stores(closed_port())
    won = []

    def add():
        won.append(caches["files"].add("once", 1))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert won.count(True) == 1


def test_a_session_that_ended_while_the_cache_was_away_does_not_come_back_with_it(world, client, stores):
    client.force_login(world.office)
    client.get("/")
    kept = client.cookies["sessionid"].value
    stores(closed_port())
    client.logout()
    door._away_until.clear()
    client.cookies["sessionid"] = kept

    assert client.get("/").status_code == 302
