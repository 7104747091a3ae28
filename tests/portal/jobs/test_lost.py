"""A job whose worker died is taken up soon, once, and not for ever; who is said to be told was told."""

import time
from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.utils import timezone

from portal.jobs import services as jobs
from portal.manifests import beat_schedule
from portal.models import Job, Notice
from tests import make
from units.models import Membership, Role

LOST = jobs.LEASE * 2


@pytest.fixture
def kind(monkeypatch):
    """Names a kind of work that does what it is given."""

    def keep(do):
        monkeypatch.setitem(jobs._kinds, "k", jobs.Kind(do, lambda job: True))

    return keep


def running(by, since=LOST, **fields):
    return Job.objects.create(
        kind="k", title="Việc", by=by, state="running", seen_at=timezone.now() - since, **{"attempts": 1} | fields
    )


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_a_lost_job_waits_for_less_than_two_minutes():
    beat = beat_schedule()["resume_jobs"]["schedule"]
    assert jobs.LEASE + timedelta(seconds=beat) <= timedelta(minutes=2)
    assert timedelta(seconds=3 * jobs.RENEWED_EVERY) <= jobs.LEASE


def test_a_job_that_ends_its_worker_each_time_is_given_up_in_words(world, kind):
    kind(lambda job: pytest.fail("it was tried once more"))
    job = ran(running(world.head, attempts=jobs.ATTEMPTS))
    assert job.state == "failed" and "3 lần" in job.result["objections"][0]
    assert Notice.objects.filter(kind="job_failed", recipient=world.admin).count() == 1


def test_a_worker_that_was_thought_lost_ends_nothing_that_another_took_up(world, kind, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def slow(job):
        Job.objects.filter(pk=job.pk).update(attempts=2)  # another took it up meanwhile
        jobs.keep_output(job, "a.csv", ContentFile(b"x"))

    kind(slow)
    job = ran(Job.objects.create(kind="k", title="Việc", by=world.head))
    assert (job.state, job.attempts, job.output.name) == ("running", 2, "")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_trail")
def test_the_lease_is_renewed_while_one_long_statement_runs(world, kind, monkeypatch):
    monkeypatch.setattr(jobs, "RENEWED_EVERY", 0.2)
    seen = []

    def silent(job):
        before = Job.objects.get(pk=job.pk).seen_at
        for _wait in range(50):  # stands for a statement: nothing here says that it lives
            time.sleep(0.2)
            if Job.objects.get(pk=job.pk).seen_at > before:
                seen.append(1)
                return

    kind(silent)
    ran(Job.objects.create(kind="k", title="Việc", by=world.head))
    assert seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_trail")
def test_a_lost_job_offered_to_many_workers_is_done_by_one(world, kind):
    done = []
    kind(lambda job: done.append(job.attempts))
    job = running(world.head)

    def work():
        jobs.run_job(job.pk)
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert done == [2]
    connection.close()


# --- who is told ---


def fail(job):
    raise ValueError("x")


def test_administrators_over_the_person_are_told_once_with_the_number(world, kind):
    here = make.user("hueadmin", (Role.ADMIN, world.hue))
    below, elsewhere = make.user("kvadmin", (Role.ADMIN, world.kv1)), make.user("vinhadmin", (Role.ADMIN, world.vinh))
    kind(fail)
    job = ran(Job.objects.create(kind="k", title="Xuất sổ", by=world.head))
    Job.objects.filter(pk=job.pk).update(state="running", seen_at=timezone.now() - LOST)
    job = ran(job)
    assert f"Quản trị đã được báo về việc số {job.pk}" in job.result["objections"][0]
    told = Notice.objects.filter(kind="job_failed")
    assert sorted(told.values_list("recipient__username", flat=True)) == sorted([here.username, world.admin.username])
    assert not told.filter(recipient__in=[below, elsewhere]).exists()
    assert all(str(job.pk) in notice.title and "Xuất sổ" in notice.body for notice in told)


def test_the_page_does_not_say_that_somebody_was_told_where_there_is_nobody(world, kind):
    Membership.objects.filter(role=Role.ADMIN).delete()
    kind(fail)
    job = ran(Job.objects.create(kind="k", title="Việc", by=world.head))
    assert f"Hãy báo quản trị: việc số {job.pk}" in job.result["objections"][0]
    assert not Notice.objects.filter(kind="job_failed").exists()


def test_a_refusal_in_words_troubles_no_administrator(world, kind):
    def refuse(job):
        raise jobs.Refused(["Thiếu cột."])

    kind(refuse)
    assert ran(Job.objects.create(kind="k", title="Việc", by=world.head)).state == "failed"
    assert not Notice.objects.filter(kind="job_failed").exists()
