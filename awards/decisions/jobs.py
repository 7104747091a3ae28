"""A decision of many cases, issued outside the request."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from awards.decisions import flow
from awards.models import Decision
from portal.flow import Refused, shortened
from portal.jobs.services import handles, progress, still_asked
from portal.models import Job

ISSUE = "issue_decision"
REASONS = 100


def _sees(job: Job) -> bool:
    return Decision.objects.visible_to(job.by).filter(pk=job.params["decision"]).exists()


@handles(ISSUE, readable=_sees)
def issue(job: Job) -> dict[str, str]:
    """All its awards enter the ledger, or none."""
    decision = Decision.objects.get(pk=job.params["decision"])
    say = lambda done, total: progress(job, done, total)  # noqa: E731
    try:
        with transaction.atomic():
            decision = flow.take("issue", decision, by=job.by, version=job.params["version"], say=say)
            still_asked(job)
    except Refused as refusal:
        raise Refused(shortened(refusal.objections, REASONS)) from refusal
    return {"words": _("Đã ghi là đã ban hành."), "url": decision.get_absolute_url()}
