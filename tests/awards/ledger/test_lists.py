"""Lists as they hang on decisions: titles as decrees write them, people by name, what is told once for all rows."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from awards.ledger import naming
from awards.models import PastAward
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.jobs import services as jobs
from portal.models import Job
from tests import make
from units.models import Collective, Posting

CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(world):
    office, room = (
        Collective.objects.create(unit=world.hue, code=f"HUE-{c}", name=n)
        for c, n in (("VP", "Văn phòng"), ("P1", "Phòng 1"))
    )
    made = [
        make.person("Trần Quốc Bảo", world.hue, code="CB026", birth_year=1985),
        make.person("Đặng Thị Cúc", world.hue, code="DEMO019", birth_year=1990),
        make.person("Lê Quang Đức", world.hue, code="DEMO-H2", birth_year=1990),
    ]
    for person, place in zip(made, (office, office, room), strict=True):
        Posting.objects.filter(person=person).update(collective=place)
    return made


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def check(file, by, **options):
    return ran(work.start_check(exchanges()["past-awards"], file, by=by, options=options, once=str(uuid4())))


def apply(job, by):
    assert ran(work.start_apply(job, by=by)).state == "done"
    return list(PastAward.objects.order_by("pk"))


def case(path):
    return SimpleUploadedFile(Path(path).name, (CASES / path).read_bytes())


def told(job):
    return [(row, column, words) for row, column, _cell, words in job.result["problems"]]


# --- cases ---


def test_the_list_of_a_decision_is_judged_without_its_sections_and_signature(world, people):
    job = check(case("decision-list/with-codes.xlsx"), world.head)
    assert (told(job), job.result["create"], job.result["rows"]) == ([], 2, 2)
    (note,) = [note for note in job.result["notes"] if note.startswith("Không đọc")]
    assert all(f"{row} «" in note for row in (5, 8, 10, 14)) and "4 dòng" in note


def test_a_published_list_without_codes_comes_in_by_name_year_and_place(world, people):
    job = check(case("decision-list-without-codes/as-published.xlsx"), world.head)
    assert told(job) == []
    assert [label for _row, label, _told in job.result["create_shown"]] == [
        "CB026 – Trần Quốc Bảo (1985), VKSND Huế",
        "DEMO019 – Đặng Thị Cúc (1990), VKSND Huế",
        "DEMO-H2 – Lê Quang Đức (1990), VKSND Huế",
    ]
    notes = " ".join(job.result["notes"])
    assert "3 dòng không có mã được nhận ra theo họ tên" in notes
    assert "Số quyết định: 145/QĐ-VKS" in notes and "Ngày quyết định: 15/12/2025" in notes
    lines = apply(job, world.head)
    assert {(line.award, line.year, line.decision_number, line.decided_on) for line in lines} == {
        ("CSTDCS", 2025, "145/QĐ-VKS", date(2025, 12, 15))
    }
    assert {line.decided_by for line in lines} == {"Viện trưởng VKSND thành phố Huế"}
    assert [line.person for line in lines] == people


# --- what is told once ---


def test_what_the_file_does_not_say_is_asked_once_on_the_page(world, people, client):
    client.force_login(world.head)
    url = reverse("exchange_upload", args=["past-awards"])
    assert "Điều đúng cho mọi dòng của tệp" in client.get(url).content.decode()
    file = lambda: make.xlsx(["Họ và tên", "Năm sinh"], ["Trần Quốc Bảo", 1985], ["Đặng Thị Cúc", 1990])  # noqa: E731
    bare = check(file(), world.head)
    assert {column for _row, column, _words in told(bare)} == {
        "Danh hiệu, hình thức",
        "Năm thành tích",
        "Số quyết định",
    }
    assert all("một lần cho cả tệp" in words for _row, _column, words in told(bare))

    data = {"all_award": "LDTT", "all_year": "2025", "all_decision_number": "7/QĐ", "all_decided_on": "20/12/2025"}
    wrong = client.post(url, {"file": file(), "once": str(uuid4()), **data, "all_year": "năm nay"})
    assert "all_year" in wrong.context["form"].errors
    client.post(url, {"file": file(), "once": str(uuid4()), **data})
    job = ran(Job.objects.latest("pk"))
    assert told(job) == []
    assert {(x.award, x.year, x.decision_number, x.decided_on) for x in apply(job, world.head)} == {
        ("LDTT", 2025, "7/QĐ", date(2025, 12, 20))
    }


def test_sections_tell_the_award_and_the_kind_of_the_rows_below(world, people):
    file = make.xlsx(
        ["(Kèm theo Quyết định số 9/QĐ-VKS ngày 02/01/2025 của Viện trưởng VKSND tỉnh)"],
        ["STT", "Họ và tên", "Năm sinh", "Năm"],
        ["A", "Tập thể lao động tiên tiến"],
        [1, "Phòng 1", None, 2024],
        ["B", "Danh hiệu Lao động tiên tiến"],
        [1, "Trần Quốc Bảo", 1985, 2024],
        ["C", "Giấy khen của Viện trưởng"],
        [1, "Đặng Thị Cúc", 1990, 2024],
    )
    job = check(file, world.head)
    assert told(job) == []
    lines = apply(job, world.head)
    assert [(line.award, line.subject_name) for line in lines] == [
        ("TTLDTT", "Phòng 1"),
        ("LDTT", "Trần Quốc Bảo"),
        ("GK", "Đặng Thị Cúc"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "(Kèm theo Quyết định số 145/QĐ-VKS ngày 15 tháng 12 năm 2025 của Viện trưởng VKSND tỉnh)",
            {"decision_number": "145/QĐ-VKS", "decided_on": "15/12/2025", "decided_by": "Viện trưởng VKSND tỉnh"},
        ),
        (
            "Ban hành kèm theo Quyết định số: 7/QĐ-VKSTC-V15, ngày 2/9/2024",
            {"decision_number": "7/QĐ-VKSTC-V15", "decided_on": "2/9/2024"},
        ),
        (
            "Cá nhân được tặng danh hiệu “Chiến sĩ thi đua cơ sở” năm 2025",
            {"kind": "person", "award": "CSTDCS", "year": "2025"},
        ),
        ("I. Tập thể lao động xuất sắc", {"award": "TTLDXS"}),
        ("DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC KHEN THƯỞNG NĂM 2024", {"year": "2024"}),
        ("(Kèm theo Tờ trình số 12/TTr-VKS ngày 01 tháng 12 năm 2025)", {}),
    ],
)
def test_the_words_above_a_list_are_understood(text, said):
    assert naming.told(text) == said


@pytest.mark.parametrize(
    "written", ["7/QĐ-VKS ngày 20/12/2025", "Quyết định số 7/QĐ-VKS, ngày 20/12/2025", "7/QĐ-VKS, 20.12.2025"]
)
def test_number_and_day_of_a_decision_may_stand_in_one_cell(world, people, written):
    head = ["Họ và tên", "Năm sinh", "Năm", "Danh hiệu", "Số, ngày quyết định"]
    job = check(make.xlsx(head, ["Trần Quốc Bảo", 1985, 2025, "LĐTT", written]), world.head)
    assert told(job) == []
    assert [(line.decision_number, line.decided_on) for line in apply(job, world.head)] == [
        ("7/QĐ-VKS", date(2025, 12, 20))
    ]


# --- whom a row means ---


def by_name(*rows, by, head=("Họ và tên", "Năm sinh", "Đơn vị")):
    given = {"award": "LDTT", "year": "2025", "decision_number": "7/QĐ", "kind": "person"}
    return check(make.xlsx(list(head), *rows), by, given=given)


def test_a_name_that_two_people_have_goes_by_place_or_is_told_with_both(world, people):
    twin = make.person("Trần Quốc Bảo", world.kv1, code="K7", birth_year=1985)
    job = by_name(
        ["Trần Quốc Bảo", 1985, None], ["Trần Quốc Bảo", 1985, "Phòng nghiệp vụ, VKSND khu vực 9"], by=world.head
    )
    assert [(row, column) for row, column, _words in told(job)] == [(2, "Tên"), (3, "Tên")]
    assert "CB026 – Trần Quốc Bảo (1985)" in told(job)[0][2] and "K7" in told(job)[0][2]

    place = twin.postings.get().unit.short_name
    job = by_name(
        ["Trần Quốc Bảo", 1985, f"Kiểm sát viên, {place}"], ["TRẦN QUỐC BẢO", 1985, "Văn phòng"], by=world.head
    )
    assert told(job) == []
    assert [label.split(" – ")[0] for _row, label, _told in job.result["create_shown"]] == ["K7", "CB026"]


def test_nobody_another_year_and_another_unit_are_told_by_row(world, people):
    make.person("Hồ Nghệ", world.vinh, code="V001", birth_year=1980)
    job = by_name(["Nguyễn Không Có", 1985, None], ["Đặng Thị Cúc", 1991, None], ["Hồ Nghệ", 1980, None], by=world.head)
    assert [row for row, _column, _words in told(job)] == [2, 3, 4]
    assert "Năm sinh khác" in told(job)[1][2]
    assert "V001" not in told(job)[2][2]


def test_what_is_not_sure_waits_for_a_tick(world, people, client):
    job = by_name(
        ["Dang Thi Cuc", 1990, None], ["Lê Quang Đức", None, None], ["Trần Quốc Bảo", 1985, None], by=world.head
    )
    assert told(job) == []
    assert job.result["create"] == 1
    assert [(row, label) for row, label, _why in job.result["like"]] == [(2, "Dang Thi Cuc, 1990"), (3, "Lê Quang Đức")]
    client.force_login(world.head)
    page = client.get(reverse("exchange_import", args=[job.pk])).content.decode()
    assert "Đúng là đối tượng này" in page and "tên trên cổng viết khác: Đặng Thị Cúc" in page
    job.result["confirmed"] = [3]
    job.save()
    assert [line.subject_name for line in apply(job, world.head)] == ["Lê Quang Đức", "Trần Quốc Bảo"]


def test_a_row_that_names_nobody_or_no_kind_is_told(world, people):
    given = {"award": "GK", "year": "2025", "decision_number": "7/QĐ"}
    job = check(
        make.xlsx(["Mã", "Tên", "Thành tích"], [None, None, "x"], [None, "Phòng 1", "y"]), world.head, given=given
    )
    assert [(row, column) for row, column, _words in told(job)] == [(2, "Mã"), (3, "Đối tượng")]


def test_a_code_in_small_letters_is_found_and_another_year_of_birth_told(world, people):
    given = {"award": "LDTT", "year": "2025", "decision_number": "7/QĐ"}
    file = make.xlsx(
        ["Mã", "Họ và tên", "Năm sinh"], ["cb026", "Trần Quốc Bảo", 1985], ["DEMO019", "Đặng Thị Cúc", 1991]
    )
    assert [(row, column) for row, column, _words in told(check(file, world.head, given=given))] == [(3, "Năm sinh")]


@pytest.mark.parametrize("count", [2, 40])
def test_people_are_found_by_name_with_the_same_number_of_questions(world, count, django_assert_num_queries):
    from awards.ledger.exchange import AwardsExchange
    from portal.exchange.base import Task
    from portal.exchange.lines import Line

    lines = []
    for i in range(count):
        make.person(f"Người Thứ {i}", world.hue, code=f"C{i}", birth_year=1980)
        values = {"kind": "person", "name": f"Người Thứ {i}", "birth_year": 1980, "award": "LDTT", "year": 2024}
        lines.append(Line(i + 2, values | {"decision_number": "1/QĐ"}))
    world.head.reading_paths()
    with django_assert_num_queries(5):
        AwardsExchange().plan(task := Task(by=world.head, lines=lines))
    assert len(task.changes) == count


# --- titles ---


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("LĐTT", "LDTT"), ("Danh hiệu Lao động tiên tiến", "LDTT"), ("LAO ĐỘNG TIÊN TIẾN ", "LDTT"), ("ldtt", "LDTT"),
        ("CSTĐCS", "CSTDCS"), ("CSTĐ cơ sở", "CSTDCS"), ("Chiến sỹ thi đua cơ sở", "CSTDCS"), ("CSTĐ CS", "CSTDCS"),
        ("“Chiến sĩ thi đua cơ sở” năm 2025", "CSTDCS"), ("CHIẾN SỸ THI ĐUA CẤP CƠ SỞ", "CSTDCS"),
        ("CSTĐ ngành", "CSTDN"), ("Chiến sỹ thi đua ngành KSND", "CSTDN"), ("CSTĐ cấp bộ", "CSTDN"),
        ("CSTĐTQ", "CSTDTQ"), ("Chiến sĩ thi đua toàn quốc", "CSTDTQ"),
        ("TTLĐTT", "TTLDTT"), ("TT LĐTT", "TTLDTT"), ("Tập thể Lao động xuất sắc", "TTLDXS"), ("TTLĐXS", "TTLDXS"),
        ("Cờ thi đua của Chính phủ", "CTDCP"), ("Cờ TĐ của ngành KSND", None), ("Cờ thi đua ngành KSND", "CTDN"),
        ("Cờ của VKSND tối cao", "CTDN"),
        ("BK của Thủ tướng Chính phủ", "BK_TTG"), ("Bằng khen TTg", "BK_TTG"), ("Bằng khen của TTCP", "BK_TTG"),
        ("BK của Viện trưởng VKSNDTC", "BK_VT"), ("Bằng khen của Viện trưởng VKSND tối cao", "BK_VT"),
        ("Bằng khen của Viện trưởng Viện kiểm sát nhân dân tối cao", "BK_VT"), ("Bằng khen cấp ngành", "BK_VT"),
        ("Tặng Bằng khen của VKSTC", "BK_VT"), ("Bằng khen", None), ("Bằng khen của UBND tỉnh", None), ("CSTĐ", None),
        ("GK", "GK"), ("Giấy khen của Viện trưởng VKSND thành phố Huế", "GK"), ("Tặng giấy khen", "GK"),
        ("KNC", "KNC"), ("Kỷ niệm chương Vì sự nghiệp Kiểm sát", "KNC"), ("Kỉ niệm chương", "KNC"),
        ("HCLĐ hạng Ba", "HCLD_3"), ("Huân chương Lao động hạng III", "HCLD_3"), ("HC LĐ hạng 2", "HCLD_2"),
        ("Huân chương Độc lập hạng Nhất", "HCDL_1"), ("Huân chương Hồ Chí Minh", "HCHCM"),
        ("Anh hùng Lao động thời kỳ đổi mới", "AHLD"), ("Giấy mời", None),
    ],
)  # fmt: skip
def test_a_title_is_understood_as_offices_write_it(written, code):
    assert naming.award_named(written) == code


@pytest.mark.parametrize(
    ("written", "grade"),
    [("HTXSNV", "excellent"), ("Xuất sắc", "excellent"), ("HTTNV", "good"), ("Hoàn thành tốt", "good"), ("Khá", None)],
)
def test_a_grade_is_understood_in_short(written, grade):
    assert naming.grade_named(written) == grade
