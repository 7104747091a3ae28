"""What a kept letter hides: the part of a link by which it sets a password."""

from __future__ import annotations

import re

from django.urls import reverse


def path_of(key: str) -> str:
    """Where the form stands that takes this key."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return path.replace("UID-KEY", key)


def masked(text: str) -> str:
    """The text without what makes such a link work."""
    before, after = path_of("KEY").split("KEY")
    return re.sub(rf"{re.escape(before)}[^\s/]+{re.escape(after)}", f"{before}…{after}", text)
