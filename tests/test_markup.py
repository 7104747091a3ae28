"""Every page of the table of access is sound HTML, as it is opened, as it answers junk and as it refuses a form."""

import pytest
from django.urls import reverse

from awards.models import Council, Initiative, LawEdition, Sitting, Submission
from campaigns.models import Campaign
from portal.models import Job, OutboxMail, PaperMaster
from portal.signin.links import password_path
from tests import make, markup, words
from tests.access_table import OPEN, TABLE
from tests.addresses import address
from tests.test_doors import undone
from units.models import Collective, Person, Reorganisation, Unit

SAME = "Trùng tên"  # of every object, so that two kinds of page about it must say which they are
FILES = ("_file", "_export", "_template", "_sheet", "_dossier", "_output", "_report")
_KEY = "account_reset_password_from_key"
OWN = ("account_logout", "account_reauthenticate", "account_change_password", "calendar_page")
CLOSED = OPEN - {
    "mfa_authenticate",
    "health",
    "calendar_feed",
    "set_language",
    "csp_report",
    _KEY,
}
# about a law, a list or a milestone, whose names nobody types
ELSEWHERE = ("award_rules", "condition_severity", "exchange_upload", "exchange_import", "edition_trial")
ELSEWHERE += ("edition_beginning", "figure", "figure_edit", "paper_masters")
ASKED = ("on", "since", "until", "year", "state", "kind", "sort", "unit", "area", "q", "page", "award", "source")
JUNK = dict.fromkeys(ASKED, "²<b>&32/13")


def _html(answer):
    return not answer.streaming and answer.content.startswith(b"<!doctype") and answer.content.decode()


@pytest.fixture
def pages(world, rows, client):  # noqa: F811
    """(name, how it was asked for) → content, for one of those who are let in."""
    for model, field in (
        (Unit, "name_vi"), (Unit, "short_name"), (Person, "full_name"), (Collective, "name"), (Campaign, "title"),
        (Submission, "title"), (Initiative, "title"), (Reorganisation, "title"), (Job, "title"),
        (OutboxMail, "subject"), (PaperMaster, "name"), (Council, "name"), (Sitting, "title"), (LawEdition, "name"),
    ):  # fmt: skip
        model.objects.update(**{field: SAME})
    found = {}
    client.raise_request_exception = False

    def keep(name, how, answer):
        assert answer.status_code != 500, (name, how)
        if answer.status_code in (200, 404, 422) and _html(answer):
            found[name, how] = _html(answer)

    for name, (method, allowed) in TABLE.items():
        if method == "get" and not name.endswith(FILES):
            client.force_login(getattr(world, "office" if "office" in allowed else min(allowed)))
            for how, language, ask, data in (
                ("opened", "vi", client.get, {}),
                ("junk", "en", client.get, JUNK),
                ("refused", "vi", client.post, {"field": "unknown"}),
            ):
                client.cookies["django_language"] = language
                with undone():
                    keep(name, how, ask(address(name, rows), data))
    client.force_login(world.head)
    for name in OWN:
        keep(name, "opened", client.get(reverse(name)))
        keep(name, "refused", client.post(reverse(name), {"password": "x"}))
    client.force_login(world.nobody)
    world.nobody.set_unusable_password()
    world.nobody.save()
    client.force_login(world.nobody)
    keep("account_set_password", "opened", client.get(reverse("account_set_password")))
    client.logout()
    for name in CLOSED:
        keep(name, "opened", client.get(reverse(name)))
        keep(name, "refused", client.post(reverse(name), {"login": "x"}))
    opened = client.get(password_path(world.head), follow=True)
    assert 'name="password1"' in opened.content.decode()
    keep(_KEY, "opened", opened)
    keep(_KEY, "refused", client.post(opened.request["PATH_INFO"], {"password1": "x"}))
    make.factor(world.head)
    client.post(reverse("account_login"), {"login": "head", "password": make.PASSWORD})
    for name in ("mfa_authenticate", "mfa_reauthenticate"):
        keep(name, "opened", client.get(reverse(name)))
        keep(name, "refused", client.post(reverse(name), {"code": "x"}))
        client.post(reverse(name), {"code": make.code(1)})
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        keep(name, "opened", client.get(reverse(name)))
    client.post(reverse("mfa_generate_recovery_codes"))
    keep("mfa_view_recovery_codes", "opened", client.get(reverse("mfa_view_recovery_codes")))
    keep("404", "opened", client.get("/nowhere/"))
    return found


def test_every_page_is_sound_and_has_a_title_of_its_own(pages):
    shown = {how: {name for name, said in pages if said == how} for how in ("opened", "junk", "refused")}
    assert len(shown["opened"]) > 110 and len(shown["junk"]) > 90 and len(shown["refused"]) > 40
    faults = {key: wrong for key, content in pages.items() if (wrong := markup.faults(content))}
    titles = {name: markup.title_of(content) for (name, how), content in pages.items() if how == "opened"}
    kinds = {}
    for name, title in titles.items():
        kinds.setdefault(title, []).append(name)
    about = {name for name, content in titles.items() if name in TABLE and name not in ELSEWHERE and _numbered(name)}

    unfit = {key: found for key, content in pages.items() if (found := words.unfit(content))}

    assert faults == {}
    assert unfit == {}
    assert {title: names for title, names in kinds.items() if len(names) > 1} == {}
    assert {name: titles[name] for name in about if SAME not in titles[name]} == {}


def _numbered(name):
    """Whether its address names a row."""
    try:
        return not reverse(name)
    except Exception:
        return True
