"""Files are told by their content; hostile ones are turned away with words."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from portal.files import archives, uploads
from tests import make

PDF = make.PDF
DOCX_TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{uploads.DOCX}.main+xml"/></Types>'


def archive(entries):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return stream.getvalue()


def docx(*more, types=DOCX_TYPES):
    return archive([("[Content_Types].xml", types), ("word/document.xml", "<w/>"), *more])


def xlsx():
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def picture(kind, size=(4, 4)):
    stream = io.BytesIO()
    Image.new("1" if size[0] > 1000 else "RGB", size).save(stream, kind)
    return stream.getvalue()


def check(content, name):
    return uploads.check_upload(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("Kế hoạch.pdf", PDF, uploads.PDF),
        ("ke-hoach.DOCX", docx(), uploads.DOCX),
        ("bang.xlsx", xlsx(), uploads.XLSX),
        ("anh.png", picture("PNG"), "image/png"),
        ("anh.jpg", picture("JPEG"), "image/jpeg"),
        ("anh.jpeg", picture("JPEG"), "image/jpeg"),
        ("anh.webp", picture("WEBP"), "image/webp"),
    ],
)
def test_what_offices_send_is_taken(name, content, found):
    assert check(content, name) == found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rong.pdf", b""),
        ("trang.pdf", b"<html><script>alert(1)</script></html>"),
        ("cut.pdf", b"%PDF-1.7 no end"),
        ("anh.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("anh.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("anh.png", b"\x89PNG\r\n\x1a\n but no picture"),
        ("anh.gif", b"GIF89a" + b"\0" * 40),
        ("anh.pdf", picture("PNG")),
        ("anh.docx", xlsx()),
        ("bang.xlsx", docx()),
        ("ke-hoach.pdf", docx()),
        ("khong-duoi", PDF),
        ("a.exe", b"MZ\x90\0" + b"\0" * 60),
        ("a.docx", archive([("word/document.xml", "<w/>")])),
        ("a.docx", archive([("hello.txt", "x")])),
        ("a.docx", docx(types="<Types/>")),
        ("a.docx", docx()[:-30]),
        ("a.docx", b"PK\x03\x04" + b"\xff" * 200),
        ("a.docx", docx(("word/vbaProject.bin", "x"))),
        ("a.docx", docx(types=DOCX_TYPES + "application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("a.docx", docx(("../../etc/passwd", "x"))),
        ("a.docx", docx(("/etc/passwd", "x"))),
        ("a.docx", docx(("..\\..\\x", "x"))),
        ("a.docx", docx(("word/media/bomb.bin", b"\0" * 5_000_000))),
        ("a.docx", docx(*((f"word/media/{i}", "") for i in range(archives.MAX_ENTRIES)))),
        ("lon.png", picture("PNG", (10_000, 10_000))),
    ],
)
def test_hostile_and_mislabelled_files_are_refused(name, content):
    with pytest.raises(ValidationError):
        check(content, name)


def test_a_file_above_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    with pytest.raises(ValidationError, match="tối đa 1 MB"):
        check(PDF + b"\n" * 1024 * 1024 + b"%%EOF", "lon.pdf")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("C:\\Users\\a\\b.docx", "b.docx"),
        ("an\u202efdp.exe.pdf", "anfdp.exe.pdf"),
        ("xuống\ndòng\0.pdf", "xuống dòng.pdf"),
        ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
        ("...", "tep"),
        ("", "tep"),
    ],
)
def test_the_shown_name_carries_no_path_and_no_hidden_character(given, shown):
    assert uploads.safe_name(given) == shown


def test_a_long_name_keeps_its_ending():
    name = uploads.safe_name("á" * 400 + ".docx")
    assert len(name) <= 150
    assert name.endswith(".docx")


def test_a_served_file_is_a_download_that_runs_nothing():
    response = uploads.serve(ContentFile(PDF, name="x"), "Kế hoạch.pdf", uploads.PDF)
    assert b"".join(response) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == uploads.PDF


def test_the_fingerprint_is_that_of_the_content():
    file = SimpleUploadedFile("a.pdf", PDF)
    file.read(3)
    assert uploads.sha256_of(file) == hashlib.sha256(PDF).hexdigest()
    assert file.read(5) == b"%PDF-"
