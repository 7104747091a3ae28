"""The official papers of a submission: the words agree with its data, and only who sees it takes them."""

import pytest
from django.urls import reverse

from awards.nominations.papers.lists import papers_of
from awards.nominations.views import nominations as pages
from portal.jobs.services import readable, run_job
from portal.models import Entry, Job
from portal.papers import services
from portal.papers.base import papers
from portal.papers.services import data_of
from tests import make
from tests.portal.papers.reading import of_word, say_the_same

OF_SUBMISSIONS = ("submission", "short-list", "minutes", "count", "ballot")
KINDS = (*OF_SUBMISSIONS, "report", "summary")


def url(row, kind="submission", form="docx"):
    return reverse("paper", args=[kind, row.pk, form])


def told_by(kind, row, reader):
    return data_of(papers()[kind], row, reader)


@pytest.fixture
def two(world, paper, draft):
    """The paper with a person for one award and a collective for another."""
    world.hue.seat = "Huế"
    world.hue.save()
    group = world.hue.collectives.create(code="R1", name="Phòng 1 & <Tổ> #2")
    make.nomination(paper, group, world.officer, award="TTLDTT")
    return paper


@pytest.fixture
def row(request, two, draft):
    """A row of the kind of the test."""
    return two if request.node.callspec.params["kind"] in OF_SUBMISSIONS else draft


def test_the_words_agree_with_the_record(world, two):
    told = told_by("submission", two, world.officer)
    assert (told["so_ca_nhan"], told["so_tap_the"], told["tong_so"]) == ("1", "1", "2")
    assert [(row["tt"], row["ca_nhan"], row["tap_the"]) for row in told["danh_hieu"]] == [
        ("1", "0", "1"),
        ("2", "1", "0"),
    ]
    assert told["noi_va_ngay"] == "Huế, ngày 20 tháng 11 năm 2026"
    assert (told["ngay_hop"], told["du_hop"], told["tong_thanh_vien"]) == ("18 tháng 11 năm 2026", "9", "9")
    assert told["kinh_gui"] == two.unit.parent.name_vi
    assert told["can_cu"][0].startswith("Luật Thi đua, khen thưởng")


def test_a_nomination_that_was_dropped_is_not_counted(world, two, draft):
    draft.state = draft.State.WITHDRAWN
    draft.save()
    assert told_by("submission", two, world.officer)["tong_so"] == "1"


