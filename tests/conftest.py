"""One small cast: two provinces, a district below the first, the supreme procuracy with its office."""

import gc
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, settings

from awards.law.standards import known
from tests import make
from tests.access_table import SEATS
from tests.snapshot import Snapshot
from units.models import EmulationOffice
from units.models.units import Kind

gc.set_threshold(50_000, 20, 20)  # a suite makes objects by the million, and few of them in circles

# a machine that is busy with something else is slow, and no reason for a test to fail
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


def pytest_collection_modifyitems(items):
    """The longest first, so that no worker begins one when the others have finished."""
    items.sort(key=lambda item: (item.path.parent.name != "browser", not item.get_closest_marker("slow")))


def pytest_collection_finish():
    gc.freeze()  # modules and tests stay to the end: no use in walking through them again


@pytest.fixture(autouse=True)
def empty_cache():
    """What one test kept is unknown to the next, and does not run out between two requests that are compared."""
    cache.clear()
    known.know()  # what it put in force too


@pytest.fixture(scope="session")
def migrated_file():
    """Where a migrated SQLite file waits for the next run; its name changes with every migration of every app."""
    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        for file in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(file.read_bytes())
    return Path(tempfile.gettempdir(), f"portal-migrated-{os.getuid()}-{digest.hexdigest()[:16]}.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings, migrated_file):
    """Begin with the file that an earlier run migrated: making it takes longer than most tests."""
    if request.config.option.create_db or not migrated_file.exists() or connection.vendor != "sqlite":
        return request.config.option.reuse_db
    shutil.copy(migrated_file, connection.creation._get_test_db_name())
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated_file):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite" and not migrated_file.exists():
            made = migrated_file.with_suffix(f".{os.getpid()}")
            cursor.execute("VACUUM INTO %s", [str(made)])
            made.replace(migrated_file)
    yield
    # PostgreSQL drops no database in use: a thread of the live server or of a race may outlast the last test
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def cast():
    """Hue and Vinh answer to the root; `kv1` lies below Hue; the office works at the root."""
    root = make.unit("VKSTC", kind=Kind.SUPREME, name="Viện kiểm sát nhân dân tối cao", short_name="VKSND tối cao")
    v16 = make.unit("V16", root, Kind.DEPARTMENT, name="Vụ Thi đua - Khen thưởng")
    hue = make.unit("HUE", root, name="Viện kiểm sát nhân dân thành phố Huế", short_name="VKSND Huế")
    vinh = make.unit("VINH", root, name="Viện kiểm sát nhân dân tỉnh Nghệ An", short_name="VKSND Nghệ An")
    kv1 = make.unit("KV1", hue, Kind.REGION, name="Viện kiểm sát nhân dân khu vực 1", short_name="VKSND khu vực 1")
    EmulationOffice.objects.create(serves=root, unit=v16)
    units = {"root": root, "hue": hue, "vinh": vinh, "kv1": kv1}
    seats = {who: (role, units[held]) for who, (role, held) in SEATS.items()}
    return SimpleNamespace(
        root=root,
        v16=v16,
        hue=hue,
        vinh=vinh,
        kv1=kv1,
        office=make.user("office", seats["office"], full_name="Lê Thị Văn Phòng"),
        office2=make.user("office2", seats["office"], full_name="Đỗ Văn Hai"),
        auditor=make.user("auditor", seats["auditor"], full_name="Phạm Thanh Tra"),
        council=make.user("council1", seats["council"], full_name="Ngô Hội Đồng"),
        admin=make.user("admin", seats["admin"], full_name="Vũ Quản Trị", is_staff=True, is_superuser=True),
        head=make.user("head", seats["head"], full_name="Nguyễn Văn Huế"),
        officer=make.user("officer", seats["officer"], full_name="Trần Thị Cán Bộ"),
        stranger=make.user("stranger", seats["stranger"], full_name="Hồ Thủ Trưởng"),
        kv1_head=make.user("kv1head", seats["kv1_head"], full_name="Bùi Khu Vực"),
        nobody=make.user("nobody", full_name="Người Không Vai"),
    )


@pytest.fixture(scope="session")
def world_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Snapshot(cast)


@pytest.fixture
def world(db, world_once):
    return world_once.restore()


@pytest.fixture(scope="session")
def campaign_once(world_once, django_db_blocker):
    with django_db_blocker.unblock():
        return Snapshot(lambda world: make.launched(world.root, world.office), on=world_once)


@pytest.fixture
def campaign(world, campaign_once):
    """The office's, which Hue and Vinh owe a plan."""
    return campaign_once.restore()


@pytest.fixture(scope="module")
def emptied_trail(django_db_setup, django_db_blocker):
    """Lets tests empty the tables, which the triggers of the trail and of its seals refuse."""
    tables = ("portal_entry", "portal_seal")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", tables
            )
            found = cursor.fetchall()
            on, off = [sql for _name, sql in found], [f"DROP TRIGGER {name}" for name, _sql in found]
        for statement in off:
            cursor.execute(statement)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in on:
            cursor.execute(statement)


@pytest.fixture
def rows(world, settings, tmp_path):
    """One row of everything, all of it Hue's, by the kind that an address asks for."""
    from tests.addresses import one_of_each

    settings.MEDIA_ROOT = tmp_path
    return one_of_each(world)
