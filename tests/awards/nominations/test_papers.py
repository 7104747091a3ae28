"""The official papers of a submission: the words agree with its data, and only who sees it takes them."""

import pytest
from django.urls import reverse

from portal.models import Entry
from portal.papers.base import papers
from portal.papers.services import data_of
from tests import make
from tests.portal.papers.reading import of_word, say_the_same

KINDS = ("submission",)


def url(paper, kind="submission", form="docx"):
    return reverse("submission_paper", args=[paper.pk, kind, form])


@pytest.fixture
def two(world, paper, draft):
    """The paper with a person for one award and a collective for another."""
    world.hue.seat = "Huế"
    world.hue.save()
    group = world.hue.collectives.create(code="R1", name="Phòng 1 & <Tổ> #2")
    make.nomination(paper, group, world.officer, award="TTLDTT")
    return paper


def test_the_words_agree_with_the_record(two):
    told = data_of(papers()["submission"], two)
    assert (told["so_ca_nhan"], told["so_tap_the"], told["tong_so"]) == ("1", "1", "2")
    assert [(row["tt"], row["ca_nhan"], row["tap_the"]) for row in told["danh_hieu"]] == [
        ("1", "0", "1"),
        ("2", "1", "0"),
    ]
    assert told["noi_va_ngay"] == "Huế, ngày 20 tháng 11 năm 2026"
    assert (told["ngay_hop"], told["du_hop"], told["tong_thanh_vien"]) == ("18 tháng 11 năm 2026", "9", "9")
    assert told["kinh_gui"] == two.unit.parent.name_vi
    assert told["can_cu"][0].startswith("Luật Thi đua, khen thưởng")


def test_a_nomination_that_was_dropped_is_not_counted(world, two, draft):
    draft.state = draft.State.WITHDRAWN
    draft.save()
    assert data_of(papers()["submission"], two)["tong_so"] == "1"


def test_what_is_not_known_is_left_to_be_written(world):
    bare = make.submission(world.hue, world.officer, number="", dated=None, council_on=None, council_members=None,
                           council_present=None, declared_true=False)  # fmt: skip
    told = data_of(papers()["submission"], bare)
    assert told["so_ky_hieu"] == "……/TTr"
    assert "ngày …… tháng …… năm ……" in told["noi_va_ngay"]
    assert not told["cam_doan"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_are_the_fields_that_masters_may_name(two, kind):
    paper = papers()[kind]
    told = data_of(paper, two)
    assert told.keys() == {field.name for field in paper.fields}
    for field in paper.fields:
        if field.rows:
            assert [row.keys() for row in told[field.name]] == [{r.name for r in field.rows}] * len(told[field.name])


@pytest.mark.parametrize("kind", KINDS)
def test_word_and_pdf_of_the_record_say_the_same(client, world, two, kind):
    client.force_login(world.officer)
    word, pdf = (client.get(url(two, kind, form)).content for form in ("docx", "pdf"))
    say_the_same(word, pdf)
    assert client.get(url(two, kind, "docx")).content == word


def test_the_same_in_english_for_papers_are_vietnamese(client, world, two):
    client.force_login(world.officer)
    first = client.get(url(two)).content
    client.cookies["django_language"] = "en"
    assert client.get(url(two)).content == first


def test_who_may_see_the_paper_takes_it_and_the_trail_says_so(client, world, two):
    client.force_login(world.officer)
    answer = client.get(url(two, form="pdf"), {"in": ""})
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(url(two, form="pdf"))["Content-Disposition"].startswith("attachment")
    line = Entry.objects.about(two).first()
    assert (line.verb, line.by, line.note) == ("export", world.officer, "Tờ trình (PDF)")


def test_a_stranger_gets_404_and_so_does_an_unknown_paper(client, world, two):
    client.force_login(world.stranger)
    assert client.get(url(two)).status_code == 404
    client.force_login(world.officer)
    assert client.get(url(two, "plan")).status_code == 404
    assert client.get(url(two, form="exe")).status_code == 404


def test_the_page_offers_to_print_and_to_take_word(client, world, two):
    client.force_login(world.officer)
    page = client.get(two.get_absolute_url()).content.decode()
    assert f"{url(two, form='pdf')}?in" in page
    assert url(two) in page


def test_a_paper_asks_as_much_for_many_as_for_few(world, two, django_assert_max_num_queries):
    for place in range(12):
        make.nomination(two, make.person(f"Lê {place}", world.hue), world.officer)
    with django_assert_max_num_queries(8):
        data_of(papers()["submission"], two)


def test_the_text_of_the_paper_holds_odd_names_as_they_are(client, world, two):
    two.title = "Về việc & <b> # $ * _ @ \\ {{ x }}"
    two.save()
    client.force_login(world.officer)
    assert "Vềviệc&<b>#$*_@\\{{x}}" in of_word(client.get(url(two)).content)
