"""Long lists leafed through by their rows: forth and back the same pages, whatever the address says."""

import pytest
from django.test import RequestFactory

from portal.web import paging
from tests import make
from units.models import Person

TEXT, NUMBER = ("sort_key", "pk"), ("pk",)


@pytest.fixture
def people(db):
    for name in ("Lê An", "Lê An", "Trần Bình", "Lê Chi", "Lê Dung", "Lê An", "Vũ Giang"):
        make.person(name)
    return Person.objects.all()


def page(people, fields, rising, **asked):
    request = RequestFactory().get("/", {name: mark for name, mark in asked.items() if mark})
    return paging.paginate(request, people, Person.objects.all(), fields, 3, rising=rising)


@pytest.mark.parametrize("fields", [TEXT, NUMBER])
@pytest.mark.parametrize("rising", [True, False])
def test_forth_and_back_the_pages_are_the_same(people, fields, rising):
    order = [field if rising else f"-{field}" for field in fields]
    whole = list(people.order_by(*order))

    pages = [page(people, fields, rising)]
    while pages[-1].next:
        pages.append(page(people, fields, rising, after=pages[-1].next))

    assert [row for one in pages for row in one.rows] == whole
    assert [len(one.rows) for one in pages] == [3, 3, 1] and pages[0].previous == ""
    for ahead, one in zip(pages, pages[1:], strict=False):
        assert page(people, fields, rising, before=one.previous) == ahead


@pytest.mark.parametrize("mark", ["x", "-", "1-2-3", "²", "9" * 30, "999999", "1-"])
@pytest.mark.parametrize("name", ["before", "after"])
def test_nonsense_opens_the_first_page(people, name, mark):
    assert page(people, TEXT, True, **{name: mark}) == page(people, TEXT, True)


def test_where_nothing_lies_beyond_the_first_page_opens(people):
    last = people.order_by("pk").last()

    assert page(people, NUMBER, True, after=str(last.pk)) == page(people, NUMBER, True)


def test_a_name_is_in_no_mark(people):
    assert page(people, TEXT, True).next.isdecimal()
