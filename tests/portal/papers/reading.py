"""What a paper says, read back from the file: without spaces, since a line is broken where the page ends."""

import io
import zipfile

from lxml import etree
from pypdf import PdfReader

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def letters(text):
    return "".join(text.split())


def of_word(content):
    part = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    return letters("".join(part.itertext(f"{W}t")))


def of_pdf(content):
    """All pages, without the numbers above them."""
    first, *more = (letters(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages)
    for number, page in enumerate(more, start=2):
        assert page.startswith(str(number))
        first += page.removeprefix(str(number))
    return first


def say_the_same(word, pdf, *, headings=""):
    """The PDF has the headings of a table again on each page."""
    word, pdf, headings = of_word(word), of_pdf(pdf), letters(headings)
    assert (headings in word) == (headings in pdf)
    if headings:
        word, pdf = word.replace(headings, ""), pdf.replace(headings, "")
    assert word == pdf
