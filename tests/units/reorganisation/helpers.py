"""What the tests of these pages share."""

from django.utils import timezone


def today():
    return f"{timezone.localdate():%d/%m/%Y}"


def text(response):
    return response.content.decode()
