"""A queue that is away costs the person nothing: the order is written, and the beat finds it."""

import socket
import time
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from portal.jobs import services as jobs
from portal.models import Job

FOLDERS = ("data_folder_in", "data_folder_out", "control_folder", "broken_folder")


@pytest.fixture
def broker(monkeypatch):
    """Points the queue somewhere else for a while."""
    app = current_app._get_current_object()
    names = ("broker_url", "broker_write_url", "broker_transport", "broker_transport_options", "task_always_eager")
    kept = {name: app.conf[name] for name in names}

    def point(url, transport=None, **options):
        app.conf.update(broker_url=url, broker_write_url=url, broker_transport=transport)
        app.conf.update(broker_transport_options=options, task_always_eager=False)
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)

    yield point
    app.conf.update(kept)


@pytest.mark.parametrize("fault", ["closed", "hangs", "no folder"])
def test_work_is_taken_in_at_once_while_the_queue_is_away_and_done_later(
    world, monkeypatch, broker, caplog, django_capture_on_commit_callbacks, tmp_path, fault
):
    done = []
    monkeypatch.setitem(jobs._kinds, "count", jobs.Kind(lambda job: done.append(job.pk), lambda job: True))
    with socket.create_server(("127.0.0.1", 0)) as server:
        if fault == "no folder":
            (tmp_path / "file").touch()  # where no folder can be made
            folders = {name: str(tmp_path / "file" / "gone") for name in FOLDERS}
            broker("filesystem://localhost", "portal.jobs.folder_queue:Transport", **folders)
        else:
            url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
            broker(url, max_retries=0, socket_connect_timeout=0.5, socket_timeout=0.5)
        if fault == "closed":
            server.close()
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.start("count", "Đếm", by=world.office)
        assert time.monotonic() - began < 1.5

    assert Job.objects.get(pk=job.pk).state == Job.State.QUEUED and not done
    assert "the queue did not take portal.jobs.services.run_job" in caplog.text
    current_app.conf.task_always_eager = True
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    jobs.resume_jobs()
    assert done == [job.pk]
