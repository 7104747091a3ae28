"""A decision on paper says what the decision says."""

from uuid import uuid4

import pytest

from awards.decisions import services
from awards.decisions.papers import papers_of
from portal.days import today
from portal.papers.base import papers
from portal.papers.services import data_of, make
from tests import make as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(world):
    rows = [made.received(world.hue, world.root, state="voted", name=name) for name in ("Lê Một", "A & B <#1> $x")]
    decision = services.begin(world.root, title="tặng Bằng khen", by=world.office, token=uuid4())
    services.add(decision, [row.pk for row in rows], by=world.office)
    decision.refresh_from_db()
    decision.number, decision.dated, decision.bases = "5/QĐ-VKSTC", today(), "Căn cứ Luật A\nCăn cứ Nghị định B."
    decision.save()
    return decision


def test_its_words_and_numbers_are_those_of_the_record(world, decision):
    told = data_of(papers()["decision"], decision, world.office)

    assert told.keys() == {field.name for field in papers()["decision"].fields}
    assert told["so_ky_hieu"] == "05/QĐ-VKSTC"
    assert told["can_cu"] == ["Căn cứ Luật A;", "Căn cứ Nghị định B."]
    assert (told["tong_so"], told["so_ca_nhan"], told["so_tap_the"]) == ("2", "2", "0")
    assert told["gom"].startswith("2 ")
    assert [line["ten"] for line in told["danh_sach"]] == ["Lê Một", "A & B <#1> $x"]


@pytest.mark.parametrize("kind", ["decision", "decision-annex"])
def test_word_and_pdf_are_made_with_names_that_would_be_commands(world, decision, kind):
    paper = papers()[kind]
    told = data_of(paper, decision, world.office)

    assert make(paper, "pdf", told).startswith(b"%PDF")
    assert make(paper, "docx", told).startswith(b"PK")


def test_only_who_sees_the_whole_list_takes_it(world, decision, client):
    assert papers_of(decision) == ["decision", "decision-annex"]
    client.force_login(world.office)
    assert client.get(f"/papers/decision/{decision.pk}.pdf").status_code == 200
    for other in (world.head, world.stranger):
        client.force_login(other)
        assert client.get(f"/papers/decision/{decision.pk}.pdf").status_code == 404
