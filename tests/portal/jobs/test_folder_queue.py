"""The folder that is the embedded queue: it may vanish, hold half a message or rubbish; the worker goes on."""

import json
import os
import shutil
from pathlib import Path
from queue import Empty

import pytest
from celery import current_app
from kombu import Connection, Producer

from portal.jobs.folder_queue import Transport
from portal.tasks import deliver


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "queue"


@pytest.fixture
def channel(tmp_path, folder):
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(tmp_path / "control"),
        "broken_folder": str(tmp_path / "broken"),
    }
    with Connection("filesystem://localhost", transport=Transport, transport_options=options) as connection:
        yield connection.default_channel


@pytest.fixture
def broken(tmp_path):
    return lambda: sorted((tmp_path / "broken").iterdir()) if (tmp_path / "broken").is_dir() else []


def send(channel, task=deliver.name):
    told = current_app.amqp.as_task_v2("1", task)
    producer = Producer(channel, routing_key="celery", serializer="json")
    producer.publish(told.body, headers=told.headers, **told.properties)


def received(channel):
    return channel._get("celery")["headers"]["task"]


def test_a_message_is_read_once(channel, folder, broken):
    send(channel)
    assert received(channel) == deliver.name
    with pytest.raises(Empty):
        channel._get("celery")
    assert not list(folder.iterdir()) and not broken()


def test_folders_that_went_are_made_anew_on_both_sides(channel, tmp_path, folder):
    send(channel)
    for gone in ("queue", "control", "broken"):
        shutil.rmtree(tmp_path / gone, ignore_errors=True)
    with pytest.raises(Empty):
        channel._get("celery")
    shutil.rmtree(folder)
    assert channel._size("celery") == 0
    shutil.rmtree(folder)
    send(channel)
    assert received(channel) == deliver.name


def test_without_its_table_or_with_half_a_table_a_message_still_finds_its_queue(channel, tmp_path):
    for content in (None, b"", b'[["celery"', b"5"):
        table = tmp_path / "control" / "celery.exchange"
        table.parent.mkdir(exist_ok=True)
        table.unlink(missing_ok=True)
        if content is not None:
            table.write_bytes(content)
        assert list(channel._lookup("celery", "celery")) == ["celery"]
        channel._queue_bind("celery", "celery", "", "celery")
        assert [row.queue for row in channel.get_table("celery")] == ["celery"]


def whole(channel):
    send(channel)
    (path,) = Path(channel.data_folder_in).iterdir()
    payload = json.loads(path.read_bytes())
    path.unlink()
    return payload


def changed(payload, **fields):
    return json.dumps(payload | fields).encode()


RUBBISH = {
    "empty": lambda p: b"",
    "half": lambda p: json.dumps(p).encode()[:200],
    "no JSON": lambda p: b"\x00\xff\xfe garbage",
    "a number": lambda p: b"5",
    "a list": lambda p: b"[]",
    "no properties": lambda p: json.dumps({"body": "x"}).encode(),
    "properties of another kind": lambda p: changed(p, properties=[]),
    "headers of another kind": lambda p: changed(p, headers=["x"]),
    "a body that is no base64": lambda p: changed(p, body="%%%"),
    "a body of another kind": lambda p: changed(p, body=7),
    "a pickle": lambda p: changed(p, **{"content-type": "application/x-python-serialize"}),
    "an unknown task": lambda p: changed(p, headers=p["headers"] | {"task": "units.tasks.nothing"}),
    "a task that is no name": lambda p: changed(p, headers=p["headers"] | {"task": ["x"]}),
    "too large": lambda p: changed(p, more="x" * 2**21),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_set_aside_and_what_comes_after_it_is_read(channel, folder, broken, kind):
    content = RUBBISH[kind](whole(channel))
    (folder / "0_first.celery.msg").write_bytes(content)
    send(channel)
    assert received(channel) == deliver.name
    assert [path.read_bytes() for path in broken()] == [content]
    assert not list(folder.iterdir())


def test_what_is_no_message_at_all_is_set_aside_too(channel, folder, broken, tmp_path):
    send(channel)
    (folder / "0_folder.celery.msg").mkdir()
    os.mkfifo(folder / "0_pipe.celery.msg")
    (folder / "0_link.celery.msg").symlink_to("/etc/hostname")
    (folder / "note.txt").write_text("x")
    (folder / ("ê" * 100)).write_text("x")
    (folder / "old.celery.part").write_text("x")
    os.utime(folder / "old.celery.part", (0, 0))
    (folder / "new.celery.part").write_text("x")
    assert received(channel) == deliver.name
    with pytest.raises(Empty):
        channel._get("celery")
    assert len(broken()) == 6
    assert [path.name for path in folder.iterdir()] == ["new.celery.part"]


def test_a_folder_that_cannot_be_used_is_an_empty_queue_for_the_worker(channel, folder, caplog):
    folder.write_text("a file where the folder should be")
    for _look in range(3):
        with pytest.raises(Empty):
            channel._get("celery")
    assert caplog.text.count("cannot be used") == 1


def test_a_message_that_cannot_be_written_leaves_nothing_behind(channel, folder, monkeypatch):
    def full(*words):
        raise OSError(28, "No space left on device")

    channel._size("celery")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="No space left"):
        send(channel)
    assert not list(folder.iterdir())
