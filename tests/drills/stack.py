"""A portal of real processes for a drill: web server, worker, engines of its own, and a browser without a screen."""

from __future__ import annotations

import configparser
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import psycopg2
import redis

from tests.drills.postgres import as_postgres, binaries, control, own_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PASSWORD = "Thi-dua-2026"
WAIT = 30.0  # seconds that a process may take to answer on a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(
    condition: Callable[[], Any],
    seconds: float = WAIT,
    words: str = "it did not come about in time",
    *,
    pause: float = 0.2,
) -> Any:
    """What the condition answers once it holds."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, words
        time.sleep(pause)
    return answer


def end(process: subprocess.Popen, how: int = signal.SIGTERM, seconds: float = 15) -> None:
    """End a process group that the drill began."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


@dataclass
class Answer:
    """What the portal said to one request."""

    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """Somebody at a browser without scripts: keeps cookies, fills in the tokens, follows no redirect by itself."""

    port: int
    seconds: float = 20
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(
        self, path: str, fields: dict[str, str] | None = None, files: dict[str, tuple[str, bytes]] | None = None
    ) -> Answer:
        """Send a form; the token comes from the page the visitor saw last."""
        values = {"csrfmiddlewaretoken": self.token} | (fields or {})
        if files is None:
            body = urllib.parse.urlencode(values).encode()
            return self.ask("POST", path, body, "application/x-www-form-urlencoded")
        mark = uuid.uuid4().hex
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in values.items()]
        body = "".join(parts).encode()
        for name, (filename, content) in files.items():
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n\r\n'
            body += head.encode() + content + b"\r\n"
        return self.ask("POST", path, body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}")

    token = ""

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "Referer": f"http://127.0.0.1:{self.port}{path}"}
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.body.decode(errors="replace")):
            self.token = found[1]
        return answer

    def sign_in(self, username: str) -> Visitor:
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": username, "password": PASSWORD})
        assert answer.status == 302, (answer.status, answer.text[:2000])
        return self


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form on the page that is sent to this address, as they stand."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.S)
    assert found, f"no form for {action}"
    fields = {}
    for tag in re.findall(r"<input[^>]*>", found[1]):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in told and told.get("type") not in ("submit", "file"):
            fields[told["name"]] = unescape(told.get("value", ""))
    return fields


