"""What the tests of the review desk start from."""

import pytest

from tests import make


@pytest.fixture
def three(world):
    """Three dossiers: two of Huế, one of Nghệ An."""
    return [
        make.received(world.hue, world.root, days_ago=3, name="Lê Một"),
        make.received(world.hue, world.root, days_ago=2, name="Lê Hai"),
        make.received(world.vinh, world.root, days_ago=1, name="Lê Ba"),
    ]
