"""Numbers as they stand in addresses and in fields that a page made."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import QueryDict

LARGEST = 2**63 - 1  # what a column of the database holds


def number(text: object, most: int = LARGEST) -> int | None:
    """The whole number written here in plain digits; None for anything else, and for one beyond the most."""
    text = str(text)
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return None
    return value if (value := int(text)) <= most else None


def numbers(texts: Iterable[object], most: int = LARGEST) -> list[int]:
    """The numbers among these; what is none is passed over."""
    return [value for text in texts if (value := number(text, most)) is not None]


def without(asked: QueryDict, *names: str) -> str:
    """What else was asked, as a query string that links go on with."""
    kept = asked.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()
