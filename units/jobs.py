"""Long work outside the request: a row that is started, shown with its progress, and done once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from units.flow import Refused
from units.models import Job, User
from units.models.trail import record
from units.queue import nudge

logger = logging.getLogger(__name__)

SILENT = timedelta(minutes=10)  # a running job without a sign of life for so long lost its worker
ASKED_BY_NAME = 500  # keys in one question; more of them are compared here
ASKED_EVERY = 5  # seconds between two looks at the rights of whoever waits for a running job
FILES_KEPT = timedelta(days=30)  # after a job has ended; docs/personal-data.md says so to people
FORGOTTEN = "forgotten"  # in the result of a job whose files and lines were taken away


@dataclass(frozen=True)
class Kind:
    """Who does jobs of one kind, and who may still have what came of them."""

    do: Callable[[Job], dict[str, Any] | None]
    readable: Callable[[Job], bool]


_kinds: dict[str, Kind] = {}


def handles(kind: str, *, readable: Callable[[Job], bool]) -> Callable[[Callable[[Job], Any]], Callable[[Job], Any]]:
    """Name the function that does jobs of this kind; it returns what the job says when it has ended.

    It may be called again after its worker died, so what it writes stands in one transaction or bears repeating.
    Refused ends the job with these words; any other error with a general one. `readable(job)` says whether `job.by`
    has, today, the right to all that the job holds: it is asked at every reading, and while the work runs.
    """

    def keep(function: Callable[[Job], Any]) -> Callable[[Job], Any]:
        _kinds[kind] = Kind(function, readable)
        return function

    return keep


@transaction.atomic
def start(kind: str, title: str, *, by: User, source: Any = None, **params: Any) -> Job:
    """Write the job and hand it to a worker when the transaction has gone through."""
    job = Job.objects.create(kind=kind, title=title[:200], by=by, params=params)
    if source is not None:
        job.source.save(f"{job.pk}", source)
    transaction.on_commit(lambda: nudge(run_job, job.pk))
    return job


# --- who may have it ---


def readable(job: Job) -> bool:
    """Whether the person who asked for the job may have, today, what it holds."""
    kind = _kinds.get(job.kind)
    return kind is not None and job.by.is_active and kind.readable(job)


def all_in(keys: Iterable[Any], rows: QuerySet) -> bool:
    """Whether every one of these rows is among those that the person sees today."""
    keys = set(keys)
    if len(keys) <= ASKED_BY_NAME:
        rows = rows.filter(pk__in=keys)
    return not keys or not keys.difference(rows.order_by().values_list("pk", flat=True))


def still_asked(job: Job) -> None:
    """Refuse to go on for somebody who has lost a role since the work began; rights are read anew."""
    before, job.by = job.by, User.objects.select_related("person").get(pk=job.by_id)
    if not before.roles_held() <= job.by.roles_held() or not readable(job):
        raise Refused([_("Việc này dừng lại: đồng chí không còn quyền, do vai trò hoặc phạm vi đã thay đổi.")])


def keep_output(job: Job, name: str, content: Any, *, rows: int | None = None, note: str = "") -> None:
    """Store the file that the work made, for who may still have it; that it leaves the portal is in the trail."""
    still_asked(job)
    job.output_name = name
    job.output.save(f"{job.pk}-{name.rpartition('.')[2]}", content, save=False)
    changes = {} if rows is None else {_("Số dòng"): [None, rows]}
    record(job.by, "export", by=job.by, note=note or job.title, changes=changes)


# --- doing it ---


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
            still_asked(job)
            job.result, job.state = _kinds[job.kind].do(job) or {}, Job.State.DONE
        except Refused as refusal:
            job.result, job.state = {"objections": [str(o) for o in refusal.objections]}, Job.State.FAILED
        except (Exception, SoftTimeLimitExceeded):  # whatever a file or a library brings, the person hears of it
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            words = _("Việc này không thực hiện được do lỗi của hệ thống. Chưa có gì thay đổi; quản trị đã được báo.")
            job.result, job.state = {"objections": [words]}, Job.State.FAILED
    job.ended_at = timezone.now()
    job.done, job.total = progress_of(job)
    job.save(update_fields=["result", "state", "ended_at", "done", "total", "output", "output_name", "holds"])
    cache.delete(_key(job))


@shared_task
def resume_jobs() -> None:
    """Start again what waits too long or lost its worker; the beat asks for it."""
    now = timezone.now()
    lost = Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(minutes=1)) | Q(
        state=Job.State.RUNNING, seen_at__lt=now - SILENT
    )
    for pk in Job.objects.filter(lost).values_list("pk", flat=True):
        nudge(run_job, pk)


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
    """Say how far the work is, and stop it where its person has lost the right.

    It goes through the cache: the work's own transaction hides its rows until its end.
    """
    if time.monotonic() - getattr(job, "asked_at", 0) > ASKED_EVERY:
        still_asked(job)
        job.asked_at = time.monotonic()
    cache.set(_key(job), (done, total), 3600)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) as last said."""
    return cache.get(_key(job)) or (job.done, job.total)


def _key(job: Job) -> str:
    return f"job-progress:{job.pk}"
