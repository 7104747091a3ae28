"""Lists come in whole or not at all: units, people and accounts, each within the bounds of who brings them."""

import io
import unicodedata
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.days import today
from portal.exchange import work
from portal.exchange.base import Change, Exchange, exchanges
from portal.exchange.columns import Column
from portal.exchange.sheet import Sheet
from portal.jobs import services as jobs
from portal.models import Entry, Job
from tests import make
from units.models import Collective, Membership, Person, Posting, Proposal, Role, Unit, User
from units.models.units import Kind
from units.people import duplicates
from units.people.exchange import PeopleExchange

PEOPLE = ["Số hiệu cán bộ", "Họ và tên", "Năm sinh", "Mã đơn vị", "Mã tập thể", "Chức vụ", "Là lãnh đạo"]
PEOPLE += ["Giữ vị trí từ ngày", "Giới tính", "Ngạch, chức danh", "Ngày vào ngành"]
ACCOUNTS = [
    "Tên đăng nhập",
    "Thư điện tử",
    "Số hiệu cán bộ",
    "Vai trò",
    "Mã đơn vị",
    "Từ ngày",
    "Đến hết ngày",
    "Văn bản",
]
UNITS = [
    "Mã đơn vị",
    "Tên tiếng Việt",
    "Loại đơn vị",
    "Mã đơn vị cấp trên",
    "Có từ ngày",
    "Đến hết ngày",
    "Tên gọi tắt",
]
HEADS = {"people": PEOPLE, "accounts": ACCOUNTS, "units": UNITS}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hue_admin(world):
    """Administers Hue and what lies below, nothing else."""
    return make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Phan Quản Trị Huế")


def check(key, *rows, by, file=None, **options):
    """Upload and check; the job as the page reads it."""
    file = file or make.csv(HEADS[key], *rows)
    job = work.start_check(exchanges()[key], file, by=by, options=options, once=str(uuid4()))
    return ran(job)


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def apply(job, by, confirmed=()):
    job.result["confirmed"] = list(confirmed)
    job.save()
    return ran(work.start_apply(job, by=by))


def taken(key, *rows, by, **options):
    """Check and apply what must be without problems."""
    job = check(key, *rows, by=by, **options)
    assert job.result.get("problems") == [], job.result
    assert apply(job, by).state == "done"
    job.refresh_from_db()
    return job.result["applied"]


def problems(key, *rows, by, **options):
    return [
        (row, column, words) for row, column, _cell, words in check(key, *rows, by=by, **options).result["problems"]
    ]


def counts(job):
    return tuple(job.result[name] for name in ("create", "change", "close", "same"))


# --- people ---


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


# --- units ---


def test_new_units_come_in_whatever_their_order_and_names_are_put_right(world):
    rows = [
        ["KV9.1", "Tổ của khu vực 9", "VKSND khu vực", "KV9"],
        ["KV9", "Viện kiểm sát nhân dân khu vực 9", "VKSND khu vực", "HUE", "1/7/2025"],
        ["HUE", "VKSND thành phố Huế", "VKSND cấp tỉnh", "VKSTC"],
    ]
    job = check("units", *rows, by=world.admin)
    assert counts(job) == (2, 1, 0, 0)
    assert "Phương án sắp xếp" in job.result["notes"][-1]
    apply(job, world.admin)

    grown = Unit.objects.get(code="KV9.1")
    assert (grown.path, grown.parent.code, grown.kind) == ("/VKSTC/HUE/KV9/KV9.1/", "KV9", Kind.REGION)
    assert Unit.objects.get(code="HUE").search.startswith("hue vksnd thanh pho hue")
    assert counts(check("units", *rows, by=world.admin)) == (0, 0, 0, 3)


