"""A paper of Hue and a draft in it."""

import pytest

from tests import make


@pytest.fixture
def paper(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make.submission(world.hue, world.officer)


@pytest.fixture
def draft(world, paper):
    return make.nomination(paper, make.person("Lê Văn An", world.hue, birth_year=1980), world.officer)
