"""The menu of a person: the pages of every app's manifest that they may open, in sections."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language

from portal.manifests import MenuPage, menu_pages

if TYPE_CHECKING:
    from units.models import User


def menu(user: User, path: str) -> list[dict[str, Any]]:
    """The sections that hold a page for this person; the page whose address begins like this one is where they are."""
    sections = []
    shown = (words for page, words in _in_words(get_language()) if _opens(user, page))
    for label, held in groupby(shown, key=lambda words: words["section"]):
        pages: list[dict[str, Any]] = [{**words} for words in held]
        sections.append({"label": label, "url": pages[0]["url"], "pages": pages})
    home = reverse("home")
    every = [page for section in sections for page in section["pages"]]
    around = [page for page in every if path.startswith(page["url"]) and (page["url"] != home or path == home)]
    if around:
        max(around, key=lambda page: len(page["url"]))["active"] = True
    for section in sections:
        section["active"] = any("active" in page for page in section["pages"])
    return sections


@cache
def _in_words(language: str | None) -> list[tuple[MenuPage, dict[str, str]]]:
    """Every page with its words and address: the same for all readers of the language, and on every page they open."""
    pages = menu_pages()
    words = ({"section": str(p.section), "label": str(p.label), "url": reverse(p.name)} for p in pages)
    return list(zip(pages, words, strict=True))


def _opens(user: User, page: MenuPage) -> bool:
    if page.opens:
        return page.opens(user)
    return not page.actions or user.may_anywhere(*page.actions)
