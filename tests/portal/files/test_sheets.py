"""Lists that leave the portal are papers: whose, of which day, how narrowed, and fit to be printed."""

import io
from datetime import UTC, date, datetime
from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from awards.ledger.forms import LedgerFilter
from portal.days import today
from portal.exchange.base import exchanges
from portal.exchange.sheet import Column, Sheet
from portal.files.sheets import Head, outline, workbook
from portal.jobs import services as jobs
from portal.models import Job
from tests import make

HEAD = Head(
    "Danh sách thử", unit="VKSND Huế", about="Kèm tờ trình", asked=("Trạng thái: đã gửi",), day=date(2026, 3, 9)
)
COLUMNS = [("Số thứ tự", 5), ("Họ tên", 30), ("Ngày", 40), ("Tóm tắt", 50), ("Số phiếu", 10)]
ROWS = [
    [1, "Nguyễn Văn A", date(2026, 1, 2), "Dài " * 60, 3],
    [2, "=1+1", datetime(2026, 1, 2, 20, 30, tzinfo=UTC), "#N/A", 4],
]
HERE = localtime(datetime(2026, 1, 2, 20, 30, tzinfo=UTC)).replace(tzinfo=None)


def lines_above(sheet):
    return [row[0] for row in sheet.iter_rows(max_row=int(sheet.freeze_panes[1:]) - 2, values_only=True) if row[0]]


def is_a_paper(sheet):
    heading = int(sheet.freeze_panes[1:]) - 1
    assert sheet.print_title_rows == f"${heading}:${heading}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert is_readable(sheet)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    cells = [cell for row in sheet.iter_rows(min_row=heading) for cell in row if cell.value is not None]
    assert cells and all(cell.alignment.wrap_text for cell in cells if cell.row < sheet.max_row or heading == cell.row)
    for column in sheet.iter_cols(min_row=heading, max_row=heading):
        letter = column[0].column_letter
        longest = max(map(len, str(column[0].value).split()))
        assert sheet.column_dimensions[letter].width >= longest, letter
    assert sheet.auto_filter.ref.startswith(f"A{heading}:")
    return lines_above(sheet)


def is_readable(sheet):
    """No page of it holds more characters across than can be read at three fifths of their size."""
    widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, sheet.max_column + 1)]
    pages, again = sheet.page_setup.fitToWidth, sum(widths[:2])
    paper = {9: 240, 8: 350}[int(sheet.page_setup.paperSize)]
    return again + (sum(widths) - again) / pages <= paper and (pages == 1) == (not sheet.print_title_cols)


@pytest.mark.parametrize(
    ("columns", "paper", "pages", "again"),
    [(8, 9, 1, None), (11, 8, 1, None), (25, 8, 3, "$A:$B"), (1, 9, 1, None)],
)
def test_a_list_is_set_on_as_much_paper_as_it_takes_to_read_it(columns, paper, pages, again):
    rows = [["chữ " * 7] * columns]
    sheet, _rows = make.listed(workbook("Thử", [("Cột", 30)] * columns, rows))
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.fitToWidth) == (paper, pages)
    assert (sheet.print_title_cols or None) == again and is_readable(sheet)


def test_a_list_says_whose_it_is_of_which_day_and_how_it_was_narrowed():
    sheet, rows = make.listed(workbook("Thử", COLUMNS, ROWS, head=HEAD, totals=(4,), counted=True))
    assert is_a_paper(sheet) == [
        "VKSND Huế",
        "DANH SÁCH THỬ",
        "Kèm tờ trình",
        "Lập ngày 09/03/2026",
        "Lọc theo: Trạng thái: đã gửi",
    ]
    assert [cell.value for cell in rows[-1]] == ["Tổng cộng: 2", None, None, None, 7]
    assert sheet.auto_filter.ref == f"A{rows[0][0].row}:E{rows[-1][0].row - 1}"
    assert [cell.value for cell in rows[2]] == [2, "=1+1", HERE, "#N/A", 4]
    assert rows[2][1].data_type == rows[2][3].data_type == "s" and rows[2][1].quotePrefix
    assert (rows[1][2].number_format, rows[2][2].number_format) == ("dd/mm/yyyy", "dd/mm/yyyy hh:mm")


