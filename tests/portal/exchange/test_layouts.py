"""Lists as offices lay them out: divided headings, sections, totals, signatures, sheets, what is hidden."""

import io
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from portal.exchange.columns import BORN, NAME, Column
from portal.exchange.lines import Choice
from portal.exchange.sheet import Sheet
from tests import make
from tests.portal.exchange.helpers import PEOPLE, apply, check, counts, taken
from units.models import Posting

SHEET = Sheet(
    "Thử",
    (
        Column("code", "Mã số", "code", required=True),
        Column("name", "Họ và tên", required=True),
        Column("year", "Năm sinh", "year", low=1920, high=2100),
        Column("gender", "Giới tính", "choice", choices=(("f", "Nữ"), ("m", "Nam"))),
        Column("number", "Số quyết định"),
        Column("day", "Ngày quyết định", "date"),
    ),
)


def book(*sheets, epoch=None):
    """A workbook of (rows, what to do to the sheet) each."""
    made, stream = Workbook(), io.BytesIO()
    if epoch:
        made.epoch = epoch
    made.remove(made.active)
    for place, (rows, mend) in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Trang {place}")
        for row in rows:
            sheet.append(row)
        if mend:
            mend(sheet)
    made.save(stream)
    return SimpleUploadedFile("a.xlsx", stream.getvalue())


def merged(*areas):
    return lambda sheet: [sheet.merge_cells(area) for area in areas]


def read(rows, mend=None, **how):
    return SHEET.read(book((rows, mend)), **how)


def said(got):
    assert got.problems.found == []
    return [line.values for line in got.lines]


# --- headings ---


def test_a_heading_of_three_rows_divided_twice_is_read():
    got = read(
        [
            ["DANH SÁCH"],
            ["TT", "Mã số", "Thông tin cá nhân", None, None, "Quyết định", None],
            [None, None, "Họ và tên", "Năm sinh", None, "Số", "Ngày"],
            [None, None, None, "Nam", "Nữ", None, None],
            [1, "A1", "Lê An", 1985, None, "1/QĐ", "02/09/2024"],
            [2, "A2", "Hồ Bé", None, 1990, "1/QĐ", "02/09/2024"],
        ],
        merged("A2:A4", "B2:B4", "C2:E2", "F2:G2", "C3:C4", "D3:E3", "F3:F4", "G3:G4"),
    )
    assert said(got) == [
        {"code": "A1", "name": "Lê An", "year": 1985, "gender": "m", "number": "1/QĐ", "day": date(2024, 9, 2)},
        {"code": "A2", "name": "Hồ Bé", "year": 1990, "gender": "f", "number": "1/QĐ", "day": date(2024, 9, 2)},
    ]


def test_a_divided_heading_is_read_in_a_csv_too_and_a_cross_names_the_choice():
    rows = [["Mã số", "Họ và tên", "Giới tính", "", "Năm sinh"], ["", "", "Nam", "Nữ", ""]]
    got = SHEET.read(make.csv(*rows, ["A1", "An", "x", "", 1985], ["A2", "Bé", "", "x", 1986]))
    assert [(line["name"], line["gender"]) for line in got.lines] == [("An", "m"), ("Bé", "f")]


def test_both_halves_of_a_divided_cell_filled_is_a_problem():
    got = read([["Mã số", "Họ và tên", "Năm sinh", None], [None, None, "Nam", "Nữ"], ["A1", "An", 1985, 1986]],
               merged("C1:D1"))  # fmt: skip
    assert [(row, column) for row, column, *_rest in got.problems.found] == [(3, "Năm sinh")]


def test_data_below_no_heading_is_a_problem_beside_a_text_and_told_elsewhere():
    beside = read([["Mã số", "Họ và tên", None, "Năm sinh"], ["A1", "Lê Văn", "An", 1985], ["A2", "Hồ", "Bé", 1986]])
    assert [(column, words[:20]) for _row, column, _cell, words in beside.problems.found] == [
        ("C", "Cột C có 2 ô có nội ")
    ]
    far = read([["Mã số", "Họ và tên", "Năm sinh", None], ["A1", "Lê An", 1985, "x"]])
    assert far.problems.found == []
    assert "Cột D không có tiêu đề: 1 ô không được đọc." in far.notes


