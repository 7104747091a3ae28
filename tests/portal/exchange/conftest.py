"""What the tests of lists share: files in a folder of their own, and an administrator of one province."""

import pytest

from tests import make
from units.models import Role


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hue_admin(world):
    """Administers Hue and what lies below, nothing else."""
    return make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Phan Quản Trị Huế")
