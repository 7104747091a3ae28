"""What a finished job made is served only to who may still see all of it; a running job ends with the right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from awards.decisions import services as decisions
from awards.models import Nomination
from portal.days import today
from portal.exchange import work
from portal.exchange.base import exchanges
from portal.jobs import services as jobs
from portal.models import Entry, Job
from tests import make
from units.access import accounts, rights
from units.models import Membership, Posting, Role
from units.people import duplicates

HOW = [
    {},
    {"HTTP_RANGE": "bytes=0-3"},
    {"HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2038 00:00:00 GMT"},
]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hue_admin(world):
    return make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Phan Quản Trị Huế")


def ran(job):
    jobs.run_job(job.pk)
    job.refresh_from_db()
    return job


def made(kind, by, **params):
    """A job of this kind, done."""
    job = ran(Job.objects.create(kind=kind, title="Việc", by=by, params=params))
    assert job.state == "done", (kind, params, job.result)
    return job


def finished(kind, by, **params):
    """A job of this kind that ended before."""
    return Job.objects.create(kind=kind, title="Việc", by=by, state="done", params=params, result={"words": "Xong"})


def exported(by, key="people"):
    return made("export", by, exchange=key, format="csv", options={})


def nominated(world):
    return make.nomination(make.submission(world.hue, world.officer), make.person("Lê An", world.hue), world.officer)


def addresses(job):
    own = {
        "import_check": [reverse("exchange_import", args=[job.pk]), reverse("exchange_report", args=[job.pk])],
        "import_apply": [],
        "move_nominations": [],
    }
    files = [reverse("job_output", args=[job.pk])] if job.output else []
    return [job.get_absolute_url(), f"{job.get_absolute_url()}?fragment=1", *files, *own.get(job.kind, [])]


def answer(client, url, how):
    found = client.get(url, **how)
    b"".join(found)  # a file is closed when it was read
    return found.status_code


def answers(client, job):
    return {answer(client, url, how) for url in addresses(job) for how in HOW}


def everything_of(world, by):
    """One finished job of every kind, each of Hue's data."""
    nomination = nominated(world)
    make.past_award(nomination.person)
    brought = work.start_check(
        exchanges()["people"],
        make.csv(["Số hiệu cán bộ", "Họ và tên", "Năm sinh", "Mã đơn vị"], ["H9", "Người Mới", "1990", "SAI"]),
        by=by,
        options={},
        once="a",
    )
    ran(brought)
    return [
        exported(by),
        exported(by, "accounts"),
        exported(by, "units"),
        exported(by, "past-awards"),
        exported(by, "ratings"),
        brought,
        made("ledger_export", by, query=""),
        made("nominations_sheet", by, pks=[nomination.pk], name="a.xlsx"),
        made("dossier", by, nomination=nomination.pk),
        made("paper", by, paper="short-list", row=nomination.submission_id, form="docx"),
        made("nominations_paper", by, pks=[nomination.pk], form="docx", unit=world.hue.pk, asked=[], name="a.docx"),
        finished("issue_decision", by, decision=decisions.begin(world.hue, title="Tặng", by=by, token=uuid4()).pk),
    ]


@pytest.fixture
def holder(world):
    """Administers, heads and looks after Hue: may do jobs of every kind."""
    return make.user("holder", (Role.ADMIN, world.hue), (Role.HEAD, world.hue), full_name="Tôn Nhiều Vai")


def test_every_kind_of_job_says_who_may_read_it(world, holder, client):
    everything = everything_of(world, holder)
    elsewhere = {"import_apply", "move_nominations", "try_edition", "apply_edition"}  # the last two are the office's
    assert {job.kind for job in everything} | elsewhere == set(jobs._kinds)
    client.force_login(holder)
    assert answers(client, everything[0]) == {200}
    for job in everything:
        assert answers(client, job) <= {200}, job.kind


def role_ended(world, holder, monkeypatch):
    for role in holder.memberships.all():
        rights.end(role, by=world.admin, note="thôi", version=make.seen(role.user))


def clock_past_the_last_day(world, holder, monkeypatch):
    holder.memberships.update(valid_to=today())
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *zone: tomorrow)


def person_retired(world, holder, monkeypatch):
    holder.person.statuses.create(kind="retired", valid_from=today())


def account_closed(world, holder, monkeypatch):
    accounts.deactivate(holder, by=world.admin, note="thôi", version=make.seen(holder))


@pytest.mark.parametrize("lost", [role_ended, clock_past_the_last_day, person_retired, account_closed])
def test_no_kind_of_job_is_served_after_the_right_ended(world, holder, client, monkeypatch, lost):
    everything = everything_of(world, holder)
    lost(world, holder, monkeypatch)
    client.force_login(holder.__class__.objects.get(pk=holder.pk))
    for job in everything:
        assert not answers(client, job) & {200, 206, 304}, job.kind


def test_a_job_of_another_does_not_exist(world, holder, client):
    job = exported(holder)
    client.force_login(world.admin)
    assert answers(client, job) == {404}


def test_the_shut_page_says_why_and_names_nobody(world, holder, client):
    job = made("dossier", holder, nomination=nominated(world).pk)
    Job.objects.filter(pk=job.pk).update(title="Hồ sơ của Lê An")
    role_ended(world, holder, None)
    client.force_login(holder.__class__.objects.get(pk=holder.pk))
    answer = client.get(job.get_absolute_url())
    assert answer.status_code == 403
    assert "vai trò hoặc phạm vi" in answer.content.decode() and "Lê An" not in answer.content.decode()


# --- one role of two, a row that went away ---


