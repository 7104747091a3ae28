"""PostgreSQL of a drill's own: a cluster in a folder, run by the user `postgres` where the drill is root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


class DatabaseRefused(Exception):
    """PostgreSQL did not start or stop; its log says why."""


def binaries() -> Path | None:
    """Where the server's programs lie; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    return Path(there).parent if (there := shutil.which("initdb")) else None


def own_postgres(folder: Path) -> None:
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "postgres", str(folder)], check=True)


def as_postgres() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


def make_cluster(folder: Path) -> None:
    folder.mkdir(parents=True)
    own_postgres(folder)
    words = [str(binaries() / "initdb"), "-D", str(folder), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"]
    subprocess.run([*as_postgres(), *words], check=True, capture_output=True, cwd="/")


def control(
    folder: Path, verb: str, port: int = 0, settings: dict[str, str] | None = None, *, mode: str = "fast"
) -> None:
    words = [str(binaries() / "pg_ctl"), "-D", str(folder), "-w", "-t", "30", verb]
    if verb == "start":
        told = {"unix_socket_directories": "''", "port": str(port), "listen_addresses": "127.0.0.1"} | (settings or {})
        options = " ".join(f"-c {name}={value}" for name, value in told.items())
        words += ["-l", str(folder / "server.log"), "-o", options]
    else:
        words += ["-m", mode]
    with tempfile.TemporaryFile() as said:  # no pipe: the server that is started would hold it open
        done = subprocess.run([*as_postgres(), *words], stdout=said, stderr=said, cwd="/")
        said.seek(0)
        words_of_pg_ctl = said.read().decode(errors="replace")[-1000:]
    if done.returncode:
        log = folder / "server.log"
        raise DatabaseRefused(verb, words_of_pg_ctl, log.read_text(errors="replace")[-3000:] if log.exists() else "")
