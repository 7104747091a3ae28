"""What is done about awards outside the request."""

from __future__ import annotations

from celery import shared_task
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.ledger import documents
from awards.ledger.forms import LedgerFilter
from awards.models import PastAward, Submission
from awards.nominations import flow
from awards.review import reminders
from portal.days import today
from portal.flow import Refused, shortened
from portal.jobs.services import all_in, handles, keep_output, progress, still_asked
from portal.models import Job

LEDGER_EXPORT = "ledger_export"
MOVE_MANY = "move_nominations"
REASONS = 100  # why a step was not taken, as the page of the job lists them


def _sees_awards(job: Job) -> bool:
    """Whether every line of the ledger that was exported is still in the sight of who asked."""
    return all_in(job.holds, PastAward.objects.visible_to(job.by))


def _sees_paper(job: Job) -> bool:
    """Whether the paper whose nominations were moved may be read by who moved them."""
    return Submission.objects.visible_to(job.by).filter(pk=job.params["submission"]).exists()


@handles(LEDGER_EXPORT, readable=_sees_awards)
def ledger_export(job: Job) -> dict[str, str]:
    """The ledger as it was filtered, in the sight of who asked."""
    found = LedgerFilter(QueryDict(job.params["query"])).narrow(PastAward.objects.visible_to(job.by))
    job.holds = list(found.order_by().values_list("pk", flat=True))
    book = documents.ledger_workbook(found.with_subject().order_by("-year", "-pk").iterator(2000))
    keep_output(job, f"khen-thuong-{today():%Y-%m-%d}.xlsx", ContentFile(book), rows=len(job.holds))
    return {"words": _("Sổ khen thưởng đã sẵn sàng để tải.")}


@shared_task
def remind():
    """Tell units of what was asked of them, and reviewers of what waits."""
    reminders.remind()


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
    words = ngettext("Đã thực hiện với %s đề nghị.", "Đã thực hiện với %s đề nghị.", len(moved)) % len(moved)
    return {"words": words, "url": submission.get_absolute_url()}
