"""Every file that is no table is named for what it is, whatever its name says."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.exchange.columns import Column
from portal.exchange.sheet import Sheet
from tests import make

SHEET = Sheet(
    "Thử",
    (
        Column("code", "Mã số", "code", required=True),
        Column("name", "Họ và tên", required=True),
        Column("post", "Chức vụ"),
    ),
)
HEAD = ["Mã số", "Họ và tên", "Chức vụ"]


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def ods():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", "<office:document-content/>")
        made.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
    return stream.getvalue()


def workbook_with(part, content):
    plain, stream = make.xlsx(HEAD, ["A1", "An"]), io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(stream, "w") as made:
        for entry in source.namelist():
            made.writestr(entry, content(source.read(entry)) if entry == part else source.read(entry))
    return stream.getvalue()


def strict(content):
    return content.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


TABLE = "<table><tr><td>Mã số</td></tr></table>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize("end", ["xlsx", "xls", "csv"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (TABLE.encode(), "HTML"),
        (f"\ufeff  \r\n<html>{TABLE}</html>".encode(), "HTML"),
        (f"<!DOCTYPE html><html>{TABLE}</html>".encode("utf-16"), "HTML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "HTML"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "HTML"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML Spreadsheet 2003",
        ),
        (ods(), ".ods"),
        (OLE, ".xls"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"{\\rtf1 x}", "Word"),
        (b"%PDF-1.7\n%%EOF", "PDF"),
    ],
)
def test_a_file_is_named_for_what_it_is(content, words, end):
    with pytest.raises(ValidationError) as refused:
        SHEET.read(SimpleUploadedFile(f"a.{end}", content))
    assert words in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", "Mã số;Họ và tên\r\nA1;An".encode("utf-8-sig"), "CSV nhưng mang đuôi .xlsx"),
        ("a.xls", "Mã số\tHọ và tên\r\nA1\tAn".encode("utf-16"), "CSV nhưng mang đuôi .xls"),
        ("a.xlsx", workbook_with("xl/workbook.xml", strict), "Strict Open XML"),
        (
            "a.xlsx",
            packed(
                **{
                    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
                    "xl/workbook.bin": b"x",
                }
            ),
            ".xlsb",
        ),
    ],
)
def test_a_table_of_another_kind_is_named_with_what_to_do(name, content, words):
    with pytest.raises(ValidationError) as refused:
        SHEET.read(SimpleUploadedFile(name, content))
    assert words in " ".join(refused.value.messages)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_however_a_program_saves_it(encoding, delimiter):
    file = make.csv(HEAD, ["A1", "Nguyễn Thị Ửng", "Kiểm sát viên"], delimiter=delimiter, encoding=encoding)
    assert [line.values for line in SHEET.read(file).lines] == [
        {"code": "A1", "name": "Nguyễn Thị Ửng", "post": "Kiểm sát viên"}
    ]


def test_a_csv_of_the_vietnamese_code_page_and_one_of_an_old_typeface_are_told_apart():
    vietnamese = "Ma\u0303 sô\u0301;Ho\u0323 và tên\r\nA1;Đô\u0303 Thi\u0323 Hă\u0300ng\r\nA2;Lê Văn Phươ\u0301c"
    got = SHEET.read(SimpleUploadedFile("a.csv", vietnamese.encode("cp1258")))
    assert [line["name"] for line in got.lines] == ["Đỗ Thị Hằng", "Lê Văn Phước"]

    old = "M· sè;Hä vµ tªn;Chøc vô\r\nA1;§ç ThÞ H»ng;KiÓm s¸t viªn\r\nA2;Lª V¨n Ph\xadíc;Chuyªn viªn"
    got = SHEET.read(SimpleUploadedFile("a.csv", old.encode("latin-1")))
    assert [line["name"] for line in got.lines] == ["Đỗ Thị Hằng", "Lê Văn Phước"]
