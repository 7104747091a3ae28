"""Sittings: the saves of one person at one paper, which the trail shows as one line; and who it was that saved.

A page that saves itself writes a line for each save, since the trail is only ever appended to. Each line of a sitting
says since when, and stands for the line that it follows too: what was before the first, what is after the last.
`Entry.objects.shown()` leaves the followed ones out; they stay in the table, under their seals, for whoever doubts.
"""

from __future__ import annotations

import enum
import re
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.models.trail import Entry, key_of, line

PAUSE = timedelta(minutes=30)  # after a longer one it is another sitting
TAB = re.compile(r"([0-9a-zA-Z]{8,24})\.([0-9]{1,6})")  # the open page, and which of its savings


class Whose(enum.Enum):
    """Who saved in between."""

    PAGE = enum.auto()  # the page that saves now: an answer of the portal never reached it
    SELF = enum.auto()  # the same person, on another page
    OTHERS = enum.auto()


def record_edit(
    subject: Any, *, by: Any, changes: dict[str, Any], tab: str = "", verb: str = "edit", note: str = ""
) -> Entry:
    """Write the line of an edit; it stands for the earlier ones of the same sitting. Inside the edit's transaction."""
    made = line(subject, verb, by=by, changes=changes, note=note, version=subject.version)
    made.tab, made.since = tab or None, timezone.now()
    breaks = Q(verb=verb) | ~Q(target="")  # what is said or put beside the paper ends no sitting, a step does
    last = Entry.objects.filter(breaks, subject=made.subject).order_by("-pk").first()
    if last and last.since and last.verb == verb and last.by_id == by.pk and made.since - last.at <= PAUSE:
        made.follows, made.since = last.pk, last.since
        made.changes = joined(last.changes, changes)
    made.save()
    return made


def joined(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Both changes as one: what was before the first, what is after the second; nothing where it is the same again."""
    both = {name: [old, later.get(name, [None, new])[1]] for name, (old, new) in earlier.items()}
    return {name: pair for name, pair in {**later, **both}.items() if pair[0] != pair[1]}


def last_edit(subject: models.Model) -> Entry | None:
    """The sitting in which it was written last."""
    return Entry.objects.about(subject).filter(verb="edit").first()


def headings_since(subject: Any, seen: int) -> set[str]:
    """What was edited after the version that was seen, by the headings of the trail."""
    lines = list(Entry.objects.filter(subject=key_of(subject), verb="edit", version__gt=seen))
    known = {entry.pk: entry.changes for entry in Entry.objects.filter(pk__in=[e.follows for e in lines if e.follows])}
    found: set[str] = set()
    for entry in lines:
        before = known.get(entry.follows or 0, {})  # what the line stands for besides itself
        found |= {name for name, pair in entry.changes.items() if before.get(name, [None, None])[1] != pair[1]}
        found |= before.keys() - entry.changes.keys()
    return found


def whose(subject: Any, seen: int, *, by: Any, tab: str = "") -> Whose:
    """Who brought the object from the version that was seen to the one that is stored."""
    wanted = set(range(seen + 1, subject.version + 1))
    firsts: dict[int | None, Entry] = {}
    for entry in (
        Entry.objects.filter(subject=key_of(subject), version__gt=seen).defer("changes", "note").order_by("pk")
    ):
        firsts.setdefault(entry.version, entry)
    if not wanted or set(firsts) != wanted or any(entry.by_id != by.pk for entry in firsts.values()):
        return Whose.OTHERS
    now = TAB.fullmatch(tab)
    before = [TAB.fullmatch(entry.tab or "") for entry in firsts.values()]
    if now and all(b and b[1] == now[1] and int(b[2]) <= int(now[2]) for b in before):
        return Whose.PAGE
    return Whose.SELF
