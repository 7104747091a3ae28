"""A database of the former layout is told in words before anything is done to it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


def migrate(folder):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_data_of_the_former_layout_stops_the_start_and_names_the_folder_in_both_languages(tmp_path):
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as former:
        former.execute("CREATE TABLE units_entry (id integer)")

    done = migrate(tmp_path)

    assert done.returncode == 1
    assert f"mv {tmp_path} {tmp_path}.old" in done.stderr
    assert "do bản cũ của cổng lập ra" in done.stderr and "was made by an earlier version" in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as left:
        assert left.execute("SELECT name FROM sqlite_master").fetchall() == [("units_entry",)]


@pytest.mark.django_db
def test_a_database_of_today_is_none():
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


@pytest.mark.django_db
def test_an_engine_beside_the_folder_is_named_by_its_database():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE units_entry (id integer)")

    [error] = run_checks(tags=[Tags.database], databases=["default"])

    named = connection.settings_dict["NAME"] if connection.vendor == "postgresql" else "mv "
    assert error.id == "portal.E001" and str(named) in error.msg
