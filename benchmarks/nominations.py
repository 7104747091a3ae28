"""How long the pages of nominations take, and how many queries they ask, in a database as ten years leave it.

    python benchmarks/nominations.py [ROWS [FOLDER]]

Works on a database of its own in FOLDER, or in a temporary folder that is taken away again; or on DATABASE_URL where it
is set (an empty one, or one that this has filled). A folder that is kept can be served afterwards (`DATA_DIR=FOLDER`,
accounts `office` and `officer`, password `bench-bench`), so that the pages are compared with those of another program;
README.md says what came out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.database import fill
from benchmarks.pages import database, measure

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


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with database(sys.argv[2] if sys.argv[2:] else ""):
        fill(rows)
        measure(pages(), ROUNDS)


if __name__ == "__main__":
    main()
