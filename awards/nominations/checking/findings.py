"""What the portal's own checks find, and what they need to know of a campaign and of the office's settings."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from awards.law.rules import Finding
from awards.law.terms import Result, Severity, Tag
from awards.models import CampaignAward, ConditionSetting, Submission

Opened = dict[int, list[CampaignAward]]  # by campaign
HOUSE = "–"  # the source of a check that no law sets


def portal_finding(
    key: str,
    says: str,
    words: str,
    what_to_do: str,
    *,
    blocks: bool = False,
    article: str = "",
    tag: Tag = Tag.VERIFIED,
    source: str = HOUSE,
    result: Result = Result.FAIL,
) -> Finding:
    return Finding(
        condition=key,
        result=result,
        severity=Severity.BLOCK if blocks else Severity.WARN,
        says=says,
        words=words,
        article=article or _("quy định của cổng"),
        what_to_do=what_to_do,
        tag=tag,
        source=source,
    )


def opened_by(submissions: Iterable[Submission]) -> Opened:
    """What their campaigns have opened; a paper that was asked once remembers it."""
    papers = [(paper, paper.campaign_id) for paper in submissions if paper.campaign_id]
    unknown = {campaign for paper, campaign in papers if paper.opened is None}
    found: Opened = {campaign: paper.opened for paper, campaign in papers if paper.opened is not None}
    if unknown:
        found |= {pk: [] for pk in unknown}
        for row in CampaignAward.objects.filter(campaign__in=unknown):
            found[row.campaign_id].append(row)
    for paper, campaign in papers:
        paper.opened = found[campaign]
    return found


def severities() -> list[ConditionSetting]:
    """The conditions whose severity the office has changed."""
    return list(ConditionSetting.objects.all())
