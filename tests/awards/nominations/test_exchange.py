"""Nominations from a spreadsheet: all or nothing, every mistake told by its row."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import CampaignAward, Nomination
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.models import Job
from tests import make
from units.models import Person, Posting

HEAD = ("Đối tượng", "Mã", "Họ và tên", "Danh hiệu, hình thức", "Mã lĩnh vực thành tích", "Chức vụ", "Lãnh đạo",
        "Tóm tắt thành tích", "Thành tích đạt được", "Số phiếu đồng ý")  # fmt: skip


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


def check(paper, *rows, by):
    options = {"submission": paper.pk}
    exchange = exchanges()["nominations"]
    job = work.start_check(exchange, make.xlsx(HEAD, *rows), by=by, options=options, once=str(uuid4()))
    work_done = Job.objects.get(pk=job.pk)
    work_done.result = work.check_file(work_done)
    work_done.state = "done"
    work_done.save()
    return work_done


def apply(job, by):
    made = Job.objects.create(kind="import_apply", title="t", by=by, params={"check": job.pk})
    return work.apply_file(made)


def row(code, name="", award="GK", kind="cá nhân", **cells):
    return (kind, code, name, award, cells.get("field"), None, None, cells.get("summary", "Có số liệu"),
            cells.get("text"), cells.get("votes"))  # fmt: skip


def test_a_file_of_nominations_is_taken_in_whole_and_again_without_harm(world, paper):
    people = [make.person(f"Người {i}", world.hue, code=f"H{i}") for i in range(3)]
    rows = [row(p.staff_code, p.full_name, votes=9) for p in people]

    checked = check(paper, *rows, by=world.officer)
    assert (checked.result["problem_count"], checked.result["create"]) == (0, 3)
    assert not Nomination.objects.exists()
    apply(checked, world.officer)
    assert Nomination.objects.filter(votes_for=9, state="draft", unit=world.hue, desk=world.hue).count() == 3
    assert Nomination.objects.first().search

    again = check(paper, *rows, by=world.officer)
    assert again.result["same"] == 3


def test_every_mistake_is_told_by_its_row_and_nothing_is_written(world):
    campaign = make.launched(world.root, world.office)
    CampaignAward.objects.create(campaign=campaign, award="GK")
    paper = make.submission(world.hue, world.officer, campaign)
    make.person("Lê An", world.hue, code="H1")
    make.person("Người Lạ", world.vinh, code="V1")

    job = check(
        paper,
        row("H1", "Lê An"),
        row("H1", "Lê An"),  # twice
        row("V1"),  # another unit's
        row("X9"),  # nobody
        row("H1", "Trần Bình", award="BK_VT"),  # another name; an award that is not open
        row("H1", award="TTLDTT"),  # for collectives
        row("H1", award="Không có"),
        row("H1", award="GK", field="zz", votes=10),
        row("", award="GK"),
        by=world.officer,
    )

    by_row = {}
    for number, _column, _cell, words in job.result["problems"]:
        by_row.setdefault(number, []).append(words)
    assert set(by_row) == {3, 4, 5, 6, 7, 8, 9, 10}
    assert not Nomination.objects.exists()


def test_a_draft_is_changed_by_the_file_and_what_was_sent_is_not(world, paper):
    from awards.nominations import flow

    an, be = (make.person(f"Người {i}", world.hue, code=f"H{i}") for i in (1, 2))
    draft = make.nomination(paper, an, world.officer)
    sent = make.nomination(paper, be, world.officer)
    flow.move("submit", [sent], by=world.head, versions=make.seen_each([sent]))
    job = check(paper, row("H1", summary="Mới hơn", text="Dài"), row("H2", summary="Mới hơn"), by=world.officer)
    assert [p[0] for p in job.result["problems"]] == [3]

    apply(check(paper, row("H1", summary="Mới hơn", text="Dài"), by=world.officer), world.officer)

    draft.refresh_from_db()
    assert (draft.summary, draft.report["achievements"], draft.version) == ("Mới hơn", "Dài", 2)


def test_who_does_not_write_in_the_paper_imports_nothing(world, paper):
    exchange = exchanges()["nominations"]
    for who, may in ((world.head, True), (world.officer, True), (world.office, False), (world.stranger, False)):
        assert exchange.open_to(who, {"submission": paper.pk}) is may
        assert exchange.open_to(who, {}) is False


def test_the_page_takes_a_file_and_shows_the_job(world, paper, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.person("Lê An", world.hue, code="H1")
    client.force_login(world.officer)
    url = reverse("submission_import", args=[paper.pk])
    assert client.get(url).status_code == 200
    assert client.get(reverse("submission_template", args=[paper.pk])).status_code == 200

    answer = client.post(url, {"file": make.xlsx(HEAD, row("H1")), "once": str(uuid4())})

    assert answer.url == reverse("job", args=[Job.objects.get().pk])
    assert client.post(url, {"once": str(uuid4())}).status_code == 422


def test_a_code_in_small_letters_is_found_and_counts_as_the_same(world, paper):
    make.person("Lê An", world.hue, code="H1")
    job = check(paper, row("h1", "Lê An"), by=world.officer)
    assert (job.result["problem_count"], job.result["create"]) == (0, 1)

    job = check(paper, row("H1"), row("h1"), by=world.officer)
    assert [(p[0], p[3]) for p in job.result["problems"]] == [(3, "Dòng này trùng với dòng 2.")]


def test_a_field_of_merit_in_a_paper_under_no_campaign_is_told_as_that(world, paper):
    make.person("Lê An", world.hue, code="H1")
    job = check(paper, row("H1", field="a"), by=world.officer)
    assert [p[3] for p in job.result["problems"]] == ["Tờ trình này không theo phong trào nào: hãy để trống cột này."]


def test_the_pages_of_a_file_lead_back_to_the_paper_by_its_name(world, paper, client):
    make.person("Lê An", world.hue, code="H1")
    job = check(paper, row("H1"), by=world.officer)
    apply(job, world.officer)
    client.force_login(world.officer)
    page = client.get(reverse("exchange_import", args=[job.pk])).content.decode()
    for words in ("Tờ trình này", "Trở lại tờ trình"):
        assert f'href="{paper.get_absolute_url()}">{words}</a>' in page


@pytest.mark.slow
def test_two_thousand_nominations_with_mistakes_are_told_by_row_mended_and_taken_in(world, paper):
    people = Person.objects.bulk_create(
        [_derived(Person(staff_code=f"N{i:04}", full_name=f"Người {i}")) for i in range(2000)]
    )
    Posting.objects.bulk_create([Posting(person=p, unit=world.hue, position="Kiểm sát viên") for p in people])
    good = [row(p.staff_code, p.full_name, votes=9) for p in people]
    bad = list(good)
    for place in range(0, 2000, 100):
        bad[place] = row("KHÔNG-CÓ", votes=9) if place % 200 else row(people[place].staff_code, "Tên Khác", votes=9)

    job = brought(paper, bad, by=world.officer)
    assert [p[0] for p in job.result["problems"]] == [place + 2 for place in range(0, 2000, 100)]

    with CaptureQueriesContext(connection) as queries:
        job = brought(paper, good, by=world.officer)
    assert (job.result["problem_count"], job.result["create"]) == (0, 2000)
    assert len(queries) < 40  # in portions of the file, never by the row
    apply(job, world.officer)
    assert Nomination.objects.count() == 2000


def _derived(person):
    person.derive()
    return person


def brought(paper, rows, *, by):
    exchange, options = exchanges()["nominations"], {"submission": paper.pk}
    job = work.start_check(exchange, make.raw_xlsx([HEAD, *rows]), by=by, options=options, once=str(uuid4()))
    job = Job.objects.get(pk=job.pk)
    job.result, job.state = work.check_file(job), "done"
    job.save()
    return job


def test_the_code_of_a_merged_record_proposes_the_record_that_was_kept(world, paper):
    kept = make.person("Lê An", world.hue, code="H1")
    gone = make.person("An Lê", world.hue, code="H2")
    gone.merged_into = kept
    gone.save()

    checked = check(paper, row("H2", "An Lê"), by=world.officer)
    assert checked.result["create"] == 1, checked.result
    apply(checked, world.officer)

    assert Nomination.objects.get().person == kept
    twice = check(paper, row("H2"), row("H1"), by=world.officer)
    assert [words for _row, _column, _cell, words in twice.result["problems"]] == ["Dòng này trùng với dòng 2."]


def test_awards_and_votes_as_offices_write_them_are_understood(world, paper):
    from pathlib import Path

    from django.core.files.uploadedfile import SimpleUploadedFile

    for code, name in (("CB026", "Trần Quốc Bảo"), ("DEMO-H1", "Trần Thị Minh Châu"), ("DEMO-H2", "Lê Quang Đức")):
        make.person(name, world.hue, code=code)
    path = Path(__file__).parent.parent / "cases" / "award-names-as-written" / "list.xlsx"
    file = SimpleUploadedFile("list.xlsx", path.read_bytes())
    lines = exchanges()["nominations"].sheet.read(file).lines
    assert [line["award"] for line in lines] == ["LDTT", "CSTDCS", "LDTT", "CSTDCS", "LDTT"]
    assert [line["votes_for"] for line in lines] == [9] * 5

    file.seek(0)
    options = {"submission": paper.pk}
    job = work.start_check(exchanges()["nominations"], file, by=world.officer, options=options, once=str(uuid4()))
    found = work.check_file(Job.objects.get(pk=job.pk))["problems"]
    assert [(row, words) for row, _column, _cell, words in found] == [
        (5, "Dòng này trùng với dòng 3."),
        (6, "Dòng này trùng với dòng 2."),
    ]


@pytest.mark.parametrize(("typed", "votes"), [("8/9", 8), ("9 / 9 phiếu", 9), ("11/11 (100%)", 11), (9, 9), ("7,0", 7)])
def test_votes_are_read_as_minutes_have_them(typed, votes):
    got = exchanges()["nominations"].sheet.read(make.xlsx(["Mã", "Danh hiệu", "Số phiếu"], ["H1", "GK", typed]))
    assert got.problems.found == []
    assert got.lines[0]["votes_for"] == votes


def test_more_votes_than_there_were_are_a_problem():
    got = exchanges()["nominations"].sheet.read(make.xlsx(["Mã", "Danh hiệu", "Số phiếu"], ["H1", "GK", "10/9"]))
    assert [row for row, *_rest in got.problems.found] == [2]


def test_nominations_come_in_by_name_year_of_birth_and_what_is_told_once(world, paper, client):
    be = make.person("Hồ Thị Bé", world.hue, code="H1", birth_year=1990)
    for code, year in (("H2", 1985), ("H3", 1986)):
        make.person("Lê An", world.hue, code=code, birth_year=year)
    head = ["STT", "Họ và tên", "Năm sinh", None, "Chức vụ, đơn vị"]
    rows = [[None, None, "Nam", "Nữ"], [1, "Hồ Thị Bé", None, 1990, "Chuyên viên"], [2, "Lê An", 1986, None, None]]
    title = ["DANH SÁCH ĐỀ NGHỊ TẶNG DANH HIỆU “LAO ĐỘNG TIÊN TIẾN” NĂM 2026"]
    exchange = exchanges()["nominations"]
    options = {"submission": paper.pk}
    file = make.xlsx(title, head, *rows)
    job = work.start_check(exchange, file, by=world.officer, options=options, once=str(uuid4()))
    job = Job.objects.get(pk=job.pk)
    job.result, job.state = work.check_file(job), "done"
    job.save()
    assert (job.result["problems"], job.result["create"]) == ([], 2)
    apply(job, world.officer)
    assert set(Nomination.objects.values_list("person__staff_code", "award")) == {("H1", "LDTT"), ("H3", "LDTT")}

    twins = make.xlsx(title, head, rows[0], [1, "Lê An", None, None, None], [2, be.full_name, None, 1991, None])
    found = work.check_file(
        Job.objects.get(pk=work.start_check(exchange, twins, by=world.officer, options=options, once=str(uuid4())).pk)
    )["problems"]
    assert [row for row, *_rest in found] == [4, 5]
    assert "H2 – Lê An (1985)" in found[0][3] and "H3 – Lê An (1986)" in found[0][3]
