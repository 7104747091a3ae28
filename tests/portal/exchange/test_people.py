"""The list of staff: who comes in, changes place, is taken for somebody else or closed."""

import unicodedata
from datetime import date, timedelta

import pytest

from portal.days import today
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.models import Entry, Job
from tests import make
from tests.portal.exchange.helpers import PEOPLE, apply, check, counts, problems, ran, taken
from units.models import Collective, Membership, Person, Posting, User
from units.people import duplicates
from units.people.exchange import PeopleExchange


def test_people_come_in_with_their_postings_and_the_trail_says_who_brought_them(world):
    Collective.objects.create(unit=world.hue, code="HUE-P1", name="Phòng 1")
    row = ["H1", unicodedata.normalize("NFD", "Nguyễn Thị Lý"), "12/05/1985", "HUE", "HUE-P1", "Trưởng phòng", "có"]

    applied = taken("people", [*row, "1/7/2025", "nữ", "Kiểm sát viên", "01.09.2010"], by=world.admin)

    assert (applied["create"], applied["change"]) == (1, 0)
    person = Person.objects.get(staff_code="H1")
    assert (person.full_name, person.birth_year, person.gender) == ("Nguyễn Thị Lý", 1985, "f")
    assert (person.rank, person.joined_on, person.search) == ("Kiểm sát viên", date(2010, 9, 1), "nguyen thi ly h1")
    posting = person.postings.get()
    assert (posting.unit, posting.collective.code, posting.position) == (world.hue, "HUE-P1", "Trưởng phòng")
    assert (posting.leads, posting.valid_from) == (True, date(2025, 7, 1))
    entry = Entry.objects.about(person).get()
    assert (entry.verb, entry.by, entry.note) == ("create", world.admin, "Nhập từ tệp danh-sach.csv")
    summary = Entry.objects.get(verb="import")
    assert summary.changes == {"Thêm": [None, 1]}


def test_the_same_file_again_changes_nothing(world):
    rows = [
        ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyên viên", "Không", "1/7/2025"],
        ["H2", "Trần Bình", 1990, "KV1"],
    ]
    taken("people", *rows, by=world.admin)
    before = list(Person.objects.values()), list(Posting.objects.values()), Entry.objects.exclude(verb="import").count()

    again = check("people", *rows, by=world.admin)
    assert counts(again) == (0, 0, 0, 2)
    apply(again, world.admin)

    assert (list(Person.objects.values()), list(Posting.objects.values())) == before[:2]
    assert Entry.objects.exclude(verb="import").count() == before[2]


