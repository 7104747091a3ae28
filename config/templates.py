"""Templates are compiled once for each language, and what never changes in them is worked out then."""

from django.template import Context
from django.template.base import NodeList, Template, TextNode, Variable
from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from portal.templatetags.marks import icon


class Settling(BaseLoader):
    """Loads a template with whatever it names outright, words, addresses and drawings, as plain text in it."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        _settle(template.nodelist, template)
        return template


class Loader(CachedLoader, Settling):
    """Django's cached loader, with one template for each language; it keeps what is settled, for threads share it.

    A page of the portal asks the catalogue for a hundred such words and resolves as many addresses.
    """

    def cache_key(self, template_name, skip=None):
        return f"{get_language()} {super().cache_key(template_name, skip)}"


def _settle(nodes: NodeList, template: Template) -> None:
    """Replace, in place, nodes that always render the same by their text, and join texts that follow each other."""
    settled: list = []
    for node in nodes:
        for attribute in node.child_nodelists:
            _settle(getattr(node, attribute, None) or NodeList(), template)
        for _condition, branch in getattr(node, "conditions_nodelists", ()):  # {% if %} hands out a copy of its nodes
            _settle(branch, template)
        if _is_constant(node):
            context = Context()
            with context.bind_template(template):
                node = TextNode(node.render_annotated(context))
        if type(node) is TextNode and settled and type(settled[-1]) is TextNode:
            settled[-1] = TextNode(settled[-1].s + node.s)
        else:
            settled.append(node)
    nodes[:] = settled


def _is_constant(node) -> bool:
    if isinstance(node, TranslateNode):
        return not node.asvar and not node.message_context and _is_literal(node.filter_expression)
    if isinstance(node, BlockTranslateNode):
        named = node.extra_context or node.countervar or node.asvar or node.message_context
        return not named and all(token.token_type.name == "TEXT" for token in node.singular)
    if isinstance(node, URLNode):
        return not node.asvar and not node.args and not node.kwargs and _is_literal(node.view_name)
    if isinstance(node, SimpleNode) and node.func is icon:
        return not node.kwargs and not node.target_var and all(_is_literal(argument) for argument in node.args)
    return isinstance(node, StaticNode) and not node.varname and _is_literal(node.path)


def _is_literal(expression) -> bool:
    named = expression.var.lookups if isinstance(expression.var, Variable) else None
    return named is None and not expression.filters
