"""Past awards and ratings from spreadsheets: all or nothing, every mistake told by its row."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from awards.models import PastAward, Rating
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.files.sheets import workbook
from portal.jobs import services as jobs
from portal.models import Entry
from tests import make
from units.models import Collective, Posting

AWARDS = ["Đối tượng", "Mã", "Tên", "Danh hiệu, hình thức", "Năm thành tích", "Số quyết định", "Ngày quyết định"]
AWARDS += ["Loại hình khen thưởng", "Mã đơn vị khi đó"]
RATINGS = ["Đối tượng", "Số hiệu cán bộ", "Họ và tên", "Năm", "Mức xếp loại", "Số tháng làm việc trong năm"]
HEADS = {"past-awards": AWARDS, "ratings": RATINGS}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def an(world):
    return make.person("Nguyễn Thị Ánh", world.hue, code="H001")


def check(key, *rows, by):
    content = workbook("x", [(head, 10) for head in HEADS[key]], rows)
    file = SimpleUploadedFile("so.xlsx", content)
    return ran(work.start_check(exchanges()[key], file, by=by, options={}, once=str(uuid4())))


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def taken(key, *rows, by):
    job = check(key, *rows, by=by)
    assert job.result.get("problems") == [], job.result
    assert ran(work.start_apply(job, by=by)).state == "done"
    job.refresh_from_db()
    return job.result["applied"]


def problems(key, *rows, by):
    found = check(key, *rows, by=by).result["problems"]
    return [(row, column, words) for row, column, _cell, words in found]


def test_a_file_of_past_awards_is_taken_in_whole_and_again_without_harm(world, an):
    team = Collective.objects.create(unit=world.hue, code="HUE-P1", name="Phòng 1")
    rows = [
        [
            "Cá nhân",
            "H001",
            "Nguyễn Thị Ánh",
            "Chiến sĩ thi đua cơ sở",
            2024,
            "55/QĐ",
            "20/12/2024",
            "Theo công trạng",
            "",
        ],
        ["tap the", "HUE-P1", "", "TTLDTT", "2023", "56/QĐ", "", "", ""],
        ["Đơn vị", "KV1", "", "giay khen", 2022, "57/QĐ", date(2023, 1, 5), "Đột xuất", "HUE"],
    ]

    first, second = (taken("past-awards", *rows, by=world.head) for _twice in range(2))

    assert (first["create"], first["same"], second["create"], second["same"]) == (3, 0, 0, 3)
    found = PastAward.objects.order_by("pk").values_list(
        "person", "collective", "whole_unit", "unit", "award", "level", "source"
    )
    assert list(found) == [
        (an.pk, None, None, world.hue.pk, "CSTDCS", "unit", "imported"),
        (None, team.pk, None, world.hue.pk, "TTLDTT", "unit", "imported"),
        (None, None, world.kv1.pk, world.hue.pk, "GK", "unit", "imported"),
    ]
    assert PastAward.objects.matching("chien si h001").count() == 1
    assert {e.verb for line in PastAward.objects.all() for e in Entry.objects.about(line)} == {"enter"}


def test_every_mistake_is_told_by_its_row_and_nothing_is_written(world, an):
    make.person("Hồ Nghệ", world.vinh, code="V001")
    make.past_award(an, year=2020, decision_number="1/QĐ")
    good = ["Cá nhân", "H001", "", "CSTDCS", 2024, "55/QĐ", "", "", ""]
    change = lambda **at: [at.get(f"c{i}", value) for i, value in enumerate(good)]  # noqa: E731

    found = problems(
        "past-awards",
        good,
        good,
        change(c1="V001"),
        change(c2="Người Khác", c3="GK"),
        change(c3="CSTDN"),
        change(c3="TTLDTT"),
        change(c3="không có"),
        change(c4=2999),
        change(c4=2020, c5="2/QĐ"),
        change(c5="66/QĐ"),
        change(c3="GK", c6="31/02/2024"),
        change(c3="GK", c5="68/QĐ", c6="31/12/2023"),
        change(c8="VINH"),
        change(c8="XYZ", c5="67/QĐ"),
        by=world.officer,
    )

    told = {row: (column, words) for row, column, words in found}
    assert sorted(told) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    assert told[3] == ("Mã", "Dòng này trùng với dòng 2.")
    assert "V001" in told[4][1] and "Hồ" not in told[4][1]
    assert told[5][0] == "Tên"
    assert "không được ghi mục cấp này" in told[6][1]
    assert "không dành cho đối tượng này" in told[7][1]
    assert "mỗi năm chỉ một lần" in told[10][1]
    assert "mỗi năm chỉ một lần" in told[11][1]
    assert "trước năm thành tích" in told[13][1]
    assert PastAward.objects.count() == 1


def test_a_known_line_is_corrected_by_the_file_and_empty_cells_leave_what_is_there(world, an):
    line = make.past_award(an, decision_number="55/QĐ", note="Giữ nguyên")
    row = ["Cá nhân", "H001", "", "CSTDCS", 2024, "55/QĐ", "25/12/2024", "", ""]

    counts = taken("past-awards", row, by=world.head)

    line.refresh_from_db()
    assert (counts["change"], line.decided_on, line.note, line.version) == (1, date(2024, 12, 25), "Giữ nguyên", 2)
    entry = Entry.objects.about(line).get()
    assert (entry.verb, entry.changes) == ("correct", {"Ngày quyết định": ["20/12/2024", "25/12/2024"]})
    PastAward.objects.update(revoked_on=date(2025, 1, 1), revoked_by="9/QĐ")
    assert "đã bị hủy" in problems("past-awards", [*row[:6], "26/12/2024", "", ""], by=world.head)[0][2]


def test_the_unit_of_the_day_comes_from_the_posting_of_that_year(world, an):
    Posting.objects.filter(person=an).update(valid_from=date(2025, 1, 1))
    Posting.objects.create(person=an, unit=world.kv1, valid_from=date(2015, 1, 1), valid_to=date(2024, 12, 31))
    rows = [["Cá nhân", "H001", "", "GK", year, f"{year}/QĐ", "", "", ""] for year in (2024, 2025, 2010)]

    taken("past-awards", *rows, by=world.head)

    assert dict(PastAward.objects.values_list("year", "unit__code")) == {2024: "KV1", 2025: "HUE", 2010: "HUE"}


def test_ratings_are_taken_in_and_changed_by_a_later_file(world, an):
    row = ["Cá nhân", "H001", "Nguyễn Thị Ánh", 2024, "Hoàn thành tốt nhiệm vụ", 12]

    taken("ratings", row, ["Đơn vị", "HUE", "", 2024, "hoàn thành xuất sắc nhiệm vụ", None], by=world.officer)
    counts = taken("ratings", [*row[:4], "hoàn thành nhiệm vụ", None], by=world.officer)

    kept = Rating.objects.get(person=an)
    assert (counts["change"], kept.grade, kept.months_worked, kept.version) == (1, "done", 12, 2)
    assert [(e.verb, len(e.changes_display)) for e in Entry.objects.about(an)] == [("rate", 1), ("rate", 3)]
    assert Entry.objects.about(an)[0].changes_display[0][0] == "2024 – Mức xếp loại"
    found = problems("ratings", ["Đơn vị", "HUE", "", 2999, "xyz", 5], by=world.officer)
    assert {column for _row, column, _words in found} >= {"Mức xếp loại", "Năm"} - {"Năm"}


def test_what_goes_out_comes_in_again_unchanged(world, an, client):
    make.past_award(an, type="merit", note="Thành tích")
    make.past_award(world.kv1, "TTLDXS", 2023)
    make.rating(an)
    client.force_login(world.office)

    for key in ("past-awards", "ratings"):
        sheet = client.post(reverse("exchange_export", args=[key]), {"format": "xlsx"}).content
        file = SimpleUploadedFile("so.xlsx", sheet)
        job = ran(work.start_check(exchanges()[key], file, by=world.office, options={}, once=str(uuid4())))
        assert (job.result.get("problems"), job.result.get("create"), job.result.get("change")) == ([], 0, 0), key


def test_who_writes_nothing_in_the_ledger_imports_nothing(world, client):
    for who, status in ((world.officer, 200), (world.auditor, 403), (world.nobody, 403)):
        client.force_login(who)
        assert client.get(reverse("exchange_upload", args=["past-awards"])).status_code == status, who


@pytest.mark.parametrize("count", [2, 40])
def test_judging_asks_the_same_queries_for_few_and_many(world, count, django_assert_num_queries):
    from awards.ledger.exchange import AwardsExchange
    from portal.exchange.base import Task
    from portal.exchange.lines import Line

    lines = []
    for i in range(count):
        make.past_award(make.person(f"Người {i}", world.hue, code=f"C{i}"), year=2020)
        values = {"kind": "person", "code": f"C{i}", "award": "CSTDCS", "year": 2024, "decision_number": "1/QĐ"}
        lines.append(Line(i + 2, values))
    world.head.reading_paths()

    with django_assert_num_queries(5):
        AwardsExchange().plan(task := Task(by=world.head, lines=lines))
    assert len(task.changes) == count


def test_the_code_of_a_merged_record_finds_the_record_that_was_kept(world, an):
    gone = make.person("Nguyễn Thị Ánh", world.hue, code="H002")
    gone.merged_into = an
    gone.save()
    line = ["Cá nhân", "H002", "", "LDTT", 2024, "55/QĐ", "", "", ""]

    assert taken("past-awards", line, by=world.head)["create"] == 1
    assert PastAward.objects.get().person == an
    assert taken("ratings", ["person", "H002", "", 2023, "good", ""], by=world.head)["create"] == 1
    assert Rating.objects.get().person == an
    twice = problems("past-awards", line, ["Cá nhân", "H001", *line[2:]], by=world.head)
    assert twice == [(3, "Mã", "Dòng này trùng với dòng 2.")]


def test_a_merged_record_of_another_unit_is_not_found_by_its_code(world, an):
    stranger = make.person("Người Lạ", world.vinh, code="V001")
    an.merged_into = stranger
    an.save()

    found = problems("past-awards", ["Cá nhân", "H001", "", "LDTT", 2024, "55/QĐ", "", "", ""], by=world.head)

    assert [column for _row, column, _words in found] == ["Mã"]
