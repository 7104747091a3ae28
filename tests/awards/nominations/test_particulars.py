"""What the portal knows stands in a nomination that nobody has begun to write; what was written stays."""

import pytest
from django.urls import reverse

from awards.models import Submission
from awards.nominations import editing
from tests import make
from units.models import Collective


@pytest.fixture
def draft(world):
    person = make.person("Lê An", world.hue, birth_year=1980, rank="Kiểm sát viên sơ cấp", position="Phó trưởng phòng")
    make.past_award(person, "LDTT", 2024)
    make.past_award(person, "CSTDCS", 2023, revoked_on="2024-05-01", revoked_by="9/QĐ", revoked_why="x")
    make.initiative(world.hue, "Số hóa hồ sơ", person, recognised=True)
    [made], _fresh = editing.add(make.submission(world.hue, world.officer), [person], "GK", by=world.officer)
    return made


def sections(client, nomination):
    page = client.get(reverse("nomination_edit", args=[nomination.pk]))
    return {name: page.context["form"].report[name].value() for name in ("resume", "awards", "initiatives")}, page


def test_particulars_post_initiatives_and_past_awards_are_filled_in(world, draft, client):
    client.force_login(world.officer)

    told, page = sections(client, draft)

    assert told["resume"].splitlines() == [
        "Họ và tên: Lê An",
        "Năm sinh: 1980",
        "Ngạch, chức danh: Kiểm sát viên sơ cấp",
        "Chức vụ, đơn vị công tác: Phó trưởng phòng, Viện kiểm sát nhân dân thành phố Huế",
    ]
    assert told["awards"] == "2024: Lao động tiên tiến (Quyết định số LDTT-2024/QĐ ngày 20/12/2024)"  # none revoked
    assert told["initiatives"] == "Số hóa hồ sơ – cấp cơ sở – được công nhận – 12/QĐ"
    assert "được điền sẵn" in page.content.decode()
    draft.refresh_from_db()
    assert draft.report == {}  # nothing is stored before somebody has seen it


def test_what_was_written_or_emptied_is_not_filled_in_again(world, draft, client):
    client.force_login(world.officer)
    written = {"award": "GK", "version": draft.version, "report-resume": "Tự ghi", "report-awards": ""}
    client.post(reverse("nomination_edit", args=[draft.pk]), written)

    told, page = sections(client, draft)

    assert (told["resume"], told["awards"]) == ("Tự ghi", "")
    assert "được điền sẵn" not in page.content.decode()


def test_of_a_collective_the_number_of_its_people_is_known(world, client):
    room = Collective.objects.create(unit=world.hue, code="P1", name="Phòng 1")
    make.person("Lê An", world.hue).postings.update(collective=room)
    [made], _fresh = editing.add(make.submission(world.hue, world.officer), [room], "GK", by=world.officer)
    client.force_login(world.officer)

    assert sections(client, made)[0]["resume"] == "Số cán bộ hiện có: 1"


def test_a_new_paper_has_the_size_of_the_units_council_from_the_one_before(world):
    make.submission(world.hue, world.officer, council_members=11, council_present=9)
    fresh, _new = editing.begin(
        world.hue, by=world.officer, token="5f0c0a4e-0000-4000-8000-000000000001", type="merit", title="x", year=2026
    )

    assert Submission.objects.get(pk=fresh.pk).council_members == 11
