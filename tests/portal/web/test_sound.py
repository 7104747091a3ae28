"""Every address × what no browser sends: refused in words, before anything is done."""

import io
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from campaigns.flow import CAMPAIGN
from config.errors import WORDS
from config.wsgi import application
from portal.models import Job
from portal.web.sound import METHODS, Parts
from tests import make
from tests.access_table import TABLE
from tests.addresses import NAMES, address
from tests.test_doors import everything

FORM = "application/x-www-form-urlencoded"
KEY = "account_reset_password_from_key"
# those that are asked by their own page alone
STEPS = {name for name, (method, _who) in TABLE.items() if method == "post"} - {
    "condition_severity",
    "campaign_step",
}  # the latter is asked below
STEPS |= {"campaign_sub", "reminder_again", "sessions_end", "set_language", "csp_report"}
WRITE = {"notice_open", "person_export", "ledger_export", "nomination_export", "nomination_dossier"}  # GET, but no HEAD

WHOLE = encode_multipart(BOUNDARY, {"reason": "Lý do", "file": SimpleUploadedFile("a.pdf", make.PDF)})
CUT = {
    "cut off": (WHOLE[:-40], MULTIPART_CONTENT),
    "a zero byte in a value": (encode_multipart(BOUNDARY, {"reason": "a\0b"}), MULTIPART_CONTENT),
    "JSON": ('{"reason":', "application/json"),
}
BROKEN = CUT | {
    "no end": (WHOLE.replace(f"--{BOUNDARY}--".encode(), b""), MULTIPART_CONTENT),
    "no boundary": (WHOLE, "multipart/form-data"),
    "another boundary": (WHOLE, "multipart/form-data; boundary=x"),
    "a part without a name": (WHOLE.replace(b'name="reason"', b'nom="reason"'), MULTIPART_CONTENT),
    "a part's name in no UTF-8": (WHOLE.replace(b'"reason"', b'"rea\xffson"'), MULTIPART_CONTENT),
    "a part in no UTF-8": (WHOLE.replace("Lý".encode(), b"L\xfd"), MULTIPART_CONTENT),
    "base64 that is none": (
        WHOLE.replace(b"Content-Type", b"Content-Transfer-Encoding: base64\r\nContent-Type"),
        MULTIPART_CONTENT,
    ),
    "a head without end": (
        WHOLE.replace(b"form-data; name", b"form-data;" + b"x" * 5000 + b" name"),
        MULTIPART_CONTENT,
    ),
    "another charset": ("reason=a", f"{FORM}; charset=utf-16"),
    "another charset of a multipart": (WHOLE, f"{MULTIPART_CONTENT}; charset=utf-7"),
    "bytes in no UTF-8": (b"reason=L\xfd", FORM),
    "escapes in no UTF-8": ("reason=L%FD", FORM),
    "a zero byte in a name": ("rea%00son=a", FORM),
    "a raw zero byte": (b"reason=a\0b", FORM),
    "neither form nor JSON": ("reason=a", "text/plain"),
    "no type": ("reason=a", ""),
}


def where(name, rows):  # noqa: F811
    return reverse(name, args=["1", "set-password"]) if name == KEY else address(name, rows)


def in_words(answer):
    said = answer.headers.get("Content-Length", len(answer.content))  # a server sends so much and no more
    return str(WORDS[answer.status_code]) in answer.content.decode() and int(said) == len(answer.content)


def written():
    return everything(), Job.objects.count()


@pytest.fixture
def admin(world, client):
    client.raise_request_exception = False
    client.force_login(world.admin)
    return client


def test_no_address_takes_a_broken_body_or_a_zero_byte(rows, admin):  # noqa: F811
    before, wrong = written(), {}
    for name in NAMES:
        path = where(name, rows)
        answers = {what: admin.generic("POST", path, body, content_type=kind) for what, (body, kind) in CUT.items()} | {
            "in the query": admin.get(path, {"q": "a\0"})
        }
        for what, answer in answers.items():
            expected = name == "csp_report" and what == "JSON"  # a program's: its own refusal, without a page
            if answer.status_code != 400 or in_words(answer) == expected:
                wrong[name, what] = answer.status_code

    assert wrong == {}
    assert written() == before


def test_whatever_is_broken_is_refused_in_words(rows, admin):  # noqa: F811
    for name in ("account_login", "person_edit"):
        for what, (body, kind) in BROKEN.items():
            answer = admin.generic("POST", where(name, rows), body, content_type=kind)
            assert answer.status_code == 400 and in_words(answer), (name, what)
            assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_no_address_answers_to_a_method_of_programs(rows, admin):  # noqa: F811
    before = written()
    for name in NAMES:
        for method in ("PUT", "DELETE", "OPTIONS"):
            answer = admin.generic(method, where(name, rows))
            assert (answer.status_code, answer.headers["Allow"]) == (405, ", ".join(METHODS)), name
            assert in_words(answer)
    assert written() == before


def test_the_address_of_a_step_opened_or_asked_for_its_head_does_nothing(rows, admin):  # noqa: F811
    before = written()
    for name in STEPS:
        page, head = admin.get(where(name, rows)), admin.head(where(name, rows))
        assert [(a.status_code, a.headers["Allow"]) for a in (page, head)] == [(405, "POST")] * 2, name
        assert in_words(page) and not head.content
    assert written() == before


def test_the_address_of_a_campaigns_step_has_a_page_for_the_launch_alone(world, rows, client):  # noqa: F811
    client.force_login(world.office)
    before = written()
    for step in CAMPAIGN.steps:
        path = reverse("campaign_step", args=[rows["campaign"], step.name])
        code = 405 if step.name != "launch" else client.get(path).status_code
        assert (client.get(path).status_code, client.head(path).status_code) == (code, code), step.name
    assert written() == before


