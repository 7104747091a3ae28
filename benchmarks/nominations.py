"""How long the pages of nominations take, and how many queries they ask, in a database as ten years leave it.

    python benchmarks/nominations.py [ROWS [FOLDER]]

Works on a database of its own in FOLDER, or in a temporary folder that is taken away again; or on DATABASE_URL where it
is set (an empty one, or one that this has filled). A folder that is kept can be served afterwards (`DATA_DIR=FOLDER`,
accounts `office` and `officer`, password `bench-bench`), so that the pages are compared with those of another program;
README.md says what came out.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import database

ROUNDS = 9


def pages():
    """What is opened: name → account and address."""
    from awards.models import Nomination

    own = Nomination.objects.filter(unit__code="P0", state="draft").select_related("person").first()
    waits = Nomination.objects.filter(state="review").order_by("pk").first()
    name = "+".join(own.person.full_name.split())
    first = Nomination.objects.order_by("pk").first().pk
    return {
        "list, first page": ("office", "/awards/nominations/"),
        "list, last page": ("office", f"/awards/nominations/?after={first + 25}"),
        "list of a province": ("officer", "/awards/nominations/"),
        "search by a whole name": ("office", f"/awards/nominations/?q={name}"),
        "filter by state": ("office", "/awards/nominations/?state=draft"),
        "papers": ("office", "/awards/"),
        "one paper": ("officer", f"/awards/submissions/{own.submission_id}/"),
        "one nomination": ("officer", f"/awards/nominations/{own.pk}/"),
        "editor": ("officer", f"/awards/nominations/{own.pk}/edit/"),
        "review desk": ("office", "/review/?state="),
        "one review": ("office", f"/review/{waits.pk}/"),
        "first page of the office": ("office", "/"),
        "first page of a unit": ("officer", "/"),
        "people": ("office", "/people/"),
        "search of people": ("office", f"/people/?q={name}"),
        "search by staff code": ("office", "/people/?q=cb0001234"),
    }


def measure():
    """Median milliseconds and queries of each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.models import User

    print(f"{'page':26}{'queries':>8}{'ms':>8}{'KB':>8}")
    for name, (who, address) in pages().items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=who))
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        queries = len(asked)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        took = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            client.get(address)
            took.append(time.perf_counter() - start)
        print(f"{name:26}{queries:8}{median(took) * 1000:8.1f}{len(answer.content) / 1024:8.1f}  {address}")


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    kept = sys.argv[2] if sys.argv[2:] else ""
    folder = kept or tempfile.mkdtemp(prefix="nominations-")
    try:
        database.setup(folder)
        database.fill(rows)
        measure()
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
