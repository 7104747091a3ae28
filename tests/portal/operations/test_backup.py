"""What a backup holds comes back whole, into emptiness alone; under load and on PostgreSQL: `tests/drills`."""

import os
import shutil
import sqlite3
import time
from contextlib import closing
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from portal.models import Entry, ForgottenPassword, Job, Notice, Seal
from portal.models.trail import record
from portal.operations import backup
from portal.trail import seals
from tests import make
from units.models import Unit, User

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="changes the database's file; see the drills")


@pytest.fixture
def portals(tmp_path, settings, migrated_file, django_db_setup, django_db_blocker):
    """`portals("name")` works from now on in a folder of that name, with a database of its own, which may be empty."""
    name = connection.settings_dict["NAME"]

    def work_in(folder, *, empty=False):
        connection.close()
        settings.DATA_DIR = tmp_path / folder
        settings.MEDIA_ROOT = settings.DATA_DIR / "files"
        settings.DATA_DIR.mkdir()
        connection.settings_dict["NAME"] = str(settings.DATA_DIR / "portal.sqlite3")
        if not empty:
            shutil.copy(migrated_file, connection.settings_dict["NAME"])
        return settings.DATA_DIR

    with django_db_blocker.unblock():
        yield work_in
        connection.close()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def archive(portals, tmp_path):
    """Of a portal with a sealed trail, a file, and something of all that must not go on after a restore."""
    data = portals("former")
    (data / "secret_key").write_text("khóa của cổng")
    office = make.user("office", full_name="Lê Thị Văn Phòng")
    unit = make.unit("VKSTC")
    for number in range(3):
        record(unit, "edit", by=office, changes={"Tên": ["Huế", number]})
    seals.seal()
    record(unit, "edit", by=None, note="chưa niêm phong")
    job = Job.objects.create(kind="dossier", title="t", by=office, state="running", attempts=2)
    job.source.save("danh-sach.csv", ContentFile("Số hiệu;Họ tên".encode()))
    Notice.objects.create(key="waits", recipient=office, kind="x", title="t", body="b")
    ForgottenPassword.objects.create(address="office@vks.example")
    call_command("backup", str(tmp_path / "kept"), stdout=StringIO())
    (made,) = (tmp_path / "kept").iterdir()
    return made


def rows(folder):
    """Every row of every table."""
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: database.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables.fetchall()}  # noqa: S608


def restore(place, **options):
    out = StringIO()
    call_command("restore", str(place), stdout=out, stderr=out, **options)
    return out.getvalue()


def test_all_rows_files_and_the_sealed_trail_come_back_and_what_lived_then_has_ended(archive, portals, tmp_path):
    data = portals("new", empty=True)
    said = restore(archive.parent)

    before, after = rows(tmp_path / "former"), rows(data)
    changed = {
        "portal_entry",
        "portal_job",
        "portal_notice",
        "units_user",
        "portal_forgottenpassword",
        "portal_heartbeat",
    }
    assert {name for name in before if before[name] != after[name]} <= changed and before.keys() == after.keys()
    assert after["portal_seal"] and after["portal_entry"][:-1] == before["portal_entry"]
    assert Entry.objects.latest("pk").verb == "restored"
    assert "The trail is as it was sealed." in said and list(seals.problems()) == []
    (job,) = Job.objects.all()
    assert (job.state, job.attempts) == ("queued", 0)
    assert (data / "files" / job.source.name).read_text() == "Số hiệu;Họ tên"
    assert Notice.objects.get(key="waits").mail_state == "failed" and "1 letters are held" in said
    assert not Notice.objects.filter(mail_state="pending") and not ForgottenPassword.objects.exists()
    assert User.objects.get(username="office").session_epoch == 1
    assert (data / "secret_key").read_text() == "khóa của cổng"
    assert archive.stat().st_mode & 0o777 == 0o600


def test_letters_that_waited_leave_where_that_was_asked_for(archive, portals):
    portals("new", empty=True)
    restore(archive, send_pending=True)
    assert Notice.objects.get(key="waits").mail_state == "pending"


def test_a_portal_that_is_not_empty_is_replaced_only_when_that_was_said(archive, portals):
    data = portals("other")
    (data / "files").mkdir()
    (data / "files" / "newer").write_text("x")
    make.unit("KHAC")
    with pytest.raises(CommandError, match="not empty"):
        restore(archive)
    assert [unit.code for unit in Unit.objects.all()] == ["KHAC"] and (data / "files" / "newer").exists()

    restore(archive, replace=True)
    assert [job.title for job in Job.objects.all()] == ["t"]
    (aside,) = data.glob("files.before-*")
    assert (aside / "newer").read_text() == "x"


def test_a_damaged_archive_is_refused_and_changes_nothing(archive, portals):
    data = portals("new", empty=True)
    content = archive.read_bytes()
    for bad in (content[: len(content) // 2], b"", b"\0" * 5000):
        archive.write_bytes(bad)
        with pytest.raises(CommandError, match="damaged"):
            restore(archive)
    assert not any(rows(data).values()) and not (data / "files").exists()


def test_a_trail_that_was_changed_before_the_backup_is_told(archive, portals, tmp_path):
    connection.close()
    with closing(sqlite3.connect(tmp_path / "former" / "portal.sqlite3")) as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'portal_entry'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE portal_entry SET request = 'x' WHERE id = (SELECT min(id) FROM portal_entry)")
        database.commit()
    archive, _manifest = backup.make(tmp_path / "again")
    portals("new", empty=True)
    with pytest.raises(CommandError, match="not as it was sealed"):
        restore(archive)
    assert Seal.objects.count() == 1 and Job.objects.count() == 1


def test_what_a_killed_backup_left_goes_with_the_next_one(portals, tmp_path):
    data = portals("one")
    (data / "files").mkdir()
    kept = tmp_path / "kept"
    left = [data / ".backup-12", kept / ".backup-34", kept / ".backup-56.part"]
    for path in left[:2]:
        path.mkdir(parents=True)
        (path / "0").write_text("x")
    left[2].write_text("x")
    young = kept / ".backup-78.part"  # of another that works now
    young.write_text("x")
    for path in left:
        os.utime(path, (0, time.time() - 2 * 24 * 3600))
    backup.make(kept)
    assert [path for path in left if path.exists()] == [] and young.exists()


def test_only_the_newest_archives_are_kept(portals, tmp_path):
    portals("one")
    kept = tmp_path / "kept"
    kept.mkdir()
    names = [f"portal-2026010{day}-023000.tar.gz" for day in range(1, 6)]
    for name in names:
        (kept / name).touch()
    call_command("backup", str(kept), keep=3, stdout=StringIO())
    left = sorted(path.name for path in kept.iterdir())
    assert left[:2] == names[3:] and len(left) == 3
