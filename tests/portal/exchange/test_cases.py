"""Files as units send them: each gives what its sender meant, or words that say what was not read."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.models import Job
from tests import make
from tests.portal.exchange.helpers import check, counts, ran
from units.people.rows import SHEET as PEOPLE

CASES = Path(__file__).parent / "cases"
NAMES = ["Nguyễn Thị Hoài Thương", "Trần Đức Thịnh", "Lê Phước Lộc", "Hồ Thị Diệu Huyền", "Phạm Ngọc Ánh"]


def case(path):
    return SimpleUploadedFile(Path(path).name, (CASES / path).read_bytes())


def read(path, **how):
    return PEOPLE.read(case(path), **how)


def names(reading):
    assert reading.problems.found == []
    return [line["full_name"] for line in reading.lines]


@pytest.fixture
def hue(world):
    return make.unit("T46.25", world.hue), make.unit("T79.25", world.vinh)


def notes(job):
    return " ".join(job.result["notes"])


def test_a_name_under_one_heading_over_two_columns_is_read_whole():
    got = read("two-column-name/merged-heading.xlsx")
    assert names(got) == NAMES
    assert [line["position"] for line in got.lines] == ["Kiểm sát viên sơ cấp"] * 5
    assert not [note for note in got.notes if "Ghi chú" in note]  # nothing is written there


def test_a_cell_merged_over_rows_says_the_same_in_each():
    got = read("merged-data-cells/unit-merged-down.xlsx")
    assert names(got) == NAMES[:4]
    assert [line["unit"] for line in got.lines] == ["T46.25"] * 4


@pytest.mark.parametrize("name", ["styled", "general-joined-only", "general-two-columns"])
def test_days_of_a_workbook_that_counts_from_1904_are_as_they_were_meant(name):
    got = read(f"epoch-1904/{name}.xlsx")
    assert names(got)
    assert {(line["joined_on"], line["valid_from"]) for line in got.lines} == {(date(2010, 9, 1), date(2025, 7, 1))}


def test_strict_open_xml_is_named_with_what_to_do(world, client):
    client.force_login(world.admin)
    answer = client.post(
        reverse("exchange_upload", args=["people"]), {"file": case("strict-open-xml/strict.xlsx"), "once": ""}
    )
    words = " ".join(answer.context["form"].errors["file"])
    assert "Strict Open XML" in words and "Excel Workbook (.xlsx)" in words


@pytest.mark.parametrize("name", ["latin-headings", "vietnamese-headings"])
def test_letters_that_were_lost_in_saving_are_refused_in_words(world, hue, name):
    job = check("people", by=world.admin, file=case(f"csv-question-marks/{name}.csv"))
    told = job.result.get("objections") or [words for *_cell, words in job.result["problems"]]
    assert all("mất" in words and "CSV UTF-8" in words and ".xlsx" in words for words in told), told
    if name == "latin-headings":
        assert [row for row, *_rest in job.result["problems"]] == [2, 3, 4, 5]
    assert "create" not in job.result


def test_text_in_an_old_typeface_comes_in_as_unicode_and_is_told(world, hue):
    job = check("people", by=world.admin, file=case("legacy-font-tcvn3/names-in-vntime.xlsx"))
    assert [label.split(" – ")[1] for _row, label, _told in job.result["create_shown"]] == NAMES[:4]
    assert {told["Chức vụ"] for _row, _label, told in job.result["create_shown"]} == {"Kiểm sát viên sơ cấp"}
    assert "4 ô viết bằng mã chữ cũ TCVN3" in notes(job)


def test_months_that_may_stand_for_days_are_told_by_column_and_rows(world, hue):
    job = check("people", by=world.admin, file=case("dates-half-swapped/joined-on.xlsx"))
    assert counts(job)[0] == 5
    (note,) = [note for note in job.result["notes"] if "đổi chỗ ngày và tháng" in note]
    assert "«Ngày vào ngành»" in note and "3, 4, 6" in note


def test_codes_that_differ_in_case_within_one_file_are_refused(world, hue):
    job = check("people", by=world.admin, file=case("codes-differ-in-case/case.xlsx"))
    assert [(row, column) for row, column, *_rest in job.result["problems"]] == [(3, "Số hiệu cán bộ")]


def test_hidden_rows_are_told_and_read_when_the_reader_says_so(world, hue, client):
    job = check("people", by=world.admin, file=case("hidden-rows/filtered.xlsx"))
    assert counts(job)[0] == 3
    assert "3 dòng bị ẩn" in notes(job) and "3, 5, 7" in notes(job)

    client.force_login(world.admin)
    page = client.get(reverse("exchange_import", args=[job.pk])).content.decode()
    assert "Đọc cả 3 dòng đang bị ẩn" in page
    client.post(reverse("exchange_again", args=[job.pk]), {"read": "1", "hidden": "on"})
    again = ran(Job.objects.get(pk__gt=job.pk))
    assert counts(again)[0] == 6
    assert "cũng được đọc" in notes(again)


def test_two_sheets_under_one_heading_are_both_read_and_told(world, hue):
    job = check("people", by=world.admin, file=case("two-visible-sheets/two-offices.xlsx"))
    assert counts(job)[0] == 7
    assert "«Phòng 1» (3 dòng), «Phòng 2 » (4 dòng)" in notes(job)
