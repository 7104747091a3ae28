"""The office at its desk."""

import pytest


@pytest.fixture
def office(world, campaign, client):
    """The office signed in; a campaign at the root with Hue and Vinh owing."""
    world.campaign = campaign
    client.force_login(world.office)
    return world
