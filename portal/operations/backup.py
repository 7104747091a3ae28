"""Database and files as one archive, taken while people write, and put back into emptiness."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import FileField
from django.utils import timezone

NAME = "portal-%Y%m%d-%H%M%S.tar.gz"
PATTERN = "portal-*.tar.gz"
UNFINISHED = ".backup-"  # begins the name of all that a backup writes on its way
LEFT_SECONDS = 24 * 3600  # what is older belongs to a backup that was killed
MANIFEST, DATABASE, SECRET, FILES = "manifest.json", "database", "secret_key", "files/"
CHUNK = 2**20
BROKEN = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError, TypeError)

Ask = Callable[[str], list[tuple[Any, ...]]]


# --- making one ---


def make(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write an archive into the folder and return it with what it holds; half an archive never bears its name.

    A row of the database names only files that are there when the row is written, so files are gathered before the
    database's moment (what is deleted meanwhile is held by a second link) and once more after it (what came between).
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_what_was_left(folder, Path(settings.MEDIA_ROOT).parent)
    unfinished = folder / f"{UNFINISHED}{uuid.uuid4().hex}.part"
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED) as room, _kept_files() as (files, gather):
            gather()
            dump = Path(room, DATABASE)
            with _snapshot(dump) as ask:
                told = {
                    "tables": _counts(ask),
                    "migrations": [list(row) for row in ask("SELECT app, name FROM django_migrations ORDER BY id")],
                    "named": sorted(_named_files(ask)),
                }
            gather()
            manifest = {
                "made_at": timezone.now().isoformat(),
                "engine": connection.vendor,
                "tables": told["tables"],
                "migrations": told["migrations"],
                "missing": [name for name in told["named"] if name not in files],
                "files": {},
            }
            with _private(unfinished) as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
                _add(archive, DATABASE, dump, manifest)
                if (secret := Path(settings.DATA_DIR, SECRET)).is_file():
                    _add(archive, SECRET, secret, manifest)
                for name, path in sorted(files.items()):
                    _add(archive, FILES + name, path, manifest)
                _add_text(archive, MANIFEST, json.dumps(manifest))
        target = folder / timezone.localtime().strftime(NAME)
        os.link(unfinished, target)  # unlike a rename it replaces nothing
    finally:
        unfinished.unlink(missing_ok=True)
    return target, manifest


def _clear_what_was_left(*folders: Path) -> None:
    """Remove what a backup that was killed had written."""
    for path in (path for folder in folders for path in folder.glob(f"{UNFINISHED}*")):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - LEFT_SECONDS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextlib.contextmanager
def _private(path: Path) -> Iterator[Any]:
    """A new file for the owner alone; it is on the disk when it is closed."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _kept_files() -> Iterator[tuple[dict[str, Path], Callable[[], None]]]:
    """(name → path, and what adds those there now); links keep what others delete meanwhile, where links can be."""
    root = Path(settings.MEDIA_ROOT)
    links = root.parent / f"{UNFINISHED}{uuid.uuid4().hex}"
    files: dict[str, Path] = {}

    def gather() -> None:
        for path in root.rglob("*"):
            name = str(path.relative_to(root))
            if name not in files and path.is_file() and not path.is_symlink():
                link = links / str(len(files))
                try:
                    links.mkdir(exist_ok=True, mode=0o700)
                    os.link(path, link)
                    files[name] = link
                except FileNotFoundError:  # deleted in this moment
                    continue
                except OSError:  # a file system without links
                    files[name] = path

    try:
        yield files, gather
    finally:
        shutil.rmtree(links, ignore_errors=True)


