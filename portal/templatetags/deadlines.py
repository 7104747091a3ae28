"""Deadlines in templates, in the same words as everywhere."""

from django import template

from portal import days

register = template.Library()
register.filter("distance", days.distance)
register.filter("due_tone", days.due_tone)
