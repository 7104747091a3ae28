"""The office at its desk."""

import pytest

from tests import make


@pytest.fixture
def office(world, client):
    """The office signed in; a campaign at the root with Hue and Vinh owing."""
    world.campaign = make.launched(world.root, world.office)
    client.force_login(world.office)
    return world
