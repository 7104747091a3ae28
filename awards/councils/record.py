"""The published record of a secret ballot: what anybody needs to recompute the counts, and the check that does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from awards.councils import encryption
from awards.councils.ballots import CHOICES, parts_of, votes_cast
from awards.councils.encryption import Part
from awards.models import Sitting
from portal.days import local_day

FORMAT = 1


def of(sitting: Sitting) -> dict[str, Any]:
    """The record of a counted secret ballot, as plain values."""
    urn = sitting.urn
    sums = [[first.hex(), second.hex()] for first, second in encryption.counters(bytes(urn.sums))]
    cast = votes_cast(sitting)
    items = sitting.items.select_related("nomination__person", "nomination__collective", "nomination__whole_unit")
    return {
        "format": FORMAT,
        "sitting": sitting.pk,
        "council": sitting.council.name,
        "title": sitting.title,
        "day": local_day(sitting.starts_at).isoformat(),
        "key": bytes(urn.key).hex(),
        "holders": {str(part.place): bytes(part.share_point).hex() for part in sitting.key_parts.all()},
        "items": [
            {
                "subject": item.nomination.subject_name,
                "award": item.nomination.award,
                "percent": item.percent,
                "base": item.base,
                "cast": cast[item.pk],
                "counts": [item.yes, item.no, item.none],
                "sums": sums[len(CHOICES) * place : len(CHOICES) * (place + 1)],
            }
            for place, item in enumerate(items)
        ],
        "parts": {
            str(part.place): [[value.hex() for value in (p.point, p.challenge, p.response)] for p in parts_of(part)]
            for part in sitting.key_parts.all()
            if part.parts
        },
        "turnout": sitting.members.filter(voted=True).count(),
        "receipts": urn.receipts,
    }


def faults(record: Mapping[str, Any]) -> list[str]:
    """What does not add up in a record, in words; nothing where the counts are those of the sums."""
    try:
        return list(_faults(record))
    except (KeyError, ValueError, TypeError, AttributeError, IndexError):
        return [_("Tệp không phải là hồ sơ kiểm phiếu của cổng.")]


def _faults(record: Mapping[str, Any]) -> Iterator[str]:
    key = bytes.fromhex(record["key"])
    holders = {int(place): bytes.fromhex(point) for place, point in record["holders"].items()}
    for pair in combinations(holders, encryption.NEEDED):
        if encryption.joined({place: holders[place] for place in pair}) != key:
            yield _("Các phần khóa không thuộc cùng một khóa.")
            break
    parts = {int(p): [Part(*map(bytes.fromhex, row)) for row in rows] for p, rows in record["parts"].items()}
    if len(parts) != encryption.NEEDED or len(holders) != encryption.HOLDERS:
        yield _("Cần đúng hai trong ba phần khóa.")
        return
    if len(record["receipts"]) != record["turnout"]:
        yield _("Số biên nhận khác số người đã bỏ phiếu.")
    at = 0
    for item in record["items"]:
        if sum(item["counts"]) != item["cast"] or item["cast"] > min(item["base"], record["turnout"]):
            yield _("%s: số phiếu không khớp với số người bỏ phiếu.") % item["subject"]
        for row, count in zip(item["sums"], item["counts"], strict=True):
            counter = (bytes.fromhex(row[0]), bytes.fromhex(row[1]))
            if not all(encryption.proves(rows[at], holders[place], counter) for place, rows in parts.items()):
                yield _("%s: phần giải mã không có chứng minh đúng.") % item["subject"]
            points = {place: rows[at].point for place, rows in parts.items()}
            if encryption.count_in(counter, points, record["turnout"]) != count:
                yield _("%s: số công bố khác số trong hòm phiếu.") % item["subject"]
            at += 1
