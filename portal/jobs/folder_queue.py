"""The queue of the embedded mode as a folder that may vanish, fill up or hold rubbish; the worker goes on."""

from __future__ import annotations

import logging
import os
import stat
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from celery import current_app
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

LARGEST = 2**20  # bytes of a message; ours have some hundred
ENDING = ".msg"
UNFINISHED = ".part"  # a message while it is written
FORGOTTEN_AFTER = 60  # seconds, after which nobody writes an unfinished message any more
TOLD_EVERY = 60  # seconds between two lines of the log on a folder that cannot be used


class Channel(filesystem.Channel):
    """Messages appear whole or not at all; what nobody can read is set aside; folders are made anew where they went."""

    told_at: float = -TOLD_EVERY

    @property
    def data_folder_in(self) -> str:
        return _made(self.transport_options["data_folder_in"])

    data_folder_out = data_folder_in

    @property
    def control_folder(self) -> Path:
        return Path(_made(self.transport_options["control_folder"]))

    def get_table(self, exchange: str) -> list[Any]:
        """Which queues listen; tasks find theirs without its file, and with a broken one."""
        try:
            table = super().get_table(exchange)
        except (ValueError, TypeError, ChannelError):
            table = []
        tasks = current_app.conf.task_default_queue
        return table or ([filesystem.exchange_queue_t(tasks, "", tasks)] if exchange == tasks else [])

    def _queue_bind(self, *words: Any) -> None:
        try:
            super()._queue_bind(*words)
        except (ValueError, TypeError):  # half written when the disk was full
            self._exchange_file(words[0]).unlink(missing_ok=True)
            super()._queue_bind(*words)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu calls it with more
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}"
        unfinished = ""
        try:
            for attempt in (1, 2):
                try:
                    folder = self.data_folder_out
                    unfinished = os.path.join(folder, name + UNFINISHED)
                    with open(unfinished, "xb") as file:
                        file.write(str_to_bytes(dumps(payload)))
                        file.flush()
                        os.fsync(file.fileno())
                    os.rename(unfinished, os.path.join(folder, name + ENDING))
                    return
                except FileNotFoundError:  # the folder went in this moment
                    if attempt == 2:
                        raise
        except OSError as error:
            if unfinished:
                Path(unfinished).unlink(missing_ok=True)
            raise ChannelError(f"Cannot add a message to the queue: {error}") from error

    def _get(self, queue: str, timeout: Any = None) -> Any:
        try:
            for name in sorted(os.listdir(self.data_folder_in)):
                if not name.endswith(ENDING):
                    self._clear(name)
                elif name.partition(".")[2] == queue + ENDING and (payload := self._taken(name)) is not None:
                    return payload
        except OSError as error:
            if time.monotonic() - self.told_at > TOLD_EVERY:
                self.told_at = time.monotonic()
                logger.error("the queue's folder cannot be used: %s", error)
        raise Empty

    def _size(self, queue: str) -> int:
        try:
            return int(super()._size(queue))
        except FileNotFoundError:
            return 0

    def _taken(self, name: str) -> Any:
        """The message, if this worker got it and it is one: it is set aside first and removed once it was read."""
        aside = self._aside(name)
        if aside is None:
            return None
        try:
            file = aside.lstat()
            if not stat.S_ISREG(file.st_mode) or file.st_size > LARGEST:
                raise ValueError("it is no file of a message")
            payload = loads(bytes_to_str(aside.read_bytes()))
            message = self.Message(payload, channel=self)
            task = message.headers.get("task")
            if task is not None and task not in current_app.tasks:
                raise ValueError(f"there is no task {task!r}")
            if task is not None and not isinstance(message.decode(), list):
                raise ValueError("it names a task without its words")
        except Exception as error:  # whatever is in it, the worker goes on
            logger.error("a message was set aside as %s: %s", aside, error)
            return None
        aside.unlink(missing_ok=True)
        return payload

    def _clear(self, name: str) -> None:
        """What is no message does not stay in the queue; one that is being written is left to its writer."""
        path = Path(self.data_folder_in, name)
        if name.endswith(UNFINISHED) and time.time() - path.lstat().st_mtime < FORGOTTEN_AFTER:
            return
        if aside := self._aside(name):
            logger.error("no message, set aside as %s", aside)

    def _aside(self, name: str) -> Path | None:
        """Move it where broken messages lie; None where another worker was quicker."""
        folder = Path(_made(self.transport_options["broken_folder"]))
        aside = folder / f"{uuid.uuid4().hex}-{name[-60:]}"
        try:
            os.rename(os.path.join(self.data_folder_in, name), aside)
        except FileNotFoundError:
            return None
        return aside


def _made(folder: str) -> str:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


class Transport(filesystem.Transport):
    """The file-system transport of kombu over such channels."""

    Channel = Channel
