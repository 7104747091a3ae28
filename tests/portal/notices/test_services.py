"""A notice is told once, its letter leaves once, and a letter that cannot leave is tried again, ever more patiently."""

import smtplib
from datetime import date, datetime, timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from portal.days import at_hour
from portal.models import Notice, OutboxMail
from portal.models.notices import MailMode, MailState
from portal.notices.services import Telling, deliver, next_digest, notify, notify_many, send_again, withdraw_reminders

NOW = at_hour(date(2026, 12, 8), 9)


class Broken(BaseEmailBackend):
    """A mail server that refuses whatever it is given."""

    error: Exception = smtplib.SMTPServerDisconnected("đường truyền đứt")

    def send_messages(self, messages):
        raise self.error


class BrokenForOne(BaseEmailBackend):
    """A server that refuses one address and takes the others."""

    def send_messages(self, messages):
        if messages[0].to == ["head@vks.example"]:
            raise RuntimeError("no such address")
        return len(messages)


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = "tests.portal.notices.test_services.Broken"


@pytest.fixture(autouse=True)
def own_outbox(settings):
    settings.EMAIL_BACKEND = "portal.notices.mail.OutboxBackend"


def words():
    return "Tiêu đề", "Nội dung"


def say(people, key="k", now=NOW, **options):
    return notify(people, key=key, kind="launch", words=words, now=now, **options)


def test_the_same_key_tells_the_same_person_once(world):
    assert say([world.head, world.officer]) == 2
    assert say([world.head, world.officer, world.kv1_head]) == 1
    assert Notice.objects.count() == 3


def test_many_occasions_cost_two_queries_and_words_are_made_only_for_what_is_new(world, django_assert_max_num_queries):
    made = []
    tellings = [
        Telling([world.head, world.officer], key=f"k{n}", kind="launch", words=lambda: made.append(1) or words())
        for n in range(20)
    ]
    with django_assert_max_num_queries(4):  # the savepoint of the INSERT counts too
        assert notify_many(tellings, now=NOW) == 40
    with django_assert_max_num_queries(1):
        assert notify_many(tellings, now=NOW) == 0
    assert len(made) == 40
    assert notify_many([], now=NOW) == 0


def test_words_are_made_in_the_readers_language(world):
    world.head.language = "en"
    notify([world.head, world.officer], key="k", kind="launch", words=lambda: (translation.get_language(), ""), now=NOW)
    assert sorted(Notice.objects.values_list("title", flat=True)) == ["en", "vi"]


def test_a_letter_leaves_once_with_greeting_and_link(world):
    say([world.head], url="/campaigns/1/")
    assert deliver(NOW) == 1
    assert deliver(NOW) == 0
    letter = OutboxMail.objects.get()
    assert letter.to == "head@vks.example"
    assert "Kính gửi Nguyễn Văn Huế," in letter.body
    assert "/campaigns/1/" in letter.body and "/preferences/" in letter.body
    assert Notice.objects.get().sent_at == NOW


def test_who_has_no_address_or_wants_no_mail_is_told_on_the_portal_only(world):
    world.head.email = ""
    world.officer.mail_mode = MailMode.PORTAL
    say([world.head, world.officer])
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.NONE}
    say([world.head, world.officer], key="urgent", urgent=True)
    assert Notice.objects.get(mail_state=MailState.PENDING).recipient == world.officer


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-12-08T07:00", "2026-12-08T08:10"),
        ("2026-12-08T08:10", "2026-12-08T08:10"),
        ("2026-12-08T08:11", "2026-12-09T08:10"),
        ("2026-12-11T17:00", "2026-12-14T08:10"),  # Friday evening
        ("2026-12-12T07:00", "2026-12-14T08:10"),  # Saturday
        ("2026-02-13T17:00", "2026-02-23T08:10"),  # the lunar new year
    ],
)
def test_the_daily_letter_leaves_on_working_mornings(now, leaves):
    local = lambda text: timezone.make_aware(datetime.fromisoformat(text))  # noqa: E731
    assert next_digest(local(now)) == local(leaves)


def test_a_persons_day_is_one_letter(world):
    world.head.mail_mode = MailMode.DIGEST
    world.head.save()
    for key in ("a", "b", "c"):
        say([world.head], key=key)
    assert deliver(NOW) == 0
    assert deliver(NOW + timedelta(days=1)) == 1
    assert OutboxMail.objects.get().body.count("Nội dung") == 3
    assert OutboxMail.objects.get().subject == "3 việc cần biết"


