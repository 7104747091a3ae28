"""What the pages of lists share: from upload to result, export, and a list of another app."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.days import today
from portal.exchange import work
from portal.exchange.base import Change, Exchange, exchanges
from portal.exchange.columns import Column
from portal.exchange.sheet import Sheet
from portal.jobs import services as jobs
from portal.models import Entry, Job
from tests import make
from tests.portal.exchange.helpers import PEOPLE, apply, check, counts, ran, taken
from units.models import Person

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
        assert len(make.listed(file.read())[1]) == 1 + exchanges()["people"].count(world.admin, {})
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
    rows = [tuple(cell.value for cell in row) for row in make.listed(content)[1]]
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
