"""Mail of the embedded default: letters become rows that the outbox page shows; and a word on mail without TLS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import checks
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal.access import keeps_the_portal
from portal.models import OutboxMail
from portal.notices.masking import masked

if TYPE_CHECKING:
    from units.models import User

HERE = ("localhost", "127.0.0.1", "::1")  # a mail server on the same machine


def shows_outbox(user: User) -> bool:
    """Who looks after the whole portal reads the outbox; in the demo it holds links that set anybody's password."""
    return not settings.EMAIL_URL and keeps_the_portal(user)


class OutboxBackend(BaseEmailBackend):
    """Keeps each letter once, by its Message-ID; outside the demo without the links that set a password."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Store the letters and return how many were handed in."""
        for message in messages:
            letter = message.message()  # refuses line breaks in headers
            OutboxMail.objects.get_or_create(
                message_id=letter["Message-ID"],
                defaults={
                    "to": ", ".join(message.recipients())[:250],
                    "subject": message.subject[:250],
                    "body": message.body if settings.DEMO else masked(str(message.body)),
                },
            )
        return len(messages)


@checks.register(checks.Tags.security, deploy=True)
def letters_travel_closed(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Letters hold links that set a password, so they leave the machine under TLS alone."""
    by_smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    if not by_smtp or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in HERE:
        return []
    words = f"Letters go to {settings.EMAIL_HOST} without TLS; whoever listens on the way reads links and passwords."
    return [checks.Warning(words, hint="Begin EMAIL_URL with smtp+tls:// or smtp+ssl://.", id="portal.W001")]