def test_what_a_reorganisation_must_do_is_refused_and_so_is_a_broken_tree(world, hue_admin):
    Unit.objects.filter(pk=world.hue.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2030, 1, 1))
    make.unit("CU", world.root, valid_to=date(2025, 6, 30))
    kind = "VKSND khu vực"
    found = problems(
        "units",
        ["KV1", "Viện kiểm sát nhân dân khu vực 1", kind, "VINH"],
        ["VINH", "Viện kiểm sát nhân dân tỉnh Nghệ An", "VKSND cấp tỉnh", None, None, "1/1/2026"],
        ["HUE", "Viện kiểm sát nhân dân thành phố Huế", "VKSND cấp tỉnh", None, "1/1/2021"],
        ["X1", "Một", kind, "X2"],
        ["X2", "Hai", kind, "X1"],
        ["X3", "Ba", kind],
        ["X4", "Bốn", kind, "KHONG"],
        ["X5", "Năm", kind, "CU"],
        ["X6", "Sáu", kind, "HUE", "1/1/2019"],
        ["X7", "Bảy", kind, "HUE", "1/1/2025", "1/1/2024"],
        ["X8", "Tám", kind, "X9"],
        ["X9", "Chín", kind, "KHONG"],
        ["hue", "Huế", kind, "VKSTC"],
        ["X_1", "Gạch", kind, "HUE"],
        ["X7", "Lại", kind, "HUE"],
        by=world.admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Mã đơn vị cấp trên"),
        (3, "Đến hết ngày"),
        (4, "Có từ ngày"),
        (5, "Mã đơn vị cấp trên"),
        (6, "Mã đơn vị cấp trên"),
        (7, "Mã đơn vị cấp trên"),
        (8, "Mã đơn vị cấp trên"),
        (9, "Mã đơn vị cấp trên"),
        (10, "Có từ ngày"),
        (11, "Đến hết ngày"),
        (12, "Mã đơn vị cấp trên"),
        (13, "Mã đơn vị cấp trên"),
        (14, "Mã đơn vị"),
        (15, "Mã đơn vị"),
        (16, "Mã đơn vị"),
    ]
    assert "Phương án sắp xếp" in found[0][2]
    found = problems("units", ["VINH", "Vinh", kind], ["Y1", "Một", kind, "VINH"], by=hue_admin)
    assert [words for _row, _column, words in found] == ["Đơn vị VINH không thuộc phạm vi quản trị của đồng chí."] * 2


# --- accounts ---


def test_accounts_come_in_without_a_password_and_an_invitation_is_due(world):
    make.user("cu")
    Person.objects.create(staff_code="H9", full_name="Lê Mới")
    Posting.objects.create(person=Person.objects.get(staff_code="H9"), unit=world.hue)
    rows = [
        ["lan.nt", "lan@vks.example", "H9", "Cán bộ thi đua của đơn vị", "HUE", "1/7/2025", None, "QĐ 1"],
        ["lan.nt", None, None, "auditor", "KV1", None, None, "QĐ 1"],
        ["officer", "officer@vks.example", "OFFICER", "Cán bộ thi đua của đơn vị", "HUE"],
        ["officer", None, None, "Thủ trưởng đơn vị", "HUE", "1/1/2026", "31/12/2098", "QĐ 2"],
    ]
    applied = taken("accounts", *rows, by=world.admin)

    assert (applied["create"], applied["change"], applied["same"]) == (1, 1, 1)
    assert "hãy gửi thư mời" in applied["after"]
    made = User.objects.get(username="lan.nt")
    assert (made.email, made.person.staff_code, made.has_usable_password()) == ("lan@vks.example", "H9", False)
    assert {(m.role, m.unit.code) for m in made.memberships.all()} == {("officer", "HUE"), ("auditor", "KV1")}
    assert world.officer.memberships.get(role=Role.HEAD).valid_to == date(2098, 12, 31)
    assert Entry.objects.about(made).get().verb == "create"
    assert counts(check("accounts", *rows, by=world.admin)) == (0, 0, 0, 4)


