"""Who would be judged otherwise, and what becomes of open dossiers when an edition begins."""

from copy import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.editions import beginning, jobs, services, tables, trials
from awards.models import Nomination, Trial, TrialLine
from portal.days import today
from portal.flow import Refused
from portal.jobs.services import run_job
from portal.models import Entry, Job, Notice
from tests import make
from tests.awards.editions.conftest import TOMORROW, begun, change, place_of, put_in_force
from units.models import Person

CLAUSE = {
    "text": "Hồ sơ nhận trước theo quy định cũ; quy định mới có lợi hơn thì theo quy định mới.",
    "text_en": "The more favourable one rules.",
    "more_favourable": True,
    "basis": "Luật 06/2022, Điều 1",
    "source": "luật thử",
    "tag": "S",
}


def received(world, name, joined, **fields):
    """Somebody proposed as Advanced Worker who began to work on a day of this year."""
    person = make.person(name, world.hue, joined_on=joined)
    fields = {"award": "LDTT", "person": person, "state": "review"} | fields
    return make.received(world.hue, world.root, **fields)


@pytest.fixture
def july(world):
    """Five whole months by the end of the year: too few for six, enough for five."""
    return received(world, "Người Tháng Bảy", today().replace(year=2026, month=8, day=1))


@pytest.fixture
def march(world):
    return received(world, "Người Tháng Ba", today().replace(year=2026, month=3, day=1))


def milder(world, draft, months=5):
    return change(draft, place_of(draft, "LDTT", "employed"), world.office, months=months)


def test_a_trial_tells_who_would_be_judged_otherwise_and_why(world, draft, july, march):
    milder(world, draft)
    edition = trials.edition_called("RS-THU")

    trial = trials.run(edition, "past", by=world.office, version=1, say=lambda done, total: None)

    assert trial.judged == 2
    line = trial.lines.get()
    assert (line.nomination, line.outcome, line.rule) == (july, "milder", "keeps")
    [[asked, was, now]] = line.said
    assert "5 tháng" in asked and "Chặn" in was and "Đạt" in now
    assert Nomination.objects.get(pk=july.pk).edition == "RS-2025"  # a trial changes nothing


def test_a_stricter_figure_is_told_as_stricter(world, draft, march):
    milder(world, draft, months=11)

    trial = trials.run(trials.edition_called("RS-THU"), "past", by=world.office, version=1, say=lambda *_: None)

    assert trial.lines.get().outcome == "stricter"


def test_another_wording_alone_is_no_difference(world, draft, july, march):
    change(draft, place_of(draft, "LDTT", "employed"), world.office, text="Nói cách khác.", text_en="Otherwise said.")

    trial = trials.run(trials.edition_called("RS-THU"), "past", by=world.office, version=1, say=lambda *_: None)

    assert trial.lines.count() == 0


@pytest.fixture
def favouring(world, draft, move_to, django_capture_on_commit_callbacks):
    """An edition with a «more favourable» clause that has begun; two dossiers were received before."""

    def begin_it():
        milder(world, draft)
        change(draft, "transition", world.office, **CLAUSE)
        put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)
        move_to(today() + TOMORROW)
        return trials.edition_called("RS-THU")

    return begin_it


def open_trial(world, edition):
    return trials.run(edition, "open", by=world.office, version=1, say=lambda *_: None)


def test_open_dossiers_go_over_only_where_the_new_edition_is_more_favourable(world, july, march, favouring):
    decided = received(world, "Đã Công Bố", july.person.joined_on, state="unfit")
    edition = favouring()

    trial = open_trial(world, edition)
    assert {line.nomination_id: line.rule for line in trial.lines.all()} == {july.pk: "favoured"}
    assert beginning.apply("RS-THU", by=world.office) == (1, 0)

    codes = dict(Nomination.objects.values_list("pk", "edition"))
    assert (codes[july.pk], codes[march.pk], codes[decided.pk]) == ("RS-THU", "RS-2025", "RS-2025")
    assert Entry.objects.about(july).filter(verb="judge_by", by=world.office).count() == 1
    assert Notice.objects.filter(kind="law", recipient=world.head, title__startswith="Hồ sơ chuyển").count() == 1
    assert beginning.apply("RS-THU", by=world.office) == (0, 0)  # again: nothing is left to do


def test_without_the_clause_open_dossiers_keep_the_edition_of_their_receipt(
    world, draft, july, move_to, django_capture_on_commit_callbacks
):
    milder(world, draft)
    put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)
    move_to(today() + TOMORROW)

    trial = open_trial(world, trials.edition_called("RS-THU"))

    assert [line.rule for line in trial.lines.all()] == ["keeps"]
    assert beginning.apply("RS-THU", by=world.office) == (0, 0)


def test_what_was_received_since_the_day_goes_by_the_new_edition_whatever_it_says(world, march, favouring):
    edition = favouring()
    late = received(world, "Nhận Sau", march.person.joined_on, days_ago=0)

    trial = open_trial(world, edition)

    assert trial.lines.get(nomination=late).rule == "since"


