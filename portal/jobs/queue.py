"""Handing work to a worker: the row in the database is the order, the message only a nudge."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task

from portal import tracing

NUMBER = "request_number"  # the header of a message that says which request asked for it

logger = logging.getLogger(__name__)


def nudge(task: Task, *args: Any, expires: int | None = None) -> None:
    """Ask a worker to run the task; if the queue is away, the beat will ask again. Call it after the commit.

    So the task must find its order in the database, and a task of the beat must look for orders that nobody took.
    """
    try:
        task.apply_async(args, expires=expires, headers={NUMBER: tracing.current()})
    except Exception as fault:  # each broker has its own; what was asked for is written, so nothing is lost
        logger.warning("the queue did not take %s%s: %s: %s", task.name, args, type(fault).__name__, fault)
