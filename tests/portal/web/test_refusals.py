"""A refusal is told in the form that asked, else above the page shown next."""

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from portal.flow import Refused
from portal.web import refusals, typed_notes


def asked(**data):
    request = RequestFactory().post("/step/", data)
    request.session = SessionStore()
    request._messages = FallbackStorage(request)
    return request


def test_without_a_form_each_reason_is_a_message_and_the_note_stands_again():
    request = asked(note=" Thiếu ý kiến ")

    refusals.tell(request, Refused(["Một", "Hai"]))

    assert [(m.level, str(m)) for m in messages.get_messages(request)] == [(40, "Một"), (40, "Hai")]
    assert typed_notes.take(request, "/step/") == "Thiếu ý kiến"


def test_with_a_form_the_reasons_stand_above_it_and_nowhere_else():
    request, form = asked(note="x"), forms.Form({})

    refusals.tell(request, Refused(["Một", "Hai"]), form)

    assert form.non_field_errors() == ["Một", "Hai"]
    assert not messages.get_messages(request) and typed_notes.take(request, "/step/") == ""


def test_a_step_with_thousands_tells_the_first_reasons_and_how_many_more():
    request = asked()

    refusals.tell(request, Refused(map(str, range(refusals.MOST + 5))))

    told = [str(m) for m in messages.get_messages(request)]
    assert (len(told), told[-1]) == (refusals.MOST + 1, "… và 5 điểm nữa.")