def test_a_dossier_that_changed_since_it_was_judged_is_passed_over(world, july, favouring):
    trial = open_trial(world, favouring())
    Nomination.objects.filter(pk=july.pk).update(version=9)

    assert beginning.apply("RS-THU", by=world.office) == (0, 1)
    assert trial.lines.get().applied_at is None


def test_before_its_day_and_without_a_trial_nothing_goes_over(world, draft, july, django_capture_on_commit_callbacks):
    put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)
    with pytest.raises(Refused, match="chưa có hiệu lực"):
        beginning.apply("RS-THU", by=world.office)
    with pytest.raises(Refused, match="cả hai quy định"):
        beginning.apply("RS-2025", by=world.office)
    with pytest.raises(PermissionDenied):
        beginning.apply("RS-2025", by=world.head)


def test_the_jobs_say_how_far_they_are_and_where_the_result_is(world, july, favouring):
    favouring()
    tried = jobs.start_trial("RS-THU", Trial.Kind.OPEN, by=world.office)
    run_job(tried.pk)
    applied = jobs.start_applying("RS-THU", by=world.office)
    run_job(applied.pk)

    tried, applied = (Job.objects.get(pk=job.pk) for job in (tried, applied))
    assert (tried.state, tried.done, tried.total) == ("done", 1, 1)
    assert tried.result["url"] == reverse("edition_beginning", args=["RS-THU"])
    assert (applied.state, applied.result["words"]) == ("done", "Đã chuyển 1 hồ sơ sang quy định mới.")


@pytest.mark.slow
def test_two_thousand_open_dossiers_are_judged_by_both_and_go_over(world, july, favouring):
    joined = july.person.joined_on
    people = [Person(staff_code=f"Z{i}", full_name=f"Người {i}", joined_on=joined) for i in range(2_000)]
    rows = []
    for each in Person.objects.bulk_create(people):
        row = Nomination.objects.get(pk=july.pk) if not rows else copy(rows[0])
        row.pk, row.person, row.award = None, each, "LDTT"
        row._state.adding = True
        rows.append(row)
    Nomination.objects.bulk_create(rows)
    favouring()

    for start in (
        lambda: jobs.start_trial("RS-THU", "open", by=world.office),
        lambda: jobs.start_applying("RS-THU", by=world.office),
    ):
        job = start()
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("done", 2_001, 2_001)
    assert Nomination.objects.filter(edition="RS-THU").count() == 2_001


def test_the_pages_ask_the_same_number_of_questions_however_many_dossiers_there_are(world, draft, client, july):
    client.force_login(world.office)
    milder(world, draft)
    counts = []
    for _round in range(2):
        for kind in ("past", "open"):
            trials.run(trials.edition_called("RS-THU"), kind, by=world.office, version=1, say=lambda *_: None)
        for url in (reverse("edition_trial", args=["RS-THU"]), reverse("edition_beginning", args=["RS-2025"])):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
        for number in range(3):
            received(world, f"Thêm {number}", july.person.joined_on)
    assert counts[:2] == counts[2:]


def test_a_unit_sees_its_own_dossiers_and_what_it_has_to_do(world, july, favouring, client):
    open_trial(world, favouring())
    url = reverse("edition_beginning", args=["RS-THU"])

    for who, sees in ((world.head, True), (world.stranger, False)):
        client.force_login(who)
        shown = client.get(url).content.decode()
        assert ("Người Tháng Bảy" in shown) is sees
        assert ("1 hồ sơ được quy định mới có lợi hơn" in shown) is sees
    assert TrialLine.objects.count() == 1


def test_a_shipped_edition_and_one_of_the_office_come_in_again_without_a_change(
    world, draft, client, django_capture_on_commit_callbacks
):
    put_in_force(draft, world.office, world.office2, django_capture_on_commit_callbacks)
    client.force_login(world.office)
    for code in ("RS-2019", "RS-2024a", "RS-2024b", "RS-2025", "RS-2026", "RS-THU"):
        content = client.get(reverse("edition_toml", args=[code])).content
        answer = client.post(reverse("edition_upload"), {"file": SimpleUploadedFile("x.toml", content)}, follow=True)
        assert "không có gì thay đổi" in answer.content.decode(), code
        assert client.get(reverse("edition_toml", args=[code])).content == content
    assert services.text_in_force(trials.edition_called("RS-THU")) == draft.text


def test_a_file_that_is_no_edition_is_refused_with_the_place(world, draft, client):
    client.force_login(world.office)
    bad = [b"\xff", b"x = ", b"[" * 5000, draft.text.replace("months = 6", 'months = "s"').encode()]
    bad += [draft.text.replace("valid_from = 2", 'valid_from = "x" # ').encode()]
    for content in bad:
        answer = client.post(reverse("edition_upload"), {"file": SimpleUploadedFile("x.toml", content)})
        assert answer.status_code == 422, content[:40]
    assert tables.edition_in(draft.text).code == "RS-THU"
    assert begun(world.office, today() + TOMORROW, "RS-KHAC").text != draft.text
