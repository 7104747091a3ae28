"""Files as offices send them, in a browser: what was not read is said, chosen, confirmed and taken in."""

from pathlib import Path

import pytest
from django.urls import reverse

from awards.models import PastAward
from portal.jobs import services as jobs
from portal.models import Job
from tests import make
from units.models import Collective, Person, Posting, Role, User

CASES = Path(__file__).parent.parent


@pytest.fixture
def hue(live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    root = make.unit("VKSTC", kind="supreme")
    hue = make.unit("T46", root)
    make.unit("T46.25", hue), make.unit("T79.25", hue)
    make.user("admin", (Role.ADMIN, root))
    make.user("head", (Role.HEAD, hue))
    office = Collective.objects.create(unit=hue, code="T46-VP", name="Văn phòng")
    for code, name, year in (
        ("CB026", "Trần Quốc Bảo", 1985),
        ("DEMO019", "Đặng Thị Cúc", 1990),
        ("H2", "Lê Quang Đức", None),
    ):
        Posting.objects.filter(person=make.person(name, hue, code=code, birth_year=year)).update(collective=office)
    return hue


def sent(one, words):
    """Press, and look at what the worker did; the live server takes the address of a job for a stored file."""
    with one.page.expect_response(lambda answer: "/jobs/" in answer.url):
        one.button(words).click()
    job = Job.objects.latest("pk")
    if not job.ended:
        jobs.run_job(job.pk)
    one.go(reverse("exchange_import", args=[Job.objects.filter(kind="import_check").latest("pk").pk]))


def bring(one, key, path):
    one.go(reverse("exchange_upload", args=[key]))
    one.page.set_input_files("#id_file", CASES / path)
    sent(one, "Tải lên và kiểm tra")


@pytest.mark.parametrize("scripts", [True, False])
def test_hidden_rows_are_told_and_chosen(person, hue, scripts):
    admin = person(java_script_enabled=scripts)
    admin.sign_in("admin")
    admin.go(reverse("exchange_upload", args=["people"]))
    admin.fits_a_phone()
    bring(admin, "people", "portal/exchange/cases/hidden-rows/filtered.xlsx")
    admin.fits_a_phone()
    assert "3 dòng bị ẩn" in admin.text
    admin.page.get_by_label("Đọc cả 3 dòng đang bị ẩn").check()
    sent(admin, "Đọc lại tệp theo lựa chọn này")
    sent(admin, "Nhập vào cổng")
    assert Person.objects.filter(staff_code__startswith="TST-4").count() == 6


def test_two_sheets_and_lost_letters_are_told(person, hue):
    admin = person().signed_in(User.objects.get(username="admin"))
    bring(admin, "people", "portal/exchange/cases/two-visible-sheets/two-offices.xlsx")
    admin.fits_a_phone()
    assert "4 («Phòng 2»)" in admin.text
    bring(admin, "people", "portal/exchange/cases/csv-question-marks/latin-headings.csv")
    admin.fits_a_phone()
    assert "CSV UTF-8" in admin.text


def test_a_published_list_comes_in_and_the_doubtful_row_waits_for_a_tick(person, hue):
    head = person().signed_in(User.objects.get(username="head"))
    head.go(reverse("exchange_upload", args=["past-awards"]))
    head.fits_a_phone()
    bring(head, "past-awards", "awards/cases/decision-list-without-codes/as-published.xlsx")
    head.fits_a_phone()
    head.page.get_by_label("Đúng là đối tượng này").check()
    sent(head, "Nhập vào cổng")
    head.fits_a_phone()
    assert PastAward.objects.count() == 3
