"""How long the pages of nominations take, and how many queries they ask, with few and with many rows.

    python benchmarks/nominations.py [ROWS [FOLDER]]

Works on a database of its own in FOLDER, or in a temporary folder that is taken away again; or on DATABASE_URL where it
is set (an empty one). A folder that is kept can be served afterwards (`DATA_DIR=FOLDER DEMO=1`, accounts `office` and
`officer`, password `bench-bench`), so that the pages are compared with those of another program.
"""

import os
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
ROUNDS = 9
CHUNK = 5000


def setup(folder):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATA_DIR"] = folder
    import django
    from django.conf import settings

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def world():
    """A root with its office, forty provinces, an office account."""
    from units.models import EmulationOffice, Membership, Person, Role, Unit, User

    root = Unit.objects.create(code="R", name_vi="Tối cao", short_name="Tối cao", kind="supreme")
    EmulationOffice.objects.create(serves=root, unit=root)
    units = [
        Unit.objects.create(code=f"P{i}", parent=root, name_vi=f"Tỉnh {i}", short_name=f"Tỉnh {i}", kind="province")
        for i in range(40)
    ]
    accounts = {}
    for name, role, unit in (("office", Role.OFFICE, root), ("officer", Role.OFFICER, units[0])):
        user = User(username=name, person=Person.objects.create(staff_code=name, full_name=name))
        user.set_password("bench-bench")
        user.save()
        Membership.objects.create(user=user, unit=unit, role=role)
        accounts[name] = user
    return units, accounts


def fill(units, by, count, start):
    """That many nominations, fifty in a paper; every second paper waits at the office."""
    from django.db import connection
    from django.utils import timezone

    from awards.models import Nomination, Submission
    from units.models import Person

    now, root = timezone.now(), units[0].parent

    people = [Person(staff_code=f"CB{i:07}", full_name=f"Nguyễn Văn {i}") for i in range(start, start + count)]
    for person in people:
        person.derive()
    Person.objects.bulk_create(people, batch_size=CHUNK)
    papers = []
    for i in range(0, count, 50):
        unit = units[(i // 50) % len(units)]
        papers.append(Submission(unit=unit, type="merit", title=f"Tờ trình {start + i}", year=2026, created_by=by))
    Submission.objects.bulk_create(papers, batch_size=CHUNK)
    made = []
    for i, person in enumerate(people):
        paper = papers[i // 50]
        n = Nomination(
            submission=paper, unit=paper.unit, desk=paper.unit, person=person, award="GK", summary="Có số liệu"
        )
        if i // 50 % 2:
            n.state, n.desk, n.round, n.edition = "submitted", root, 1, "RS-2025"
            n.sent_at = n.received_at = now - timedelta(minutes=start + i)
        n.refresh_search()
        made.append(n)
    Nomination.objects.bulk_create(made, batch_size=CHUNK)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself soon after


def measure(accounts):
    """Median milliseconds and queries of each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from awards.models import Nomination

    last = Nomination.objects.order_by("-pk").first()
    own = Nomination.objects.filter(unit__code="P0").order_by("-pk").first()
    waits = Nomination.objects.filter(state="submitted").first()
    deep = Nomination.objects.order_by("pk")[25].pk
    pages = {
        "list, first page": ("office", "/awards/nominations/"),
        "list, last page": ("office", f"/awards/nominations/?after={deep}"),
        "list of a province": ("officer", "/awards/nominations/"),
        "search": ("office", f"/awards/nominations/?q=nguyen+van+{last.pk}"),
        "filter by state": ("office", "/awards/nominations/?state=draft&year=2026"),
        "submissions": ("office", "/awards/"),
        "one submission": ("officer", f"/awards/submissions/{own.submission_id}/"),
        "one nomination": ("officer", f"/awards/nominations/{own.pk}/"),
        "review desk": ("office", "/review/?state="),
        "review desk, search": ("office", f"/review/?q=nguyen+van+{waits.person.full_name.split()[-1]}"),
        "review desk, nobody's": ("office", "/review/?who=nobody&award=GK"),
        "one review": ("office", f"/review/{waits.pk}/"),
        "first page of the office": ("office", "/"),
        "first page of a unit": ("officer", "/"),
    }
    found = {}
    for name, (who, url) in pages.items():
        client = Client()
        client.force_login(accounts[who])
        client.get(url)
        times = []
        for _round in range(ROUNDS):
            begin = time.perf_counter()
            answer = client.get(url)
            times.append(time.perf_counter() - begin)
            if answer.status_code != 200:
                raise SystemExit(f"{url}: {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found[name] = (median(times) * 1000, len(queries))
    return found


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    kept = sys.argv[2] if sys.argv[2:] else ""
    folder = kept or tempfile.mkdtemp(prefix="nominations-")
    try:
        setup(folder)
        units, accounts = world()
        fill(units, accounts["officer"], 1000, 0)
        few = measure(accounts)
        fill(units, accounts["officer"], rows - 1000, 1000)
        many = measure(accounts)
        print(f"{'page':24}{'1,000 rows':>16}{f'{rows:,} rows':>18}{'growth':>9}")
        for name, (ms, queries) in few.items():
            more, asked = many[name]
            print(f"{name:24}{ms:9.1f} ms {queries:2} q{more:11.1f} ms {asked:2} q{more / ms:8.2f}x")
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
