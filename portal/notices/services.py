"""Telling people things: a notice is written with the deed, its letter leaves later, once."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.days import at_hour, local_day, working_day_after
from portal.manifests import asked_before_sending, links_of_letters
from portal.models import Notice
from portal.models.notices import MailMode, MailState
from portal.text import grouped

if TYPE_CHECKING:
    from units.models import User

logger = logging.getLogger(__name__)

BATCH = 200
RUN_SECONDS = 50  # one delivery leaves the rest to the next beat, so that a slow mail server holds up nothing else
DIGEST_DELAY = timedelta(minutes=10)  # the reminders of 08:00 are written first, so that they are in the day's letter


@dataclass(frozen=True)
class Telling:
    """One occasion and those who hear of it.

    `key` names the occasion: the same key never tells the same person twice. `words` is called in the
    reader's language and returns (title, body). `urgent` letters leave whatever mode the person chose.
    `address` is where the letter goes whatever address the account has by then: a former one.
    """

    people: Iterable[User]
    key: str
    kind: str
    words: Callable[[], tuple[str, str]]
    url: str = ""
    subject_key: str = ""
    urgent: bool = False
    address: str = ""


def notify(
    people: Iterable[User],
    *,
    key: str,
    kind: str,
    words: Callable[[], tuple[str, str]],
    url: str = "",
    subject_key: str = "",
    urgent: bool = False,
    address: str = "",
    now: datetime | None = None,
) -> int:
    """Write one notice for each person and return how many are new; `Telling` says what the words mean."""
    return notify_many([Telling(people, key, kind, words, url, subject_key, urgent, address)], now=now)


def notify_many(tellings: Iterable[Telling], *, now: datetime | None = None) -> int:
    """Write the notices of many occasions in two queries and return how many are new.

    Words are made only for what nobody has been told yet. Two schedulers at once may both count a notice as new;
    the unique key lets one of them write it.
    """
    now = now or timezone.now()
    wanted = {f"{telling.key}:{person.pk}": (telling, person) for telling in tellings for person in telling.people}
    known = set(Notice.objects.filter(key__in=list(wanted)).values_list("key", flat=True)) if wanted else set()
    fresh = [_notice(key, *pair, now) for key, pair in wanted.items() if key not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def _notice(key: str, telling: Telling, person: User, now: datetime) -> Notice:
    with translation.override(person.language):
        title, body = telling.words()
    digest = person.mail_mode == MailMode.DIGEST and not telling.urgent
    silent = not (telling.address or person.email) or (person.mail_mode == MailMode.PORTAL and not telling.urgent)
    return Notice(
        key=key,
        recipient=person,
        kind=telling.kind,
        subject_key=telling.subject_key,
        title=title[:250],
        body=body,
        url=telling.url,
        address=telling.address,
        created_at=now,
        mail_state=MailState.NONE if silent else MailState.PENDING,
        digest=digest,
        send_after=next_digest(now) if digest else now,
    )


def next_digest(now: datetime) -> datetime:
    """When the next daily letter leaves: on a working day, a little after the reminders of 08:00 were written."""
    day = working_day_after(local_day(now))
    leaves = at_hour(day, settings.REMINDER_HOUR) + DIGEST_DELAY
    if now <= leaves:
        return leaves
    return at_hour(working_day_after(day + timedelta(days=1)), settings.REMINDER_HOUR) + DIGEST_DELAY


def told(subject_key: str, *kinds: str, occasion: str = "") -> list[User]:
    """Who had such notices about it and has an account still: what is taken back is told to them.

    `occasion` is how the keys begin of those that are meant, where not all are.
    """
    found = Notice.objects.filter(subject_key=subject_key, kind__in=kinds, key__startswith=occasion)
    notices = found.filter(recipient__is_active=True).select_related("recipient__person").order_by("pk")
    return list({notice.recipient_id: notice.recipient for notice in notices}.values())


# --- letters leave ---


def deliver(now: datetime | None = None) -> int:
    """Send what is due, each letter once, and return how many left; a failure waits longer each time.

    A letter is claimed before it is sent, so that two workers never hold the same one; the claim of a worker that
    died runs out and the letter is sent by another, under the same Message-ID. `now` stops the clock, for tests.
    """
    stop = time.monotonic() + RUN_SECONDS
    sent = 0
    connection = get_connection()
    try:
        while letters := _due_letters(now or timezone.now()):
            for letter in letters:
                sent += _send(letter, now, connection)
                if time.monotonic() > stop:
                    return sent
    finally:
        with suppress(Exception):
            connection.close()
    return sent


def _due_letters(now: datetime) -> list[Q]:
    """The letters that should leave now, each as the condition on its notices.

    The daily letter of a person holds all that waits; what a worker held when it died stays one letter of its own,
    since it may have left already and must go again, if at all, as the same letter.
    """
    due = Notice.objects.deliverable(now).order_by("send_after", "pk")
    rows = due.values_list("pk", "recipient", "digest", "claimed_until")[:BATCH]
    letters: dict[object, Q] = {}
    for pk, recipient, digest, held in rows:
        if digest:
            letters[recipient, held] = Q(recipient=recipient, digest=True, claimed_until=held)
        else:
            letters[pk] = Q(pk=pk)
    return list(letters.values())


def _claim(letter: Q, now: datetime) -> tuple[list[Notice], datetime]:
    """Take the notices of this letter for this worker; what another took in between is left out."""
    until = now + timedelta(seconds=settings.NOTICE_CLAIM_SECONDS)
    with transaction.atomic():
        held = Notice.objects.select_for_update(of=("self",)).deliverable(now).filter(letter).order_by("pk")
        claimed = list(held.select_related("recipient__person"))
        Notice.objects.filter(pk__in=[n.pk for n in claimed]).update(claimed_until=until)
    return claimed, until


def _send(letter: Q, stopped: datetime | None, connection: Any) -> int:
    claimed, until = _claim(letter, stopped or timezone.now())
    notices = _worth_sending(claimed)
    if not notices:
        return 0
    message = _letter(notices)
    message.connection = connection
    pks = [n.pk for n in notices]
    try:
        connection.open()  # stays open for the letters that follow
        message.send()
    except Exception as error:  # whatever a mail server or its library says, the letter waits and the others go on
        with suppress(Exception):
            connection.close()
        attempts = max(n.attempts for n in notices) + 1
        Notice.objects.filter(pk__in=pks, claimed_until=until).update(
            attempts=attempts,
            claimed_until=None,
            error=f"{type(error).__name__}: {error}"[:300],
            mail_state=MailState.FAILED if attempts >= settings.MAIL_ATTEMPTS else MailState.PENDING,
            send_after=(stopped or timezone.now()) + timedelta(minutes=2 ** (attempts - 1)),
        )
        logger.warning("letter for notice %s failed, attempt %s", notices[0].pk, attempts)
        return 0
    Notice.objects.filter(pk__in=pks).update(
        mail_state=MailState.SENT, sent_at=stopped or timezone.now(), claimed_until=None, error=""
    )
    return 1


def _worth_sending(claimed: list[Notice]) -> list[Notice]:
    """Those whose reader still has an account and whose matter still stands; the others stay on the portal only."""
    true = {n.pk for n in claimed if n.recipient.is_active and (n.address or n.recipient.email)}
    for kind, still_true in asked_before_sending().items():
        asked = [n for n in claimed if n.kind == kind]
        if asked:
            true -= {n.pk for n in asked} - still_true(asked)
    stale = [n.pk for n in claimed if n.pk not in true]
    if stale:
        Notice.objects.filter(pk__in=stale).update(mail_state=MailState.NONE, claimed_until=None)
    return [n for n in claimed if n.pk in true]


def _letter(notices: list[Notice]) -> EmailMessage:
    """One letter for one notice, or for all the notices of a person's day; its Message-ID comes from their keys."""
    person = notices[0].recipient
    with translation.override(person.language):
        if notices[0].digest:
            count = len(notices)
            title = ngettext("%(count)s việc cần biết", "%(count)s việc cần biết", count) % {"count": grouped(count)}
            body = "\n\n———\n\n".join(f"{n.title}\n\n{_with_link(n)}" for n in notices)
        else:
            title, body = notices[0].title, _with_link(notices[0])
        greeting = _("Kính gửi %(name)s,") % {"name": person.display_name}
        footer = _("Thư do Cổng thi đua - khen thưởng tự động gửi. Cách nhận thư: %(url)s") % {
            "url": settings.BASE_URL + reverse("preferences")
        }
    token = hashlib.sha256("|".join(sorted(n.key for n in notices)).encode()).hexdigest()[:32]
    return EmailMessage(
        subject=" ".join(title.split()),
        body=f"{greeting}\n\n{body}\n\n--\n{footer}\n",
        to=[notices[0].address or person.email],
        headers={"Message-ID": f"<{token}@portal>", "Auto-Submitted": "auto-generated"},
    )


def _with_link(notice: Notice) -> str:
    make = links_of_letters().get(notice.kind)
    url = make(notice.recipient) if make else notice.url
    return f"{notice.body}\n\n{settings.BASE_URL}{url}" if url else notice.body


def withdraw_reminders(subject_key: str) -> None:
    """Letters about something that was done in the meantime do not leave any more."""
    Notice.objects.filter(
        mail_state=MailState.PENDING, subject_key=subject_key, kind="reminder", claimed_until=None
    ).update(mail_state=MailState.NONE)


def send_again(notice: Notice) -> None:
    """A letter that was given up gets all its attempts once more."""
    Notice.objects.filter(pk=notice.pk, mail_state=MailState.FAILED).update(
        mail_state=MailState.PENDING, attempts=0, send_after=timezone.now(), error=""
    )
