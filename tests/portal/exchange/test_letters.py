"""Text of the typefaces before Unicode: known by its syllables, converted in words, refused where nobody can tell."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.styles import Font

from portal.exchange.columns import Column
from portal.exchange.reading import letters
from portal.exchange.sheet import Sheet
from tests import make

SHEET = Sheet(
    "Thử",
    (
        Column("code", "Mã số", "code", required=True),
        Column("name", "Họ và tên", required=True),
        Column("post", "Chức vụ"),
        Column("kind", "Loại", "choice", choices=(("a", "Tập thể"), ("b", "Cá nhân"))),
        Column("text", "Thành tích", limit=2000),
    ),
)
HEAD = ["Mã số", "Họ và tên", "Chức vụ", "Loại", "Thành tích"]


def read(*rows, head=HEAD):
    return SHEET.read(make.xlsx(head, *rows))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NguyÔn ThÞ Hoµi Th\xad¬ng", "Nguyễn Thị Hoài Thương"),
        ("TrÇn §øc ThÞnh", "Trần Đức Thịnh"),
        ("NGUYÔN V¡N B×NH", "NGUYỄN VĂN BÌNH"),
        ("§µm Quèc TuÊn", "Đàm Quốc Tuấn"),
        ("Kiểm sát viên", "Kiểm sát viên"),
        ("Nguyeãn Thò Hoaøi Thöông", "Nguyễn Thị Hoài Thương"),
        ("TRAÀN ÑÖÙC THÒNH", "TRẦN ĐỨC THỊNH"),
        ("Phoù Vieän tröôûng VKSND", "Phó Viện trưởng VKSND"),
        ("Ñaëng Thuøy Traâm", "Đặng Thùy Trâm"),
        ("Huyønh Kyø Phöôùc", "Huỳnh Kỳ Phước"),
    ],
)
def test_a_name_in_an_old_code_is_read_as_it_was_meant(typed, meant):
    assert [line["name"] for line in read(["A1", typed]).lines] == [meant]


@pytest.mark.parametrize(
    "name", ["Hà Nam", "Thuý Oánh", "Lê Chí Công", "Bùi Thông", "Müller", "Y Kđăm Niê", "Hoà Bình", "H'Hen Niê"]
)
def test_unicode_is_left_as_it_is(name):
    got = read(["A1", name, "Chuyên viên"], ["A2", "Lê Văn Hưởng", "Kế toán"])
    assert got.lines[0]["name"] == name
    assert got.problems.found == []
    assert not [note for note in got.notes if "mã chữ cũ" in note]


def test_every_column_and_the_heading_are_read_and_each_column_is_told():
    got = read(
        ["A1", "Vâ ThÞ S¸u", "Tr\xadëng phßng", "C¸ nh©n", "Hoµn thµnh xuÊt s¾c nhiÖm vô n¨m 2025"],
        ["A2", "Nguyễn Văn Bảy", "Chuyên viên", "cá nhân", "Hoàn thành tốt"],
        head=["M· sè", "Hä vµ tªn", "Chøc vô", "Lo¹i", "Thµnh tÝch"],
    )
    assert got.problems.found == []
    assert got.lines[0].values == {
        "code": "A1",
        "name": "Võ Thị Sáu",
        "post": "Trưởng phòng",
        "kind": "b",
        "text": "Hoàn thành xuất sắc nhiệm vụ năm 2025",
    }
    assert got.lines[1]["name"] == "Nguyễn Văn Bảy"
    assert sum("mã chữ cũ TCVN3 (ABC)" in note for note in got.notes) == 4


def test_a_name_with_two_readings_goes_by_its_row_its_column_or_is_refused():
    alone = read(["A1", "Vò Tó"])
    assert alone.lines[0]["name"] == "Vò Tó"
    by_row = read(["A1", "Vò Tó", "KiÓm s¸t viªn"], ["A2", "Lê Văn Hưởng"])
    assert by_row.lines[0]["name"] == "Vũ Tú"
    by_column = read(["A1", "Vò Tó"], ["A2", "NguyÔn V¨n An"])
    assert by_column.lines[0]["name"] == "Vũ Tú"
    mixed = read(["A1", "Vò Tó"], ["A2", "NguyÔn V¨n An"], ["A3", "Lê Văn Hưởng"])
    ((row, column, cell, words),) = mixed.problems.found
    assert (row, column, cell) == (2, "Họ và tên", "B2")
    assert "«Vũ Tú / " in words


def test_the_typeface_of_a_cell_decides():
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(HEAD)
    for code, name, font in (("A1", "Vò Tó", ".VnTime"), ("A2", "Vò Tó", "Arial"), ("A3", "Leâ Thò Hoà", "VNI-Times"),
                             ("A4", "lª v¨n tó", ".VnTimeH"), ("A5", "Lê Văn Tú", ".VnArial")):  # fmt: skip
        sheet.append([code, name])
        sheet.cell(sheet.max_row, 2).font = Font(name=font)
    book.save(stream)
    got = SHEET.read(SimpleUploadedFile("a.xlsx", stream.getvalue()))
    said = {line["code"]: line["name"] for line in got.lines}
    assert said == {"A1": "Vũ Tú", "A2": None, "A3": "Lê Thị Hồ", "A4": "LÊ VĂN TÚ", "A5": "Lê Văn Tú"}
    assert [row for row, *_rest in got.problems.found] == [3]


@pytest.mark.parametrize("name", ["Nguy?n Th? Hoài", "Tr?n ??c Th?nh", "Lê V?n", "Nguy\ufffdn", "????"])
def test_a_name_with_lost_letters_is_refused_at_its_row(name):
    got = read(["A1", "Lê Văn An"], ["A2", name])
    assert [(row, cell) for row, _column, cell, _words in got.problems.found] == [(3, "B3")]
    assert "CSV UTF-8" in got.problems.found[0][3]


def test_a_question_in_a_long_text_and_an_address_have_lost_nothing():
    text = "Vì sao án quá hạn? Đã tra cứu https://vksnd.gov.vn/tim?ma=1 và xử lý."
    got = read(["A1", "Lê Văn An", None, None, text])
    assert (got.problems.found, got.lines[0]["text"]) == ([], text)
    assert read(["A1", "An", None, None, "Hoàn thành nhi?m v?"]).problems.count == 1


def test_every_letter_of_the_old_codes_is_known():
    tones = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
    assert set(letters._TCVN3.values()) >= set(tones) - set("aeiouy")
    vni = "aù aø aû aõ aï aê aè aú aü aé aë aâ aà aå aã aá aä eù eø eû eõ eï eâ eà eå eã eá eä í ì æ ó ò"
    vni += " où oø oû oõ oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uù uø uû uõ uï ö öø öû öõ öù öï yù yø yû yõ î ñ"
    assert {letters.converted(part, letters.VNI) for part in vni.split()} == set(tones) - set("aeiouy")


@pytest.mark.parametrize("name", ["Nguyễn Thị Hoài Thương", "Đặng Văn Bình", "LÊ THỊ ÁNH", "Hà Nam"])
def test_utf_8_that_was_read_as_another_code_is_put_right_and_told(name):
    twice = "".join(
        chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in name.encode()
    )
    got = read(["A1", twice])
    assert got.lines[0]["name"] == name, twice
    assert any("mã chữ cũ UTF-8 (1252)" in note for note in got.notes)