def test_what_is_not_known_is_left_to_be_written(world):
    bare = make.submission(world.hue, world.officer, number="", dated=None, council_on=None, council_members=None,
                           council_present=None, declared_true=False)  # fmt: skip
    told = told_by("submission", bare, world.officer)
    assert told["so_ky_hieu"] == "……/TTr"
    assert "ngày …… tháng …… năm ……" in told["noi_va_ngay"]
    assert not told["cam_doan"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_are_the_fields_that_masters_may_name(world, row, kind):
    paper = papers()[kind]
    told = data_of(paper, row, world.officer)
    assert told.keys() == {field.name for field in paper.fields}
    for field in paper.fields:
        if field.rows:
            assert [row.keys() for row in told[field.name]] == [{r.name for r in field.rows}] * len(told[field.name])


@pytest.mark.parametrize("kind", KINDS)
def test_word_and_pdf_of_the_record_say_the_same_at_each_taking(client, world, row, kind):
    client.force_login(world.officer)
    word, pdf = (client.get(url(row, kind, form)).content for form in ("docx", "pdf"))
    say_the_same(word, pdf)
    assert client.get(url(row, kind, "docx")).content == word
    assert client.get(url(row, kind, "pdf")).content == pdf


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_gets_404(client, world, row, kind):
    client.force_login(world.stranger)
    assert client.get(url(row, kind)).status_code == 404


def test_the_same_in_english_for_papers_are_vietnamese(client, world, two):
    client.force_login(world.officer)
    first = client.get(url(two)).content
    client.cookies["django_language"] = "en"
    assert client.get(url(two)).content == first


def test_who_may_see_the_paper_takes_it_and_the_trail_says_so(client, world, two):
    client.force_login(world.officer)
    answer = client.get(url(two, form="pdf"), {"in": ""})
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(url(two, form="pdf"))["Content-Disposition"].startswith("attachment")
    line = Entry.objects.about(two).first()
    assert (line.verb, line.by, line.note) == ("export", world.officer, "Tờ trình (PDF)")


def test_an_unknown_paper_or_form_gets_404(client, world, two):
    client.force_login(world.officer)
    assert client.get(url(two, "nothing")).status_code == 404
    assert client.get(url(two, form="exe")).status_code == 404


def test_the_page_offers_to_print_and_to_take_word(client, world, two):
    client.force_login(world.officer)
    page = client.get(two.get_absolute_url()).content.decode()
    assert f"{url(two, form='pdf')}?in" in page
    assert url(two) in page


@pytest.mark.parametrize("kind", OF_SUBMISSIONS)
def test_a_paper_asks_as_much_for_many_as_for_few(world, row, kind, django_assert_max_num_queries):
    for place in range(12):
        make.nomination(row, make.person(f"Lê {place}", world.hue), world.officer)
    with django_assert_max_num_queries(8):
        told_by(kind, row, world.officer)


def test_the_text_of_the_paper_holds_odd_names_as_they_are(client, world, two):
    two.title = "Về việc & <b> # $ * _ @ \\ {{ x }}"
    two.save()
    client.force_login(world.officer)
    assert "Vềviệc&<b>#$*_@\\{{x}}" in of_word(client.get(url(two)).content)


# --- what each says ---


def test_the_short_list_says_of_each_what_the_record_knows(world, two, draft):
    make.past_award(draft.person, award="GK", year=2024)
    told = told_by("short-list", two, world.officer)
    person, group = told["danh_sach"]
    assert (person["tt"], person["ten"], person["nam_sinh"]) == ("1", "Lê Văn An", "1980")
    assert "2024" in person["da_khen"]
    assert (group["ten"], group["nam_sinh"], told["tong_so"]) == ("Phòng 1 & <Tổ> #2", "", "2")
    assert told["kem_theo"] == "Kèm theo Tờ trình số 05/TTr ngày 20/11/2026"


def test_minutes_give_the_share_of_all_members_and_leave_open_what_is_not_known(world, two, draft):
    two.council_members, two.council_present = 9, 8
    draft.votes_for = 8
    two.save()
    draft.save()
    two.nominations.exclude(pk=draft.pk).update(votes_for=None)
    first, second = told_by("minutes", two, world.officer)["danh_sach"]
    assert (first["phieu"], first["ty_le"]) == ("8", "88,89%")
    assert (second["phieu"], second["ty_le"]) == ("……", "……")


def test_no_minutes_are_offered_under_the_simplified_procedure(two):
    assert papers_of(two) == list(OF_SUBMISSIONS)
    two.procedure, two.procedure_reason = "simplified", "Đột xuất"
    assert papers_of(two) == ["submission", "short-list"]


def test_a_report_has_the_sections_of_its_form_and_lines_to_write_on(world, draft):
    draft.report = {"achievements": "Việc một: 42 vụ.\n\nViệc hai."}
    draft.save()
    told = told_by("report", draft, world.officer)
    assert [part["so"] for part in told["phan"]] == ["I", "II", "III", "IV", "V", "VI"]
    said = {part["ten"]: part["doan"] for part in told["phan"]}
    assert said["Thành tích đạt được"] == ["Việc một: 42 vụ.", "Việc hai."]
    assert said["Sơ yếu lý lịch"] == ["……"]
    assert (told["ben_bao_cao"], told["nguoi_bao_cao"]) == ("NGƯỜI BÁO CÁO", "Lê Văn An")


def test_the_report_names_the_form_of_its_type_and_subject(world, two, draft):
    group = two.nominations.exclude(collective=None).get()
    assert (told_by("report", draft, world.officer)["mau"], told_by("report", group, world.officer)["mau"]) == (
        "Mẫu 05",
        "Mẫu 04",
    )
    for row in (draft, group):
        row.submission.type = "campaign"
        assert told_by("report", row, world.officer)["mau"] == "Mẫu 08"


def test_a_collective_reports_through_somebody_who_is_not_known(world, two):
    group = two.nominations.exclude(collective=None).get()
    told = told_by("report", group, world.officer)
    assert (told["ben_bao_cao"], told["nguoi_bao_cao"]) == ("ĐẠI DIỆN TẬP THỂ BÁO CÁO", "")


# --- the list on the screen, and long ones ---


def test_the_filtered_list_is_taken_as_word_and_pdf_by_who_sees_it(client, world, two):
    client.force_login(world.officer)
    word, pdf = (client.get(reverse("nomination_export"), {"file": form}).content for form in ("docx", "pdf"))
    say_the_same(word, pdf)
    assert "LêVănAn" in of_word(word)
    client.force_login(world.stranger)
    assert "LêVănAn" not in of_word(client.get(reverse("nomination_export"), {"file": "docx"}).content)


def test_a_long_paper_is_made_in_the_background_for_who_still_sees_it(client, world, two, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    client.force_login(world.officer)
    answer = client.get(url(two, "short-list"))
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    with job.output.open() as file:
        assert "LêVănAn" in of_word(file.read())
    world.officer.memberships.all().delete()
    assert not readable(Job.objects.get())


def test_a_long_filtered_list_is_made_in_the_background(client, world, two, monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    client.force_login(world.officer)
    client.get(reverse("nomination_export"), {"file": "pdf"})
    job = Job.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, len(job.holds)) == (Job.State.DONE, 2)
    assert job.output_name.endswith(".pdf")
