"""Signs of life of what runs beside the web server: when the worker, the beat and a backup were last seen."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from celery.signals import beat_embedded_init, beat_init, before_task_publish, worker_ready
from django.utils import timezone

from portal.models import Heartbeat


def leave(name: str) -> None:
    """Say that it lives; where the database does not answer, nothing is said and nothing fails."""
    with suppress(Exception):
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=timezone.now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )


def last_seen() -> dict[str, datetime]:
    """When each was seen last."""
    return dict(Heartbeat.objects.values_list("name", "at"))


@before_task_publish.connect(sender="portal.tasks.deliver")
def _beat_lives(**kwargs: Any) -> None:
    """Nothing but the beat asks for letters to be delivered by a worker."""
    leave("beat")


@beat_init.connect
@beat_embedded_init.connect
def _beat_begins(**kwargs: Any) -> None:
    leave("beat")


@worker_ready.connect
def _worker_begins(**kwargs: Any) -> None:
    leave("worker")
