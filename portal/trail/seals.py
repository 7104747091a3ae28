"""The trail is sealed each night: a chain of digests that shows any line changed, taken away or put in afterwards."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import access
from portal.days import local_day
from portal.models import Entry, Seal
from portal.notices.services import notify

logger = logging.getLogger(__name__)

MOST = 500_000  # numbers of one seal, made in a minute or two; a longer trail is sealed in parts
BLOCK = 1000  # lines of one digest: so near is a fault found
# what is sealed; columns that came later are sealed where they say something, so that seals from before them hold
FIELDS = ("pk", "at", "by_id", "subject", "verb", "source", "target", "changes", "note", "request")
LATER = ("version", "tab", "since", "follows")
WAIT_SECONDS = 60  # for those who write; the next beat tries again


def seal(now: datetime | None = None) -> Seal | None:
    """Seal all that was written since the last seal, and send the head of the chain away; None if there is nothing."""
    now = now or timezone.now()
    last = _last_line()
    before = Seal.objects.order_by("-number").first()
    first = before.last + 1 if before else 1
    if last < first:
        return None
    last = min(last, first + MOST - 1)
    blocks = [[pk, count, digest] for pk, count, digest in _blocks(_lines(first, last))]
    made = Seal(
        number=before.number + 1 if before else 1,
        at=now,
        first=first,
        last=last,
        count=sum(count for _pk, count, _digest in blocks),
        blocks=blocks,
        previous=before.digest if before else "",
    )
    made.digest = digest_of(made)
    with transaction.atomic():
        made.save(force_insert=True)  # of two who seal at once, one fails here
        notify(
            access.auditors(),
            key=f"seal:{made.number}",
            kind="seal",
            words=lambda: _words(made),
            urgent=True,  # the digest has to leave this machine
            now=now,
        )
    logger.info("trail sealed: number %s, lines to %s, digest %s", made.number, made.last, made.digest)
    return made


def seal_today(now: datetime | None = None) -> Seal | None:
    """Once a day, however often the beat asks; more often only while parts of a long trail are left."""
    now = now or timezone.now()
    newest = Seal.objects.order_by("-number").first()
    if newest and newest.last - newest.first + 1 < MOST and local_day(newest.at) >= local_day(now):
        return None
    return seal(now)


def problems() -> Iterator[str]:
    """Every fault of the chain and of the lines under it, in words; nothing if all is as it was sealed."""
    number, previous, first = 0, "", 1
    if before := Entry.objects.filter(pk__lt=first).count():
        yield f"{before} lines were added before the first."
    for one in Seal.objects.order_by("number").iterator(chunk_size=50):
        number += 1
        if one.number != number:
            yield f"Seal {number} is missing."
            number = one.number
        if one.previous != previous or one.first != first:
            yield f"Seal {one.number} does not continue the one before it."
        if one.digest != digest_of(one):
            yield f"Seal {one.number} was changed."
        yield from _faults(one)
        previous, first = one.digest, one.last + 1


def _faults(one: Seal) -> Iterator[str]:
    """What is wrong with the lines of one seal; each block stands for itself, so every fault is found."""
    ends = [end for end, _count, _digest in one.blocks]
    begin = one.first
    lines = _lines(one.first, one.last)
    found = dict(_by_block(lines, ends))
    for place, (end, count, digest) in enumerate(one.blocks):
        there, now = found.get(place, (0, ""))
        where = f"from {begin} to {end} (seal {one.number})"
        if there < count:
            yield f"{count - there} of the lines {where} missing."
        elif there > count:
            yield f"{there - count} lines were added to those {where}."
        elif now != digest:
            yield f"A line {where} was changed."
        begin = end + 1
    if after := found.get(len(ends)):
        yield f"{after[0]} lines were added from {begin} to {one.last} (seal {one.number})."


def _by_block(lines: Iterable[tuple], ends: list[int]) -> Iterator[tuple[int, tuple[int, str]]]:
    """(place of the block, (lines that are there, their digest))."""
    place = 0

    def at(line: tuple) -> int:
        nonlocal place
        while place < len(ends) and line[0] > ends[place]:
            place += 1
        return place

    for place_of, group in groupby(lines, key=at):
        yield place_of, _digest(group)


def _blocks(lines: Iterable[tuple]) -> Iterator[tuple[int, int, str]]:
    """(last line, how many, digest) of each thousand lines."""
    last = 0

    def noted(group: Iterable[tuple[int, tuple]]) -> Iterator[tuple]:
        nonlocal last
        for _number, line in group:
            last = line[0]
            yield line

    for _thousand, group in groupby(enumerate(lines), key=lambda pair: pair[0] // BLOCK):
        count, digest = _digest(noted(group))
        yield last, count, digest


def _digest(lines: Iterable[tuple]) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for line in lines:
        count += 1
        digest.update(canonical(line) + b"\n")
    return count, digest.hexdigest()


def canonical(value: Any) -> bytes:
    """The same bytes for the same values, whatever engine kept them."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment).encode()


def _moment(value: Any) -> str:
    return str(value.astimezone(UTC).isoformat(timespec="microseconds"))


def digest_of(one: Seal) -> str:
    """Over all that the seal says and the digest of the one before it."""
    said = [one.number, one.at, one.first, one.last, one.count, one.blocks, one.previous]
    return hashlib.sha256(canonical(said)).hexdigest()


def _lines(first: int, last: int) -> Iterator[tuple]:
    rows = Entry.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list(*FIELDS, *LATER)
    return map(_said, rows.iterator(chunk_size=BLOCK))


def _said(line: tuple) -> tuple:
    """The line without later columns that are all empty."""
    first = line[: len(FIELDS)]
    return first if line[len(FIELDS) :] == (None,) * len(LATER) else line


def _last_line() -> int:
    """The newest line below which none can come any more.

    PostgreSQL gives numbers before it commits, so whoever is writing now is waited for: each holds a lock on the table
    from before the number until its end. SQLite lets write one at a time.
    """
    last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    if connection.vendor == "postgresql":
        writing, until = _writing(), time.monotonic() + WAIT_SECONDS
        while writing := writing & _writing():
            if time.monotonic() > until:
                raise TimeoutError(f"the trail is being written for longer than {WAIT_SECONDS} s")
            time.sleep(0.2)
    return last


def _writing() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE relation = 'portal_entry'::regclass"
            " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
        )
        return {row[0] for row in cursor.fetchall()}


def _words(made: Seal) -> tuple[str, str]:
    facts = {"number": made.number, "day": f"{local_day(made.at):%d/%m/%Y}", "last": made.last, "digest": made.digest}
    return (
        _("Niêm phong nhật ký số %(number)s, ngày %(day)s") % facts,
        _(
            "Nhật ký của cổng đến dòng %(last)s đã được niêm phong. Đồng chí hãy giữ thư này ngoài cổng: "
            "nếu sau này cần biết nhật ký có bị sửa hay không, dấu niêm phong tính lại phải đúng như sau.\n\n%(digest)s"
        )
        % facts,
    )