# --- rows ---


def test_sections_totals_repeated_headings_and_signatures_are_left_aside_and_told():
    got = read(
        [
            ["TT", "Mã số", "Họ và tên", "Năm sinh", "Ghi chú"],
            ["A", "KHỐI VĂN PHÒNG"],
            ["I", None, "Văn phòng"],
            [1, "A1", "Lê An", 1985],
            [2, "A2", "Tống Cộng Hoà", 1986, "mới"],
            ["TT", "Mã số", "Họ và tên", "Năm sinh", "Ghi chú"],
            ["(1)", "(2)", "(3)", "(4)", "(5)"],
            ["II", None, "Phòng 1"],
            [3, "A3", "Cộng Thị Tổng", 1987],
            [None, None, "Cộng: 3 người"],
            ["Tổng cộng", None, 3],
            [],
            [None, "NGƯỜI LẬP", None, "VIỆN TRƯỞNG"],
            [],
            [None, "Lê B", None, "Nguyễn Văn C"],
        ]
    )
    assert [line["code"] for line in got.lines] == ["A1", "A2", "A3"]
    assert [line.section for line in got.lines] == ["Văn phòng", "Văn phòng", "Phòng 1"]
    (note,) = [note for note in got.notes if note.startswith("Không đọc")]
    assert "Không đọc 9 dòng" in note and "2 «A KHỐI VĂN PHÒNG»" in note and "15 «Lê B Nguyễn Văn C»" in note


def test_a_row_that_lacks_something_is_a_problem_and_not_left_aside():
    got = read([["TT", "Mã số", "Họ và tên"], [1, "A1", "Lê An"], [2, None, "Hồ Bé"], [3, "A3"], [4, None, None]])
    assert [(row, words) for row, _column, _cell, words in got.problems.sorted()] == [
        (3, "Chưa ghi."),
        (4, "Chưa ghi."),
    ]
    plain = read([["Mã số", "Họ và tên"], ["A1", "Lê An"], [None, "Hồ Bé"]])
    assert [row for row, *_rest in plain.problems.found] == [3]


def test_a_section_or_total_merged_across_is_left_aside_without_numbers():
    rows = [["Mã số", "Họ và tên", "Năm sinh"], ["Đội đặc nhiệm"], ["A1", "Lê An", 1985], ["Hết danh sách"]]
    got = read(rows, merged("A2:C2", "A4:C4"))
    assert [line["code"] for line in got.lines] == ["A1"]
    assert got.lines[0].section == "Đội đặc nhiệm"


def test_merged_data_is_filled_downwards_in_its_own_column_only():
    got = read(
        [["Mã số", "Họ và tên", "Số quyết định", "Ngày quyết định"], ["A1", "An", "1/QĐ", "01/02/2024"], ["A2", "Bé"],
         ["A3", "Cả", "2/QĐ", None]],
        merged("C2:C3", "D2:D4"),
    )  # fmt: skip
    assert [(line["number"], line["day"]) for line in got.lines] == [
        ("1/QĐ", date(2024, 2, 1)),
        ("1/QĐ", date(2024, 2, 1)),
        ("2/QĐ", date(2024, 2, 1)),
    ]


# --- days ---


@pytest.mark.parametrize("text", ["25/03/2015", "25-3-2015", "31.12.15"])
def test_half_swapped_days_are_told_with_their_rows(text):
    rows = [["A1", "An", None, None, None, text], ["A2", "Bé", None, None, None, datetime(2015, 5, 4)]]  # noqa: DTZ001
    head = ["Mã số", "Họ và tên", "Năm sinh", "Giới tính", "Số quyết định", "Ngày quyết định"]
    (note,) = [n for n in read([head, *rows]).notes if "đổi chỗ" in n]
    assert "các dòng 3 (1 dòng)" in note
    sound = [*rows, ["A3", "Cả", None, None, None, datetime(2015, 5, 30)]]  # noqa: DTZ001 -- Excel's days have no zone
    assert not [n for n in read([head, *sound]).notes if "đổi chỗ" in n]


