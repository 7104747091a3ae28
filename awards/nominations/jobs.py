"""One step with all the nominations of a long paper, done outside the request."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import ngettext

from awards.models import Submission
from awards.nominations import flow
from portal.flow import Refused, shortened
from portal.jobs.services import handles, progress, still_asked
from portal.models import Job
from portal.text import grouped

MOVE_MANY = "move_nominations"
REASONS = 100  # why a step was not taken, as the page of the job lists them


def _sees_paper(job: Job) -> bool:
    """Whether the paper whose nominations were moved may be read by who moved them."""
    return Submission.objects.visible_to(job.by).filter(pk=job.params["submission"]).exists()


@handles(MOVE_MANY, readable=_sees_paper)
def move_many(job: Job) -> dict[str, str]:
    """One step with all the nominations of a long paper for which it is open, or with none."""
    submission = Submission.objects.get(pk=job.params["submission"])
    try:
        with transaction.atomic():
            moved = flow.move_all(
                job.params["step"],
                submission,
                by=job.by,
                note=job.params["note"],
                version=job.params["version"],
                say=lambda done, total: progress(job, done, total),
            )
            still_asked(job)
    except Refused as refusal:
        raise Refused(shortened(refusal.objections, REASONS)) from refusal
    words = ngettext("Đã thực hiện với %s đề nghị.", "Đã thực hiện với %s đề nghị.", len(moved)) % grouped(len(moved))
    return {"words": words, "url": submission.get_absolute_url()}
