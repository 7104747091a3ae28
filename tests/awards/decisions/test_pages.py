"""Decisions in the browser's eyes: written, picked, signed, issued, confirmed."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.decisions import services
from awards.models import Decision, Nomination, PastAward
from portal.days import today
from tests import make
from tests.awards.decisions.test_flow import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_the_whole_way_from_a_draft_to_a_confirmed_decision(client, world):
    n = make.received(world.hue, world.root, state=Nomination.State.VOTED)
    client.force_login(world.office)
    made = client.post("/decisions/new/", {"unit": world.root.pk, "title": "Tặng Bằng khen", "token": uuid4()})
    decision = Decision.objects.get()
    assert made.url == f"/decisions/{decision.pk}/pick/"
    assert "06/2022" in decision.bases
    client.post(made.url, {"nomination": n.pk})
    post = lambda path, **told: client.post(f"/decisions/{decision.pk}/{path}/", told, follow=True)  # noqa: E731
    version = lambda: Decision.objects.get().version  # noqa: E731

    post("steps/send_to_sign", version=version())
    typed = {"title": "x", "issuer": "x", "bases": "x", "number": "5/QĐ", "dated": f"{today():%d/%m/%Y}"}
    post("edit", version=version(), **typed)
    post("attach", file=SimpleUploadedFile("quyet-dinh.pdf", PDF))
    client.force_login(world.office2)
    page = post("steps/issue", version=version())

    assert page.context["decision"].state == "issued"
    assert page.context["decision"].title == "Tặng Bằng khen"  # only number and day are open while it is signed
    assert PastAward.objects.get().decision_number == "5/QĐ"
    client.force_login(world.officer)
    receipt = Decision.objects.get().receipts.get()
    post(f"receipts/{receipt.pk}")
    receipt.refresh_from_db()
    assert receipt.confirmed_by == world.officer


def test_a_long_decision_is_issued_in_the_background(client, world, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("awards.decisions.views.AT_ONCE", 0)
    n = make.received(world.hue, world.root, state=Nomination.State.VOTED)
    decision = services.begin(world.root, title="Tặng", by=world.office, token=uuid4())
    services.add(decision, [n.pk], by=world.office)
    Decision.objects.update(state="signing", number="5/QĐ", dated=today(), sent_by=world.office)
    decision.refresh_from_db()
    decision.files.create(
        name="a.pdf", content_type="application/pdf", size=9, sha256="0" * 64, by=world.office, file="x"
    )
    client.force_login(world.office2)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/decisions/{decision.pk}/steps/issue/", {"version": decision.version})

    assert answer.url.startswith("/jobs/")
    decision.refresh_from_db()
    assert decision.state == "issued"
    assert PastAward.objects.get().source == "decided"


def test_a_file_that_is_none_is_refused_in_words(client, world):
    decision = services.begin(world.root, title="Tặng", by=world.office, token=uuid4())
    client.force_login(world.office)
    page = client.post(f"/decisions/{decision.pk}/attach/", {"file": SimpleUploadedFile("a.exe", b"MZ")}, follow=True)

    assert list(page.context["messages"])
    assert not decision.files.exists()


def test_pages_ask_as_much_for_many_cases_as_for_few(client, world):
    decision = services.begin(world.root, title="Tặng", by=world.office, token=uuid4())
    client.force_login(world.office)
    asked = []
    for number in (1, 9):
        rows = [make.received(world.hue, world.root, state=Nomination.State.VOTED) for _n in range(number)]
        services.add(decision, [row.pk for row in rows], by=world.office)
        [make.received(world.hue, world.root, state=Nomination.State.VOTED) for _n in range(number)]
        client.get("/decisions/")
        with CaptureQueriesContext(connection) as found:
            for path in ("", f"{decision.pk}/", f"{decision.pk}/pick/", f"{decision.pk}/edit/"):
                assert client.get(f"/decisions/{path}").status_code == 200
        asked.append(len(found))

    assert asked[0] == asked[1]
