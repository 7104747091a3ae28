"""Django's own tags of translation, under their own name (settings); constant words are looked up once a language.

A list asks for the same words on every line, and looking them up was a fifth of its page's time.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Constant(Node):
    """A `translate` whose words stand in the template: they are the same at every place and for every reader."""

    def __init__(self, node: i18n.TranslateNode):
        self.node = node
        self.known: dict[str | None, str] = {}

    def render(self, context: Any) -> str:
        language = get_language()
        if language not in self.known:
            said = self.node.render(context)
            self.known[language] = context[self.node.asvar] if self.node.asvar else said
        if self.node.asvar:
            context[self.node.asvar] = self.known[language]
            return ""
        return self.known[language]


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """As Django's."""
    node = i18n.do_translate(parser, token)
    asked = node.filter_expression
    constant = asked.var.literal is not None and not asked.filters and node.message_context is None
    return Constant(node) if constant else node


register.tag("trans", translate)
