"""What is done about awards outside the request."""

from __future__ import annotations

from celery import shared_task
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards import documents, flow, reminders
from awards.forms_ledger import LedgerFilter
from awards.models import PastAward, Submission
from units.days import today
from units.flow import Refused
from units.jobs import handles, progress
from units.models import Job

LEDGER_EXPORT = "ledger_export"
MOVE_MANY = "move_nominations"
REASONS = 100  # why a step was not taken, as the page of the job lists them


@handles(LEDGER_EXPORT)
def ledger_export(job: Job) -> dict[str, str]:
    """The ledger as it was filtered, in the sight of who asked."""
    found = LedgerFilter(QueryDict(job.params["query"])).narrow(PastAward.objects.visible_to(job.by))
    rows = found.with_subject().order_by("-year", "-pk")
    job.output_name = f"khen-thuong-{today():%Y-%m-%d}.xlsx"
    job.output.save(f"{job.pk}-out", ContentFile(documents.ledger_workbook(rows.iterator(2000))), save=False)
    return {"words": _("Sổ khen thưởng đã sẵn sàng để tải.")}


@shared_task
def remind():
    """Tell units of what was asked of them, and reviewers of what waits."""
    reminders.remind()


@handles(MOVE_MANY)
def move_many(job: Job) -> dict[str, str]:
    """One step with all the nominations of a long paper for which it is open, or with none."""
    submission = Submission.objects.get(pk=job.params["submission"])
    chosen = flow.open_in(submission, job.params["step"], job.by)
    if not chosen:
        raise Refused([_("Không còn đề nghị nào để thực hiện; có thể người khác vừa làm.")])
    seen = {int(pk): version for pk, version in job.params["seen"].items()}
    try:
        flow.move(
            job.params["step"],
            chosen,
            by=job.by,
            note=job.params["note"],
            versions=seen,
            say=lambda done, total: progress(job, done, total),
        )
    except Refused as refusal:
        raise Refused(flow.shortened(refusal.objections, REASONS)) from refusal
    words = ngettext("Đã thực hiện với %s đề nghị.", "Đã thực hiện với %s đề nghị.", len(chosen)) % len(chosen)
    return {"words": words, "url": submission.get_absolute_url()}
