"""Mail of the embedded default: letters become rows that the outbox page shows; and a word on mail without TLS."""

from django.conf import settings
from django.core import checks
from django.core.mail.backends.base import BaseEmailBackend

from portal.models import OutboxMail
from portal.signin.links import masked

HERE = ("localhost", "127.0.0.1", "::1")  # a mail server on the same machine


class OutboxBackend(BaseEmailBackend):
    """Keeps each letter once, by its Message-ID; outside the demo without the links that set a password."""

    def send_messages(self, messages):
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
def letters_travel_closed(app_configs, **kwargs):
    """Letters hold links that set a password, so they leave the machine under TLS alone."""
    by_smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    if not by_smtp or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in HERE:
        return []
    words = f"Letters go to {settings.EMAIL_HOST} without TLS; whoever listens on the way reads links and passwords."
    return [checks.Warning(words, hint="Begin EMAIL_URL with smtp+tls:// or smtp+ssl://.", id="portal.W001")]