def test_widths_fit_what_is_written_and_no_column_is_wider_than_was_said():
    sheet, _rows = make.listed(workbook("Thử", COLUMNS, ROWS, head=HEAD))
    widths = {letter: sheet.column_dimensions[letter].width for letter in "ABCDE"}
    assert widths["B"] == len("Nguyễn Văn A") + 2 and widths["C"] == 18 and widths["D"] == 52
    assert widths["A"] >= len("Thứ tự") and widths["E"] >= len("phiếu")


def test_rows_of_several_lines_are_as_high_as_they_need():
    """LibreOffice finds heights and wrapping nowhere but in the file."""
    sheet, rows = make.listed(workbook("Thử", COLUMNS, [*ROWS, [3, "a\nb\nc", None, "Dài " * 9000, 1]], head=HEAD))
    heights = [sheet.row_dimensions[row[0].row].height for row in rows]
    assert heights[0] > 15 and 75 <= heights[1] <= 105 and heights[2] is None and heights[3] == 405
    assert sheet.parent._named_styles["Normal"].alignment.wrap_text


def test_nothing_asked_is_told_too_and_a_sheet_may_be_called_anything():
    sheet, rows = make.listed(workbook("Thử", COLUMNS, [], head=Head("Thử", asked=())))
    assert lines_above(sheet) == ["THỬ", f"Lập ngày {today():%d/%m/%Y}", "Toàn bộ danh sách, không lọc"]
    assert len(rows) == 1
    sheet, _rows = make.listed(workbook("a/b:c[d]", COLUMNS, [], head=Head("Thử")))
    assert sheet.title == "a b c d "


def test_an_outline_is_a_paper_too():
    content = outline("Sơ đồ", COLUMNS, [(1, ROWS[0]), (2, ROWS[1])], head=HEAD)
    sheet, rows = make.listed(content)
    assert is_a_paper(sheet)[1] == "DANH SÁCH THỬ"
    assert [sheet.row_dimensions[row[0].row].outlineLevel for row in rows[1:]] == [0, 1]


@pytest.mark.parametrize("asked", [(), ("Tên: «Mã, Họ tên»",), ("x " * 400,)])
def test_a_list_that_left_with_what_stands_above_it_comes_in_again(asked):
    kept = Sheet(
        "Thử", (Column("code", "Mã", "code", required=True), Column("name", "Họ tên"), Column("day", "Ngày", "date"))
    )
    said = [{"code": "A1", "name": "=Lan", "day": date(2026, 1, 2)}, {"code": "A2", "name": "Tổng", "day": None}]
    content = kept.export(said, "xlsx", Head("Mã", unit="Họ tên", about="Ngày", asked=asked))
    got = kept.read(SimpleUploadedFile("a.xlsx", content))
    assert got.problems.found == [] and got.notes == []
    assert [line.values for line in got.lines] == [{k: v for k, v in row.items() if v is not None} for row in said]


def test_filters_are_told_in_words():
    form = LedgerFilter({"q": "lan", "kind": "person", "award": "CSTDCS", "since": "2024", "sort": "x"}, user=None)
    assert form.in_words == (
        "Tìm theo tên, số quyết định: lan",
        "Danh hiệu, hình thức: Chiến sĩ thi đua cơ sở",
        "Đối tượng: cá nhân",
        "Từ năm: 2024",
    )


# --- every list ---