def test_changes_are_shown_as_was_and_is_and_blank_cells_keep_what_is(world):
    taken("people", ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyên viên", None, "1/7/2020", "nam"], by=world.admin)
    job = check("people", ["H1", "Nguyễn Văn An", 1985, "HUE", None, "Trưởng phòng", "có", "1/1/2025"], by=world.admin)

    assert counts(job) == (0, 1, 0, 0)
    assert job.result["change_shown"] == [
        [
            2,
            "H1 – Nguyễn Văn An",
            {
                "Họ và tên": ["Nguyễn An", "Nguyễn Văn An"],
                "Chức vụ": ["Chuyên viên", "Trưởng phòng"],
                "Là lãnh đạo": ["Không", "Có"],
                "Giữ vị trí từ ngày": ["01/07/2020", "01/01/2025"],
            },
        ]
    ]
    apply(job, world.admin)
    person = Person.objects.get(staff_code="H1")
    assert (person.gender, person.version) == ("m", 2)
    old, new = person.postings.order_by("valid_from")
    assert (old.position, old.valid_to, new.position, new.valid_to) == (
        "Chuyên viên",
        date(2024, 12, 31),
        "Trưởng phòng",
        None,
    )
    assert Entry.objects.about(person).first().changes["Chức vụ"] == ["Chuyên viên", "Trưởng phòng"]


def test_a_position_without_a_day_is_corrected_in_place(world):
    taken("people", ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyen vien"], by=world.admin)
    taken("people", ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyên viên"], by=world.admin)
    assert Posting.objects.get(person__staff_code="H1").position == "Chuyên viên"


def test_a_transfer_needs_its_day_and_ends_the_old_posting_the_day_before(world):
    taken("people", ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyên viên", None, "1/7/2020"], by=world.admin)
    assert problems("people", ["H1", "Nguyễn An", 1985, "VINH"], by=world.admin) == [
        (2, "Giữ vị trí từ ngày", "Chuyển sang đơn vị khác phải ghi ngày bắt đầu.")
    ]
    soon = today() + timedelta(days=40)
    moved = ["H1", "Nguyễn An", 1985, "VINH", None, "Phó phòng", None, f"{soon:%d/%m/%Y}"]
    taken("people", moved, by=world.admin)

    postings = Posting.objects.filter(person__staff_code="H1").order_by("valid_from")
    assert [(p.unit, p.valid_to) for p in postings] == [(world.hue, soon - timedelta(days=1)), (world.vinh, None)]
    assert counts(check("people", moved, by=world.admin)) == (0, 0, 0, 1)


def test_twelve_mistakes_of_people_are_told_at_once(world):
    ended = make.unit("CU", world.root, valid_to=date(2025, 6, 30))
    Collective.objects.create(unit=world.vinh, code="V-P1", name="Phòng 1")
    taken("people", ["00123", "Lê Cũ", 1970, "HUE", None, "", None, "1/7/2020"], by=world.admin)
    future = f"{today() + timedelta(days=3):%d/%m/%Y}"

    found = problems(
        "people",
        ["A1", "An", 1980, "KHONG"],
        ["A2", "An", 1980, ended.code],
        ["A3", "An", 1980, "HUE", "V-P1"],
        ["A4", "An", 1980, "HUE", "X-P1"],
        ["A1", "An", 1980, "HUE"],
        ["A5", "An", 1980, "HUE", *[None] * 6, future],
        ["A6", "An", 1980, "HUE", *[None] * 6, "1/1/1990"],
        ["A7", "An", today().year - 3, "HUE"],
        ["123", "An", 1980, "HUE"],
        ["00123", "Bình", 1990, "HUE"],
        ["00123", "Lê Cũ", 1970, "HUE"],
        ["00123 ", "Lê Cũ", 1970, "VINH", None, None, None, "1/1/2019"],
        by=world.admin,
    )

    assert [(row, column) for row, column, _words in found] == [
        (2, "Mã đơn vị"),
        (3, "Mã đơn vị"),
        (4, "Mã tập thể"),
        (5, "Mã tập thể"),
        (6, "Số hiệu cán bộ"),
        (7, "Ngày vào ngành"),
        (8, "Ngày vào ngành"),
        (9, "Năm sinh"),
        (10, "Số hiệu cán bộ"),
        (11, "Số hiệu cán bộ"),
        (12, "Số hiệu cán bộ"),
        (13, "Số hiệu cán bộ"),
    ]
    assert "số 0 đứng đầu" in found[8][2]
    assert "Lê Cũ, sinh năm 1970" in found[9][2]
    assert Person.objects.filter(staff_code__startswith="A").exclude(staff_code__in=["ADMIN", "AUDITOR"]).count() == 0


def test_an_older_file_does_not_undo_a_transfer(world):
    old = ["H1", "Nguyễn An", 1985, "HUE", None, "Chuyên viên", None, "1/7/2020"]
    taken("people", old, by=world.admin)
    taken("people", ["H1", "Nguyễn An", 1985, "VINH", None, "Chuyên viên", None, "1/7/2025"], by=world.admin)
    assert "tệp có thể đã cũ" in problems("people", old, by=world.admin)[0][2]


def test_likely_duplicates_wait_for_a_person_and_are_never_merged(world):
    taken("people", ["H1", "Nguyễn Thị Lý", 1985, "HUE"], by=world.admin)
    rows = [
        ["H2", "Ly Nguyen Thi", 1985, "VINH"],
        ["H3", "Nguyễn Thị Lí", 1985, "VINH"],
        ["H4", "Nguyễn Thị Lý", 1986, "VINH"],
    ]
    job = check("people", *rows, by=world.admin)

    assert counts(job) == (1, 0, 0, 0)
    assert job.result["like"] == [
        [2, "H2 – Ly Nguyen Thi", ["H1 – Nguyễn Thị Lý (1985), VKSND Huế"]],
        [
            3,
            "H3 – Nguyễn Thị Lí",
            ["H1 – Nguyễn Thị Lý (1985), VKSND Huế", "H2 – Ly Nguyen Thi – dòng 2 của tệp này"],
        ],
    ]
    apply(job, world.admin, confirmed=[3])
    job.refresh_from_db()
    assert (job.result["applied"]["create"], job.result["applied"]["left"]) == (2, 1)
    assert set(Person.objects.filter(staff_code__startswith="H").values_list("staff_code", flat=True)) >= {"H3", "H4"}
    assert not Person.objects.filter(staff_code="H2").exists()


def test_a_code_of_a_merged_record_means_the_record_that_was_kept(world):
    taken("people", ["H1", "Nguyễn Thị Lý", 1985, "HUE"], ["H2", "Nguyễn Thị Lan", 1985, "VINH"], by=world.admin)
    kept, gone = (Person.objects.get(staff_code=code) for code in ("H1", "H2"))
    duplicates.merge(kept, gone, by=world.admin, versions=(kept.version, gone.version), note="x")
    row = ["H2", "Nguyễn Thị Lý", 1985, "HUE", None, "Kiểm sát viên"]

    told = problems("people", ["H1", "Nguyễn Thị Lý", 1985, "HUE"], row, by=world.admin)
    assert "đã gộp vào số hiệu H1, đã có ở dòng 2" in told[0][2]
    job = check("people", row, by=world.admin)
    assert "H2 → H1" in job.result["notes"][0] and counts(job)[:2] == (0, 1)
    assert apply(job, world.admin).state == "done"
    assert kept.postings.get(unit=world.hue).position == "Kiểm sát viên"
    whole = {"code": "HUE", "path": world.hue.path, "day": "2026-01-01"}
    assert not [c for c in check("people", row, by=world.admin, whole=whole).result["close_shown"] if "H1" in c[1]]
    taken("accounts", ["lyhue", "ly@example.vn", "H2", "officer", "HUE", None, None, "QĐ 1"], by=world.admin)
    assert User.objects.get(username="lyhue").person == kept


def test_only_a_declared_whole_list_closes_who_is_missing(world):
    rows = [["H1", "Nguyễn An", 1985, "HUE", None, "", None, "1/7/2020"], ["H2", "Trần Bình", 1990, "KV1"]]
    taken("people", *rows, ["V1", "Lê Vinh", 1980, "VINH"], by=world.admin)
    Posting.objects.filter(person__user__isnull=False).delete()
    whole = {"code": "HUE", "path": world.hue.path, "day": "2025-10-01"}

    assert counts(check("people", rows[0], by=world.admin)) == (0, 0, 0, 1)
    job = check("people", rows[0], by=world.admin, whole=whole)
    assert counts(job) == (0, 0, 1, 1)
    assert job.result["close_shown"] == [[0, "H2 – Trần Bình", {"Vị trí ở KV1 đến hết ngày": [None, "30/09/2025"]}]]
    assert "1 trong 2 vị trí sẽ kết thúc" in job.result["notes"][-1]
    apply(job, world.admin)

    assert Posting.objects.get(person__staff_code="H2").valid_to == date(2025, 9, 30)
    assert Posting.objects.get(person__staff_code="V1").valid_to is None
    assert counts(check("people", rows[0], by=world.admin, whole=whole)) == (0, 0, 0, 1)
    assert "nằm ngoài" in problems("people", ["V1", "Lê Vinh", 1980, "VINH"], by=world.admin, whole=whole)[0][2]


def test_an_administrator_of_a_province_brings_people_of_that_province_only(world, hue_admin):
    taken("people", ["V1", "Lê Vinh", 1980, "VINH"], ["V2", "Hồ Vinh", 1981, "VINH"], by=world.admin)
    found = problems(
        "people",
        ["H1", "Nguyễn An", 1985, "VINH"],
        ["V1", "Lê Vinh", 1980, "HUE", None, None, None, "1/7/2025"],
        ["H2", "Nguyễn Lan", 1985, "KV1"],
        by=hue_admin,
    )
    assert found == [
        (2, "Mã đơn vị", "Đơn vị VINH không thuộc phạm vi quản trị của đồng chí."),
        (3, "Số hiệu cán bộ", "Người mang số hiệu này công tác ngoài phạm vi quản trị của đồng chí."),
    ]
    job = check("people", ["H3", "Ho Vinh", 1981, "HUE"], by=hue_admin)
    assert job.result["like"][0][2] == ["một người đã có, ngoài phạm vi quản trị của đồng chí"]
    assert {row["unit"] for row in exchanges()["people"].rows(hue_admin, {})} == {"HUE", "KV1"}


def test_a_right_that_ended_before_the_worker_came_stops_the_import(world, hue_admin):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=hue_admin)
    Membership.objects.filter(user=hue_admin).update(valid_to=today() - timedelta(days=1))
    late = apply(job, hue_admin)
    assert late.state == "failed"
    assert "không còn quyền" in late.result["objections"][0]
    assert not Person.objects.filter(staff_code="H1").exists()


def test_what_changed_since_the_check_must_be_looked_at_again(world):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=world.admin)
    Person.objects.create(staff_code="H1", full_name="Nguyễn An", birth_year=1985)
    late = apply(job, world.admin)
    assert late.state == "failed"
    assert "đã thay đổi từ lúc kiểm tra" in late.result["objections"][0]


def test_applying_is_done_once_however_often_it_is_asked(world):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=world.admin)
    first = work.start_apply(job, by=world.admin)
    assert work.start_apply(job, by=world.admin) == first
    ran(first)
    Job.objects.filter(pk=first.pk).update(state="queued")  # its worker died after the writing, before it said so
    assert ran(first).result["words"].startswith("Đã nhập xong: thêm 1")
    assert Person.objects.filter(staff_code="H1").count() == 1
    assert Posting.objects.filter(person__staff_code="H1").count() == 1


def test_what_another_wrote_in_the_same_moment_is_told_in_words(world, monkeypatch):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=world.admin)

    def beaten(self, task):
        Person.objects.create(staff_code="HEAD", full_name="Trùng")
        yield from ()

    monkeypatch.setattr(PeopleExchange, "apply", beaten)
    assert "vừa ghi cùng những mục này" in apply(job, world.admin).result["objections"][0]
    job.refresh_from_db()
    assert "applied" not in job.result


