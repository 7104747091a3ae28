"""Papers of every kind, made of examples: Word and PDF say the same, whatever the names hold."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from portal.papers import services, wording
from portal.papers.base import papers
from portal.papers.wording import STYLES, Columns, Only, Repeat, Table
from tests.portal.papers.reading import letters, of_pdf, of_word, say_the_same

pytestmark = pytest.mark.django_db

ODD = 'Nguyễn & Cộng sự <b> #1 $x$ *đậm* _nghiêng_ @ai \\ "trích" [a] {{ x }} {% if %} ~'


def headings(paper):
    tables = [block for block in _flat(wording.of(paper.kind).blocks) if isinstance(block, Table)]
    return "".join(column.head for column in tables[-1].columns) if tables else ""


def _flat(blocks):
    for block in blocks:
        if isinstance(block, Repeat | Only):
            yield from _flat(block.blocks)
        elif isinstance(block, Columns):
            for cell in block.cells:
                yield from _flat(cell)
        else:
            yield block


def both(paper, data):
    return services.make(paper, "docx", data), services.make(paper, "pdf", data)


def everywhere(value, text):
    """The same data with that text at the end of every value."""
    if isinstance(value, dict):
        return {name: everywhere(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [everywhere(each, text) for each in value]
    return f"{value} {text}" if isinstance(value, str) else value


@pytest.fixture(params=sorted(papers()))
def paper(request):
    return papers()[request.param]


def test_word_and_pdf_say_the_same(paper):
    say_the_same(*both(paper, paper.example), headings=headings(paper))


def test_no_sign_in_a_name_is_read_as_a_command(paper):
    word, pdf = both(paper, everywhere(paper.example, ODD))
    say_the_same(word, pdf, headings=headings(paper))
    assert letters(ODD) in of_word(word)


def test_a_paper_made_again_is_the_same_to_the_byte(paper):
    assert both(paper, paper.example) == both(paper, paper.example)


def test_a_paper_without_anything_in_its_lists_still_says_the_same(paper):
    bare = {name: [] if isinstance(value, list) else "" for name, value in paper.example.items()}
    say_the_same(*both(paper, bare), headings=headings(paper))


def test_every_style_that_a_wording_names_is_known(paper):
    styles = {getattr(block, "style", "text") for block in _flat(wording.of(paper.kind).blocks)}
    assert styles <= STYLES.keys()


def test_the_pages_are_those_of_the_decree(paper):
    page = PdfReader(io.BytesIO(services.make(paper, "pdf", paper.example))).pages[0].mediabox
    landscape = wording.of(paper.kind).landscape
    assert (round(page.width), round(page.height)) == ((842, 595) if landscape else (595, 842))
    word = zipfile.ZipFile(io.BytesIO(services.make(paper, "docx", paper.example))).read("word/document.xml").decode()
    assert 'w:top="1134" w:bottom="1134" w:left="1701" w:right="850"' in word  # 20, 20, 30, 15 mm
    assert ('w:orient="landscape"' in word) == landscape


def test_the_faces_are_embedded_and_hold_vietnamese(paper):
    pdf = PdfReader(io.BytesIO(services.make(paper, "pdf", paper.example)))
    fonts = {str(font.get_object()["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert all("LiberationSerif" in name for name in fonts)


def listed(count, **told):
    """A short list of so many lines."""
    paper = papers()["short-list"]
    [line, _second] = paper.example["danh_sach"]
    rows = [line | {"tt": str(place)} | told for place in range(1, count + 1)]
    return both(paper, paper.example | {"danh_sach": rows, "tong_so": str(count)})


def test_the_headings_of_a_list_stand_on_every_page_and_its_number_from_the_second_on():
    word, pdf = listed(60)
    first, *more = [letters(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert more
    assert all(page.startswith(f"{number}TTHọtên") for number, page in enumerate(more[:-1], start=2))
    assert not first.startswith("1TT")
    xml = zipfile.ZipFile(io.BytesIO(word))
    assert xml.read("word/document.xml").count(b"<w:tblHeader/>") == 1
    assert b"<w:titlePg/>" in xml.read("word/document.xml")
    assert b'w:instr="PAGE"' in xml.read("word/header1.xml")


def test_one_line_and_none_say_the_same_as_many():
    for count in (0, 1, 60):
        say_the_same(*listed(count), headings=headings(papers()["short-list"]))


def test_names_of_120_letters_are_whole():
    name = ("Phòng Kiểm sát việc giải quyết các vụ án hành chính, kinh doanh " * 2)[:120]
    word, pdf = listed(5, ten=name)
    say_the_same(word, pdf, headings=headings(papers()["short-list"]))
    assert of_word(word).count(letters(name)) == 5


def test_a_row_stays_whole_unless_it_could_be_higher_than_a_page():
    def held(content):
        return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").count(b"<w:cantSplit/>")

    short, _pdf = listed(3)
    long, pdf = listed(3, thanh_tich="Kiểm sát 42 vụ án. " * 200)
    assert held(short) - held(long) == 3
    heading = letters(headings(papers()["short-list"]))
    assert sorted(of_word(long).replace(heading, "")) == sorted(of_pdf(pdf).replace(heading, ""))
