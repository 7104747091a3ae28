"""What the benchmarks of pages share: a database of their own, and what a page costs beside the floor."""

import cProfile
import os
import pstats
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

FLOOR = "floor"  # the page to whose cost the others are compared
Ask = Callable[[], bytes]


@contextmanager
def database(kept: str) -> Iterator[None]:
    """Django with its tables in the folder, or in one that is taken away; or at DATABASE_URL where it is set."""
    folder = kept or tempfile.mkdtemp(prefix="benchmark-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATA_DIR"] = folder
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.core.management import call_command

    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def measure(pages: dict[str, tuple[str, str]], rounds: int) -> None:
    """Print what each page costs; pages are name → account and address.

    The ratio is of CPU time, of this process and of PostgreSQL's for it, to that of the floor asked in turn with it, so
    that other work on the machine changes it little. The number of calls and of queries no load changes at all.
    """
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks import floor
    from units.models import Unit

    reference = asking(floor.handler(), "officer", f"/list/{Unit.objects.order_by('pk')[6].pk}/", floor.BACKEND)
    portal = get_wsgi_application()
    print(f"{'page':30}{'queries':>8}{'calls':>9}{'ms':>8}{'ratio':>7}{'KB':>7}")
    for name, (who, address) in ({FLOOR: ("", "")} | pages).items():
        ask = asking(portal, who, address) if who else reference
        for _warm in range(3):
            ask(), reference()
        with CaptureQueriesContext(connection) as asked:
            body = ask()
        queries = len(asked)
        spent = [(cpu(ask), cpu(reference)) for _round in range(rounds)]
        cost, base = median(page for page, _floor in spent), median(page for _page, page in spent)
        print(
            f"{name:30}{queries:8}{calls(ask):9,}{cost / 1e6:8.1f}{cost / base:7.1f}{len(body) / 1024:7.1f}  {address}",
            flush=True,
        )


def asking(handler: Callable[..., Any], who: str, address: str, backend: str | None = None) -> Ask:
    """Asks for the page as a server would for this account, and refuses any answer but the page."""
    from django.conf import settings
    from django.test import Client

    from units.models import User

    client = Client()
    client.force_login(User.objects.get(username=who), backend)
    path, _mark, query = address.partition("?")
    asked = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": quote(query, safe="=&+"),
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}",
    }  # fmt: skip

    def ask() -> bytes:
        told: list[str] = []
        answer = handler({**asked, "wsgi.input": BytesIO()}, lambda status, headers: told.append(status))
        body = b"".join(answer)
        answer.close()
        if told != ["200 OK"]:
            raise SystemExit(f"{address}: {told}")
        return body

    return ask


def cpu(ask: Ask) -> int:
    """The nanoseconds of CPU that one answer takes, with those of PostgreSQL where its process can be looked into."""
    from django.db import connection

    def spent() -> int:
        pid = connection.connection.info.backend_pid if connection.vendor == "postgresql" else 0
        of_it = Path(f"/proc/{pid}/schedstat")
        return time.process_time_ns() + (int(of_it.read_text().split()[0]) if pid and of_it.exists() else 0)

    before = spent()
    ask()
    return spent() - before


def calls(ask: Ask) -> int:
    """How many functions Python calls for one answer."""
    profile = cProfile.Profile()
    profile.runcall(ask)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
