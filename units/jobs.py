"""Long work outside the request: a row that is started, shown with its progress, and done once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from units.flow import Refused
from units.models import Job, User

logger = logging.getLogger(__name__)

SILENT = timedelta(minutes=10)  # a running job without a sign of life for so long lost its worker
FILES_KEPT = timedelta(days=30)  # after a job has ended; docs/personal-data.md says so to people
FORGOTTEN = "forgotten"  # in the result of a job whose files and lines were taken away
_handlers: dict[str, Callable[[Job], dict[str, Any] | None]] = {}


def handles(kind: str) -> Callable[[Callable[[Job], Any]], Callable[[Job], Any]]:
    """Name the function that does jobs of this kind; it returns what the job says when it has ended.

    It may be called again after its worker died, so what it writes stands in one transaction or bears repeating.
    Refused ends the job with these words; any other error with a general one.
    """

    def keep(function: Callable[[Job], Any]) -> Callable[[Job], Any]:
        _handlers[kind] = function
        return function

    return keep


@transaction.atomic
def start(kind: str, title: str, *, by: User, source: Any = None, **params: Any) -> Job:
    """Write the job and hand it to a worker when the transaction has gone through."""
    job = Job.objects.create(kind=kind, title=title[:200], by=by, params=params)
    if source is not None:
        job.source.save(f"{job.pk}", source)
    transaction.on_commit(lambda: run_job.delay(job.pk))
    return job


@shared_task
def run_job(pk: int) -> None:
    """Do the job unless another worker has it; a job that ended is left alone."""
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, seen_at__lt=now - SILENT)
    if not Job.objects.filter(free, pk=pk).update(state=Job.State.RUNNING, started_at=now, seen_at=now):
        return
    job = Job.objects.select_related("by__person").get(pk=pk)
    with translation.override(job.by.language):
        try:
            job.result, job.state = _handlers[job.kind](job) or {}, Job.State.DONE
        except Refused as refusal:
            job.result, job.state = {"objections": [str(o) for o in refusal.objections]}, Job.State.FAILED
        except (Exception, SoftTimeLimitExceeded):  # whatever a file or a library brings, the person hears of it
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            words = _("Việc này không thực hiện được do lỗi của hệ thống. Chưa có gì thay đổi; quản trị đã được báo.")
            job.result, job.state = {"objections": [words]}, Job.State.FAILED
    job.ended_at = timezone.now()
    job.done, job.total = progress_of(job)
    job.save(update_fields=["result", "state", "ended_at", "done", "total", "output", "output_name"])
    cache.delete(_key(job))


@shared_task
def resume_jobs() -> None:
    """Start again what waits too long or lost its worker; the beat asks for it."""
    now = timezone.now()
    lost = Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(minutes=1)) | Q(
        state=Job.State.RUNNING, seen_at__lt=now - SILENT
    )
    for pk in Job.objects.filter(lost).values_list("pk", flat=True):
        run_job.delay(pk)


def forget_files() -> int:
    """Take away what was brought in and made by jobs that ended long ago, and the lines shown of it.

    Both hold personal data; the job itself stays, with its counts and its words.
    """
    old = Job.objects.filter(~Q(result__has_key=FORGOTTEN), ended_at__lt=timezone.now() - FILES_KEPT)
    count = 0
    for job in old.iterator():
        for stored in (job.source, job.output):
            if stored:
                stored.delete(save=False)
        told = {key: said for key, said in job.result.items() if not isinstance(said, list) or key == "objections"}
        job.result = told | {FORGOTTEN: True}
        job.save(update_fields=["source", "output", "result"])
        count += 1
    return count


def progress(job: Job, done: int, total: int) -> None:
    """Say how far the work is. It goes through the cache: the work's own transaction hides its rows until its end."""
    cache.set(_key(job), (done, total), 3600)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) as last said."""
    return cache.get(_key(job)) or (job.done, job.total)


def _key(job: Job) -> str:
    return f"job-progress:{job.pk}"
