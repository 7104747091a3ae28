"""How long the pages of the hierarchy take with 2,000 units and 15,000 people, and how many queries they ask.

    python benchmarks/hierarchy.py [FOLDER]

Fills a database of its own in FOLDER, or in a temporary folder that is taken away again; or DATABASE_URL where it is
set (an empty one). A folder that is kept can be served afterwards (`DATA_DIR=FOLDER DEMO=1`, account `bench`, password
`bench-bench`), so that the pages are compared with those of another program.
"""

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.pages import database, measure

ROUNDS = 15
PROVINCES, REGIONS, PEOPLE = 63, 1_936, 15_000  # with the root 2,000 units


def fill():
    """The root, provinces with their regional units, people spread over all, and one administrator."""
    from django.db import connection

    from units.models import EmulationOffice, Membership, Person, Posting, Role, Unit, User

    if User.objects.filter(username="bench").exists():
        return
    root = Unit.objects.create(code="R", name_vi="Viện tối cao", short_name="Tối cao", kind="supreme")
    EmulationOffice.objects.create(serves=root, unit=root)
    provinces = [
        Unit.objects.create(
            code=f"P{i}", parent=root, name_vi=f"Viện kiểm sát tỉnh {i}", short_name=f"Tỉnh {i}", kind="province"
        )
        for i in range(PROVINCES)
    ]
    regions = [
        Unit.objects.create(
            code=f"P{i % PROVINCES}-{i}",
            parent=provinces[i % PROVINCES],
            name_vi=f"Viện kiểm sát khu vực {i}",
            short_name=f"Khu vực {i}",
            kind="region",
        )
        for i in range(REGIONS)
    ]
    people = [Person(staff_code=f"CB{i:06}", full_name=f"Nguyễn Văn {i}", birth_year=1980) for i in range(PEOPLE)]
    for person in people:
        person.derive()
    Person.objects.bulk_create(people, batch_size=2_000)
    places = [*provinces, *regions]
    Posting.objects.bulk_create(
        [
            Posting(person=person, unit=places[i % len(places)], valid_from=date(2020, 1, 1))
            for i, person in enumerate(people)
        ],
        batch_size=2_000,
    )
    user = User(username="bench", person=people[0])
    user.set_password("bench-bench")
    user.save()
    Membership.objects.create(user=user, unit=root, role=Role.ADMIN)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself soon after


def pages():
    """What is opened: name → address."""
    from units.models import Person, Unit

    province = Unit.objects.get(code="P1")
    return {
        "tree": "/units/",
        "tree, one branch open": f"/units/?open={province.pk}",
        "tree of a day": "/units/?on=01/07/2025",
        "search": "/units/?q=khu+vuc+19",
        "branch": f"/units/{province.pk}/branch/",
        "unit: the root": f"/units/{province.parent_id}/",
        "unit: a province": f"/units/{province.pk}/",
        "people": "/people/",
        "people of a unit": "/people/?unit=P1",
        "a person": f"/people/{Person.objects.get(staff_code='CB000007').pk}/",
        "rights in a unit": f"/units/{province.pk}/rights/",
    }


def main():
    with database(sys.argv[1] if sys.argv[1:] else ""):
        fill()
        measure({name: ("bench", address) for name, address in pages().items()}, ROUNDS)


if __name__ == "__main__":
    main()
