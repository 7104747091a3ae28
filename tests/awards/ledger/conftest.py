"""Whose awards the tests of the ledger tell of."""

from datetime import date

import pytest

from tests import make


@pytest.fixture
def an(world):
    return make.person("Nguyễn Thị Ánh", world.hue, code="H001", joined_on=date(2010, 5, 1))
