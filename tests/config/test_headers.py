"""Open pages, static files, refusals and faults say the same to the browser; all other addresses: test_doors."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.reminders import calendars
from config import headers
from portal.signin.links import password_path
from tests import make
from tests.access_table import OPEN
from tests.addresses import address
from tests.config.test_production import SOUND
from tests.headers import lacking
from tests.test_doors import undone


def test_the_policy_allows_what_is_ours_and_names_where_to_report(client, db):
    policy = dict(
        (part.split(None, 1) + [""])[:2]
        for part in client.get(reverse("account_login")).headers["Content-Security-Policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "report-uri": "/csp-report/",
    }


def test_what_is_open_to_visitors_says_it(rows, client):
    """What asks for a sign-in, and what answers a role, is looked at where the table of access is walked."""
    client.raise_request_exception = False
    found = {}
    for name in OPEN - {"account_reset_password_from_key"}:
        with undone():
            where = reverse(name, args=["x"]) if name == "calendar_feed" else address(name, rows)
            found[name] = lacking(client.get(where))

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_refusals_and_faults_say_it_too(world, client, monkeypatch):
    client.raise_request_exception = False
    client.force_login(world.office)
    login = reverse("account_login")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = {
        400: client.get(login, headers={"Host": "evil.example"}),
        404: client.get("/nowhere/"),
        405: client.get(reverse("notices_read")),
        403: strict.post(login, {}),
    }
    monkeypatch.setattr("portal.notices.views.render", None)
    answers[500] = client.get(reverse("notices"))

    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert {status: lacking(answer) for status, answer in answers.items() if lacking(answer)} == {}


def test_static_files_say_it_too(settings, tmp_path):
    (tmp_path / "a.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    answer = Client().get("/static/a.svg")
    assert answer.status_code == 200 and b"".join(answer) == b"<svg/>"
    assert lacking(answer, static=True) == []


def test_an_address_that_is_a_secret_is_told_to_nobody(world, client):
    link = password_path(world.head)
    feed = reverse("calendar_feed", args=[calendars.renew(world.head)])
    assert {client.get(where).headers["Referrer-Policy"] for where in (link, feed)} == {"no-referrer"}


def test_signing_out_clears_what_the_browser_kept_but_for_who_was_away(world, client):
    client.force_login(world.head)
    assert client.post(reverse("account_logout")).headers["Clear-Site-Data"] == '"cache", "storage"'
    client.force_login(world.head)
    assert "Clear-Site-Data" not in client.post(reverse("account_logout"), {"idle": "1"}).headers
    assert "Clear-Site-Data" not in client.get(reverse("account_login")).headers


def test_every_cookie_is_closed_to_scripts_and_other_sites(world, client):
    client.post(reverse("account_login"), {"login": "head", "password": make.PASSWORD})
    client.post(reverse("set_language"), {"language": "en"})
    client.get(reverse("preferences"))
    client.post(reverse("preferences"), {"language": "en", "mail_mode": "digest"})

    assert {"sessionid", "csrftoken", "django_language"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"], name


@pytest.mark.slow
def test_in_production_cookies_have_names_that_only_this_host_may_set_over_https():
    asked = (
        "import config.settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " s.CONTENT_SECURITY_POLICY['DIRECTIVES']['upgrade-insecure-requests'])"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env=SOUND | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "True", "True"], said.stderr


# --- reports of browsers ---

OLD = {
    "csp-report": {"violated-directive": "img-src", "blocked-uri": "http://x/?q=1", "document-uri": "http://y/\n?q=2"}
}
NEW = [{"type": "csp-violation", "body": {"effectiveDirective": "a", "blockedURL": "b", "documentURL": "c"}}]


def report(client, content, kind="application/csp-report"):
    return client.post(reverse("csp_report"), content, content_type=kind)


@pytest.mark.parametrize("said", [OLD, NEW], ids=["report-uri", "report-to"])
def test_a_report_is_one_line_of_the_log_and_answered_with_nothing(client, db, caplog, said):
    answer = report(Client(enforce_csrf_checks=True), json.dumps(said))
    assert (answer.status_code, answer.content) == (204, b"")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "config.headers"]
    assert line.startswith("csp: ") and "\n" not in line and "q=" not in line


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x",
        "[]",
        "{}",
        "null",
        "7",
        '"x"',
        "[[]]",
        '{"csp-report": 1}',
        '{"csp-report": {"blocked-uri": []}}',
        "[" * 5000,
    ],
)
def test_a_report_that_is_none_is_refused(client, db, caplog, content):
    assert report(client, content).status_code == 400
    assert not [record for record in caplog.records if record.name == "config.headers"]


def test_reports_are_small_and_few(client, db):
    assert report(client, json.dumps(OLD) + " " * headers.REPORT_BYTES).status_code == 413
    codes = [report(client, json.dumps(OLD)).status_code for _each in range(headers.REPORTS_A_MINUTE + 5)]
    assert codes[0] == 204 and codes[-1] == 429
    assert client.get(reverse("csp_report")).status_code == 405
