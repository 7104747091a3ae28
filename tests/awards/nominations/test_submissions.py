import pytest
from django.urls import reverse
from django.utils import timezone

from awards.models import Nomination, Submission
from awards.nominations import editing, flow
from awards.nominations.views.submissions import ROWS
from portal.flow import Refused, shortened
from portal.models import Entry
from tests import make


def test_an_officer_nominates_the_head_sends_and_the_office_sees(world, client):
    an = make.person("Nguyễn Thị An", world.hue, code="HUE01")
    client.force_login(world.officer)
    page = client.get(reverse("submission_new"))
    assert page.status_code == 200
    token = page.context["form"]["token"].value()
    data = {
        "token": token,
        "unit": world.hue.pk,
        "type": "merit",
        "year": 2026,
        "title": "Khen năm 2026",
        "procedure": "normal",
    }
    for _ in range(2):
        answer = client.post(reverse("submission_new"), data)
    paper = Submission.objects.get()
    assert answer.url == paper.get_absolute_url()
    assert client.get(answer.url).status_code == 200

    client.post(reverse("submission_add", args=[paper.pk]), {"subject": "hue01", "award": "GK"})
    nomination = Nomination.objects.get()
    assert nomination.subject == an
    page = client.get(reverse("nomination_edit", args=[nomination.pk]))
    assert page.status_code == 200
    assert client.get(reverse("nomination", args=[nomination.pk])).status_code == 200
    assert client.get(reverse("submission_pick", args=[paper.pk])).status_code == 200
    assert client.get(reverse("submission_list")).status_code == 200
    assert client.get(reverse("nomination_list")).status_code == 200

    client.force_login(world.head)
    page = client.post(
        reverse("submission_step", args=[paper.pk, "submit"]),
        {"version": Submission.objects.get(pk=paper.pk).whole_version},
        follow=True,
    ).content.decode()
    assert "tóm tắt" in page
    assert Nomination.objects.get().state == "draft"

    Nomination.objects.update(summary="Làm tốt", votes_for=9, report={"achievements": "Làm tốt"})
    Submission.objects.update(declared_true=True, council_members=9, council_on="2026-11-18")
    Submission.objects.update(number="05/TTr", dated="2026-11-20")
    page = client.post(
        reverse("submission_step", args=[paper.pk, "submit"]),
        {"version": Submission.objects.get(pk=paper.pk).whole_version},
        follow=True,
    ).content.decode()
    assert Nomination.objects.get().state == "submitted", page
    client.force_login(world.office)
    assert client.get(reverse("nomination", args=[nomination.pk])).status_code == 200
    assert "Nhận thẩm định" in client.get(paper.get_absolute_url()).content.decode()
    dossier = client.get(reverse("nomination_dossier", args=[nomination.pk]))
    assert b"".join(dossier)[:2] == b"PK"
    assert client.get(reverse("nomination_export")).status_code == 200


def test_a_paper_that_was_never_sent_can_be_cancelled_with_a_reason_that_stays(world, client):
    paper = make.submission(world.hue, world.officer)
    make.nomination(paper, make.person("Nguyễn Thị An", world.hue), world.officer)
    client.force_login(world.officer)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert reverse("submission_discard", args=[paper.pk]) in page

    answer = client.post(
        reverse("submission_discard", args=[paper.pk]), {"note": " ", "version": paper.whole_version}, follow=True
    )
    assert "Hãy ghi lý do." in answer.content.decode() and Submission.objects.exists()

    answer = client.post(
        reverse("submission_discard", args=[paper.pk]), {"note": "lập nhầm năm", "version": paper.whole_version}
    )
    assert answer.url == reverse("submission_list")
    assert not Submission.objects.exists() and not Nomination.objects.exists()
    entry = Entry.objects.about(world.hue).get(verb="discard")
    assert (entry.by, entry.note, list(entry.changes)) == (world.officer, "lập nhầm năm", [paper.title])
    assert "Nguyễn Thị An" in entry.changes[paper.title][0]


def test_a_paper_of_which_something_was_sent_stays(world, client):
    paper = make.submission(world.hue, world.officer)
    nomination = make.nomination(paper, make.person("Nguyễn Thị An", world.hue), world.officer)
    Nomination.objects.filter(pk=nomination.pk).update(state="withdrawn", round=1)
    client.force_login(world.head)
    url = reverse("submission_discard", args=[paper.pk])
    assert url not in client.get(paper.get_absolute_url()).content.decode()

    answer = client.post(url, {"note": "x", "version": paper.whole_version}, follow=True)

    assert "không hủy được" in answer.content.decode() and Submission.objects.exists()


def test_the_first_page_shows_what_waits_at_the_review_desk_and_with_the_unit(world, client):
    nomination = make.received(world.hue, world.root)
    client.force_login(world.office)
    page = client.get("/").content.decode()
    assert reverse("review", args=[nomination.pk]) in page and f'href="{reverse("review_list")}"' in page

    client.force_login(world.head)
    assert nomination.subject_name not in client.get("/").content.decode()
    Nomination.objects.filter(pk=nomination.pk).update(state="returned")
    page = client.get("/").content.decode()
    assert nomination.subject_name in page and f'href="{reverse("review_list")}"' not in page


def test_the_buttons_of_a_long_paper_count_the_whole_paper_and_not_its_first_page(world, client):
    paper = make.submission(world.hue, world.officer)
    people = [make.person(f"Người {i}", world.hue, code=f"H{i}") for i in range(ROWS + 3)]
    editing.add(paper, people, "GK", by=world.officer)
    client.force_login(world.head)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert f"Gửi đề nghị ({ROWS + 3})" in page
    assert f"{ROWS} đề nghị trên trang này đang bị chặn" in page

    # the first page lies above, what came back stands on the second: the paper is open to be mended and sent
    first = [n.pk for n in paper.nominations.order_by("pk")[:ROWS]]
    sent = {"state": "submitted", "desk": world.root, "received_at": timezone.now(), "round": 1}
    Nomination.objects.filter(pk__in=first).update(**sent)
    answer = client.get(paper.get_absolute_url())
    assert f"Gửi đề nghị ({ROWS})" not in answer.content.decode()
    assert [(one["step"].name, one["count"]) for one in answer.context["steps"]] == [("submit", 3), ("withdraw", ROWS)]
    assert answer.context["may_edit"] and answer.context["add_form"]


def test_one_reason_that_stops_many_is_told_once_with_those_it_stops(world):
    paper = make.submission(world.hue, world.officer, declared_true=False)
    people = [make.person(f"Người {i}", world.hue, code=f"H{i}") for i in range(8)]
    editing.add(paper, people, "GK", by=world.officer)

    with pytest.raises(Refused) as refusal:
        flow.move_all("submit", paper, by=world.head, version=paper.whole_version)

    told = [words for words in refusal.value.objections if "cam đoan" in words]
    assert len(told) == 1 and told[0].startswith("Người 0, Người 1, Người 2, Người 3, Người 4 và 3 đề nghị nữa: ")
    assert shortened(["a", "b", "c"], 2) == ["a", "b", "… và 1 điểm nữa."]