class Stack:
    """The portal with the demo's data on engines of its own; everything it began ends with it."""

    def __init__(self, folder: Path, demo: Path, *, engine: str = "sqlite", broker: str = "filesystem"):
        self.folder = folder
        self.data = folder / "data"
        self.engine, self.broker = engine, broker
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen] = {}
        self.database_port, self.redis_port = free_port(), free_port()
        shutil.copytree(demo, folder, dirs_exist_ok=True, symlinks=True)
        self.env = environment(self.data) | {
            "PORT": str(self.port),
            "BIND": f"127.0.0.1:{self.port}",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "REMIND_SECONDS": "5",
            "DELIVER_SECONDS": "2",
        }
        if engine == "postgresql":
            own_postgres(folder / "postgres")
            self.env["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{self.database_port}/portal"
            self.start_database()
        if broker == "redis":
            self.env["REDIS_URL"] = f"redis://127.0.0.1:{self.redis_port}/0"
            self.start_redis()

    # --- engines ---

    def start_database(self, **settings: str) -> None:
        control(self.folder / "postgres", "start", self.database_port, settings)

    def stop_database(self, how: str = "immediate") -> None:
        control(self.folder / "postgres", "stop", mode=how)

    def database_runs(self) -> bool:
        words = [str(binaries() / "pg_ctl"), "-D", str(self.folder / "postgres"), "status"]
        return subprocess.run([*as_postgres(), *words], capture_output=True, cwd="/").returncode == 0

    def move_wal(self, folder: Path) -> None:
        """The write-ahead log lies elsewhere from now on."""
        self.stop_database("fast")
        here = self.folder / "postgres" / "pg_wal"
        shutil.move(here, folder)
        own_postgres(folder)
        here.symlink_to(folder)
        self.start_database()

    def start_redis(self) -> None:
        words = [
            "redis-server",
            "--port",
            str(self.redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        self.begin("redis", words)
        client = redis.Redis(port=self.redis_port)
        eventually(lambda: answers(client.ping))

    # --- the portal's own processes, as `make demo` starts them ---

    def begin(self, name: str, words: list[str] | str, **more: str) -> subprocess.Popen:
        """Start a process under this name; its output is kept in `<name>.log`."""
        with (self.folder / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                words if isinstance(words, list) else ["sh", "-c", f"exec {words}"],
                cwd=ROOT,
                env=self.env | more,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.processes[name]

    def start(self, *names: str, **more: str) -> Stack:
        """Start all, or those named (a worker with its beat), and wait until the web server answers."""
        beats = "beat" in self.processes and self.processes["beat"].poll() is None
        with_beat = [*names, "beat"] if "worker" in names and not beats else names
        for name in with_beat or commands():
            self.begin(name, commands()[name], **more)
        if not names or "web" in names:
            eventually(lambda: answers(lambda: Visitor(self.port, 5).get("/accounts/login/").status == 200))
        return self

    def kill(self, name: str) -> None:
        """The process and its children die without a word."""
        end(self.processes[name], signal.SIGKILL)

    def stop(self, name: str) -> None:
        end(self.processes[name])

    def visitor(self, username: str = "", **more: Any) -> Visitor:
        visitor = Visitor(self.port, **more)
        return visitor.sign_in(username) if username else visitor

    # --- what the drill looks at ---

    def rows(self, query: str) -> list[tuple]:
        """The rows of a query, by a connection of its own."""
        if self.engine == "postgresql":
            with contextlib.closing(
                psycopg2.connect(host="127.0.0.1", port=self.database_port, user="postgres", dbname="portal")
            ) as connection:
                cursor = connection.cursor()
                cursor.execute(query)
                return cursor.fetchall()
        with contextlib.closing(sqlite3.connect(self.data / "portal.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def manage(self, *words: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
        done = manage(self.env | more, *words)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def shell(self, code: str) -> str:
        """What the code prints inside the portal, with every model at hand."""
        return self.manage("shell", "-v", "0", "-c", code).stdout.strip()

    def log(self, name: str) -> str:
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def sound(self) -> None:
        """What must hold after every drill: no traceback, no file without its row or half written, a whole database."""
        for name in ("web", "worker", "beat"):
            log = self.log(name)
            assert "Traceback" not in log, log[-6000:]
        if self.engine == "sqlite":
            assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert not [f for f in (self.data / "files").rglob("*") if f.is_file() and not f.stat().st_size]
        for table, column in (("campaigns_attachment", "file"), ("portal_job", "source"), ("portal_job", "output")):
            for (name,) in self.rows(f"SELECT {column} FROM {table} WHERE {column} <> ''"):  # noqa: S608 -- names above
                assert (self.data / "files" / name).is_file(), f"{table} names a file that is not there: {name}"
        twice = self.rows("SELECT key FROM portal_notice GROUP BY key HAVING count(*) > 1")
        assert not twice

    def close(self) -> None:
        for name, process in self.processes.items():
            if name != "redis" and process.poll() is None:  # told together, waited for one by one
                with contextlib.suppress(ProcessLookupError):
                    # beat and worker sleep up to five seconds before they hear of their end
                    os.killpg(process.pid, signal.SIGKILL if name in ("beat", "worker") else signal.SIGTERM)
        for process in reversed(self.processes.values()):
            end(process)
        if self.engine == "postgresql" and self.database_runs():
            self.stop_database()


def answers(ask: Callable[[], Any]) -> Any:
    """What it says, or nothing while nobody answers."""
    try:
        return ask()
    except (OSError, http.client.HTTPException, redis.RedisError, psycopg2.Error):
        return None


def commands() -> dict[str, str]:
    """The processes of the demo, by name."""
    told = configparser.RawConfigParser()
    told.read(ROOT / "deploy" / "supervisord.conf")
    return {name.split(":")[1]: told[name]["command"] for name in told if name.startswith("program:")}


def manage(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)


def environment(data: Path) -> dict[str, str]:
    """The variables of a demo that stands in this folder, whatever the drill was started with."""
    dropped = ("DJANGO_", "TEST_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_ENV", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {
        "DATA_DIR": str(data),
        "DEMO": "1",
        "PATH": f"{BIN}:{kept['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size, mounted at the folder; needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """A file that takes all the room but so many bytes."""
    ballast = folder / "ballast"
    free = shutil.disk_usage(folder).free - leave
    with ballast.open("wb") as file, contextlib.suppress(OSError):
        for _ in range(max(0, free) // 4096):
            file.write(b"\0" * 4096)
    return ballast


def told(answer: Answer) -> str:
    """The messages and errors of a page, as text: what an assertion prints."""
    return json.dumps(re.findall(r'role="(?:alert|status)"[^>]*>(.*?)<', answer.text, re.S), ensure_ascii=False)
