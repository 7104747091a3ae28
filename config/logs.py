"""What a log line holds: one line for each event, the number of the request, and no secret."""

import logging
import re
import sys

from kombu.exceptions import OperationalError
from pythonjsonlogger.json import JsonFormatter
from redis.exceptions import RedisError

from portal import tracing

# A part of an address that nobody can guess opens something by itself: a reset, an invitation, a calendar.
_SECRET = re.compile(r"(?<=/)(?=[^/\s]*\d)(?=[^/\s]*[A-Za-z])[A-Za-z0-9_:-]{20,}|(?<=/calendar/)[^/\s.]{10,}")
_NAMED = re.compile(r"((?:pass\w*|token|secret|sessionid)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+", re.IGNORECASE)
_CONTROLS = (*range(9), *range(10, 32), *range(127, 160), 0x2028, 0x2029)
_BREAKS = {c: repr(chr(c))[1:-1] for c in _CONTROLS}
_DJANGO = ("django.request", "django.security")
QUEUE = (OperationalError, RedisError)  # as kombu says it, and as it comes through


def masked(text: str) -> str:
    """The text without what opens something.

    >>> masked("Not Found: /calendar/9yVb3-xxGkQ2_mmAaZ01.ics")
    'Not Found: /calendar/….ics'
    """
    return _NAMED.sub(r"\1…", _SECRET.sub("…", text))


def _foreseen(error: BaseException | None) -> bool:
    """Whether a queue or a database that is away, or a full disk, is behind the error."""
    from portal import faults  # the settings read this module first

    return faults.kind_of(error) is not None or any(isinstance(one, QUEUE) for one in faults.chain(error))


class Told(logging.Filter):
    """Adds who and which request, and leaves of what is no mistake of ours one line: the reason."""

    def filter(self, record):
        message = record.getMessage()
        request, status = getattr(record, "request", None), getattr(record, "status_code", None)
        # the person as far as already known: a log line asks no question of the database
        person = getattr(getattr(request, "_cached_user", None), "pk", None)
        expected = status is not None and (status < 500 or status in (503, 507))
        if record.exc_info and expected and record.name.startswith(_DJANGO):
            reason = record.exc_info[1]
            message = f"{message} ({type(reason).__name__}: {reason})"
            record.exc_info = record.exc_text = None
        if record.exc_info and record.name.startswith("celery.") and _foreseen(record.exc_info[1]):
            message = message.partition("\n")[0]  # the beat puts its whole stack behind it
            record.exc_info = record.exc_text = None
        record.msg, record.args = masked(message).translate(_BREAKS), ()
        path = getattr(request, "path", None)
        record.told = {
            name: value
            for name, value in {
                "number": tracing.current(),
                "user": person,
                "path": path and masked(path),
                "method": getattr(request, "method", None),
                "status": status,
            }.items()
            if value is not None
        }
        return True


class Console(logging.StreamHandler):
    """A log that cannot be written, on a full disk, is no reason to write more."""

    def handleError(self, record):  # noqa: N802 -- the library's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class Lines(logging.Formatter):
    """For people: one line an event; whatever follows it is set in, so that no text begins a line of its own."""

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record):
        number = record.told.get("number")
        first, *rest = masked(super().format(record)).splitlines()
        return "\n".join([f"{first} [{number}]" if number else first, *("    " + line for line in rest)])


class Json(JsonFormatter):
    """For machines: one object a line, in which no input can break a line."""

    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )

    def add_fields(self, log_data, record, message_dict):
        log_data["time"] = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        log_data |= {"level": record.levelname, "logger": record.name, "message": record.message} | record.told
        if said := message_dict.get("exc_info"):
            log_data["error"] = masked(said)


def logging_for(form: str, level: str) -> dict:
    """The configuration of Django, Celery and gunicorn alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"told": {"()": "config.logs.Told"}},
        "formatters": {"json": {"()": "config.logs.Json"}, "line": {"()": "config.logs.Lines"}},
        "handlers": {"console": {"class": "config.logs.Console", "formatter": form, "filters": ["told"]}},
        "root": {"handlers": ["console"], "level": level},
        # what these would write by themselves comes here too, and nothing is sent by mail
        "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server", "gunicorn.error")}
        | {"gunicorn.access": {"handlers": [], "level": "WARNING"}},
    }
