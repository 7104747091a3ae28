"""What is done about awards outside the request; the areas' long work is named here for the worker."""

from __future__ import annotations

from celery import shared_task

from awards.decisions import jobs as _decisions  # noqa: F401
from awards.editions import jobs as _editions  # noqa: F401
from awards.ledger import jobs as _ledger  # noqa: F401
from awards.nominations import jobs as _nominations  # noqa: F401
from awards.review import reminders
from awards.suggestions import services as suggestions


@shared_task
def remind() -> None:
    """Tell units of what was asked of them, and reviewers of what waits."""
    reminders.remind()


@shared_task
def suggest() -> None:
    """Find whom units could propose, and nobody has."""
    suggestions.refresh()
