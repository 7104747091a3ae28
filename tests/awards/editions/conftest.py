from datetime import date, timedelta

import pytest
from django.utils import timezone

from awards.editions import flow, services, tables
from awards.law import standards
from portal.days import today
from tests import make

TOMORROW = timedelta(days=1)


@pytest.fixture
def draft(world):
    """An edition for tomorrow, drafted from the one that judges today."""
    return begun(world.office, today() + TOMORROW)


def begun(by, day, code="RS-THU", before="RS-2025"):
    return services.begin(standards.edition(before), code=code, name="Bộ thử", name_en="Trial", valid_from=day, by=by)


def place_of(draft, award, key=None):
    """Where the award stands in the draft, or its condition of that key."""
    law = tables.read(draft.text)
    at = next(i for i, row in enumerate(law["award"]) if row["code"] == award)
    if key is None:
        return f"award/{at}"
    conditions = law["award"][at]["conditions"]
    return f"award/{at}/conditions/{next(i for i, row in enumerate(conditions) if row['key'] == key)}"


def change(draft, place, by, **values):
    """Some values of the row at the place, as its form writes them."""
    draft.refresh_from_db()
    row = tables.row_at(tables.read(draft.text), place) | values
    told = {name: ["", str(value)] for name, value in values.items()}
    return services.write(draft, place, row, changes=told, by=by, version=draft.version)


def put_in_force(draft, first, second, on_commit):
    """Proposed by one, put in force by the other; every process reads anew."""
    draft = make.take(flow.LAW, "propose_law", draft, by=first)
    with on_commit(execute=True):
        return make.take(flow.LAW, "put_in_force", draft, by=second)


@pytest.fixture
def move_to(monkeypatch):
    """The clock stands at noon of a day."""

    def move(day: date):
        moment = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return move
