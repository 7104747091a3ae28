"""How long lists of rows become HTML: a hundred plain inputs, and a template for each was half of the page's time."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

KINDS = ("input", "text", "search", "number", "date", "datetime", "hidden", "checkbox")
INPUTS = {f"django/forms/widgets/{kind}.html" for kind in KINDS}
OPTIONS = {f"django/forms/widgets/{kind}_option.html" for kind in ("checkbox", "radio")}
NOTHING = SafeString()
SELECT, TEXTAREA = "django/forms/widgets/select.html", "django/forms/widgets/textarea.html"


class RowRenderer(DjangoTemplates):
    """Django's own, with plain inputs and lists written without a template, to the same letter."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in INPUTS or (template_name in OPTIONS and not context["widget"]["wrap_label"]):
            return _input(context["widget"])
        if template_name == SELECT:
            return _select(context["widget"])
        if template_name == TEXTAREA:
            return _textarea(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def _textarea(widget: dict[str, Any]) -> str:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or ""
    )


def _select(widget: dict[str, Any]) -> str:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _index in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> str:
    lines = format_html_join(
        "", '\n  <option value="{}"{}>{}</option>\n', ((str(o["value"]), _attributes(o), o["label"]) for o in options)
    )
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, lines) if name else lines


def _attributes(widget: dict[str, Any]) -> str:
    given = [(name, told) for name, told in widget["attrs"].items() if told is not False]
    if not given:
        return NOTHING
    shape = "".join(" {}" if told is True else ' {}="{}"' for _name, told in given)
    return format_html(shape, *chain.from_iterable(pair[:1] if pair[1] is True else pair for pair in given))


ROWS = RowRenderer()  # one for all: each keeps an engine with its compiled templates
