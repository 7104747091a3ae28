"""Tables as people make them are read; those made to do harm, or by mistake, are refused in words."""

import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.exchange.columns import Column, Unreadable, heading_key, read_day, tidy
from portal.exchange.reading import kinds
from portal.exchange.sheet import Sheet
from portal.files.sheets import FORMULA_STARTS
from tests import make

COLUMNS = (
    Column("code", "Mã số", "code", required=True, limit=10),
    Column("name", "Họ và tên", required=True, limit=30),
    Column("day", "Ngày sinh", "date"),
    Column("count", "Số lượng", "int", low=0, high=500),
    Column("kind", "Loại", "choice", choices=(("a", "Tập thể"), ("b", "Cá nhân"))),
    Column("lead", "Lãnh đạo", "bool"),
)
SHEET = Sheet("Thử", COLUMNS)
HEAD = ["Mã số", "Họ và tên", "Ngày sinh", "Số lượng", "Loại", "Lãnh đạo"]


def read(*rows):
    return SHEET.read(make.xlsx(*rows))


def values(*rows):
    got = read(*rows)
    assert got.problems.found == []
    return [line.values for line in got.lines]


def words_of(*rows):
    return [(row, cell, words) for row, _column, cell, words in read(*rows).problems.sorted()]


def packed(**parts):
    """A workbook's archive with parts added or replaced."""
    plain = io.BytesIO(make.xlsx(HEAD, ["A1", "An"]).read())
    stream = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.namelist():
            if entry not in parts:
                made.writestr(entry, source.read(entry))
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def sheet_xml(rows, dimension="A1:F9"):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'


def text_row(number, *texts):
    cells = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCDEF", texts, strict=False)
    )
    return f'<row r="{number}">{cells}</row>'


SHEET1 = "xl/worksheets/sheet1.xml"


# --- files that are refused ---


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "Tệp rỗng"),
        ("a.xlsx", packed(**{"xl/vbaProject.bin": b"x"}), "macro"),
        ("a.xlsx", packed(**{"xl/media/bomb.bin": b"\0" * 3_000_000}), "quá lớn nên không nhận được"),
        ("a.xlsx", packed(**{SHEET1: sheet_xml("<row>" * 9)}), "hỏng"),
        ("a.xlsx", packed(**{SHEET1: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "hỏng"),
        (
            "a.xlsx",
            packed(**{SHEET1: sheet_xml(text_row(1, *HEAD) + '<row r="x"><c t="s"><v>99</v></c></row>')}),
            "hỏng",
        ),
        ("a.xlsx", packed()[:-40], "hỏng"),
        ("a.xlsx", b"%PDF-1.7\n%%EOF", "không phải bảng tính"),
        ("a.docx", packed(), "Đuôi tệp"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "đời cũ"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "không phải bảng tính"),
        ("a.csv", "Mã số;Họ và tên\r\nA1;".encode() + b'"' + b"x\r\n" * 2000, "ngoặc kép"),
        ("a.csv", b"a;" * 200_000, "dòng quá dài"),
        ("a.html", b"<table></table>", "không phải bảng tính"),
        ("a.csv", "Tên;Tuổi\r\nAn;3".encode(), "Không tìm thấy dòng tiêu đề"),
    ],
)
def test_what_is_no_sane_table_is_refused_with_what_to_do(name, content, words):
    with pytest.raises(ValidationError) as refused:
        SHEET.read(SimpleUploadedFile(name, content))
    assert words in " ".join(refused.value.messages)


def test_a_file_above_the_limit_is_refused_before_it_is_read(settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(ValidationError, match="quá lớn"):
        kinds.check_table(make.xlsx(HEAD))


def test_a_million_rows_are_refused_and_a_million_declared_are_not_believed(monkeypatch):
    few = sheet_xml(text_row(1, *HEAD) + text_row(2, "A1", "An") + '<row r="900000"/>', "A1:XFD1048576")
    assert [line.number for line in SHEET.read(SimpleUploadedFile("a.xlsx", packed(**{SHEET1: few}))).lines] == [2]

    monkeypatch.setattr("portal.exchange.reading.tables.MAX_ROWS", 20)
    many = sheet_xml(text_row(1, *HEAD) + "".join(text_row(i, "A", "An") for i in range(2, 30)), "A1:B1000000")
    with pytest.raises(ValidationError, match="quá nhiều dòng"):
        SHEET.read(SimpleUploadedFile("a.xlsx", packed(**{SHEET1: many})))


def test_parts_that_would_be_held_whole_are_bounded(monkeypatch):
    monkeypatch.setattr(kinds, "MAX_PART", 10)
    with pytest.raises(ValidationError, match="quá lớn nên không nhận được"):
        kinds.check_table(make.xlsx(HEAD))


# --- headings ---


def test_the_heading_is_found_below_a_title_blind_to_case_accents_and_stars():
    got = values(
        ["VIỆN KIỂM SÁT NHÂN DÂN TỐI CAO"],
        [],
        ["DANH SÁCH CÁN BỘ"],
        ["STT", " HO VA  TEN (*)", "mã SỐ", "Ghi chú"],
        [1, "Nguyễn Văn An", "A1", "mới"],
    )
    assert got == [{"name": "Nguyễn Văn An", "code": "A1"}]


def test_merged_heading_cells_over_two_rows_are_read_as_one():
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["BẢNG TỔNG HỢP"])
    sheet.append(["Mã số", "Lý lịch", None, "Số lượng"])
    sheet.append([None, "Họ và tên", "Ngày sinh", None])
    sheet.append([f"({i})" for i in range(1, 5)])
    sheet.append(["A1", "An", "2/9/1980", 4])
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(merged)
    book.save(stream)

    got = SHEET.read(SimpleUploadedFile("a.xlsx", stream.getvalue()))

    assert [(line.number, line.values) for line in got.lines] == [
        (5, {"code": "A1", "name": "An", "day": date(1980, 9, 2), "count": 4})
    ]


