"""The plan as an official paper."""

import pytest
from django.urls import reverse

from campaigns.models import Commitment
from portal.papers.base import papers
from portal.papers.services import data_of
from tests import make
from tests.portal.papers.reading import say_the_same


@pytest.fixture
def plan(world, campaign):
    return make.submitted(campaign, world.hue, world.head)


def url(plan, form="docx"):
    return reverse("paper", args=["plan", plan.pk, form])


def test_the_words_agree_with_the_plan(world, plan):
    Commitment.objects.filter(plan=plan).update(amount="1500.50", measure="vụ")
    told = data_of(papers()["plan"], plan, world.head)
    assert told.keys() == {field.name for field in papers()["plan"].fields}
    assert told["can_cu"] == "văn bản số 1/KH ngày 05/01/2026 của VKSND tối cao (Kế hoạch)"
    assert [(area["ma"], area["ly_do"]) for area in told["noi_dung"]] == [("ND1", ""), ("ND2", "")]
    assert told["noi_dung"][0]["cam_ket"][0]["chi_tieu"] == "1.500,5 vụ"
    assert told["nguoi_ky"] == world.head.display_name


def test_an_area_without_a_promise_gives_its_reason(world, plan):
    area = plan.campaign.areas.first()
    plan.commitments.filter(area=area).delete()
    plan.area_notes.create(area=area, reason="Không thuộc nhiệm vụ của đơn vị")
    first, _second = data_of(papers()["plan"], plan, world.head)["noi_dung"]
    assert (first["ly_do"], first["cam_ket"]) == ("Không thuộc nhiệm vụ của đơn vị", [])


def test_word_and_pdf_say_the_same_and_a_stranger_gets_neither(client, world, plan):
    client.force_login(world.head)
    say_the_same(*(client.get(url(plan, form)).content for form in ("docx", "pdf")), headings=HEADINGS)
    client.force_login(world.stranger)
    assert client.get(url(plan)).status_code == 404


HEADINGS = "TT Việc cam kết Chỉ tiêu Chịu trách nhiệm Hoàn thành trước ngày"


def test_the_page_of_the_plan_offers_its_paper(client, world, plan):
    client.force_login(world.head)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert f"{url(plan, 'pdf')}?in" in page
    assert url(plan) in page