def test_a_number_in_a_workbook_of_1904_is_the_day_that_it_shows():
    head = ["Mã số", "Họ và tên", "Ngày quyết định"]
    got = SHEET.read(book(([head, ["A1", "An", 44377], ["A2", "Bé", "01/07/2025"]], None), epoch=CALENDAR_MAC_1904))
    assert [line["day"] for line in got.lines] == [date(2025, 7, 1)] * 2


# --- sheets, and what is hidden ---

HEAD = ["Mã số", "Họ và tên"]


def test_sheets_of_the_same_kind_are_read_together_and_others_are_told_with_their_rows():
    hide = lambda sheet: setattr(sheet, "sheet_state", "hidden")  # noqa: E731
    file = book(
        ([HEAD, ["A1", "An"]], None),
        ([HEAD, ["A2", "Bé"], ["A3", "Cả"]], None),
        ([HEAD, ["A4", "Dư"]], hide),
        ([["Ghi chú"], ["x"]], None),
    )
    got = SHEET.read(file)
    assert [line["code"] for line in got.lines] == ["A1", "A2", "A3"]
    notes = " ".join(got.notes)
    assert "Đã đọc 2 trang tính: «Trang 1» (1 dòng), «Trang 2» (2 dòng)." in notes
    assert "Chưa đọc các trang tính cũng có bảng này: «Trang 3» (1 dòng)" in notes
    assert "không có bảng này: «Trang 4» (2 dòng)" in notes
    assert [(s["name"], s["read"], s["hidden"]) for s in got.choices["sheets"]] == [
        ("Trang 1", True, False), ("Trang 2", True, False), ("Trang 3", False, True)]  # fmt: skip

    chosen = SHEET.read(file, choice=Choice(("Trang 3",)))
    assert [line["code"] for line in chosen.lines] == ["A4"]
    assert "«Trang 1» (1 dòng), «Trang 2» (2 dòng)" in " ".join(chosen.notes)


def test_a_sheet_with_other_columns_is_told_and_not_mixed_in():
    got = SHEET.read(book(([HEAD, ["A1", "An"]], None), ([[*HEAD, "Năm sinh"], ["A2", "Bé", 1985]], None)))
    assert [line["code"] for line in got.lines] == ["A2"]
    assert "«Trang 1» (1 dòng)" in " ".join(got.notes) and got.unread


def test_a_list_that_is_only_on_a_hidden_sheet_is_refused_in_words():
    with pytest.raises(ValidationError, match="trang tính ẩn «Trang 1»"):
        SHEET.read(book(([HEAD, ["A1", "An"]], lambda s: setattr(s, "sheet_state", "veryHidden")), ([["x"]], None)))


def test_hidden_rows_and_columns_are_told():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["B"].hidden = True

    file = book(([HEAD, ["A1", "An"], ["A2", "Bé"], ["A3", "Cả"]], hide))
    got = SHEET.read(file)
    assert [line["code"] for line in got.lines] == ["A1"]
    assert any("2 dòng bị ẩn" in note and "3, 4" in note for note in got.notes)
    assert "Cột B bị ẩn trong tệp nhưng vẫn được đọc." in got.notes
    assert len(SHEET.read(file, choice=Choice(hidden=True)).lines) == 3


def test_rows_of_a_second_sheet_are_named_with_it(world):
    rows = [["H1", "Nguyễn An", 1985, "HUE"], ["H2", "Trần Bình", 1986, "HUE"]]
    job = check(
        "people",
        by=world.admin,
        file=book(([PEOPLE, *rows], None), ([PEOPLE, rows[0], ["H3", "Lê Ba", 1985, "X"]], None)),
    )
    told = {row % 10_000_000: words for row, _column, _cell, words in job.result["problems"]}
    assert told[2] == "Số hiệu H1 đã có ở dòng 2 («Trang 1»)."
    assert job.result["sheets"] == ["Trang 1", "Trang 2"]


