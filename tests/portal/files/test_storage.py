"""A stored file is whole or not there, and one that belongs to no row goes."""

import errno
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portal.files import storage
from portal.models import Job


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_file_is_stored_under_its_name(root):
    assert default_storage.save("jobs/1", ContentFile(b"abc")) == "jobs/1"
    assert files(root) == ["jobs/1"] and (root / "jobs/1").read_bytes() == b"abc"
    assert default_storage.save("jobs/1", ContentFile(b"x")) != "jobs/1"


@pytest.mark.parametrize("where", ["os.fsync", "os.rename", "django.core.files.base.ContentFile.chunks"])
def test_nothing_is_left_of_what_found_no_room(root, monkeypatch, where):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(where if "base" not in where else "django.core.files.base.File.chunks", full)
    with pytest.raises(OSError, match="No space"):
        default_storage.save("jobs/1", ContentFile(b"abc"))
    monkeypatch.undo()

    assert files(root) == []


def test_old_files_that_no_row_names_are_swept(root, world):
    job = Job.objects.create(kind="count", title="a", by=world.office)
    job.source.save("kept", ContentFile(b"x"))
    default_storage.save("plans/orphan", ContentFile(b"y"))
    default_storage.save("plans/unfinished.part", ContentFile(b"y"))
    for name in files(root):
        os.utime(root / name, (0, time.time() - storage.ORPHAN_SECONDS - 1))
    default_storage.save("plans/young", ContentFile(b"z"))

    assert storage.sweep() == 2
    assert files(root) == [job.source.name, "plans/young"]
