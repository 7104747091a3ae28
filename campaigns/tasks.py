"""One line each: what Celery may ask of this app."""

from celery import shared_task

from campaigns.models import Campaign
from campaigns.obligations import services as obligations
from campaigns.reminders import services as reminders


@shared_task
def remind():
    """Tell whoever is due to be told of what they owe."""
    reminders.remind()


@shared_task
def reconcile():
    """Make what units owe follow the hierarchy of today."""
    for campaign in Campaign.objects.filter(state=Campaign.State.LAUNCHED, historical=False):
        obligations.reconcile(campaign)
