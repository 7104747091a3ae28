"""Long work is done once, shows how far it is, and says in words why it failed."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from portal.flow import Refused
from portal.jobs import services as jobs
from portal.models import Job
from portal.tasks import clear_sessions


@pytest.fixture
def work(monkeypatch):
    """A kind of work that counts how often it was done."""
    done = []

    def count(job):
        done.append(job.params)
        jobs.progress(job, 3, 4)
        return {"words": "Đã xong ba phần tư."}

    monkeypatch.setitem(jobs._kinds, "count", jobs.Kind(count, lambda job: True))
    return done


def test_a_job_runs_when_the_transaction_has_gone_through(world, work, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start("count", "Đếm", by=world.office, unit=7)
        assert work == []

    job.refresh_from_db()
    assert work == [{"unit": 7}]
    assert (job.state, job.done, job.total, job.result) == ("done", 3, 4, {"words": "Đã xong ba phần tư."})


def test_a_job_delivered_twice_is_done_once(world, work):
    job = Job.objects.create(kind="count", title="Đếm", by=world.office)

    jobs.run_job(job.pk)
    jobs.run_job(job.pk)

    assert len(work) == 1


def test_what_lost_its_worker_is_taken_up_again_and_what_runs_is_not(world, work):
    now = timezone.now()
    lost = Job.objects.create(kind="count", title="a", by=world.office, state="running", seen_at=now - jobs.LEASE * 2)
    Job.objects.create(kind="count", title="b", by=world.office, state="running", seen_at=now)
    Job.objects.create(kind="count", title="c", by=world.office)
    waiting = Job.objects.create(kind="count", title="d", by=world.office)
    Job.objects.filter(pk=waiting.pk).update(created_at=now - timedelta(minutes=2))

    jobs.resume_jobs()

    assert list(Job.objects.filter(state="done").order_by("pk")) == [lost, waiting]


def test_files_of_jobs_are_taken_away_a_month_after_their_end(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    ends = {"old": now - timedelta(days=31), "new": now - timedelta(days=29), "running": None}
    for title, ended in ends.items():
        job = Job.objects.create(kind="count", title=title, by=world.office, ended_at=ended)
        job.source.save("a", ContentFile(b"x"))
        job.output.save("b", ContentFile(b"y"))

    clear_sessions()
    assert jobs.forget_files() == 0

    kept = {job.title: (bool(job.source), bool(job.output)) for job in Job.objects.all()}
    assert kept == {"old": (False, False), "new": (True, True), "running": (True, True)}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 4


@pytest.mark.parametrize(
    ("error", "words"), [(Refused(["Dòng 3: thiếu mã."]), "Dòng 3: thiếu mã."), (ValueError("x"), "lỗi của hệ thống")]
)
def test_a_failure_is_told_in_words(world, monkeypatch, error, words):
    def fail(job):
        raise error

    monkeypatch.setitem(jobs._kinds, "fail", jobs.Kind(fail, lambda job: True))
    job = Job.objects.create(kind="fail", title="Hỏng", by=world.office)

    jobs.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert words in job.result["objections"][0]


def test_the_page_shows_progress_then_the_file(world, work, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    job = Job.objects.create(kind="count", title="Đếm", by=world.office, state="running", seen_at=timezone.now())
    jobs.progress(job, 1, 4)
    client.force_login(world.office)

    assert 'value="1" max="4"' in client.get(job.get_absolute_url()).content.decode()
    assert "<html" not in client.get(f"{job.get_absolute_url()}?fragment=1").content.decode()

    job.output_name, job.state, job.ended_at = "ket-qua.xlsx", "done", timezone.now()
    job.output.save("x", ContentFile(b"abc"))
    page = client.get(job.get_absolute_url()).content.decode()
    assert f"{job.get_absolute_url()}file/" in page
    assert b"".join(client.get(f"{job.get_absolute_url()}file/")) == b"abc"
    assert "Đếm" in client.get("/jobs/").content.decode()
