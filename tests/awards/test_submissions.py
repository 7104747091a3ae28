from django.urls import reverse

from awards.models import Nomination, Submission
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

    client.post(reverse("submission_add", args=[paper.pk]), {"code": "hue01", "award": "GK"})
    nomination = Nomination.objects.get()
    assert nomination.subject == an
    page = client.get(reverse("nomination_edit", args=[nomination.pk]))
    assert page.status_code == 200
    assert client.get(reverse("nomination", args=[nomination.pk])).status_code == 200
    assert client.get(reverse("submission_pick", args=[paper.pk])).status_code == 200
    assert client.get(reverse("submission_list")).status_code == 200
    assert client.get(reverse("nomination_list")).status_code == 200

    client.force_login(world.head)
    page = client.post(reverse("submission_step", args=[paper.pk, "submit"]), follow=True).content.decode()
    assert "tóm tắt" in page
    assert Nomination.objects.get().state == "draft"

    Nomination.objects.update(summary="Làm tốt", votes_for=9)
    Submission.objects.update(declared_true=True, council_members=9)
    page = client.post(reverse("submission_step", args=[paper.pk, "submit"]), follow=True).content.decode()
    assert Nomination.objects.get().state == "submitted", page
    client.force_login(world.office)
    assert client.get(reverse("nomination", args=[nomination.pk])).status_code == 200
    assert "Nhận thẩm định" in client.get(paper.get_absolute_url()).content.decode()
    dossier = client.get(reverse("nomination_dossier", args=[nomination.pk]))
    assert b"".join(dossier)[:2] == b"PK"
    assert client.get(reverse("nomination_export")).status_code == 200