@contextlib.contextmanager
def _snapshot(dump: Path) -> Iterator[Ask]:
    """Write the database of one moment into the file, and answer questions about the same moment."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(dump)) as copy:
            with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=60)) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if (said := copy.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                raise CommandError(f"The database is damaged, nothing was backed up: {said[:3]}")
            yield lambda query: copy.execute(query).fetchall()
        return
    raw = connection.get_new_connection(connection.get_connection_params())
    try:
        raw.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor = raw.cursor()

        def ask(query: str) -> list[tuple[Any, ...]]:
            cursor.execute(query)
            return list(cursor.fetchall())

        ((moment,),) = ask("SELECT pg_export_snapshot()")
        words = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={moment}"]
        _postgres("pg_dump", *words, f"--file={dump}")
        yield ask
    finally:
        raw.close()


def _postgres(program: str, *words: str) -> None:
    """Run a program of PostgreSQL's client on the portal's database."""
    found = shutil.which(program) or next(
        iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[::-1]), None
    )
    if found is None:
        raise CommandError(f"{program} was not found: install PostgreSQL's client (Debian: postgresql-client).")
    told = connection.get_connection_params()
    secret = {"PGPASSWORD": str(told["password"])} if told.get("password") else {}
    names = {"dbname", "user", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "service"}
    quoted = {n: str(v).replace("\\", "\\\\").replace("'", "\\'") for n, v in told.items() if n in names}
    address = " ".join(f"{name}='{value}'" for name, value in quoted.items())
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL with words made here
        [str(found), *words, f"--dbname={address}"], env=os.environ | secret, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.strip()[-1000:]}")


def _counts(ask: Ask) -> dict[str, int]:
    """How many rows each table has."""
    if connection.vendor == "sqlite":
        found = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    else:
        found = ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    return {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in sorted(found)}  # noqa: S608 -- names above


def _named_files(ask: Ask) -> set[str]:
    """Every file that a row names."""
    named: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                query = f'SELECT "{field.column}" FROM "{model._meta.db_table}" WHERE "{field.column}" <> \'\''  # noqa: S608
                named.update(name for (name,) in ask(query))
    return named


class _Hashed:
    """A file whose fingerprint is known when it was read."""

    def __init__(self, file: Any):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part: bytes = self.file.read(size)
        self.digest.update(part)
        return part


def _add(archive: tarfile.TarFile, name: str, path: Path, manifest: dict[str, Any]) -> None:
    with path.open("rb") as file:
        told = tarfile.TarInfo(name)
        told.size, told.mode = os.fstat(file.fileno()).st_size, 0o600
        hashed = _Hashed(file)
        archive.addfile(told, hashed)  # type: ignore[arg-type]  # it is only read
    manifest["files"][name] = hashed.digest.hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    told = tarfile.TarInfo(name)
    told.size, told.mode = len(content), 0o600
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        archive.addfile(told, file)


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest archives."""
    old = sorted(folder.glob(PATTERN))[:-keep] if keep > 0 else []
    for path in old:
        path.unlink()
    return old


# --- putting one back ---


def newest(place: Path) -> Path:
    """The archive that is named, or the newest of the folder that is named."""
    if not place.is_dir():
        return place
    if found := sorted(place.glob(PATTERN)):
        return found[-1]
    raise CommandError(f"There is no backup in {place}.")


def unpack(archive: Path, room: Path) -> dict[str, Any]:
    """Take the archive apart into an empty folder and return its manifest, if every file is as it was written."""
    digests: dict[str, str] = {}
    text = b""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                parts = Path(member.name).parts
                source = packed.extractfile(member)
                if source is None or ".." in parts or Path(member.name).is_absolute():
                    raise ValueError(member.name)
                if member.name == MANIFEST:
                    text = source.read()
                    continue
                path = room.joinpath(*parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                hashed = _Hashed(source)
                with _private(path) as file:
                    shutil.copyfileobj(hashed, file, CHUNK)
                digests[member.name] = hashed.digest.hexdigest()
        manifest: dict[str, Any] = json.loads(text)
        if digests != manifest["files"] or DATABASE not in digests:
            raise ValueError("the files are not those that were written")
    except FileNotFoundError as error:
        raise CommandError(f"There is no {archive}.") from error
    except BROKEN as error:
        raise CommandError(f"{archive} is damaged or no backup; nothing was changed. ({error})") from error
    return manifest


def check_fits(manifest: dict[str, Any], *, replace: bool) -> None:
    """Refuse what cannot be put back here, before anything is changed."""
    if manifest["engine"] != connection.vendor:
        raise CommandError(f"This backup is of {manifest['engine']}, the portal here uses {connection.vendor}.")
    known = MigrationLoader(None).disk_migrations
    labels = {config.label for config in apps.get_app_configs()}
    if newer := [f"{app}.{name}" for app, name in manifest["migrations"] if app in labels and (app, name) not in known]:
        raise CommandError(f"This backup is of a newer portal: {', '.join(newer[:5])}. Install that version first.")
    if not replace and (connection.introspection.table_names() or any(_files_here())):
        raise CommandError(
            "Database or files are not empty; nothing was changed. --replace puts the backup in their place."
        )


def _files_here() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (path for path in root.rglob("*") if path.is_file()) if root.is_dir() else iter(())


def put_back(manifest: dict[str, Any], room: Path, *, replace: bool) -> None:
    """Database, files and key as they were; the rows are counted afterwards."""
    dump = room / DATABASE
    connection.close()
    if connection.vendor == "sqlite":
        with (
            contextlib.closing(sqlite3.connect(dump)) as source,
            contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=60)) as target,
        ):
            source.backup(target)
    else:
        words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"]
        _postgres("pg_restore", *words, *(["--clean", "--if-exists"] if replace else []), str(dump))

    def ask(query: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    if (found := _counts(ask)) != manifest["tables"]:
        wrong = sorted(name for name, count in manifest["tables"].items() if found.get(name) != count)
        raise CommandError(f"The database is not as it was: {', '.join(wrong)}")
    root, files = Path(settings.MEDIA_ROOT), room / "files"
    files.mkdir(exist_ok=True)
    if root.is_dir() and any(root.iterdir()):
        root.rename(root.with_name(f"{root.name}.before-{timezone.localtime():%Y%m%d-%H%M%S}"))
    elif root.is_dir():
        root.rmdir()
    root.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(files, root)
    if (secret := room / SECRET).is_file():
        os.replace(secret, Path(settings.DATA_DIR, SECRET))
