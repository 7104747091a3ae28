"""The steps of a reorganisation as a spreadsheet: read with all problems at once, written as it is read."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.files.uploads import XLSX
from tests import make
from tests.units.reorganisation.helpers import text
from units.reorganisation import sheet

HEADINGS = [column.heading for column in sheet.COLUMNS]


def book(*rows, headings=HEADINGS):
    made = Workbook()
    for line in (headings, *rows):
        made.active.append(line)
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile("buoc.xlsx", file.getvalue(), content_type=XLSX)


def problems(file):
    reading = sheet.read(file)
    assert not reading.problems or not reading.steps
    return reading.problems


def test_all_problems_are_told_at_once_by_row_and_column():
    found = problems(
        book(
            ["giải thể", "=A1"],
            ["xóa bỏ", "HUE"],
            [],
            ["", "HUE"],
            ["lập mới", "", "N" * 21, "x" * 201, "", "", "cấp xã"],
            ["hợp nhất", "A, B", "", "", "", "", "", "", "", "có lẽ", "vài vai trò"],
        )
    )

    assert found == [
        "Dòng 2, cột «Đơn vị hiện nay (mã)»: Ô này là công thức. Hãy chép lại thành giá trị (Dán đặc biệt → Giá trị).",
        "Dòng 3, cột «Việc»: Hãy chọn một trong: lập mới, đổi tên, chuyển cấp trên, hợp nhất, chia tách, giải thể.",
        "Dòng 5, cột «Việc»: Chưa ghi.",
        "Dòng 6, cột «Mã mới»: Dài quá 20 ký tự.",
        "Dòng 6, cột «Tên mới»: Dài quá 200 ký tự.",
        "Dòng 6, cột «Loại đơn vị»: Hãy chọn một trong: " + ", ".join(sheet.UNIT_KINDS.values()) + ".",
        "Dòng 7, cột «Cán bộ đi theo»: Hãy chọn một trong: có, không.",
        "Dòng 7, cột «Vai trò đi theo»: Hãy chọn một trong: mọi vai trò, trừ thủ trưởng, không vai trò nào.",
    ]


def test_a_sheet_is_read_as_people_write_it():
    """Any order of columns, any Unicode form, numbers as codes, trailing blanks, several separators."""
    line = ["Ten moi", 46, "ho\u031bp nha\u0302\u0301t", "a,b; c\nd", "CO", "TRỪ THỦ TRƯỞNG", ""]
    headings = ["TÊN MỚI", "Mã mới", "việc", "Đơn vị hiện nay (mã)", "Cán bộ đi theo", "Vai trò đi theo", None]

    step = sheet.read(book(line, [None] * 7, ["", " "], headings=headings)).steps[0]

    assert (step.name_vi, step.code, step.kind, step.sources) == ("Ten moi", "46", "merge", ["a", "b", "c", "d"])
    assert (step.people, step.roles, step.papers) == (True, "no_heads", None)


def test_a_sheet_laid_out_as_a_paper_is_read_like_every_list(world, admin):
    """A title above, a running number, sections, a total and a signature; what was not read is said."""
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["V16"]})
    made = Workbook()
    for line in (
        ["DANH MỤC SẮP XẾP"],
        [None],
        ["STT", "Việc", "Đơn vị hiện nay (mã)", "Mã mới", "Tên mới"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["I", "CẤP TỈNH"],
        [1, "Đổi tên", "HUE", None, "VKSND mới"],
        [2, "giải thể", "VINH"],
        ["Tổng cộng: 2 bước"],
        [None],
        [None, None, None, "NGƯỜI LẬP BIỂU"],
    ):
        made.active.append(line)
    file = io.BytesIO()
    made.save(file)

    url = reverse("reorganisation_upload", args=[plan.pk])
    sent = {"file": SimpleUploadedFile("buoc.xlsx", file.getvalue()), "version": plan.version}
    page = admin.post(url, sent, follow=True)

    assert [(s.kind, s.sources) for s in plan.steps.all()] == [("rename", ["HUE"]), ("dissolve", ["VINH"])]
    assert "Không đọc" in text(page) and "NGƯỜI LẬP BIỂU" in text(page)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_like_a_workbook(delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([HEADINGS, ["giải thể", "A, B"], ["", ""]])

    reading = sheet.read(SimpleUploadedFile("buoc.csv", b"\xef\xbb\xbf" + out.getvalue().encode()))

    assert [(s.kind, s.sources) for s in reading.steps] == [("dissolve", ["A", "B"])]


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def hostile():
    good = book(["giải thể", "A"]).read()
    bomb = zipped(**{"[Content_Types].xml": "x", "a.xml": b"0" * (20 * 1024 * 1024)})
    macro = io.BytesIO(good)
    with zipfile.ZipFile(macro, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return {
        "empty.xlsx": b"",
        "text.xlsx": b"khong phai bang tinh",
        "picture.csv": b"\x89PNG\r\n\x1a\n\x00\xff",
        "page.html": b"<table>",
        "broken.xlsx": good[: len(good) // 2],
        "bomb.xlsx": bomb,
        "macro.xlsx": macro.getvalue(),
        "other.xlsx": zipped(**{"a.txt": "x"}),
        "quotes.csv": b'"' * 50000,
        "wide.csv": ",".join(["x"] * 5000).encode(),
        "long.csv": (",".join(HEADINGS) + "\n" + "giải thể,A\n" * (sheet.MAX_ROWS + 5)).encode(),
        "heads.csv": "Việc,Việc,Lạ\n".encode(),
        "nothing.csv": b"\n\n\n",
    }


def test_what_is_no_sheet_is_told_in_words_and_changes_nothing(world, admin):
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["V16"]})
    url = reverse("reorganisation_upload", args=[plan.pk])

    for name, content in hostile().items():
        page = admin.post(url, {"file": SimpleUploadedFile(name, content), "version": plan.version})
        assert page.status_code == 200, name
        assert page.context["problems"] or page.context["form"].errors, name
    assert [s.sources for s in plan.steps.all()] == [["V16"]]


def test_a_sheet_replaces_the_steps_and_reads_back_the_same(world, admin):
    plan = make.reorganisation(world.admin, world.root, {"kind": "dissolve", "sources": ["V16"]})
    lines = [["đổi tên", "HUE", "", "Tên mới"], ["giải thể", "VINH, V16"]]
    url = reverse("reorganisation_upload", args=[plan.pk])

    admin.post(url, {"file": book(*lines), "version": plan.version})

    assert [(s.order, s.kind, s.sources) for s in plan.steps.all()] == [
        (1, "rename", ["HUE"]),
        (2, "dissolve", ["VINH", "V16"]),
    ]
    content = b"".join(admin.get(reverse("reorganisation_sheet", args=[plan.pk])))
    reading = sheet.read(SimpleUploadedFile("x.xlsx", content))
    assert [(s.kind, s.sources, s.name_vi) for s in reading.steps] == [
        (s.kind, s.sources, s.name_vi) for s in plan.steps.all()
    ]
    late = admin.post(url, {"file": book(*lines), "version": plan.version})
    assert "người khác sửa" in text(late)


def test_the_template_explains_itself_and_offers_its_words(admin):
    content = b"".join(admin.get(reverse("reorganisation_template")))
    made = load_workbook(io.BytesIO(content))

    assert [c.value for c in made["Các bước"][1]] == HEADINGS
    assert len(made["Các bước"].data_validations.dataValidation) == 5
    assert made["Hướng dẫn"].max_row == len(HEADINGS) + 1


def test_cells_that_look_like_formulas_stay_text(world, admin):
    step = {"kind": "rename", "sources": ["HUE"], "name_vi": '=HYPERLINK("http://x")'}
    plan = make.reorganisation(world.admin, world.root, step)

    content = b"".join(admin.get(reverse("reorganisation_sheet", args=[plan.pk])))

    written = load_workbook(io.BytesIO(content))["Các bước"]["D2"]
    assert (written.data_type, written.quotePrefix) == ("s", True)
