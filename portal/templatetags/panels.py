"""`{% panels subject %}`: what other apps link to from the page of a unit, a person or a collective."""

from typing import Any

from django import template

from portal.web import panels as apps

register = template.Library()


@register.inclusion_tag("portal/parts/panels.html", takes_context=True)
def panels(context: Any, subject: Any) -> dict[str, Any]:
    """The links of every app."""
    return {"links": apps.links(context["user"], subject)}
