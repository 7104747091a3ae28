"""People and bodies outside the sector: name, body and country, and the awards that are open to them."""

import pytest
from django.urls import reverse

from awards.models import Nomination
from awards.nominations.checking import checks
from awards.nominations.forms.submissions import open_awards
from tests import make
from units.models import Collective, Person


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer, type="external")


def typed(**fields):
    return {
        "kind": "person",
        "name": "Souphanouvong Kham",
        "organisation": "Viện kiểm sát nhân dân tối cao Lào",
        "country": "Lào",
        "award": "KNC",
    } | fields


def found(nomination):
    one = Nomination.objects.for_checks().get(pk=nomination.pk)
    return {f.condition: f for f in checks.check_nominations([one])[one.pk].findings}


def test_somebody_outside_is_added_with_name_body_and_country_once(world, paper, client):
    """The case law-external-recipient."""
    client.force_login(world.officer)
    url = reverse("submission_outsider", args=[paper.pk])
    assert client.get(url).status_code == 200
    for _ in range(2):
        assert client.post(url, typed()).status_code == 302

    nomination = Nomination.objects.get()
    person = Person.objects.get(country="Lào")
    assert nomination.subject == person and person.outside
    page = client.get(nomination.get_absolute_url()).content.decode()
    assert "Viện kiểm sát nhân dân tối cao Lào, Lào" in page
    assert "Viện kiểm sát nhân dân tối cao Lào" in client.get(paper.get_absolute_url()).content.decode()
    answers = found(nomination)
    assert answers["outside"].result == "pass"
    assert answers["outside_standard"].result == "evidence"
    assert answers["years"].result == "n/a"


def test_who_is_outside_stands_in_no_list_of_staff(world, paper, client):
    client.force_login(world.officer)
    client.post(reverse("submission_outsider", args=[paper.pk]), typed())

    assert not Person.objects.visible_to(world.office).filter(country="Lào").exists()
    assert not Person.objects.in_unit(world.root).filter(country="Lào").exists()


def test_a_body_and_a_household_are_proposed_for_what_is_theirs(world, client):
    paper = make.submission(world.hue, world.officer, type="campaign")
    client.force_login(world.officer)
    url = reverse("submission_outsider", args=[paper.pk])
    client.post(url, typed(kind="outside", name="Báo Pháp luật", award="BK_VT", country="Việt Nam"))
    client.post(url, typed(kind="household", name="Hộ ông Lê Văn Tư", award="GK", country="Việt Nam", organisation=""))

    kinds = {c.kind: c for c in Collective.objects.filter(country="Việt Nam")}
    assert set(kinds) == {"outside", "household"}
    household = Nomination.objects.get(collective=kinds["household"])
    assert found(household)["subject"].result == "pass"
    answer = client.post(url, typed(kind="household", award="HC_DUNGCAM"))
    assert answer.status_code == 422  # for people only
    assert client.post(url, typed(name=" ")).status_code == 422


def test_a_paper_of_the_external_type_offers_no_title_and_what_fits_its_type(world, paper):
    offered = {a.code for a in open_awards(paper)}

    assert "KNC" in offered and "BK_VT" in offered
    assert not offered & {"LDTT", "CSTDCS", "TTLDTT", "CTDCP", "HCLD_1", "GK"}


def test_titles_of_the_military_procuracy_are_offered_to_its_units_only(world):
    paper = make.submission(world.hue, world.officer)
    assert "CSTT" not in {a.code for a in open_awards(paper)}
    paper.unit.kind = "military"
    assert "CSTT" in {a.code for a in open_awards(paper)}


def test_a_title_for_somebody_outside_is_stopped(world, paper, client):
    client.force_login(world.officer)
    client.post(reverse("submission_outsider", args=[paper.pk]), typed())
    Nomination.objects.update(award="LDTT")

    assert found(Nomination.objects.get())["outside"].blocks