def test_missing_doubled_and_unknown_columns_are_told_by_name():
    got = read(["Mã số", "Mã số", "Ngày sinh", "Ghi chú"], ["A1", "A2", None, "x"])
    assert [(column, words) for _row, column, _cell, words in got.problems.found] == [
        ("Mã số", "Cột này có hai lần. Hãy bỏ bớt một cột."),
        ("Họ và tên", "Thiếu cột này."),
    ]
    assert "«Số lượng», «Loại», «Lãnh đạo»" in got.notes[0]
    assert "«Ghi chú» (1)" in got.notes[1]
    assert len(got.notes) == 2


def test_a_table_on_a_later_sheet_is_found():
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["Hướng dẫn"])
    other = book.create_sheet("Dữ liệu")
    other.append(HEAD)
    other.append(["A1", "An"])
    book.save(stream)
    assert len(SHEET.read(SimpleUploadedFile("a.xlsx", stream.getvalue())).lines) == 1


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers():
    got = read(HEAD, [], ["A1", "An"], ["   ", None], [], ["A2", "Bình"], [], [])
    assert [line.number for line in got.lines] == [3, 6]


# --- cells ---


def test_names_in_any_unicode_form_become_one_clean_line():
    decomposed = unicodedata.normalize("NFD", "Nguyễn  Thị\u00a0Lý\u200b\n")
    assert values(HEAD, ["A1", decomposed])[0]["name"] == "Nguyễn Thị Lý"


def test_numbers_that_stand_for_codes_are_read_as_they_were_typed():
    book, stream = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    book.active.append([123.0, "An"])
    book.active.append([123, "An"])
    book.active["A3"].number_format = "00000"
    book.active.append([1234567890123456, "An"])
    book.save(stream)
    got = SHEET.read(SimpleUploadedFile("a.xlsx", stream.getvalue()))
    assert [line["code"] for line in got.lines] == ["123", "00123", None]
    assert "làm tròn" in got.problems.found[0][3]


def test_every_mistake_is_told_at_once_by_row_and_cell():
    assert words_of(
        HEAD,
        [None, "An"],
        ["A 2", "x" * 31],
        ["A3", "=1+1", "30/2/2020", "ba", "hội", "có lẽ"],
        ["A4", "An", "12/31/2025", 501, "a", 1],
        ["A5", "#N/A", date(1890, 1, 1), 2.5],
        ["A6", True, True, -1],
        ["A7", datetime(2020, 1, 1), 2025],  # noqa: DTZ001 -- Excel's days have no zone
    ) == [
        (2, "A2", "Chưa ghi."),
        (3, "A3", "Mã chỉ gồm chữ không dấu, chữ số và các dấu . - _ / @ +, không có dấu cách."),
        (3, "B3", "Dài quá 30 ký tự."),
        (4, "B4", "Ô này là công thức. Hãy chép lại thành giá trị (Dán đặc biệt → Giá trị)."),
        (4, "C4", "Không có ngày «30/2/2020» trong lịch."),
        (4, "D4", "Hãy ghi một số nguyên."),
        (4, "E4", "Hãy chọn một trong: Tập thể, Cá nhân."),
        (4, "F4", "Hãy ghi «Có» hoặc «Không»."),
        (5, "C5", "Trong «12/31/2025» tháng lớn hơn 12. Hãy viết ngày trước, tháng sau."),
        (5, "D5", "Số phải từ 0 đến 500."),
        (6, "B6", "Ô này báo lỗi #N/A. Hãy gõ lại giá trị."),
        (6, "C6", "Năm 1890 không hợp lý."),
        (6, "D6", "Hãy ghi một số nguyên."),
        (7, "B7", "Ô này đang là giá trị đúng/sai của Excel. Hãy gõ lại bằng chữ."),
        (7, "C7", "Không đọc được ngày «True». Hãy viết ngày/tháng/năm, ví dụ 31/12/2025."),
        (7, "D7", "Số phải từ 0 đến 500."),
        (8, "B8", "Excel đã đổi ô này thành ngày giờ. Hãy định dạng cột là Văn bản (Text) rồi gõ lại."),
        (8, "C8", "Không đọc được ngày «2025». Hãy viết ngày/tháng/năm, ví dụ 31/12/2025."),
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("31-12-25", date(2025, 12, 31)),
        ("31.12.2025", date(2025, 12, 31)),
        (" 1 / 7 / 2025 ", date(2025, 7, 1)),
        ("01 07 2025", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("2025-07-01 00:00:00", date(2025, 7, 1)),
        ("ngày 01 tháng 7 năm 2025", date(2025, 7, 1)),
        ("01/02/85", date(1985, 2, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("46022", date(2025, 12, 31)),
        (46022, date(2025, 12, 31)),
        (46022.5, date(2025, 12, 31)),
        (date(2025, 12, 31), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 7, 30), date(2025, 12, 31)),  # noqa: DTZ001 -- as above
    ],
)
def test_days_are_read_as_they_are_typed_in_vietnam(typed, day):
    assert values(HEAD, ["A1", "An", typed])[0]["day"] == day


@pytest.mark.parametrize(
    "typed",
    [
        "29/02/2023",
        "31/11/2025",
        "0/1/2025",
        "12/2025",
        "2025",
        "31/12/40",
        "31/12-2025",
        "hôm qua",
        "1/1/0203",
        "३/१/२०२५",
    ],
)
def test_a_day_that_is_none_or_could_be_two_is_a_problem(typed):
    with pytest.raises(Unreadable):
        read_day(typed)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from("/.-"), st.booleans())
