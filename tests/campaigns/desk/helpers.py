"""What the tests of the desk share."""

from datetime import timedelta

from django.urls import reverse

from campaigns.models import Obligation
from portal.days import today


def url(name, world, **query):
    return reverse(name, args=[world.campaign.pk], query=query)


def owed(world, unit):
    return Obligation.objects.get(unit=unit, milestone__campaign=world.campaign)


def shown(response):
    return [row.unit.code for row in response.context["page_obj"].object_list]


def words(response):
    return [str(message) for message in response.context["messages"]]


def day(days):
    return f"{today() + timedelta(days=days):%d/%m/%Y}"
