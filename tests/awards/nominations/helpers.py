"""What the tests of papers share."""

from tests import make

PDF = make.PDF


def typed(nomination, **fields):
    return {"version": nomination.version, "award": nomination.award, "summary": "Mới", "votes_for": "8"} | fields
