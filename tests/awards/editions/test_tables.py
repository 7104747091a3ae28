"""An edition as a file and as tables: both ways round nothing changes."""

import tomllib

import pytest
from django.core.exceptions import ValidationError

from awards.editions import tables
from awards.editions.forms.rows import RowForm, _as_sent, _parameters, faults, rules
from awards.editions.forms.values import BasisField, without_unknown
from awards.law import standards
from awards.law.standards.files import text_of
from awards.law.standards.reading import understood
from awards.law.standards.writing import written
from portal.flow import Refused

SHIPPED = standards.shipped()


@pytest.mark.parametrize("edition", SHIPPED, ids=lambda e: e.code)
def test_an_edition_that_is_written_and_read_again_is_the_same(edition):
    law = tomllib.loads(text_of(edition))
    text = written(law)

    assert tomllib.loads(text) == law
    assert written(tomllib.loads(text)) == text
    assert understood(text, "x") == understood(text_of(edition), "x")


@pytest.mark.parametrize("edition", SHIPPED, ids=lambda e: e.code)
def test_every_row_of_a_shipped_edition_goes_through_its_form_unchanged(edition):
    law = tables.read(text_of(edition))

    assert list(faults(law)) == []
    for place in tables.places(law):
        row = tables.row_at(law, place)
        form = RowForm(_as_sent(place, row), law=law, place=place)
        assert form.is_valid(), (place, form.errors)
        assert form.table() == row, place
        assert form.changes() == {}, place


def test_texts_with_every_sign_come_back():
    law = {"edition": {"a b": 'x"\\\n\t\x7f→«Đ»', "n": [[{"k": 1}], []], "e": {}, "t": True}}

    assert tomllib.loads(written(law)) == law


def test_every_condition_can_be_chosen_and_each_of_its_figures_has_a_field():
    for rule, words in rules():
        law = tables.read(text_of(standards.shipped()[3]))
        form = RowForm(None, law=law, place="award/0/conditions/new", rule=rule)
        asked = set(form.values) | {"options", "posts", "key"}  # these have rows of their own
        assert "%(" not in words
        assert set(_parameters(rule)) <= asked, rule


@pytest.mark.parametrize(
    "place", ["nothing", "award/99", "award/-1", "award/0/name", "documents/none", "award/x/y", ""]
)
def test_a_place_that_is_none_is_told(place):
    law = tables.read(text_of(standards.shipped()[3]))
    with pytest.raises(tables.NoPlace):
        tables.row_at(law, place)


def test_what_is_needed_is_not_taken_out_and_what_makes_it_unreadable_is_refused():
    law = tables.read(text_of(standards.shipped()[3]))

    for place in ("edition", "award/0/authority"):
        with pytest.raises(Refused):
            tables.without_row(law, place)
    with pytest.raises(Refused):
        tables.checked(tables.without_row(law, "award/0"))  # others ask for it


def test_a_document_without_its_article_is_one_whose_article_nobody_knows():
    field = BasisField(documents={"NĐ 152/2025": {}, "CV 5007": {"articles": False}}, required=True)

    kept = field.clean("NĐ 152/2025; CV 5007")

    assert kept == "NĐ 152/2025, điều chưa tìm được; CV 5007"
    assert without_unknown(kept) == "NĐ 152/2025; CV 5007"
    with pytest.raises(ValidationError, match="Điều"):
        field.clean("NĐ 152/2025, khoản 3")
