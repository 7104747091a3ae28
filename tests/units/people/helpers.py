"""What the tests of people share."""

from datetime import date

from django.urls import reverse

LONG_AGO = date(2020, 1, 1)


def names(page):
    return [row.person.full_name for row in page.context["rows"]]


def post(client, page, *args, **data):
    return client.post(reverse(page, args=args), data)