def test_a_file_over_two_units_is_shut_when_one_of_the_roles_ends(world, hue_admin, client):
    over_vinh = Membership.objects.create(user=hue_admin, unit=world.vinh, role=Role.ADMIN)
    files = [exported(hue_admin, key) for key in ("people", "accounts", "units")]
    brought = work.start_check(
        exchanges()["people"],
        make.csv(["Số hiệu cán bộ", "Họ và tên", "Mã đơn vị"], ["H9", "Người Mới", "SAI"]),
        by=hue_admin,
        options={},
        once="a",
    )
    files.append(ran(brought))
    over_vinh.delete()
    client.force_login(hue_admin)
    for job in files:
        assert answers(client, job) == {403}, job.kind


def test_a_file_is_shut_when_a_person_in_it_goes_to_another_unit(world, hue_admin, client):
    gone = make.person("Lê Chuyển", world.hue)
    job = exported(hue_admin)
    client.force_login(hue_admin)
    assert answers(client, job) == {200}
    Posting.objects.filter(person=gone).update(valid_to=today() - timedelta(days=1))
    Posting.objects.create(person=gone, unit=world.vinh, valid_from=today())
    assert answers(client, job) == {403}


def test_a_file_is_shut_when_a_unit_in_it_moves_away(world, hue_admin, client):
    job = exported(hue_admin)
    second = make.user("admin2", (Role.ADMIN, world.root))
    step = {"kind": "move", "sources": ["KV1"], "code": "KV1.26", "parent_code": "VINH"}
    make.executed(world.admin, second, world.root, step)
    client.force_login(hue_admin)
    assert answers(client, job) == {403}


def test_a_file_is_shut_when_a_person_in_it_is_merged_into_another(world, hue_admin, client):
    kept, gone = make.person("Lê An", world.hue), make.person("Lê An", world.hue)
    job = exported(hue_admin)
    duplicates.merge(kept, gone, by=world.admin, versions=(kept.version, gone.version), note="một người")
    client.force_login(hue_admin)
    assert answers(client, job) == {403}


def test_a_dossier_is_shut_when_the_nomination_is_out_of_sight(world, client):
    nomination = nominated(world)
    job = made("dossier", world.head, nomination=nomination.pk)
    client.force_login(world.head)
    assert answers(client, job) == {200}
    Nomination.objects.filter(pk=nomination.pk).update(unit=world.vinh)
    assert answers(client, job) == {403}


# --- while it waits and while it runs ---


@pytest.fixture
def slow(monkeypatch):
    """A kind of work during which something happens; it writes a file at its end."""
    happens = []

    def do(job):
        for deed in happens:
            deed()
        jobs.progress(job, 1, 2)
        jobs.keep_output(job, "a.csv", ContentFile(b"x"))
        return {"words": "Xong."}

    monkeypatch.setitem(jobs._kinds, "slow", jobs.Kind(do, lambda job: True))
    return happens


@pytest.mark.parametrize("lost", [role_ended, person_retired, account_closed])
def test_a_waiting_job_of_somebody_who_lost_the_right_is_not_begun(world, holder, slow, monkeypatch, lost):
    begun = []
    slow.append(lambda: begun.append(1))
    exports = [Job.objects.create(kind="export", title="a", by=holder, params={"exchange": "people"})]
    exports[0].params |= {"format": "csv", "options": {}}
    exports[0].save()
    lost(world, holder, monkeypatch)
    job = ran(exports[0])
    assert job.state == "failed" and "thay đổi" in job.result["objections"][0] and not job.output
    assert not Entry.objects.filter(verb="export").exists()


@pytest.mark.parametrize("lost", [role_ended, person_retired, account_closed])
def test_a_running_job_ends_with_the_right_and_leaves_no_file(world, holder, slow, monkeypatch, tmp_path, lost):
    slow.append(lambda: lost(world, holder, monkeypatch))
    job = ran(Job.objects.create(kind="slow", title="a", by=holder))
    assert job.state == "failed" and "không còn quyền" in job.result["objections"][0] and not job.output
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not Entry.objects.filter(verb="export").exists()


def test_rights_are_asked_at_the_end_too(world, holder, slow, monkeypatch, tmp_path):
    monkeypatch.setattr(jobs, "ASKED_EVERY", 3600)
    slow.append(lambda: role_ended(world, holder, None))
    job = ran(Job.objects.create(kind="slow", title="a", by=holder))
    assert job.state == "failed" and not job.output


def test_an_import_of_somebody_who_loses_the_right_meanwhile_writes_nothing(world, hue_admin, monkeypatch):
    rows = ["H9", "Người Mới", "1990", "HUE"]
    file = make.csv(["Số hiệu cán bộ", "Họ và tên", "Năm sinh", "Mã đơn vị"], rows)
    check = ran(work.start_check(exchanges()["people"], file, by=hue_admin, options={}, once="a"))
    assert check.result.get("problems") == [], check.result
    real = work._record_all

    def and_then(*words):
        real(*words)
        hue_admin.memberships.all().delete()

    monkeypatch.setattr(work, "_record_all", and_then)
    people = hue_admin.person.__class__.objects.count()
    job = ran(work.start_apply(check, by=hue_admin))
    assert job.state == "failed"
    assert hue_admin.person.__class__.objects.count() == people


def test_long_exports_leave_their_line_in_the_trail(world, holder):
    nomination = nominated(world)
    before = Entry.objects.filter(verb="export", by=holder).count()
    for kind, params in {
        "ledger_export": {"query": ""},
        "nominations_sheet": {"pks": [nomination.pk], "name": "a.xlsx"},
        "dossier": {"nomination": nomination.pk},
    }.items():
        made(kind, holder, **params)
    assert Entry.objects.filter(verb="export", by=holder).count() == before + 3