def test_a_failure_in_the_middle_leaves_nothing(world, monkeypatch):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=world.admin)
    monkeypatch.setattr(work, "record", lambda *args, **kwargs: 1 / 0)
    assert apply(job, world.admin).state == "failed"
    assert not Person.objects.filter(staff_code="H1").exists()


@pytest.mark.slow
def test_five_thousand_people_are_judged_mended_taken_and_unchanged_the_second_time(world):
    """Every mistake of twelve kinds by its row at once; after mending all come in; again, nothing changes."""
    head, *good = thousands(5_000)
    mistakes = {  # row: (column, what stands there)
        3: (1, None),
        1_001: (0, good[500][0]),
        1_101: (2, "19x5"),
        1_202: (2, 1890),
        1_303: (3, "KHONG"),
        2_004: (3, None),
        2_105: (7, "31/02/2025"),
        3_006: (8, "khác"),
        3_107: (6, "có lẽ"),
        4_008: (0, "mã sai"),
        4_109: (10, "1/1/2099"),
        5_001: (1, "x" * 101),
    }
    bad = [list(row) for row in good]
    for row, (place, value) in mistakes.items():
        bad[row - 2][place] = value
    job = check("people", by=world.admin, file=make.raw_xlsx([head, *bad]))
    assert job.result["problem_count"] == 12
    assert {row: column for row, column, _cell, _words in job.result["problems"]} == {
        row: head[place] for row, (place, _value) in mistakes.items()
    }

    mended = [head, *good]
    applied = taken("people", by=world.admin, file=make.csv(*mended))
    assert applied["create"] == 5_000
    assert Posting.objects.filter(person__staff_code__startswith="CB").count() == 5_000
    assert counts(check("people", by=world.admin, file=make.csv(*mended))) == (0, 0, 0, 5_000)


