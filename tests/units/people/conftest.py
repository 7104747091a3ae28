"""Who works where in the tests of people."""

import pytest

from tests import make
from units.models import Role


@pytest.fixture
def staffed(world):
    """Lan works at Hue's region and Hue has an administrator of its own; Vinh has Tâm."""
    world.lan = make.person("Nguyễn Thị Lan", world.kv1, code="LAN", birth_year=1980, position="Kiểm sát viên")
    world.tam = make.person("Hồ Tâm", world.vinh, code="TAM", birth_year=1975)
    world.hue_admin = make.user("hueadmin", (Role.ADMIN, world.hue), full_name="Quản Trị Huế")
    return world
