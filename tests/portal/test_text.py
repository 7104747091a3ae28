"""Search text is one form, whatever the accents, the case and the Unicode form."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean, fold, name_key, sort_key

WORDS = st.lists(st.text(st.characters(categories=["L", "Mn"]), min_size=1, max_size=8), min_size=1, max_size=6)


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


@given(WORDS, st.randoms())
def test_the_order_of_the_words_does_not_hide_a_likely_duplicate(words, chance):
    mixed = chance.sample(words, len(words))

    assert name_key(" ".join(mixed)) == name_key(" ".join(words))


@given(WORDS)
def test_accents_case_form_and_i_or_y_do_not_hide_a_likely_duplicate(words):
    name = " ".join(words)

    assert name_key(fold(name)) == name_key(name)
    assert name_key(unicodedata.normalize("NFD", name)) == name_key(unicodedata.normalize("NFC", name))
    assert name_key(fold(name).replace("i", "y")) == name_key(name)


@given(st.text())
def test_people_are_sorted_by_the_words_of_their_name_and_nothing_else(name):
    assert sorted(sort_key(name).split()) == sorted(fold(name).split())
    assert sort_key(name).split()[:1] == fold(name).split()[-1:]


def test_vietnamese_lists_go_by_the_given_name():
    names = ["Trần Thị Ánh", "Bùi Văn Bình", "Đỗ An", "Lê Ân", "An"]

    assert sorted(names, key=sort_key) == ["An", "Đỗ An", "Lê Ân", "Trần Thị Ánh", "Bùi Văn Bình"]