@pytest.mark.parametrize("left", ["sheet", "rows", "other"])
def test_a_whole_list_ends_nobody_while_a_part_of_the_file_is_unread(world, left):
    rows = [["H1", "Nguyễn An", 1985, "HUE"], ["H2", "Trần Bình", 1990, "KV1"]]
    taken("people", *rows, by=world.admin)
    Posting.objects.filter(person__user__isnull=False).delete()
    whole = {"code": "HUE", "path": world.hue.path, "day": "2026-10-01"}
    mends = {
        "sheet": (([PEOPLE, rows[0]], None), ([PEOPLE, rows[1]], lambda s: setattr(s, "sheet_state", "hidden"))),
        "rows": (([PEOPLE, *rows], lambda s: setattr(s.row_dimensions[3], "hidden", True)),),
        "other": (([PEOPLE, rows[0]], None), ([["Nghỉ phép"], ["Trần Bình"]], None)),
    }
    job = check("people", by=world.admin, file=book(*mends[left]), whole=whole)
    assert counts(job) == (0, 0, 0, 1)
    assert any("Không kết thúc vị trí của ai" in note for note in job.result["notes"])
    assert apply(job, world.admin).state == "done"
    assert not Posting.objects.exclude(valid_to=None).exists()


def test_a_whole_list_ends_nobody_who_stands_in_a_row_taken_for_no_data(world):
    rows = [["H1", "Nguyễn An", 1985, "HUE"], ["H2", "Trần Bình", 1990, "KV1"], ["H3", "Lê Ba", 1991, "KV1"]]
    taken("people", *rows, by=world.admin)
    Posting.objects.filter(person__user__isnull=False).delete()
    whole = {"code": "HUE", "path": world.hue.path, "day": "2026-10-01"}
    file = book(([PEOPLE, rows[0], [], [None, "Trần Bình (nghỉ thai sản)"]], None))
    job = check("people", by=world.admin, file=file, whole=whole)
    assert [label for _row, label, _told in job.result["close_shown"]] == ["H3 – Lê Ba"]
    assert any("H2 – Trần Bình có trong phần không được đọc" in note for note in job.result["notes"])


# --- lists of this work ---

LIST = Sheet(
    "Thử",
    (
        Column("name", "Họ và tên", required=True, aliases=NAME, person=True),
        Column("born", "Ngày sinh", "date", aliases=BORN),
        Column("gender", "Giới tính", "choice", choices=(("f", "Nữ"), ("m", "Nam")), aliases=("Giới",)),
        Column("number", "Số quyết định"),
        Column("day", "Ngày quyết định", "date"),
        Column("year", "Năm thành tích", "year", low=1920, high=2100, aliases=("Năm",)),
    ),
)
BORN_ON = date(1985, 6, 5)


@pytest.mark.parametrize("given", ["Tên", "TÊN", "Tên gọi"])
@pytest.mark.parametrize("family", ["Họ đệm", "Họ, tên đệm", "Họ và chữ đệm", "HỌ LÓT", "Họ và tên đệm", "Họ"])
def test_family_and_given_name_in_columns_of_their_own_are_one_name(family, given):
    got = LIST.read(book(([["TT", family, given, "Giới"], [1, "Nguyễn Văn", "An", "Nữ"]], None)))
    assert said(got) == [{"name": "Nguyễn Văn An", "gender": "f"}]


@pytest.mark.parametrize("name", ["Đ/c Lê An", "đồng chí Lê An", "Bà Lê An", "Ông: Lê An", "Bà. Lê An", "Ông/Bà Lê An"])
def test_how_somebody_is_addressed_is_no_part_of_the_name(name):
    assert said(LIST.read(book(([["Đồng chí", "Giới"], [name, "Nữ"]], None))))[0]["name"] == "Lê An"


