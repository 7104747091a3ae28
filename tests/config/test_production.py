"""Production starts only with all that it needs; what is wrong is told at once, in words, with an exit code."""

import os
import subprocess
import sys

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from environ import Env

from config import production
from portal.models import DemoData

SOUND = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "kT4-vX9_qLm2ZsB7wEy0RcJ6uHd1PaGf3NiOo8YtKjVbQxWzS5l",
    "ALLOWED_HOSTS": "cong.vks.vn,127.0.0.1",
    "BASE_URL": "https://cong.vks.vn",
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://a:b@mail.vks.vn:587",
}
BAD = [
    *((name, "", name) for name in production.NEEDED),
    ("SECRET_KEY", "short", "SECRET_KEY is short"),
    ("SECRET_KEY", "ab" * 40, "SECRET_KEY is short"),
    ("SECRET_KEY", "django-insecure-kT4vX9qLm2ZsB7wEy0RcJ6uHd1PaGf3NiOo8YtKj", "known"),
    ("SECRET_KEY", "change-me-kT4vX9qLm2ZsB7wEy0RcJ6uHd1PaGf3NiOo8YtKjVbQxW", "known"),
    ("ALLOWED_HOSTS", "*", "any name"),
    ("ALLOWED_HOSTS", "cong.vks.vn,*", "any name"),
    ("ALLOWED_HOSTS", "cong.vks.vn,.", "any name"),
    ("ALLOWED_HOSTS", "cong.vks.vn,.vn", "any name"),
    ("DEBUG", "1", "DEBUG is on"),
    ("DEBUG", "True", "DEBUG is on"),
    ("DEMO", "yes", "DEMO is on"),
    ("BASE_URL", "http://cong.vks.vn", "https://"),
    ("BASE_URL", "cong.vks.vn", "https://"),
    ("BASE_URL", "https://cong.vks.vn/elsewhere", "https://"),
    ("BASE_URL", "https://other.vks.vn", "does not let in"),
    ("CSRF_TRUSTED_ORIGINS", "https://cong.vks.vn,http://cong.vks.vn", "CSRF_TRUSTED_ORIGINS"),
    ("DATABASE_URL", "sqlite:////var/lib/portal.sqlite3", "postgres://"),
    ("DATABASE_URL", "mysql://a@b/c", "postgres://"),
    ("REDIS_URL", "locmem://", "redis://"),
    ("EMAIL_URL", "consolemail://", "sends nothing"),
    ("EMAIL_URL", "dummymail://", "sends nothing"),
    ("EMAIL_URL", "filemail:///tmp/x", "sends nothing"),
    ("PORTAL_ENV", "Production", "PORTAL_ENV"),
    ("PORTAL_ENV", "prod", "PORTAL_ENV"),
]


def test_a_sound_production_starts_and_the_embedded_form_needs_nothing():
    assert list(production.problems(SOUND)) == []
    assert list(production.problems({})) == []


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_production_is_refused_with_words_for_what_is_wrong(name, value, words):
    with pytest.raises(ImproperlyConfigured, match="not started") as refused:
        production.refuse(SOUND | {name: value})
    assert words in str(refused.value) and name in str(refused.value)


def test_all_that_is_wrong_is_told_at_once():
    found = list(production.problems({"PORTAL_ENV": "production", "DEBUG": "1", "ALLOWED_HOSTS": "*"}))
    assert len(found) >= 7


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["manage.py", "migrate"],
        ["-c", "import config.wsgi"],
        ["-m", "celery", "-A", "config", "worker", "-P", "solo"],
    ],
    ids=["check", "migrate", "web", "worker"],
)
def test_no_process_starts_half_configured(command):
    said = SOUND | {"DEBUG": "1", "ALLOWED_HOSTS": "*", "PATH": os.environ["PATH"]}
    ended = subprocess.run([sys.executable, *command], env=said, capture_output=True, text=True, timeout=120)

    assert ended.returncode != 0
    assert "DEBUG is on" in ended.stderr and "any name" in ended.stderr
    if command[0] == "manage.py":
        assert "Traceback" not in ended.stderr


@pytest.mark.django_db
def test_production_refuses_the_database_of_the_demo(settings):
    settings.PRODUCTION = True
    production.refuse_demo_database()
    DemoData.objects.create()
    with pytest.raises(ImproperlyConfigured, match="filled by the demo"):
        production.refuse_demo_database()


@pytest.mark.django_db
def test_a_database_that_is_away_does_not_keep_production_from_starting(settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setattr(DemoData.objects.__class__, "exists", _away, raising=False)
    production.refuse_demo_database()


def _away(*_said):
    raise DatabaseError


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("smtp://mail.vks.vn:25", True),
        ("smtp+tls://mail.vks.vn:587", False),
        ("smtp+ssl://mail.vks.vn:465", False),
        ("smtp://localhost:25", False),
        ("", False),
    ],
)
def test_mail_that_would_leave_the_machine_without_tls_is_warned_of(settings, address, warned):
    if address:
        for name, value in Env.email_url_config(address).items():
            setattr(settings, name, value)
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    assert ("portal.W001" in {one.id for one in found}) is warned
