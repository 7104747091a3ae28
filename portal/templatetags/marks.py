"""What stands beside words in every list, in all templates without loading: drawings, states, moments, deadlines."""

from datetime import datetime
from functools import cache
from secrets import token_hex
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal import tracing
from portal.text import grouped
from portal.web import seen, typed_notes
from portal.web.forms import errors

register = template.Library()
register.filter("thousands", grouped)


@register.simple_tag
def request_number() -> str:
    """By what number the log knows this request; pages of faults quote it."""
    return tracing.current() or ""


@register.simple_tag(takes_context=True)
def typed_note(context: Any, address: str, about: str = "") -> str:
    """What was typed as the reason of a step that was refused, for the form that posts to the address."""
    return typed_notes.take(context["request"], address, about)


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> str:
    """The drawing of that name in static/img/icons.svg; readers of screens do not hear it."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {css}".strip(),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def state(label: Any, tone: str = "") -> str:
    """A state in words (or a member of choices), with the colour and the drawing of its tone."""
    tone = tone or "neutral"
    return format_html('<span class="state tone-{}">{}{}</span>', tone, icon(tone), getattr(label, "label", label))


@register.simple_tag(takes_context=True)
def page_tab(context: Any) -> str:
    """The hidden field by which an open page of a form is known again (portal.sittings)."""
    told = seen.tab(context["request"]) or f"{token_hex(8)}.0"
    return format_html('<input type="hidden" name="tab" value="{}" autocomplete="off">', told)


@register.simple_tag(takes_context=True)
def form_errors(context: Any) -> list[errors.Fault]:
    """What is wrong with the forms of this page: as its view says (`faults`), else of every form it was given."""
    told = context.get("faults")
    return list(errors.found(context.flatten().values())) if told is None else told


@register.simple_tag
def moment(at: datetime) -> str:
    """A moment by its day and minute."""
    here = localtime(at)
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="seconds"), f"{here:%d/%m/%Y %H:%M}")


@register.simple_tag
def due(at: datetime | None, tone: str = "", words: str = "") -> str:
    """A deadline by its day, and in words how far away it is."""
    day = _("chưa rõ hạn")
    if at:
        here = localtime(at)
        day = format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="seconds"), f"{here:%d/%m/%Y}")
    told = format_html(" · {}", words) if words else ""
    return format_html(
        '<span class="due tone-{}">{}<span>{}{}</span></span>', tone or "neutral", icon("clock"), day, told
    )
