"""The law is told in the reader's words: what the portal lacks it says, and how it knows the rest is one click away."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from awards.law import standards
from awards.law.case import Case
from awards.law.rules import judge
from portal.days import today
from tests import make, words

EDITIONS = [edition.code for edition in standards.shipped()]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", EDITIONS)
def test_no_page_of_the_catalogue_speaks_of_its_own_sources_in_marks(world, client, code, language):
    edition = standards.edition(code)
    pages = [reverse("award_catalogue") + f"?edition={code}"]
    pages += [reverse("award_rules", args=[code, award]) for award in edition.awards]
    pages += [reverse("edition_compare") + f"?a={code}&b={EDITIONS[0]}&all=1"]
    client.cookies["django_language"] = language
    world.officer.language = language
    world.officer.save()
    client.force_login(world.officer)

    answers = {page: client.get(page).content.decode() for page in pages}

    assert {page: found for page, content in answers.items() if (found := words.unfit(content))} == {}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", EDITIONS)
def test_no_finding_of_any_edition_speaks_of_its_sources_in_marks(code, language):
    edition = standards.edition(code)
    with translation.override(language):
        for award in edition.awards.values():
            for subject in award.subjects:
                case = Case(on=(edition.valid_to or edition.valid_from) + timedelta(days=1), year=2025, subject=subject)
                for found in judge(award, case, edition):
                    told = f"{found.says} {found.words} {found.article} {found.what_to_do}"
                    assert not words.UNFIT.search(told), (award.code, told)


def test_an_edition_that_ended_is_not_shown_as_if_it_ruled():
    edition = standards.edition("RS-2025")
    last = edition.valid_to

    assert edition.ruling(last) == edition.label
    assert edition.ruling(last + timedelta(days=1)) == f"{edition.label} (đã hết hiệu lực; hãy đối chiếu quy định mới)"


def test_pages_of_an_edition_that_ended_say_so(world, client, monkeypatch):
    client.force_login(world.officer)
    ended, ruling = (reverse("award_rules", args=[code, "CSTDCS"]) for code in ("RS-2019", "RS-2025"))
    monkeypatch.setattr("awards.law.views.today", lambda: date(2026, 1, 5))
    assert "đã hết hiệu lực" in client.get(ended).content.decode()
    assert "đã hết hiệu lực" not in client.get(ruling).content.decode()


def test_a_finding_leads_to_the_conditions_and_what_each_rests_on(world, client):
    paper = make.submission(world.hue, world.officer)
    nomination = make.nomination(paper, make.person("Lê Văn An", world.hue, code="H1"), world.officer)
    client.force_login(world.officer)

    page = client.get(nomination.get_absolute_url()).content.decode()

    edition = standards.in_force(today())
    address = reverse("award_rules", args=[edition.code, nomination.award])
    assert address in page
    assert words.unfit(page) == []
    assert "hãy đối chiếu" in client.get(address).content.decode()
