"""Faults that are nobody's mistake: no room to write, a database that is away or busy. Told apart in one place."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

FULL, AWAY, BUSY = "full", "away", "busy"  # no room or not allowed to write; not to be reached; reached and held up
PAUSE = 0.5  # seconds before the one other try
SAFE = ("GET", "HEAD", "OPTIONS")

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)
# SQLite's primary result codes
_SQLITE = {13: FULL, 8: FULL, 10: FULL, 5: BUSY, 6: BUSY, 14: AWAY}
# PostgreSQL's SQLSTATE: whole codes first, then their class
_POSTGRES = {"53100": FULL, "25006": FULL, "58030": FULL, "53": AWAY, "57": AWAY, "58": AWAY, "08": AWAY, "40": BUSY}
_POSTGRES |= {"55P03": BUSY, "57014": BUSY}


def kind_of(error: BaseException | None) -> str | None:
    """Which of the faults this error is, or was raised in answer to; None for everything else."""
    return next(filter(None, map(_kind, chain(error))), None)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it was raised in answer to."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str | None:
    if isinstance(error, OSError):
        return FULL if error.errno in _NO_ROOM else None
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    raised = error.__cause__
    if (code := getattr(raised, "sqlite_errorcode", None)) is not None:
        return _SQLITE.get(code & 0xFF)
    if code := getattr(raised, "pgcode", None):
        return _POSTGRES.get(code) or _POSTGRES.get(code[:2])
    # no code: the connection was refused or broke off before the server could say one
    broken = isinstance(error, OperationalError | InterfaceError) and connection.vendor == "postgresql"
    return AWAY if broken or getattr(connection.connection, "closed", False) else None


@contextmanager
def passed_over(what: str) -> Iterator[None]:
    """For what a page can do without: the page is served though this could not be written."""
    try:
        yield
    except Exception as error:
        if kind_of(error) is None:
            raise
        logger.warning("%s was passed over: %s: %s", what, type(error).__name__, error)


def one_retry(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Ask a database that was away once more, where nothing can have been written.

    A page that only reads is made again. Whatever writes is begun only once the database answers.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            _reach()
            return get_response(request)
        response = get_response(request)
        if getattr(response, "fault", None) == AWAY:
            _drop()
            time.sleep(PAUSE)
            response = get_response(request)
        return response

    return middleware


def _reach() -> None:
    try:
        connection.close_if_health_check_failed()
        connection.ensure_connection()
    except (OperationalError, InterfaceError):
        _drop()
        time.sleep(PAUSE)
        connection.ensure_connection()


def _drop() -> None:
    if not connection.in_atomic_block:
        connection.close()


# --- files on their way in ---


class Incoming(TemporaryFileUploadHandler):
    """Django's, but a file that finds no room does not take the typed text with it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        with self._noticed():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if getattr(self.request, "no_room", None) is None:
            with self._noticed():
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if getattr(self.request, "no_room", None) is None:
            with self._noticed():
                self.file.flush()
                return super().file_complete(file_size)
        return None

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if kind_of(error) is None:
                raise
            setattr(self.request, "no_room", error)  # noqa: B010 -- Django knows no such mark
            if hasattr(self, "file"):
                with suppress(OSError):  # what is still in its buffer finds no room either
                    self.file.close()


class RefuseHalfFiles:
    """No view sees a form whose files found no room; stands behind the check of the form's token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if request.method == "POST":
            request.POST  # noqa: B018 -- reads the body
        if error := getattr(request, "no_room", None):
            raise error
