"""Real processes on a real database: two at once, one killed in the middle, and each letter still comes once."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import environ
import pytest
from django.db import connections

from campaigns.models import Milestone, Obligation
from portal.models import Notice, OutboxMail
from portal.models.notices import MailState
from tests import make
from units.models import Role
from units.models.units import Kind

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("emptied_trail")]
ROOT = Path(__file__).resolve().parent.parent
UNITS = 300
BROKERS = [
    "filesystem",
    pytest.param(
        "redis", marks=pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="TEST_REDIS_URL is not set")
    ),
]


class Room:
    """One database, one broker and the processes that share them."""

    def __init__(self, folder: Path, database: str, broker: str = "filesystem"):
        self.book = folder / "letters"
        self.folder = folder
        self.workers: list[subprocess.Popen] = []
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings_workers",
            "DATABASE_URL": database,
            "DATA_DIR": str(folder),
            "REDIS_URL": os.environ["TEST_REDIS_URL"] if broker == "redis" else "",
            "REDIS_PREFIX": f"test-{uuid.uuid4().hex}-" if broker == "redis" else "",
            "EMAIL_URL": "",
            "PORTAL_ENV": "embedded",
            "REMIND_SECONDS": "1",
            "DELIVER_SECONDS": "1",
            "NOTICE_CLAIM_SECONDS": "3",
            "LETTER_BOOK": str(self.book),
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "manage.py", *words], cwd=ROOT, env=self.env)

    def worker(self, **more: str) -> subprocess.Popen:
        """A worker with its own beat, as `make demo` runs it."""
        number = len(self.workers)
        words = [
            "-A",
            "config",
            "worker",
            "-B",
            "-P",
            "solo",
            "--without-gossip",
            "--without-mingle",
            "--loglevel",
            "warning",
            "--hostname",
            f"w{number}@test",
            "--schedule",
            str(self.folder / f"beat-{number}"),
        ]
        with (self.folder / f"worker-{number}.log").open("w") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "--quiet", *words],
                cwd=ROOT,
                env=self.env | more,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def handed_over(self) -> list[str]:
        return self.book.read_text().split() if self.book.exists() else []

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait(10)


def eventually(condition, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.1)


@pytest.fixture
def database(tmp_path, transactional_db):
    """An address that other processes can open: the test's PostgreSQL database, or an SQLite file of its own."""
    here = connections["default"]
    if here.vendor == "postgresql":
        url = environ.Env.db_url_config(os.environ["TEST_DATABASE_URL"])
        secret = f"{url['USER']}:{url['PASSWORD']}" if url["PASSWORD"] else url["USER"]
        yield f"postgres://{secret}@{url['HOST']}:{url['PORT'] or 5432}/{here.settings_dict['NAME']}"
        return
    file = tmp_path / "test.sqlite3"
    here.ensure_connection()
    here.connection.execute("VACUUM INTO ?", [str(file)])
    before = here.settings_dict["NAME"], here.connection
    here.settings_dict["NAME"], here.connection = str(file), None
    yield f"sqlite:///{file}"
    here.connection.close()
    here.settings_dict["NAME"], here.connection = before


@pytest.fixture
def owing(database):
    """Three hundred units with a head each, all of whom should have been reminded a moment ago."""
    root = make.unit("VKSTC", kind=Kind.SUPREME)
    campaign = make.launched(root, make.user("office", (Role.OFFICE, root)))
    for n in range(UNITS):
        unit = make.unit(f"P{n}", root)
        head = make.user(f"head{n}", mail_mode="each")
        head.memberships.create(unit=unit, role=Role.HEAD)
    milestone = campaign.milestones.get()
    # far overdue: the newest moment is the last one, whatever day and hour it is now
    due = datetime.now().astimezone() - timedelta(days=40)
    Milestone.objects.update(due_at=due)
    for unit in root.children.filter(kind=Kind.PROVINCE):
        Obligation.objects.create(milestone=milestone, unit=unit, opened_at=due - timedelta(days=30))
    Notice.objects.all().delete()
    return campaign


def reminders():
    return Notice.objects.filter(kind="reminder")


def check_each_came_once(room: Room, *, twice: int = 0):
    assert reminders().count() == UNITS
    assert set(reminders().values_list("mail_state", flat=True)) == {MailState.SENT}
    letters = Counter(OutboxMail.objects.exclude(to="office@vks.example").values_list("to", flat=True))
    assert letters == {f"head{n}@vks.example": 1 for n in range(UNITS)}
    told = Notice.objects.filter(recipient__username="office").count()  # one list on a working day, else none
    assert told <= 1 and OutboxMail.objects.filter(to="office@vks.example").count() == told
    # a letter that had left when its worker died is handed over once more, and the outbox refuses the copy
    assert [n for n in Counter(room.handed_over()).values() if n > 1] == [2] * twice


def test_two_schedulers_and_two_senders_at_once(tmp_path, database, owing):
    room = Room(tmp_path, database)
    both = [room.manage("remind"), room.manage("remind")]
    assert [p.wait(60) for p in both] == [0, 0]
    assert reminders().count() == UNITS
    both = [room.manage("remind", "--deliver"), room.manage("remind", "--deliver")]
    assert [p.wait(60) for p in both] == [0, 0]
    check_each_came_once(room)


@pytest.mark.parametrize("broker", BROKERS)
def test_a_worker_killed_in_the_middle(tmp_path, database, owing, broker):
    room = Room(tmp_path, database, broker)
    try:
        first = room.worker(DIE_AFTER_LETTERS="10")
        room.worker()
        assert first.wait(40) == -signal.SIGKILL
        assert len(room.handed_over()) < UNITS
        room.worker()
        eventually(lambda: reminders().count() == UNITS, 30)
        eventually(lambda: not Notice.objects.exclude(mail_state=MailState.SENT).exists(), 40)
        time.sleep(2)  # two more beats change nothing
        check_each_came_once(room, twice=1)
    except AssertionError:
        for log in sorted(tmp_path.glob("worker-*.log")):
            print(log.name, log.read_text()[-3000:])
        raise
    finally:
        room.close()