def test_nobody_raises_their_own_rights_or_reaches_beyond_their_units(world, hue_admin):
    Person.objects.create(staff_code="V9", full_name="Lê Xa")
    away = make.user("xa", (Role.OFFICER, world.hue))  # holds a role here, works elsewhere too
    Posting.objects.create(person=away.person, unit=world.vinh)
    found = problems(
        "accounts",
        ["hueadmin", None, None, "Thủ trưởng đơn vị", "HUE"],
        ["hueadmin", "khac@vks.example"],
        ["moi", "moi@vks.example", None, "Quản trị hệ thống", "VKSTC"],
        ["office", "cua-toi@vks.example"],
        ["admin", "cua-toi@vks.example", None, "officer", "KV1", None, None, "QĐ 1"],
        ["moi2", "moi2@vks.example", "V9"],
        ["stranger", None, "HEAD"],
        ["xa", "cua-toi@vks.example"],
        by=hue_admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Vai trò"),
        (3, "Thư điện tử"),
        (4, "Mã đơn vị"),
        (5, "Thư điện tử"),
        (6, "Thư điện tử"),
        (7, "Số hiệu cán bộ"),
        (8, "Số hiệu cán bộ"),
        (9, "Thư điện tử"),
    ]
    assert found[0][2] == "Không ai tự đổi quyền của mình."
    # a role in one's own unit may be given to anybody
    assert (
        taken("accounts", ["stranger", None, None, "council", "KV1", None, None, "QĐ 3"], by=hue_admin)["change"] == 1
    )


def test_a_file_cannot_end_the_last_administrator_and_ends_the_sessions_of_those_it_changes(world, client):
    second = make.user("second", (Role.ADMIN, world.root), full_name="Phó Quản Trị")
    mine = world.admin.memberships.get()
    Membership.objects.filter(user=second).update(valid_to=today() + timedelta(days=30))
    job = check(
        "accounts", ["admin", "", "", "admin", "VKSTC", "", f"{today() + timedelta(days=60):%d/%m/%Y}"], by=second
    )
    assert "quản trị cuối cùng" in str(job.result["problems"])
    client.force_login(world.officer)
    client.get("/units/")

    taken("accounts", ["officer", "new@vks.example", "", "council", "HUE", None, None, "QĐ 4"], by=world.admin)

    assert client.get("/units/").status_code == 302
    assert User.objects.get(pk=world.officer.pk).email == "officer@vks.example"  # the new one waits for a second person
    assert Proposal.objects.get(account=world.officer, by=world.admin).asked["address"] == "new@vks.example"
    mine.refresh_from_db()
    assert mine.valid_to is None


def test_the_mistakes_of_accounts_are_told_by_row(world):
    Membership.objects.filter(user=world.head).update(valid_from=date(2025, 1, 1))
    ended = make.unit("CU", world.root, valid_to=date(2025, 6, 30))
    make.user("nghi", is_active=False)
    kind = "Cán bộ thi đua của đơn vị"
    found = problems(
        "accounts",
        ["moi", None],
        ["mới", "a@vks.example"],
        ["a2", "khong phai thu"],
        ["a3", "a@b"],
        ["a4", "office@vks.example"],
        ["a5", "a5@vks.example", "KHONG"],
        ["a6", "a6@vks.example", "HEAD"],
        ["a7", "a7@vks.example", None, kind],
        ["a8", "a8@vks.example", None, None, "HUE"],
        ["a9", "a9@vks.example", None, kind, "KHONG"],
        ["b1", "b1@vks.example", None, kind, ended.code],
        ["b2", "b2@vks.example", None, kind, "HUE", "2/1/2026", "1/1/2026"],
        ["b3", "b3@vks.example", None, kind, "HUE", "1/1/2020", "1/1/2021"],
        ["b4", "b4@vks.example", None, kind, "HUE", None, None, "QĐ 4"],
        ["b4", "b5@vks.example", None, kind, "HUE", "1/1/2026", None, "QĐ 4"],
        ["HEAD", None, None, kind, "HUE"],
        ["head", None, None, "head", "HUE", "1/1/2026"],
        ["nghi", None, None, kind, "HUE"],
        ["b6", "b6@vks.example", None, kind, "HUE"],
        ["head", None, None, "head", "HUE", "1/1/2025", "2/1/2025"],
        by=world.admin,
    )
    assert [(row, column) for row, column, _words in found] == [
        (2, "Thư điện tử"),
        (3, "Tên đăng nhập"),
        (4, "Thư điện tử"),
        (5, "Thư điện tử"),
        (6, "Thư điện tử"),
        (7, "Số hiệu cán bộ"),
        (8, "Số hiệu cán bộ"),
        (9, "Mã đơn vị"),
        (10, "Vai trò"),
        (11, "Mã đơn vị"),
        (12, "Mã đơn vị"),
        (13, "Đến hết ngày"),
        (14, "Đến hết ngày"),
        (16, "Thư điện tử"),
        (16, "Vai trò"),
        (17, "Tên đăng nhập"),
        (18, "Từ ngày"),
        (19, "Tên đăng nhập"),
        (20, "Văn bản giao vai trò"),
        (21, "Đến hết ngày"),
    ]


