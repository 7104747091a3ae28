"""A backup taken while people write comes back whole, into emptiness, and starts nothing twice."""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import threading

import pytest

from tests.drills import postgres
from tests.drills.stack import answers, fill, form_of

BOTH = [("sqlite", "filesystem"), ("postgresql", "redis")]


def emptied(stack, portal, engine, broker):
    """Another portal of the same code, with no row and no file."""
    other = portal(engine, broker)
    for path in other.data.iterdir():
        if path.name != "static":  # is collected, not restored
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if engine == "postgresql":
        words = ["-h", "127.0.0.1", "-p", str(other.database_port), "-U", "postgres"]
        subprocess.run([str(postgres.binaries() / "dropdb"), *words, "portal"], check=True)
        subprocess.run([str(postgres.binaries() / "createdb"), *words, "portal"], check=True)
    return other


def sums(folder):
    root = folder / "files"
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(("engine", "broker"), BOTH)
def test_a_backup_under_load_comes_back_into_emptiness(portal, tmp_path, engine, broker):
    stack = portal(engine, broker).start("web")
    ((plan,),) = stack.rows("SELECT min(id) FROM campaigns_plan WHERE state = 'submitted'")
    comment = f"/plans/{plan}/comment/"
    office = stack.visitor("office")
    fields = form_of(office.get(f"/plans/{plan}/").text, comment)
    stack.shell(
        "from portal.trail import seals; seals.seal();"
        "from portal.models import *; from units.models import User; u = User.objects.get(username='office');"
        "Job.objects.create(kind='dossier', title='t', by=u, state='running', attempts=2, params={'nomination': 0});"
        "Notice.objects.create(key='waits', recipient=u, kind='x', title='t', body='b')"
    )
    going, wrote = threading.Event(), []

    def write():
        while not going.is_set():
            answer = answers(lambda: office.post(comment, fields | {"text": f"góp ý {len(wrote)}"}))
            if answer is not None and answer.status == 302:
                wrote.append(1)
            office.token = fields["csrfmiddlewaretoken"]

    writer = threading.Thread(target=write)
    writer.start()
    try:
        said = stack.manage("backup", str(tmp_path / "kept")).stdout
    finally:
        going.set()
        writer.join(60)
    print(said)
    assert wrote, "nobody wrote meanwhile"
    (archive,) = (tmp_path / "kept").iterdir()
    assert archive.stat().st_mode & 0o777 == 0o600 and archive.parent.stat().st_mode & 0o777 == 0o700
    files = sums(stack.data)

    other = emptied(stack, portal, engine, broker)
    said = other.manage("restore", str(tmp_path / "kept")).stdout
    print(said)

    assert sums(other.data) == files
    assert "The trail is as it was sealed." in said and other.rows("SELECT count(*) FROM portal_seal") == [(1,)]
    assert other.rows("SELECT count(*) FROM django_session") == [(0,)]
    assert other.rows("SELECT count(*) FROM portal_usersession") == [(0,)]
    assert other.rows("SELECT state, attempts FROM portal_job WHERE title = 't'") == [("queued", 0)]
    assert other.rows("SELECT mail_state FROM portal_notice WHERE key = 'waits'") == [("failed",)]
    assert other.rows("SELECT count(*) FROM portal_notice WHERE mail_state = 'pending'") == [(0,)]
    assert other.rows("SELECT count(*) FROM portal_entry WHERE verb = 'restored'") == [(1,)]
    if engine == "sqlite":
        assert (other.data / "secret_key").read_text() == (stack.data / "secret_key").read_text()
        assert other.rows("PRAGMA foreign_key_check") == []
    letters = other.rows("SELECT count(*) FROM portal_outboxmail")
    other.start()
    assert other.visitor("office").get("/").status == 200
    assert other.visitor().get("/").status == 302
    assert other.rows("SELECT count(*) FROM portal_outboxmail") == letters
    other.sound()

    again = other.manage("restore", str(archive), check=False)
    assert again.returncode and "not empty" in again.stderr and "Traceback" not in again.stderr


def test_a_damaged_archive_is_refused_in_words_and_changes_nothing(portal, tmp_path):
    stack = portal()
    stack.manage("backup", str(tmp_path / "kept"))
    (archive,) = (tmp_path / "kept").iterdir()
    other = emptied(stack, portal, "sqlite", "filesystem")
    content = archive.read_bytes()
    unpacked = bytearray(gzip.decompress(content))
    unpacked[5000] ^= 1
    changed = gzip.compress(bytes(unpacked), 1)
    for name, bad in {
        "half": content[: len(content) // 2],
        "empty": b"",
        "rubbish": b"\0" * 5000,
        "one bit": changed,
    }.items():
        (tmp_path / "bad.tar.gz").write_bytes(bad)
        done = other.manage("restore", str(tmp_path / "bad.tar.gz"), check=False)
        assert done.returncode and "damaged" in done.stderr and "Traceback" not in done.stderr, name
        assert not (other.data / "portal.sqlite3").exists() or not other.rows("SELECT * FROM sqlite_master")
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as packed:
        packed.add(sys.executable, "../../evil")
    assert "damaged" in other.manage("restore", str(tmp_path / "bad.tar.gz"), check=False).stderr
    assert "There is no" in other.manage("restore", str(tmp_path / "nothing"), check=False).stderr


def test_a_full_disk_leaves_no_half_archive(portal, small_disk):
    stack = portal()
    room = small_disk(8)
    fill(room, leave=200_000)
    done = stack.manage("backup", str(room / "kept"), check=False)
    assert done.returncode and "Traceback" not in done.stderr, done.stderr
    assert re.search(r"full|space", done.stderr), done.stderr
    assert not list((room / "kept").rglob("*"))


def test_only_the_newest_archives_are_kept(portal, tmp_path):
    stack = portal()
    kept = tmp_path / "kept"
    kept.mkdir()
    for day in range(1, 6):
        (kept / f"portal-2026010{day}-023000.tar.gz").touch()
    stack.manage("backup", str(kept), "--keep", "3")
    names = sorted(path.name for path in kept.iterdir())
    assert len(names) == 3 and names[:2] == ["portal-20260104-023000.tar.gz", "portal-20260105-023000.tar.gz"]