def test_a_failure_waits_longer_each_time_and_is_given_up_in_the_end(world, broken, settings):
    say([world.head])
    now, waits = NOW, []
    while Notice.objects.get().mail_state == MailState.PENDING:
        notice = Notice.objects.get()
        now = max(now, notice.send_after)
        assert deliver(now) == 0
        waits.append((Notice.objects.get().send_after - now) // timedelta(minutes=1))
        assert deliver(now) == 0  # not before its time
    notice = Notice.objects.get()
    assert waits == [1, 2, 4, 8, 16, 32]
    assert (notice.attempts, notice.mail_state) == (settings.MAIL_ATTEMPTS, MailState.FAILED)
    assert notice.error == "SMTPServerDisconnected: đường truyền đứt"
    settings.EMAIL_BACKEND = "portal.notices.mail.OutboxBackend"
    assert deliver(now + timedelta(days=1)) == 0
    send_again(notice)
    assert deliver(timezone.now() + timedelta(minutes=1)) == 1
    assert Notice.objects.get().mail_state == MailState.SENT


def test_a_letter_that_fails_holds_up_no_other(world, settings):
    settings.EMAIL_BACKEND = "tests.portal.notices.test_services.BrokenForOne"
    say([world.head, world.officer, world.kv1_head])
    assert deliver(NOW) == 2
    assert Notice.objects.get(mail_state=MailState.PENDING).attempts == 1


def test_a_header_that_smuggles_a_line_is_harmless(world):
    world.head.email = "head@vks.example\nBcc: all@vks.example"
    world.head.save()
    say([world.head])
    assert deliver(NOW) == 0
    assert Notice.objects.get().attempts == 1 and not OutboxMail.objects.exists()


def test_a_claimed_letter_is_left_alone_until_the_claim_runs_out(world, settings):
    say([world.head])
    Notice.objects.update(claimed_until=NOW + timedelta(seconds=settings.NOTICE_CLAIM_SECONDS))
    assert deliver(NOW) == 0
    assert deliver(NOW + timedelta(seconds=settings.NOTICE_CLAIM_SECONDS + 1)) == 1


def test_a_worker_that_died_after_the_mail_server_took_the_letter_makes_no_second_one(world):
    say([world.head])
    deliver(NOW)
    Notice.objects.update(mail_state=MailState.PENDING, claimed_until=NOW + timedelta(minutes=5), sent_at=None)
    assert deliver(NOW + timedelta(minutes=6)) == 1
    assert OutboxMail.objects.count() == 1


def test_a_daily_letter_whose_worker_died_goes_again_as_the_same_letter(world):
    world.head.mail_mode = MailMode.DIGEST
    world.head.save()
    say([world.head], key="a")
    say([world.head], key="b")
    tomorrow = next_digest(NOW)
    deliver(tomorrow)
    Notice.objects.update(mail_state=MailState.PENDING, claimed_until=tomorrow + timedelta(minutes=5), sent_at=None)
    say([world.head], key="c", now=NOW + timedelta(minutes=1))
    deliver(tomorrow + timedelta(minutes=6))
    assert sorted(letter.body.count("Nội dung") for letter in OutboxMail.objects.all()) == [1, 2]


def test_nobody_without_an_account_gets_a_letter(world):
    say([world.head])
    world.head.is_active = False
    world.head.save()
    assert deliver(NOW) == 0
    assert Notice.objects.get().mail_state == MailState.NONE


def test_withdrawing_leaves_what_was_sent_and_what_another_worker_holds(world):
    for key, person in (("a", world.head), ("b", world.officer), ("c", world.kv1_head)):
        notify([person], key=key, kind="reminder", words=words, subject_key="obligation:1", now=NOW)
    Notice.objects.filter(key__startswith="a").update(mail_state=MailState.SENT)
    Notice.objects.filter(key__startswith="b").update(claimed_until=NOW)
    withdraw_reminders("obligation:1")
    assert list(Notice.objects.order_by("key").values_list("mail_state", flat=True)) == [
        MailState.SENT,
        MailState.PENDING,
        MailState.NONE,
    ]
