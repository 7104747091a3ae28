"""Administrators read in words whether worker, beat, jobs, letters, disk and backups are well."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.jobs import heartbeats
from portal.models import Heartbeat, Job, Notice
from portal.operations import status
from portal.tasks import deliver


def words(label):
    (line,) = [line for line in status.lines() if label in line.label]
    return line


def test_worker_and_beat_say_that_they_live(world):
    assert words("làm việc nền").trouble and words("Đồng hồ").trouble
    heartbeats._beat_lives()
    deliver()
    assert not words("làm việc nền").trouble and not words("Đồng hồ").trouble
    Heartbeat.objects.update(at=timezone.now() - timedelta(hours=1))
    assert words("làm việc nền").trouble and "im lặng" in words("làm việc nền").words
    assert words("Đồng hồ").trouble


def test_only_what_the_beat_asks_for_counts_as_its_sign(world):
    from celery.signals import before_task_publish

    before_task_publish.send(sender="portal.jobs.services.run_job", body=(), exchange="", routing_key="")
    assert "beat" not in heartbeats.last_seen()
    before_task_publish.send(sender="portal.tasks.deliver", body=(), exchange="", routing_key="")
    assert "beat" in heartbeats.last_seen()


def test_stuck_and_failed_jobs_broken_messages_and_letters_are_counted(world, settings, tmp_path):
    now = timezone.now()
    Job.objects.create(kind="x", title="t", by=world.head, state="running", seen_at=now - timedelta(minutes=5))
    Job.objects.create(kind="x", title="t", by=world.head, state="failed", ended_at=now, result={"fault": True})
    Job.objects.create(kind="x", title="t", by=world.head, state="failed", ended_at=now, result={"objections": ["x"]})
    Notice.objects.create(key="k", recipient=world.head, kind="x", title="t", body="b", mail_state="failed")
    settings.QUEUE_BROKEN = str(tmp_path / "broken")
    assert not words("Tin hỏng").trouble
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a").write_text("x")
    for label, said in {
        "đang chờ": "1 việc chờ quá lâu",
        "lỗi hệ thống": "1 việc",
        "Thư": "1 thư",
        "Tin hỏng": "1 tin",
    }.items():
        assert words(label).trouble and said in words(label).words, label


def test_a_full_disk_and_an_old_backup_are_troubles(world, settings, monkeypatch):
    room = namedtuple("room", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: room(100 * 2**30, 99 * 2**30, 2**30))
    assert words("trên đĩa").trouble
    assert not words("sao lưu").trouble  # nobody asked for any
    settings.BACKUP_DIR = "/backup"
    assert words("sao lưu").trouble
    heartbeats.leave("backup")
    assert not words("sao lưu").trouble
    Heartbeat.objects.update(at=timezone.now() - timedelta(days=3))
    assert words("sao lưu").trouble


@pytest.mark.parametrize(("who", "code"), [("admin", 200), ("office", 403), ("head", 403), ("nobody", 403)])
def test_the_page_is_for_administrators(world, client, who, code):
    client.force_login(getattr(world, who))
    assert client.get(reverse("system_status")).status_code == code


def test_the_first_page_of_administrators_names_what_is_wrong(world, client, django_assert_num_queries):
    client.force_login(world.admin)
    page = client.get(reverse("home")).content.decode()
    assert reverse("system_status") in page and "chưa hoạt động lần nào" in page
    for name in ("worker", "beat"):
        heartbeats.leave(name)
    assert "Hệ thống có điều cần xem lại" not in client.get(reverse("home")).content.decode()
    with django_assert_num_queries(3):
        status.lines()