def test_a_role_that_ended_is_not_taken_for_one_that_lasts(world):
    Membership.objects.filter(user=world.head).update(valid_from=date(2020, 1, 1), valid_to=date(2025, 1, 1))
    said = ["head", None, None, "head", "HUE", "1/1/2020"]
    assert "đã kết thúc ngày 01/01/2025" in problems("accounts", said, by=world.admin)[0][2]
    taken("accounts", [*said, f"{today():%d/%m/%Y}"], by=world.admin)
    assert world.head.memberships.get().valid_to == today()


# --- out and in ---


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("key", ["units", "people", "accounts"])
def test_what_is_exported_comes_in_again_without_a_change(world, key, kind):
    world.head.person.rank = "=KSV"
    world.head.person.save()
    content, name, _rows = work.exported(exchanges()[key], kind, by=world.admin, options={})
    job = check(key, by=world.admin, file=SimpleUploadedFile(name, content))
    assert job.result["problems"] == []
    assert counts(job)[:3] == (0, 0, 0)
    assert job.result["same"] == exchanges()[key].count(world.admin, {})


def test_a_long_export_is_a_job_and_leaves_its_line_in_the_trail(world, client, monkeypatch):
    monkeypatch.setattr(work, "EXPORT_AT_ONCE", 2)
    client.force_login(world.admin)
    for _click in range(2):
        answer = client.post(reverse("exchange_export", args=["people"]), {"format": "xlsx"})
    job = ran(Job.objects.get(kind="export"))
    assert answer["Location"] == job.get_absolute_url()
    assert (job.state, job.output_name) == ("done", f"people-{today():%Y%m%d}.xlsx")
    with job.output.open("rb") as file:
        assert load_workbook(file).active.max_row == 1 + exchanges()["people"].count(world.admin, {})
    assert Entry.objects.get(verb="export").by == world.admin


# --- a list of another app ---


class ScoresExchange(Exchange):
    """Belongs to one unit, as the nominations of a submission will: not on the common page."""

    key = "scores"
    title = "Điểm"
    sheet = Sheet("Điểm", (Column("who", "Ai", "code", required=True), Column("score", "Điểm", "int", high=10)))

    def open_to(self, user, options):
        return "unit" in options

    def home_url(self, options):
        return f"/units/{options['unit']}/"

    upload_url = home_url

    def plan(self, task):
        people = {p.staff_code: p for p in task.held(Person.objects.order_by("pk"))}
        for line in task.lines:
            if line["who"] not in people:
                task.problem(line, self.sheet["who"], "Không có người này.")
            elif people[line["who"]].rank == str(line["score"]):
                task.same += 1
            else:
                person = people[line["who"]]
                told = {"score": [person.rank, line["score"]]}
                task.changes.append(Change("change", line.number, person.full_name, told, deed=(person, line["score"])))

    def apply(self, task):
        for change in task.deeds("change"):
            person, score = change.deed
            person.rank = str(score)
            person.save()
            yield person, "edit", change.told


def test_a_list_of_one_paper_shares_check_preview_and_apply(world, client, monkeypatch):
    monkeypatch.setitem(exchanges(), "scores", ScoresExchange())
    client.force_login(world.head)
    job = check("scores", by=world.head, file=make.csv(["ai", "điểm"], ["head", 9], ["OFFICER", 11]), unit=world.hue.pk)
    assert [row for row, *_rest in job.result["problems"]] == [2, 3]
    job = check("scores", by=world.head, file=make.csv(["ai", "điểm"], ["OFFICER", 9]), unit=world.hue.pk)
    page = client.get(reverse("exchange_import", args=[job.pk])).content.decode()
    assert f'href="/units/{world.hue.pk}/"' in page
    assert apply(job, world.head).state == "done"
    assert Person.objects.get(staff_code="OFFICER").rank == "9"
    assert Entry.objects.about(world.officer.person).get().changes == {"Điểm": [None, 9]}