def test_every_day_is_read_back_however_it_is_written(day, mark, padded):
    two = (lambda n: f"{n:02d}") if padded else str
    assert read_day(f"{two(day.day)}{mark}{two(day.month)}{mark}{day.year}") == day
    assert read_day(day.isoformat()) == day


@given(st.text())
def test_any_text_is_a_day_or_told_in_words(text):
    try:
        assert isinstance(read_day(text), date)
    except Unreadable as words:
        assert str(words)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text):
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert heading_key(unicodedata.normalize("NFD", text)) == heading_key(text)


# --- CSV ---


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_a_csv_is_read_under_its_own_delimiter_and_encoding(delimiter, encoding):
    file = make.csv(HEAD, ["A1", "Nguyễn Văn Ửng", "1/2/2020", 5], delimiter=delimiter, encoding=encoding)
    assert SHEET.read(file).lines[0].values == {
        "code": "A1",
        "name": "Nguyễn Văn Ửng",
        "day": date(2020, 2, 1),
        "count": 5,
    }


def test_a_csv_in_the_code_page_of_old_windows_is_read():
    # it has the letters with hats, and the tones as marks of their own
    text = "Ma\u0303 sô\u0301;Ho\u0323 và tên\r\nA1;Đô\u0303 Thi\u0323 Hă\u0300ng\r\n"
    file = SimpleUploadedFile("a.csv", text.encode("cp1258"))
    assert SHEET.read(file).lines[0]["name"] == "Đỗ Thị Hằng"


def test_codes_keep_their_zeros_and_formulas_are_refused_in_a_csv():
    got = SHEET.read(make.csv(HEAD, ['="00123"', "An"], ["A2", "=cmd|x"], ["A3", "'=An"], ["A4", "-"]))
    assert [(line["code"], line["name"]) for line in got.lines] == [
        ("00123", "An"),
        ("A2", None),
        ("A3", "=An"),
        ("A4", "-"),
    ]
    assert [(row, cell) for row, _column, cell, _words in got.problems.found] == [(3, "B3")]


# --- out, and in again ---

SAID = [
    {"code": "A-1", "name": f"{start}1+1 «x»", "day": date(2025, 7, 1), "count": 0, "kind": "b", "lead": False}
    for start in ("=", "+", "-", "@", "'")
] + [{"code": "00123", "name": "#N/A", "day": None, "count": 500, "kind": "a", "lead": True}]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_is_read_back_unchanged(kind):
    file = SimpleUploadedFile(f"a.{kind}", SHEET.export(SAID, kind))
    got = SHEET.read(file)
    assert got.problems.found == []
    assert [line.values for line in got.lines] == [
        {key: value for key, value in row.items() if value is not None} for row in SAID
    ]


def test_no_exported_cell_is_a_formula():
    book = load_workbook(io.BytesIO(SHEET.export(SAID, "xlsx")))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value.startswith(FORMULA_STARTS))
    text = SHEET.export(SAID, "csv").decode("utf-8-sig")
    assert not [part for line in text.splitlines() for part in line.split(";") if part.startswith(FORMULA_STARTS)]


def test_the_template_explains_itself_offers_choices_and_is_read_as_an_empty_list():
    content = SHEET.template(None)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Thử", "Hướng dẫn", "Danh sách chọn"]
    assert book["Thử"]["A1"].value == "Mã số (*)"
    assert {rule.formula1 for rule in book["Thử"].data_validations.dataValidation} == {
        "'Danh sách chọn'!$E$1:$E$2",
        "'Danh sách chọn'!$F$1:$F$2",
    }
    assert book["Thử"].column_dimensions["A"].number_format == "@"
    got = SHEET.read(SimpleUploadedFile("mau.xlsx", content))
    assert (got.lines, got.problems.found, got.notes) == ([], [], [])
