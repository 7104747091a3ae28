"""One line each: what Celery may ask of this app."""

from celery import shared_task

from units.access import role_ends
from units.reorganisation.flow import run_due


@shared_task
def warn_of_ends():
    """Tell whose roles end soon."""
    role_ends.warn_of_ends()


@shared_task
def reorganise():
    """Execute the reorganisations whose day has come."""
    run_due()
