"""`{% icon "bell" %}`, in every template without loading: a drawing of static/img/icons.svg beside words."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> str:
    """The drawing of that name; readers of screens do not hear it."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {css}".strip(),
        static("img/icons.svg"),
        name,
    )
