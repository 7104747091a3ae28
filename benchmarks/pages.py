"""What the benchmarks of pages share: a database of their own, and how a page is timed."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median


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
    """Print the queries, the median milliseconds and the size of each page; pages are name → account and address."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.models import User

    print(f"{'page':28}{'queries':>8}{'ms':>8}{'KB':>8}")
    for name, (who, address) in pages.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=who))
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        queries = len(asked)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        took = []
        for _round in range(rounds):
            start = time.perf_counter()
            client.get(address)
            took.append(time.perf_counter() - start)
        print(f"{name:28}{queries:8}{median(took) * 1000:8.1f}{len(answer.content) / 1024:8.1f}  {address}")
