"""The menu of a person: the pages of every app's manifest that they may open, in sections."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from portal.manifests import MenuPage, menu_pages

if TYPE_CHECKING:
    from units.models import User


def menu(user: User, path: str) -> list[dict[str, Any]]:
    """The sections that hold a page for this person; the page whose address begins like this one is where they are."""
    sections = []
    for label, held in groupby((page for page in menu_pages() if _opens(user, page)), key=lambda page: page.section):
        pages: list[dict[str, Any]] = [{"label": page.label, "url": reverse(page.name)} for page in held]
        sections.append({"label": label, "url": pages[0]["url"], "pages": pages})
    home = reverse("home")
    every = [page for section in sections for page in section["pages"]]
    around = [page for page in every if path.startswith(page["url"]) and (page["url"] != home or path == home)]
    if around:
        max(around, key=lambda page: len(page["url"]))["active"] = True
    for section in sections:
        section["active"] = any("active" in page for page in section["pages"])
    return sections


def _opens(user: User, page: MenuPage) -> bool:
    if page.opens:
        return page.opens(user)
    return not page.actions or user.may_anywhere(*page.actions)
