"""The real reform of 01/07/2025: one plan from the shipped sheet, done, undone and done again."""

import io
import time
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count

from tests import make
from units.hierarchy.importers import DATA, load_hierarchy, reform_steps
from units.models import Collective, EmulationOffice, Membership, Posting, Role, Succession, Unit
from units.reorganisation import flow, sheet

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def kinds_on(day):
    return dict(Unit.objects.as_of(day).order_by().values_list("kind").annotate(Count("pk")))


def shipped():
    content = (DATA / "reorganisation_2025.xlsx").read_bytes()
    return sheet.read(SimpleUploadedFile("reorganisation_2025.xlsx", content))


def values(steps):
    return [(s.kind, s.sources, s.code, s.name_vi, s.name_en, s.short_name, s.parent_code, s.seat) for s in steps]


def test_the_shipped_sheet_says_what_the_sources_say():
    reading = shipped()

    assert reading.problems == []
    assert values(reading.steps) == values(reform_steps())
    assert len(reading.steps) == 37


def rows():
    """Everything that hangs on units, for comparing."""
    models = (Unit, Succession, Membership, Posting, Collective, EmulationOffice)
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


@pytest.mark.django_db
def test_the_reform_is_done_undone_and_done_again():
    load_hierarchy(reformed=False)
    root = Unit.objects.get(code="VKSTC")
    first, second = make.user("first", (Role.ADMIN, root)), make.user("second", (Role.ADMIN, root))
    head = make.user("head46", (Role.HEAD, Unit.objects.get(code="T46")))
    chief = make.user("head2", (Role.HEAD, Unit.objects.get(code="T02")))
    then = kinds_on(BEFORE)
    before = rows()
    plan = make.reorganisation(first, root, day=AFTER)
    plan = flow.replace_steps(plan, shipped().steps, by=first, version=plan.version, note="reorganisation_2025.xlsx")
    plan = flow.REORGANISATION.take("submit", plan, by=first, version=make.seen(plan))
    plan = flow.REORGANISATION.take("approve", plan, by=second, version=make.seen(plan))

    start = time.monotonic()
    plan = flow.REORGANISATION.take("execute", plan, by=second, version=make.seen(plan))
    assert time.monotonic() - start < 20  # a few seconds, on a machine that does other things too

    reformed = {"supreme": 1, "department": 2, "military": 1, "province": 34}
    assert then == {"supreme": 1, "department": 2, "high": 3, "military": 1, "province": 63, "district": 696}
    assert (kinds_on(BEFORE), kinds_on(AFTER)) == (then, reformed)
    assert EmulationOffice.of(root, BEFORE).code == "V16"
    assert EmulationOffice.of(root, AFTER).code == "P.TDKT"
    assert Membership.objects.in_force(AFTER).get(user=head).unit.code == "T46.25"
    assert not Membership.objects.in_force(AFTER).filter(user=chief).exists()  # appointed anew after a merger
    assert Posting.objects.get(person=chief.person, valid_to=None).unit.code == "T08.25"

    plan = flow.REORGANISATION.take("undo", plan, by=first, note="thử lại", version=make.seen(plan))
    assert rows() == before
    plan = flow.REORGANISATION.take("reopen", plan, by=first, version=make.seen(plan))
    plan = flow.REORGANISATION.take("submit", plan, by=second, version=make.seen(plan))
    plan = flow.REORGANISATION.take("approve", plan, by=make.user("third", (Role.ADMIN, root)), version=make.seen(plan))
    flow.REORGANISATION.take("execute", plan, by=first, version=make.seen(plan))
    assert (kinds_on(BEFORE), kinds_on(AFTER)) == (then, reformed)


def test_the_template_reads_back_as_empty():
    reading = sheet.read(SimpleUploadedFile("mau.xlsx", sheet.workbook()))

    assert [str(p) for p in reading.problems] == ["Bảng chưa có dòng nào dưới hàng tiêu đề."]
    assert io.BytesIO(sheet.workbook()).getbuffer().nbytes > 1000