def test_a_family_name_that_is_a_form_of_address_stays():
    assert said(LIST.read(book(([["Họ tên", "Giới"], ["Ông Văn Tùng", "Nam"]], None))))[0]["name"] == "Ông Văn Tùng"


def test_a_day_divided_over_three_columns_is_one_day():
    rows = [["Họ tên", "Ngày, tháng, năm sinh", None, None], [None, "Ngày", "Tháng", "Năm"], ["Lê An", 5, "06", 1985.0]]
    assert said(LIST.read(book((rows, merged("B1:D1"))))) == [{"name": "Lê An", "born": BORN_ON}]
    got = LIST.read(book(([*rows[:2], ["Lê An", 5, None, 1985]], merged("B1:D1"))))
    assert [p[3] for p in got.problems.found] == ["Hãy ghi đủ ngày, tháng, năm."]


@pytest.mark.parametrize(
    "text",
    ["5/6/1985", "05.6.1985", "05 06 1985", "Ngày 5/6/1985", "05–06–1985", "5 / 6 / 1985", "05,06,1985", "05/06/1985."]
    + ["ngày 05 tháng 06 năm 1985", "05/06/1985 00:00", "1985.06.05", "1985-06-05T00:00:00"],
)
def test_a_day_is_read_however_it_is_written(text):
    assert said(LIST.read(book(([["Họ tên", "Ngày/tháng/năm sinh"], ["Lê An", text]], None))))[0]["born"] == BORN_ON


@pytest.mark.parametrize(
    ("heading", "cell", "what"),
    [
        ("Số và ngày quyết định", "7/QĐ-VKS ngày 05/06/1985", {"number": "7/QĐ-VKS", "day": BORN_ON}),
        ("Số, ngày quyết định", "7/QĐ-VKS (ngày 5 tháng 6 năm 1985)", {"number": "7/QĐ-VKS", "day": BORN_ON}),
        ("Số quyết định; ngày quyết định", "7/QĐ-VKS", {"number": "7/QĐ-VKS"}),
        ("Số quyết định, năm", "7/QĐ-VKS năm 1985", {"number": "7/QĐ-VKS", "year": 1985}),
    ],
)
def test_a_column_of_two_things_becomes_two_and_is_told(heading, cell, what):
    got = LIST.read(book(([["Họ tên", heading, "Ghi chú"], ["Lê An", cell, "x"], ["Lê Ba", "1/QĐ", None]], None)))
    assert said(got)[0] == {"name": "Lê An"} | what
    assert any("được tách làm hai" in note for note in got.notes) == (len(what) > 1)


def test_a_heading_of_two_things_is_left_alone_where_one_has_its_own_column():
    got = LIST.read(book(([["Họ tên", "Năm", "Số quyết định, năm"], ["Lê An", 2024, "7/QĐ 2023"]], None)))
    assert said(got) == [{"name": "Lê An", "year": 2024}]
    assert any("Số quyết định, năm" in note for note in got.notes)


@pytest.mark.parametrize(
    ("days", "rows"),
    [
        (["25/03/2015", "4/5/2015", "11/12/2016", "30/06/2017"], "3"),
        (["25/03/2015", "2015-04-05", "2016-11-12 00:00:00"], "3, 4"),
        (["25/03/2015", "4-5-2015"], "3"),
        (["25/03/2015", "4/5/15"], "3"),
        (["25/03/2015", "04/25/2015", "05/06/2015"], "4"),
        (["25/03/2015", "04/05/2015", "30/6/2017", "3/6/2017"], ""),  # a person who writes in both manners
        (["25/03/2015", "11/12/2016"], ""),
        (["04/05/2015", "4/5/2015"], ""),
    ],
)
def test_half_swapped_days_of_a_csv_are_told_by_column_and_rows(days, rows):
    got = LIST.read(make.csv(["Họ tên", "Ngày sinh"], *[["Lê An", day] for day in days]))
    told = [note for note in got.notes if "viết theo hai cách" in note]
    assert [f"các dòng {rows} (" in note for note in told] == ([True] if rows else [])
