"""Files put to a paper: by plans and by dossiers through the same door."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.nominations import editing as dossiers
from campaigns.plans import editing as plans
from portal.models import Entry
from tests import make

pytestmark = pytest.mark.django_db


def a_pdf(more=b""):
    return SimpleUploadedFile("../Kế hoạch.pdf", make.PDF.replace(b"%%EOF", b"%" + more + b"\n%%EOF"))


@pytest.fixture
def plan(world, campaign):
    return make.plan(campaign, world.hue, world.officer)


@pytest.fixture
def paper(world):
    return make.submission(world.hue, world.officer)


@pytest.fixture(params=["plan", "paper"])
def door(request, world, plan, paper):
    """How a file is put to the paper and taken out again, and the module that says how many may be in it."""
    if request.param == "plan":
        return plan, plans, lambda file: plans.attach(plan, file, by=world.officer)
    return paper, dossiers, lambda file: dossiers.attach(paper, None, part="minutes", file=file, by=world.officer)


def test_a_file_is_kept_once_under_a_name_of_ours(door):
    paper, _verbs, attach = door

    kept = attach(a_pdf())
    with pytest.raises(ValidationError, match="đã được đính kèm"):
        attach(a_pdf())

    assert (kept.name, kept.content_type, len(kept.sha256)) == ("Kế hoạch.pdf", "application/pdf", 64)
    assert "hoạch" not in kept.file.name and kept.size == kept.file.size
    (line,) = Entry.objects.about(paper).filter(verb="attach")
    assert line.changes == {"Kế hoạch.pdf": ["", f"{kept.size} B"]}


def test_what_was_taken_out_makes_room_and_may_come_again(world, door, monkeypatch):
    paper, verbs, attach = door
    monkeypatch.setattr(verbs, "MAX_FILES", 1)

    first = attach(a_pdf())
    with pytest.raises(ValidationError, match="tối đa 1 tệp"):
        attach(a_pdf(b"2"))
    verbs.detach(first, by=world.officer)
    verbs.detach(first, by=world.officer)
    attach(a_pdf())

    first.refresh_from_db()
    assert first.removed_at and first.file.storage.exists(first.file.name)
    assert [e.verb for e in Entry.objects.about(paper)][:3] == ["attach", "detach", "attach"]


def test_one_file_may_be_two_parts_of_a_dossier(world, paper):
    for part in ("minutes", "report"):
        dossiers.attach(paper, None, part=part, file=a_pdf(), by=world.officer)

    assert paper.evidence.count() == 2


def test_nothing_is_taken_out_of_a_plan_that_was_sent_meanwhile(world, plan):
    kept = plans.attach(plan, a_pdf(), by=world.officer)
    type(plan).objects.filter(pk=plan.pk).update(state="submitted", round=1)

    with pytest.raises(PermissionDenied):
        plans.detach(kept, by=world.officer)

    kept.refresh_from_db()
    assert kept.removed_at is None
