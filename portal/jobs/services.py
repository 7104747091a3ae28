"""Long work outside the request: a row that is started, shown with its progress, and done once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import DatabaseError, close_old_connections, connections, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import access
from portal.flow import Refused
from portal.jobs import heartbeats
from portal.jobs.queue import nudge
from portal.models import Job
from portal.models.trail import record
from portal.notices.services import notify

if TYPE_CHECKING:
    from units.models import User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)  # a running job without a sign of life for so long lost its worker
RENEWED_EVERY = 10  # seconds
RESUMED_EVERY = 60  # seconds; with the lease, how long a lost job waits at most for a worker
ATTEMPTS = 3  # a job that ends its worker each time is given up then
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
    before, job.by = job.by, get_user_model().objects.select_related("person").get(pk=job.by_id)
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
    taken = Job.objects.filter(_waits() | _lost(now), pk=pk).update(
        state=Job.State.RUNNING, started_at=now, seen_at=now, attempts=F("attempts") + 1
    )
    if not taken:
        return
    job = Job.objects.select_related("by__person").get(pk=pk)
    with translation.override(job.by.language), _alive(job):
        try:
            if job.attempts > ATTEMPTS:
                raise GivenUp
            still_asked(job)
            job.result, job.state = _kinds[job.kind].do(job) or {}, Job.State.DONE
        except Refused as refusal:
            job.result, job.state = {"objections": [str(o) for o in refusal.objections]}, Job.State.FAILED
        except (Exception, SoftTimeLimitExceeded) as error:  # whatever a library brings, the person hears of it
            if not isinstance(error, GivenUp):
                logger.exception("job %s (%s) failed", job.pk, job.kind)
            _fail(job, given_up=isinstance(error, GivenUp))
        _end(job)


class GivenUp(Exception):
    """The job lost its worker each time it was tried."""


def _waits() -> Q:
    return Q(state=Job.State.QUEUED)


def _lost(now: datetime) -> Q:
    """Jobs that somebody runs who has given no sign of life for longer than the lease."""
    return Q(state=Job.State.RUNNING, seen_at__lt=now - LEASE)


@contextmanager
def _alive(job: Job) -> Iterator[None]:
    """Renew the lease while the work runs, from a thread with a connection of its own: a long statement is no silence.

    On SQLite the work's own transaction may hold the only write lock: then nobody else can take the job up either, and
    `progress` renews the lease inside that transaction.
    """
    over = Event()

    def renew() -> None:
        try:
            while not over.wait(RENEWED_EVERY):
                close_old_connections()
                with suppress(DatabaseError):
                    _renew(job)
                heartbeats.leave("worker")
        finally:
            connections.close_all()

    Thread(target=renew, name=f"lease of job {job.pk}", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _renew(job: Job) -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(seen_at=timezone.now())


def _fail(job: Job, *, given_up: bool) -> None:
    """The person reads what happened, and that administrators were told only if there are any."""
    job.state = Job.State.FAILED
    if given_up:
        words = _("Việc này dừng giữa chừng %s lần; cổng không thử nữa.") % ATTEMPTS
    else:
        words = _("Việc này không thực hiện được do lỗi của hệ thống. Chưa có gì thay đổi.")
    if access.administrators_of(job.by):
        told = _("Quản trị đã được báo về việc số %s.") % job.pk
    else:
        told = _("Hãy báo quản trị: việc số %s.") % job.pk
    job.result = {"objections": [f"{words} {told}"], "fault": True}


@transaction.atomic
def _end(job: Job) -> None:
    """Keep what came of it, unless the job was taken up by another meanwhile: then this one leaves nothing."""
    done, total = progress_of(job)
    kept = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(
        result=job.result,
        state=job.state,
        holds=job.holds,
        output=job.output.name or "",
        output_name=job.output_name,
        ended_at=timezone.now(),
        done=done,
        total=total,
    )
    if kept and job.result.get("fault"):
        _tell_administrators(job)
    elif not kept and job.output:
        job.output.storage.delete(job.output.name)
    cache.delete(_key(job))


def _tell_administrators(job: Job) -> None:
    def words() -> tuple[str, str]:
        body = _(
            "Việc «%(title)s» của %(who)s không thực hiện được do lỗi của hệ thống. "
            "Chi tiết nằm ở «job %(pk)s» trong nhật ký máy chủ."
        )
        return _("Việc chạy nền số %s không thành") % job.pk, body % {"title": job.title, "who": job.by, "pk": job.pk}

    people = access.administrators_of(job.by)
    notify(people, key=f"job-failed:{job.pk}", kind="job_failed", words=words, url=reverse("system_status"))


@shared_task
def resume_jobs() -> None:
    """Start again what waits too long or lost its worker; the beat asks for it."""
    now = timezone.now()
    late = _waits() & Q(created_at__lt=now - timedelta(minutes=1))
    for pk in Job.objects.filter(late | _lost(now)).values_list("pk", flat=True):
        nudge(run_job, pk, expires=RESUMED_EVERY)


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
        _renew(job)
        setattr(job, "asked_at", time.monotonic())  # noqa: B010 -- of this process, not of the row
    cache.set(_key(job), (done, total), 3600)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total) as last said."""
    return cache.get(_key(job)) or (job.done, job.total)


def _key(job: Job) -> str:
    return f"job-progress:{job.pk}"
