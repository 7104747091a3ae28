"""Fields put into words: one sandboxed Jinja for Word and PDF, in which a value is never read as a command."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portal.text import clean


def _plain(value: Any) -> str:
    """The value on one line, without what neither Word nor a printer can show."""
    return "" if value is None else " ".join(clean(str(value)).split("\n")).replace("\t", " ")


def environment(*, escape: bool) -> ImmutableSandboxedEnvironment:
    """With fields, loops and conditions, and nothing that could be called."""
    made = ImmutableSandboxedEnvironment(autoescape=escape, undefined=StrictUndefined, finalize=_plain)
    made.globals.clear()
    made.filters.clear()
    return made


PLAIN, XML = environment(escape=False), environment(escape=True)