@pytest.fixture
def lists(world, client, settings, tmp_path):
    """Each list that leaves, by its address."""
    settings.MEDIA_ROOT = tmp_path
    campaign = make.launched(world.root, world.office)
    person = make.person("Lê Văn An", world.hue, code="H1", position="Kiểm sát viên")
    make.past_award(person, year=2024)
    make.initiative(world.hue, "Số hóa", person)
    paper = make.submission(world.hue, world.officer)
    make.nomination(paper, person, world.officer)
    check = make.xlsx(["Số hiệu cán bộ", "Họ và tên"], ["H1", "=1"])
    client.force_login(world.admin)
    client.post(
        reverse("exchange_upload", args=["people"]), {"file": check, "once": "7b0a7d80-9c0b-4a43-8f0c-000000000001"}
    )
    job = Job.objects.get()
    jobs.run_job(job.pk)
    return {
        "office": [
            reverse("desk_export", args=[campaign.pk]),
            reverse("ledger_export"),
            reverse("initiative_export"),
            reverse("nomination_export"),
            reverse("nomination_export") + "?list=brief",
            reverse("chart_file", args=["xlsx"]),
        ],
        "officer": [
            reverse("submission_export", args=[paper.pk]),
            reverse("submission_export", args=[paper.pk]) + "?list=whole",
        ],
        "admin": [
            reverse("exchange_report", args=[job.pk]),
            reverse("person_export", args=[person.pk, "xlsx"]),
            *(
                ("POST", reverse("exchange_export", args=[key]))
                for key, e in exchanges().items()
                if e.open_to(world.admin, {})
            ),
        ],
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_list_that_leaves_is_a_paper(world, client, lists, language):
    for who, addresses in lists.items():
        user = getattr(world, who)
        user.language = language
        user.save()
        client.force_login(user)
        for address in addresses:
            posted = isinstance(address, tuple)
            answer = client.post(address[1], {"format": "xlsx"}) if posted else client.get(address)
            assert answer.status_code == 200, address
            above = is_a_paper(load_workbook(io.BytesIO(answer.content)).active)
            assert any(f"{today():%d/%m/%Y}" in line for line in above), address
            assert len(above) >= 2, (address, above)


def test_the_brief_list_of_nominations_has_the_columns_that_offices_use(world, client):
    person = make.person("Lê Văn An", world.hue, code="H1", position="Kiểm sát viên", birth_year=1985, gender="m")
    for year in (2023, 2024):
        make.past_award(person, year=year)
    make.past_award(person, "GK", year=2020)
    revoked = make.past_award(person, "GK", year=2019)
    type(revoked).objects.filter(pk=revoked.pk).update(revoked_on=today(), revoked_by="1/QĐ")
    paper = make.submission(world.hue, world.officer)
    make.nomination(paper, person, world.officer, summary="Kiểm sát 42 vụ án.", position="Kiểm sát viên")
    make.nomination(paper, world.hue, world.officer)
    client.force_login(world.officer)

    sheet, (heads, first, second, total) = make.listed(
        client.get(reverse("submission_export", args=[paper.pk])).content
    )

    assert lines_above(sheet)[:3] == [
        world.hue.name,
        "DANH SÁCH TRÍCH NGANG ĐỀ NGHỊ KHEN THƯỞNG",
        f"Kèm theo Tờ trình số {paper.number} ngày {paper.dated:%d/%m/%Y}",
    ]
    line = dict(zip([cell.value for cell in heads], [cell.value for cell in first], strict=True))
    assert line == {
        "Số thứ tự": 1,
        "Họ tên cá nhân, tên tập thể": "Lê Văn An",
        "Năm sinh": 1985,
        "Giới tính": "Nam",
        "Chức vụ, đơn vị": f"Kiểm sát viên, {world.hue.name}",
        "Tóm tắt thành tích": "Kiểm sát 42 vụ án.",
        "Danh hiệu, hình thức khen thưởng đã có": "Chiến sĩ thi đua cơ sở (2024, 2023); Giấy khen (2020)",
        "Đề nghị": "Giấy khen",
    }
    assert (second[0].value, second[1].value, second[2].value) == (2, world.hue.name, None)
    assert total[0].value == "Tổng cộng: 2"
    for page in (paper.get_absolute_url(), reverse("nomination_list")):
        assert "Danh sách trích ngang" in client.get(page).content.decode()


@pytest.mark.slow
def test_ten_thousand_rows_cost_at_most_twice_what_writing_the_cells_costs():
    rows = [[n, f"Nguyễn Văn {n}", date(2020, 1, 1), "Kiểm sát viên " * 3, "HUE", 1980, n % 7] for n in range(10_000)]

    def bare():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("x")
        for row in rows:
            sheet.append(row)
        book.save(io.BytesIO())

    def ours():
        workbook("x", [(f"Cột {n}", 20) for n in range(7)], rows, head=HEAD, totals=(6,), counted=True)

    def seconds(step):
        start = process_time()
        step()
        return process_time() - start

    bare()
    assert min(seconds(ours) for _n in range(2)) <= 2 * min(seconds(bare) for _n in range(2))