# --- pages ---


@pytest.fixture
def web(client, world):
    client.force_login(world.admin)
    return client


def upload(web, file, key="people", once=None, **data):
    return web.post(reverse("exchange_upload", args=[key]), {"file": file, "once": once or str(uuid4()), **data})


def test_from_upload_through_duplicates_to_the_result(world, web, django_capture_on_commit_callbacks):
    taken("people", ["H1", "Nguyễn Thị Lý", 1985, "HUE"], by=world.admin)
    file = make.xlsx(PEOPLE, ["H2", "Nguyen Thi Ly", 1985, "HUE"], ["H3", "Lê Ba", 1990, "KV1"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(web, file)
    job = Job.objects.get(kind="import_check", params__name="danh-sach.xlsx")
    assert answer["Location"] == job.get_absolute_url()
    page = reverse("exchange_import", args=[job.pk])

    shown = web.get(page).content.decode()
    assert "Nghi trùng" in shown
    assert "H1 – Nguyễn Thị Lý (1985)" in shown
    assert "Lê Ba" in shown

    apply_url = reverse("exchange_apply", args=[job.pk])
    web.post(apply_url, {"action": "keep", "shown": ["2"], "confirmed": ["2", "3", "99", "x"]})
    job.refresh_from_db()
    assert job.result["confirmed"] == [2]  # only rows that are likely duplicates need a word
    with django_capture_on_commit_callbacks(execute=True):
        answer = web.post(apply_url, {"action": "apply", "shown": ["2"], "confirmed": ["2"]})
    assert answer["Location"] == Job.objects.get(kind="import_apply", params__check=job.pk).get_absolute_url()
    assert "Đã nhập xong" in web.get(page).content.decode()
    assert Person.objects.filter(staff_code__in=["H2", "H3"]).count() == 2


def test_the_report_is_on_the_page_and_as_a_sheet(world, web, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        upload(web, make.xlsx(PEOPLE, ["H1", "=HYPERLINK(1)", "x", "KHONG"]))
    job = Job.objects.get()
    shown = web.get(reverse("exchange_import", args=[job.pk])).content.decode()
    assert "B2" in shown
    assert "Ô này là công thức" in shown
    content = web.get(reverse("exchange_report", args=[job.pk])).content
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0] == ("Dòng", "Ô", "Cột", "Điều cần sửa")
    assert {row[1] for row in rows[1:]} == {"B2", "C2", "D2"}
    answer = web.post(reverse("exchange_apply", args=[job.pk]), {"action": "apply"}, follow=True)
    assert "chưa nhập được" in answer.content.decode()
    assert Job.objects.count() == 1


def test_a_double_click_makes_one_job(web):
    once = str(uuid4())
    places = {upload(web, make.xlsx(PEOPLE), once=once)["Location"] for _click in range(2)}
    assert len(places) == 1
    assert Job.objects.count() == 1


def test_an_unreadable_file_is_refused_on_the_page_or_told_by_the_job(web, django_capture_on_commit_callbacks):
    answer = upload(web, SimpleUploadedFile("a.xlsx", b"MZ"))
    assert answer.status_code == 422
    assert "không phải bảng tính" in answer.content.decode()
    assert Job.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        upload(web, make.xlsx(["Tên"], ["An"]))
        upload(web, make.xlsx(PEOPLE))
    objections = [job.result["objections"][0] for job in Job.objects.order_by("pk")]
    assert objections[0].startswith("Không tìm thấy dòng tiêu đề")
    assert objections[1].startswith("Dưới dòng tiêu đề không có dòng nào")
    page = web.get(reverse("exchange_import", args=[Job.objects.first().pk])).content.decode()
    assert "Không đọc được tệp, vì" in page


def test_a_whole_list_is_declared_with_its_unit_and_its_day(world, web):
    for data, field in (
        ({"unit": "HUE"}, "day"),
        ({"unit": "KHONG", "day": "1/10/2025"}, "unit"),
        ({"unit": "HUE", "day": f"{today() + timedelta(days=1):%d/%m/%Y}"}, "day"),
    ):
        answer = upload(web, make.xlsx(PEOPLE), whole="on", **data)
        assert field in answer.context["form"].errors
    upload(web, make.xlsx(PEOPLE), whole="on", unit="HUE", day="1/10/2025")
    assert Job.objects.get().params["options"]["whole"] == {
        "code": "HUE",
        "path": world.hue.path,
        "day": "2025-10-01",
    }


def test_after_a_refusal_the_same_file_is_checked_again(world, web, django_capture_on_commit_callbacks):
    job = check("people", ["H1", "Nguyễn An", 1985, "HUE"], by=world.admin)
    Person.objects.create(staff_code="H1", full_name="Nguyễn An", birth_year=1985)
    apply(job, world.admin)
    assert "Kiểm tra lại tệp này" in web.get(reverse("exchange_import", args=[job.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        places = {web.post(reverse("exchange_again", args=[job.pk]))["Location"] for _click in range(2)}
    again = Job.objects.get(kind="import_check", params__once=f"{job.pk}-again")
    assert places == {again.get_absolute_url()}
    assert counts(again) == (0, 1, 0, 0)


@pytest.mark.parametrize("rows", [1, 60])
def test_the_pages_ask_the_same_number_of_questions_however_long_the_list(world, web, django_assert_num_queries, rows):
    job = check("people", *([f"H{i}", f"Người {i}", 1985, "HUE"] for i in range(rows)), by=world.admin)
    # the first page of a session puts it on its person's list, and the first page of all asks the office's name
    with django_assert_num_queries(9 + make.SESSION_READ):
        assert web.get(reverse("exchange_import", args=[job.pk])).status_code == 200
    for _again in range(rows // 20):
        check("people", ["H1", "Người", 1985, "HUE"], by=world.admin)
    with django_assert_num_queries(3 + make.SESSION_READ):
        assert web.get(reverse("exchange_home")).status_code == 200


def test_the_lines_of_a_preview_go_with_the_file(world, hue_admin, client):
    told = check("people", ["H001", "Nguyễn Văn Quên", "1980", "HUE"], by=hue_admin)
    wrong = check("people", ["H002", "Nguyễn Văn Nhầm", "1980", "KHONGCO"], by=hue_admin)
    done = check("people", ["H003", "Nguyễn Văn Xong", "1980", "HUE"], by=hue_admin)
    apply(done, hue_admin)
    Job.objects.update(ended_at=timezone.now() - timedelta(days=31))

    assert jobs.forget_files() >= 3
    assert jobs.forget_files() == 0

    client.force_login(hue_admin)
    for job in (told, wrong, done):
        job.refresh_from_db()
        assert "Nguyễn" not in str(job.result) and not job.source
        page = client.get(reverse("exchange_import", args=[job.pk]))
        assert page.status_code == 200
        assert "Nguyễn Văn" not in page.content.decode()
        assert "đã được xóa sau 30 ngày" in page.content.decode()
        assert "Nhập vào cổng" not in page.content.decode()
    assert done.result["applied"]["create"] == 1
    client.post(reverse("exchange_apply", args=[told.pk]), {"action": "apply", "page": "1"})
    assert not Person.objects.filter(staff_code="H001").exists()
    assert "apply_job" not in Job.objects.get(pk=told.pk).result


def test_a_file_that_changes_nothing_waits_for_nobody(world, hue_admin, client):
    line = ["H001", "Nguyễn Văn An", "1980", "HUE"]
    client.force_login(hue_admin)
    job = check("people", line, by=hue_admin)
    assert "chờ đồng chí quyết định" in client.get(reverse("exchange_home")).content.decode()
    apply(job, hue_admin)

    check("people", line, by=hue_admin)

    page = client.get(reverse("exchange_home")).content.decode()
    assert "không có gì để nhập" in page
    assert "chờ đồng chí quyết định" not in page
