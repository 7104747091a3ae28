"""The paper as a list: quotas, the places a campaign gives, the share of leaders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from awards.law import quotas as lists
from awards.law.rules import Finding
from awards.law.standards.nouns import Quota
from awards.law.terms import Result
from awards.models import CampaignAward, ConditionSetting, Nomination, PastAward, Submission
from awards.models.ledger import award_label
from awards.nominations.checking import cases
from awards.nominations.checking.findings import Opened, opened_by, portal_finding, severities

Limit = Quota | CampaignAward


@dataclass
class Meter:
    """How much of a limit the unit's list uses, live."""

    award: str
    used: int
    most: int
    finding: Finding | None

    @property
    def over(self) -> bool:
        return self.used > self.most

    @property
    def label(self) -> str:
        return award_label(self.award)


def beyond_limits(
    chosen: list[Nomination], opened: Opened, changed: list[ConditionSetting]
) -> dict[int, list[Finding]]:
    """For each nomination the limits of its unit's list beyond which it lies, first come first counted."""
    found: dict[int, list[Finding]] = defaultdict(list)
    limited = [n for n in chosen if limits_of(n, opened)]
    if not limited:
        return found
    counts = Counts.of(limited, changed)
    for n in limited:
        for _key, meter, rank in counts.meters(n, limits_of(n, opened)):
            if meter.finding and rank > meter.most and n.state not in Nomination.ENDED:
                found[n.pk].append(meter.finding)
    return found


def limits_of(n: Nomination, opened: Opened) -> list[tuple[str, Limit]]:
    award = cases.edition_of(n).awards.get(n.award)
    limits: list[tuple[str, Limit]] = [("quota", award.quota)] if award and award.quota else []
    for row in opened.get(n.submission.campaign_id or 0, []):
        if row.award == n.award and row.places is not None and row.merit_field_id in (None, n.merit_field_id):
            limits.append((f"places:{row.pk}", row))
    return limits


@dataclass
class Counts:
    """What the units' lists of the year hold and what their members hold already: two queries."""

    rows: Sequence[Mapping[str, Any]]
    holders: dict[tuple[int, str], int]
    changed: list[ConditionSetting]

    @classmethod
    def of(cls, limited: list[Nomination], changed: list[ConditionSetting]) -> Counts:
        units, years = {n.unit_id for n in limited}, {n.submission.year for n in limited}
        rows = list(
            Nomination.objects.filter(unit__in=units, submission__year__in=years)
            .exclude(state__in=Nomination.ENDED)
            .order_by("pk")
            .values("pk", "unit", "award", "merit_field", "submission__year", "submission__campaign")
        )
        bases = {a.quota.of.code for n in limited if (a := cases.edition_of(n).awards.get(n.award)) and a.quota}
        holders: dict[tuple[int, str], int] = {}
        if bases:
            held = PastAward.objects.filter(unit__in=units, year__in=years, award__in=bases, revoked_on=None)
            for unit, code, count in held.values_list("unit", "award").annotate(Count("pk")).order_by():
                holders[unit, code] = count
        return cls(rows, holders, changed)

    def meters(self, n: Nomination, limits: list[tuple[str, Limit]]) -> Iterator[tuple[str, Meter, int]]:
        """Each limit as a meter, with the place of this nomination in the list."""
        own = [r for r in self.rows if r["unit"] == n.unit_id and r["submission__year"] == n.submission.year]
        edition = cases.edition_of(n)
        for key, limit in limits:
            if isinstance(limit, Quota):
                same = [r["pk"] for r in own if r["award"] == n.award]
                base = self.holders.get((n.unit_id, limit.of.code), 0) + sum(r["award"] == limit.of.code for r in own)
                most = limit.most(base)
                award = edition.awards[n.award]
                finding = lists.quota(award, edition, proposed=len(same), base=base, settings=self.changed)
            else:
                same = [
                    r["pk"]
                    for r in own
                    if r["award"] == n.award
                    and r["submission__campaign"] == n.submission.campaign_id
                    and limit.merit_field_id in (None, r["merit_field"])
                ]
                most = limit.places or 0
                finding = _places(key, len(same), most)
            yield key, Meter(n.award, len(same), most, finding), same.index(n.pk) + 1 if n.pk in same else 0


def _places(key: str, used: int, most: int) -> Finding:
    """A limit that the campaign itself has set."""
    return portal_finding(
        key,
        _("Phong trào giới hạn số lượng mỗi đơn vị được đề nghị."),
        _("Đơn vị đã đề nghị %(used)s, tối đa %(most)s.") % {"used": used, "most": most},
        _("Bỏ bớt đề nghị, hoặc chọn danh hiệu, hình thức khác."),
        blocks=True,
        article=_("quy định của phong trào"),
        result=Result.FAIL if used > most else Result.PASS,
    )


@dataclass
class Listing:
    """The paper as a list: how long it is, its limits as meters, and the share of leaders among the people in it."""

    total: int
    meters: list[Meter]
    people: int
    leaders: int

    @property
    def leaders_percent(self) -> int:
        return round(self.leaders * 100 / self.people) if self.people else 0

    @property
    def too_many_leaders(self) -> bool:
        """Beyond the share the office has set; there is no legal figure, and none is set until it does."""
        percent = settings.LEADERS_SHARE_PERCENT or None
        found = lists.leaders(leading=self.leaders, total=self.people, percent=percent)
        return found is not None and found.result == Result.FAIL


def listing(submission: Submission) -> Listing:
    """The figures of the whole paper, however long it is."""
    groups = submission.nominations.order_by().values_list("award", "merit_field", "state")
    rows = groups.annotate(
        Count("pk"),
        persons=Count("pk", filter=Q(person__isnull=False)),
        leading=Count("pk", filter=Q(person__isnull=False, leads=True)),
    )
    total = people = leaders = 0
    kinds: dict[tuple[str, int | None], Nomination] = {}
    for award, merit_field, state, count, persons, leading in rows:
        total += count
        if state not in Nomination.ENDED:
            people, leaders = people + persons, leaders + leading
            kinds[award, merit_field] = Nomination(
                submission=submission, unit=submission.unit, award=award, merit_field_id=merit_field
            )
    opened = opened_by([submission])
    limited = [n for n in kinds.values() if limits_of(n, opened)]
    meters = {}
    if limited:
        counts = Counts.of(limited, severities())
        for n in limited:
            for key, meter, _rank in counts.meters(n, limits_of(n, opened)):
                meters[key, n.award] = meter
    return Listing(total, list(meters.values()), people, leaders)
