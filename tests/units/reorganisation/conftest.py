"""Who signs in to the pages of reorganisations."""

import pytest

from tests import make
from units.models import Role


@pytest.fixture
def admin(world, client):
    client.force_login(world.admin)
    return client


@pytest.fixture
def second(world):
    return make.user("admin2", (Role.ADMIN, world.root))
