"""Search text is one form, whatever the accents, the case and the Unicode form."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from units.text import clean, fold


def test_hai_phong_is_found_however_it_is_typed():
    forms = ["Hải Phòng", "HẢI PHÒNG", "hai phong", unicodedata.normalize("NFD", "Hải Phòng"), " Hải\u00a0 Phòng "]

    assert {fold(form) for form in forms} == {"hai phong"}


def test_d_with_a_stroke_is_a_d():
    assert fold("Đắk Lắk, đồng chí") == "dak lak, dong chi"


def test_hidden_and_turning_characters_are_dropped():
    assert clean("An\u200b \u202eBình\x00") == "An Bình"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_unicode_form_does_not_matter(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text())
def test_clean_text_is_nfc_and_stays_so(text):
    assert unicodedata.is_normalized("NFC", clean(text))
    assert clean(clean(text)) == clean(text)
