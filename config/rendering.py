"""How forms become HTML: a long form has a hundred plain inputs, and a template for each was half of its time."""

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join

KINDS = ("input", "text", "number", "date", "datetime", "hidden", "checkbox")
INPUTS = {f"django/forms/widgets/{kind}.html" for kind in KINDS}


class Renderer(DjangoTemplates):
    """Django's own, with plain inputs written without a template, to the same letter."""

    def render(self, template_name, context, request=None):
        if template_name not in INPUTS:
            return super().render(template_name, context, request)
        widget = context["widget"]
        value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
        given = [(name, told) for name, told in widget["attrs"].items() if told is not False]
        attrs = format_html_join("", "{}", ((_attribute(name, told),) for name, told in given))
        return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, attrs)


def _attribute(name, told):
    return format_html(" {}", name) if told is True else format_html(' {}="{}"', name, told)