def thousands(count):
    """People of whom no two are alike."""
    letters = "bcdghklmnpqrstvx"
    yield PEOPLE
    for i in range(count):
        name = f"Nguyễn Thị {letters[i // 256 % 16]}ương {letters[i // 16 % 16]}inh {letters[i % 16]}ằng"
        code = ("HUE", "KV1", "VINH")[i % 3]
        yield [
            f"CB{i:05d}",
            name,
            1960 + i // 4096,
            code,
            None,
            "Chuyên viên",
            "Không",
            "01/07/2025",
            "Nữ",
            "KSV",
            None,
        ]


@pytest.mark.parametrize("codes", [("TST-P01", "tst-p01"), ("00123", "123"), ("HUE-0123", "HUE-123"), ("a007", "A7")])
def test_codes_that_nobody_can_tell_apart_are_refused_within_one_file(world, codes):
    rows = [[code, name, 1985, "HUE"] for code, name in zip(codes, ("Nguyễn An", "Trần Bình"), strict=True)]
    assert [(row, column) for row, column, _words in problems("people", *rows, by=world.admin)] == [
        (3, "Số hiệu cán bộ")
    ]
    taken("people", rows[0], by=world.admin)
    assert [(row, column) for row, column, _words in problems("people", rows[1], by=world.admin)] == [
        (2, "Số hiệu cán bộ")
    ]
