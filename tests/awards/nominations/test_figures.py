"""Figures are looked for where the unit writes them, and votes are those of people who were there."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from awards.models import Nomination, Submission
from awards.nominations.checking import checks, reports
from tests import make


@pytest.fixture
def nomination(world):
    paper = make.submission(world.hue, world.officer)
    return make.nomination(paper, make.person("Lê Văn An", world.hue, code="H1"), world.officer, summary="")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Hoàn thành xuất sắc mọi nhiệm vụ được giao.", 0),
        ("Năm 2025, từ tháng 3 đến ngày 15/06/2025, theo Điều 74 Luật 06/2022/QH15.", 0),
        ("1. Về công tác chỉ đạo\n2) Về phòng, chống COVID-19 giai đoạn 2021-2025", 0),
        ("Kiểm sát 42 vụ án, không vụ nào quá hạn.", 1),
        ("Đạt 100% chỉ tiêu; ủng hộ 3.200 phần quà. Tăng 12,5 lần so với năm 2024.", 3),
        ("Kiểm sát 42 vụ án.\nKiểm sát 42 vụ án.", 1),
    ],
)
def test_sentences_of_the_report_that_state_figures_are_counted(nomination, text, count):
    nomination.report = {"achievements": text, "resume": "Sinh năm 1980, 2 con.", "awards": "Giấy khen 3 lần"}
    assert reports.figures(nomination) == count
    nomination.report, nomination.summary = {}, text
    assert reports.figures(nomination) == count


@pytest.mark.parametrize(("text", "met"), [("Giải quyết 120 vụ, tăng 15 vụ.", True), ("Luôn gương mẫu.", False)])
def test_the_check_reads_the_report_where_no_achievement_was_recorded(world, text, met):
    paper = make.submission(world.hue, world.officer, make.launched(world.root, world.office))
    person = make.person("Lê Văn An", world.hue, code="H1")
    nomination = make.nomination(paper, person, world.officer, "BK_VT", summary=text)
    checked = checks.check_nominations([Nomination.objects.for_checks().get(pk=nomination.pk)])[nomination.pk]
    without = [f for f in checked.findings if "chưa có số liệu" in f.words]
    assert (without == []) == met


# --- votes ---


@pytest.mark.parametrize(("members", "present", "votes", "fits"), [
    (9, 7, 7, True), (9, 7, 8, False), (9, None, 9, True), (9, None, 10, False), (None, None, 50, True),
])  # fmt: skip
def test_there_are_no_more_votes_than_people_who_could_vote(nomination, client, world, members, present, votes, fits):
    Submission.objects.update(council_members=members, council_present=present)
    nomination = Nomination.objects.get()
    nomination.votes_for = votes
    if fits:
        nomination.clean()
    else:
        with pytest.raises(ValidationError) as refused:
            nomination.clean()
        assert list(refused.value.message_dict) == ["votes_for"]
    client.force_login(world.officer)
    data = {"version": Nomination.objects.get().version, "award": nomination.award, "votes_for": votes, "summary": "x"}
    page = client.post(reverse("nomination_edit", args=[nomination.pk]), data)
    beside = 'id="id_votes_for_error"' in page.content.decode() or "dự họp, cho ý kiến (" in page.content.decode()
    assert beside == (not fits)


def test_the_cover_takes_no_fewer_people_than_votes_already_noted(world, nomination, client):
    Nomination.objects.update(votes_for=8)
    paper = nomination.submission
    client.force_login(world.officer)
    form = client.get(reverse("submission_edit", args=[paper.pk])).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"council_members": 9, "council_present": 7}
    page = client.post(reverse("submission_edit", args=[paper.pk]), data)
    assert "8 phiếu đồng ý" in page.content.decode()


def test_of_a_cluster_and_of_members_no_part_is_more_than_the_whole(world, nomination):
    from awards.nominations.forms.nominations import FactsForm

    form = FactsForm(None, nomination=nomination, award=None)
    for key in ("members_total", "members_done", "cluster_total", "cluster_yes"):
        form.kinds[key] = "number"
        form.fields[key] = form._field(key, "number")
    form.is_bound, form.data = True, {
        "facts-members_total": "10", "facts-members_done": "11", "facts-cluster_total": "5", "facts-cluster_yes": "5",
    }  # fmt: skip
    assert set(form.errors) == {"members_done"}