def test_every_other_address_answers_a_head_as_it_would_be_opened(world, rows, admin):  # noqa: F811
    admin.force_login(world.nobody)

    refused = {name for name in NAMES if admin.head(where(name, rows)).status_code == 405}

    assert refused == STEPS | WRITE


def test_a_head_of_an_editor_sends_no_form(world, rows, client):  # noqa: F811
    draft = make.campaign(world.root, code="NHAP").pk
    editors = {
        world.officer: [where(n, rows) for n in ("plan_edit", "submission_edit", "nomination_edit", "initiative_new")],
        world.office: [reverse("campaign_edit", args=[draft]), reverse("campaign_step", args=[draft, "launch"])],
        world.admin: [where(n, rows) for n in ("reorganisation_steps", "person_edit", "unit_change", "role_grant")],
    }
    for person, paths in editors.items():
        client.force_login(person)
        before = written()
        for path in paths:
            assert (client.get(path).status_code, client.head(path).status_code) == (200, 200), path
        assert written()[0]["Plan"] == before[0]["Plan"] and client.get(paths[0]).status_code == 200


def test_a_head_does_not_use_up_what_was_typed_before_the_session_ended(world, rows, client):  # noqa: F811
    path = where("submission_edit", rows)
    client.post(path, {"person": world.officer.pk, "title": "Đã gõ từ trước"})
    client.force_login(world.officer)

    client.head(path)

    assert "Đã gõ từ trước" in client.get(path).content.decode()


def test_a_path_with_a_zero_byte_is_refused_in_words(admin):
    for path in ("/units/%00/", "/calendar/a%00b.ics", "/ledger/per%00son/1/", "/khong-co/%00/"):
        answer = admin.get(path)
        assert answer.status_code == 400 and in_words(answer), path


def test_a_query_in_no_utf_8_is_no_fault(rows, admin):  # noqa: F811
    for name in ("campaign_list", "person_list", "unit_tree", "ledger"):
        assert admin.get(f"{where(name, rows)}?q=%FF%FE%ED%A0%80").status_code == 200


def test_a_script_that_saves_a_draft_is_told_in_json(rows, admin):  # noqa: F811
    asked = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ACCEPT": "application/json"}
    for name in ("plan_autosave", "submission_autosave", "nomination_autosave"):
        broken = admin.generic("POST", where(name, rows), WHOLE[:-9], content_type=MULTIPART_CONTENT, **asked)
        assert (broken.status_code, broken.json()["errors"]) == (400, [str(WORDS[400])]), name

    much = admin.post(where("plan_autosave", rows), {f"f{n}": "" for n in range(5003)}, **asked)
    assert (much.status_code, much.json()["errors"]) == (413, [str(WORDS[413])])


def test_too_many_fields_of_a_form_or_a_query_get_a_page(rows, admin):  # noqa: F811
    many = "&".join(f"f{n}=" for n in range(5003))
    path = where("person_edit", rows)
    for answer in (admin.generic("POST", path, many, content_type=FORM), admin.get(f"{path}?{many}")):
        assert answer.status_code == 413 and in_words(answer)


def handed_over(method, kind=""):
    """A request for the page of sign-in as the web server hands it over."""
    asked = {"REQUEST_METHOD": method, "PATH_INFO": reverse("account_login"), "CONTENT_TYPE": kind, "QUERY_STRING": "a"}
    asked |= {"HTTP_HOST": "testserver", "CONTENT_LENGTH": "4", "wsgi.input": io.BytesIO(b"a=bc")}
    setup_testing_defaults(asked)
    return application.get_response(application.request_class(asked))


def test_a_head_has_the_length_of_the_page_and_no_body(world, rows, client):  # noqa: F811
    head = handed_over("HEAD")
    assert head.status_code == 200 and head.content == b"" and int(head.headers["Content-Length"]) > 1000

    client.force_login(world.officer)
    page, head = (getattr(client, ask)(where("attachment_file", rows)) for ask in ("get", "head"))
    assert b"".join(page) and not b"".join(head) and page.headers["Content-Length"] == head.headers["Content-Length"]


@pytest.mark.parametrize(
    "kind",
    [
        "x; charset=base64",
        "x; charset=utf-7",
        "x; charset*=utf-8''%00",
        "x; a*=none''b",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_content_type_of_nonsense_gets_a_page_of_ours(method, kind, db):
    answer = handed_over(method, kind)

    assert answer.status_code == 400 and in_words(answer) and "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("text", ["Lý do \ufffd chép từ tệp cũ", "🙂\r\n", f"--{BOUNDARY[:-1]}"])
@pytest.mark.parametrize("kind", [MULTIPART_CONTENT, FORM])
def test_what_a_browser_can_send_is_let_through(kind, text, world, client):
    client.force_login(world.head)
    sent = {"text": text, "none": ""}
    if kind == FORM:
        body = urlencode(sent)
    else:
        body = encode_multipart(BOUNDARY, sent | {"file": SimpleUploadedFile("ớ.pdf", b"\xff\0" * 100_000)})

    assert client.generic("POST", reverse("notices_read"), body, content_type=kind).status_code == 302


@pytest.mark.parametrize("size", [1, 7, len(BOUNDARY), len(BOUNDARY) + 2, 600, 10**6])
def test_a_body_is_whole_however_it_comes(size):
    for end, whole in ((len(WHOLE), True), (-len(BOUNDARY), False), (-5, False), (-3, False)):
        parts = Parts(io.BytesIO(WHOLE[:end] if end < 0 else WHOLE), BOUNDARY)
        while parts.read(size):
            pass
        assert (parts.whole(2), parts.whole(1)) == (whole, False)
